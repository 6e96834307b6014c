"""Where further futures go, and what is made of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from openchannel.analysis.measured import Measured
from openchannel.analysis.sharpening import Size, allocate, stake_slope
from openchannel.ensemble.scrambles import SCRAMBLES

NEEDS = arrays(np.float64, (2, 3), elements=st.sampled_from([0.0, 1.0, 40.0, 3e3, 1e6]))
CROWDED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CROWDED
@given(NEEDS, st.floats(1.0, 1e7))
def test_no_more_is_given_than_there_is_or_is_needed(need: np.ndarray, budget: float) -> None:
    """Nothing goes where nothing is needed, and all of it goes where that much is needed."""
    out = allocate(need, budget)
    assert (out <= need * (1 + 1e-12)).all()
    assert (out[need == 0.0] == 0.0).all()
    assert out.sum() == pytest.approx(min(budget, need.sum()))


@CROWDED
@given(NEEDS.filter(lambda need: bool(need.any())), st.floats(1.0, 1e7), st.integers(0, 2**32))
def test_no_other_split_leaves_less_error(need: np.ndarray, budget: float, seed: int) -> None:
    """Squared errors in units of their goals add up to need over futures; moving some adds to it."""
    out = allocate(need, budget)
    open_ = np.flatnonzero(need.ravel() > 0.0)
    rng = np.random.default_rng(seed)
    other = out.ravel().copy()
    a, b = rng.choice(open_, 2)
    moved = min(0.3 * other[a], need.ravel()[b] - other[b])
    other[a] -= moved
    other[b] += moved

    def left(futures: np.ndarray) -> float:
        return float((need.ravel()[open_] / futures[open_]).sum())

    assert left(other) >= left(out.ravel()) * (1 - 1e-9)


def test_sizes_are_nets_and_full_lanes() -> None:
    """Powers of two in every scramble, replicates in multiples of sixteen, bounded draws."""
    sizes = [Size.near(n) for n in (0.0, 900.0, 5000.0, 1e5, 1e9)]
    assert sizes == sorted(sizes)
    for size in sizes:
        each = size.draws // SCRAMBLES
        assert each & (each - 1) == 0
        assert 4 <= each <= 256
        assert size.replicates % 16 == 0
    assert Size.near(5000.0).futures == 4096
    assert Size.near(1e9).futures == pytest.approx(1e9, rel=0.5)


def test_draws_move_where_more_is_at_stake() -> None:
    """A planted direction is found from noisy squares; a first run of few draws gives none."""
    rng = np.random.default_rng(1)
    scores = rng.standard_normal((1024, 40))
    planted = np.zeros(40)
    planted[:3] = 0.6, -0.4, 0.2
    root = np.exp(scores @ planted)[:, None] * np.array([1e-3, 20.0, 0.0])
    squares = root**2 * rng.gamma(2.0, 0.5, (1024, 3))
    slope = stake_slope(scores, squares)
    assert np.corrcoef(slope, planted)[0, 1] > 0.95
    assert 0.5 < np.linalg.norm(slope) / np.linalg.norm(planted) < 0.9
    assert not stake_slope(scores[:100], squares[:100]).any()
    assert not stake_slope(scores, 0.0 * squares).any()
    assert (np.round(slope, 4) == slope).all()


def test_the_error_is_that_of_sixteen_means() -> None:
    """Two of it cover what two standard errors of many would: widened for fifteen degrees."""
    values = np.arange(16.0)
    one = Measured.of(values)
    assert one.mean == 7.5
    plain = values.std(ddof=1) / 4.0
    assert 1.05 * plain < one.mcse < 1.2 * plain
