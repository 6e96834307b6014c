"""Whether there are enough draws for an estimate, and how many more it would take."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.index import Index

__all__ = ["Convergence", "enough", "enough_for_sign"]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
_ROOT_N = 0.5
# Slopes outside this are read off too few subsets to be believed.
_RATES = (0.35, 1.0)
# A sign or a place in a ranking is claimed at two standard errors.
_SIGNIFICANT = 2.0
_MOST = 10**9


@dataclass(frozen=True, slots=True)
class Convergence:
    """Enough draws, yes or no.

    error, wanted : standard error as it is and as it should be
    rate : b where the error falls as draws^-b; one half for plain means
    draws, needed : as there are and as would do; None where no number of draws is foreseen to
    """

    enough: bool
    error: float
    wanted: float
    rate: float
    draws: int
    needed: int | None

    @property
    def more(self) -> int | None:
        """How many more draws it would take; zero where there are enough."""
        return None if self.needed is None else max(0, self.needed - self.draws)


def _judge(error: float, wanted: float, rate: float, draws: int) -> Convergence:
    if error <= wanted:
        return Convergence(True, error, wanted, rate, draws, draws)
    if not (wanted > 0.0 and math.isfinite(error)):
        return Convergence(False, error, wanted, rate, draws, None)
    factor = (error / wanted) ** (1.0 / rate)
    needed = None if draws * factor > _MOST else math.ceil(draws * factor)
    return Convergence(False, error, wanted, rate, draws, needed)


def enough_for_sign(index: Index, draws: int) -> Convergence:
    """Whether an estimate is told from zero, by its own error and the law of root n.

    `needed` takes the estimate to stay what it is; for one that is zero in truth no number of
    draws will do, and the figure only grows with them.
    """
    return _judge(index.error, abs(index.value) / _SIGNIFICANT, _ROOT_N, draws)


def enough(
    estimate: Callable[[I8], float], draws: int, wanted: float, *, seed: int = 0
) -> Convergence:
    """Whether the error of any estimator is small enough, from how it falls with the draws.

    The estimator is asked on disjoint parts of the draws, a sixteenth to a half each. A line
    through the logarithm of their spread gives the rate, which is taken to be one half unless the
    line says otherwise by two of its errors, and the error at all draws.

    Parameters
    ----------
    estimate : rows int64[some of the draws] to a number
    wanted : standard error that would do, in the unit of the estimate
    """
    generator = np.random.default_rng(seed)
    sizes, spreads, freedom = [], [], []
    for parts, repeats in ((16, 2), (8, 4), (4, 8), (2, 16)):
        variances = []
        for _ in range(repeats):
            split = np.array_split(generator.permutation(draws), parts)
            variances.append(np.var([estimate(np.sort(rows)) for rows in split], ddof=1))
        sizes.append(draws / parts)
        spreads.append(math.sqrt(float(np.mean(variances))))
        freedom.append(repeats * (parts - 1))
    if max(spreads) == 0.0:
        return _judge(0.0, wanted, _ROOT_N, draws)
    rate, error = _line(np.array(sizes), np.array(spreads), np.array(freedom), draws)
    return _judge(error, wanted, rate, draws)


def _line(sizes: F8, spreads: F8, freedom: I8, draws: int) -> tuple[float, float]:
    """Rate at which the spread falls with size, and the spread at all draws."""
    x, y = np.log(sizes), np.log(np.maximum(spreads, 1e-300))
    # The logarithm of a standard deviation has variance 1 / (2 degrees of freedom).
    weight = 2.0 * freedom
    x0, y0 = np.average(x, weights=weight), np.average(y, weights=weight)
    bend = float((weight * (x - x0) ** 2).sum())
    slope = float((weight * (x - x0) * (y - y0)).sum()) / bend
    odd = abs(-slope - _ROOT_N) > _SIGNIFICANT / math.sqrt(bend)
    rate = float(np.clip(-slope, *_RATES)) if odd else _ROOT_N
    return rate, math.exp(float(y0) - rate * (math.log(draws) - float(x0)))
