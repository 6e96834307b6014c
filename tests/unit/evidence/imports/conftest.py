"""Samples of real lists, which lie beside the repository and are never copied into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from openchannel.evidence.imports.coding import builtin_coding
from openchannel.evidence.imports.fieldmap import FieldMap, builtin_maps
from openchannel.evidence.imports.importing import Imported, import_file
from openchannel.evidence.imports.meaning import Choice
from openchannel.evidence.keeping.database import Database

ROOT = Path(__file__).resolve().parents[4]
RAW = ROOT.parent / "shared" / "evidence" / "raw"
DYAD = Choice(("USA", "PRK"))

Bring = Callable[..., Imported]


def sample(name: str) -> Path:
    """A sample, or the test is skipped."""
    path = RAW / name
    if not path.is_file():
        pytest.skip(f"the sample {name} does not lie in ../shared/evidence/raw")
    return path


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty store."""
    with Database(tmp_path / "store.duckdb", writing=True) as opened:
        yield opened


@pytest.fixture
def bring(database: Database, tmp_path: Path) -> Bring:
    """Import a file into the store."""

    def bring_in(
        path: Path, format_: str | FieldMap, choice: Choice = Choice(), **more: Any
    ) -> Imported:
        field_map = builtin_maps()[format_] if isinstance(format_, str) else format_
        coding = more.get("coding") or builtin_coding()
        return import_file(path, field_map, coding, choice, database, tmp_path / "rejects.csv")

    return bring_in


def rows(database: Database, columns: str = "*", order: str = "date, file_line") -> list[Any]:
    """What is in the store, as tuples."""
    found = database.ask(f"SELECT {columns} FROM current_events ORDER BY {order}")
    return [tuple(r.values()) for r in found]
