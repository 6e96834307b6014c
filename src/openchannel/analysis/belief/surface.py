"""What all beliefs of a draw together let expect of it, told by the other draws."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.draws import BeliefDraws
from openchannel.analysis.belief.explained import terms_for
from openchannel.analysis.belief.projection import additive, folds, project

__all__ = ["expected_difference", "expected_losses", "surface_columns"]

F8 = NDArray[np.float64]
_MOST_IN_PRODUCTS = 6


def strongest(values: F8, y: F8, most: int = _MOST_IN_PRODUCTS) -> tuple[int, ...]:
    """Columns that go with `y` most closely on a straight line."""
    spread = values.std(axis=0)
    free = np.where(spread > 0, spread, 1.0)
    slope = np.abs(((values - values.mean(axis=0)) / free).T @ (y - y.mean()))
    return tuple(int(i) for i in np.argsort(-slope, kind="stable")[:most] if spread[i] > 0)


def surface_columns(draws: BeliefDraws, y: F8) -> F8:
    """Splines of every belief, and products of those that go most closely with `y`.

    y : float64[draw] or float64[draw, outcome]; of several outcomes the most spread one counts
    Without any column where there are too few draws for one a belief.
    """
    loudest = y if y.ndim == 1 else y[:, int(np.argmax(y.var(axis=0)))]
    pairs = tuple(combinations(strongest(draws.values, loudest), 2))
    columns = additive(draws.values, terms_for(draws.n, len(draws.names), most=2), pairs)
    return columns if draws.n >= 4 * columns.shape[1] else np.zeros((draws.n, 0))


def expected_losses(draws: BeliefDraws, losses: F8, seed: int = 0) -> F8:
    """What the beliefs of each draw let expect, told by draws of other folds: as `losses`.

    Least squares, then pulled in toward the mean as far as the predictions overshoot.
    """
    surface = project(surface_columns(draws, losses))
    predicted = surface.out_of_fold(losses, folds(draws.n, seed))
    mean = losses.mean(axis=0)
    away = predicted - mean
    size = (away**2).sum(axis=0)
    pull = np.clip(((losses - mean) * away).sum(axis=0) / np.maximum(size, 1e-300), 0.0, 1.0)
    return np.asarray(mean + pull * away)


def expected_difference(draws: BeliefDraws, difference: F8, scale: F8 | None = None) -> F8:
    """Difference that the beliefs of each draw let expect, from the other draws: float64[draw].

    scale : float64[draw], level in proportion to which effects are taken to be of one size
    """
    level = np.ones_like(difference) if scale is None else scale
    return np.asarray(expected_losses(draws, difference / level) * level)
