"""Words of the triggers as numbers: what is seen, how it is compared, and what is done.

Owns the numbers and nothing else; `rules` reads them, `model.triggers` writes them.
"""

from __future__ import annotations

from enum import IntEnum, auto

__all__ = ["Action", "Bound", "Seen", "Sign"]


class Seen(IntEnum):
    """What the triggers of a policy may look at: what an official could have seen."""

    reliability_24h = auto()  # of the week; at a review, mean of the year
    thickness = auto()  # likewise
    compromise = auto()  # worst severity of an intelligence compromise since the last review
    failed_reviews = auto()  # running
    week = auto()  # weeks played, from 1
    rung = auto()
    severity = auto()  # worst event of the week, 0 for none
    crisis_begins = auto()
    succession = auto()
    deception = auto()
    agreement = auto()
    scaled_up = auto()  # 1 in the second stage
    political_cost = auto()
    alliance_friction = auto()
    belief_in_trade = auto()


class Sign(IntEnum):
    """Comparisons of a trigger."""

    at_least = auto()
    above = auto()
    at_most = auto()
    below = auto()


class Bound(IntEnum):
    """What a trigger compares with: a number, or a parameter of the module `rules`."""

    number = auto()
    up_rel = auto()
    up_K = auto()
    up_ci = auto()
    exit_failures = auto()
    mu_hi = auto()
    mu_lo = auto()


class Action(IntEnum):
    """What a trigger does."""

    become = auto()  # the levers of the target
    step_back = auto()  # the policy's own levers
    leave = auto()  # the status quo, for good
    suspend = auto()  # contact, for some weeks at least
    surge = auto()  # marked channels are reinforced, for some weeks at least
    bargain_more = auto()  # a step more willing to bargain, for some weeks
    bargain_less = auto()
