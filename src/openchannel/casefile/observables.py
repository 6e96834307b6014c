"""What an official could see, in the language of triggers, and the values that it can take."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from openchannel.domain.lengths import WEEKS_A_YEAR

__all__ = ["BOUNDS", "OBSERVABLES", "Observable", "observable"]

Interval = tuple[float, float]

_YEAR = float(WEEKS_A_YEAR)  # a review is held once a year


@dataclass(frozen=True, slots=True)
class Observable:
    """Something that an official could see, and the values that it can take.

    every : values are multiples of this; 0 where all between the ends can occur
    never : multiples that do not occur
    """

    low: float
    high: float
    meaning: str
    is_event: bool = False  # holds or not; written without a comparison
    at_review_only: bool = False
    every: float = 0.0
    never: tuple[float, ...] = ()

    def narrowed(self, low: float, high: float) -> Interval:
        """The lowest and the highest value that occurs in an interval; crossed where none does."""
        low, high = max(low, self.low), min(high, self.high)
        if not self.every:
            return low, high
        low = _multiple(low, self.every, math.ceil)
        high = _multiple(high, self.every, math.floor)
        while low in self.never:
            low += self.every
        while high in self.never:
            high -= self.every
        return low, high

    @property
    def told(self) -> str:
        """Its values in words."""
        kind = {0.0: "values", 1.0: "whole numbers"}.get(self.every, f"multiples of {self.every:g}")
        but = "".join(f", without {v:g}" for v in self.never)
        ends = {(False, False): "", (True, False): f" from {self.low:g} on"}.get(
            (math.isfinite(self.low), math.isfinite(self.high)),
            f" from {self.low:g} to {self.high:g}",
        )
        return f"{kind} of {self.meaning}{ends}{but}"


def _multiple(value: float, of: float, rounded: Callable[[float], int]) -> float:
    return of * rounded(value / of) if math.isfinite(value) else value


def _event(meaning: str) -> Observable:
    return Observable(0, 1, meaning, is_event=True, every=1)


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
            0, 1000, "failed yearly reviews running", at_review_only=True, every=1
        ),
        "week": Observable(1, math.inf, "weeks since the start", every=1),
        "rung": Observable(0, 5, "rung of the running crisis, 0 for none", every=1),
        "severity": Observable(0, 5, "worst event of the week, 0 for none", every=1, never=(1,)),
        "crisis_begins": _event("a crisis begins this week"),
        "succession": _event("a succession this week"),
        "deception": _event("a deception comes to light this week"),
        "agreement": _event("an agreement is in force"),
        "scaled_up": _event("the second stage has begun"),
        "political_cost": Observable(0, math.inf, "political cost at home"),
        "alliance_friction": Observable(-math.inf, math.inf, "friction with allies"),
        "belief_in_trade": Observable(0, 1, "own belief that the other side would trade"),
    }
)  # fmt: skip

#: Weeks in which a review is held.
_REVIEWS = Observable(_YEAR, math.inf, "weeks since the start", every=_YEAR)


def observable(name: str, *, at_review: bool) -> Observable:
    """What a name stands for, in a trigger of a review or of any week."""
    return _REVIEWS if at_review and name == "week" else OBSERVABLES[name]


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
