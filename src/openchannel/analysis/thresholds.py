"""The value of a belief at which a policy stops being better than a rival, with its error.

Owns the arithmetic on gains that were run at places along one belief; running them belongs to
`sweeps`. A place runs from -1 through 0, the default, to 1: the two ends of the range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["CLEAR", "Profile", "Status", "Threshold", "adjusted", "root", "threshold"]

F8 = NDArray[np.float64]
Status = Literal["crosses", "none", "not_told"]

#: A sign is told from nothing where the gain is at least this many standard errors.
CLEAR = 2.0


@dataclass(frozen=True, slots=True)
class Profile:
    """Gain of a policy over one rival at places along a belief, above 0 where it is better.

    places : float64[point], ascending ; mean : float64[point]
    influence : float64[group, point], of each group of luck on the mean, mean zero
    shared : float64[point], standard error that a level known from elsewhere adds
    """

    places: F8
    mean: F8
    influence: F8
    shared: F8

    @property
    def error(self) -> F8:
        """Standard error of each mean: float64[point]."""
        return self._error(np.eye(len(self.places)))

    @property
    def signs(self) -> NDArray[np.int64]:
        """1 where the gain is measurably above nought, -1 below, 0 where it cannot be told."""
        sure = np.abs(self.mean) >= CLEAR * self.error
        return np.asarray(np.where(sure, np.sign(self.mean), 0.0), np.int64)

    def at(self, place: float) -> tuple[float, float]:
        """Gain and its standard error at a place, straight between neighbours."""
        weights = self.weights(place)
        return float(self.mean @ weights), float(self._error(weights[:, None])[0])

    def weights(self, place: float) -> F8:
        """What each point counts for at a place; beyond the ends the last stretch goes on."""
        i = int(np.clip(np.searchsorted(self.places, place) - 1, 0, len(self.places) - 2))
        share = (place - self.places[i]) / (self.places[i + 1] - self.places[i])
        weights = np.zeros(len(self.places))
        weights[i], weights[i + 1] = 1.0 - share, share
        return weights

    def part(self, places: Sequence[float]) -> Profile:
        """The profile at some of its places."""
        at = [int(np.argmin(np.abs(self.places - p))) for p in places]
        return Profile(self.places[at], self.mean[at], self.influence[:, at], self.shared[at])

    def _error(self, weights: F8) -> F8:
        """Standard errors of weighted sums of the means: `weights` float64[point, sum]."""
        by_luck = (self.influence @ weights).std(axis=0, ddof=1) / np.sqrt(len(self.influence))
        return np.asarray(np.hypot(by_luck, self.shared @ weights))


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where the gain along a belief passes nought, if it does within the range.

    status : `crosses`; `none` where the gain has one sign, measurably, at every place run;
        `not_told` where a gain is within its error of nought and no change of sign is measurable
    place, error : of the crossing nearest to the default, NaN without one
    slope : change of the gain for one unit of place, at the crossing
    crossings : how many measurable changes of sign the range holds
    """

    status: Status
    place: float = float("nan")
    error: float = float("nan")
    slope: float = float("nan")
    crossings: int = 0

    @property
    def better_above(self) -> bool:
        """Whether the policy is better at larger values than the threshold."""
        return self.slope > 0


def adjusted(by_group: F8, known: float, known_error: float) -> tuple[F8, F8, F8]:
    """Means at points, with the luck that they share with the first point taken out.

    A short run has luck of its own at every point, at the default too; there the gain is known
    from a longer run on other luck. The first point serves as a control variate, with the
    coefficient that makes the variance least.

    Parameters
    ----------
    by_group : float64[group, point], the first point at the default
    known, known_error : gain at the default from the longer run, and its standard error

    Returns
    -------
    mean float64[point], influence float64[group, point], shared float64[point]
    """
    mean = by_group.mean(axis=0)
    residual = by_group - mean
    origin = residual[:, 0]
    variance = float(origin @ origin)
    coefficient = residual.T @ origin / variance if variance > 0 else np.zeros(len(mean))
    left = mean - coefficient * (mean[0] - known)
    return left, residual - np.outer(origin, coefficient), coefficient * known_error


def threshold(profile: Profile) -> Threshold:
    """The crossing nearest to the default, if a change of sign is measurable.

    The error of a threshold is the standard error of the gain there over the size of its slope:
    a gain known to within `e` is nought somewhere within `e / |slope|`.
    """
    signs = profile.signs
    sure = np.flatnonzero(signs)
    pairs = [(i, j) for i, j in pairwise(sure) if signs[i] != signs[j]]
    if not pairs:
        one_sign = len(sure) == len(signs)
        return Threshold("none" if one_sign else "not_told")
    found = [_between(profile, int(i), int(j), len(pairs)) for i, j in pairs]
    return min(found, key=lambda t: abs(t.place))


def root(profile: Profile) -> Threshold:
    """Where the straight line through two places passes nought; for the last step of a search."""
    return _between(profile, 0, len(profile.places) - 1, 1)


def _between(profile: Profile, i: int, j: int, crossings: int) -> Threshold:
    """The first crossing between two points, on the straight stretch in which it lies."""
    for k in range(i, j):
        if profile.mean[k] * profile.mean[k + 1] <= 0 or k == j - 1:
            break
    low, high = profile.places[k], profile.places[k + 1]
    rise = float(profile.mean[k + 1] - profile.mean[k])
    slope = rise / float(high - low)
    place = float(low - profile.mean[k] / slope) if slope else float("nan")
    error = profile.at(place)[1] / abs(slope) if slope else float("nan")
    return Threshold("crosses", place, error, slope, crossings)
