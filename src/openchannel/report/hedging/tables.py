"""The tables of the hedge: branches, closings, sources of value, and the game beside the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openchannel.report.grades import GRADE_WORDS, marker
from openchannel.report.hedging.view import BRANCHES, View, better_and_worse, deaths, percent
from openchannel.report.hedging.words import card_rows
from openchannel.report.model import Block, Column, Paragraph, Row, Span, Table, Text, words
from openchannel.report.numbers import difference, level, measured, plain, short
from openchannel.report.sections.trail import cited
from openchannel.report.wording import in_sentence, listed

__all__ = ["branches", "capitals", "card", "cited_sources", "closings", "game", "sources"]

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
_PAYOFFS = {
    "win": "Chance that the demander wins a war",
    "own_cost": "Cost of a war to the demander",
    "weak_cost": "Cost of a war to a weak rival",
    "firm_cost": "Cost of a war to a resolute rival",
    "precision": "Precision of the choices of both",
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
            Column(words("Better in, worse in"), 1.7, "right"),
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
            short(deaths(branch["value"])),
            short(difference(measured(branch["wars_avoided"]).times(-1.0), "points")),
            short(difference(measured(branch["usd_saved"]).times(-1.0), "usd")),
            f"{', '.join(better) or 'none'}; {', '.join(worse) or 'none'}",
        )
    return Row(tuple(words(c, strong=strong) for c in (BRANCHES[name], *told)), strong=strong)


def card(view: View, start: Mapping[str, Any]) -> Table:
    """The rule card of a start, to be read by itself."""
    return Table(
        f"table-card-{start['policy']}",
        f"Rule card: from {view.told(start['policy'])} to {view.told(start['target'])}",
        (Column(words("What to do"), 1.0), Column(words("When"), 2.6)),
        tuple(Row((words(what, strong=True), words(when))) for what, when in card_rows(start)),
    )


def closings(view: View) -> Table:
    """By length of a closing: its price, and what is missing in the years after."""
    rows = []
    for one in view.data["reopening"]["closings"]:
        missing = [level(measured(m), "percent") for m in one["missing"]]
        rows.append(Row(tuple(words(c) for c in (
            f"{one['weeks']} weeks", short(deaths(one["price"])), *missing,
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
            Row((words(_SOURCES.get(k, k)), words(short(deaths(v)))), strong=k == "all")
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
            f"agree in {percent(shares[0])} to {percent(shares[-1])}. Clarity harms in the "
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
    yield _payoffs(view)


def _payoffs(view: View) -> Table:
    """Payoffs of the small game, with what they rest on."""
    found: Mapping[str, Mapping[str, Any]] = view.data["payoffs"]
    return Table(
        "table-payoffs",
        "Payoffs of the game, where what is in dispute is 1",
        (
            Column(words("Payoff"), 2.0),
            Column(words("Value"), 0.7, "right"),
            Column(words("Range"), 1.0, "right"),
            Column(words("Grade, sources"), 1.2),
        ),
        tuple(
            Row((
                words(_PAYOFFS[name]),
                words(plain(p["value"])),
                words(f"{plain(p['low'])} to {plain(p['high'])}"),
                _rests_on(p),
            ))
            for name, p in found.items()
        ),
        words("The reasons for each stand in hedge.json."),
        compact=True,
    )  # fmt: skip


def cited_sources(view: View) -> tuple[str, ...]:
    """Keys of the sources that payoffs and players rest on, each once."""
    players = [p for c in view.data["capitals"] for p in c["players"]]
    told = [*(view.data["payoffs"].values() if view.data["game_check"] else ()), *players]
    return tuple(sorted({key for one in told for key in one["sources"]}))


def _rung(rung: str, clarity: Mapping[str, Any]) -> Row:
    def direction(change: float) -> str:
        return "harms" if change > 0.0 else "calms"

    cells = (
        rung,
        plain(clarity["hostile"]),
        direction(clarity["simulator"]),
        direction(clarity["game"]),
        plain(clarity["turns"], 2),
        percent(clarity["agreement"]),
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
            "(none) to 1. Each position duels with each, and strength, that is salience times "
            "influence, decides by chance. Positions, strengths and possible moves are "
            f"{_grades([p['grade'] for c in found for p in c['players']])}, so this shows whom to "
            "think of, not what will happen; it enters no value above. The reasons for each stand "
            "in hedge.json."
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
                Column(words("Grade, sources"), 1.2),
            ),
            tuple(_player(view, p, capital["outcome"]) for p in capital["players"]),
            compact=True,
        )


def _capital_words(capital: Mapping[str, Any]) -> str:
    least, most = (plain(v, 2) for v in sorted(capital["moved"]))
    reached = f"come to {most}" if least == most else f"lie between {least} and {most}"
    return (
        f"In {capital['title']} the outcome is expected at {plain(capital['outcome'], 2)}; the "
        f"median, weighted by strength, is {plain(capital['median'], 2)}. If all whom a channel "
        f"reaches moved by what is judged possible, it would {reached}. Players with "
        f"{percent(capital['out_of_reach'])} of the strength are reached by no channel."
    )


def _player(view: View, player: Mapping[str, Any], outcome: float) -> Row:
    is_reached = bool(player["reached_by"])
    cells = (
        player["name"],
        plain(player["position"], 2),
        percent(player["strength"]),
        "; ".join(view.channel(c) for c in player["reached_by"]) or "no channel",
        plain(player["could_move_to"], 2) if is_reached else "",
        plain(outcome + player["moved"], 2) if is_reached else "",
    )
    return Row((*(words(c) for c in cells), _rests_on(player)))


def _rests_on(data: Mapping[str, Any]) -> Text:
    """Grade and sources of a number."""
    sources = cited(data["sources"])
    return (Span(f"{marker(data['grade'])} {data['grade']}" + ("; " if sources else "")), *sources)


def _grades(grades: Sequence[str]) -> str:
    """How well several numbers are known: `assumed (grade C)`."""
    found = [f"{GRADE_WORDS[g]} (grade {g})" for g in sorted(set(grades))]
    return listed(found)
