"""A ladder of severity: the share that climbs each step, alone or drawn towards other groups.

A step's share has Jeffreys' prior (a beta law, 1/2 and 1/2) where a group stands alone. Drawn
towards others, it has a beta law whose mean and weight are fitted to all groups: flat over the
mean, flat over the logarithm of the weight (in cases) from 1 to 300, summed over a grid. The share
that reaches a level is the product of the steps to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["Rise", "pooled_rises", "rises", "step_law"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_DRAWS = 40_000
_MEANS = (np.arange(100) + 0.5) / 100
_WEIGHTS = np.geomspace(1.0, 300.0, 40)


@dataclass(frozen=True, slots=True)
class Rise:
    """Cases that reached a level of all, with mean and middle 95 % of the share's posterior."""

    level: int
    name: str
    reached: int
    n: int
    mean: float
    low: float
    high: float


def rises(levels: Ints, names: Mapping[int, str], seed: int) -> tuple[Rise, ...]:
    """Shares that reach each level above the lowest, from these cases alone."""
    rng = np.random.default_rng(seed)
    climbed = [_climbed(levels, *step) for step in _steps(names)]
    steps = [rng.beta(0.5 + k, 0.5 + n - k, _DRAWS) for k, n in climbed]
    return _told(levels, names, steps)


def pooled_rises(
    levels: Ints, others: Sequence[Ints], names: Mapping[int, str], seed: int
) -> tuple[Rise, ...]:
    """The same, drawn towards other groups as far as groups are alike."""
    rng = np.random.default_rng(seed)
    steps = []
    for step in _steps(names):
        k, n = _climbed(levels, *step)
        means, weights, chances = step_law([(k, n), *(_climbed(o, *step) for o in others)])
        drawn = rng.choice(len(chances), _DRAWS, p=chances)
        before, against = means[drawn] * weights[drawn], (1 - means[drawn]) * weights[drawn]
        steps.append(rng.beta(before + k, against + n - k))
    return _told(levels, names, steps)


def step_law(counts: Sequence[tuple[int, int]]) -> tuple[Floats, Floats, Floats]:
    """Means and weights of the law of groups' shares on a grid, with the chance of each.

    Parameters
    ----------
    counts
        Of each group: how many climbed, of how many.
    """
    means, weights = (x.ravel() for x in np.meshgrid(_MEANS, _WEIGHTS, indexing="ij"))
    climbed, n = np.array(counts, np.float64).T[:, :, None]
    before, against = means * weights, (1 - means) * weights
    logs = special.betaln(before + climbed, against + n - climbed) - special.betaln(before, against)
    total = logs.sum(axis=0)
    chances = np.exp(total - total.max())
    return means, weights, chances / chances.sum()


def _steps(names: Mapping[int, str]) -> list[tuple[int, int]]:
    """Each level with the one below it."""
    return list(pairwise(sorted(names)))


def _climbed(levels: Ints, below: int, level: int) -> tuple[int, int]:
    """Of the cases that reached the level below: how many climbed, of how many."""
    return int((levels >= level).sum()), int((levels >= below).sum())


def _told(levels: Ints, names: Mapping[int, str], steps: Sequence[Floats]) -> tuple[Rise, ...]:
    found = []
    shares = np.ones(_DRAWS)
    for (_, at), step in zip(_steps(names), steps, strict=True):
        shares = shares * step
        low, high = np.percentile(shares, [2.5, 97.5])
        reached = int((levels >= at).sum())
        found.append(
            Rise(at, names[at], reached, len(levels), float(shares.mean()), float(low), float(high))
        )
    return tuple(found)
