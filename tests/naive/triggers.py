"""Triggers of a policy, from the reference of case files: what is seen, compared and done.

Owns the second reading of the language. Names stand for what an official could have seen by the
end of the week; at a review they stand for the year behind it.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence

from openchannel.domain import Condition, Trigger

from .record import Future, Inputs, Week

__all__ = ["act"]

_COMPARE = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}


def act(inp: Inputs, f: Future, w: Week, review: Mapping[str, float] | None) -> None:
    """Take the first trigger that holds and would change something; reviews come first.

    review : means of the year and its worst compromise, where one is held this week
    """
    triggers: Sequence[Trigger] = getattr(inp.rules, "triggers", ())
    f.st.surging = max(0, f.st.surging - 1)
    f.st.push -= (f.st.push > 0) - (f.st.push < 0)
    if not f.st.pe:
        return
    week = _seen(f, w)
    if review is not None and _take_first(
        inp, f, [t for t in triggers if t.at_review], week | review
    ):
        return
    _take_first(inp, f, [t for t in triggers if not t.at_review], week)


def _seen(f: Future, w: Week) -> dict[str, float]:
    st = f.st
    return {
        "reliability_24h": w.rel.d24,
        "thickness": w.K_eff,
        "failed_reviews": st.failures,
        "week": w.t + 1,
        "rung": st.r,
        "severity": max((k for k in range(6) if w.events[k]), default=0),
        "crisis_begins": w.onset,
        "succession": w.succession,
        "deception": w.deception,
        "agreement": st.ag > 0,
        "scaled_up": st.stage,
        "political_cost": st.Pd,
        "alliance_friction": st.F,
        "belief_in_trade": st.mu_t,
    }


def _take_first(
    inp: Inputs, f: Future, triggers: Iterable[Trigger], seen: Mapping[str, float]
) -> bool:
    for trigger in triggers:
        if _changes(f, trigger) and all(_holds(inp, c, seen) for c in trigger.conditions):
            _do(f, trigger)
            return True
    return False


def _holds(inp: Inputs, condition: Condition, seen: Mapping[str, float]) -> bool:
    bound = condition.bound
    value = getattr(inp.p, bound) if isinstance(bound, str) else bound
    return bool(_COMPARE[condition.sign](float(seen[condition.seen]), value))


def _changes(f: Future, trigger: Trigger) -> bool:
    """Whether anything would be different after it."""
    return {
        "become": f.st.stage == 0,
        "step_back": f.st.stage == 1,
        "leave": True,
        "suspend": f.st.susp < trigger.weeks,
        "surge": f.st.surging < trigger.weeks,
        "bargain_more": f.st.push < trigger.weeks,
        "bargain_less": f.st.push > -trigger.weeks,
    }[trigger.action]


def _do(f: Future, trigger: Trigger) -> None:
    match trigger.action:
        case "become":
            f.st.stage = 1
        case "step_back":
            f.st.stage = 0
        case "leave":
            f.st.pe = 0
        case "suspend":
            f.st.susp = int(trigger.weeks)
        case "surge":
            f.st.surging = int(trigger.weeks)
        case "bargain_more":
            f.st.push = int(trigger.weeks)
        case "bargain_less":
            f.st.push = -int(trigger.weeks)
