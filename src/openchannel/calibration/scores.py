"""Scores of forecasts: how far what was said lies from what came.

Pure functions of arrays. Lower is better for every score; a skill is one minus a ratio of scores.
Sources: Brier 1950; Gneiting and Raftery 2007 (log score, CRPS, interval score); Broecker and Smith
2007 (consistency bands of a reliability diagram); Kuensch 1989 (moving blocks); Ferro 2014 (fair
scores of draws).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = [
    "ReliabilityBin",
    "Skill",
    "brier",
    "crps",
    "interval_score",
    "log_score",
    "quantile",
    "reliability",
    "skill",
]

Floats = NDArray[np.float64]
_RESAMPLES = 499


@dataclass(frozen=True, slots=True)
class Skill:
    """Share of the score of a reference that a forecast saves; `error` is its bootstrap error."""

    value: float
    error: float

    @property
    def is_measurable(self) -> bool:
        """Whether it lies two standard errors or more from nothing."""
        return abs(self.value) >= 2 * self.error > 0


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Forecasts of about one probability: what was said, how often it came.

    `low` to `high` holds the frequency nine times in ten if forecasts are right and independent.
    """

    said: float
    came: float
    n: int
    low: float
    high: float


def brier(said: Floats, came: Floats) -> Floats:
    """Squared distance of a probability from 0 or 1.

    Examples
    --------
    >>> brier(np.array([0.5, 0.5]), np.array([0.0, 1.0])).tolist()
    [0.25, 0.25]
    """
    return np.square(np.asarray(said) - np.asarray(came))


def log_score(said: Floats, came: Floats) -> Floats:
    """Minus the natural log of the probability given to what came."""
    with np.errstate(divide="ignore"):
        return -np.log(np.where(np.asarray(came) > 0, said, 1 - np.asarray(said)))


def crps(chances: Floats, counts: NDArray[np.int64], n_draws: int | None = None) -> Floats:
    """Continuous ranked probability score of a forecast of a count.

    Parameters
    ----------
    chances : float64[n, k]
        Probability of each count 0 to k - 1; a row sums to one.
    counts : int64[n]
    n_draws
        Where chances are shares of so many draws: takes out what few draws add to the score, so
        that it is that of the law they come from on average (Ferro 2014).
    """
    below = np.cumsum(chances, axis=1)
    at_most = np.arange(chances.shape[1])[None, :] >= np.asarray(counts)[:, None]
    beyond = np.maximum(np.asarray(counts) - chances.shape[1], 0)  # counts that no column holds
    score = np.sum(np.square(below - at_most), axis=1) + beyond
    if n_draws is not None and n_draws > 1:
        score -= np.sum(below * (1 - below), axis=1) / (n_draws - 1)
    return np.asarray(score)


def quantile(chances: Floats, share: float) -> NDArray[np.int64]:
    """The least count that is reached with probability `share` or more, for each row."""
    reached = np.cumsum(chances, axis=1) >= share - 1e-12
    return np.asarray(np.where(reached.any(axis=1), reached.argmax(axis=1), chances.shape[1] - 1))


def interval_score(
    low: NDArray[np.int64], high: NDArray[np.int64], counts: NDArray[np.int64], share: float
) -> Floats:
    """Width of a central interval, and what it missed by, weighed by its rarity.

    Examples
    --------
    >>> interval_score(np.array([1]), np.array([3]), np.array([5]), 0.8).tolist()
    [22.0]
    """
    missed = np.maximum(low - counts, 0) + np.maximum(counts - high, 0)
    return np.asarray((high - low) + 2 / (1 - share) * missed, np.float64)


def skill(
    scores: Floats, reference: Floats, *, block: int, seed: int, resamples: int = _RESAMPLES
) -> Skill:
    """One minus the ratio of mean scores, with an error from circular moving blocks.

    Parameters
    ----------
    scores, reference : float64[n]
        In order of time: windows that overlap are alike, so `block` of them are drawn at once.
    """
    n = len(scores)
    size = max(1, min(block, n))
    starts = np.random.default_rng(seed).integers(0, n, (resamples, -(-n // size)))
    drawn = ((starts[:, :, None] + np.arange(size)) % n).reshape(resamples, -1)[:, :n]
    total = float(reference.mean())
    if total <= 0:
        return Skill(0.0, 0.0)
    ratio = float(scores.mean()) / total
    # The ratio is linearised: a resample in which the reference hardly errs would blow it up.
    spread = float(np.std((scores - ratio * reference)[drawn].mean(axis=1), ddof=1)) / total
    return Skill(1 - ratio, spread)


def reliability(
    said: Floats, came: Floats, bins: int = 5, alone: float = 1.0
) -> list[ReliabilityBin]:
    """Said against came in bins of equal width; empty bins are left out.

    Parameters
    ----------
    alone
        Share of a window that no other one of the same question covers. Bands are those of so many
        independent forecasts: windows that overlap are counted once.
    """
    place = np.minimum((np.asarray(said) * bins).astype(int), bins - 1)
    found = []
    for i in range(bins):
        here = place == i
        if n := int(here.sum()):
            mean = float(said[here].mean())
            m = max(1, round(n * alone))
            at_most = special.bdtr(np.arange(m + 1), m, mean)
            low, high = (np.searchsorted(at_most, (0.05, 0.95)) / m).tolist()
            found.append(ReliabilityBin(mean, float(came[here].mean()), n, low, high))
    return found
