"""A negative binomial regression of the events of a window on what is known when it is forecast.

It is fitted anew at each origin to the windows that have ended by then. Its priors are those of the
count models of `history`, stated before its scores were seen: rate ratios log-normal about one with
sigma 0.5, the size log-normal with median 2.7 and sigma 1.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from openchannel.domain import DAYS_A_YEAR

__all__ = ["FEATURES", "Fit", "Grid", "fit", "foretellers"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

FEATURES = (
    "base",
    "own events, 26 weeks",
    "own events, 104 weeks",
    "provocations, 26 weeks",
    "contacts, 13 weeks",
    "exercises, window a year before",
    "season, sine",
    "season, cosine",
)
"""Columns of the regression; those of events are logs of their rate over the rate of all weeks."""

_WEEKS_OF_YEAR = DAYS_A_YEAR / 7
_DIALOGUE_WEEKS = 13
_SIGMA = 0.5
_SIZE_MEDIAN, _SIZE_SIGMA = 2.7, 1.0
_SIZES = np.geomspace(0.2, 60.0, 12)
_ROUNDS = (5, 3, 3)  # Newton steps between looks at the size
_LONGEST_STEP = 1.0
_TOGETHER = 16  # origins fitted at once: enough for whole arrays, and they stay in the cache


@dataclass(frozen=True, slots=True)
class Grid:
    """Weeks of the record from `start`: events of one question, and what stands beside them.

    counts, provocations : int64[week]; contact, exercise : bool[week]
    """

    start: dt.date
    counts: Ints
    provocations: Ints
    contact: Flags
    exercise: Flags


@dataclass(frozen=True, slots=True)
class Fit:
    """Effects at each origin with the covariance of their errors, and the size of the law.

    effects : float64[n_origins, p]
    covariance : float64[n_origins, p, p]
    size : float64[n_origins]
    """

    effects: Floats
    covariance: Floats
    size: Floats

    def law(self, columns: Floats, offset: Floats) -> tuple[Floats, Floats]:
        """Mean and size of the negative binomial law of each origin's own window.

        What is not known of the effects widens the law: its variance is added on the scale of the
        rate, as that of a log-normal factor.
        """
        logs = np.sum(self.effects * columns, axis=1)
        unsure = np.einsum("op,opq,oq->o", columns, self.covariance, columns)
        added = np.expm1(np.minimum(unsure, 4.0)) * (1 + 1 / self.size)
        return np.exp(offset + logs), 1 / (1 / self.size + added)


def foretellers(grid: Grid, origins: Ints, weeks: int, gap: int) -> tuple[Floats, Floats]:
    """Columns float64[n, p] and log of the events expected at the rate of all earlier weeks.

    Nothing after an origin is used: exercises are those of the same weeks so many whole years
    before that the origin knows them.
    """
    rate = (_last(grid.counts, origins, None) + 0.5) / origins
    every = (_last(grid.provocations, origins, None) + 0.5) / origins
    earlier = 52 * -(-(gap + weeks) // 52)
    held = np.concatenate([[0], np.cumsum(grid.exercise)])
    first, last = (np.maximum(origins + gap + w - earlier, 0) for w in (0, weeks))
    columns = (
        np.ones(len(origins)),
        _ratio(grid.counts, origins, 26, rate),
        _ratio(grid.counts, origins, 104, rate),
        _ratio(grid.provocations, origins, 26, every),
        _last(grid.contact, origins, _DIALOGUE_WEEKS) / _DIALOGUE_WEEKS,
        (held[last] - held[first]) / weeks,
        *_season(grid.start, origins + gap, weeks),
    )
    return np.stack(columns, axis=1), np.log(rate * weeks)


def _last(series: NDArray[np.generic], origins: Ints, weeks: int | None) -> Floats:
    """Sum over the weeks before each origin; over all of them without a number."""
    total = np.concatenate([[0], np.cumsum(series)])
    first = 0 if weeks is None else np.maximum(origins - weeks, 0)
    return np.asarray(total[origins] - total[first], np.float64)


def _ratio(series: Ints, origins: Ints, weeks: int, rate: Floats) -> Floats:
    """Log of a recent rate over the long one, drawn to nothing by the weight of one event."""
    seen = rate * np.minimum(origins, weeks)
    return np.asarray(np.log((_last(series, origins, weeks) + 1) / (seen + 1)))


def _season(start: dt.date, opened: Ints, weeks: int) -> tuple[Floats, Floats]:
    """Sine and cosine of the year, averaged over the weeks of each window."""
    first = start.timetuple().tm_yday / 7
    turn = 2 * np.pi / _WEEKS_OF_YEAR
    angles = turn * (first + opened[:, None] + np.arange(weeks) + 0.5)
    return np.sin(angles).mean(axis=1), np.cos(angles).mean(axis=1)


def fit(columns: Floats, offset: Floats, counts: Floats, weights: Floats) -> Fit:
    """Effects at the mode of the posterior, one fit for each row of weights.

    Parameters
    ----------
    columns : float64[n_rows, p]
    offset, counts : float64[n_rows]
    weights : float64[n_origins, n_rows]
        What each window counts at each origin; 0 where it had not ended.
    """
    parts = []
    for first in range(0, len(weights), _TOGETHER):
        block = weights[first : first + _TOGETHER]
        last = int(np.flatnonzero(block.any(axis=0)).max(initial=-1)) + 1
        parts.append(_fit(columns[:last], offset[:last], counts[:last], block[:, :last]))
    return Fit(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _fit(
    columns: Floats, offset: Floats, counts: Floats, weights: Floats
) -> tuple[Floats, Floats, Floats]:
    """What a `Fit` holds, for origins that know about as many windows."""
    n_origins, p = len(weights), columns.shape[1]
    pairs = (columns[:, :, None] * columns[:, None, :]).reshape(len(columns), p * p)
    prior = np.eye(p) / _SIGMA**2
    effects = np.zeros((n_origins, p))
    size = np.full(n_origins, _SIZE_MEDIAN)
    curvature = np.broadcast_to(prior, (n_origins, p, p))
    for n_steps in _ROUNDS:
        for _ in range(n_steps):
            mean = np.exp(np.clip(offset + effects @ columns.T, -12.0, 6.0))
            damped = weights / (1 + mean / size[:, None])
            slope = (damped * (counts - mean)) @ columns - effects / _SIGMA**2
            curvature = ((damped * mean) @ pairs).reshape(n_origins, p, p) + prior
            step = np.linalg.solve(curvature, slope[:, :, None])[:, :, 0]
            effects = effects + np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
        size = _sizes(np.exp(offset + effects @ columns.T), counts, weights)
    return effects, np.asarray(np.linalg.inv(curvature), np.float64), size


def _sizes(mean: Floats, counts: Floats, weights: Floats) -> Floats:
    """The size of largest posterior at each origin, among a dozen."""
    found = []
    for size in _SIZES:
        # Terms of the log probability that the size moves.
        alone = special.gammaln(counts + size) - special.gammaln(size) + size * np.log(size)
        logs = alone - (counts + size) * np.log(size + mean)
        prior = -0.5 * (np.log(size / _SIZE_MEDIAN) / _SIZE_SIGMA) ** 2
        found.append(np.einsum("or,or->o", weights, logs) + prior)
    return np.asarray(_SIZES[np.argmax(found, axis=0)])
