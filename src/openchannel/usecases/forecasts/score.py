"""How forecasts fared: the back-test on the record, and logged ones that have come due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import UserError
from openchannel.usecases.forecasts.past import Past, opened_past, tested
from openchannel.usecases.plain import plain_values, write_data
from openchannel.usecases.settings import MOST_SEED, bound_problems
from openchannel.usecases.store import opened_store, store_path

if TYPE_CHECKING:
    from openchannel.calibration.forecast_backtest import BackTest
    from openchannel.domain import Case
    from openchannel.evidence.keeping.forecast_log import LoggedForecast
    from openchannel.report import Brief

__all__ = ["Due", "ScoreTable", "back_test_values", "forecast_score", "write_forecast_score"]

_MOST_GAP = 260  # weeks


@dataclass(frozen=True, slots=True)
class Due:
    """A logged forecast whose window the record covers by now."""

    forecast: LoggedForecast
    came: int
    brier: float
    log_score: float
    interval_score: float


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Back-tests of every question and window, and the scores of logged forecasts come due."""

    case: Case
    evidence_end: dt.date
    gap: int
    seed: int
    tests: tuple[BackTest, ...]
    left_out: tuple[str, ...]
    due: tuple[Due, ...]
    n_waiting: int

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        found = {
            "schema_version": 1,
            "case": self.case.id,
            "case_fingerprint": self.case.fingerprint,
            "evidence_end": self.evidence_end.isoformat(),
            "evidence_age_weeks": self.gap,
            "seed": self.seed,
            "left_out": list(self.left_out),
            "back_tests": [back_test_values(t) for t in self.tests],
            "due": [{**asdict(d), "forecast": d.forecast.as_dict()} for d in self.due],
            "waiting": self.n_waiting,
        }
        return dict(plain_values(found))

    def page(self, *, is_short: bool = False) -> Brief:
        """Scores, reliability, skill and misses on one page; the short form is for a screen."""
        from openchannel.report.pages.forecast import score_page

        due = [(d.forecast, d.came, d.brier) for d in self.due]
        return score_page(
            self.case,
            self.tests,
            self.evidence_end,
            due,
            self.n_waiting,
            self.seed,
            left_out=self.left_out,
            is_short=is_short,
        )


def back_test_values(test: BackTest) -> dict[str, Any]:
    """A back-test in values that JSON can hold."""
    days = {"counted_from": test.counted_from.isoformat(), "first": test.first.isoformat()}
    found = asdict(test) | days
    for miss in found["misses"]:
        miss |= {k: miss[k].isoformat() for k in ("origin", "last")}
    return found


def forecast_score(
    case: Case | str | Path = "korea",
    *,
    gap: int = 0,
    store: str | Path | None = None,
    seed: int = 1,
) -> ScoreTable:
    """Back-test to the record's end, and scores of logged forecasts that are due.

    Parameters
    ----------
    gap
        Weeks by which the evidence is old at each origin: what age does to the scores.
    store
        The file of the user's own store, for logged forecasts that have come due.
    seed
        Of the bootstrap of errors; it moves no score.

    Returns
    -------
    ScoreTable
        Brier, log and ranked probability scores by question, window and model, with the error of
        each gain (docs/reference/forecast-file.md); sources of the scores in
        docs/explanation/forecasts-and-their-scores.md.

    Raises
    ------
    UserError
        The case has problems or no record, or one too short; the age or the seed is out of
        bounds; the store is locked or damaged.
    """
    if problems := bound_problems(("--gap", gap, 0, _MOST_GAP), ("--seed", seed, 0, MOST_SEED)):
        raise UserError(problems)
    with opened_past(case, gap=gap) as past:
        tests = [test for test, _ in tested(past, seed)]
        due, n_waiting = _due(past, store)
    return ScoreTable(
        case=past.case,
        evidence_end=past.end,
        gap=gap,
        seed=seed,
        tests=tuple(tests),
        left_out=past.left_out,
        due=tuple(due),
        n_waiting=n_waiting,
    )


def _due(past: Past, store: str | Path | None) -> tuple[list[Due], int]:
    """Logged forecasts that the record resolves, and how many still wait for it."""
    from openchannel.evidence.keeping.forecast_log import logged

    if not store_path(store).is_file():
        return [], 0
    with opened_store(store) as database:
        entries = [f for f in logged(database) if f.case == past.case.id]
    found = [_resolved(past, said) for said in entries if said.last <= past.end]
    return found, len(entries) - len(found)


def _resolved(past: Past, said: LoggedForecast) -> Due:
    """By the query as it was logged, so that a later change of the rule cannot help."""
    import numpy as np

    from openchannel.calibration import scores
    from openchannel.calibration.forecast_backtest import INTERVAL
    from openchannel.calibration.forecast_questions import Question, dated_events

    name, table = said.question, said.query.partition(" FROM ")[2].split()[0]
    rule = Question(name, name, name, table, said.rule, said.query)
    came = sum(said.first <= d <= said.last for d, _ in dated_events(past.record, rule))
    chance, yes = np.array([said.probability]), np.array([float(came > 0)])
    low, high, count = (np.array([n]) for n in (said.low, said.high, came))
    return Due(
        said,
        came,
        float(scores.brier(chance, yes)[0]),
        float(scores.log_score(chance, yes)[0]),
        float(scores.interval_score(low, high, count, INTERVAL)[0]),
    )


def write_forecast_score(
    found: ScoreTable, folder: str | Path, formats: Sequence[str] = ("html", "pdf")
) -> list[Path]:
    """Write the page and `forecast-score.json`."""
    from openchannel.usecases.runs.brief import write_page

    place = Path(folder)
    return [
        *write_page(found.page(), place, "forecast-score", formats),
        write_data(place / "forecast-score.json", found.as_dict()),
    ]
