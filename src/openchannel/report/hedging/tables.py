"""The tables of the hedge: branches, closings, sources of value, and the game beside the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openchannel.report.hedging.view import BRANCHES, View, deaths, measured
from openchannel.report.model import Block, Column, Paragraph, Row, Table, words
from openchannel.report.numbers import difference, is_measurable, level, plain

__all__ = ["branches", "closings", "game", "sources"]

_SOURCES = {
    "det": "Detainees",
    "open": "Openings",
    "hum": "Humanitarian emergencies",
    "suc": "Successions",
    "def": "Defection scares",
    "opportunities": "War after instability",
    "crisis": "Crises",
    "nuclear": "Nuclear alarms and pre-emption",
    "bargaining": "Deals",
    "tension": "Tension and provocations",
    "ties": "Receptivity and turnover",
    "downside": "Risks that contact carries",
    "all": "All effects of ties",
}


def branches(view: View, start: Mapping[str, Any]) -> Table:
    """What each branch of a start saves, in loss, war and money, and in which worlds."""
    return Table(
        f"table-{start['policy']}",
        f"{view.named(start['policy'])}: the right to become {view.told(start['target'])}",
        (
            Column(words("Branch"), 2.2),
            Column(words("Value"), 1.5, "right"),
            Column(words("Chance of war"), 1.6, "right"),
            Column(words("Extra cost"), 1.4, "right"),
            Column(words("Better in, worse in"), 1.3),
        ),
        tuple(_branch(name, b, strong=name == start["best"])
              for name, b in start["branches"].items()),
        compact=True,
    )  # fmt: skip


def _branch(name: str, branch: Mapping[str, Any], *, strong: bool) -> Row:
    if name == "hold":
        told = ("0", "0", "0", "")
    else:
        by_world = {w: measured(v) for w, v in branch["value_by_world"].items()}
        clear = {w: v.mean or 0.0 for w, v in by_world.items() if is_measurable(v)}
        better = [w for w, mean in clear.items() if mean > 0.0]
        worse = [w for w, mean in clear.items() if mean < 0.0]
        told = (
            deaths(branch["value"]),
            difference(measured(branch["wars_avoided"]).times(-1.0), "points"),
            difference(measured(branch["usd_saved"]).times(-1.0), "usd"),
            f"{', '.join(better) or 'none'}; {', '.join(worse) or 'none'}",
        )
    return Row(tuple(words(c, strong=strong) for c in (BRANCHES[name], *told)), strong=strong)


def closings(view: View) -> Table:
    """By length of a closing: its price, and what is missing in the years after."""
    rows = []
    for one in view.data["reopening"]["closings"]:
        missing = [level(measured(m), "percent") for m in one["missing"]]
        rows.append(Row(tuple(words(c) for c in (
            f"{one['weeks']} weeks", deaths(one["price"]), *missing,
        ))))  # fmt: skip
    return Table(
        "table-closings",
        "Price of a closing in equivalent deaths, and share of the added effective channels that "
        "is missing in the years after reopening",
        (
            Column(words("Closed for"), 1.0),
            Column(words("Price"), 1.6, "right"),
            *(Column(words(f"{nth} year"), 0.9, "right") for nth in ("First", "Second", "Third")),
        ),
        tuple(rows),
        compact=True,
    )


def sources(view: View) -> Iterator[Block]:
    """What part of the focal gain goes without each effect of ties."""
    focal, base = view.data["focal"], measured(view.data["baseline_loss"])
    yield Paragraph(
        words(
            f"The gain of {view.told(focal['policy'])} over {view.base} is "
            f"{deaths(focal['gain'])}, out of an expected loss of {level(base, 'count')}. "
            "The table says what part of it goes when one effect of ties is switched off; parts "
            "need not add up, and a negative part is a harm that ties do."
        )
    )
    found: Mapping[str, Any] = view.data["sources"]
    yield Table(
        "table-sources",
        "Value of ties by source, in equivalent deaths",
        (Column(words("Source"), 2.0), Column(words("What goes without it"), 1.5, "right")),
        tuple(
            Row((words(_SOURCES.get(k, k)), words(deaths(v))), strong=k == "all")
            for k, v in found.items()
        ),
        compact=True,
    )


def game(view: View) -> Iterator[Block]:
    """The direction in which reliability moves a crisis, here and in a small game."""
    rungs: Mapping[str, Mapping[str, Any]] = view.data["game_check"]
    if not rungs:
        return
    apart = [rung for rung, c in rungs.items() if not c["agrees"]]
    told = f"They part at rung {', '.join(apart)}." if apart else "They agree at every rung."
    yield Paragraph(
        words(
            "The direction in which reliability moves a crisis, in the simulator and in a small "
            "game of demands with private information (logit choices, stylised payoffs) that has "
            f"the case's hostile intent and misreadings. {told} Clarity harms in the simulator "
            "where emboldening lies above the turning point. In the game it harms where one who "
            "would have asked little takes a resolute rival for weak; where intent is more often "
            "benign he asks much already, and better readings save him from it."
        )
    )
    yield Table(
        "table-game",
        "From no reliability to full, every other belief at its default",
        (
            Column(words("Rung"), 0.6),
            Column(words("Hostile intent"), 1.0, "right"),
            Column(words("Simulator"), 1.0),
            Column(words("Game"), 1.0),
            Column(words("Turning point of emboldening"), 1.6, "right"),
        ),
        tuple(_rung(rung, c) for rung, c in rungs.items()),
        compact=True,
    )


def _rung(rung: str, clarity: Mapping[str, Any]) -> Row:
    def direction(change: float) -> str:
        return "harms" if change > 0.0 else "calms"

    cells = (
        rung,
        plain(clarity["hostile"]),
        direction(clarity["simulator"]),
        direction(clarity["game"]),
        plain(clarity["turns"], 2),
    )
    return Row(tuple(words(c) for c in cells))
