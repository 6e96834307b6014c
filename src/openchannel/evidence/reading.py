"""From CSV files to checked rows that remember their file and line.

Every problem of every file is collected, then raised together. What a column may hold is written
in `tables`; whether rows agree with each other is asked by `verify`.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openchannel.errors import Problem, UserError
from openchannel.evidence.dates import DATE_FORMS, PartialDate, read_date
from openchannel.evidence.tables import TABLES, Column, Table

__all__ = [
    "MAX_BYTES",
    "SourceRow",
    "allowed_in",
    "mend_of",
    "read_cell",
    "read_folder",
    "rows_text",
]

MAX_BYTES = 50 * 1024 * 1024
_MAX_PROBLEMS_PER_FILE = 200  # a file in a wrong dialect would otherwise fill the screen


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as written, with what its numbers and dates mean and where it stands."""

    id: str
    line: int
    text: Mapping[str, str]
    counts: Mapping[str, int | None]
    dates: Mapping[str, PartialDate | None]


def read_folder(folder: Path) -> dict[str, list[SourceRow]]:
    """Rows of the ten tables by table name.

    Raises
    ------
    UserError
        With every problem of every file, in the order of files and lines.
    """
    present = [t for t in TABLES if (folder / t.file).is_file()]
    if not present:
        raise UserError(_no_evidence(folder))
    problems: list[Problem] = []
    rows: dict[str, list[SourceRow]] = {}
    for table in TABLES:
        path = folder / table.file
        rows[table.name] = _read_table(path, table, problems)
    _refuse_shared_ids(folder, rows, problems)
    if problems:
        raise UserError(problems)
    return rows


def _no_evidence(folder: Path) -> Problem:
    if folder.is_dir():
        wrong = "the folder holds none of the files of a record"
    else:
        wrong = "there is no such folder"
    return Problem(
        str(folder),
        "evidence",
        wrong,
        "a folder with " + ", ".join(t.file for t in TABLES),
        "name the folder that holds the CSV files, or start from the built-in record",
    )


def _read_table(path: Path, table: Table, problems: list[Problem]) -> list[SourceRow]:
    """Rows of one file; what is wrong goes to `problems`, at most a screenful for a file."""
    own: list[Problem] = []
    text = _decoded(path, table, own)
    rows = list(_rows(path, table, text, own)) if text is not None else []
    problems.extend(own[:_MAX_PROBLEMS_PER_FILE])
    if (more := len(own) - _MAX_PROBLEMS_PER_FILE) > 0:
        problems.append(
            Problem(
                str(path),
                "file",
                f"{more} further problems are not shown",
                "",
                "mend the ones above first and check again",
            )
        )
    return rows


def _decoded(path: Path, table: Table, problems: list[Problem]) -> str | None:
    """Text of a file, or nothing and a problem."""
    try:
        raw = _raw(path, ",".join(table.column_names))
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = f"byte {error.object[error.start]:#04x} is not UTF-8 text"
        mend = "save the file in UTF-8 (in a spreadsheet: 'CSV UTF-8')"
        line = error.object.count(b"\n", 0, error.start) + 1
    except _UnreadableError as error:
        wrong, mend, line = error.wrong, error.mend, 0
    allowed = "a CSV file in UTF-8, at most 50 MB, whose first line names its columns"
    problems.append(Problem(str(path), "file", wrong, allowed, mend, line=line))
    return None


class _UnreadableError(Exception):
    """A file that holds no text of ours, and the way out."""

    def __init__(self, wrong: str, mend: str) -> None:
        self.wrong, self.mend = wrong, mend
        super().__init__(wrong)


def _raw(path: Path, header: str) -> bytes:
    """Bytes of a file that is there, of a sane size, not empty and not binary."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _UnreadableError(
                f"the file has {size / 1024**2:.0f} MB", "keep events only, one row each"
            )
        raw = path.read_bytes()
    except FileNotFoundError:
        raise _UnreadableError(
            "the file is missing", f"add it; with no rows it is the single line {header}"
        ) from None
    except OSError as error:
        raise _UnreadableError(
            f"the file cannot be read ({error.strerror})", "make it a readable plain file"
        ) from error
    if not raw.strip():
        raise _UnreadableError("the file is empty", f"write at least the line {header}")
    if b"\0" in raw:
        raise _UnreadableError("the file is binary, not text", "export the sheet as CSV in UTF-8")
    return raw


def _rows(path: Path, table: Table, text: str, problems: list[Problem]) -> Iterator[SourceRow]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if not _header_is_good(path, table, header, problems):
            return
        number = 0
        line = reader.line_num + 1
        for cells in reader:
            if any(c.strip() for c in cells):
                number += 1
                if len(cells) == len(header):
                    written = dict(zip(header, (c.strip() for c in cells), strict=True))
                    yield _row(path, table, written, number, line, problems)
                else:
                    problems.append(_wrong_width(path, line, len(cells), len(header)))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(
            Problem(
                str(path),
                "row",
                f"the line is not CSV ({error})",
                "cells between commas; a cell with a comma, quote or line break in double quotes",
                "close the open quote, or double a quote inside a cell",
                line=reader.line_num,
            )
        )


def _header_is_good(
    path: Path, table: Table, header: Sequence[str], problems: list[Problem]
) -> bool:
    n_before = len(problems)
    allowed = ", ".join(table.column_names)
    for name in table.column_names:
        if name not in header:
            near = difflib.get_close_matches(name, header, n=1)
            mend = f"rename '{near[0]}' to '{name}'" if near else f"add the column '{name}'"
            problems.append(
                Problem(str(path), name, "the column is missing", allowed, mend, line=1)
            )
    problems.extend(
        Problem(str(path), name, "the column stands twice", allowed, "remove one", line=1)
        for name in sorted({h for h in header if h and header.count(h) > 1})
    )
    return len(problems) == n_before


def _wrong_width(path: Path, line: int, found: int, expected: int) -> Problem:
    return Problem(
        str(path),
        "row",
        f"the row has {found} cells",
        f"{expected} cells, as in the first line",
        "put a cell with commas into double quotes, or add the missing commas",
        line=line,
    )


def _row(
    path: Path,
    table: Table,
    text: dict[str, str],
    number: int,
    line: int,
    problems: list[Problem],
) -> SourceRow:
    counts: dict[str, int | None] = {}
    dates: dict[str, PartialDate | None] = {}
    for column in table.columns:
        cell = text[column.name]
        try:
            counted, dated = read_cell(column, cell)
        except ValueError as error:
            problems.append(
                Problem(
                    str(path), column.name, str(error), allowed_in(column), mend_of(column), line
                )
            )
            continue
        if column.kind == "date":
            dates[column.name] = dated
        elif column.kind == "count":
            counts[column.name] = counted
    row_id = text["id"] if table.has_id else f"{table.prefix}{number:03d}"
    return SourceRow(row_id, line, text, counts, dates)


def rows_text(table: Table, rows: Sequence[SourceRow]) -> str:
    """What the rows of a table say, as one text whatever their order: for fingerprints."""
    lines = sorted("\x1f".join(row.text[c] for c in table.column_names) for row in rows)
    return "\x1e".join([table.name, *lines, ""])


def read_cell(column: Column, cell: str) -> tuple[int | None, PartialDate | None]:
    """The number or the date in a cell, as its column says; nothing for words and empty cells.

    Raises
    ------
    ValueError
        With the reason in words, where the column does not allow the cell.
    """
    _require(cell, column)
    if column.kind == "date" and cell:
        return None, read_date(cell)
    if column.kind == "count" and cell:
        return _count(cell, column), None
    return None, None


def _count(cell: str, column: Column) -> int:
    low, high = column.bounds
    if not (cell.isascii() and cell.isdigit()) or not low <= int(cell) <= high:
        raise ValueError(f"'{cell}' is not a whole number from {low} to {high}")
    return int(cell)


def _require(cell: str, column: Column) -> None:
    """Refuse an empty cell where there must be one, a choice that is none, a grade without letter.

    Raises
    ------
    ValueError
        With the reason in words.
    """
    if not cell:
        if column.required:
            raise ValueError("the cell is empty")
        return
    if column.kind == "choice" and cell not in column.choices:
        near = difflib.get_close_matches(cell, column.choices, n=1, cutoff=0.4)
        hint = f"; nearest is '{near[0]}'" if near else ""
        raise ValueError(f"'{cell}' is not one of the choices{hint}")
    if column.kind == "grade" and cell.split(maxsplit=1)[0] not in ("A", "B", "C"):
        raise ValueError(f"'{cell}' does not begin with a grade")


_ALLOWED = {
    "text": "a text",
    "date": DATE_FORMS,
    "grade": "A, B or C; the part that a grade covers may follow (A month)",
}
_MEND = {
    "date": "write the date in one of the three forms; never invent a day",
    "grade": "A: the source states it; B: it supports part of it; C: general knowledge",
    "choice": "write one of the allowed words exactly",
    "count": "write digits only; leave the cell empty if the number is not known",
}


def allowed_in(column: Column) -> str:
    """What the cells of a column may hold, in words."""
    if column.kind == "choice":
        return ", ".join(column.choices)
    if column.kind == "count":
        return "a whole number from {} to {}".format(*column.bounds)
    return _ALLOWED[column.kind]


def mend_of(column: Column) -> str:
    """How to mend a cell that its column does not allow."""
    return _MEND.get(column.kind, "fill the cell")


def _refuse_shared_ids(
    folder: Path, rows: Mapping[str, Sequence[SourceRow]], problems: list[Problem]
) -> None:
    """An id names one row of the whole record."""
    seen: dict[str, tuple[str, int]] = {}
    for table in TABLES:
        for row in rows[table.name]:
            if not row.id:
                continue  # said already: the cell is empty
            if row.id in seen:
                file, line = seen[row.id]
                problems.append(
                    Problem(
                        str(folder / table.file),
                        "id",
                        f"'{row.id}' stands at {file}:{line} too",
                        "an id that names one row of the whole record",
                        "give this row a new id",
                        line=row.line,
                    )
                )
            else:
                seen[row.id] = (table.file, row.line)
