"""Smooth functions of beliefs: splines, and predictions that leave the predicted draw out.

A prediction that never saw the luck of its own draw is independent of it. Products with it, and
choices by it, are therefore free of the optimism that luck would otherwise put into variances
explained and into values of information.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

__all__ = ["Projection", "additive", "enough_for", "folds", "project", "spline", "without_own_mean"]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
_DEPENDENT = 1e-7


def spline(x: F8, terms: int) -> F8:
    """Natural cubic spline of one belief: `terms` columns of mean zero, orthonormal.

    Knots at even quantiles from 5 to 95 %; linear beyond the outer ones. A belief with few distinct
    values gets one column less than it has values, and a held belief none.

    References
    ----------
    Harrell, Regression Modeling Strategies (2015), 2.4.5: restricted cubic splines.
    """
    distinct = np.unique(x)
    terms = min(terms, len(distinct) - 1)
    if terms <= 0:
        return np.zeros((len(x), 0))
    z = (x - x.mean()) / x.std()
    if len(distinct) <= terms + 2:
        columns = z[:, None] ** np.arange(1, terms + 1)
    else:
        knots = np.unique(np.quantile(z, np.linspace(0.05, 0.95, terms + 1)))
        columns = _natural(z, knots) if len(knots) > 2 else z[:, None]
    columns = columns - columns.mean(axis=0)
    q, r = np.linalg.qr(columns)
    size = np.abs(np.diag(r))
    return np.asarray(q[:, size > _DEPENDENT * size.max()])


def _natural(z: F8, knots: F8) -> F8:
    def cubed(k: float) -> F8:
        return np.asarray(np.maximum(z - k, 0.0) ** 3)

    last, before = knots[-1], knots[-2]
    bends = [
        cubed(k)
        - cubed(before) * (last - k) / (last - before)
        + cubed(last) * (before - k) / (last - before)
        for k in knots[:-2]
    ]
    return np.stack([z, *bends], axis=1)


def additive(values: F8, terms: int, products: Sequence[tuple[int, int]] = ()) -> F8:
    """Splines of several beliefs side by side, with products of the straight lines of some."""
    blocks = [spline(x, terms) for x in values.T]
    lines = [(values[:, [a]] - values[:, a].mean()) * (values[:, [b]] - values[:, b].mean())
             for a, b in products]  # fmt: skip
    return np.concatenate([*blocks, *lines], axis=1)


@dataclass(frozen=True)
class Projection:
    """Least squares on some columns and a constant.

    basis : float64[draw, column] orthonormal, the constant among them
    leverage : float64[draw] in [0, 1)
    """

    basis: F8
    leverage: F8

    def fitted(self, y: F8) -> F8:
        """Least-squares values of each outcome: as `y`, float64[draw] or float64[draw, outcome]."""
        return np.asarray(self.basis @ (self.basis.T @ y))

    def without_own(self, y: F8) -> F8:
        """Predictions for each draw from all the others: as `y`."""
        h = self.leverage if y.ndim == 1 else self.leverage[:, None]
        return np.asarray((self.fitted(y) - h * y) / (1.0 - h))

    def out_of_fold(self, y: F8, fold: I8) -> F8:
        """Predictions for the draws of each fold from those of all other folds: as `y`.

        Choices are made by these. Leaving out single draws would let a tie between two policies
        be broken against each draw by that draw's own absence.
        """
        if y.ndim == 1:
            return self.out_of_fold(y[:, None], fold)[:, 0]
        places = [np.flatnonzero(fold == k) for k in range(int(fold.max()) + 1)]
        rows = [self.basis[at] for at in places]
        whole = self.basis.T @ y
        grams = np.stack([np.eye(self.basis.shape[1]) - r.T @ r for r in rows])
        others = np.stack([whole - r.T @ y[at] for r, at in zip(rows, places, strict=True)])
        # Columns that live in one fold alone cannot be learnt from the others.
        slopes = np.linalg.pinv(grams, rcond=1e-9, hermitian=True) @ others
        predicted = np.empty_like(y)
        for at, r, slope in zip(places, rows, slopes, strict=True):
            predicted[at] = r @ slope
        return predicted


def enough_for(columns: F8) -> bool:
    """Whether there are two draws for each column and the constant: fewer leave little to learn."""
    n, p = columns.shape
    return bool(n >= 2 * (p + 1))


def project(columns: F8) -> Projection:
    """Projection on the columns and a constant; columns that add nothing are left out.

    Raises
    ------
    ValueError
        Fewer than two draws for each column: there would be little left to predict from.
    """
    n, p = columns.shape
    if not enough_for(columns):
        raise ValueError(f"{n} draws are too few for {p} columns; at least {2 * (p + 1)}")
    size = np.sqrt((columns**2).sum(axis=0))
    scaled = columns[:, size > 0] / size[size > 0]
    centred = scaled - scaled.mean(axis=0)
    q, r, _ = linalg.qr(centred, mode="economic", pivoting=True, check_finite=False)
    kept = np.abs(np.diag(r)) > _DEPENDENT
    basis = np.concatenate([np.full((n, 1), 1.0 / np.sqrt(n)), q[:, kept]], axis=1)
    leverage = np.minimum((basis**2).sum(axis=1), 1.0 - 1e-9)
    return Projection(basis, leverage)


def folds(n: int, seed: int, k: int = 10) -> I8:
    """A random part of `k` for each draw: int64[draw]."""
    return np.asarray(np.random.default_rng(seed).permutation(n) % k, np.int64)


def without_own_mean(y: F8) -> F8:
    """Mean of all the other draws, for each draw: as `y`."""
    n = len(y)
    return np.asarray((y.sum(axis=0) - y) / (n - 1))
