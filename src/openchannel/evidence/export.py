"""Copies of the record in Parquet or CSV.

A new folder appears under its name only when every table is in it; in a folder that exists each
file is replaced in one step.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from openchannel.errors import Problem, UserError
from openchannel.evidence.reading import SourceRow
from openchannel.evidence.sheets import Sheet
from openchannel.evidence.store import Store, quoted
from openchannel.evidence.tables import TABLES, Table

__all__ = ["export"]


def export(
    store: Store,
    rows: Mapping[str, Sequence[SourceRow]],
    folder: Path,
    format: Literal["parquet", "csv"] = "parquet",
) -> list[Path]:
    """Write the ten tables into `folder`.

    Parquet holds every date as written and as first and last day, with file and line; CSV holds the
    columns as they were read, so that a record can be opened from it again.

    Raises
    ------
    UserError
        If the format is unknown, or the folder cannot be written.
    """
    if format not in ("parquet", "csv"):
        raise UserError(
            Problem(
                str(folder),
                "format",
                f"'{format}' is not a format of the record",
                "parquet, csv",
                "write one of the two",
            )
        )
    try:
        return _write(store, rows, folder, format)
    except OSError as error:
        raise UserError(
            Problem(
                str(folder),
                "folder",
                f"it cannot be written ({error.strerror})",
                "a folder that is new or may be written to",
                "choose another place",
            )
        ) from error


def _write(
    store: Store, rows: Mapping[str, Sequence[SourceRow]], folder: Path, format: str
) -> list[Path]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    waiting = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for table in TABLES:
            target = waiting / f"{table.name}.{format}"
            if format == "parquet":
                _write_parquet(store, table, target)
            else:
                _write_csv(table, rows[table.name], target)
        waiting.chmod(0o755)  # a temporary folder is private; the copy is not
        if not folder.exists():
            waiting.replace(folder)
        else:
            for file in sorted(waiting.iterdir()):
                file.replace(folder / file.name)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
    return [folder / f"{t.name}.{format}" for t in TABLES]


def _write_csv(table: Table, rows: Sequence[SourceRow], target: Path) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        sheet = Sheet(file)
        sheet.write(table.column_names)
        sheet.write_all([row.text[c] for c in table.column_names] for row in rows)


def _write_parquet(store: Store, table: Table, target: Path) -> None:
    # Heavy, and only needed here.
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: dict[str, Any] = {"INTEGER": pa.int32(), "DATE": pa.date32(), "VARCHAR": pa.string()}
    schema = pa.schema([(name, types[sql]) for name, sql in store.schema(table.name)])
    found = store.ask(f"SELECT * FROM {quoted(table.name)} ORDER BY file_line")
    pq.write_table(pa.Table.from_pylist(found, schema=schema), target)
