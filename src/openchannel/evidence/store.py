"""The tables in DuckDB: explicit types, in memory, nothing outside the process.

Beside `keeping.database` the only module that knows DuckDB. Each date column `d` becomes four: `d`
as written, `d_first`, `d_last` and `d_form` (day, month or year). Every table has `row_id`, `file`,
`file_line` (a spell has a `line` of its own) and where its rows lie in time (`first`, `last`,
`precision`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import duckdb

from openchannel.evidence.entry import place_in_time
from openchannel.evidence.reading import SourceRow
from openchannel.evidence.tables import TABLES, Table

__all__ = ["Store", "quoted"]

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    "threads": 1,  # a few thousand rows; more threads only cost start-up
}


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    sql_type: str


def quoted(name: str) -> str:
    """An identifier for SQL; `from` and `to` are columns of the record."""
    return '"' + name.replace('"', '""') + '"'


class Store:
    """An in-memory database with the ten tables, and the one way to ask it."""

    def __init__(self, rows: Mapping[str, Sequence[SourceRow]]) -> None:
        self._connection = duckdb.connect(":memory:", config=_CONFIG)
        self._turn = Lock()  # a connection serves one question at a time; a web page asks several
        for table in TABLES:
            self._load(table, rows[table.name])

    def ask(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Rows of a query as dictionaries, in the order of the query."""
        with self._turn:
            cursor = self._connection.execute(sql, list(values))
            names = [d[0] for d in cursor.description]
            found = cursor.fetchall()
        return [dict(zip(names, row, strict=True)) for row in found]

    def schema(self, table: str) -> list[tuple[str, str]]:
        """Column names and SQL types of a table."""
        found = self.ask(
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_name = ? ORDER BY ordinal_position",
            table,
        )
        return [(r["column_name"], r["data_type"]) for r in found]

    def _load(self, table: Table, rows: Sequence[SourceRow]) -> None:
        fields = _fields(table)
        declared = ", ".join(f"{quoted(f.name)} {f.sql_type}" for f in fields)
        self._connection.execute(f"CREATE TABLE {quoted(table.name)} ({declared})")
        if not rows:
            return
        values = [_values(table, row) for row in rows]
        columns = [[v[f.name] for v in values] for f in fields]
        picked = ", ".join(f"unnest(?::{f.sql_type}[])" for f in fields)
        self._connection.execute(f"INSERT INTO {quoted(table.name)} SELECT {picked}", columns)


def _fields(table: Table) -> list[_Field]:
    fields = [
        _Field("row_id", "VARCHAR"),
        _Field("file", "VARCHAR"),
        _Field("file_line", "INTEGER"),
        _Field("first", "DATE"),
        _Field("last", "DATE"),
        _Field("precision", "VARCHAR"),
    ]
    for column in table.columns:
        fields.append(_Field(column.name, "INTEGER" if column.kind == "count" else "VARCHAR"))
        if column.kind == "date":
            fields += [
                _Field(f"{column.name}_first", "DATE"),
                _Field(f"{column.name}_last", "DATE"),
                _Field(f"{column.name}_form", "VARCHAR"),
            ]
    return fields


def _values(table: Table, row: SourceRow) -> dict[str, object]:
    first, last, precision = place_in_time(table, row)
    values: dict[str, object] = {
        "row_id": row.id,
        "file": table.file,
        "file_line": row.line,
        "first": first,
        "last": last,
        "precision": precision,
    }
    for column in table.columns:
        name = column.name
        values[name] = row.counts[name] if column.kind == "count" else row.text[name]
        if column.kind == "date":
            date = row.dates[name]
            values[f"{name}_first"] = date.first if date else None
            values[f"{name}_last"] = date.last if date else None
            values[f"{name}_form"] = date.precision if date else None
    return values
