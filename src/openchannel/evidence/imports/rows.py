"""From bytes to rows by the writing of a list: plain lines, quoted CSV or JSON.

Every line of a file ends up in exactly one piece: a row, a refused piece with its reason, a line
known to lie outside the wanted actors, a blank line or the head. `Batch.n_lines` says how many, so
that nothing can be lost on the way. What the cells mean belongs to `meaning`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["MAX_ROW_BYTES", "MAX_ROW_LINES", "Batch", "Piece", "Refused", "Writing"]

MAX_ROW_BYTES = 4 << 20
"""A longer row is no event: the file lacks line breaks, or a quote was never closed."""

MAX_ROW_LINES = 500
"""A quoted text with more line breaks than this is taken for a quote that was never closed."""


@dataclass(frozen=True, slots=True)
class Writing:
    """How the rows of a list are written.

    `form` is `lines` (one row each line, no quotes), `quoted` (CSV with double quotes) or `json`
    (an array of objects, or one object each line). `has_head` tells whether the first row names
    the columns; JSON rows name their own.
    """

    form: str = "quoted"
    separator: str = ","
    has_head: bool = True
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Piece:
    """One row: the number of its first line, how many lines it has, and its cells."""

    line: int
    n_lines: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Refused:
    """A piece of the file that is no row of the list, with the reason and its text as bytes."""

    line: int
    n_lines: int
    reason: str
    text: bytes


@dataclass(slots=True)
class Batch:
    """What one stretch of a file holds; `n_outside` rows cannot belong to the wanted actors."""

    pieces: list[Piece] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    n_outside: int = 0
    n_blank: int = 0

    @property
    def n_rows(self) -> int:
        """Rows of all sorts; blank lines are none."""
        return len(self.pieces) + len(self.refused) + self.n_outside

    @property
    def n_lines(self) -> int:
        """Lines of the file that this batch accounts for."""
        spans = sum(p.n_lines for p in self.pieces) + sum(r.n_lines for r in self.refused)
        return spans + self.n_outside + self.n_blank
