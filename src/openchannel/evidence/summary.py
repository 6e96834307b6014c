"""Size, span and quality of the tables of a record."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from openchannel.evidence.store import Store, quoted
from openchannel.evidence.tables import Table

__all__ = ["TableSummary", "summary_of"]


class TableSummary(NamedTuple):
    """Size, span and quality of one table.

    `shares` are the fractions of grades A, B and C (a part-graded row, `A month`, counts as B). A
    table without grades gives the fractions listed by 1, 2 and 3+ sources instead; an empty one
    gives nothing.
    """

    name: str
    rows: int
    first: dt.date | None
    last: dt.date | None
    shares: dict[str, float]


def summary_of(store: Store, table: Table) -> TableSummary:
    """The summary of one table in the store."""
    (found,) = store.ask(
        f'SELECT count(*) AS n, min("first") AS lo, '
        f'max(coalesce("last", "first")) AS hi FROM {quoted(table.name)}'
    )
    return TableSummary(table.name, found["n"], found["lo"], found["hi"], _shares(store, table))


def _shares(store: Store, table: Table) -> dict[str, float]:
    if "confidence" in table.column_names:
        key = "CASE WHEN length(confidence) > 1 THEN 'B' ELSE confidence END"
        names: tuple[str, ...] = ("A", "B", "C")
    else:
        n_sources = "len(string_split(sources, ';'))"
        key = f"CASE WHEN {n_sources} >= 3 THEN '3+' ELSE {n_sources}::VARCHAR END"
        names = ("1", "2", "3+")
    found = {
        r["k"]: r["n"]
        for r in store.ask(f"SELECT {key} AS k, count(*) AS n FROM {quoted(table.name)} GROUP BY k")
    }
    total = sum(found.values())
    return {n: found.get(n, 0) / total for n in names} if total else {}
