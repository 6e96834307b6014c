"""The language of triggers: `reliability_24h >= 0.15 and thickness >= up_K`, and what follows.

Small on purpose: comparisons joined by `and`, and one of seven actions. Nothing is evaluated here;
text becomes conditions, and what cannot be or never holds is a problem with its place.
"""

from __future__ import annotations

import math
import re

from openchannel.casefile.observables import BOUNDS, OBSERVABLES
from openchannel.casefile.taken import never_taken
from openchannel.casefile.words import listed, one_of
from openchannel.domain import Condition, Trigger

__all__ = ["MOST_CONDITIONS", "TriggerError", "parse_trigger"]

_COMPARISON = re.compile(r"([A-Za-z]\w*)\s*(>=|<=|>|<)\s*(\S+)")
_EVENT = re.compile(r"(?:(not)\s+)?([A-Za-z]\w*)")
_BECOME = re.compile(r"become\s+([A-Za-z][\w-]*)")
_LASTING = re.compile(r"(suspend|surge|bargain more|bargain less) (\d+) weeks?")
_MOST_WEEKS = 1040
MOST_CONDITIONS = 6  # what the kernel has room for
_ACTIONS = (
    "`become ID`, `step back`, `leave`, or for N weeks `suspend N weeks`, `surge N weeks`, "
    "`bargain more N weeks`, `bargain less N weeks`"
)


class TriggerError(ValueError):
    """What is wrong with a trigger, what is allowed, and how to mend it."""

    def __init__(self, wrong: str, allowed: str, mend: str) -> None:
        self.wrong, self.allowed, self.mend = wrong, allowed, mend
        super().__init__(wrong)


def parse_trigger(when: str, then: str, *, at_review: bool) -> tuple[Trigger, str]:
    """A trigger, and the id of the policy that it becomes or an empty text.

    Raises
    ------
    TriggerError
        Words that are not of the language, values that cannot occur, conditions that never hold.

    Examples
    --------
    >>> parse_trigger("rung >= 3 and not agreement", "leave", at_review=False)[0].conditions[1]
    Condition(seen='agreement', sign='<', bound=0.5)
    """
    parts = re.split(r"\s+and\s+", when.strip())
    if len(parts) > MOST_CONDITIONS:
        raise TriggerError(
            f"{len(parts)} conditions", f"at most {MOST_CONDITIONS}", "split or shorten the trigger"
        )
    conditions = tuple(_condition(part, at_review) for part in parts)
    kind, target, weeks = _action(then)
    trigger = Trigger(conditions, kind, at_review, weeks)  # type: ignore[arg-type]
    if (never := never_taken(trigger)) is not None:
        raise TriggerError(
            never.wrong, never.allowed, "change the conditions, or delete the trigger"
        )
    return trigger, target


def _action(then: str) -> tuple[str, str, float]:
    """What is done, the policy that it becomes, and for how many weeks; empty or 0 for none."""
    action = re.sub(r"\s+", " ", then.strip())
    if action in ("leave", "step back"):
        return action.replace(" ", "_"), "", 0.0
    if match := _BECOME.fullmatch(action):
        return "become", match[1], 0.0
    if match := _LASTING.fullmatch(action):
        weeks = int(match[2])
        if 1 <= weeks <= _MOST_WEEKS:
            return match[1].replace(" ", "_"), "", float(weeks)
        raise TriggerError(
            f"`{match[1]}` for {weeks} weeks", f"1 to {_MOST_WEEKS} weeks", "write another number"
        )
    raise TriggerError(f"`{then}` is no action", _ACTIONS, "write one of these")


def _condition(text: str, at_review: bool) -> Condition:
    text = text.strip()
    if match := _COMPARISON.fullmatch(text):
        seen = _observable(match[1], at_review)
        if OBSERVABLES[seen].is_event:
            raise TriggerError(
                f"`{seen}` holds or does not; it has no size",
                f"`{seen}` or `not {seen}`",
                "leave the comparison out",
            )
        return Condition(seen, match[2], _bound(seen, match[3]))  # type: ignore[arg-type]
    if match := _EVENT.fullmatch(text):
        seen = _observable(match[2], at_review)
        if not OBSERVABLES[seen].is_event:
            raise TriggerError(
                f"`{seen}` is compared with nothing",
                "a comparison, such as `reliability_24h >= 0.15`",
                f"write `{seen} >= ` and a number",
            )
        return Condition(seen, "<" if match[1] else ">=", 0.5)
    raise TriggerError(
        f"`{text}` is no condition",
        "comparisons and events joined by `and`, such as `rung >= 2 and not agreement`",
        "write one trigger for each way in which something may happen",
    )


def _observable(name: str, at_review: bool) -> str:
    if name not in OBSERVABLES:
        raise TriggerError(
            f"`{name}` is nothing that can be seen",
            one_of(name, OBSERVABLES),
            "write one of these names",
        )
    if OBSERVABLES[name].at_review_only and not at_review:
        raise TriggerError(
            f"`{name}` is known at a yearly review alone",
            "triggers with `at: review`",
            "add `at: review`",
        )
    return name


def _bound(seen: str, text: str) -> float | str:
    if text in BOUNDS:
        if BOUNDS[text] != seen:
            raise TriggerError(
                f"`{text}` is a bound on `{BOUNDS[text]}`, not on `{seen}`",
                "a number, or the parameter that bounds this",
                f"write `{BOUNDS[text]}`, or a number",
            )
        return text
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise TriggerError(
            f"`{text}` is no number",
            f"a number, or one of {listed(BOUNDS)}",
            "write a number",
        )
    return value
