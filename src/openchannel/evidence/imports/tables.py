"""Tables of this package that a person may change, and a user's own in their place."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

from openchannel.errors import Problem, UserError

__all__ = ["Row", "data_rows", "data_text", "own_rows"]

Row = dict[str, str]


def data_rows(name: str) -> list[Row]:
    """Rows of a table that lies in this package."""
    return list(csv.DictReader(data_text(name).splitlines()))


def own_rows(
    path: Path, columns: Sequence[str], wrong: Callable[[int, str], Problem]
) -> list[tuple[int, Row]]:
    """Rows of a user's own table in the place of one of the package, each with its line.

    Cells are trimmed, and those that a short row leaves out are empty. `wrong` makes a problem of a
    line and what is wrong there.

    Raises
    ------
    UserError
        The file cannot be read, lacks a column or has no rows.
    """
    try:
        reader = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), restval="")
        rows = [
            (reader.line_num, {c: (row.get(c) or "").strip() for c in columns}) for row in reader
        ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        said = getattr(error, "strerror", None) or error
        raise UserError(wrong(0, f"it cannot be read ({said})")) from error
    missing = [c for c in columns if c not in (reader.fieldnames or ())]
    if missing:
        raise UserError(wrong(1, f"the column {', '.join(missing)} is missing"))
    if not rows:
        raise UserError(wrong(1, "there are no rows"))
    return rows


def data_text(name: str) -> str:
    """Text of a table that lies in this package."""
    return (files(__package__) / name).read_text(encoding="utf-8")
