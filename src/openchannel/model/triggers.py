"""Triggers of policies as rows of numbers, which the kernel reads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from openchannel.domain import Condition, Trigger
from openchannel.kernel.language import Action, Bound, Seen, Sign
from openchannel.kernel.records import MOST_TRIGGERS, TRIGGER_WIDTH

__all__ = ["pack_triggers"]

_SIGNS = {">=": Sign.at_least, ">": Sign.above, "<=": Sign.at_most, "<": Sign.below}


def pack_triggers(policies: Sequence[Sequence[Trigger]]) -> NDArray[np.float64] | None:
    """float64[policy, MOST_TRIGGERS, TRIGGER_WIDTH]; None where no policy has a trigger."""
    if not any(policies):
        return None
    rows = np.zeros((len(policies), MOST_TRIGGERS, TRIGGER_WIDTH))
    for x, triggers in enumerate(policies):
        for k, trigger in enumerate(triggers):
            numbers = _numbers(trigger)
            rows[x, k, : len(numbers)] = numbers
    return rows


def _numbers(trigger: Trigger) -> list[float]:
    head = [trigger.at_review, Action[trigger.action], trigger.weeks, len(trigger.conditions)]
    conditions = [n for c in trigger.conditions for n in _condition(c)]
    return [float(n) for n in (*head, *conditions)]


def _condition(condition: Condition) -> tuple[float, ...]:
    bound = condition.bound
    which = Bound.number if isinstance(bound, float) else Bound[bound]
    value = bound if isinstance(bound, float) else 0.0
    return Seen[condition.seen], _SIGNS[condition.sign], which, value
