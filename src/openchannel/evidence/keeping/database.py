"""Opening the store: one file, one writer, its tables made on first use.

Owns the connection and what goes wrong with it. What the tables mean belongs to `imported` and
`ledger`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from openchannel.errors import Problem, UserError
from openchannel.evidence.keeping.schema import READ_VERSIONS, SCHEMA_VERSION, TABLES_SQL

__all__ = ["Database"]

_MEMORY = "512MB"
"""More than a merge of a million rows needs; what does not fit goes to a folder beside the file."""


class Database:
    """A store opened for work; use as a context manager.

    A store that is written is locked: a second program that opens it is told so. Without `writing`
    the file must exist, and several may read at once.

    Raises
    ------
    UserError
        If the file is locked, damaged, of a later version, missing, or may not be written.
    """

    def __init__(self, path: Path, *, writing: bool = False) -> None:
        self.path = path
        if writing:
            path.parent.mkdir(parents=True, exist_ok=True)
            _begin(path)
        elif not path.is_file():
            raise UserError(_missing(path))
        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": _MEMORY,
            "threads": 2,
            "temp_directory": f"{path}.tmp",
        }
        try:
            self._connection = duckdb.connect(str(path), read_only=not writing, config=config)
        except duckdb.Error as error:
            raise UserError(_refused(path, error)) from error
        try:
            self._connection.execute("SET enable_external_access = false")
            self._check_version()
            if writing:
                with self.whole():
                    self.do(TABLES_SQL)
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go; another may open it then."""
        self._connection.close()

    def ask(self, sql: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
        """Rows of a query as dictionaries, in the order of the query."""
        cursor = self._run(sql, values)
        names = [d[0] for d in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def one(self, sql: str, values: Sequence[object] = ()) -> Any:
        """The single value of a query."""
        ((value,),) = self._run(sql, values).fetchall()
        return value

    def do(self, sql: str, values: Sequence[object] = ()) -> None:
        """Do something whose answer does not matter."""
        self._run(sql, values)

    def load(
        self, table: str, columns: Mapping[str, Sequence[object]], types: Any | None = None
    ) -> None:
        """Add rows given by columns to a table; `types` is their Arrow schema, if not plain."""
        import pyarrow as pa

        rows = pa.table(
            {n: pa.array(v, types.field(n).type if types else None) for n, v in columns.items()}
        )
        self._connection.register("arriving", rows)
        names = ", ".join(f'"{n}"' for n in columns)
        self._run(f"INSERT INTO {table} ({names}) SELECT {names} FROM arriving")
        self._connection.unregister("arriving")

    @contextmanager
    def whole(self) -> Iterator[None]:
        """All that is done within it is kept, or none of it."""
        self._run("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._run("COMMIT")

    def _run(self, sql: str, values: Sequence[object] = ()) -> duckdb.DuckDBPyConnection:
        """Execute; raises UserError where the disk or the memory of the machine is used up."""
        try:
            return self._connection.execute(sql, list(values))
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise UserError(_unwritable(self.path, error)) from error

    def _check_version(self) -> None:
        try:
            found = self.one("SELECT max(version) FROM store_version")
        except duckdb.Error as error:
            raise UserError(_refused(self.path, error)) from error
        if found not in READ_VERSIONS:
            raise UserError(
                Problem(
                    str(self.path),
                    "--store",
                    f"it was written by another version of openchannel (store version {found})",
                    f"a store of version {SCHEMA_VERSION} or an earlier one",
                    "use the newer openchannel, or name another file",
                )
            )


def _begin(path: Path) -> None:
    """An empty store where there is none yet, which appears with its tables or not at all.

    DuckDB looks whether a file is there before it locks it: of two programs that both find none,
    the later one would begin the file anew and wipe what the earlier one has written.
    """
    if path.exists():
        return
    with tempfile.TemporaryDirectory(prefix=".new-store-", dir=path.parent) as folder:
        made = Path(folder) / path.name
        with duckdb.connect(str(made)) as connection:
            connection.execute(TABLES_SQL)
        try:
            os.link(made, path)
        except FileExistsError:
            return  # another was first
        except OSError:  # a disk without links: the best that it can do
            made.replace(path)


def _missing(path: Path) -> Problem:
    return Problem(
        str(path),
        "--store",
        "there is no store yet",
        "a store that an import or an entry of the ledger has made",
        "import a list first, or name the file of a store with --store",
    )


def _unwritable(path: Path, error: duckdb.Error) -> Problem:
    first = str(error).strip().partition("\n")[0]
    return Problem(
        str(path),
        "--store",
        f"the machine refuses to write or hold more ({first})",
        "room on the disk of the store, for its file and for a temporary folder beside it",
        "free some space, or name a file on another disk; nothing was changed, so do it again",
    )


def _refused(path: Path, error: duckdb.Error) -> Problem:
    said = str(error)
    if "lock" in said.lower():
        return Problem(
            str(path),
            "--store",
            "another program has the store open, and only one may write at a time",
            "one writer, or several readers",
            "wait until the other is done, then give the command again; nothing was changed",
        )
    first = said.strip().partition("\n")[0]
    return Problem(
        str(path),
        "--store",
        f"it is not a store of openchannel, or it cannot be opened ({first})",
        "a file that `openchannel evidence import` or `add` has made, in a folder you may write",
        "name another file with --store",
    )
