"""Means, errors and spreads over beliefs, on runs whose truth is known."""

import numpy as np
import pytest

from openchannel.analysis.estimates import ByDraw, Estimates, WorldValues, error_of_mean
from openchannel.ensemble.collect import Collected, paired_index
from openchannel.model.metrics import divisor_of, metric_index

WAR, DAYS = metric_index("p_war"), metric_index("detainee_days")


def run(top: np.ndarray, spread: np.ndarray, n: int, bottom: np.ndarray | None = None) -> Collected:
    """A complete run with one world, two policies and the given sums of one metric."""
    collected = Collected(np.full(len(top), n), 1, 2)
    collected.numerator[:, 0, :, WAR] = top
    collected.divisors[:] = n
    collected.spread[:, 0, :, paired_index("p_war")] = spread
    if bottom is not None:
        collected.numerator[:, 0, :, DAYS] = top
        collected.divisors[:, 0, :, divisor_of("detainee_days")] = bottom
    collected.done[:] = True
    return collected


def test_a_ratio_metric_is_the_ratio_of_sums_not_the_mean_of_ratios():
    top = np.array([[10.0, 10.0], [90.0, 90.0]])
    bottom = np.array([[1.0, 1.0], [3.0, 3.0]])
    view = Estimates(WorldValues(run(top, np.zeros_like(top), 4, bottom), np.arange(2)), np.ones(1))
    assert view.mean("detainee_days", 0) == pytest.approx(100.0 / 4.0)


def test_the_error_of_a_paired_difference_is_that_of_its_units():
    rng = np.random.default_rng(1)
    base = rng.uniform(0.0, 1.0, 200)
    gap = rng.normal(-0.2, 0.05, 200)
    top = np.stack([base, base + gap], axis=1) * 8
    view = Estimates(WorldValues(run(top, np.zeros_like(top), 8), np.arange(200)), np.ones(1))
    estimate, _ = view.difference("p_war", 1, 0)
    assert estimate.mean == pytest.approx(gap.mean())
    assert estimate.mcse == pytest.approx(gap.std(ddof=1) / np.sqrt(200))


def test_what_never_happened_has_no_shares():
    """A ratio over events that a small run never saw is undefined everywhere, and no error."""
    sums = np.zeros((8, 2))
    view = Estimates(WorldValues(run(sums, np.zeros_like(sums), 4, sums), np.arange(8)), np.ones(1))
    estimate, shares = view.difference("detainee_days", 1, 0)
    assert np.isnan([estimate.mean, estimate.mcse, estimate.p50, shares.below, shares.equal]).all()


def test_the_unit_of_error_is_the_belief_draw():
    """Four groups of one draw that agree are one observation, not four; of one draw, each counts."""
    rng = np.random.default_rng(9)
    by_draw = np.repeat(rng.normal(0.0, 1.0, 64), 4)
    one, many = np.zeros(256, np.int64), np.repeat(np.arange(64), 4)
    assert error_of_mean(by_draw, many) == pytest.approx(by_draw[::4].std(ddof=1) / 8.0)
    assert error_of_mean(by_draw, one) == pytest.approx(by_draw.std(ddof=1) / 16.0)


def test_two_errors_of_few_units_cover_as_much_as_two_of_many():
    """Of 4,000 means of three normal units, 4.6 % lie more than two errors from the truth.

    The tolerance is three standard errors of that share.
    """
    rng = np.random.default_rng(10)
    units = rng.normal(0.0, 1.0, (4000, 3))
    errors = np.array([error_of_mean(u - u.mean(), np.arange(3)) for u in units])
    outside = (np.abs(units.mean(axis=1)) > 2.0 * errors).mean()
    assert outside == pytest.approx(0.0455, abs=0.01)


def test_luck_is_taken_out_of_the_share_of_beliefs_that_are_worse():
    """With every true effect at -1 and luck three times as large, counting signs would say 37 %."""
    rng = np.random.default_rng(2)
    n = 1000
    noisy = -1.0 + rng.normal(0.0, 3.0, n)
    view = ByDraw(noisy, np.full(n, 9.0), np.ones(n))
    assert (noisy > 0).mean() > 0.3
    assert view.shares().above < 0.02


def test_real_spread_over_beliefs_survives_the_luck():
    """Effects from N(-1, 1) behind luck of the same size: the true share above zero is 15.9 %."""
    rng = np.random.default_rng(3)
    n = 4000
    noisy = rng.normal(-1.0, 1.0, n) + rng.normal(0.0, 1.0, n)
    view = ByDraw(noisy, np.ones(n), np.ones(n))
    assert view.shares().above == pytest.approx(0.159, abs=0.02)
    low, high = np.percentile(view.without_luck(), [5, 95])
    assert (low, high) == (pytest.approx(-2.645, abs=0.15), pytest.approx(0.645, abs=0.15))


def test_draws_without_any_difference_are_counted_as_equal():
    view = ByDraw(np.array([0.0, 0.0, -1.0, 1.0]), np.zeros(4), np.ones(4))
    shares = view.shares()
    assert (shares.equal, shares.below, shares.above) == (0.5, 0.25, 0.25)


def test_a_policy_against_itself_is_exactly_equal_everywhere():
    top = np.repeat(np.linspace(0.1, 2.0, 30)[:, None], 2, axis=1)
    view = Estimates(WorldValues(run(top, np.zeros_like(top), 4), np.arange(30)), np.ones(1))
    estimate, shares = view.difference("p_war", 1, 0)
    assert (estimate.mean, estimate.mcse, shares.equal) == (0.0, 0.0, 1.0)


def test_groups_of_one_draw_give_an_error_but_no_spread_over_beliefs():
    top = np.random.default_rng(4).uniform(0, 1, (64, 2)) * 10
    view = Estimates(WorldValues(run(top, np.zeros_like(top), 10), np.zeros(64, np.int64)), np.ones(1))
    estimate = view.estimate("p_war", 0)
    assert estimate.p05 == estimate.mean == estimate.p95
    assert estimate.mcse > 0


def test_a_world_that_is_harmed_is_not_hidden_behind_the_others():
    """Three quarters of the weight gain 3 and one quarter loses 1: a quarter of beliefs is worse."""
    collected = Collected(np.full(50, 4), 2, 2)
    collected.divisors[:] = 4
    rng = np.random.default_rng(5)
    base = rng.uniform(5.0, 6.0, 50)
    for world, gap in ((0, -3.0), (1, 1.0)):
        collected.numerator[:, world, 0, WAR] = 4 * base
        collected.numerator[:, world, 1, WAR] = 4 * (base + gap)
    view = Estimates(WorldValues(collected, np.arange(50)), np.array([0.75, 0.25]))
    estimate, shares = view.difference("p_war", 1, 0)
    assert estimate.mean == pytest.approx(-2.0)
    assert shares.above == pytest.approx(0.25)
    assert (estimate.p05, estimate.p95) == (pytest.approx(-3.0), pytest.approx(1.0))
