"""Where doubt is left after a run, how many further futures each place deserves, and what they say.

A difference is of *decision grade* when its error is a tenth of it, or a tenth of the smallest
difference that would matter. A first run, of a size fixed beforehand, decides where further futures
go. What they say is estimated from them alone, so that nothing is in it that was chosen for what it
showed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.estimates import Estimates
from openchannel.analysis.smoothing import ridge
from openchannel.analysis.summary import Findings
from openchannel.analysis.verdict import MATERIAL
from openchannel.ensemble import Collected
from openchannel.ensemble.scrambles import SCRAMBLES, by_scramble
from openchannel.kernel.records import LANES
from openchannel.model.metrics import metric_index

__all__ = ["GRADE", "SHARPENED", "Size", "allocate", "gaps", "needed", "stake_slope"]

#: An error of this share of a difference is small enough to decide by.
GRADE = 0.1
#: Metrics that gain from belief draws where risk is high; the first decides where futures go.
SHARPENED = ("p_war", "p_nuclear_use", "p_large_exchange", "fatalities", "composite_loss")

# Belief draws of a block: a net of each scramble has at least four points, and memory a bound.
_FEWEST_DRAWS, _MOST_DRAWS = 4 * SCRAMBLES, 256 * SCRAMBLES
# Share of the fitted direction that draws are moved by. Errors are flat around it (0.6 to 0.9 of
# it differ by a twentieth), and too much of it would rest the mean on a few heavy draws.
_TILT = 0.75
_LEAST_STAKE = 3e-3  # in units of the mean: a draw below counts as if it had that much
_DRAWS_FOR_A_DIRECTION = 256

F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """Belief draws, and futures for each, of one block of further futures."""

    draws: int
    replicates: int

    @classmethod
    def near(cls, futures: float) -> Size:
        """The size nearest to a wanted number of futures: doublings of the smallest."""
        doublings = max(0, round(math.log2(max(futures, 1.0) / (_FEWEST_DRAWS * LANES))))
        draws = min(_FEWEST_DRAWS << doublings, _MOST_DRAWS)
        return cls(draws, (_FEWEST_DRAWS * LANES << doublings) // draws)

    @property
    def futures(self) -> int:
        """Futures of each policy."""
        return self.draws * self.replicates


def needed(findings: Findings) -> F8:
    """Futures that each difference would need for decision grade: float64[world, policy].

    Nought where a policy is of that grade already, in the world and pooled. By its own
    errors, so it says how places compare, and is an upper bound of what scrambles and tilt need.
    """
    weights, base = findings.weights, findings.base
    futures = findings.plan.futures
    need = np.zeros((len(weights), len(findings.plan.policies)))
    views = list(findings.by_world)
    for x in range(need.shape[1]):
        if x == base:
            continue
        errors, goals = np.array([_error_and_goal(view, x, base) for view in views]).T
        error, goal = _error_and_goal(findings.pooled, x, base)
        alone = np.where(errors > goals, (errors / goals) ** 2, 0.0)
        shares = weights * errors
        # Of a pooled error that is to fall to its goal, each world's share as Neyman would have it.
        together = shares * shares.sum() / goal**2 if error > goal else 0.0 * shares
        need[:, x] = futures * np.maximum(alone, together)
    return need


def _error_and_goal(view: Estimates, policy: int, base: int) -> tuple[float, float]:
    metric = SHARPENED[0]
    found = view.difference(metric, policy, base)[0]
    least = MATERIAL * view.mean(metric, base)
    return found.mcse, max(GRADE * max(abs(found.mean), least), 1e-300)


def allocate(need: F8, budget: float) -> F8:
    """Futures for each place, the sum at most the budget: float64 of the shape of `need`.

    As the square root of the need, which makes the sum of squared errors in units of their goals
    as small as it can be; none gets more than it needs.
    """
    given = np.zeros_like(need)
    root = np.sqrt(need)
    left, open_ = float(budget), need > 0.0
    while open_.any():
        share = left / root[open_].sum()
        full = open_ & (root * share >= need)
        if not full.any():
            given[open_] = root[open_] * share
            break
        given[full] = need[full]
        left -= float(need[full].sum())
        open_ &= ~full
    return given


def stake_slope(scores: F8, squares: F8) -> F8:
    """How far to move belief draws along each coordinate: float64[coordinate].

    The best density of draws is as the root of the mean square of what is averaged. Ridge on its
    logarithm, as risks multiply; noughts where there are too few draws to tell.

    Parameters
    ----------
    scores : float64[draw, coordinate], standard normal scores of the first run's draws
    squares : float64[draw, policy], mean squares of paired differences in each
    """
    level = squares.mean(axis=0)
    seen = level > 0.0
    if len(squares) < _DRAWS_FOR_A_DIRECTION or not seen.any():
        return np.zeros(scores.shape[1])
    stake = (squares[:, seen] / level[seen]).mean(axis=1)
    root = 0.5 * np.log(np.maximum(stake, _LEAST_STAKE))
    fitted = ridge(scores, root[:, None], np.ones(len(stake)))
    # Rounded, so that the last digits of a library of linear algebra change no belief.
    return np.round(_TILT * fitted[1:, 0], 4)


def gaps(collected: Collected, weights: F8, policy: int, base: int, metric: str) -> F8:
    """Paired difference of each scramble in the one world of a block: float64[scramble]."""
    top = collected.numerator[:, 0, :, metric_index(metric)]
    gap = (top[:, policy] - top[:, base]) / collected.sizes
    return by_scramble(weights * gap)
