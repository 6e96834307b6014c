"""Measures of importance that do not rest on variances: PAWN, and regional sensitivity.

Both are distances between distribution functions, and both are above zero for a belief without any
influence. What a dummy belief scores is therefore taken off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.draws import BeliefDraws
from openchannel.analysis.belief.index import Index

__all__ = ["RegionalIndex", "pawn", "regional"]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
_N_DUMMIES = 40
_N_RESAMPLES = 40


@dataclass(frozen=True, slots=True)
class RegionalIndex:
    """How differently a belief is spread where the policy loses.

    distance : largest gap between its distribution functions, losing against not, less a dummy's
    shift : mean where it loses less mean where it does not, in standard deviations of the belief
    """

    distance: Index
    shift: float


def _gaps(inner: F8, order: I8, bins: I8, n_bins: int, weight: F8) -> F8:
    """Largest gap between the distribution of y within each bin of a belief and overall.

    inner : bool-like float64[draw], 0 where the next larger y is equal (ties are passed over)
    """
    w = weight[order]
    member = np.zeros((len(order), n_bins))
    member[np.arange(len(order)), bins[order]] = w
    within = member.cumsum(axis=0)
    total = np.maximum(within[-1], 1e-300)
    overall = np.cumsum(w) / w.sum()
    return np.asarray((np.abs(within / total - overall[:, None]) * inner[:, None]).max(axis=0))


def pawn(draws: BeliefDraws, y: F8, *, n_bins: int = 10, seed: int = 0) -> tuple[Index, ...]:
    """PAWN index of each belief: mean Kolmogorov-Smirnov distance over its bins, less a dummy's.

    Parameters
    ----------
    y : float64[draw]
        Best without luck (`ByDraw.without_luck`): luck blurs every distribution alike and draws
        the indices toward zero.

    References
    ----------
    Pianosi & Wagener (2018), Environmental Modelling & Software 108; the dummy follows
    Khorashadi Zadeh et al. (2017), same journal, 91.
    """
    generator = np.random.default_rng(seed)
    n = draws.n
    order = np.argsort(y, kind="stable").astype(np.int64)
    inner = np.append(np.diff(y[order]) > 0, True).astype(np.float64)
    flat = np.ones(n)

    def score(bins: I8, weight: F8) -> float:
        gaps = _gaps(inner, order, bins, int(bins.max()) + 1, weight)
        return float(gaps.mean())

    even = (np.arange(n) * n_bins // n).astype(np.int64)
    dummies = np.array([score(generator.permutation(even), flat) for _ in range(_N_DUMMIES)])
    weights = [generator.multinomial(n, flat / n).astype(np.float64) for _ in range(_N_RESAMPLES)]
    found = []
    for i, name in enumerate(draws.names):
        if draws.held[i]:
            found.append(Index(name, 0.0, 0.0))
            continue
        bins = _bins(draws.values[:, i], n_bins)
        again = np.array([score(bins, w) for w in weights])
        error = float(np.hypot(again.std(ddof=1), dummies.std(ddof=1)))
        found.append(Index(name, score(bins, flat) - float(dummies.mean()), error))
    return tuple(found)


def _bins(x: F8, n_bins: int) -> I8:
    """Bins of equal counts; a belief with few values has one a value."""
    distinct, which = np.unique(x, return_inverse=True)
    if len(distinct) <= n_bins:
        return np.asarray(which, np.int64)
    edges = np.unique(np.quantile(x, np.arange(1, n_bins) / n_bins))
    return np.asarray(np.searchsorted(edges, x, side="right"), np.int64)


def regional(draws: BeliefDraws, chance: F8, seed: int = 0) -> tuple[RegionalIndex, ...]:
    """Which beliefs are spread differently where the policy loses.

    Parameters
    ----------
    chance : float64[draw], chance that the policy does worse (`targets.chance_worse`)

    References
    ----------
    Hornberger & Spear (1981); Saltelli et al. (2008), Global Sensitivity Analysis, 5.
    """
    generator = np.random.default_rng(seed)
    order = np.argsort(draws.values, axis=0, kind="stable")
    ordered = np.take_along_axis(draws.values, order, axis=0)
    last = np.concatenate([np.diff(ordered, axis=0) > 0, np.ones((1, ordered.shape[1]), bool)])

    def distances(weight: F8) -> F8:
        losing = (chance * weight)[order].cumsum(axis=0) / (chance @ weight + 1e-300)
        other = ((1 - chance) * weight)[order].cumsum(axis=0) / ((1 - chance) @ weight + 1e-300)
        return np.asarray((np.abs(losing - other) * last).max(axis=0))

    def dummy() -> float:
        p = chance[generator.permutation(draws.n)]
        gap = p.cumsum() / (p.sum() + 1e-300) - (1 - p).cumsum() / ((1 - p).sum() + 1e-300)
        return float(np.abs(gap).max())

    dummies = np.array([dummy() for _ in range(_N_DUMMIES)])
    flat = np.full(draws.n, 1.0 / draws.n)
    again = np.stack(
        [distances(generator.multinomial(draws.n, flat).astype(float)) for _ in range(_N_RESAMPLES)]
    )
    error = np.hypot(again.std(axis=0, ddof=1), dummies.std(ddof=1))
    value = distances(np.ones(draws.n)) - dummies.mean()
    shift = _shift(draws, chance)
    return tuple(
        RegionalIndex(
            Index(name, 0.0, 0.0)
            if draws.held[i]
            else Index(name, float(value[i]), float(error[i])),
            float(shift[i]),
        )
        for i, name in enumerate(draws.names)
    )


def _shift(draws: BeliefDraws, chance: F8) -> F8:
    spread = np.where(draws.held, 1.0, draws.values.std(axis=0))
    losing = chance @ draws.values / (chance.sum() + 1e-300)
    other = (1 - chance) @ draws.values / ((1 - chance).sum() + 1e-300)
    return np.asarray(np.where(draws.held, 0.0, (losing - other) / spread))
