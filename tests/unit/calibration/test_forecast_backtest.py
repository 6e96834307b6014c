"""Forecasts from counts by week: laws that are whole, no look-ahead, known winners."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from scipy import stats

from openchannel.calibration.forecast_backtest import (
    CHALLENGERS,
    ISSUED,
    WINNING_ERRORS,
    BackTest,
    back_tests,
)
from openchannel.calibration.forecast_models import MODELS, MOST_EVENTS, Windows, forecasts
from openchannel.calibration.forecast_regression import Grid
from openchannel.calibration.forecast_series import Origins, Series, weekly

START = dt.date(1984, 1, 2)
END = dt.date(2010, 12, 31)
ORIGINS = Origins(dt.date(1990, 1, 1), dt.date(1995, 1, 2))


def alone(start: dt.date, counts: np.ndarray) -> Grid:
    """Weeks of counts with nothing beside them."""
    none = np.zeros(len(counts), np.bool_)
    return Grid(start, counts, np.zeros(len(counts), np.int64), none, none)


def series_of(
    events: list[tuple[dt.date, str]],
    start: dt.date = START,
    end: dt.date = END,
    origins: Origins = ORIGINS,
) -> Series:
    """A question's events with nothing beside them."""
    counts = weekly([day for day, _ in events], start, ((end - start).days + 1) // 7)
    return Series("toy", end, events, alone(start, counts), origins)


def scored(events: list[tuple[dt.date, str]], weeks: int) -> BackTest:
    """The back-test of events with nothing beside them."""
    return back_tests([series_of(events)], [weeks])[0][0]


def grid(counts: np.ndarray, rng: np.random.Generator | None = None) -> Grid:
    """Weeks with other things beside the counts, or nothing."""
    if rng is None:
        return alone(START, counts)
    n = len(counts)
    return Grid(START, counts, rng.poisson(0.4, n), rng.random(n) < 0.2, rng.random(n) < 0.3)


def poisson_days(rate: float, seed: int) -> list[tuple[dt.date, str]]:
    """Events of a constant rate a week over the whole record."""
    days = (END - START).days
    draws = np.random.default_rng(seed)
    found = sorted(draws.integers(0, days, draws.poisson(rate * days / 7)).tolist())
    return [(START + dt.timedelta(days=d), f"event {d}") for d in found]


@pytest.mark.parametrize("gap", [0, 20])
def test_what_comes_after_an_origin_changes_nothing(gap: int) -> None:
    """Every forecast stays the same to the bit when all weeks from its origin on are replaced."""
    rng = np.random.default_rng(1)
    before_it = grid(rng.poisson(0.3, 900), rng)
    origins = np.arange(320, 850, 13)
    windows = Windows(origins, 13, gap)
    before = forecasts(before_it, windows)
    for place in (0, 11, 30):
        first = origins[place]
        series = (before_it.counts, before_it.provocations, before_it.contact, before_it.exercise)
        other = [s.copy() for s in series]
        for changed in other:
            changed[first:] = True if changed.dtype == bool else 7
        after = forecasts(Grid(START, *other), windows)
        for model in MODELS:
            assert np.array_equal(before[model][: place + 1], after[model][: place + 1]), model
        # The test bites: later forecasts do see the change.
        for model in ("recent_rate", "regression"):
            assert not np.array_equal(before[model][-1], after[model][-1])


def test_every_law_is_whole_and_leaves_a_chance_to_what_never_came() -> None:
    """Rows sum to one, also for a record without an event, and none says never."""
    windows = Windows(np.arange(320, 850, 13), 26)
    for counts in (np.zeros(900, np.int64), np.full(900, 3)):
        for model, law in forecasts(grid(counts), windows).items():
            assert np.allclose(law.sum(axis=1), 1), model
            assert (law[:, 0] < 1).all(), model
            assert (law >= 0).all(), model


def test_a_rate_makes_the_law_of_scipy() -> None:
    """Negative binomial for a rate seen for a while, also where hundreds of events were seen."""
    for each in (0, 1, 8):
        windows = Windows(np.array([320, 800]), 26)
        law = forecasts(grid(np.full(900, each)), windows)["recent_rate"]
        expected = stats.nbinom.pmf(np.arange(MOST_EVENTS + 1), 52 * each + 0.5, 52 / (52 + 26))
        assert np.allclose(law[:, :-1], expected[:-1], rtol=1e-10, atol=1e-300)
        beyond = stats.nbinom.sf(MOST_EVENTS - 1, 52 * each + 0.5, 52 / (52 + 26))
        assert np.allclose(law[:, -1], beyond, atol=1e-12)


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
    found = scored(poisson_days(0.2, 3), 13)
    named = {m.model: m for m in found.models}
    assert named["climatology"].crps < named["persistence"].crps
    assert named["climatology"].coverage > 0.7
    assert found.n == len(found.said) == len(found.came)
    assert sum(found.came) == found.n_came


def test_a_challenger_is_issued_only_where_it_wins() -> None:
    """On a constant rate neither pool nor regression beats the best simple model measurably."""
    found = scored(poisson_days(0.2, 4), 13)
    assert found.chosen == ISSUED
    assert set(found.gains) == set(CHALLENGERS)
    assert all(g.value <= WINNING_ERRORS * g.error for g in found.gains_in_all.values())


def test_a_regression_that_sees_what_drives_events_is_issued() -> None:
    """Events come in weeks of exercises alone, the same weeks each year: only it can know."""
    n = ((END - START).days + 1) // 7
    season = np.arange(n) % 52 < 6
    counts = np.random.default_rng(5).poisson(np.where(season, 1.0, 0.01))
    days = [
        (START + dt.timedelta(weeks=int(w)), f"event of week {w}")
        for w in np.repeat(np.arange(n), counts)
    ]
    none = np.zeros(n, np.bool_)
    series = Series("toy", END, days, Grid(START, counts, counts, none, season), ORIGINS)
    ((found, law),) = back_tests([series], [4])
    assert found.chosen == "regression"
    assert found.gains["regression"].value > 0.2
    assert law.sum() == pytest.approx(1)


def test_one_model_is_issued_for_all_windows_of_a_question() -> None:
    """What a challenger gains is judged over all windows from the origins that all of them have."""
    series = series_of(poisson_days(0.2, 3))
    found = [t for t, _ in back_tests([series], [4, 52])]
    assert len({t.chosen for t in found}) == 1
    assert found[0].gains_in_all == found[1].gains_in_all != found[0].gains
    assert found[0].n > found[1].n


def test_a_costly_miss_is_named_by_its_event() -> None:
    """One event after decades of quiet is the worst miss, once, with its day and name."""
    day = dt.date(2005, 3, 3)
    found = scored([(day, "the only one")], 26)
    assert found.misses[0].event == "2005-03-03: the only one"
    assert found.misses[0].origin <= day <= found.misses[0].last
    assert sum(m.event.endswith("the only one") for m in found.misses) == 1


def test_a_longer_window_never_has_a_smaller_chance() -> None:
    """The discounted rate has one half-life for all windows from one day."""
    counts = np.random.default_rng(2).poisson(0.2, 900)
    origins = np.arange(320, 901, 13)
    chances = [
        1 - forecasts(grid(counts), Windows(origins, w))["discounted_rate"][:, 0] for w in (4, 13)
    ]
    assert (chances[0] < chances[1]).all()


def test_one_quiet_is_one_miss() -> None:
    """A year without events after a busy decade is named once, however many windows it fills."""
    days = [
        d for d in poisson_days(1.0, 6) if not dt.date(2004, 1, 1) <= d[0] < dt.date(2005, 1, 1)
    ]
    found = scored(days, 13)
    quiet = [m for m in found.misses if m.came == 0 and m.origin.year == 2004]
    assert quiet
    assert not any(a.is_the_same(b) for a in quiet for b in quiet if a is not b)
    assert quiet[0].event == f"none came until {quiet[0].last}"


def test_origins_follow_the_record_and_not_the_calendar() -> None:
    """A record that begins in 2000 is scored from 2011 on, as one of 1984 is from 1995 on."""
    assert Origins.of({"a": START, "b": dt.date(1988, 1, 4)}) == ORIGINS
    start = dt.date(2000, 1, 3)
    origins = Origins.of({"a": start})
    series = series_of([], start, dt.date(2025, 12, 31), origins)
    assert (origins.scored.year, series.first_origin, series.first_scored) == (2011, 313, 574)
    late = series_of([], dt.date(2004, 1, 5), dt.date(2025, 12, 31), origins)
    assert (late.first_origin, late.first_scored) == (104, 365)
