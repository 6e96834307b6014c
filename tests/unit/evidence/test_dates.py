"""Dates of three forms, and nothing else."""

import datetime as dt

import pytest

from openchannel.evidence.dates import coarser, read_date


@pytest.mark.parametrize(
    ("text", "first", "last", "middle", "precision"),
    [
        ("1996-05-28", "1996-05-28", "1996-05-28", "1996-05-28", "day"),
        ("1996-05", "1996-05-01", "1996-05-31", "1996-05-16", "month"),
        ("2000-02", "2000-02-01", "2000-02-29", "2000-02-15", "month"),
        ("1976", "1976-01-01", "1976-12-31", "1976-07-01", "year"),
    ],
)
def test_a_written_date_stands_for_its_days(
    text: str, first: str, last: str, middle: str, precision: str
) -> None:
    """A month is its days, counted by its middle."""
    date = read_date(text)
    days = [d.isoformat() for d in (date.first, date.last, date.middle)]
    assert [first, last, middle] == days
    assert precision == date.precision


@pytest.mark.parametrize(
    "text",
    ["", "1996-13", "1996-02-30", "96", "1996-5", "0000", "1996-05-28T00", "1996-05-28\n", "١٩٩٦"],
)
def test_anything_else_is_refused(text: str) -> None:
    """No guessing: a form or a day that does not exist is an error."""
    with pytest.raises(ValueError, match=r"date|month|day|year"):
        read_date(text)


def test_declared_precision_can_only_widen() -> None:
    """`month (days GK)` makes a day a month; `day GK` does not make a month a day."""
    assert coarser("day", "month (days GK)") == "month"
    assert coarser("month", "day GK") == "month"
    assert coarser("day", "year A, days GK") == "year"
    assert coarser("day", "weekend A") == "day"
    assert coarser("day", "") == "day"


def test_middle_is_rounded_down() -> None:
    """Two days have the first as their middle."""
    from openchannel.evidence.dates import middle_of

    assert middle_of(dt.date(2000, 1, 1), dt.date(2000, 1, 2)) == dt.date(2000, 1, 1)
