"""How long things last, drawn: Kaplan and Meier's curves, their bands, and the numbers at risk."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from openchannel.report.model import Column, Figure, Row, Table, words
from openchannel.report.numbers import SPACE
from openchannel.report.theme import BLUE, INK, MUTED

__all__ = ["curve_figure"]

Spec = dict[str, Any]
Values = Mapping[str, Any]

_MOST_YEARS = 20.0
_HEIGHT = 118
_NUMBERS_BELOW = 50  # pixels under the plot, beneath the words of its axis


def curve_figure(name: str, caption: str, spells: Sequence[Values]) -> Figure:
    """Share that outlasts each age, one small chart for each kind of spell."""
    steps, risks = [], []
    for s in spells:
        label = _label(s)
        steps += [{"spell": label, **p} for p in (*_steps(s), *_constant(s))]
        risks += [
            {"spell": label, "years": y, "n": n}
            for y, n in zip(s["risk_years"], s["at_risk"], strict=True)
        ]
    return Figure(
        name,
        f"{caption}: share that outlasts so many years, with the 95 % band; dashed: a constant "
        "rate of ends; below: how many are still at risk",
        f"Kaplan and Meier's curves. {caption}.",
        _chart(steps, risks, [_label(s) for s in spells]),
        _numbers(f"{name}-risk", spells),
    )


def _label(spell: Values) -> str:
    label = str(spell["label"])
    return label[:1].upper() + label[1:]


def _steps(spell: Values) -> list[Values]:
    """The curve from one on, cut at the last year drawn."""
    rows: list[Values] = [{"years": 0.0, "share": 1.0, "low": 1.0, "high": 1.0}]
    for years, share, low, high in zip(
        spell["times"], spell["share"], spell["low"], spell["high"], strict=True
    ):
        if years <= _MOST_YEARS:
            rows.append({"years": years, "share": share, "low": low, "high": high})
    rows.append({**rows[-1], "years": _MOST_YEARS if spell["at_risk"][-1] else _last(spell)})
    return rows


def _constant(spell: Values) -> list[Values]:
    """The curve of a constant rate of ends, as far as the other one is drawn."""
    n = 40
    ages = [_steps(spell)[-1]["years"] * i / n for i in range(n + 1)]
    return [{"years": age, "constant": math.exp(-spell["rate"] * age)} for age in ages]


def _last(spell: Values) -> float:
    """Where the curve stops: at its last end, or at the last age by which some are still watched.

    Between two counted ages nothing is drawn beyond the last end.
    """
    watched = [y for y, n in zip(spell["risk_years"], spell["at_risk"], strict=True) if n]
    ends = [t for t in spell["times"] if t <= _MOST_YEARS]
    return float(max(watched[-1:] + ends[-1:]))


_X: Spec = {
    "field": "years",
    "type": "quantitative",
    "title": "years",
    "scale": {"domain": [0, _MOST_YEARS], "nice": False},
    "axis": {"values": [0, 5, 10, 15, 20], "grid": False},
}


def _y(field: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, 1]},
        "axis": {"values": [0, 0.5, 1], "format": "%", "grid": True},
    }


def _line(field: str, **look: Any) -> Spec:
    return {
        "transform": [{"filter": f"isValid(datum.{field})"}],
        "mark": {"type": "line", **look},
        "encoding": {"x": _X, "y": _y(field)},
    }


def _band() -> Spec:
    return {
        "transform": [{"filter": "isValid(datum.low) && isValid(datum.high)"}],
        "mark": {"type": "area", "interpolate": "step-after", "opacity": 0.2, "color": BLUE},
        "encoding": {"x": _X, "y": _y("low"), "y2": {"field": "high"}},
    }


def _at_risk() -> Spec:
    """Numbers in a row beneath the axis."""
    return {
        "transform": [{"filter": "isValid(datum.n)"}],
        "mark": {"type": "text", "fontSize": 11, "color": INK},
        "encoding": {
            "x": _X,
            "y": {"value": _HEIGHT + _NUMBERS_BELOW},
            "text": {"field": "n", "type": "quantitative"},
        },
    }


def _chart(steps: Sequence[Values], risks: Sequence[Values], order: Sequence[str]) -> Spec:
    layers = [
        _band(),
        _line("constant", color=MUTED, strokeDash=[3, 3], strokeWidth=1),
        _line("share", interpolate="step-after", color=BLUE, strokeWidth=1.6),
        _at_risk(),
    ]
    return {
        "data": {"values": [*steps, *risks]},
        "facet": {
            "field": "spell",
            "type": "nominal",
            "title": None,
            "sort": list(order),
            "header": {"labelAnchor": "start", "labelFontSize": 12, "labelColor": INK},
        },
        "columns": 2,
        "spec": {"width": 236, "height": _HEIGHT, "layer": layers},
        "spacing": {"row": 38, "column": 30},
        "resolve": {"axis": {"x": "independent"}},
    }


def _numbers(name: str, spells: Sequence[Values]) -> Table:
    """Share that outlasts each counted age, and how many are at risk there."""
    rows = []
    for s in spells:
        cells = [
            _share(s, years, n) for years, n in zip(s["risk_years"], s["at_risk"], strict=True)
        ]
        rows.append(Row(tuple(words(c) for c in (_label(s), *cells))))
    ages = spells[0]["risk_years"]
    return Table(
        name,
        "Share that outlasts so many years (number at risk)",
        (
            Column(words("Spells"), 2.2),
            *(Column(words(f"{age} years"), 1.0, "right") for age in ages),
        ),
        tuple(rows),
        compact=True,
    )


def _share(spell: Values, years: float, n: int) -> str:
    """The curve at an age, with the number at risk; not known once nothing is left to watch."""
    past = [s for t, s in zip(spell["times"], spell["share"], strict=True) if t <= years]
    share = past[-1] if past else 1.0
    known = n or share == 0.0
    return f"{round(100 * share)}{SPACE}% ({n})" if known else f"not known ({n})"
