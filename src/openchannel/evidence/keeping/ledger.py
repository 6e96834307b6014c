"""The ledger: contacts and events that people write down themselves, with who, when and why.

Entries are only ever added: an edit is an entry with the new values, a withdrawal an entry without
any. What an entry may hold belongs to `entries`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from openchannel.evidence.keeping.database import Database

__all__ = ["Act", "LedgerEntry", "Sort", "current", "every_entry", "history", "write"]

Act = Literal["add", "edit", "withdraw"]
Sort = Literal["contact", "event"]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line of the ledger.

    entry : its number, from 1 without gaps
    made : when it was written, UTC
    act : add, edit or withdraw
    id : what it is about, such as L0001
    values : all values after it; those before it in a withdrawal
    """

    entry: int
    made: dt.datetime
    who: str
    why: str
    act: Act
    id: str
    sort: Sort
    values: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        return {**asdict(self), "made": self.made.isoformat()}


def write(
    database: Database,
    act: Act,
    sort: Sort,
    values: Mapping[str, str],
    *,
    who: str,
    why: str,
    about: str = "",
) -> LedgerEntry:
    """Add an entry, whole or not at all; one that adds something gets a new id."""
    with database.whole():
        number = int(database.one("SELECT coalesce(max(entry), 0) + 1 FROM ledger"))
        if not about:
            about = f"L{1 + database.one('SELECT count(DISTINCT id) FROM ledger'):04d}"
        made = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
        entry = LedgerEntry(number, made, who, why, act, about, sort, dict(values))
        database.do(
            "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (number, made, who, why, act, about, sort, json.dumps(dict(values))),
        )
    return entry


def every_entry(database: Database) -> list[LedgerEntry]:
    """All entries in the order they were written."""
    return [_entry(row) for row in database.ask("SELECT * FROM ledger ORDER BY entry")]


def history(database: Database, about: str) -> list[LedgerEntry]:
    """The entries about one id, oldest first."""
    return [e for e in every_entry(database) if e.id == about]


def current(database: Database) -> list[LedgerEntry]:
    """What stands: the last entry about each id, without what was withdrawn; by id."""
    last = {e.id: e for e in every_entry(database)}
    return [last[key] for key in sorted(last) if last[key].act != "withdraw"]


def _entry(row: Mapping[str, Any]) -> LedgerEntry:
    return LedgerEntry(**{**row, "values": json.loads(row["values"])})
