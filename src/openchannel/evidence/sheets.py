"""Rows of CSV that a reader finds again as they were, whatever stands in their cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO

__all__ = ["Sheet"]


class Sheet:
    r"""Writes rows that end in a line feed.

    Python's own writer leaves a lone carriage return without quotes where rows end in a line feed,
    and its reader then takes one row for two; so rows are made as if they ended in both.

    Examples
    --------
    >>> told = io.StringIO()
    >>> Sheet(told).write(["1", "a\rb"])
    >>> told.getvalue()
    '1,"a\rb"\n'
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._row = io.StringIO(newline="")
        self._writer = csv.writer(self._row, lineterminator="\r\n")

    def write(self, cells: Sequence[object]) -> None:
        """One row."""
        self._writer.writerow(cells)
        self._stream.write(self._row.getvalue()[:-2] + "\n")
        self._row.seek(0)
        self._row.truncate()

    def write_all(self, rows: Iterable[Sequence[object]]) -> None:
        """Rows, in order."""
        for row in rows:
            self.write(row)
