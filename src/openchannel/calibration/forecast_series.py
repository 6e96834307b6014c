"""The record as forecasts read it: weeks of events, from when they are counted, and the origins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration.forecast_questions import (
    OFFICIAL_CONTACT,
    PROVOCATION,
    Question,
    dated_events,
)
from openchannel.calibration.forecast_regression import Grid
from openchannel.calibration.history.data import exercise_weeks
from openchannel.evidence import Record

__all__ = ["Origins", "Series", "first_days", "read_series", "weekly"]

Ints = NDArray[np.int64]
Events = Sequence[tuple[dt.date, str]]

_TRAINING_WEEKS = 313  # six years: from then on models learn from their own forecasts
_SCORED_WEEKS = 574  # eleven years
_FEWEST_WEEKS = 104  # of a table that is counted later than the others
_LEARNING_WEEKS = 260
_LABELS = {"provocations": "label", "crises": "name", "contacts": "channel"}


@dataclass(frozen=True, slots=True)
class Origins:
    """The days from which forecasts are trained and scored, the same for every question."""

    training: dt.date
    scored: dt.date

    @classmethod
    def of(cls, starts: Mapping[str, dt.date]) -> Origins:
        """Six and eleven years after the first table of the record is counted."""
        first = min(starts.values())
        days = (dt.timedelta(weeks=w) for w in (_TRAINING_WEEKS, _SCORED_WEEKS))
        return cls(*(first + d for d in days))


@dataclass(frozen=True, slots=True)
class Series:
    """Events of one question by week.

    events : day and name of each; grid : weeks from the first day that is counted to `end`
    within : questions whose events hold all of these, in words and in the record
    """

    question: str
    end: dt.date
    events: Events
    grid: Grid
    origins: Origins
    within: frozenset[str] = frozenset()

    def is_within(self, other: Series) -> bool:
        """Whether each event is one of the other question too."""
        return other.question in self.within

    @property
    def n_weeks(self) -> int:
        """Whole weeks of the series."""
        return len(self.grid.counts)

    @property
    def first_origin(self) -> int:
        """The first week from which a model forecasts, to learn from it."""
        return max(self._place(self.origins.training), _FEWEST_WEEKS)

    @property
    def first_scored(self) -> int:
        """The first week in which a window that is scored may begin."""
        return max(self._place(self.origins.scored), self.first_origin + _LEARNING_WEEKS)

    def _place(self, day: dt.date) -> int:
        """The first week that begins on a day or after it."""
        return -(-(day - self.grid.start).days // 7)


def first_days(
    record: Record, counted_from: Mapping[str, dt.date], end: dt.date
) -> dict[str, dt.date]:
    """From when each table is counted: as the case says, else from the first row of the table.

    A table without a row is counted as long as the longest.
    """
    found = dict(counted_from)
    for summary in record.tables():
        if summary.name in _LABELS and summary.first is not None:
            found.setdefault(summary.name, summary.first)
    earliest = min(found.values(), default=end)
    return {table: found.get(table, earliest) for table in _LABELS}


def read_series(
    record: Record,
    questions: Sequence[Question],
    starts: Mapping[str, dt.date],
    end: dt.date,
    origins: Origins,
) -> list[Series]:
    """The series of each question until the end of the evidence."""
    every, talks = (
        [day for day, _ in dated_events(record, q)] for q in (PROVOCATION, OFFICIAL_CONTACT)
    )
    found = []
    for question in questions:
        start = starts[question.table]
        n_weeks = _n_weeks(start, end)
        events = _named_events(record, question, end)
        grid = Grid(
            start=start,
            counts=weekly([day for day, _ in events], start, n_weeks),
            provocations=weekly(every, start, n_weeks),
            contact=weekly(talks, start, n_weeks) > 0,
            exercise=exercise_weeks(record.entries("exercises"), n_weeks, start),
        )
        found.append(Series(question.id, end, events, grid, origins))
    return [replace(s, within=_within(s, questions, found)) for s in found]


def _within(
    series: Series, questions: Sequence[Question], every: Sequence[Series]
) -> frozenset[str]:
    """Questions that hold this one, as far as the record bears that out."""
    (own,) = [q for q in questions if q.id == series.question]
    return frozenset(
        s.question
        for s in every
        if s.question in own.within and set(series.events) <= set(s.events)
    )


def _named_events(record: Record, question: Question, end: dt.date) -> list[tuple[dt.date, str]]:
    """Day and name of each event until the end of the evidence."""
    names = {e.id: str(e[_LABELS[question.table]]) for e in record.entries(question.table)}
    found = dated_events(record, question)
    return [(day, f"{names[row]} ({row})") for day, row in found if day <= end]


def weekly(days: Sequence[dt.date], start: dt.date, n_weeks: int) -> Ints:
    """Events by week of seven days from `start`; days outside the grid are left out."""
    place = [(day - start).days // 7 for day in days]
    inside = [p for p in place if 0 <= p < n_weeks]
    return np.bincount(np.asarray(inside, int), minlength=n_weeks).astype(np.int64)


def _n_weeks(start: dt.date, end: dt.date) -> int:
    return max(0, ((end - start).days + 1) // 7)
