"""The language of triggers: `reliability_24h >= 0.15 and thickness >= up_K`, and what follows.

Small on purpose: comparisons joined by `and`, and one of seven actions. Nothing is evaluated here;
text becomes conditions, and what cannot be, never holds, or contradicts itself is a problem with
its place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from openchannel.casefile.words import listed, one_of
from openchannel.domain import Condition, Trigger

__all__ = [
    "BOUNDS",
    "MOST_CONDITIONS",
    "OBSERVABLES",
    "Observable",
    "TriggerError",
    "conflicts",
    "parse_trigger",
]


@dataclass(frozen=True, slots=True)
class Observable:
    """Something that an official could see, and the values that it can take."""

    low: float
    high: float
    meaning: str
    is_event: bool = False  # holds or not; written without a comparison
    at_review_only: bool = False


#: Names of the language; the kernel knows the same.
OBSERVABLES: Mapping[str, Observable] = MappingProxyType(
    {
        "reliability_24h": Observable(0, 1, "reliability within 24 hours"),
        "thickness": Observable(0, 1000, "effective number of channels"),
        "compromise": Observable(
            0, math.inf, "worst intelligence compromise since the last review",
            at_review_only=True,
        ),
        "failed_reviews": Observable(
            0, 1000, "failed yearly reviews running", at_review_only=True
        ),
        "week": Observable(1, math.inf, "weeks since the start"),
        "rung": Observable(0, 5, "rung of the running crisis, 0 for none"),
        "severity": Observable(0, 5, "worst event of the week, 0 for none"),
        "crisis_begins": Observable(0, 1, "a crisis begins this week", is_event=True),
        "succession": Observable(0, 1, "a succession this week", is_event=True),
        "deception": Observable(0, 1, "a deception comes to light this week", is_event=True),
        "agreement": Observable(0, 1, "an agreement is in force", is_event=True),
        "scaled_up": Observable(0, 1, "the second stage has begun", is_event=True),
        "political_cost": Observable(0, math.inf, "political cost at home"),
        "alliance_friction": Observable(-math.inf, math.inf, "friction with allies"),
        "belief_in_trade": Observable(0, 1, "own belief that the other side would trade"),
    }
)  # fmt: skip

#: Parameters of the module `rules` that a comparison may name, and what each is compared with.
BOUNDS: Mapping[str, str] = MappingProxyType(
    {
        "up_rel": "reliability_24h",
        "up_K": "thickness",
        "up_ci": "compromise",
        "exit_failures": "failed_reviews",
        "mu_hi": "belief_in_trade",
        "mu_lo": "belief_in_trade",
    }
)

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

Interval = tuple[float, float]


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
    _never(conditions)
    action = re.sub(r"\s+", " ", then.strip())
    if action in ("leave", "step back"):
        kind = "leave" if action == "leave" else "step_back"
        return Trigger(conditions, kind, at_review), ""  # type: ignore[arg-type]
    if match := _BECOME.fullmatch(action):
        return Trigger(conditions, "become", at_review), match[1]
    if match := _LASTING.fullmatch(action):
        weeks = int(match[2])
        if 1 <= weeks <= _MOST_WEEKS:
            kind = match[1].replace(" ", "_")
            return Trigger(conditions, kind, at_review, float(weeks)), ""  # type: ignore[arg-type]
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


def _inside(condition: Condition) -> Interval | None:
    """Values under which a condition holds; None where a parameter decides."""
    if isinstance(condition.bound, str):
        return None
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


def _ranges(conditions: Sequence[Condition]) -> dict[str, Interval]:
    """Values of each observable under which all conditions can hold."""
    held: dict[str, Interval] = {}
    for condition in conditions:
        known = OBSERVABLES[condition.seen]
        low, high = held.get(condition.seen, (known.low, known.high))
        inside = _inside(condition)
        if inside is not None:
            low, high = max(low, inside[0]), min(high, inside[1])
        held[condition.seen] = (low, high)
    return held


def _never(conditions: Sequence[Condition]) -> None:
    """Refuse conditions that no state can meet."""
    for seen, (low, high) in _ranges(conditions).items():
        if low > high:
            known = OBSERVABLES[seen]
            several = sum(c.seen == seen for c in conditions) > 1
            raise TriggerError(
                f"the conditions on `{seen}` contradict each other"
                if several
                else f"`{seen}` never takes such a value",
                f"values of {known.meaning} from {known.low:g} to {known.high:g}",
                "change the comparison, or delete the trigger",
            )


def conflicts(triggers: Sequence[Trigger]) -> Iterator[tuple[int, str]]:
    """Triggers that cannot be taken, by place: an earlier one always comes before them."""
    for i, later in enumerate(triggers):
        for j, earlier in enumerate(triggers[:i]):
            if earlier.at_review != later.at_review or not _covers(earlier, later):
                continue
            same = (earlier.action, earlier.weeks) == (later.action, later.weeks)
            yield (
                i,
                f"trigger {j + 1} holds whenever this one does, and comes first"
                if same
                else f"it contradicts trigger {j + 1}, which holds whenever this one does",
            )
            break


def _covers(earlier: Trigger, later: Trigger) -> bool:
    """Whether the earlier trigger holds wherever the later one does."""
    if any(isinstance(c.bound, str) and c not in later.conditions for c in earlier.conditions):
        return False
    outer, inner = _ranges(earlier.conditions), _ranges(later.conditions)
    return all(
        seen in inner and low <= inner[seen][0] and inner[seen][1] <= high
        for seen, (low, high) in outer.items()
    )
