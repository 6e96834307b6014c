"""What all beliefs of a draw together let expect of it, told by the other draws."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.draws import BeliefDraws
from openchannel.analysis.belief.explained import terms_for
from openchannel.analysis.belief.projection import additive, project

__all__ = ["expected_difference"]

F8 = NDArray[np.float64]
_MOST_IN_PRODUCTS = 6


def strongest(values: F8, y: F8, most: int = _MOST_IN_PRODUCTS) -> tuple[int, ...]:
    """Columns that go with `y` most closely on a straight line."""
    spread = values.std(axis=0)
    free = np.where(spread > 0, spread, 1.0)
    slope = np.abs(((values - values.mean(axis=0)) / free).T @ (y - y.mean()))
    return tuple(int(i) for i in np.argsort(-slope, kind="stable")[:most] if spread[i] > 0)


def expected_difference(draws: BeliefDraws, difference: F8, scale: F8 | None = None) -> F8:
    """Difference that the beliefs of each draw let expect, from the other draws: float64[draw].

    Splines of every belief and products of the strongest few, by least squares on the difference
    in proportion to `scale`; then pulled in toward the mean as far as the predictions overshoot.
    """
    level = np.ones_like(difference) if scale is None else scale
    y = difference / level
    pairs = tuple(combinations(strongest(draws.values, y), 2))
    columns = additive(draws.values, terms_for(draws.n, len(draws.names), most=2), pairs)
    if draws.n < 2 * (columns.shape[1] + 1):
        return np.zeros_like(difference)
    predicted = project(columns).without_own(y)
    away = predicted - predicted.mean()
    size = float((away**2).sum())
    pull = float(np.clip((y * away).sum() / size, 0.0, 1.0)) if size > 0 else 0.0
    return np.asarray((y.mean() + pull * away) * level)
