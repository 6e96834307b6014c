"""What the files of a record say, read once: rows, entries, the database, what verification found.

Nothing here changes after it is read, so every record opened on the same bytes shares it. A run, a
page and a forecast each ask the record anew; reading and checking it cost a quarter of a second.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TypeVar

from openchannel.evidence.entry import Entry, entry_of
from openchannel.evidence.reading import MAX_BYTES, SourceRow, read_folder, rows_text
from openchannel.evidence.store import Store
from openchannel.evidence.tables import TABLE_OF, TABLES
from openchannel.evidence.verify import Verification

__all__ = ["Content", "content_of"]

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

#: Contents that a process keeps: a few cases, each a few megabytes.
_MOST_KEPT = 4
#: Days for which the findings of a content are kept: today, and the one that lets all dates pass.
_MOST_DAYS = 3


class Content:
    """The rows of ten tables and what follows from them, each worked out at the first asking.

    rows : by table name, in the order of the file
    """

    def __init__(self, rows: Mapping[str, Sequence[SourceRow]]) -> None:
        self.rows = rows
        self._store: Store | None = None
        self._turn = RLock()  # threads of a server ask at once, and one database is enough
        self._findings: dict[dt.date, Verification] = {}

    @property
    def store(self) -> Store:
        """The database; most work asks for entries alone and never opens it."""
        with self._turn:
            if self._store is None:
                self._store = Store(self.rows)
            return self._store

    @cached_property
    def entries(self) -> Mapping[str, tuple[Entry, ...]]:
        """All rows with their place in time, by table, in the order of lines."""
        return {
            t.name: tuple(
                entry_of(t, row) for row in sorted(self.rows[t.name], key=lambda r: r.line)
            )
            for t in TABLES
        }

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """SHA-256 of what the rows of each table say, whatever their order."""
        return {
            name: hashlib.sha256(rows_text(TABLE_OF[name], rows).encode()).hexdigest()
            for name, rows in self.rows.items()
        }

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of what the files say; order of rows, line ends and byte marks do not matter."""
        digest = hashlib.sha256()
        for table in TABLES:
            digest.update(rows_text(table, self.rows[table.name]).encode())
        return digest.hexdigest()

    def verified(self, day: dt.date, verify: Callable[[], Verification]) -> Verification:
        """What verification finds on a day, found once."""
        with self._turn:
            found = self._findings.get(day)
            if found is None:
                found = verify()
                _keep(self._findings, day, found, _MOST_DAYS)
            return found

    def with_more(self, rows: Mapping[str, Sequence[SourceRow]]) -> Content:
        """A content of its own, in which further rows come after those of the files."""
        added = {name: [*self.rows[name], *more] for name, more in rows.items()}
        return Content({**self.rows, **added})


_kept: dict[str, Content] = {}
_turn = RLock()


def content_of(folder: Path) -> Content:
    """What the files of a folder say; files with the same bytes are read once in a process.

    Raises
    ------
    UserError
        With every problem of every file, in the order of files and lines.
    """
    digest = _digest(folder)
    if digest is not None and (known := _kept.get(digest)) is not None:
        return known
    content = Content(read_folder(folder))
    if digest is not None and digest == _digest(folder):  # nobody wrote to them meanwhile
        with _turn:
            _keep(_kept, digest, content, _MOST_KEPT)
    return content


def _keep(kept: dict[_Key, _Value], key: _Key, value: _Value, most: int) -> None:
    """Keep a value under its key; the oldest makes room."""
    while len(kept) >= most:
        kept.pop(next(iter(kept)))
    kept[key] = value


def _digest(folder: Path) -> str | None:
    """SHA-256 of the ten files; None where one cannot be read, or is too large to be ours."""
    digest = hashlib.sha256()
    try:
        for table in TABLES:
            path = folder / table.file
            if not path.is_file() or path.stat().st_size > MAX_BYTES:
                return None
            raw = path.read_bytes()
            digest.update(f"{table.file}:{len(raw)}:".encode() + raw)
    except OSError:
        return None
    return digest.hexdigest()
