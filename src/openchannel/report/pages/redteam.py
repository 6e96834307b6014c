"""The page of a red team: two cases as their holders would make them, with what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from openchannel.analysis.measured import Measured as Found
from openchannel.analysis.redteam_sides import MovedBelief, SideResult, Sizes
from openchannel.domain import Case
from openchannel.report.grades import GRADE_WORDS, marker
from openchannel.report.model import Block, Brief, Column, Paragraph, Row, Section, Table, words
from openchannel.report.numbers import SPACE, Measured, difference, plain
from openchannel.report.pages.layout import page_of
from openchannel.report.wording import baseline_words, count_words, in_sentence, listed

__all__ = ["claims_of", "redteam_page"]


def redteam_page(
    case: Case, results: Sequence[SideResult], margin: float, sizes: Sizes, seed: int
) -> Brief:
    """Both cases, and how they were found."""
    lead = Paragraph(
        words(
            "Below stand the strongest case for isolation and the strongest against it. Each rests "
            "on the beliefs nearest to the defaults under which its policy wins by at least "
            f"{_share(margin)} of the expected loss of "
            f"{baseline_words(case.policy(case.baseline))}. Neither is a finding about the world: "
            "each says what one would have to believe."
        )
    )
    sides = [
        Section(f"section-{r.side.id}", "", r.side.title, tuple(_side(case, r))) for r in results
    ]
    method = Paragraph(words(_method(sizes)), "note")
    sides[0] = replace(sides[0], blocks=(lead, *sides[0].blocks))
    sides[-1] = replace(sides[-1], blocks=(*sides[-1].blocks, method))
    return page_of("Red team: for isolation and against it", case, (f"seed {seed}",), sides)


def claims_of(case: Case, belief: MovedBelief) -> list[str]:
    """Ids of the ledger's claims whose switch acts on the same parameter."""
    key = belief.axis.parameter.key
    return [p.id for p in case.propositions if any(o.parameter == key for o in p.off)]


def _side(case: Case, result: SideResult) -> Iterator[Block]:
    policy = case.policy(result.side.policy)
    if policy.case_for:
        yield Paragraph(words(f"“{' '.join(policy.case_for.split())}”"))
    yield Paragraph(words(_at_defaults(case, result)))
    if not result.is_found:
        yield Paragraph(words(_not_found(case, result)), "warning")
        return
    yield Paragraph(words(_needed(case, result)))
    yield _table(case, result)
    yield Paragraph(words(_tested(case, result)), "plain" if result.is_confirmed else "warning")
    yield Paragraph(words(_alternatives(result)), "note")


def _named(case: Case, policy_id: str) -> str:
    policy = case.policy(policy_id)
    return baseline_words(policy) if policy_id == case.baseline else in_sentence(policy.short)


def _rivals(case: Case, result: SideResult) -> str:
    return listed([_named(case, r) for r in result.side.rivals])


def _share(value: float) -> str:
    return f"{plain(100 * value)}{SPACE}%"


def _margins(case: Case, found: dict[str, Found]) -> str:
    """Margins against each rival, with their errors."""
    return listed(
        [
            f"{difference(Measured(m.mean, m.mcse), 'percent')} against {_named(case, rival)}"
            for rival, m in found.items()
        ]
    )


def _at_defaults(case: Case, result: SideResult) -> str:
    name = case.policy(result.side.policy).short
    held = _margins(case, result.at_defaults)
    drawn = _margins(case, result.defaults_in_ranges)
    if not result.holds_at_defaults:
        return (
            f"At the defaults it does not win: the margin of {_named(case, result.side.policy)} is "
            f"{held}; with every belief drawn from its range, {drawn}."
        )
    return (
        f"{name} needs no belief but the defaults: there its margin is {held}; with every belief "
        f"drawn from its range, {drawn}. The nearest beliefs under which it wins by "
        f"{_share(result.asked)} are the defaults themselves, at distance nought. What follows is "
        "a stronger case, with the margin doubled until the defaults do not reach it: "
        f"{_share(result.target)}."
    )


def _needed(case: Case, result: SideResult) -> str:
    n = len(result.beliefs)
    many = "one belief" if n == 1 else f"{count_words(n)} beliefs"
    return (
        f"It wins by {_share(result.target)} against {_rivals(case, result)} if one moves {many}, "
        f"{plain(result.distance)} range units in all."
    )


def _table(case: Case, result: SideResult) -> Table:
    return Table(
        f"table-{result.side.id}",
        "What one would have to believe",
        (
            Column(words("Belief"), 2.6),
            Column(words("From, to"), 1.1, "right"),
            Column(words("Range, share of the way"), 1.5, "right"),
            Column(words("Evidence"), 0.9),
            Column(words("Ledger"), 0.6),
            Column(words("Key"), 0.8),
        ),
        tuple(_row(case, b) for b in result.beliefs),
        compact=True,
    )


def _row(case: Case, belief: MovedBelief) -> Row:
    axis = belief.axis
    grade = axis.parameter.grade
    cells = (
        _title(belief),
        f"{plain(axis.central)} to {plain(belief.value)}",
        f"{plain(axis.low)} to {plain(axis.high)}, {round(100 * abs(belief.place))}{SPACE}%",
        f"{marker(grade)}{SPACE}{GRADE_WORDS[grade]}",
        ", ".join(claims_of(case, belief)) or "none",
        axis.parameter.key,
    )
    return Row(tuple(words(c) for c in cells))


def _title(belief: MovedBelief) -> str:
    """The label of the parameter, with what the number is of it."""
    axis = belief.axis
    of = "" if axis.elements == axis.parameter.elements else f" of {', '.join(axis.elements)}"
    how = {"value": axis.parameter.unit, "times": "multiplier", "plus": "shift"}[axis.how]
    return f"{axis.parameter.label}{of} ({how})"


def _tested(case: Case, result: SideResult) -> str:
    verdict = (
        "On fresh futures the margin holds"
        if result.is_confirmed
        else "On fresh futures it falls short of the margin, so the case is not confirmed"
    )
    war = listed(
        [
            f"{difference(Measured(m.mean, m.mcse), 'points')} against {_named(case, rival)}"
            for rival, m in result.war.items()
        ]
    )
    still = (
        "It still wins when every other belief is drawn from its range"
        if result.holds_in_ranges
        else "It is not clear that it wins when every other belief is drawn from its range"
    )
    return (
        f"{verdict}: {_margins(case, result.tested)}. The chance of war changes by {war}. "
        f"{still}: {_margins(case, result.in_ranges)}."
    )


def _alternatives(result: SideResult) -> str:
    """Distance by the number of beliefs that may be moved."""
    told = "; ".join(
        f"{size}: {plain(distance) if reached else 'none found'}"
        for size, distance, reached in result.by_size
    )
    return (
        f"Shortest distance found by the most beliefs that may be moved, on the luck of the search "
        f"and without its safety margin: {told}."
    )


def _not_found(case: Case, result: SideResult) -> str:
    if not result.by_size:
        return "No belief, moved alone, brings it nearer to the margin."
    most = max(size for size, _, _ in result.by_size)
    return (
        f"None found: no set of at most {count_words(most)} beliefs within the ranges was found "
        f"under which it wins by {_share(result.target)} against {_rivals(case, result)}, clear of "
        f"the error. The largest margin met in the search was {_share(result.best)}. The search "
        "tries the beliefs that matter alone, so this is no proof that there is none."
    )


def _method(sizes: Sizes) -> str:
    return (
        "How this was found: every uncertain quantity was moved alone, half way to each end of "
        f"its range ({sizes.screen:,} futures). From the steepest, the nearest point that reaches "
        f"every margin was sought by linear steps, with ever fewer beliefs ({sizes.search:,}). The "
        "fewest within a quarter of the shortest distance were kept, moved again "
        f"({sizes.refine:,}), stretched on other luck until clear of two standard errors "
        f"({sizes.stretch:,}), and tested on fresh futures ({sizes.test:,}). A range unit is the "
        "way from a default to the end of its range; distance is Euclidean, beliefs taken as "
        "independent; shares drawn together and the common factors were not moved."
    )
