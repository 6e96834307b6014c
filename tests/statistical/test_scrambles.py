"""Errors from independent scrambles cover as they say, and tilted draws keep their mean.

The integrand is a product like that of risks, with a mean that is known. Seeds are fixed.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from scipy import special

from openchannel.analysis.measured import Measured
from openchannel.ensemble.design import sobol
from openchannel.ensemble.scrambles import SCRAMBLES, by_scramble, tilt

SLOPE = np.array([0.5, 0.4, -0.3, 0.2, 0.0, 0.1])
RUNS = 300


def risk(points: np.ndarray) -> np.ndarray:
    """A log-linear risk of mean one, with an effect that some beliefs turn round."""
    scores = special.ndtri(points)
    return np.exp(scores @ SLOPE - SLOPE @ SLOPE / 2) * (1.0 + 0.5 * scores[:, 4] * scores[:, 5])


@cache
def points(run: int, draws: int) -> np.ndarray:
    return np.concatenate([sobol(draws, 6, run, number) for number in range(1, SCRAMBLES + 1)])


@pytest.fixture(scope="module", params=[0.0, 0.7], ids=["flat", "tilted"])
def runs(request: pytest.FixtureRequest) -> np.ndarray:
    """Mean and printed error of each run: float64[run, 2]."""
    found = []
    for run in range(RUNS):
        moved, weights = tilt(points(run, 16), request.param * SLOPE)
        one = Measured.of(by_scramble(weights * risk(moved)))
        found.append((one.mean, one.mcse))
    return np.array(found)


def test_two_errors_cover_nineteen_in_twenty(runs: np.ndarray) -> None:
    """Of 300 runs 92 to 98 %: a right 95.4 % falls outside once in some two hundred seeds."""
    covered = np.mean(np.abs(runs[:, 0] - 1.0) <= 2.0 * runs[:, 1])
    assert 0.92 <= covered <= 0.985


def test_the_mean_is_right(runs: np.ndarray) -> None:
    """Within four standard errors of all runs together, tilted or not."""
    off = (runs[:, 0].mean() - 1.0) / (runs[:, 0].std(ddof=1) / math.sqrt(RUNS))
    assert abs(off) < 4.0


def test_evenness_and_tilt_win() -> None:
    """Scrambles err less than independent draws, and tilted ones less again: half, here."""

    def spread(even: bool, share: float) -> float:
        rng, means = np.random.default_rng(5), []
        for run in range(100):
            at = points(run, 16) if even else rng.random((16 * SCRAMBLES, 6))
            moved, weights = tilt(at, share * SLOPE)
            means.append((weights * risk(moved)).mean())
        return float(np.std(means))

    plain, even, both = spread(False, 0.0), spread(True, 0.0), spread(True, 0.7)
    assert even < 0.8 * plain
    assert both < 0.7 * even


def test_scrambles_are_independent_and_of_their_seed() -> None:
    """No two are alike, the same numbers give the same points, and each is a net."""
    nets = [sobol(64, 3, 7, number) for number in range(4)]
    again = sobol(64, 3, 7, 2)
    assert again.tobytes() == nets[2].tobytes()
    for i, one in enumerate(nets):
        assert all(np.abs(one - other).min() > 0 for other in nets[i + 1 :])
        for column in one.T:  # a point in each of 64 strips
            assert sorted(np.floor(column * 64)) == list(range(64))


def test_weights_average_to_one() -> None:
    """They are a ratio of densities: mean one, and the larger the less is moved toward."""
    moved, weights = tilt(points(1, 256), 0.7 * SLOPE)
    error = weights.std() / math.sqrt(len(weights))
    assert abs(weights.mean() - 1.0) < 4.0 * error
    assert np.corrcoef(np.log(weights), special.ndtri(moved) @ SLOPE)[0, 1] < -0.999
