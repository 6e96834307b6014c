"""Small games beside the simulator: quantal response, and crisis bargaining in private.

They check directions, not sizes. A quantal response player chooses better moves more often, by a
logit of their payoffs (McKelvey and Palfrey 1995); the larger the precision, the nearer to the
best reply.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["CrisisGame", "optimal_demand", "quantal_response"]

F8 = NDArray[np.float64]

_ROUNDS = 2000
_STEPS = 30


def quantal_response(row: F8, column: F8, precision: float) -> tuple[F8, F8]:
    """The logit equilibrium of a two-player game that grows from equal chances.

    Precision is raised in small steps and the mixtures follow, so that of several equilibria the
    principal branch is found.

    Parameters
    ----------
    row, column : float64[row move, column move]
        Payoffs of each player.
    """
    mine = np.full(row.shape[0], 1.0 / row.shape[0])
    theirs = np.full(row.shape[1], 1.0 / row.shape[1])
    for now in np.linspace(0.0, precision, _STEPS):
        # Short steps: where replies cycle, as in matching pennies, whole ones would not settle.
        pace = 1.0 / (1.0 + now * max(np.ptp(row), np.ptp(column)))
        for _ in range(_ROUNDS):
            to_mine = special.softmax(now * (row @ theirs)) - mine
            to_theirs = special.softmax(now * (mine @ column)) - theirs
            mine, theirs = mine + pace * to_mine, theirs + pace * to_theirs
            if max(np.abs(to_mine).max(), np.abs(to_theirs).max()) < 1e-11:
                break
    return mine, theirs


def optimal_demand(win: float, own_cost: float, most_cost: float) -> tuple[float, float]:
    """What to demand of a rival whose cost of war is unknown, and the chance of war that follows.

    The risk-return trade-off of Fearon (1995): the pie is 1, the demander wins a war with chance
    `win`, and the rival's cost is uniform from 0 to `most_cost`. Asking more pays more if it is
    granted, and is refused more often.
    """
    demand = win + max(0.0, (most_cost - own_cost) / 2.0)
    demand = min(1.0, demand)
    return demand, float(np.clip((demand - win) / most_cost, 0.0, 1.0))


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

    def _war(self, resolute: float) -> float:
        """Chance of war at a belief: over both demands, and both kinds of rival."""
        refused = np.array([self._refusal(self.win + c) for c in (self.firm_cost, self.weak_cost)])
        by_demand = refused @ np.array([1.0 - resolute, resolute])
        demands = self.win + np.array([self.firm_cost, self.weak_cost])
        worth = (1.0 - by_demand) * demands + by_demand * (self.win - self.own_cost)
        return float(self._choice(worth) @ by_demand)

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
