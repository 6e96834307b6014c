"""Where the user's own store lies: imported lists, the ledger of contacts, decisions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from openchannel.usecases.guard import disk_problems

if TYPE_CHECKING:
    from openchannel.evidence.keeping.database import Database

__all__ = ["STORE_OPTION", "opened_store", "store_path"]

STORE_OPTION = "--store"
_FILE = "evidence.duckdb"


def store_path(given: str | Path | None) -> Path:
    """The file named, or that of `OPENCHANNEL_STORE`, or one in the user's data folder."""
    chosen = given or os.environ.get("OPENCHANNEL_STORE")
    if chosen:
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local/share") / "openchannel" / _FILE


@contextmanager
def opened_store(given: str | Path | None, *, writing: bool = False) -> Iterator[Database]:
    """The store, closed again at the end; made if it is to be written and is not there.

    Raises
    ------
    UserError
        If it is locked, damaged, missing, or its place cannot be written.
    """
    from openchannel.evidence.keeping.database import Database

    path = store_path(given)
    with disk_problems(path, STORE_OPTION), Database(path, writing=writing) as database:
        yield database
