"""Starts that a person chooses for a hedge, and what is wrong with them, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from openchannel.errors import Problem
from openchannel.usecases.settings import not_one_of

if TYPE_CHECKING:
    from openchannel.domain import Case, Policy

__all__ = ["chosen_starts", "start_problems"]

_START, _TARGET = "--start", "--target"


def chosen_starts(case: Case, starts: Sequence[str], target: str) -> tuple[Policy, ...]:
    """The policies chosen with the right to become the target, or those that the case lets grow."""
    from openchannel.analysis.starts import growing, starts_of

    if not starts:
        return starts_of(case)
    return tuple(
        growing(p, _goal(case, p, target)) for p in map(case.policy, dict.fromkeys(starts))
    )


def _goal(case: Case, start: Policy, target: str) -> str:
    """What a start would become: the target asked for, else its own, else the focal policy."""
    own = start.rules.target if start.rules.scale_up else ""
    return target or own or case.focal


def start_problems(case: Case, starts: Sequence[str], target: str) -> list[Problem]:
    """Everything that stands against these starts, or against those that the case lets grow."""
    from openchannel.analysis.starts import starts_of

    known = [p.id for p in case.policies]
    problems = [not_one_of(_START, s, known) for s in dict.fromkeys(starts) if s not in known]
    if target and target not in known:
        problems.append(not_one_of(_TARGET, target, known))
    elif target and not starts:
        problems.append(_no_start_for(target))
    given = [case.policy(s) for s in dict.fromkeys(starts) if s in known]
    if not target or target in known:
        problems += _pair_problems(case, given, target)
    if not (starts or starts_of(case)):
        problems.append(_no_start(case))
    for start in given or starts_of(case):
        problems += _crowded(start)
    return problems


def _pair_problems(case: Case, starts: Sequence[Policy], target: str) -> Iterator[Problem]:
    goals = [case.policy(_goal(case, start, target)) for start in starts]
    for goal in {g.id: g for g in goals}.values():
        if _has_rules(goal):
            yield _problem(
                _TARGET,
                f"'{goal.id}' has rules of its own, which a policy that grows into it does not "
                "take over",
                "a policy without rules",
                f"write {_TARGET} {case.focal}" if goal.id != case.focal else "name another target",
            )
    for start, goal in zip(starts, goals, strict=True):
        yield from _about(case, start, goal)


def _has_rules(policy: Policy) -> bool:
    from openchannel.domain import Rules

    return policy.rules != Rules()


def _about(case: Case, start: Policy, target: Policy) -> Iterator[Problem]:
    """What stands against one start; a target that it has outgrown is no target."""
    from openchannel.analysis.starts import thinned

    if start.id == target.id:
        yield _problem(
            _START,
            f"'{start.id}' is the target itself",
            "two different policies",
            f"choose another start, or another policy with {_TARGET}",
        )
    elif thinned(case, start, target) and not thinned(case, target, start):
        yield _problem(
            _START,
            f"'{start.id}' has more contact than '{target.id}' and on no channel less, so to "
            f"become '{target.id}' is not to grow",
            f"a start that meets less often than '{target.id}' on some channel",
            f"choose a smaller start, or a larger policy with {_TARGET}",
        )
    if start.rules.target and not start.rules.scale_up:
        yield _problem(
            _START,
            f"'{start.id}' becomes '{start.rules.target}' by a rule of its own",
            "a policy without a second stage, or one with the rule `scale_up`",
            "choose the policy of the same contacts that has no such rule",
        )


def _crowded(start: Policy) -> Iterator[Problem]:
    """Triggers that leave no room for those by which the timings are played."""
    from openchannel.analysis.starts import lasting
    from openchannel.kernel.records import MOST_TRIGGERS

    n, most = len(lasting(start.rules).triggers), MOST_TRIGGERS - 2
    if n > most:
        yield Problem(
            file=start.file,
            field="rules.triggers",
            wrong=f"a start with {n} triggers that neither grow, step back nor leave",
            allowed=f"at most {most}: two more say when it grows, and when it pauses or ends",
            mend="put some of them together, or choose another start",
        )


def _problem(field: str, wrong: str, allowed: str, mend: str) -> Problem:
    return Problem("command line", field, wrong, allowed, mend)


def _no_start_for(target: str) -> Problem:
    return _problem(
        _TARGET,
        f"no start is given that could become '{target}'",
        f"{_TARGET} beside one or more {_START}",
        f"add {_START} ID, or leave {_TARGET} out",
    )


def _no_start(case: Case) -> Problem:
    return Problem(
        file=f"{case.folder}/policies",
        field="rules",
        wrong="no policy has the right to scale up",
        allowed="at least one policy with `rules: {scale_up: {to: POLICY}}`, or a start given",
        mend=f"write a variant of a small policy with that rule, or give {_START} ID",
    )
