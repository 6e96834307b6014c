"""Dates as the record writes them: a day, a month (`1996-05`) or a year (`1976`), never invented.

Owns reading them and the rule for counts (the middle of the month or year). What a row does with
its dates belongs to `tables`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

__all__ = [
    "DATE_FORMS",
    "PRECISIONS",
    "Day",
    "PartialDate",
    "Precision",
    "coarser",
    "day_given",
    "middle_of",
    "read_date",
]

Precision = Literal["day", "month", "year"]
PRECISIONS: tuple[Precision, ...] = ("day", "month", "year")

#: A day as a question gives it: text of one of the three forms, or a date.
Day: TypeAlias = str | dt.date
#: What such a text may be, in words.
DATE_FORMS = "a day (1996-05-28), a month (1996-05) or a year (1996)"

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A stretch of one or more days that a written date stands for; both ends belong to it."""

    first: dt.date
    last: dt.date
    precision: Precision

    @property
    def middle(self) -> dt.date:
        """The day used in counts: the day itself, or the middle of the month or year."""
        return middle_of(self.first, self.last)


def middle_of(first: dt.date, last: dt.date) -> dt.date:
    """The day half way between two days, rounded down."""
    return first + (last - first) // 2


@lru_cache(maxsize=8192)  # a record has a few thousand, and each is asked for many times
def read_date(text: str) -> PartialDate:
    """The days that a written date stands for.

    Raises
    ------
    ValueError
        With the reason in words, where the text is not a date of one of the three forms.

    Examples
    --------
    >>> read_date("1996-02").last
    datetime.date(1996, 2, 29)
    >>> read_date("1976").middle
    datetime.date(1976, 7, 1)
    """
    match = _FORM.match(text)
    if match is None:
        raise ValueError(f"'{text}' is not a date")
    year = int(match[1])
    if year == 0:
        raise ValueError(f"'{text}' has no such year")
    if match[2] is None:
        return PartialDate(dt.date(year, 1, 1), dt.date(year, 12, 31), "year")
    month = int(match[2])
    if not 1 <= month <= 12:
        raise ValueError(f"'{text}' has no such month")
    n_days = calendar.monthrange(year, month)[1]
    if match[3] is None:
        return PartialDate(dt.date(year, month, 1), dt.date(year, month, n_days), "month")
    day = int(match[3])
    if not 1 <= day <= n_days:
        raise ValueError(f"'{text}' has no such day; the month has {n_days}")
    return PartialDate(dt.date(year, month, day), dt.date(year, month, day), "day")


def day_given(day: Day) -> PartialDate:
    """The days that a date or a written date stands for; of a moment, its day.

    Raises
    ------
    ValueError
        As `read_date`.
    """
    return read_date(str(day.date() if isinstance(day, dt.datetime) else day))


def coarser(form: Precision, declared: str) -> Precision:
    """The wider of the written form and the precision that the row declares in words.

    Only the first word of `declared` counts; `month (days GK)` is `month`, and words that name no
    precision (`window`, `weekend A`) leave the form as it is.
    """
    words = declared.replace("(", " ").split()
    claimed = next((p for p in PRECISIONS if words and words[0] == p), form)
    return max(form, claimed, key=PRECISIONS.index)
