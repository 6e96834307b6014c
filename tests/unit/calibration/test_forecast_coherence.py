"""Forecasts of nested events agree, whatever the models said of each alone."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from openchannel.calibration import scores
from openchannel.calibration.forecast_backtest import back_tests
from openchannel.calibration.forecast_coherence import NOISE, agreeing
from openchannel.calibration.forecast_questions import QUESTIONS, dated_events
from openchannel.calibration.forecast_regression import Grid
from openchannel.calibration.forecast_series import Origins, Series, weekly
from openchannel.usecases.evidence.record import open_record

CHAIN = np.tri(4, dtype=bool).T
"""The first of four counts holds the three others, and so on."""
TREE = np.array([[1, 1, 1, 1], [0, 1, 1, 1], [0, 0, 1, 0], [0, 0, 0, 1]], bool)
"""Two counts within one, as nuclear tests and ICBM-class flights are within severity 5."""

weights = st.lists(st.floats(0, 1), min_size=6, max_size=6).filter(lambda w: sum(w) > 0.1)


def _laws(rows: list[list[float]]) -> np.ndarray:
    raw = np.array(rows)
    return raw / raw.sum(axis=1, keepdims=True)


def _beyond(laws: np.ndarray) -> np.ndarray:
    """The chance of more than k events."""
    return 1 - np.cumsum(laws, axis=-1)[..., :-1]


@settings(max_examples=200, deadline=None)
@given(st.lists(weights, min_size=4, max_size=4), st.sampled_from([CHAIN, TREE]))
def test_printed_forecasts_of_nested_events_never_cross(
    rows: list[list[float]], holds: np.ndarray
) -> None:
    """Chances, means and ends of intervals of the wider count are never below the narrower's."""
    laws = _laws(rows)
    found = agreeing(laws, holds)
    assert (found >= 0).all()
    assert found.sum(axis=1) == pytest.approx(np.ones(4))
    ends = np.stack([scores.quantile(found, q) for q in (0.1, 0.5, 0.9)], axis=1)
    means = found @ np.arange(6)
    for wide, narrow in zip(*np.nonzero(holds), strict=True):
        assert (_beyond(found)[wide] >= _beyond(found)[narrow] - 1e-12).all()
        assert means[wide] >= means[narrow] - 1e-12
        assert (ends[wide] >= ends[narrow]).all()


@settings(max_examples=100, deadline=None)
@given(st.lists(weights, min_size=4, max_size=4), st.sampled_from([CHAIN, TREE]))
def test_what_agrees_is_left_to_the_bit_and_twice_is_once(
    rows: list[list[float]], holds: np.ndarray
) -> None:
    """Forecasts that agree stay; what was made to agree agrees."""
    once = agreeing(_laws(rows), holds)
    assert agreeing(once, holds) == pytest.approx(once, abs=1e-14)
    alone = _laws(rows)
    assert np.array_equal(agreeing(alone, np.eye(4, dtype=bool)), alone)
    alike = np.stack([alone[0]] * 4)
    assert np.array_equal(agreeing(alike, holds), alike)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([CHAIN, TREE]))
def test_laws_of_many_counts_that_agree_are_left_to_the_bit(seed: int, holds: np.ndarray) -> None:
    """Laws of 160 counts, each wider one with larger or the same chances: no rounding moves one.

    Sums of so many parts differ in their last digits where chances are the same.
    """
    rng = np.random.default_rng(seed)
    drawn = rng.dirichlet(np.full(160, rng.choice([0.05, 0.3, 1.0])), 4)
    tails = np.cumsum(drawn[:, ::-1], axis=1)[:, -2::-1]  # from the far end: rounded otherwise
    own = np.maximum.accumulate(tails, axis=0)[::-1]  # the widest first
    order = np.argsort(-holds.sum(axis=1), kind="stable")
    beyond = np.empty_like(own)
    beyond[order] = own
    ends = [np.ones((4, 1)), beyond, np.zeros((4, 1))]
    laws = -np.diff(np.concatenate(ends, axis=1), axis=1)
    assert np.array_equal(agreeing(laws, holds), laws)


def test_a_law_summed_in_another_order_is_no_contradiction() -> None:
    """Nine tenths by nine parts and by one: equal but for the last digit, and left alone."""
    wide, narrow = [0.0] * 9 + [1.0, 0.0], [0.1] * 10 + [0.0]
    laws = np.array([wide, narrow])
    assert (_beyond(laws)[1] > _beyond(laws)[0]).any()
    assert np.array_equal(agreeing(laws, np.tri(2, dtype=bool).T), laws)


def test_two_chances_that_cross_meet_half_way() -> None:
    """0.2 of three or more and 0.5 of four or more become 0.35 each; the third stays."""
    laws = np.array([[0.8, 0.2], [0.5, 0.5], [0.9, 0.1]])
    found = agreeing(laws, np.tri(3, dtype=bool).T)
    assert found[:, 1] == pytest.approx([0.35, 0.35, 0.1])
    assert np.array_equal(found[2], laws[2])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=4, max_size=4), st.sampled_from([CHAIN, TREE]))
def test_no_forecasts_that_agree_move_less_at_their_farthest(
    chances: list[float], holds: np.ndarray
) -> None:
    """The largest move is that of a linear program over all chances that agree."""
    laws = np.array([[1 - p, p] for p in chances])
    most = float(np.abs(agreeing(laws, holds)[:, 1] - chances).max())
    # Unknowns: four chances and the bound on their moves.
    above = [
        [*(-np.eye(4)[a] + np.eye(4)[b]), 0.0] for a, b in zip(*np.nonzero(holds), strict=True)
    ]
    moved = [[*(sign * np.eye(4)[i]), -1.0] for i in range(4) for sign in (1, -1)]
    limits = [0.0] * len(above) + [sign * chances[i] for i in range(4) for sign in (1, -1)]
    least = optimize.linprog([0, 0, 0, 0, 1], above + moved, limits, bounds=[(0, 1)] * 5).fun
    assert most == pytest.approx(least, abs=1e-7)


START, END = dt.date(1984, 1, 2), dt.date(2010, 12, 31)
ORIGINS = Origins(dt.date(1990, 1, 1), dt.date(1995, 1, 2))
WEEKS = (4, 13, 26)


def _series(name: str, days: list[dt.date], within: frozenset[str]) -> Series:
    n = ((END - START).days + 1) // 7
    counts = weekly(days, START, n)
    none = np.zeros(n, np.bool_)
    return Series(name, END, [(d, str(d)) for d in days], Grid(START, counts, counts, none, none),
                  ORIGINS, within)  # fmt: skip


def test_a_back_test_scores_what_is_printed() -> None:
    """Half-lives of two nested questions differ, and chances cross; what is issued never does.

    Grave events come at one rate and are forecast by a long memory; light ones come weekly in every
    third pair of years, so that all together want a short one, which forgets the grave in between.
    """
    rng = np.random.default_rng(8)
    days = (END - START).days
    grave = [START + dt.timedelta(days=int(d)) for d in np.sort(rng.integers(0, days, 130))]
    weekly_days = (START + dt.timedelta(weeks=w) for w in range(days // 7))
    light = [d for d in weekly_days if (d.year - START.year) % 6 < 2]
    every = [
        _series("wide", sorted([*grave, *light]), frozenset()),
        _series("narrow", grave, frozenset({"wide"})),
    ]
    together = {(t.question, t.weeks): t for t, _ in back_tests(every, WEEKS)}
    alone = {(t.question, t.weeks): t for s in every for t, _ in back_tests([s], WEEKS)}
    crossed = [
        n > w
        for weeks in WEEKS
        for w, n in zip(alone["wide", weeks].said, alone["narrow", weeks].said, strict=True)
    ]
    assert any(crossed)
    for weeks in WEEKS:
        wide, narrow = together["wide", weeks], together["narrow", weeks]
        assert all(w >= n - NOISE for w, n in zip(wide.said, narrow.said, strict=True))
        assert narrow.moved > 0
        assert narrow.models == alone["narrow", weeks].models
        came = np.array(narrow.came, float)
        assert narrow.issued.brier == pytest.approx(
            float(scores.brier(np.array(narrow.said), came).mean())
        )
    for name in ("wide", "narrow"):
        short, long = together[name, 4].said, together[name, 26].said
        assert all(a <= b + NOISE for a, b in zip(short, long, strict=False))


def test_questions_that_say_they_are_nested_are_nested_in_the_record() -> None:
    """Each row of a question is a row of every question that it names as wider."""
    with open_record("korea") as record:
        rows = {q.id: {row for _, row in dated_events(record, q)} for q in QUESTIONS}
    nested = [(q.id, wide) for q in QUESTIONS for wide in q.within]
    assert len(nested) == 1 + 2 + 3 + 4 + 4
    assert all(rows[narrow] < rows[wide] for narrow, wide in nested)
