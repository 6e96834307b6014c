"""Forecasts of the record's next weeks: dated, with rules of resolution, logged and scored."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import Problem, UserError
from openchannel.usecases.contact_ledger import user_name
from openchannel.usecases.record import open_record
from openchannel.usecases.store import opened_store, store_path

if TYPE_CHECKING:
    from openchannel.calibration.forecast_backtest import BackTest
    from openchannel.calibration.forecast_questions import Question
    from openchannel.evidence import Record
    from openchannel.evidence.keeping.forecast_log import LoggedForecast

__all__ = ["Due", "ForecastTable", "ScoreTable", "forecast", "score"]

Events = list[tuple[dt.date, str]]

_EARLIEST = dt.date(2000, 1, 1)
"""Five years of scored origins before the first forecast that may be asked for."""
_STARTS = {
    "provocations": dt.date(1984, 1, 2),  # missile tests are listed from 1984
    "crises": dt.date(1984, 1, 2),
    "contacts": dt.date(1988, 1, 4),  # contacts are listed from 1988
}
_LABELS = {"provocations": "label", "crises": "name", "contacts": "channel"}


@dataclass(frozen=True, slots=True)
class ForecastTable:
    """What is forecast on a day, and how old the evidence for it is.

    evidence_end : the last day of evidence that is used
    gap : whole weeks between it and the first day of the windows
    """

    case: str
    as_of: dt.date
    evidence_end: dt.date
    gap: int
    rows: tuple[LoggedForecast, ...]
    tests: tuple[BackTest, ...]
    n_logged: int

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        return {
            "case": self.case,
            "as_of": self.as_of.isoformat(),
            "evidence_end": self.evidence_end.isoformat(),
            "evidence_age_weeks": self.gap,
            "logged": self.n_logged,
            "forecasts": [
                {k: v for k, v in row.as_dict().items() if k not in ("entry", "made", "who")}
                for row in self.rows
            ],
        }


@dataclass(frozen=True, slots=True)
class Due:
    """A logged forecast whose window the record covers by now."""

    forecast: LoggedForecast
    came: int
    brier: float
    log_score: float


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Back-tests of every question and window, and the scores of logged forecasts come due."""

    case: str
    evidence_end: dt.date
    gap: int
    titles: dict[str, str]
    tests: tuple[BackTest, ...]
    due: tuple[Due, ...]
    n_waiting: int

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        tests = [asdict(t) for t in self.tests]
        for test in tests:
            for miss in test["misses"]:
                miss |= {k: miss[k].isoformat() for k in ("origin", "last")}
        return {
            "case": self.case,
            "evidence_end": self.evidence_end.isoformat(),
            "evidence_age_weeks": self.gap,
            "back_tests": tests,
            "due": [{**asdict(d), "forecast": d.forecast.as_dict()} for d in self.due],
            "waiting": self.n_waiting,
        }


def forecast(
    case: str | Path = "korea",
    *,
    as_of: dt.date | None = None,
    log: bool = False,
    store: str | Path | None = None,
    who: str = "",
    seed: int = 1,
) -> ForecastTable:
    """Dated probabilities and counts for the next 4, 13, 26 and 52 weeks.

    Parameters
    ----------
    as_of
        First day of the windows, today if none is given; nothing from that day on is used.
    log
        Add the forecasts to the log in the store.

    Raises
    ------
    UserError
        The case has no record, or one too short; the store is locked or cannot be written.
    """
    from openchannel.calibration.forecast_questions import QUESTIONS, WEEKS

    day = as_of or dt.date.today()
    with open_record(case) as record:
        end = _usable_end(record, day)
        rows, tests = [], []
        for question in QUESTIONS:
            events = _events(record, question, end)
            for weeks in WEEKS:
                row, test = _issue(record, question, events, end, day, weeks, str(case), seed)
                rows.append(row)
                tests.append(test)
    n_logged = 0
    if log:
        from openchannel.evidence.keeping.forecast_log import write_forecasts

        with opened_store(store, writing=True) as database:
            n_logged = write_forecasts(database, rows, who=who or user_name())
    return ForecastTable(str(case), day, end, _gap(end, day), tuple(rows), tuple(tests), n_logged)


def score(
    case: str | Path = "korea",
    *,
    gap: int = 0,
    store: str | Path | None = None,
    seed: int = 1,
) -> ScoreTable:
    """Back-test from 1995 to the record's end, and scores of logged forecasts that are due.

    Parameters
    ----------
    gap
        Weeks by which the evidence is old at each origin: what age does to the scores.
    """
    from openchannel.calibration.forecast_backtest import back_test
    from openchannel.calibration.forecast_questions import QUESTIONS, WEEKS

    _check_gap(gap)
    with open_record(case) as record:
        end = _usable_end(record, dt.date.max)
        tests = []
        for question in QUESTIONS:
            test = partial(
                back_test, question.id, _events(record, question, end), _STARTS[question.table],
                end, gap=gap, seed=seed,
            )  # fmt: skip
            tests += [test(weeks=weeks) for weeks in WEEKS]
        due, n_waiting = _due(record, end, str(case), store)
    titles = {q.id: q.title for q in QUESTIONS}
    return ScoreTable(str(case), end, gap, titles, tuple(tests), tuple(due), n_waiting)


def _issue(
    record: Record,
    question: Question,
    events: Events,
    end: dt.date,
    day: dt.date,
    weeks: int,
    case: str,
    seed: int,
) -> tuple[LoggedForecast, BackTest]:
    """The forecast of one window by the model that did best on windows of its kind."""
    import numpy as np

    from openchannel.calibration import scores
    from openchannel.calibration.forecast_backtest import (
        INTERVAL,
        STEP_WEEKS,
        TRAINING_ORIGIN,
        back_test,
        weekly,
    )
    from openchannel.calibration.forecast_models import Windows, forecasts
    from openchannel.evidence.keeping.forecast_log import LoggedForecast

    start, gap = _STARTS[question.table], _gap(end, day)
    test = back_test(question.id, events, start, end, weeks=weeks, gap=gap, seed=seed)
    counts = weekly([d for d, _ in events], start, ((end - start).days + 1) // 7)
    past = np.arange(-(-(TRAINING_ORIGIN - start).days // 7), len(counts), STEP_WEEKS)
    windows = Windows(np.append(past, len(counts)), weeks, gap)
    law = forecasts(counts, windows)[test.chosen][-1:]
    low, high = (int(scores.quantile(law, q)[0]) for q in ((1 - INTERVAL) / 2, (1 + INTERVAL) / 2))
    return LoggedForecast(
        case=case,
        evidence=record.fingerprint,
        evidence_end=end,
        question=question.id,
        rule=question.rule,
        query=question.query,
        first=day,
        last=day + dt.timedelta(days=7 * weeks - 1),
        probability=float(1 - law[0, 0]),
        mean=float(law[0] @ np.arange(law.shape[1])),
        low=low,
        high=high,
        model=test.chosen,
    ), test


def _events(record: Record, question: Question, end: dt.date) -> Events:
    """Day and name of each event until the end of the evidence."""
    from openchannel.calibration.forecast_questions import dated_events

    names = {e.id: str(e[_LABELS[question.table]]) for e in record.entries(question.table)}
    found = dated_events(record, question)
    return [(day, f"{names[row]} ({row})") for day, row in found if day <= end]


def _gap(end: dt.date, day: dt.date) -> int:
    """Whole weeks between the evidence and a window that begins on `day`."""
    return max(0, (day - end).days - 1) // 7


def _usable_end(record: Record, day: dt.date) -> dt.date:
    """The last day of evidence before `day`."""
    end = min(record.end or dt.date.min, day - dt.timedelta(days=1))
    if end < _EARLIEST:
        raise UserError(
            Problem(
                "evidence",
                "as_of",
                "the record is too short to forecast from",
                f"a record with provocations, and a day, after {_EARLIEST}",
                "name a later day with --as-of, or add to the record",
            )
        )
    return end


def _check_gap(gap: int) -> None:
    most = 260
    if not 0 <= gap <= most:
        raise UserError(
            Problem("command line", "--gap", f"{gap} is out of bounds", f"0 to {most} weeks",
                    "give the age of the evidence in weeks")
        )  # fmt: skip


def _due(
    record: Record, end: dt.date, case: str, store: str | Path | None
) -> tuple[list[Due], int]:
    """Logged forecasts that the record resolves, and how many still wait for it."""
    import numpy as np

    from openchannel.calibration import scores
    from openchannel.calibration.forecast_questions import Question, dated_events
    from openchannel.evidence.keeping.forecast_log import logged

    if not store_path(store).is_file():
        return [], 0
    with opened_store(store) as database:
        entries = [f for f in logged(database) if f.case == case]
    found = []
    for said in (f for f in entries if f.last <= end):
        # By the query as it was logged, so that a later change of the rule cannot help.
        table = said.query.partition(" FROM ")[2].split()[0]
        rule = Question(said.question, said.question, table, said.rule, said.query)
        came = sum(said.first <= d <= said.last for d, _ in dated_events(record, rule))
        chance, yes = np.array([said.probability]), np.array([float(came > 0)])
        found.append(
            Due(said, came, float(scores.brier(chance, yes)[0]),
                float(scores.log_score(chance, yes)[0]))
        )  # fmt: skip
    return found, len(entries) - len(found)
