"""Forecasts of the record's next weeks: dated, with rules of resolution, and logged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import UserError
from openchannel.usecases.days import noted_day
from openchannel.usecases.evidence.contact_ledger import user_name
from openchannel.usecases.forecasts.past import Past, opened_past, tested
from openchannel.usecases.forecasts.score import back_test_values
from openchannel.usecases.plain import plain_values, write_data
from openchannel.usecases.settings import MOST_SEED, bound_problems
from openchannel.usecases.store import opened_store

if TYPE_CHECKING:
    from openchannel.calibration.forecast_backtest import BackTest
    from openchannel.calibration.forecast_questions import Question
    from openchannel.domain import Case
    from openchannel.evidence.keeping.forecast_log import LoggedForecast
    from openchannel.report import Brief

__all__ = ["ForecastTable", "forecast", "write_forecast"]


@dataclass(frozen=True, slots=True)
class ForecastTable:
    """What is forecast on a day, and how old the evidence for it is.

    evidence_end : the last day of evidence that is used
    gap : whole weeks between it and the first day of the windows
    tests : how such forecasts fared, made at the same age of evidence
    left_out : questions whose table is too short to test forecasts on
    """

    case: Case
    as_of: dt.date
    evidence_end: dt.date
    gap: int
    seed: int
    rows: tuple[LoggedForecast, ...]
    tests: tuple[BackTest, ...]
    left_out: tuple[str, ...]
    n_logged: int

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        found = {
            "schema_version": 1,
            "case": self.case.id,
            "case_fingerprint": self.case.fingerprint,
            "as_of": self.as_of.isoformat(),
            "evidence_end": self.evidence_end.isoformat(),
            "evidence_age_weeks": self.gap,
            "seed": self.seed,
            "logged": self.n_logged,
            "left_out": list(self.left_out),
            "forecasts": [
                {k: v for k, v in row.as_dict().items() if k not in ("entry", "made", "who")}
                for row in self.rows
            ],
            "back_tests": [back_test_values(t) for t in self.tests],
        }
        return dict(plain_values(found))

    def page(self, *, is_short: bool = False) -> Brief:
        """The forecasts and how such forecasts fared, on one page; short for a screen."""
        from openchannel.report.pages.forecast import forecast_page

        return forecast_page(
            self.case,
            self.rows,
            self.tests,
            self.evidence_end,
            self.seed,
            left_out=self.left_out,
            is_short=is_short,
        )


def forecast(
    case: Case | str | Path = "korea",
    *,
    as_of: str | dt.date | None = None,
    log: bool = False,
    store: str | Path | None = None,
    who: str = "",
    seed: int = 1,
) -> ForecastTable:
    """Chances and counts for the weeks from a day on, by the model that past forecasts bear out.

    Parameters
    ----------
    as_of
        First day of the windows, as a date or as text; today if not given. Evidence up to the day
        before is used.
    log
        Add the forecasts to the log in the store, under the name `who`, else the user's.
    store
        The file of the user's own store; default as `OPENCHANNEL_STORE` or the data folder says.
    seed
        Of the bootstrap of errors; it moves no forecast.

    Returns
    -------
    ForecastTable
        A row for each question and window of 4, 13, 26 and 52 weeks: the chance of at least one
        event, the mean count and its central 80 %; and the scores of such forecasts in the past
        (docs/reference/forecast-file.md).

    Raises
    ------
    UserError
        The case has problems or no record, or one too short; no such day, or a seed out of
        bounds; the store is locked or cannot be written.
    """
    from openchannel.calibration.forecast_questions import QUESTIONS

    problems = bound_problems(("--seed", seed, 0, MOST_SEED))
    day = noted_day("--as-of", as_of, problems) or dt.date.today()
    if problems:
        raise UserError(problems)
    titled = {q.id: q for q in QUESTIONS}
    rows, tests = [], []
    if log:
        with opened_store(store, writing=True):
            pass  # what speaks against logging is told before the work
    with opened_past(case, before=day) as past:
        for test, law in tested(past, seed):
            rows.append(_issued(past, titled[test.question], day, test, law))
            tests.append(test)
    n_logged = 0
    if log:
        from openchannel.evidence.keeping.forecast_log import write_forecasts

        with opened_store(store, writing=True) as database:
            n_logged = write_forecasts(database, rows, who=who or user_name())
    return ForecastTable(
        case=past.case,
        as_of=day,
        evidence_end=past.end,
        gap=past.gap,
        seed=seed,
        rows=tuple(rows),
        tests=tuple(tests),
        left_out=past.left_out,
        n_logged=n_logged,
    )


def _issued(
    past: Past, question: Question, day: dt.date, test: BackTest, law: Any
) -> LoggedForecast:
    """The forecast of one window, by the law of the model that is issued."""
    import numpy as np

    from openchannel.calibration import scores
    from openchannel.calibration.forecast_backtest import INTERVAL
    from openchannel.evidence.keeping.forecast_log import LoggedForecast

    row = law[None, :]
    low, high = (int(scores.quantile(row, q)[0]) for q in ((1 - INTERVAL) / 2, (1 + INTERVAL) / 2))
    return LoggedForecast(
        case=past.case.id,
        evidence=past.record.fingerprint,
        evidence_end=past.end,
        question=question.id,
        rule=question.rule,
        query=question.query,
        first=day,
        last=day + dt.timedelta(days=7 * test.weeks - 1),
        probability=float(1 - law[0]),
        mean=float(law @ np.arange(len(law))),
        low=low,
        high=high,
        model=test.chosen,
    )


def write_forecast(
    found: ForecastTable, folder: str | Path, formats: Sequence[str] = ("html", "pdf")
) -> list[Path]:
    """Write the page and `forecast.json`."""
    from openchannel.usecases.runs.brief import write_page

    place = Path(folder)
    return [
        *write_page(found.page(), place, "forecast", formats),
        write_data(place / "forecast.json", found.as_dict()),
    ]
