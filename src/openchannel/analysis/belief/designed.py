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

from openchannel.analysis.belief.index import Index, undefined
from openchannel.ensemble.unbroken import unbroken
from openchannel.extras import BELIEF

__all__ = ["Evaluate", "Screened", "SobolIndices", "screen", "sobol"]

F8 = NDArray[np.float64]

Evaluate = Callable[[F8], F8]
"""Points float64[point, coordinate] in (0, 1) to means float64[group, point] by group of luck.

Groups stand for equal parts of all luck, and the groups are the same at every point: what two
points share of their luck is seen in them. One group says that there is no luck.
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
    from_luck : size that luck alone would show, where only this coordinate moves
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
    sample, analyse = BELIEF.module("SALib.sample.morris"), BELIEF.module("SALib.analyze.morris")

    levels = 4
    problem = _problem(names)
    points = sample.sample(problem, n_paths, num_levels=levels, seed=seed)
    values = evaluate(points)
    found = analyse.analyze(problem, points, values.mean(axis=0), num_levels=levels, seed=seed)
    step = levels / (2.0 * (levels - 1.0))
    from_luck = _steps_from_luck(points, values, len(names)) / step
    return tuple(
        Screened(
            Index(name, float(found["mu_star"][i]), float(found["mu_star_conf"][i]) / _Z95),
            float(found["mu"][i]),
            float(found["sigma"][i]),
            float(from_luck[i]),
        )
        for i, name in enumerate(names)
    )


def _steps_from_luck(points: F8, values: F8, n: int) -> F8:
    """Mean size of a step along each coordinate that comes of luck alone: float64[coordinate].

    Two points that differ in one belief share most of their luck, so it is read off the steps.
    """
    path = values.reshape(len(values), -1, n + 1)
    luck = np.sqrt(_luck(np.diff(path, axis=2))).ravel()
    moved = np.abs(np.diff(points.reshape(-1, n + 1, n), axis=1)).argmax(axis=2).ravel()
    mean = np.bincount(moved, luck, n) / np.maximum(np.bincount(moved, minlength=n), 1)
    return np.asarray(mean * np.sqrt(2.0 / np.pi))  # |N(0, s)| has mean s sqrt(2/pi)


def _luck(values: F8) -> F8:
    """Variance of the mean over groups that luck leaves: float64[...] of float64[group, ...]."""
    if len(values) == 1:
        return np.zeros(values.shape[1:])
    return np.asarray(values.var(axis=0, ddof=1) / len(values))


def _shared_luck(one: F8, other: F8) -> F8:
    """Covariance of two means over groups that luck leaves, likewise."""
    if len(one) == 1:
        return np.zeros(one.shape[1:])
    product = (one - one.mean(axis=0)) * (other - other.mean(axis=0))
    return np.asarray(product.sum(axis=0) / (len(one) * (len(one) - 1)))


def sobol(
    names: Sequence[str], evaluate: Evaluate, *, n_base: int = 256, seed: int = 0
) -> SobolIndices:
    """Sobol indices by Saltelli's design: `n_base` (coordinates + 2) runs.

    Luck that differs from point to point raises the variance and the numerators; each is corrected
    by the luck in it, which groups show.

    Parameters
    ----------
    n_base : a power of two

    References
    ----------
    Saltelli et al. (2010), Computer Physics Communications 181: 259-270.
    """
    sample, analyse = BELIEF.module("SALib.sample.sobol"), BELIEF.module("SALib.analyze.sobol")

    problem = _problem(names)
    with unbroken():  # the points are SciPy's, as in `ensemble.design.sobol`
        points = sample.sample(problem, n_base, calc_second_order=False, seed=seed)
    values = evaluate(points)
    found = analyse.analyze(problem, values.mean(axis=0), calc_second_order=False, seed=seed)
    block = values.reshape(len(values), n_base, len(names) + 2)
    ends = block[:, :, [0, -1]]
    seen = float(ends.mean(axis=0).var())
    own = ends - values.mean(axis=1)[:, None, None]  # what all points share moves no variance
    true = seen - float(_luck(own).mean())
    if not true > 0.0:
        nothing = tuple(undefined(name) for name in names)
        return SobolIndices(nothing, nothing, len(points))
    step = block[:, :, 1:-1] - block[:, :, :1]
    luck_first = _shared_luck(step, own[:, :, 1:]).mean(axis=0) / true
    luck_total = _luck(step).mean(axis=0) / (2.0 * true)
    grow = seen / true
    return SobolIndices(
        _corrected(names, found["S1"], found["S1_conf"], grow, luck_first),
        _corrected(names, found["ST"], found["ST_conf"], grow, luck_total),
        len(points),
    )


def _corrected(
    names: Sequence[str], index: F8, interval: F8, grow: float, luck: F8
) -> tuple[Index, ...]:
    """Indices as shares of the true variance, less what luck gave them."""
    return tuple(
        Index(n, float(v) * grow - float(less), float(c) * grow / _Z95)
        for n, v, c, less in zip(names, index, interval, luck, strict=True)
    )
