"""The past that forecasts are made from and tested on: a case, its record, and series of weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from openchannel.errors import Problem, UserError
from openchannel.usecases.evidence.record import no_record, sound_record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from openchannel.calibration.forecast_backtest import BackTest
    from openchannel.calibration.forecast_series import Series
    from openchannel.domain import Case
    from openchannel.evidence import Record

__all__ = ["Past", "opened_past", "tested"]

_SCORED_WEEKS = 260
"""Five years of scored origins before a forecast that may be asked for."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is known before a day.

    end : the last day of evidence that is used
    series : one for each question whose table is long enough to test forecasts on
    left_out : titles of the other questions
    """

    case: Case
    record: Record
    end: dt.date
    gap: int
    series: tuple[Series, ...]
    left_out: tuple[str, ...]


def tested(past: Past, seed: int) -> list[tuple[BackTest, NDArray[np.float64]]]:
    """What `back_tests` finds for all questions and windows; asked again, it is kept."""
    from openchannel.calibration.forecast_questions import WEEKS

    counted_from = tuple(sorted(past.case.counted_from.items()))
    evidence = past.record.fingerprint
    questions = tuple(s.question for s in past.series)
    return _tested(
        _Asked(evidence, counted_from, past.end, past.gap, seed, questions, WEEKS, past.series)
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What back-tests follow from; the series are those of the rest."""

    evidence: str
    counted_from: tuple[tuple[str, dt.date], ...]
    end: dt.date
    gap: int
    seed: int
    questions: tuple[str, ...]
    weeks: tuple[int, ...]
    series: tuple[Series, ...] = field(compare=False)


@lru_cache(maxsize=4)
def _tested(asked: _Asked) -> list[tuple[BackTest, NDArray[np.float64]]]:
    from openchannel.calibration.forecast_backtest import back_tests

    return back_tests(asked.series, asked.weeks, gap=asked.gap, seed=asked.seed)


@contextmanager
def opened_past(
    case: Case | str | Path, *, before: dt.date = dt.date.max, gap: int | None = None
) -> Iterator[Past]:
    """The past of a case before a day; its record is closed at the end.

    `gap` is the age of the evidence in weeks; if it is not given, the one that the day makes.

    Raises
    ------
    UserError
        The case has problems or no record, or one that is too short to test forecasts on.
    """
    from openchannel.calibration.forecast_questions import QUESTIONS
    from openchannel.calibration.forecast_series import Origins, first_days, read_series
    from openchannel.domain import Case as CaseType
    from openchannel.usecases.cases import load

    loaded = case if isinstance(case, CaseType) else load(case)
    if not loaded.evidence_folder:
        raise UserError(no_record(loaded.folder or loaded.id))
    with sound_record(loaded.evidence_folder) as record:
        known = before - dt.timedelta(days=1) if before > dt.date.min else before
        end = min(record.end or dt.date.min, known)
        age = _weeks_between(end, before) if gap is None else gap
        starts = first_days(record, loaded.counted_from, end)
        every = read_series(record, QUESTIONS, starts, end, Origins.of(starts))
        kept = tuple(s for s in every if _is_long_enough(s, age))
        if not kept:
            raise UserError(_too_short(loaded, end, age))
        names = {s.question for s in kept}
        left_out = tuple(q.title for q in QUESTIONS if q.id not in names)
        yield Past(loaded, record, end, age, kept, left_out)


def _weeks_between(end: dt.date, day: dt.date) -> int:
    """Whole weeks between the evidence and a window that begins on `day`."""
    return max(0, (day - end).days - 1) // 7


def _is_long_enough(series: Series, gap: int) -> bool:
    first = max(series.first_scored, series.first_origin + gap)
    return series.n_weeks >= first + _SCORED_WEEKS


def _too_short(case: Case, end: dt.date, gap: int) -> Problem:
    shown = "nothing" if end == dt.date.min else f"a record that ends on {end}"
    return Problem(
        case.evidence_folder,
        "as_of",
        f"{shown} is too short to test forecasts on whose evidence is {gap} weeks old",
        "sixteen years of a table (eleven to learn from, five to be scored), and their age less",
        "name another day with --as-of, add to the record, or say in `counted_from` of case.yaml "
        "that a table is complete from an earlier day",
    )
