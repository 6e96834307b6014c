"""The log of forecasts: what was said, when, and by which rule it will be resolved.

Entries are only ever added. What a forecast says belongs to `calibration`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from openchannel.evidence.keeping.database import Database

__all__ = ["LoggedForecast", "logged", "write_forecasts"]


@dataclass(frozen=True, slots=True)
class LoggedForecast:
    """One forecast of one window, as it was issued.

    evidence, evidence_end : fingerprint and last day of the record it was made from
    first, last : days of the window
    low, high : the central interval of the count
    """

    case: str
    evidence: str
    evidence_end: dt.date
    question: str
    rule: str
    query: str
    first: dt.date
    last: dt.date
    probability: float
    mean: float
    low: int
    high: int
    model: str
    entry: int = 0
    made: dt.datetime | None = None  # until it is written
    who: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        days = {k: getattr(self, k).isoformat() for k in ("evidence_end", "first", "last")}
        return {**asdict(self), **days, "made": self.made.isoformat() if self.made else None}


_COLUMNS = (
    "entry", "made", "who", "case", "evidence", "evidence_end", "question", "rule", "query",
    "first", "last", "probability", "mean", "low", "high", "model",
)  # fmt: skip


def write_forecasts(database: Database, issued: Iterable[LoggedForecast], *, who: str) -> int:
    """Add forecasts, all or none of them; returns how many."""
    made = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    names = ", ".join(f'"{c}"' for c in _COLUMNS)
    marks = ", ".join("?" * len(_COLUMNS))
    n_added = 0
    with database.whole():
        last = int(database.one("SELECT coalesce(max(entry), 0) FROM forecasts"))
        for n_added, forecast in enumerate(issued, start=1):
            values = asdict(forecast) | {"entry": last + n_added, "made": made, "who": who}
            # The names of the columns are our own.
            sql = f"INSERT INTO forecasts ({names}) VALUES ({marks})"
            database.do(sql, [values[c] for c in _COLUMNS])
    return n_added


def logged(database: Database) -> list[LoggedForecast]:
    """Every forecast of the log in order; none in a store from before there was a log."""
    there = "SELECT count(*) FROM information_schema.tables WHERE table_name = 'forecasts'"
    if not database.one(there):
        return []
    return [LoggedForecast(**row) for row in database.ask("SELECT * FROM forecasts ORDER BY entry")]
