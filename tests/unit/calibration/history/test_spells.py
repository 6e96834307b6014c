"""Survival of spells: Kaplan and Meier on a table worked by hand, and the Weibull law."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from openchannel.calibration.history.spells import kaplan_meier, survival, weibull

# Weeks in remission under 6-mercaptopurine (Freireich and others 1963), the textbook table.
_TIMES = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
_ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_kaplan_meier_gives_the_table_worked_by_hand() -> None:
    """18/21, then 16/17, 14/15, 11/12, 10/11, 6/7 and 5/6 of what was left."""
    times, share, low, high = kaplan_meier(np.array(_TIMES, float), np.array(_ENDED, bool))
    assert times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    steps = [18 / 21, 16 / 17, 14 / 15, 11 / 12, 10 / 11, 6 / 7, 5 / 6]
    np.testing.assert_allclose(share, np.cumprod(steps))
    # Greenland at the first end: error of log(-log S) is sqrt(3 / (21 * 18)) / |log S|.
    half = 1.959964 * np.sqrt(3 / (21 * 18)) / abs(np.log(18 / 21))
    assert low[0] == pytest.approx((18 / 21) ** np.exp(half), rel=1e-6)
    assert high[0] == pytest.approx((18 / 21) ** np.exp(-half), rel=1e-6)


def test_numbers_at_risk_are_those_of_the_table() -> None:
    """Weeks as years: 21 begin, 21 reach 5, 15 reach 10, 11 reach 15, 8 reach 20."""
    found = survival("six", "remission", _TIMES, [bool(e) for e in _ENDED])
    assert found is not None
    assert dict(zip(found.risk_years, found.at_risk, strict=True)) == {
        0: 21, 5: 21, 10: 15, 15: 11, 20: 8,
    }  # fmt: skip


def test_the_weibull_law_is_that_of_largest_likelihood() -> None:
    """The same shape and scale as SciPy's own fit to censored data, to three digits."""
    times, ended = np.array(_TIMES, float), np.array(_ENDED, bool)
    found = weibull(times, ended)
    assert found is not None
    data = stats.CensoredData.right_censored(times, ~ended)
    shape, _, scale = stats.weibull_min.fit(data, floc=0)
    assert found.shape == pytest.approx(shape, rel=1e-3)
    assert found.scale == pytest.approx(scale, rel=1e-3)
    assert found.shape_low < 1.0 < found.shape_high
    assert found.p_constant > 0.05


def test_the_interval_of_the_shape_holds_the_truth_as_often_as_it_says() -> None:
    """80 lives of shape 0.6, a third cut off, 200 times: 95 % of intervals, within three errors."""
    rng = np.random.default_rng(8)
    held = 0
    for _ in range(200):
        lives = stats.weibull_min.rvs(0.6, scale=3.0, size=80, random_state=rng)
        cut = rng.uniform(1.0, 12.0, 80)
        found = weibull(np.minimum(lives, cut), lives <= cut)
        assert found is not None
        held += found.shape_low < 0.6 < found.shape_high
    assert 0.95 - 0.046 <= held / 200 <= 0.95 + 0.046


def test_spells_that_run_on_count_as_exposure_and_not_as_ends() -> None:
    """Two ends in six years make a third a year, with the exact Poisson interval."""
    found = survival("x", "x", [1.0, 2.0, 3.0], [True, True, False])
    assert found is not None
    assert (found.n, found.ends, found.rate) == (3, 2, pytest.approx(1 / 3))
    assert found.rate_low == pytest.approx(0.2422 / 6, rel=1e-3)
    assert found.rate_high == pytest.approx(7.2247 / 6, rel=1e-3)
    assert found.median == 2.0
    assert found.weibull is None
    assert survival("x", "x", [1.0], [False]) is None
