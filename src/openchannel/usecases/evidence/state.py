"""What a run knew of the record: kept in its manifest, so that later rows can be told from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import UserError

if TYPE_CHECKING:
    from openchannel.evidence import Record

__all__ = [
    "DIGITS",
    "RecordState",
    "TableState",
    "days_old",
    "read_state",
    "record_state",
]

#: Digits of a table's digest that are kept.
DIGITS = 16


@dataclass(frozen=True, slots=True)
class TableState:
    """One table: its rows, the last day that any of them begins, and a digest of what they say."""

    rows: int
    last: dt.date | None
    digest: str


@dataclass(frozen=True, slots=True)
class RecordState:
    """A record as it was when a run read it.

    end : last day of its outcomes ; tables : by name
    """

    end: dt.date | None
    tables: Mapping[str, TableState]

    def known_to(self, table: str) -> dt.date | None:
        """The last day of which a table may have told: its last row, or the record's end."""
        days = [d for d in (self.end, self.tables[table].last) if d is not None]
        return max(days, default=None)

    def as_dict(self) -> dict[str, Any]:
        """In values that JSON can hold."""
        return {
            "end": self.end.isoformat() if self.end else None,
            "tables": {
                name: {
                    "rows": t.rows,
                    "last": t.last.isoformat() if t.last else None,
                    "digest": t.digest,
                }
                for name, t in self.tables.items()
            },
        }


def _state_of(record: Record) -> RecordState:
    """The state of an open record."""
    from openchannel.evidence import TABLES

    tables = {}
    for table in TABLES:
        days = [e.first for e in record.entries(table.name) if e.first]
        digest = record.digest(table.name)[:DIGITS]
        tables[table.name] = TableState(
            len(record.entries(table.name)), max(days, default=None), digest
        )
    return RecordState(record.end, tables)


def record_state(folder: str) -> dict[str, Any] | None:
    """The state of the record in a folder, for a manifest; None where there is none to read."""
    from openchannel.evidence import Record

    if not folder or not Path(folder).is_dir():
        return None
    try:
        with Record.open(folder) as record:
            return _state_of(record).as_dict()
    except UserError:
        return None  # a faulty record stops what reads it, not a run that does not


def read_state(manifest: Mapping[str, Any]) -> RecordState | None:
    """What a manifest says of the record; None in those of earlier releases."""
    kept = manifest.get("record")
    if not kept:
        return None
    tables = {
        name: TableState(int(t["rows"]), _day(t["last"]), str(t["digest"]))
        for name, t in kept["tables"].items()
    }
    return RecordState(_day(kept["end"]), tables)


def days_old(manifest: Mapping[str, Any], today: dt.date) -> int | None:
    """How long before a day the evidence of a run ends; None where it read none."""
    state = read_state(manifest)
    return None if state is None or state.end is None else (today - state.end).days


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
