"""The tables and the picture of a design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openchannel.report import charts
from openchannel.report.building.view import (
    CAPTURE,
    COST,
    LEVERS,
    RISK,
    View,
    lever_words,
    money,
)
from openchannel.report.model import Column, Figure, Row, Table, words
from openchannel.report.numbers import (
    NOT_MEASURABLE,
    Measured,
    difference,
    is_measurable,
    level,
    measured,
    plain,
    short,
)

__all__ = [
    "calendar_table",
    "equal_table",
    "front_figure",
    "front_table",
    "levers_table",
    "next_table",
]

_LEAST = 0.05  # hundredths of an index


def _table(
    name: str,
    caption: str,
    heads: Sequence[tuple[str, float]],
    rows: Sequence[Row],
    note: str = "",
    lefts: int = 1,
) -> Table:
    columns = tuple(
        Column(words(h), share, "left" if i < lefts else "right")
        for i, (h, share) in enumerate(heads)
    )
    return Table(name, caption, columns, tuple(rows), words(note) if note else (), compact=True)


def _cells(*texts: str, strong: bool = False) -> Row:
    return Row(tuple(words(t) for t in texts), strong=strong)


def front_table(view: View) -> Table:
    """Every tested portfolio: what it buys, and its five aims."""
    rows = [
        _cells(
            one["id"] if "status quo" not in one["reasons"] else one["short"],
            ", ".join(one["bought"]) or "nothing",
            level(measured(one["metrics"][COST]), "usd"),
            view.cell(one, RISK),
            view.cell(one, CAPTURE),
            _hundredths(one["metrics"]["alliance_friction_index"]),
            _hundredths(one["metrics"]["political_cost_index"]),
            strong=one["id"] == view.data["recommended"],
        )
        for one in view.portfolios
    ]
    beaten = [p["id"] for p in view.portfolios if not p["undominated"]]
    note = (
        "Cost: programme cost over the horizon, discounted. Risk: expected loss, change against "
        f"{view.now}. Openings used: change in the share. Friction and political cost: indices in "
        "hundredths. "
    )
    note += (
        f"On fresh futures another row beats {', '.join(beaten)} on every aim."
        if beaten
        else "On fresh futures no row beats another on every aim."
    )
    raised = [c.id for c in view.case.channels if any(c.id in p["bought"] for p in view.portfolios)]
    if raised:
        note += f" Raised: {', '.join(f'{c} {view.channel(c)}' for c in raised)}."
    return _table(
        "table-front",
        "The front of portfolios",
        (("Portfolio", 0.9), ("Raises", 1.4), ("Cost", 1.1), ("Risk", 1.2), ("Openings used", 1.2),
         ("Friction with allies", 1.0), ("Political cost", 0.9)),
        rows,
        note,
        lefts=2,
    )  # fmt: skip


def _hundredths(data: Mapping[str, Any]) -> str:
    """An index; nought where it is smaller than a thousandth."""
    found = measured(data).times(100.0)
    return "0" if abs(found.mean or 0.0) < _LEAST else level(found, "plain")


def front_figure(view: View) -> Figure:
    """Risk of every portfolio and policy against the status quo, by what it costs."""
    ones = sorted(
        [*view.data["portfolios"], *view.data["policies"]],
        key=lambda p: (float(p["metrics"][COST]["mean"]), str(p["id"])),
    )
    own = {p["id"] for p in view.data["portfolios"]}
    ones = [p for p in ones if measured(p["versus_baseline"][RISK]).mean != 0.0]
    rows, numbers = [], []
    for one in ones:
        share = view.risk_share(one).times(100.0)
        name = f"{one['short']}, ${plain(_rounded(one['metrics'][COST]['mean'] / 1e6))} m"
        rows.append(_interval(name, share, _role(view, one, own)))
        numbers.append(_cells(name, _told(share)))
    table = _table("numbers-front", "Numbers of the figure", (("Portfolio or policy", 2.0),
                   ("Change in expected loss, %", 1.2)), numbers)  # fmt: skip
    return Figure(
        "figure-front",
        "Change in expected loss against the status quo, with two standard errors; portfolios of "
        "the search in blue, policies of the case in grey, cheapest first. Amounts are programme "
        "costs over the horizon, in millions, discounted.",
        f"Intervals of the change in expected loss of {len(rows)} portfolios and policies, from "
        "the cheapest to the dearest.",
        charts.intervals(rows, "Change in expected loss, %"),
        table,
    )


def _rounded(usd: float) -> float:
    """Two significant digits: a label, not a finding."""
    return float(f"{usd:.2g}")


def _told(share: Measured) -> str:
    return level(share, "plain") if is_measurable(share) else NOT_MEASURABLE


def _role(view: View, one: Mapping[str, Any], own: set[str]) -> str:
    if one["id"] == view.data["recommended"]:
        return "plain"
    return "good" if one["id"] in own else "same"


def _interval(name: str, share: Measured, role: str) -> dict[str, Any]:
    mean, error = share.mean or 0.0, share.mcse or 0.0
    return {
        "row": name, "series": "all", "role": role, "mean": mean, "low2": mean - 2 * error,
        "high2": mean + 2 * error, "p05": None, "p95": None, "label": _told(share),
    }  # fmt: skip


def equal_table(view: View) -> Table:
    """Portfolios against the policies of the case at no more than their cost."""
    rows = []
    for entry in view.data["equal_cost"]:
        gap = measured(entry["risk_share"]).times(100.0)
        rows.append(
            _cells(
                view.named(str(entry["policy"])),
                str(entry["portfolio"]),
                short(difference(measured(entry["cost_usd"]), "usd")),
                short(difference(gap, "plain", "%")),
                short(difference(measured(entry["capture"]), "points")),
            )
        )
    return _table(
        "table-equal",
        "Against the policies of the case, at no more than their cost",
        (("Policy", 2.0), ("Portfolio", 0.8), ("Cost", 1.4), ("Risk", 1.4), ("Openings used", 1.4)),
        rows,
        "Portfolio less policy, on fresh futures; chosen on other luck.",
    )


def next_table(view: View) -> Table:
    """The next dollar on each channel."""
    rows = []
    for one in view.data["next_dollar"]:
        name = view.title(one["channel"])
        if one["contacts_per_year"] is None:
            rows.append(_cells(name, "at the top", "", "", ""))
            continue
        rows.append(
            _cells(
                name,
                f"{plain(view.asked['cadence'].get(one['channel'], 0.0))} to "
                f"{plain(one['contacts_per_year'])}",
                "yes" if one["fits"] else "no",
                _per_million(one["per_million_usd"]["risk"], "count"),
                _per_million(one["per_million_usd"]["capture"], "points"),
            )
        )
    return _table(
        "table-next",
        f"The next dollar, channel by channel, from portfolio {view.asked['id']}",
        (("Channel", 2.0), ("Contacts a year", 1.0), ("Within the limits", 0.8),
         ("Expected loss for each million dollars", 1.5),
         ("Openings used for each million dollars", 1.5)),
        rows,
        "Expected loss in equivalent deaths. One more step of the ladder on fresh futures, divided "
        "by what it adds to the programme cost over the horizon.",
    )  # fmt: skip


def _per_million(data: Mapping[str, Any], kind: str) -> str:
    found = measured(data)
    if found.mean is None:
        return NOT_MEASURABLE
    return difference(found, "points" if kind == "points" else "count")


def calendar_table(view: View) -> Table:
    """The roll-out, year by year."""
    rows = [
        _cells(
            portfolio,
            str(step["year"]),
            ", ".join(view.channel(c) for c in step["channels"]),
            plain(round(step["people"])),
            money(_rounded(step["yearly_usd"])),
        )
        for portfolio, found in view.data["rollouts"].items()
        for step in found["steps"]
    ]
    return _table(
        "table-calendar",
        "Roll-out calendar",
        (
            ("Portfolio", 0.7),
            ("Year", 0.5),
            ("Begins", 3.0),
            ("People in all", 0.8),
            ("Most that a year costs", 1.0),
        ),
        rows,
        lefts=3,
    )


def levers_table(view: View) -> Table:
    """Levers and cadences of the portfolio beside those of the status quo."""
    usual = view.case.policy(str(view.data["baseline"]))
    rows = [
        _cells(
            f"{view.title(c.id)}, contacts a year",
            plain(usual.cadence.get(c.id, 0.0)),
            plain(view.asked["cadence"].get(c.id, 0.0)),
        )
        for c in view.case.channels
    ]
    for name, value in view.asked["levers"].items():
        now = getattr(usual.levers, name)
        if value != now:
            rows.append(_cells(LEVERS[name], lever_words(now), lever_words(value)))
    return _table(
        "table-levers",
        f"Portfolio {view.asked['id']} and {view.now}",
        (("What is set", 2.4), ("Now", 0.8), ("Portfolio", 0.8)),
        rows,
        "Levers that are not named stay as they are.",
    )
