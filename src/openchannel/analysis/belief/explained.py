"""How much of a decision one belief, or one module, explains: first-order indices from given draws.

A product of a target with its prediction from the *other* draws has as its mean the variance
explained, free of the optimism of luck; where nothing is explained its mean is zero.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.draws import BeliefDraws
from openchannel.analysis.belief.index import Index, ratio, undefined
from openchannel.analysis.belief.projection import (
    Projection,
    additive,
    enough_for,
    project,
    spline,
    without_own_mean,
)
from openchannel.analysis.belief.targets import Target, size_of_difference

__all__ = ["first_order", "given_loss", "module_order", "terms_for"]

F8 = NDArray[np.float64]
_TERMS = 5
# Columns that a surface of many beliefs may have for each draw.
_COLUMNS_A_DRAW = 0.125


def terms_for(n_draws: int, n_beliefs: int, most: int = 3) -> int:
    """Spline columns a belief that the number of draws can carry: 1 to `most`."""
    return int(np.clip(_COLUMNS_A_DRAW * n_draws // max(1, n_beliefs), 1, most))


def variance_explained(projection: Projection, target: Target) -> tuple[float, F8]:
    """Variance that a projection explains, and what each draw adds to the estimate.

    Returns
    -------
    float
        mean over draws of y (m - mean), with m and mean from all other draws; summed over outcomes.
        Unbiased where the projection can hold the truth, whatever the luck of each draw.
    float64[draw]
        Influence 2 y m - m^2, centred.
    """
    y = target.values
    m = projection.without_own(y) - without_own_mean(y)
    value = float((y * m).sum(axis=1).mean())
    each = (2.0 * y * m - m * m).sum(axis=1)
    return value, np.asarray(each - each.mean())


def _share(name: str, columns: F8, target: Target) -> Index:
    if not columns.shape[1]:
        return Index(name, 0.0, 0.0)
    if not enough_for(columns):
        return undefined(name)
    value, each = variance_explained(project(columns), target)
    return ratio(name, value, target.variance, each, target.spread - target.spread.mean())


def first_order(draws: BeliefDraws, target: Target, terms: int = _TERMS) -> tuple[Index, ...]:
    """Share of the variance over beliefs that knowing one belief would remove, for each belief.

    V(E[y | belief]) / V(y), luck taken out of both. A held belief has index zero; with too few
    draws for the splines, or without spread over beliefs, indices are undefined (NaN). Where
    beliefs are dependent the shares count common parts twice; see `BeliefDraws.dependence`.

    References
    ----------
    Sobol' (1993); the estimator by predictions that leave a draw out is in the manner of
    Williamson, Gilbert, Carone, Simon (2021), Biometrics 77: 9-22.
    """
    return tuple(
        _share(name, spline(draws.values[:, i], terms), target)
        for i, name in enumerate(draws.names)
    )


def module_order(draws: BeliefDraws, target: Target, terms: int | None = None) -> tuple[Index, ...]:
    """The same for each module: all its beliefs known at once, their effects added up."""
    each = terms or terms_for(draws.n, len(draws.names))
    return tuple(
        _share(name, additive(draws.values[:, list(columns)], each), target)
        for name, columns in draws.by_module.items()
    )


def given_loss(
    draws: BeliefDraws, difference: F8, luck: F8, chance: F8, terms: int = 3
) -> tuple[Index, ...]:
    """What decides how large the loss is, among the beliefs under which the policy loses.

    First-order indices of the size of the difference over draws with `chance` above one half;
    every index is undefined where fewer than 100 draws are left.
    """
    losing = chance > 0.5
    if int(losing.sum()) < 100:
        return tuple(undefined(name) for name in draws.names)
    target = size_of_difference(difference[losing], luck[losing])
    return first_order(draws.take(losing), target, terms)
