"""Rows of quoted CSV, also where quotes inside a text were never doubled.

A row ends where its quotes are balanced. A quote that is never closed costs its own line and no
other: reading goes on with the next line.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TypeGuard

from openchannel.evidence.imports.lines import line_blocks
from openchannel.evidence.imports.rows import (
    MAX_ROW_BYTES,
    MAX_ROW_LINES,
    Batch,
    Piece,
    Refused,
)

__all__ = ["read_quoted", "split_row"]

_ROWS_A_BATCH = 5_000


def split_row(text: str, separator: str) -> list[str] | None:
    """Cells of one row, or nothing where the text is no row of CSV.

    First by the rules; where they fail, a quote closes a cell only if a separator or the end
    follows it, which mends quotes inside a text that were not doubled.

    Examples
    --------
    >>> split_row('a,"b ""c"" d",e', ",")
    ['a', 'b "c" d', 'e']
    >>> split_row('a,"he said "no" twice",e', ",")
    ['a', 'he said "no" twice', 'e']
    """
    cells = _strictly(text, separator)
    if cells is None and "\n" not in text:
        return _leniently(text, separator)
    return cells


def _strictly(text: str, separator: str) -> list[str] | None:
    if not text:
        return []
    if '"' not in text:
        return None if "\n" in text or "\r" in text else text.split(separator)
    try:
        return next(csv.reader([text], delimiter=separator, strict=True), [])
    except csv.Error:
        return None


def _leniently(text: str, separator: str) -> list[str] | None:
    cells: list[str] = []
    at, end = 0, len(text)
    while True:
        if text.startswith('"', at):
            close = text.find('"', at + 1)
            while close >= 0 and close + 1 < end and text[close + 1] != separator:
                close = text.find('"', close + 1)
            if close < 0:
                return None
            cells.append(text[at + 1 : close].replace('""', '"'))
            at = close + 1
        else:
            stop = text.find(separator, at)
            stop = end if stop < 0 else stop
            cells.append(text[at:stop])
            at = stop
        if at >= end:
            return cells
        at += 1


class _Lines:
    """Lines of a file with their numbers; lines can be put back."""

    def __init__(self, blocks: Iterable[bytes], first_line: int) -> None:
        self._source = self._numbered(blocks, first_line)
        self._back: deque[tuple[int, bytes, bool]] = deque()

    @staticmethod
    def _numbered(blocks: Iterable[bytes], line: int) -> Iterator[tuple[int, bytes, bool]]:
        for block, dropped in line_blocks(blocks):
            for text in block[:-1].split(b"\n"):
                yield line, text, bool(dropped)
                line += 1

    def take(self) -> tuple[int, bytes, bool] | None:
        return self._back.popleft() if self._back else next(self._source, None)

    def give_back(self, lines: Iterable[tuple[int, bytes, bool]]) -> None:
        self._back.extendleft(reversed(list(lines)))


def read_quoted(
    blocks: Iterable[bytes], separator: str, encoding: str, width: int, first_line: int
) -> Iterator[Batch]:
    """Rows of `width` cells, a few thousand at a time; others are refused with their text.

    `width` 0 takes rows of any width.
    """
    lines = _Lines(blocks, first_line)
    batch = Batch()
    while (taken := lines.take()) is not None:
        _next_row(batch, lines, taken, separator, encoding, width)
        if batch.n_rows >= _ROWS_A_BATCH:
            yield batch
            batch = Batch()
    yield batch


def _next_row(
    batch: Batch,
    lines: _Lines,
    first: tuple[int, bytes, bool],
    separator: str,
    encoding: str,
    width: int,
) -> None:
    number, text, is_cut = first
    if is_cut:
        reason = f"the line is longer than {MAX_ROW_BYTES >> 20} MiB"
        batch.refused.append(Refused(number, 1, reason, text))
        return
    if not text.strip():
        batch.n_blank += 1
        return
    if text.count(b'"') % 2:  # the row may go on in the next line
        joined = _joined(lines, first)
        cells = _cells(b"\n".join(t for _, t, _ in joined), separator, encoding)
        if len(joined) > 1 and _is_row(cells, width):
            batch.pieces.append(Piece(number, len(joined), cells))
            return
        lines.give_back(joined[1:])
    found = _cells(text, separator, encoding)
    if _is_row(found, width):
        batch.pieces.append(Piece(number, 1, found))
    else:
        batch.refused.append(Refused(number, 1, _why(found, width), text))


def _is_row(found: list[str] | str | None, width: int) -> TypeGuard[list[str]]:
    return isinstance(found, list) and (not width or len(found) == width)


def _why(found: list[str] | str | None, width: int) -> str:
    if isinstance(found, str):
        return found
    if found is None:
        return "a quote in the line is opened and not closed"
    return f"the row has {len(found)} cells, not {width}"


def _cells(text: bytes, separator: str, encoding: str) -> list[str] | str | None:
    """Cells; a reason in words where the bytes are no text; nothing where the text is no row."""
    if b"\0" in text:
        return "the row holds a zero byte"
    try:
        decoded = text.removesuffix(b"\r").decode(encoding)
    except UnicodeDecodeError as error:
        return f"byte {error.object[error.start]:#04x} is not {encoding} text"
    return split_row(decoded, separator)


def _joined(lines: _Lines, first: tuple[int, bytes, bool]) -> list[tuple[int, bytes, bool]]:
    """The line and those after it, up to where the quotes are balanced."""
    joined = [first]
    quotes, size = first[1].count(b'"'), len(first[1])
    while quotes % 2 and len(joined) < MAX_ROW_LINES and size < MAX_ROW_BYTES:
        if (more := lines.take()) is None:
            break
        joined.append(more)
        quotes += more[1].count(b'"')
        size += len(more[1])
    if quotes % 2:
        lines.give_back(joined[1:])
        return [first]
    return joined
