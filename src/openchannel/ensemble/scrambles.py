"""Belief draws in independent scrambles, drawn more often where more is at stake.

The means of scrambles that share nothing are independent, so their spread is the error of their
mean, whatever the evenness of the points inside each has won. Draws may be *tilted*: moved along a
direction in which the risk rises, and weighted by the exact ratio of the two densities, so that
what is averaged keeps its expectation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from openchannel.domain import Case
from openchannel.ensemble.design import (
    EDGE,
    BeliefSample,
    n_coordinates,
    sample_beliefs,
    sobol,
)

__all__ = ["SCRAMBLES", "WeightedSample", "by_scramble", "scrambled_beliefs", "tilt"]

#: Enough for an error that is itself known to a fifth, and few enough that each is a net of points.
SCRAMBLES = 16

F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WeightedSample:
    """Belief draws, scramble after scramble, and what each counts: float64[draw], mean about 1."""

    sample: BeliefSample
    weights: F8


def scrambled_beliefs(case: Case, n_draws: int, seed: int, slope: F8) -> WeightedSample:
    """Draws in `SCRAMBLES` independent scrambles of as many points each.

    Parameters
    ----------
    n_draws : int
        Of all scrambles together, a power of two from `SCRAMBLES` on.
    slope : float64[coordinate]
        Direction and size of the tilt, see `tilt`; noughts for none.
    """
    nets = [
        sobol(n_draws // SCRAMBLES, n_coordinates(case), seed, number)
        for number in range(1, SCRAMBLES + 1)
    ]
    points, weights = tilt(np.concatenate(nets), slope)
    return WeightedSample(sample_beliefs(case, n_draws, seed, points=points), weights)


def tilt(points: F8, slope: F8) -> tuple[F8, F8]:
    """Points moved along a direction of the normal scores, and their exact weights.

    Standard normal scores z of the points become z + slope. The weight is the density of the
    standard normal at the moved score over that of the moved normal,
    exp(-slope.(z + slope) + |slope|^2 / 2), whose mean is 1.

    Parameters
    ----------
    points : float64[draw, coordinate] in (0, 1) ; slope : float64[coordinate]
    """
    if not slope.any():
        return points, np.ones(len(points))
    scores = special.ndtri(points) + slope
    weights = np.exp(0.5 * slope @ slope - scores @ slope)
    return np.clip(special.ndtr(scores), EDGE, 1.0 - EDGE), weights


def by_scramble(values: F8) -> F8:
    """Mean of each scramble: float64[scramble, ...] from float64[draw, ...]."""
    return np.asarray(values.reshape(SCRAMBLES, -1, *values.shape[1:]).mean(axis=1))
