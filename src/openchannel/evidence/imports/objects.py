"""Rows of JSON: an array of objects, an object that holds one array, or one object each line.

Objects are read one after the other from a buffer that never holds more than one of them and a
block. A damaged object is refused with its text and reading goes on behind it.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from openchannel.evidence.imports.rows import MAX_ROW_BYTES, Batch, Refused

__all__ = ["ObjectRow", "read_objects"]

_WRAPPED = re.compile(r'\s*\{\s*"[^"\\]*"\s*:\s*\[\s*(?=\{|\])')
_BETWEEN = re.compile(r"[\s,\[\]}]*")
_NEXT = re.compile(r"\n\s*,?\s*(?=\{)|\}\s*,\s*(?=\{)")
_ROWS_A_BATCH = 5_000
_SHOWN = 500
_HEAD = 4_096  # where an object that holds the array must begin it

ObjectRow = tuple[int, dict[str, str]]


class _Buffer:
    """Text of a file that grows at one end and is used up at the other; counts lines."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="surrogateescape")
        self._ended = False
        self.text = ""
        self.at = 0
        self.line = 1

    @property
    def n_left(self) -> int:
        """Signs that are not used up."""
        return len(self.text) - self.at

    def grow(self) -> bool:
        """Add a block; false at the end of the file."""
        if self._ended:
            return False
        block = next(self._blocks, None)
        self._ended = block is None
        self.text = self.text[self.at :] + self._decoder.decode(block or b"", final=self._ended)
        self.at = 0
        return not self._ended

    def use(self, end: int) -> str:
        """Take the text up to `end` away."""
        used = self.text[self.at : end]
        self.line += used.count("\n")
        self.at = end
        return used


def read_objects(blocks: Iterable[bytes]) -> Iterator[tuple[Batch, list[ObjectRow]]]:
    """Objects with the number of their first line, a few thousand at a time.

    The batch holds what was refused; its pieces are left empty, because only the caller knows the
    order of the columns.
    """
    buffer = _Buffer(blocks)
    while buffer.n_left < _HEAD and buffer.grow():
        pass
    if (wrapped := _WRAPPED.match(buffer.text)) is not None:
        buffer.use(wrapped.end())
    batch, rows = Batch(), list[ObjectRow]()
    while _skip_between(buffer):
        line = buffer.line
        found = _one(buffer)
        if isinstance(found, Refused):
            batch.refused.append(found)
        else:
            rows.append((line, found))
        if len(rows) + len(batch.refused) >= _ROWS_A_BATCH:
            yield batch, rows
            batch, rows = Batch(), []
    yield batch, rows


def _skip_between(buffer: _Buffer) -> bool:
    """Go to the next thing that is not a sign between objects; false at the end of the file."""
    while True:
        if (match := _BETWEEN.match(buffer.text, buffer.at)) is not None:
            buffer.use(match.end())
        if buffer.n_left:
            return True
        if not buffer.grow():
            return False


def _one(buffer: _Buffer) -> dict[str, str] | Refused:
    """The object at the head of the buffer, or the text up to the next one."""
    decoder = json.JSONDecoder()
    while True:
        try:
            value, end = decoder.raw_decode(buffer.text, buffer.at)
        except (ValueError, RecursionError) as error:
            if buffer.n_left < MAX_ROW_BYTES and buffer.grow():
                continue
            return _refuse(buffer, f"it is no JSON object ({_short(error)})")
        line, text = buffer.line, buffer.use(end)
        if not isinstance(value, dict):
            return Refused(line, 0, "it is no JSON object", _bytes(text[:_SHOWN]))
        cells = {str(k): _cell(v) for k, v in value.items()}
        if any("\0" in c or _is_broken(c) for c in [*cells, *cells.values()]):
            reason = "it holds a zero byte or bytes that are not UTF-8"
            return Refused(line, 0, reason, _bytes(text[:_SHOWN]))
        return cells


def _is_broken(cell: str) -> bool:
    return not cell.isascii() and any("\ud800" <= c <= "\udfff" for c in cell)


def _short(error: Exception) -> str:
    return getattr(error, "msg", "") or type(error).__name__


def _refuse(buffer: _Buffer, reason: str) -> Refused:
    line = buffer.line
    following = _NEXT.search(buffer.text, buffer.at + 1)
    text = buffer.use(following.end() if following else len(buffer.text))
    return Refused(line, 0, reason, _bytes(text[:_SHOWN]))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="replace" if _lone(text) else "surrogateescape")


def _lone(text: str) -> bool:
    """Whether a surrogate stands for something else than a byte that was not UTF-8."""
    return any("\ud800" <= c <= "\udfff" and not "\udc80" <= c <= "\udcff" for c in text)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
