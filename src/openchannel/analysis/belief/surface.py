"""What all beliefs of a draw together let expect of it, told by the other draws."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.draws import BeliefDraws
from openchannel.analysis.belief.projection import folds, spline

__all__ = ["expected_difference", "expected_losses"]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
Flags = NDArray[np.bool_]
_TERMS = 3
_COLUMNS_A_DRAW = 0.125
# Mean square of a belief's columns over that of noise, above which the belief tells something.
_TELLING = 4.0
_MOST_IN_PRODUCTS = 6


def strongest(values: F8, y: F8, most: int = _MOST_IN_PRODUCTS) -> tuple[int, ...]:
    """Columns that go with `y` most closely on a straight line."""
    spread = values.std(axis=0)
    free = np.where(spread > 0, spread, 1.0)
    slope = np.abs(((values - values.mean(axis=0)) / free).T @ (y - y.mean()))
    return tuple(int(i) for i in np.argsort(-slope, kind="stable")[:most] if spread[i] > 0)


def expected_losses(draws: BeliefDraws, losses: F8, seed: int = 0) -> F8:
    """What the beliefs of each draw let expect, told by draws of other folds: as `losses`.

    Each fold is predicted by splines of the beliefs that tell on the other folds, and products of
    the strongest, by least squares; then all are pulled in toward the mean as far as they
    overshoot.

    losses : float64[draw, outcome]
    """
    blocks = [spline(x, _TERMS) for x in draws.values.T]
    predicted = np.empty_like(losses)
    fold = folds(draws.n, seed)
    for k in range(int(fold.max()) + 1):
        seen, unseen = fold != k, fold == k
        columns = _telling(draws, blocks, losses, seen)
        centre = columns[seen].mean(axis=0)
        mean = losses[seen].mean(axis=0)
        slope = np.linalg.lstsq(columns[seen] - centre, losses[seen] - mean, rcond=1e-9)[0]
        predicted[unseen] = mean + (columns[unseen] - centre) @ slope
    return _pulled(losses, predicted, fold)


def _pulled(losses: F8, predicted: F8, fold: I8) -> F8:
    """Predictions shrunk toward the mean by how far those of other folds overshoot: as `losses`."""
    away = predicted - losses.mean(axis=0)
    met = (losses - losses.mean(axis=0)) * away
    result = np.empty_like(losses)
    for k in range(int(fold.max()) + 1):
        seen, unseen = fold != k, fold == k
        size = np.maximum((away[seen] ** 2).sum(axis=0), 1e-300)
        pull = np.clip(met[seen].sum(axis=0) / size, 0.0, 1.0)
        result[unseen] = losses[seen].mean(axis=0) + pull * away[unseen]
    return result


def _telling(draws: BeliefDraws, blocks: list[F8], losses: F8, seen: Flags) -> F8:
    """Columns of the beliefs that some outcome follows, among the draws that may be seen."""
    y = losses[seen] - losses[seen].mean(axis=0)
    noise = np.maximum((y**2).mean(axis=0), 1e-300)
    strength = np.zeros(len(blocks))
    for j, block in enumerate(blocks):
        if block.shape[1]:
            fitted = ((block[seen].T @ y) ** 2).sum(axis=0)
            strength[j] = float((fitted / (noise * block.shape[1])).max())
    order = np.argsort(-strength, kind="stable")
    most = int(_COLUMNS_A_DRAW * seen.sum() / _TERMS)
    kept = [j for j in order[:most] if strength[j] > _TELLING]
    lines = [draws.values[:, j] - draws.values[:, j].mean() for j in kept[:_MOST_IN_PRODUCTS]]
    products = [(a * b)[:, None] / (a.std() * b.std()) for a, b in combinations(lines, 2)]
    return np.concatenate([np.zeros((draws.n, 0)), *(blocks[j] for j in kept), *products], axis=1)


def expected_difference(draws: BeliefDraws, difference: F8, scale: F8 | None = None) -> F8:
    """Difference that the beliefs of each draw let expect, from the other draws: float64[draw].

    scale : float64[draw], level in proportion to which effects are taken to be of one size
    """
    level = np.ones_like(difference) if scale is None else scale
    return np.asarray(expected_losses(draws, (difference / level)[:, None])[:, 0] * level)
