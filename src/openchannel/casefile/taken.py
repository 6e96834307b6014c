"""Which triggers can ever be taken: no state may rule one out, nor an earlier one forestall it.

A trigger is passed over where it would change nothing, as in `kernel.rules`; so to become another
policy asks that this has not happened yet, and to step back that it has.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openchannel.casefile.observables import Observable, observable
from openchannel.domain import Condition, Trigger

__all__ = ["Never", "conflicts", "never_taken"]

Interval = tuple[float, float]

#: What must hold besides, so that an action changes something.
_IMPLIED = {
    "become": (Condition("scaled_up", "<", 0.5),),
    "step_back": (Condition("scaled_up", ">=", 0.5),),
}
#: Comparisons with the same bound that make one with this sign hold.
_HOLDS_UNDER = {">=": (">=", ">"), ">": (">",), "<=": ("<=", "<"), "<": ("<",)}
#: Comparisons with the same bound that one with this sign cannot hold beside.
_EXCLUDES = {">=": ("<",), ">": ("<=", "<"), "<=": (">",), "<": (">=", ">")}


@dataclass(frozen=True, slots=True)
class Never:
    """Why a trigger can never be taken, and what could be."""

    wrong: str
    allowed: str


def never_taken(trigger: Trigger) -> Never | None:
    """Why no state can meet the conditions of a trigger, or None.

    Conditions on one observable are held against each other and against the action. Whether two
    observables go together, and whether a parameter lies above a number, is for the futures to say.
    """
    for seen, (low, high) in _ranges(trigger.conditions, trigger).items():
        mine = [c for c in trigger.conditions if c.seen == seen]
        if low <= high and not _exclusive(mine):
            continue
        wrong = (
            f"the conditions on `{seen}` contradict each other"
            if len(mine) > 1
            else f"`{seen}` never takes such a value"
        )
        return Never(wrong, observable(seen, at_review=trigger.at_review).told)
    if any(low > high for low, high in _ranges(_acting(trigger), trigger).values()):
        if trigger.action == "become":
            return Never(
                "once `scaled_up` holds there is nothing more to become",
                "`become ID` where `scaled_up` is not asked for",
            )
        return Never(
            "where `scaled_up` does not hold there is nothing to step back from",
            "`step back` where `not scaled_up` is not asked for",
        )
    return None


def conflicts(triggers: Sequence[Trigger]) -> Iterator[tuple[int, str]]:
    """Triggers that cannot be taken, by place: an earlier one always comes before them."""
    for i, later in enumerate(triggers):
        for j, earlier in enumerate(triggers[:i]):
            others = [t for k, t in enumerate(triggers) if k not in (i, j)]
            if not _forestalls(earlier, later, others):
                continue
            same = (earlier.action, earlier.weeks) == (later.action, later.weeks)
            yield (
                i,
                f"trigger {j + 1} holds whenever this one does, and comes first"
                if same
                else f"it contradicts trigger {j + 1}, which holds whenever this one does",
            )
            break


def _forestalls(earlier: Trigger, later: Trigger, others: Sequence[Trigger]) -> bool:
    """Whether the earlier trigger is taken wherever the later one could be."""
    if earlier.at_review != later.at_review or not _covers(earlier, later):
        return False
    if earlier.action == later.action and later.weeks <= earlier.weeks:
        return True
    return not _may_run(earlier, others)


def _may_run(trigger: Trigger, others: Sequence[Trigger]) -> bool:
    """Whether what a trigger would begin for some weeks may be running already, for as long.

    Its own run is a week shorter when it is looked at again. Levers suspend contact too.
    """
    return trigger.action == "suspend" or any(
        t.action == trigger.action and t.weeks > trigger.weeks for t in others
    )


def _covers(earlier: Trigger, later: Trigger) -> bool:
    """Whether the earlier trigger holds, and is not idle, wherever the later one could be taken."""
    named = [c for c in earlier.conditions if isinstance(c.bound, str)]
    if not all(_is_implied(c, later.conditions) for c in named):
        return False
    outer, inner = (_ranges(_acting(t), t) for t in (earlier, later))
    for seen, (low, high) in outer.items():
        mine = inner.get(seen) or _limits(_known(seen, later))
        if mine[0] < low or high < mine[1]:
            return False
    return True


def _is_implied(condition: Condition, by: Sequence[Condition]) -> bool:
    """Whether a comparison with a parameter follows from one with the same parameter."""
    return any(
        c.bound == condition.bound and c.sign in _HOLDS_UNDER[condition.sign]
        for c in by
        if c.seen == condition.seen
    )


def _exclusive(conditions: Sequence[Condition]) -> bool:
    """Whether two comparisons of one observable with one bound cannot both hold."""
    return any(
        one.bound == other.bound and other.sign in _EXCLUDES[one.sign]
        for one in conditions
        for other in conditions
    )


def _acting(trigger: Trigger) -> tuple[Condition, ...]:
    """Conditions under which a trigger is taken: those written, and that it changes something."""
    return (*trigger.conditions, *_IMPLIED.get(trigger.action, ()))


def _ranges(conditions: Sequence[Condition], trigger: Trigger) -> dict[str, Interval]:
    """Values of each observable under which all conditions can hold."""
    held: dict[str, Interval] = {}
    for condition in conditions:
        known = _known(condition.seen, trigger)
        low, high = held.get(condition.seen, _limits(known))
        least, most = _inside(condition)
        held[condition.seen] = known.narrowed(max(low, least), min(high, most))
    return held


def _known(seen: str, trigger: Trigger) -> Observable:
    return observable(seen, at_review=trigger.at_review)


def _limits(known: Observable) -> Interval:
    return known.low, known.high


def _inside(condition: Condition) -> Interval:
    """Values under which a condition can hold: all of them where a parameter decides."""
    if isinstance(condition.bound, str):
        return -math.inf, math.inf
    bound = condition.bound
    match condition.sign:
        case ">=":
            return bound, math.inf
        case ">":
            return math.nextafter(bound, math.inf), math.inf
        case "<=":
            return -math.inf, bound
        case _:
            return -math.inf, math.nextafter(bound, -math.inf)
