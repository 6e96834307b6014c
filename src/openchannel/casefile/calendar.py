"""The dates of a case: weeks from its start, and from when its record is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from openchannel.casefile.document import Document, Step
from openchannel.casefile.forms import CalendarForm, CountedFromForm, InaugurationsForm
from openchannel.domain import Calendar
from openchannel.errors import Problem

__all__ = ["build_calendar", "build_counted_from", "inauguration_weeks"]

FIRST_YEAR, LAST_YEAR = 1900, 2199


def build_calendar(
    document: Document, form: CalendarForm, problems: list[Problem]
) -> Calendar | None:
    """The calendar, or None with its problems added to `problems`."""
    n_before = len(problems)
    start = _date(document, ("calendar", "start"), form.start, problems)
    weeks = _inaugurations(document, form, start, problems)
    exercises = form.exercise_weeks_of_year
    _in_order(document, ("calendar", "exercise_weeks_of_year"), exercises, problems)
    if start is None or len(problems) > n_before:
        return None
    return Calendar(
        start=start,
        horizon_weeks=form.horizon_weeks,
        inauguration_weeks=weeks,
        exercise_weeks_of_year=tuple(exercises),
        inaugurations_are_fixed=form.inaugurations.weeks is not None,
    )


def build_counted_from(
    document: Document, form: CountedFromForm, problems: list[Problem]
) -> Mapping[str, dt.date]:
    """First day of each table that the file names; a day that is none is a problem."""
    found: dict[str, dt.date] = {}
    for table in type(form).model_fields:
        text = getattr(form, table)
        if text is not None:
            day = _date(document, ("counted_from", table), text, problems)
            found |= {} if day is None else {table: day}
    return found


def inauguration_weeks(
    start: dt.date, horizon_weeks: int, first: dt.date, every_years: int
) -> tuple[int, ...]:
    """Weeks from `start`, 0-based, in which inaugurations fall; those before it are left out.

    A date falls in week floor((date - start) / 7 days).

    Examples
    --------
    >>> inauguration_weeks(dt.date(2027, 1, 4), 520, dt.date(2029, 1, 20), 4)
    (106, 315)
    """
    weeks: list[int] = []
    year = first.year
    while True:
        # 29 February is kept on 28 February in years that lack it.
        day = first.day if (first.month, first.day) != (2, 29) or _is_leap(year) else 28
        week = (dt.date(year, first.month, day) - start).days // 7
        if week >= horizon_weeks:
            return tuple(weeks)
        if week >= 0:
            weeks.append(week)
        year += every_years


def _inaugurations(
    document: Document, form: CalendarForm, start: dt.date | None, problems: list[Problem]
) -> tuple[int, ...]:
    given, path = form.inaugurations, ("calendar", "inaugurations")
    if not _is_one_way(given):
        problems.append(
            document.problem(
                path,
                "inaugurations are given in no way, in two ways, or by half",
                'either `{weeks: [...]}` or `{every_years: 4, first: "2029-01-20"}`',
                "keep one of the two, whole",
            )
        )
        return ()
    if given.weeks is not None:
        _in_order(document, (*path, "weeks"), given.weeks, problems)
        for i, week in enumerate(given.weeks):
            if not 0 <= week < form.horizon_weeks:
                problems.append(
                    document.problem(
                        (*path, "weeks", i),
                        f"week {week} is not within the horizon",
                        f"a week from 0 to {form.horizon_weeks - 1}",
                        "delete the week, or lengthen `horizon_weeks`",
                    )
                )
        return tuple(given.weeks)
    assert given.first is not None
    assert given.every_years is not None
    first = _date(document, (*path, "first"), given.first, problems)
    if first is None or start is None:
        return ()
    return inauguration_weeks(start, form.horizon_weeks, first, given.every_years)


def _is_one_way(form: InaugurationsForm) -> bool:
    by_date = (form.every_years is not None, form.first is not None)
    return not any(by_date) if form.weeks is not None else all(by_date)


def _date(
    document: Document, path: tuple[Step, ...], text: str, problems: list[Problem]
) -> dt.date | None:
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        wrong = f"`{text}` is not a day of the calendar"
    else:
        if FIRST_YEAR <= date.year <= LAST_YEAR:
            return date
        wrong = f"the year {date.year} is out of bounds"
    problems.append(
        document.problem(
            path,
            wrong,
            f'a date as year-month-day, from {FIRST_YEAR} to {LAST_YEAR}, such as "2027-01-04"',
            "correct year, month or day",
        )
    )
    return None


def _in_order(
    document: Document, path: tuple[Step, ...], weeks: list[int], problems: list[Problem]
) -> None:
    problems.extend(
        document.problem(
            (*path, i),
            f"week {weeks[i]} does not come after week {weeks[i - 1]}",
            "weeks in rising order, each once",
            "sort the list and delete repeated weeks",
        )
        for i in range(1, len(weeks))
        if weeks[i] <= weeks[i - 1]
    )


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
