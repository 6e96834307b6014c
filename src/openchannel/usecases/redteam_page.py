"""The page of a red team: two cases as their holders would make them, with what was measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from openchannel.report.grades import GRADE_WORDS
from openchannel.report.numbers import Measured, difference, plain
from openchannel.usecases.redteam import claims_of

if TYPE_CHECKING:
    from openchannel.analysis.contributions import Measured as Found
    from openchannel.analysis.redteam import MovedBelief, SideResult
    from openchannel.domain import Case
    from openchannel.usecases.redteam import RedTeam

__all__ = ["page"]

_NUMBERS = ("no belief", "one belief", "two beliefs", "three beliefs", "four beliefs",
            "five beliefs", "six beliefs")  # fmt: skip


def page(found: RedTeam) -> str:
    """Both cases in Markdown."""
    lines = [f"# Red team: {found.case.title}", "", _lead(found), ""]
    for result in found.results:
        lines += [*_case_for(found, result), ""]
    lines += ["## How this was found", "", _method(found)]
    text = "\n".join(lines) + "\n"
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _lead(found: RedTeam) -> str:
    return (
        f"{found.case.question} Below is the strongest case for isolation and the strongest "
        "against it. Each rests on the beliefs nearest to the defaults under which its policy "
        f"wins by at least {plain(100 * found.margin)} % of the status quo's expected loss "
        "(composite loss). Neither is a finding about the world: each says what one would have to "
        "believe."
    )


def _case_for(found: RedTeam, result: SideResult) -> Iterator[str]:
    case = found.case
    policy = case.policy(result.side.policy)
    rivals = " and ".join(_named(case, r) for r in result.side.rivals)
    yield f"## {result.side.title}"
    yield ""
    if policy.case_for:
        yield f"> {' '.join(policy.case_for.split())}"
        yield ""
    yield _at_defaults(case, result)
    yield ""
    if not result.is_found:
        yield _not_found(result, rivals)
        return
    yield (
        f"{_named(case, policy.id)} wins by {plain(100 * result.target)} % against {rivals} if one "
        f"believes {_count(result)}, at a distance of {plain(result.distance)} range units "
        "(1 is from a default to the end of its range):"
    )
    yield ""
    yield from _table(case, result)
    yield ""
    yield _tested(case, result)
    yield ""
    yield _alternatives(result)


def _named(case: Case, policy_id: str) -> str:
    return f"{case.policy(policy_id).short} ({policy_id})"


def _count(result: SideResult) -> str:
    n = len(result.beliefs)
    many = _NUMBERS[n] if n < len(_NUMBERS) else f"{n} beliefs"
    return f"{many} otherwise"


def _at_defaults(case: Case, result: SideResult) -> str:
    told = "; ".join(
        f"against {_named(case, r)} {_margin(m)}" for r, m in result.at_defaults.items()
    )
    text = f"At the defaults its margin is: {told}."
    if result.target > result.asked:
        text += (
            f" The defaults reach {plain(100 * result.asked)} % already, so the margin was doubled "
            f"until they do not: {plain(100 * result.target)} %."
        )
    return text


def _margin(found: Found) -> str:
    return difference(Measured(found.mean, found.mcse), "percent")


def _table(case: Case, result: SideResult) -> Iterator[str]:
    yield "| belief | default | here | range | of the way | evidence | ledger |"
    yield "|---|---|---|---|---|---|---|"
    for belief in result.beliefs:
        axis = belief.axis
        claims = ", ".join(claims_of(case, belief)) or "none"
        yield (
            f"| {_title(belief)} | {plain(axis.central)} | {plain(belief.value)} "
            f"| {plain(axis.low)} to {plain(axis.high)} | {round(100 * abs(belief.place))} % "
            f"| {GRADE_WORDS[axis.parameter.grade]} | {claims} |"
        )


def _title(belief: MovedBelief) -> str:
    """The label of the parameter, with what the number is of it."""
    axis = belief.axis
    of = "" if axis.elements == axis.parameter.elements else f" of {', '.join(axis.elements)}"
    how = {"value": axis.parameter.unit, "times": "multiplier", "plus": "shift"}[axis.how]
    return f"{axis.parameter.label}{of}, {how} (`{axis.name}`)"


def _tested(case: Case, result: SideResult) -> str:
    told = "; ".join(
        f"against {_named(case, r)} {_margin(m)}, chance of war "
        f"{difference(Measured(result.war[r].mean, result.war[r].mcse), 'points')}"
        for r, m in result.tested.items()
    )
    drawn = "; ".join(
        f"against {_named(case, r)} {_margin(m)}" for r, m in result.in_ranges.items()
    )
    word = "confirmed" if result.is_confirmed else "not confirmed: it falls short of the margin"
    still = (
        "It still wins when every other belief is drawn from its range"
        if result.holds_in_ranges
        else "It is not clear that it wins when every other belief is drawn from its range"
    )
    return f"On fresh futures the case is {word}: {told}. {still}: {drawn}."


def _alternatives(result: SideResult) -> str:
    """Distance by the number of beliefs that may be moved."""
    told = [
        f"{size}: {plain(distance) if reached else 'not reached'}"
        for size, distance, reached in sorted(result.by_size)
    ]
    return f"Distance by the most beliefs that may be moved, as searched: {'; '.join(told)}."


def _not_found(result: SideResult, rivals: str) -> str:
    if not result.by_size:
        return "No belief, moved alone, brings it nearer to the margin."
    most = max(size for size, _, _ in result.by_size)
    return (
        f"No set of at most {most} beliefs within the ranges was found under which it wins by "
        f"{plain(100 * result.target)} % against {rivals}, clear of the error; the largest margin "
        f"met in the search was {plain(100 * result.best)} %. The search tries the beliefs that "
        "matter alone, so this is no proof that there is none."
    )


def _method(found: RedTeam) -> str:
    sizes = found.sizes
    return (
        f"Every uncertain quantity was moved alone, half way to each end of its range "
        f"({sizes.screen:,} futures). From the steepest, the nearest point at which all margins "
        "are reached was sought by repeated linear steps, with ever fewer beliefs "
        f"({sizes.search:,} futures); the fewest whose distance is within a quarter of the "
        f"shortest were kept, stretched on other luck until clear of two standard errors "
        f"({sizes.stretch:,} futures), and tested on fresh futures ({sizes.test:,}). Distances "
        "take beliefs as independent; shares that are drawn together and the two common factors "
        f"were not moved. Seed {found.seed}. Numbers after the sign are standard errors. The model "
        "compares policies under stated beliefs; it does not forecast war."
    )
