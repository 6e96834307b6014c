"""What a belief is asked to explain: the size of the difference, its sign, or the best policy.

Conditional means hold luck. A sign or a choice read off them would be a noisy label, so what is
explained is the chance of the label given the data: normal luck of known variance on beliefs that
are spread normally about a centre (empirical Bayes, as in `analysis.estimates.ByDraw`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.estimates import ByDraw

__all__ = [
    "Target",
    "best_policy",
    "chance_worse",
    "sign_of_difference",
    "size_of_difference",
]

F8 = NDArray[np.float64]


@dataclass(frozen=True)
class Target:
    """What is to be explained, and how much of it there is once luck is taken out.

    values : float64[draw, outcome], centred
    spread : float64[draw], what each draw adds to the variance over beliefs, luck taken out
    """

    values: F8
    spread: F8

    @property
    def variance(self) -> float:
        """Variance over beliefs without luck; an estimate, so it may be negative."""
        n = len(self.spread)
        return float(self.spread.mean()) * n / (n - 1)


def size_of_difference(difference: F8, luck: F8) -> Target:
    """Target: the difference in loss itself.

    difference, luck : float64[draw] conditional means and the variance that luck puts on each
    """
    centred = difference - difference.mean()
    return Target(centred[:, None], centred**2 - luck)


def chance_worse(
    difference: F8, luck: F8, scale: F8 | None = None, expected: F8 | None = None
) -> F8:
    """Chance that the policy does worse than the baseline, for each belief draw: float64[draw].

    Parameters
    ----------
    difference : float64[draw]
        Conditional mean of loss, policy minus baseline; positive is worse.
    luck : float64[draw]
        Variance that luck puts on it.
    scale : float64[draw], optional
        Level in proportion to which effects are taken to be of one size; default 1.
    expected : float64[draw], optional
        What the beliefs of a draw let expect of it, from the other draws
        (`surface.expected_difference`); default the common centre. With it the chance uses what
        draws with like beliefs say, without it the chance is dragged toward the overall share.
    """
    level = np.ones_like(difference) if scale is None else scale
    offset = np.zeros_like(difference) if expected is None else expected
    above = ByDraw(difference - offset, luck, level).chance_above(-offset)
    # Where no future differed at all, the policy is not worse.
    still = (np.abs(difference) < 1e-12 * level) & (luck <= 0.0)
    return np.asarray(np.where(still, 0.0, above))


def sign_of_difference(chance: F8) -> Target:
    """Target: whether the policy does worse.

    chance : float64[draw], from `chance_worse`; zeros and ones where there is no luck
    """
    return _indicators(chance[:, None])


def best_policy(chances: F8) -> Target:
    """Target: which policy is the best.

    chances : float64[draw, policy], from `choice.chance_best`

    The variance is that of the indicators of all policies together (aggregated Sobol index).

    References
    ----------
    Gamboa, Janon, Klein, Lagnoux (2014), Electronic Journal of Statistics 8: 575-603.
    """
    return _indicators(chances)


def _indicators(chances: F8) -> Target:
    share = chances.mean(axis=0)
    spread = chances * (1.0 - share) ** 2 + (1.0 - chances) * share**2
    return Target(chances - share, spread.sum(axis=1))
