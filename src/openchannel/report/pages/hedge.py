"""The page of the hedge: a tree of what to do, a card of when, and where value comes from."""

from __future__ import annotations

from collections.abc import Iterator

from openchannel.analysis.clarity import Clarity, clarity_of
from openchannel.analysis.hedge import Branch, Hedge, Start
from openchannel.analysis.measured import Measured as Found
from openchannel.domain import Case
from openchannel.report.model import (
    Block,
    Brief,
    Bullets,
    Column,
    Paragraph,
    Row,
    Section,
    Table,
    words,
)
from openchannel.report.numbers import Measured, difference, level, plain
from openchannel.report.pages.layout import page_of
from openchannel.report.wording import count_words, in_sentence

__all__ = ["hedge_page"]

_BRANCHES = {
    "hold": "Hold it as it is",
    "shock": "Grow at the first crisis or succession",
    "review": "Grow when a yearly review passes",
    "rules": "The same, and end after failures",
    "now": "Full size now",
}
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


def hedge_page(case: Case, found: Hedge, seed: int) -> Brief:
    """What the rights of a case are worth, when to use them, and where the value comes from."""
    when = tuple(_when(case, found))
    sections = [
        Section("section-worth", "", "What the hedge is worth", tuple(_worth(case, found))),
        Section("section-when", "", "When to scale up, and when to stop", when),
        Section("section-source", "", "Where the value comes from", tuple(_source(case, found))),
    ]
    if rungs := clarity_of(case):
        title = "Game check: do clearer signals calm?"
        sections.append(Section("section-game", "", title, tuple(_game(rungs))))
    return page_of("What the hedge is worth", case, (f"seed {seed}",), sections)


def _deaths(found: Found, *, sign: bool = True) -> str:
    return difference(Measured(found.mean, found.mcse), "count", sign=sign)


def _worth(case: Case, found: Hedge) -> Iterator[Block]:
    yield Paragraph(
        words(
            "Each start is played on the same futures with and without the right to grow. Values "
            "are expected loss saved against holding the start as it is, in equivalent deaths over "
            "the horizon, pooled over schools of thought and beliefs. The heavy row is the branch "
            "that did best on half of the belief draws and was confirmed on the other half."
        )
    )
    for start in found.starts:
        yield _tree(case, start)
    for policy_id, price in found.waiting.items():
        policy = case.policy(policy_id)
        target = case.policy(policy.rules.target)
        yield Paragraph(
            words(
                f"Price of waiting, the loss of {in_sentence(policy.short)} above that of "
                f"{in_sentence(target.short)} now: {_deaths(price)}."
            )
        )


def _tree(case: Case, start: Start) -> Table:
    target = case.policy(start.policy.rules.target)
    worlds = tuple(start.branches[0].by_world)
    return Table(
        f"table-{start.policy.id}",
        f"{start.policy.short}: the right to become {in_sentence(target.short)}",
        (
            Column(words("Branch"), 2.2),
            Column(words("Value"), 1.5, "right"),
            Column(words("Chance of war"), 1.6, "right"),
            Column(words("Extra cost"), 1.4, "right"),
            Column(words("Better in, worse in"), 1.3),
        ),
        tuple(_row(b, worlds, strong=b.id == start.best) for b in start.branches),
        compact=True,
    )


def _row(branch: Branch, worlds: tuple[str, ...], *, strong: bool) -> Row:
    if branch.id == "hold":
        told = ("0", "0", "0", "")
    else:
        clear = [w for w in worlds if branch.by_world[w].is_measurable]
        better = [w for w in clear if branch.by_world[w].mean > 0.0]
        worse = [w for w in clear if branch.by_world[w].mean < 0.0]
        told = (
            _deaths(branch.value),
            difference(Measured(-branch.war.mean, branch.war.mcse), "points"),
            difference(Measured(-branch.cost.mean, branch.cost.mcse), "usd"),
            f"{', '.join(better) or 'none'}; {', '.join(worse) or 'none'}",
        )
    cells = (_BRANCHES[branch.id], *told)
    return Row(tuple(words(c, strong=strong) for c in cells), strong=strong)


def _when(case: Case, found: Hedge) -> Iterator[Block]:
    for start in found.starts:
        yield Paragraph(words(f"{start.policy.short}.", strong=True))
        yield Bullets(tuple(words(line) for line in _card(case, start)))
    yield Paragraph(
        words(
            "Thresholds were found by trying sixteen pairs on one half of some belief "
            "draws, and valued on the other half. They are means over the year before a review, "
            "and the reliability in them is the model's own: an official sees it only roughly."
        ),
        "note",
    )


def _card(case: Case, start: Start) -> Iterator[str]:
    if start.best == "now":
        yield "Under these beliefs do not wait: full size now is the best branch."
    elif start.best == "hold":
        yield "No branch is measurably better than holding the start as it is."
    else:
        yield f"Best branch: {_BRANCHES[start.best].lower()}."
    if (review := start.review) is None:
        return
    rel, channels = review.thresholds["up_rel"], review.thresholds["up_K"]
    yield (
        f"If it is to wait: scale up when a message gets through within a day with a chance of at "
        f"least {plain(rel)} over the year, over at least {plain(channels)} effective channels, "
        "without a grave compromise."
    )
    if start.policy.rules.exit_review:
        failures = round(case.parameters["exit_failures"].value)
        yield f"Stop after {count_words(failures)} failed reviews running."
    if start.policy.rules.exit_deception:
        yield "Stop after a deception."
    yield (
        f"Worth of this rule on fresh beliefs, against holding: {_deaths(review.value)}; against "
        f"the thresholds of the case: {_deaths(review.against_own)}."
    )


def _source(case: Case, found: Hedge) -> Iterator[Block]:
    focal = in_sentence(case.policy(case.focal).short)
    base = Measured(found.baseline_loss.mean, found.baseline_loss.mcse)
    yield Paragraph(
        words(
            f"The gain of {focal} over the baseline is {_deaths(found.focal)}, out of an expected "
            f"loss of {level(base, 'count')}. "
            "The table says what part of it goes when one effect of ties is switched off; parts "
            "need not add up, and a negative part is a harm that ties do."
        )
    )
    yield Table(
        "table-sources",
        "Value of ties by source, in equivalent deaths",
        (Column(words("Source"), 2.0), Column(words("What goes without it"), 1.5, "right")),
        tuple(
            Row((words(_SOURCES.get(s.id, s.id)), words(_deaths(s.value))), strong=s.id == "all")
            for s in found.sources
        ),
        compact=True,
    )


def _game(rungs: tuple[Clarity, ...]) -> Iterator[Block]:
    apart = [c.rung for c in rungs if not c.agrees]
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
        tuple(_rung(c) for c in rungs),
        compact=True,
    )


def _rung(clarity: Clarity) -> Row:
    def direction(change: float) -> str:
        return "harms" if change > 0.0 else "calms"

    cells = (
        clarity.rung,
        plain(clarity.hostile),
        direction(clarity.simulator),
        direction(clarity.game),
        plain(clarity.turns, 2),
    )
    return Row(tuple(words(c) for c in cells))
