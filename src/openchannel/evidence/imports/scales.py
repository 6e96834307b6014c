"""Scales of crises: what the levels mean, and which rungs of the record they stand for.

`scales.csv` gives each level its name and, where a scale says how far force went, the lowest and
highest rung of the record's codebook that it fits. It is meant to be read and changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from openchannel.errors import Problem, UserError
from openchannel.evidence.imports.tables import Row, data_rows, own_rows

__all__ = ["VIOLENCE", "Level", "Scales", "builtin_scales", "load_scales"]

#: The scale that is modelled: names and rungs of its levels may be changed, the levels are ICB's.
VIOLENCE = "viol"

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
    rows = own_rows(path, _COLUMNS, partial(_wrong, path))
    seen: set[tuple[str, str]] = set()
    problems = []
    for line, row in rows:
        problems += [_wrong(path, line, wrong) for wrong in _faults(row)]
        key = (row["scale"], row["level"].lstrip("0"))
        if key in seen:
            problems.append(
                _wrong(path, line, f"level {row['level']} of {row['scale']} stands twice")
            )
        seen.add(key)
    coded = builtin_scales()[VIOLENCE]
    given = {at for of, at in seen if of == VIOLENCE}
    if not problems and given != {str(at) for at in coded}:
        told = ", ".join(map(str, coded))
        problems.append(_wrong(path, 0, f"{VIOLENCE} needs the levels that the list has: {told}"))
    if problems:
        raise UserError(problems)
    return _scales(row for _, row in rows)


def _faults(row: Row) -> Iterable[str]:
    """What is wrong with a row, in words."""
    if not (row["scale"] and row["name"]):
        yield "the scale or the name is empty"
    if not (_is_whole(row["level"]) and int(row["level"]) <= _MOST_LEVEL):
        yield f"'{row['level']}' is no level"
    ends = (row["rung_low"], row["rung_high"])
    if ends == ("", ""):
        return
    if not all(_is_whole(e) and int(e) in _RUNGS for e in ends):
        yield f"'{ends[0]}' to '{ends[1]}' are no rungs"
    elif int(ends[0]) > int(ends[1]):
        yield f"the lowest rung, {ends[0]}, lies above the highest, {ends[1]}"


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 3


def _scales(rows: Iterable[Row]) -> Scales:
    found: dict[str, dict[int, Level]] = {}
    for row in rows:
        low, high = row["rung_low"], row["rung_high"]
        level = Level(row["name"], (int(low), int(high)) if low else None)
        found.setdefault(row["scale"], {})[int(row["level"])] = level
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
