"""The tables of the hedge: branches, closings, sources of value, and the game beside the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openchannel.report.hedging.view import BRANCHES, View, better_and_worse, deaths
from openchannel.report.model import Block, Column, Paragraph, Row, Table, words
from openchannel.report.numbers import difference, level, measured, plain
from openchannel.report.wording import in_sentence

__all__ = ["branches", "capitals", "closings", "game", "sources"]

_SOURCES = {
    "det": "Detainees",
    "open": "Openings",
    "hum": "Humanitarian emergencies",
    "suc": "Successions",
    "def": "Defection scares",
    "captures": "All five kinds of shock together: the option value of ties",
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
        better, worse = better_and_worse(branch["value_by_world"])
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
    told = f"they part at rung {', '.join(apart)}" if apart else "they agree at every rung"
    shares = sorted(c["agreement"] for c in rungs.values())
    yield Paragraph(
        words(
            "The direction in which reliability moves a crisis, in the simulator and in a small "
            "game of demands with private information (logit choices) that has the case's hostile "
            "intent and misreadings, and the payoffs of its games.yaml. At the central payoffs "
            f"{told}; over all payoffs in their ranges, ends and centres, each with each, they "
            f"agree in {_percent(shares[0])} to {_percent(shares[-1])}. Clarity harms in the "
            "simulator where emboldening lies above the turning point. In the game it harms where "
            "one who would have asked little takes a resolute rival for weak; where intent is more "
            "often benign he asks much already, and better readings save him from it."
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
            Column(words("Payoffs that agree"), 1.2, "right"),
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
        _percent(clarity["agreement"]),
    )
    return Row(tuple(words(c) for c in cells))


def capitals(view: View) -> Iterator[Block]:
    """Who bargains inside each capital, whom channels reach, and what that could move."""
    found: Sequence[Mapping[str, Any]] = view.data["capitals"]
    if not found:
        return
    yield Paragraph(
        words(
            "Players inside each capital bargain about how much standing contact to keep, from 0 "
            "(none) to 1. Each position duels with each, and strength decides by chance. All "
            "positions, strengths and possible moves are judgements (grade C), so this shows whom "
            "to think of, not what will happen; it enters no value above."
        )
    )
    for capital in found:
        yield Paragraph(words(_capital_words(capital)))
        yield Table(
            f"table-{capital['id']}",
            f"{capital['title']}: {in_sentence(capital['issue'])}",
            (
                Column(words("Player"), 2.0),
                Column(words("Position"), 0.7, "right"),
                Column(words("Strength"), 0.75, "right"),
                Column(words("Reached by"), 2.3),
                Column(words("Could move to"), 0.75, "right"),
                Column(words("Outcome then"), 0.75, "right"),
            ),
            tuple(_player(view, p, capital["outcome"]) for p in capital["players"]),
            compact=True,
        )


def _capital_words(capital: Mapping[str, Any]) -> str:
    least, most = (plain(v, 2) for v in capital["moved"])
    reached = f"to {most}" if least == most else f"to between {least} and {most}"
    return (
        f"In {capital['title']} the outcome is expected at {plain(capital['outcome'], 2)}; the "
        f"median, weighted by strength, is {plain(capital['median'], 2)}. If all whom a channel "
        f"reaches moved as far as is judged possible, it would move {reached}. Players with "
        f"{_percent(capital['out_of_reach'])} of the strength are reached by no channel."
    )


def _player(view: View, player: Mapping[str, Any], outcome: float) -> Row:
    is_reached = bool(player["reached_by"])
    furthest = min(1.0, max(0.0, player["position"] + player["moves"][1]))
    cells = (
        player["name"],
        plain(player["position"], 2),
        _percent(player["strength"]),
        "; ".join(view.channel(c) for c in player["reached_by"]) or "no channel",
        plain(furthest, 2) if is_reached else "",
        plain(outcome + player["moved"], 2) if is_reached else "",
    )
    return Row(tuple(words(c) for c in cells))


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f}\N{NO-BREAK SPACE}%"
