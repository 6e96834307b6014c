"""The file of rejects: every row that could not be read, with its line, the reason and its text."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from openchannel.evidence.sheets import Sheet

__all__ = ["Rejects"]

_SHOWN = 2_000
_REASONS_KEPT = 1_000


class Rejects:
    """Writes rejects as they come, under a temporary name until `keep`; no rows, no file.

    `reasons` counts them by reason, with what differs between rows (in quotes) left out.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.n = 0
        self.reasons: Counter[str] = Counter()
        self._waiting = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        self._stream: IO[str] | None = None
        self._sheet: Sheet | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file; what was not kept is removed."""
        if self._stream is not None:
            self._stream.close()
        self._waiting.unlink(missing_ok=True)

    def add(self, line: int, reason: str, text: str) -> None:
        """One row that could not be used."""
        sheet = self._sheet or self._open()
        self.n += 1
        general = _general(reason)
        if general in self.reasons or len(self.reasons) < _REASONS_KEPT:
            self.reasons[general] += 1
        sheet.write([line, reason, text[:_SHOWN]])

    def keep(self) -> str:
        """Put the file in place and name it; empty where there was nothing to write."""
        if self._stream is None:
            return ""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        self._waiting.replace(self.path)
        return str(self.path)

    def _open(self) -> Sheet:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = self._waiting.open("w", encoding="utf-8", errors="replace", newline="")
        self._sheet = Sheet(self._stream)
        self._sheet.write(["line", "reason", "text"])
        return self._sheet


def _general(reason: str) -> str:
    """A reason without what is quoted in it.

    Examples
    --------
    >>> _general("'2018-13' has no such month")
    '... has no such month'
    """
    parts = reason.split("'")
    return "...".join(parts[::2]) if len(parts) % 2 else reason
