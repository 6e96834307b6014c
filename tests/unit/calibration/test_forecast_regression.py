"""The regression of forecasts: a derivative, known effects recovered, uncertainty that widens."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from scipy import stats

from openchannel.calibration.forecast_regression import (
    FEATURES,
    Grid,
    fit,
    foretellers,
)

START = dt.date(1984, 1, 2)


def log_posterior(
    effects: np.ndarray, size: float, columns: np.ndarray, offset: np.ndarray, counts: np.ndarray
) -> float:
    """By SciPy: negative binomial likelihood, normal effects of sigma one half."""
    mean = np.exp(offset + columns @ effects)
    law = stats.nbinom.logpmf(counts, size, size / (size + mean))
    return float(law.sum() - 0.5 * (effects**2).sum() / 0.25)


def sample(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Columns, offsets, counts of size 3, and the effects behind them."""
    rng = np.random.default_rng(seed)
    effects = np.array([0.2, -0.6, 0.4])
    columns = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    offset = np.full(n, np.log(2.0))
    mean = np.exp(offset + columns @ effects)
    return columns, offset, rng.negative_binomial(3, 3 / (3 + mean)), effects


def test_effects_are_at_the_top_of_the_posterior() -> None:
    """Any step of a hundredth from the mode lowers SciPy's log posterior."""
    columns, offset, counts, _ = sample(300, 1)
    found = fit(columns, offset, counts.astype(float), np.ones((1, 300)))
    mode, size = found.effects[0], float(found.size[0])
    top = log_posterior(mode, size, columns, offset, counts)
    for i in range(3):
        for step in (-0.01, 0.01):
            moved = mode.copy()
            moved[i] += step
            assert log_posterior(moved, size, columns, offset, counts) < top


def test_known_effects_are_recovered_within_their_errors() -> None:
    """Three thousand windows: each effect within four of its own standard errors, and the size.

    Chance of failure by luck: about 1 in 5,000. The size is one of a dozen; its neighbours of 3
    lie at 1.9 and 5.3 or so.
    """
    columns, offset, counts, effects = sample(3_000, 2)
    found = fit(columns, offset, counts.astype(float), np.ones((1, 3_000)))
    errors = np.sqrt(np.diag(found.covariance[0]))
    assert (np.abs(found.effects[0] - effects) < 4 * errors).all()
    assert (errors < 0.05).all()
    assert 1.8 < found.size[0] < 5.5


def test_windows_of_no_weight_say_nothing() -> None:
    """An origin before any window has ended keeps the prior: no effect, and wide."""
    columns, offset, counts, _ = sample(50, 3)
    found = fit(columns, offset, counts.astype(float), np.zeros((1, 50)))
    assert np.allclose(found.effects, 0)
    assert np.allclose(found.covariance[0], np.eye(3) / 4)


def test_what_is_not_known_of_effects_widens_the_law() -> None:
    """The mean stays, the size falls: variance of a gamma times a log-normal factor."""
    columns, offset, counts, _ = sample(60, 4)
    found = fit(columns, offset, counts.astype(float), np.ones((1, 60)))
    mean, size = found.law(columns[:1], offset[:1])
    assert mean[0] == pytest.approx(np.exp(offset[0] + columns[0] @ found.effects[0]))
    unsure = float(columns[0] @ found.covariance[0] @ columns[0])
    spread = (1 + 1 / found.size[0]) * np.exp(unsure) - 1
    assert size[0] == pytest.approx(1 / spread)


def test_columns_are_what_they_are_called() -> None:
    """A burst of events, a talk, and exercises a year ago, on a grid worked by hand."""
    n = 300
    counts, provocations = np.zeros(n, np.int64), np.zeros(n, np.int64)
    contact, exercise = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    counts[190:200] = 1
    contact[197:200] = True
    exercise[148:152] = True
    grid = Grid(START, counts, provocations, contact, exercise)
    columns, offset = foretellers(grid, np.array([200]), 13, 0)
    row = dict(zip(FEATURES, columns[0], strict=True))
    rate = 10.5 / 200
    assert offset[0] == pytest.approx(np.log(13 * rate))
    assert row["own events, 26 weeks"] == pytest.approx(np.log(11 / (26 * rate + 1)))
    assert row["contacts, 13 weeks"] == pytest.approx(3 / 13)
    assert row["exercises, window a year before"] == pytest.approx(4 / 13)  # weeks 148 to 160
    year, _ = foretellers(grid, np.array([200]), 52, 0)
    assert abs(year[0][FEATURES.index("season, sine")]) < 0.02  # a whole year has no season
