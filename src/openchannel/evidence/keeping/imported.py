"""Imported rows: gathered beside the store, then put into it in one step.

A row is known by its list, its key and, where rows of a list share a key, its place among them. A
known row with the same content is not added again; one with other content becomes a revision.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openchannel.evidence.imports.meaning import Event
from openchannel.evidence.keeping.database import Database
from openchannel.evidence.keeping.schema import EVENT_COLUMNS

__all__ = ["Arrivals", "Import", "Merged", "imports_of", "sources_of"]

_STAGED = ", ".join(f'"{name}" {kind}' for name, kind in EVENT_COLUMNS.items())
_NAMES = ", ".join(f'"{name}"' for name in EVENT_COLUMNS)


@dataclass(frozen=True, slots=True)
class Import:
    """What is kept about an import: which file, how it was read, and what became of its rows."""

    source: str
    format: str
    layout: str
    file: str
    sha256: str
    choice: str
    n_read: int
    n_outside: int
    n_rejected: int
    rejects_file: str


@dataclass(frozen=True, slots=True)
class Merged:
    """How many rows were new, changed since, or known already."""

    import_id: int
    added: int
    changed: int
    known: int


class Arrivals:
    """Rows on their way into a store; nothing is in it before `merge` is done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.do(f"CREATE OR REPLACE TEMP TABLE arrivals ({_STAGED})")
        self._types = _arrow_types()

    def add(self, events: Sequence[Event]) -> None:
        """Take a batch of rows."""
        if events:
            columns = dict(zip(EVENT_COLUMNS, zip(*events, strict=True), strict=True))
            self._database.load("arrivals", columns, self._types)

    def merge(self, about: Import) -> Merged:
        """Put the rows into the store, all or none, with a note of the import."""
        with self._database.whole():
            number = self._database.one("SELECT coalesce(max(id), 0) + 1 FROM imports")
            self._compare(about.source)
            added, changed, known = self._counts()
            self._database.do(
                f"INSERT INTO events SELECT ?, ?, occurrence, coalesce(revision, 0) + 1, {_NAMES} "
                "FROM arrivals JOIN compared ON arrivals.rowid = compared.arrival "
                "WHERE is_known IS NOT TRUE",
                (number, about.source),
            )
            self._database.do(
                "INSERT INTO imports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    number, _now(), about.source, about.format, about.layout, about.file,
                    about.sha256, about.choice, about.n_read, added, changed, known,
                    about.n_outside, about.n_rejected, about.rejects_file,
                ),
            )  # fmt: skip
        self._database.do("DROP TABLE arrivals")
        self._database.do("DROP TABLE compared")
        return Merged(number, added, changed, known)

    def _compare(self, source: str) -> None:
        """Which arrivals are known; by places and keys alone, so that few bytes are sorted."""
        self._database.do(
            "CREATE OR REPLACE TEMP TABLE compared AS "
            "WITH counted AS (SELECT rowid AS arrival, key, content, "
            "row_number() OVER (PARTITION BY key ORDER BY file_line) AS occurrence FROM arrivals), "
            "old AS (SELECT key, occurrence, max(revision) AS revision, "
            "arg_max(content, revision) AS content FROM events WHERE source = ? "
            "GROUP BY key, occurrence) "
            "SELECT arrival, occurrence, revision, old.content = counted.content AS is_known "
            "FROM counted LEFT JOIN old USING (key, occurrence)",
            (source,),
        )

    def _counts(self) -> tuple[int, int, int]:
        (found,) = self._database.ask(
            "SELECT count(*) FILTER (revision IS NULL) AS added, "
            "count(*) FILTER (revision IS NOT NULL AND NOT is_known) AS changed, "
            "count(*) FILTER (is_known) AS known FROM compared"
        )
        return found["added"], found["changed"], found["known"]


def imports_of(database: Database) -> list[dict[str, Any]]:
    """Every import, oldest first."""
    return database.ask("SELECT * FROM imports ORDER BY id")


def sources_of(database: Database) -> list[dict[str, Any]]:
    """Each list with its rows, first and last day, and how many imports brought them."""
    return database.ask(
        "SELECT source, count(*) AS n, min(date) AS first, max(last) AS last, "
        "count(DISTINCT import_id) AS imports FROM current_events GROUP BY source ORDER BY source"
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)


def _arrow_types() -> Any:
    import pyarrow as pa

    types: dict[str, Any] = {
        "VARCHAR": pa.string(), "INTEGER": pa.int32(), "DOUBLE": pa.float64(), "DATE": pa.date32(),
    }  # fmt: skip
    return pa.schema([(name, types[kind]) for name, kind in EVENT_COLUMNS.items()])
