"""Dates to weeks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from openchannel.casefile import load_case
from openchannel.casefile.calendar import inauguration_weeks

START = dt.date(2027, 1, 4)


def test_default_start() -> None:
    """The weeks that the specification names for the default start."""
    assert inauguration_weeks(START, 1560, dt.date(2029, 1, 20), 4)[:4] == (106, 315, 524, 732)


def test_horizon_ends_before_its_week() -> None:
    """An inauguration in the week of the horizon is beyond it."""
    assert inauguration_weeks(START, 315, dt.date(2029, 1, 20), 4) == (106,)
    assert inauguration_weeks(START, 316, dt.date(2029, 1, 20), 4) == (106, 315)


def test_first_before_the_start() -> None:
    """Earlier inaugurations set the rhythm and are left out; the day of the start is week 0."""
    assert inauguration_weeks(START, 520, dt.date(1989, 1, 20), 4) == (106, 315)
    assert inauguration_weeks(START, 520, START, 4) == (0, 208, 417)
    assert inauguration_weeks(START, 520, dt.date(2027, 1, 3), 10) == (521,)[:0]


def test_leap_day() -> None:
    """29 February is kept on the 28th in other years."""
    assert inauguration_weeks(START, 208, dt.date(2024, 2, 29), 1) == (7, 60, 112, 164)


@pytest.mark.parametrize(
    ("given", "weeks", "fixed"),
    [
        ("{weeks: [110, 318]}", (110, 318), True),
        ("{weeks: []}", (), True),
        ('{every_years: 8, first: "2021-01-20"}', (106,), False),
    ],
)
def test_calendar_of_a_case(tiny: Path, given: str, weeks: tuple[int, ...], fixed: bool) -> None:
    """Weeks by hand, or from dates."""
    overview = tiny / "case.yaml"
    text = overview.read_text(encoding="utf-8")
    old = '{every_years: 4, first: "2029-01-20"}'
    overview.write_text(text.replace(old, given), encoding="utf-8")
    calendar = load_case(tiny).calendar
    assert (weeks, fixed) == (calendar.inauguration_weeks, calendar.inaugurations_are_fixed)
    assert START == calendar.start
