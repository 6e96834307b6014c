"""Scales of crises: what the levels mean, and which rungs of the record they stand for.

`scales.csv` gives each level its name and, where a scale says how far force went, the lowest and
highest rung of the record's codebook that it fits. It is meant to be read and changed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from openchannel.errors import Problem, UserError
from openchannel.evidence.imports.states import data_rows

__all__ = ["Level", "Scales", "builtin_scales", "load_scales"]

_COLUMNS = ("scale", "level", "name", "rung_low", "rung_high", "why")
_RUNGS = range(7)
_MOST_LEVEL = 99


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a scale; `rungs` are the lowest and highest that it fits, if it fits any."""

    name: str
    rungs: tuple[int, int] | None

    def fits(self, rung: int) -> bool | None:
        """Whether a rung lies among its own; nothing where it has none."""
        return None if self.rungs is None else self.rungs[0] <= rung <= self.rungs[1]


Scales = Mapping[str, Mapping[int, Level]]
"""Levels by scale and number."""


@cache
def builtin_scales() -> Scales:
    """The table of the package, read once."""
    return _scales(data_rows("scales.csv"))


def load_scales(path: Path) -> Scales:
    """The user's own table in place of the built-in one.

    Raises
    ------
    UserError
        With every row that cannot be used.
    """
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        said = getattr(error, "strerror", None) or error
        raise UserError(_wrong(path, 0, f"it cannot be read ({said})")) from error
    if not rows or any(c not in rows[0] for c in _COLUMNS):
        raise UserError(_wrong(path, 1, "a column is missing, or there are no rows"))
    problems = [
        _wrong(path, number, wrong)
        for number, row in enumerate(rows, start=2)
        for wrong in _faults(row)
    ]
    if problems:
        raise UserError(problems)
    return _scales(rows)


def _faults(row: Mapping[str, str | None]) -> Iterable[str]:
    """What is wrong with a row, in words."""
    cells = {c: (row[c] or "").strip() for c in _COLUMNS}
    if not (cells["scale"] and cells["name"]):
        yield "the scale or the name is empty"
    if not (_is_whole(cells["level"]) and int(cells["level"]) <= _MOST_LEVEL):
        yield f"'{cells['level']}' is no level"
    ends = (cells["rung_low"], cells["rung_high"])
    if ends == ("", ""):
        return
    if not all(_is_whole(e) and int(e) in _RUNGS for e in ends):
        yield f"'{ends[0]}' to '{ends[1]}' are no rungs"
    elif int(ends[0]) > int(ends[1]):
        yield f"the lowest rung, {ends[0]}, lies above the highest, {ends[1]}"


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 3


def _scales(rows: Iterable[Mapping[str, str]]) -> Scales:
    found: dict[str, dict[int, Level]] = {}
    for row in rows:
        low, high = row["rung_low"].strip(), row["rung_high"].strip()
        rungs = (int(low), int(high)) if low else None
        level = Level(row["name"].strip(), rungs)
        found.setdefault(row["scale"].strip(), {})[int(row["level"])] = level
    return found


def _wrong(path: Path, line: int, wrong: str) -> Problem:
    return Problem(
        str(path),
        "scales",
        wrong,
        f"columns {', '.join(_COLUMNS)}; whole levels from 0 to {_MOST_LEVEL}; rungs 0 to 6, both "
        "or none",
        "copy scales.csv of the package (`openchannel evidence formats --scales`) and change it",
        line=line,
    )
