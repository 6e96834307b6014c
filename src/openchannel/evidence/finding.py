"""One thing that verification has to say about one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from openchannel.errors import Problem

if TYPE_CHECKING:
    from openchannel.evidence.entry import Entry

__all__ = ["LEVELS", "Finding", "Level"]

Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """A `Problem` of a row, with the check that made it and how much it matters.

    An error cannot be true of the world; a warning is a disagreement that somebody should settle; a
    note is true and worth knowing.
    """

    level: Level
    check: str
    id: str
    file: str
    line: int
    field: str
    wrong: str
    allowed: str
    mend: str

    @classmethod
    def about(
        cls, level: Level, check: str, entry: Entry, field: str, wrong: str, allowed: str, mend: str
    ) -> Finding:
        """What a check says about one row."""
        return cls(level, check, entry.id, entry.file, entry.line, field, wrong, allowed, mend)

    @property
    def where(self) -> str:
        """`file:line`, as editors read it."""
        return f"{self.file}:{self.line}"

    def as_problem(self) -> Problem:
        """The same in the form that every face can show."""
        return Problem(self.file, self.field, self.wrong, self.allowed, self.mend, self.line)
