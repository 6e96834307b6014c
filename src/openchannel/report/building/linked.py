"""The front of portfolios on several aims at once; a page links the plots by brushing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openchannel.report.building.view import CAPTURE, COST, View
from openchannel.report.model import Column, Figure, Row, Table, words
from openchannel.report.numbers import Measured, difference, level, measured, short
from openchannel.report.theme import BLUE, GREY, INK, MUTED

__all__ = ["linked_figure"]

Spec = dict[str, Any]
FRICTION, POLITICAL = "alliance_friction_index", "political_cost_index"

#: Aims by the name of their column: what a reader sees on the axis.
_AIMS: Mapping[str, str] = {
    "cost": "Programme cost, million dollars",
    "risk": "Change in expected loss, %",
    "capture": "Change in openings used, points",
    "friction": "Change in friction with allies",
    "political": "Change in political cost",
}
_PLOTS = (("cost", "risk"), ("cost", "capture"), ("friction", "risk"), ("political", "capture"))
_SIZE = 300
_COLOUR: Spec = {
    "field": "role",
    "type": "nominal",
    "scale": {
        "domain": ["put forward", "portfolio", "policy of the case"],
        "range": [INK, BLUE, GREY],
    },
}


def linked_figure(view: View) -> Figure:
    """Every portfolio and policy in four plots, with two standard errors each way."""
    found = [
        (_named(view, one), _values(view, one))
        for one in (*view.portfolios, *view.data["policies"])
    ]
    rows = [{**named, **_flat(values)} for named, values in found]
    return Figure(
        "figure-linked",
        "Portfolios of the search in blue, the one put forward in the colour of the text, policies "
        f"of the case in grey, on five aims, against {view.now}, with two standard errors. Better "
        "lies lower left in plots of expected loss, upper left in plots of openings used.",
        f"Four scatter plots of {len(rows)} portfolios and policies: cost against risk, cost "
        "against openings used, friction with allies against risk, political cost against "
        "openings used. The table holds every number.",
        _plots(rows),
        _numbers(found),
    )


def _named(view: View, one: Mapping[str, Any]) -> Spec:
    """Id, name and role of a portfolio of the search or of a policy of the case."""
    if one["id"] not in {p["id"] for p in view.data["portfolios"]}:
        name, role = f"{one['short']} ({one['id']})", "policy of the case"
    else:
        is_asked = one["id"] == view.data["recommended"]
        name, role = str(one["short"]), "put forward" if is_asked else "portfolio"
    return {"id": one["id"], "name": name, "role": role}


def _values(view: View, one: Mapping[str, Any]) -> dict[str, Measured]:
    change = one["versus_baseline"]
    return {
        "cost": measured(one["metrics"][COST]).times(1e-6),
        "risk": view.risk_share(one).times(100.0),
        "capture": measured(change[CAPTURE]).times(100.0),
        "friction": measured(change[FRICTION]),
        "political": measured(change[POLITICAL]),
    }


def _flat(values: Mapping[str, Measured]) -> Spec:
    found: Spec = {}
    for name, value in values.items():
        mean, error = value.mean or 0.0, value.mcse or 0.0
        found |= {name: mean, f"{name}_low": mean - 2 * error, f"{name}_high": mean + 2 * error}
    return found


def _plots(rows: Sequence[Spec]) -> Spec:
    views = [f"plot{i}" for i in range(len(_PLOTS))]
    brush = {"name": "brush", "select": "interval", "views": views}
    marked = {"name": "marked", "value": []}
    return {
        "data": {"values": list(rows)},
        "params": [brush, marked],
        "concat": [_plot(v, x, y) for v, (x, y) in zip(views, _PLOTS, strict=True)],
        "columns": 2,
    }


def _plot(name: str, x: str, y: str) -> Spec:
    """One plot: errors across and along, points, their ids; what is not chosen is faint."""
    chosen = {
        "and": [
            {"param": "brush"},
            "length(marked) == 0 || indexof(marked, datum.id) >= 0",
        ]
    }
    at: Spec = {
        "x": _axis(x),
        "y": _axis(y),
        "opacity": {"condition": {"test": chosen, "value": 0.95}, "value": 0.12},
    }
    seen = at | {"color": _COLOUR}
    rule = {"type": "rule", "strokeWidth": 1}
    up = {"y": {**_axis(y), "field": f"{y}_low"}, "y2": {"field": f"{y}_high"}}
    along = {"x": {**_axis(x), "field": f"{x}_low"}, "x2": {"field": f"{x}_high"}}
    tip = [{"field": "name", "type": "nominal", "title": "Portfolio"}]
    text = {
        "type": "text", "dx": 6, "dy": -6, "align": "left", "fontSize": 10, "color": MUTED,
    }  # fmt: skip
    return {
        "width": _SIZE,
        "height": _SIZE * 3 // 4,
        "layer": [
            {"mark": rule, "encoding": seen | up},
            {"mark": rule, "encoding": seen | along},
            {
                "name": name,  # a brush belongs to a single layer
                "mark": {"type": "point", "filled": True, "size": 55},
                "encoding": seen | {"tooltip": tip},
            },
            {"mark": text, "encoding": at | {"text": {"field": "id", "type": "nominal"}}},
        ],
    }


def _axis(field: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "title": _AIMS[field],
        "scale": {"zero": False},
        "axis": {"tickCount": 5, "grid": True},
    }


def _numbers(found: Sequence[tuple[Spec, Mapping[str, Measured]]]) -> Table:
    heads = [Column(words(h), 1.0, "right") for h in _AIMS.values()]
    return Table(
        "numbers-linked",
        "Every portfolio and policy on every aim",
        (Column(words("Name"), 2.2), *heads),
        tuple(
            Row(
                tuple(words(c) for c in (named["name"], *(_told(a, values[a]) for a in _AIMS))),
                anchor=str(named["id"]),
                strong=named["role"] == "put forward",
            )
            for named, values in found
        ),
        words("\N{PLUS-MINUS SIGN} is one standard error."),
        compact=True,
    )


def _told(aim: str, value: Measured) -> str:
    if aim == "cost":
        return level(value, "plain")
    return short(difference(value, "plain"))
