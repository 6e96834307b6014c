"""Forecasts from counts by week: laws that are whole, no look-ahead, known winners."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from openchannel.calibration.forecast_backtest import POOL_ERRORS, back_test, weekly
from openchannel.calibration.forecast_models import MODELS, Windows, forecasts

START = dt.date(1984, 1, 2)
END = dt.date(2010, 12, 31)


def poisson_days(rate: float, seed: int) -> list[tuple[dt.date, str]]:
    """Events of a constant rate a week over the whole record."""
    days = (END - START).days
    draws = np.random.default_rng(seed)
    found = sorted(draws.integers(0, days, draws.poisson(rate * days / 7)).tolist())
    return [(START + dt.timedelta(days=d), f"event {d}") for d in found]


@pytest.mark.parametrize("gap", [0, 20])
def test_what_comes_after_an_origin_changes_nothing(gap: int) -> None:
    """Every forecast stays the same to the bit when all weeks from its origin on are replaced."""
    counts = np.random.default_rng(1).poisson(0.3, 900)
    origins = np.arange(320, 850, 13)
    windows = Windows(origins, 13, gap)
    before = forecasts(counts, windows)
    for place in (0, 11, 30):
        other = counts.copy()
        other[origins[place] :] = 7
        after = forecasts(other, windows)
        for model in MODELS:
            assert np.array_equal(before[model][: place + 1], after[model][: place + 1]), model
        # The test bites: later forecasts do see the change.
        assert not np.array_equal(before["recent_rate"][-1], after["recent_rate"][-1])


def test_every_law_is_whole_and_leaves_a_chance_to_what_never_came() -> None:
    """Rows sum to one, also for a record without an event, and none says never."""
    windows = Windows(np.arange(320, 850, 13), 26)
    for counts in (np.zeros(900, np.int64), np.full(900, 3)):
        for model, law in forecasts(counts, windows).items():
            assert np.allclose(law.sum(axis=1), 1), model
            assert (law[:, 0] < 1).all(), model
            assert (law >= 0).all(), model


def test_windows_hold_the_events_between_their_ends() -> None:
    """Weeks 5 and 6 after three known and two of gap."""
    counts = np.array([9, 9, 9, 9, 9, 1, 2, 9])
    assert Windows(np.array([3]), 2, 2).outcomes(counts).tolist() == [3]
    assert weekly([START, START + dt.timedelta(days=7), dt.date(1980, 1, 1)], START, 3).tolist() == [
        1, 1, 0,
    ]  # fmt: skip


def test_a_constant_rate_is_forecast_best_by_long_memory() -> None:
    """Where the rate never changes, climatology beats persistence, and intervals hold their share.

    By construction: persistence has one window to learn from. The 80 % interval of a count holds
    80 % or more, for counts are whole; 0.7 is three standard errors below at 60 origins.
    """
    found = back_test("toy", poisson_days(0.2, 3), START, END, weeks=13)
    named = {m.model: m for m in found.models}
    assert named["climatology"].crps < named["persistence"].crps
    assert named["climatology"].coverage > 0.7
    assert found.n == len(found.said) == len(found.came)
    assert sum(found.came) == found.n_came


def test_the_pool_is_issued_only_where_it_wins() -> None:
    """On a constant rate no mixture beats the best single model measurably: the rate is issued."""
    found = back_test("toy", poisson_days(0.2, 4), START, END, weeks=13)
    assert found.chosen == "discounted_rate"
    assert found.pool_gain.value <= POOL_ERRORS * found.pool_gain.error


def test_a_costly_miss_is_named_by_its_event() -> None:
    """One event after decades of quiet is the worst miss, once, with its day and name."""
    day = dt.date(2005, 3, 3)
    found = back_test("toy", [(day, "the only one")], START, END, weeks=26)
    assert found.misses[0].event == "2005-03-03: the only one"
    assert found.misses[0].origin <= day <= found.misses[0].last
    assert sum(m.event.endswith("the only one") for m in found.misses) == 1


def test_a_longer_window_never_has_a_smaller_chance() -> None:
    """The discounted rate has one half-life for all windows from one day."""
    counts = np.random.default_rng(2).poisson(0.2, 900)
    origins = np.arange(320, 901, 13)
    chances = [1 - forecasts(counts, Windows(origins, w))["discounted_rate"][:, 0] for w in (4, 13)]
    assert (chances[0] < chances[1]).all()
