"""One reader of days: as text or as a date, by day, month or year, within bounds."""

from __future__ import annotations

import datetime as dt

import pytest

from openchannel.errors import Problem, UserError
from openchannel.usecases.days import day_asked, noted_day
from openchannel.usecases.signs.watch import watch

LOW, HIGH = dt.date(1990, 1, 1), dt.date(2026, 6, 15)


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ("2025-07-01", "2025-07-01", "2025-07-01"),
        (dt.date(2025, 7, 1), "2025-07-01", "2025-07-01"),
        (dt.datetime(2025, 7, 1, 9, 30), "2025-07-01", "2025-07-01"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("1990", "1990-01-01", "1990-12-31"),
        ("2026-06", "2026-06-01", "2026-06-15"),
    ],
)
def test_a_stretch_stands_for_its_first_or_its_last_day(
    given: str | dt.date, first: str, last: str
) -> None:
    """What reaches beyond the latest day ends there."""
    assert str(day_asked("--since", given, LOW, HIGH)) == first
    assert str(day_asked("--until", given, LOW, HIGH, at_end=True)) == last


def test_nothing_given_is_no_day() -> None:
    """The caller knows what is usual."""
    assert day_asked("--as-of", None, LOW, HIGH) is None


@pytest.mark.parametrize(
    "given", ["May", "2025-02-30", "1989-12-31", "2026-06-16", dt.date.max, ""]
)
def test_what_is_no_day_within_bounds_is_told(given: str | dt.date) -> None:
    """With the option, and the bounds."""
    with pytest.raises(UserError) as told:
        day_asked("--as-of", given, LOW, HIGH)
    (problem,) = told.value.problems
    assert problem.field == "--as-of"
    assert "from 1990-01-01 to 2026-06-15" in problem.allowed
    assert "2018-06-12" in problem.mend


def test_wrong_days_are_told_at_once() -> None:
    """Nobody mends one to meet the next."""
    problems: list[Problem] = []
    assert noted_day("--since", "x", problems) is None
    assert noted_day("--until", "y", problems) is None
    assert [p.field for p in problems] == ["--since", "--until"]
    with pytest.raises(UserError) as told:
        watch("korea", weeks=0, since="May", until="2999", as_of="soon")
    fields = [p.field for p in told.value.problems]
    assert fields == ["--weeks", "--as-of", "--since", "--until"]
