"""Weeks before and after contacts, strata, and contacts that nobody was told of."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from openchannel.calibration.history.age import evidence_age
from openchannel.calibration.history.data import BINS, Bin, History, near_contact
from openchannel.calibration.history.models import block_error
from openchannel.calibration.history.study import secret_sweep, stratified_ratios


def _history(events: np.ndarray, contact: np.ndarray) -> History:
    n = len(events)
    counts = np.zeros((n, 4), np.int64)
    counts[:, 0] = events
    none = np.full(n, -1)
    start = dt.date(1990, 1, 1)
    return History(
        start,
        start + dt.timedelta(days=7 * n - 1),
        counts,
        np.zeros(n, bool),
        contact,
        none,
        none,
        (),
        (),
        np.repeat(np.arange(1990, 1990 + n // 52), 52),
    )


def test_bins_say_how_long_after_a_contact_a_week_lies() -> None:
    """A bin of weeks 1 to 2 marks the two after it; one of -2 to -1 the two before, the placebo."""
    contact = np.array([0, 0, 0, 1, 0, 0, 0], bool)
    assert near_contact(contact, Bin(1, 2)).tolist() == [0, 0, 0, 0, 1, 1, 0]
    assert near_contact(contact, Bin(-2, -1)).tolist() == [0, 1, 1, 0, 0, 0, 0]
    assert near_contact(contact, Bin(0, 0)).tolist() == contact.tolist()
    assert [b.is_lead for b in BINS] == [True] * 3 + [False] * 4
    assert BINS[0].label == "13 to 9 weeks before"
    assert BINS[-1].label == "9 to 13 weeks after"


def test_bins_leave_no_week_out_and_take_none_twice() -> None:
    """Together they are weeks -13 to 13 about one contact."""
    contact = np.zeros(41, bool)
    contact[20] = True
    together = sum(near_contact(contact, b).astype(int) for b in BINS)
    assert together.tolist() == [0] * 7 + [1] * 27 + [0] * 7


def test_years_as_strata_take_out_a_gap_that_lies_between_years() -> None:
    """Calm years with talks and noisy years without: within years nothing is left."""
    rng = np.random.default_rng(4)
    events, contact = np.zeros(520, np.int64), np.zeros(520, bool)
    for year in range(10):
        weeks = slice(52 * year, 52 * year + 52)
        is_calm = year < 5
        events[weeks] = rng.poisson(0.2 if is_calm else 2.0, 52)
        contact[weeks] = rng.random(52) < (0.04 if is_calm else 0.0)
    found = stratified_ratios([("project", _history(events, contact))])[0]
    assert found.crude < 0.5
    assert found.low < 1.0 < found.high


def test_secret_contacts_can_move_the_ratio_either_way() -> None:
    """All in quiet weeks lower it, all in eventful ones raise it, none missing leaves it alone."""
    rng = np.random.default_rng(6)
    history = _history(rng.poisson(0.4, 1040), rng.random(1040) < 0.02)
    rows = {(r.share, r.where): r for r in secret_sweep(history, 2, seed=1)}
    known = rows[0.0, "anywhere"]
    assert known.ratio == pytest.approx(stratified_ratios([("project", history)])[0].ratio)
    assert known.error == 0.0
    assert rows[0.5, "quiet"].ratio < known.ratio < rows[0.5, "eventful"].ratio
    anywhere = rows[0.25, "anywhere"]
    assert 0.0 < anywhere.error < 0.02
    assert anywhere.exposed > known.exposed


def test_errors_of_sums_respect_what_neighbours_share() -> None:
    """A series that is constant within blocks has the error of its blocks, not of its weeks."""
    blocks = np.repeat(np.random.default_rng(1).normal(size=40), 26)
    naive = blocks.std(ddof=1) * np.sqrt(len(blocks))
    assert block_error(blocks) == pytest.approx(naive * np.sqrt(26), rel=0.05)


def test_old_evidence_says_how_far_it_could_be_moved() -> None:
    """A constant rate is moved by nothing; a record a year old names the days and both rates."""
    evidence = {"end": "2020-01-05", "last_contact": None, "weekly_since_2012": [1] * 400}
    age = evidence_age(evidence, dt.date(2021, 1, 3))
    assert age["days"] == 364
    assert age["unseen_low"] == age["unseen_high"] == 52.0
    assert age["rate_low"] == pytest.approx(age["rate"])
    assert "rate_low" not in evidence_age(evidence, dt.date(2020, 1, 5))
    assert "rate_low" not in evidence_age(evidence, dt.date(2040, 1, 5))
