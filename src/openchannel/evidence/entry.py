"""A row of the record with its place in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openchannel.evidence.dates import Precision, coarser, middle_of, read_date
from openchannel.evidence.reading import SourceRow
from openchannel.evidence.tables import TABLE_OF, Table

__all__ = ["Entry", "entry_of", "place_in_time"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row with its place in time, for work in Python.

    `last` is the day the row ends; `None` where it is still open or the end is not known.
    `values` are the columns as written, counts as numbers.
    """

    id: str
    table: str
    first: dt.date | None
    last: dt.date | None
    precision: Precision | None
    file: str
    line: int
    values: Mapping[str, Any]

    @property
    def middle(self) -> dt.date | None:
        """The day used in counts: the first day, or the middle where no day is written."""
        if self.first is None:
            return None
        start = str(self.values.get(TABLE_OF[self.table].start) or "")
        if self.table == "contacts" and len(start) < len("YYYY-MM-DD"):
            return middle_of(self.first, self.last or self.first)  # a window, or its month
        if not start:
            return middle_of(self.first, self.last or self.first)  # an exercise of unknown months
        return read_date(start).middle

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


def entry_of(table: Table, row: SourceRow) -> Entry:
    """A row as read, with its place in time."""
    first, last, precision = place_in_time(table, row)
    values = {
        c.name: row.counts[c.name] if c.kind == "count" else row.text[c.name]
        for c in table.columns
        if c.name != "id"
    }
    return Entry(row.id, table.name, first, last, precision, table.file, row.line, values)


def place_in_time(
    table: Table, row: SourceRow
) -> tuple[dt.date | None, dt.date | None, Precision | None]:
    """First and last day of a row and the precision of its start.

    An open or unknown end gives no last day. An exercise without dates lies in its year.
    """
    start = row.dates.get(table.start)
    end = row.dates.get(table.end) if table.end else None
    if start is None:
        year = row.counts.get("year") if table.name == "exercises" else None
        if year is None:
            return None, None, None
        return dt.date(year, 1, 1), dt.date(year, 12, 31), "year"
    declared = row.text.get(table.precision, "") if table.precision else ""
    last = end.last if end else None
    return start.first, last, coarser(start.precision, declared)
