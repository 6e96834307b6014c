"""A row of the record with its place in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openchannel.evidence.dates import Precision, middle_of, read_date
from openchannel.evidence.tables import TABLE_OF

__all__ = ["Entry"]


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
