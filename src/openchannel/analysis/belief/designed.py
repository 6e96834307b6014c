"""Sensitivity by runs made for it: Morris screening, and Sobol indices of first and total order.

These ask for evaluations at chosen points, so they take the simulator as a function on the unit
cube in which the draws are made. Its coordinates are independent, also where the beliefs that come
of them are not, so first and total indices mean there what they are meant to mean. SALib chooses
the points and does the sums; luck, which it does not know, is taken out here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.extras import extra
from openchannel.analysis.belief.index import Index, undefined

__all__ = ["Evaluate", "Screened", "SobolIndices", "screen", "sobol"]

F8 = NDArray[np.float64]

Evaluate = Callable[[F8], tuple[F8, F8]]
"""Points float64[point, coordinate] in (0, 1) to conditional means and the variance of luck.

The variance is that of luck that differs from point to point. With common random numbers the
same futures are played at every point: their luck is part of the function, and the variance zero.
"""

_Z95 = 1.959963984540054
# Laws without bounds have no value at the very ends of the cube.
_ENDS = (0.005, 0.995)


@dataclass(frozen=True, slots=True)
class Screened:
    """Elementary effects of one coordinate (Morris).

    effect : mean size of the change in the difference, over the whole range of the coordinate
    mean : mean of the change with its sign
    spread : standard deviation of the change: curvature and interplay
    from_luck : size that luck alone would show
    """

    effect: Index
    mean: float
    spread: float
    from_luck: float

    @property
    def stands_out(self) -> bool:
        """The effect is larger than what luck alone would show, by its interval."""
        return self.effect.low > self.from_luck


@dataclass(frozen=True, slots=True)
class SobolIndices:
    """First-order and total indices, and the number of evaluations that they took."""

    first: tuple[Index, ...]
    total: tuple[Index, ...]
    n_runs: int


def _problem(names: Sequence[str]) -> dict[str, object]:
    return {"num_vars": len(names), "names": list(names), "bounds": [list(_ENDS)] * len(names)}


def screen(
    names: Sequence[str], evaluate: Evaluate, *, n_paths: int = 20, seed: int = 0
) -> tuple[Screened, ...]:
    """Morris screening: one step at a time along random paths, `n_paths` (coordinates + 1) runs.

    References
    ----------
    Morris (1991), Technometrics 33; Campolongo, Cariboni, Saltelli (2007), Environmental
    Modelling & Software 22: the mean of absolute effects.
    """
    sample, analyse = extra("SALib.sample.morris"), extra("SALib.analyze.morris")

    levels = 4
    problem = _problem(names)
    points = sample.sample(problem, n_paths, num_levels=levels, seed=seed)
    mean, luck = evaluate(points)
    found = analyse.analyze(problem, points, mean, num_levels=levels, seed=seed)
    step = levels / (2.0 * (levels - 1.0))
    # An effect is the difference of two points over the step; |N(0, s)| has mean s sqrt(2/pi).
    from_luck = float(np.sqrt(2.0 * luck.mean()) / step * np.sqrt(2.0 / np.pi))
    return tuple(
        Screened(
            Index(name, float(found["mu_star"][i]), float(found["mu_star_conf"][i]) / _Z95),
            float(found["mu"][i]),
            float(found["sigma"][i]),
            from_luck,
        )
        for i, name in enumerate(names)
    )


def sobol(
    names: Sequence[str], evaluate: Evaluate, *, n_base: int = 256, seed: int = 0
) -> SobolIndices:
    """Sobol indices by Saltelli's design: `n_base` (coordinates + 2) runs.

    Luck that differs from point to point raises the variance and every total index; both are
    corrected by its known variance. First-order numerators are free of it as they stand.

    Parameters
    ----------
    n_base : a power of two

    References
    ----------
    Saltelli et al. (2010), Computer Physics Communications 181: 259-270.
    """
    sample, analyse = extra("SALib.sample.sobol"), extra("SALib.analyze.sobol")

    problem = _problem(names)
    points = sample.sample(problem, n_base, calc_second_order=False, seed=seed)
    mean, luck = evaluate(points)
    found = analyse.analyze(problem, mean, calc_second_order=False, seed=seed)
    block = len(names) + 2
    ends = np.concatenate([mean[::block], mean[block - 1 :: block]])
    seen = float(ends.var())
    true = seen - float(luck.mean())
    if not true > 0.0:
        nothing = tuple(undefined(name) for name in names)
        return SobolIndices(nothing, nothing, len(points))
    grow, shed = seen / true, float(luck.mean()) / true
    first = tuple(
        Index(n, float(v) * grow, float(c) * grow / _Z95)
        for n, v, c in zip(names, found["S1"], found["S1_conf"], strict=True)
    )
    total = tuple(
        Index(n, float(v) * grow - shed, float(c) * grow / _Z95)
        for n, v, c in zip(names, found["ST"], found["ST_conf"], strict=True)
    )
    return SobolIndices(first, total, len(points))
