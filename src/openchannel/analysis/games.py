"""A small game beside the simulator: crisis bargaining with private information.

It checks directions, not sizes. A quantal response player chooses better moves more often, by a
logit of their payoffs (McKelvey and Palfrey 1995); the larger the precision, the nearer to the
best reply.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["CrisisGame"]

F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CrisisGame:
    """A demand to a rival who is weak or resolute, after a signal of which.

    The pie is 1 and a war is won with chance `win`. A weak rival loses `weak_cost` in a war, a
    resolute one `firm_cost`. The demander asks what the weak would just grant, or what both would.

    resolute : chance that the rival is resolute
    precision : of the logit choices of both sides, infinite for best replies
    """

    win: float
    own_cost: float
    weak_cost: float
    firm_cost: float
    resolute: float
    precision: float = np.inf

    def chance_of_war(self, false_alarm: float, missed: float) -> float:
        """Chance that the demand is refused.

        Parameters
        ----------
        false_alarm, missed : float
            Chance that a weak rival looks resolute, and that a resolute one looks weak.
        """
        seen = self.resolute * (1.0 - missed) + (1.0 - self.resolute) * false_alarm
        after_firm = self.resolute * (1.0 - missed) / seen if seen else 0.0
        after_weak = self.resolute * missed / (1.0 - seen) if seen < 1.0 else 0.0
        return seen * self._war(after_firm) + (1.0 - seen) * self._war(after_weak)

    @property
    def demands(self) -> F8:
        """What both kinds of rival would just grant, and what the weak alone would: float64[2]."""
        return self.win + np.array([self.firm_cost, self.weak_cost])

    def asked(self, resolute: float) -> F8:
        """Chance of each demand at a belief: float64[2]."""
        refused = self._refused(resolute)
        return self._choice((1.0 - refused) * self.demands + refused * (self.win - self.own_cost))

    def _war(self, resolute: float) -> float:
        """Chance of war at a belief: over both demands, and both kinds of rival."""
        return float(self.asked(resolute) @ self._refused(resolute))

    def _refused(self, resolute: float) -> F8:
        """Chance that each demand is refused, over both kinds of rival: float64[2]."""
        by_kind = np.array([self._refusal(float(d)) for d in self.demands])
        return np.asarray(by_kind @ np.array([1.0 - resolute, resolute]))

    def _refusal(self, demand: float) -> F8:
        """Chance that the weak and the resolute refuse: float64[2]."""
        gain = demand - self.win - np.array([self.weak_cost, self.firm_cost])
        if np.isinf(self.precision):
            return np.where(gain > 1e-12, 1.0, 0.0)
        return np.asarray(special.expit(self.precision * gain))

    def _choice(self, worth: F8) -> F8:
        """Chances of the moves by their worth: float64[move]."""
        if np.isinf(self.precision):
            return np.asarray(np.eye(len(worth))[int(worth.argmax())])
        return np.asarray(special.softmax(self.precision * worth))
