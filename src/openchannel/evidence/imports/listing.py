"""A list opened for reading: which layout of its format it has, and its rows batch by batch.

Owns the choice of the layout, from the first row or the number of cells. What the cells mean
belongs to `meaning`, the columns that come from files beside the list to `companions`.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from openchannel.errors import Problem, UserError
from openchannel.evidence.imports.companions import ADDED, NUMBERED, Beside, beside
from openchannel.evidence.imports.fieldmap import FieldMap, Layout
from openchannel.evidence.imports.lines import read_lines
from openchannel.evidence.imports.objects import ObjectRow, read_objects
from openchannel.evidence.imports.opening import blocks, check_readable, unreadable
from openchannel.evidence.imports.quoted import read_quoted
from openchannel.evidence.imports.rows import Batch, Piece, Refused, Writing

__all__ = ["OpenList", "open_list"]

_HEAD_BYTES = 1 << 20
_JSON_MARKS = (b"[", b"{")
_LINES_SEEN = 1_000
_MARK = "\ufeff"

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class OpenList:
    """A file of a known layout.

    `columns` name the cells of a piece, those of the file first and those of its companions after
    them. `n_head` is the number of lines before the first row.
    """

    path: Path
    layout: Layout
    columns: tuple[str, ...]
    n_head: int
    writing: Writing
    companion: Beside | None

    def batches(
        self, wanted: Sequence[Sequence[bytes]] = (), tell: Tell | None = None
    ) -> Iterator[Batch]:
        """Rows in the order of the file; `tell` hears how many bytes lie behind.

        `wanted` are the codes of each wanted actor; lists of plain lines leave rows out early that
        hold codes of fewer than two, and count them.
        """
        for batch in self._plain(wanted, tell):
            if self.companion is not None:
                batch.pieces = [
                    replace(p, cells=self.companion.complete(p.cells)) for p in batch.pieces
                ]
            yield batch

    def _plain(self, wanted: Sequence[Sequence[bytes]], tell: Tell | None) -> Iterator[Batch]:
        found = blocks(self.path, tell, self.n_head)
        width = len(self.columns) - (self.companion.n_columns if self.companion else 0)
        names = self.columns[:width]
        if self.writing.form == "json":
            for batch, rows in read_objects(found):
                _take_objects(batch, rows, names, self.layout.needed)
                yield batch
            return
        rest = _without_head(found, self.n_head)
        common = (self.writing.separator, self.writing.encoding, width, self.n_head + 1)
        if self.writing.form == "lines":
            yield from read_lines(rest, *common, wanted)
        else:
            yield from read_quoted(rest, *common)


def open_list(path: Path, field_map: FieldMap) -> OpenList:
    """Look at the beginning of a file and choose the layout of the format that it has.

    Raises
    ------
    UserError
        If the file cannot be read, or has none of the layouts.
    """
    check_readable(path)
    head = _head(path)
    if not head.strip():
        raise unreadable(path, "there is nothing in it once it is unpacked", "fetch it again")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in _JSON_MARKS:
        return _open_json(path, field_map, head)
    seen: list[str] = []
    for layout in field_map.layouts:
        writing = layout.writing or field_map.writing
        if writing.form == "json":
            continue
        first, n_lines = _first_row(head, writing)
        seen.append(f"{len(first)} cells: {', '.join(first)}"[:200])
        if writing.has_head:
            columns = tuple(first)
            if any(columns.count(name) != 1 for name in _own(layout)):
                continue
        elif len(first) != len(layout.columns) or not _suits(layout, first):
            continue
        else:
            columns, n_lines = layout.columns, 0
        companion = beside(layout, path, columns, writing)
        return OpenList(
            path, layout, _with(columns, companion), n_lines, _marked(writing), companion
        )
    raise UserError(_no_layout(path, field_map, seen[0] if seen else "no row"))


def _suits(layout: Layout, first: Sequence[str]) -> bool:
    """Whether a row could be of the layout; numbered lists hold nothing but numbers."""
    return layout.companion != NUMBERED or all(c.isdigit() for c in first)


def _own(layout: Layout) -> tuple[str, ...]:
    """Columns that must stand in the file itself."""
    return tuple(c for c in layout.needed if c not in ADDED.get(layout.companion, ()))


def _with(columns: Sequence[str], companion: Beside | None) -> tuple[str, ...]:
    return (*columns, *(companion.names if companion else ()))


def _marked(writing: Writing) -> Writing:
    """Byte marks are taken off with the head; what follows is read without looking for one."""
    return replace(writing, encoding="utf-8") if writing.encoding == "utf-8-sig" else writing


def _head(path: Path) -> bytes:
    """The first megabyte, unpacked; all of a shorter file."""
    head = b""
    for block in blocks(path):
        head += block
        if len(head) >= _HEAD_BYTES:
            break
    return head


def _first_row(head: bytes, writing: Writing) -> tuple[list[str], int]:
    """Cells of the first row, stripped, and how many lines it takes.

    Of plain lines without a head the first of the commonest width, so that one damaged line does
    not decide what the file is.
    """
    text = head.decode(writing.encoding, errors="replace").removeprefix(_MARK)
    if writing.form == "lines":
        lines = [text.partition("\n")[0]] if writing.has_head else text.split("\n")[:_LINES_SEEN]
        rows = [line.removesuffix("\r").split(writing.separator) for line in lines if line.strip()]
        ((width, _),) = Counter(map(len, rows)).most_common(1) or ((0, 0),)
        return [c.strip() for c in next((r for r in rows if len(r) == width), [])], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=writing.separator)
    try:
        first_row = next(reader, [])
    except csv.Error:
        return [], 1
    return [c.strip() for c in first_row], max(1, reader.line_num)


def _without_head(found: Iterator[bytes], n_lines: int) -> Iterator[bytes]:
    """The blocks behind a byte mark and the first `n_lines` lines."""
    start = next(found, b"").removeprefix(b"\xef\xbb\xbf")
    for _ in range(n_lines):
        while (end := start.find(b"\n")) < 0:
            if (more := next(found, None)) is None:
                return iter(())
            start += more
        start = start[end + 1 :]
    return chain([start], found)


# --- JSON -------------------------------------------------------------------------------------


def _open_json(path: Path, field_map: FieldMap, head: bytes) -> OpenList:
    rows = next((rows for _, rows in read_objects([head]) if rows), [])
    if not rows:
        raise UserError(_no_layout(path, field_map, "no JSON object in the first megabyte"))
    names = tuple(dict.fromkeys(chain.from_iterable(row for _, row in rows)))
    for layout in field_map.layouts:
        if set(_own(layout)) <= set(names):
            columns = tuple(dict.fromkeys([*names, *_optional(layout)]))
            writing = Writing("json", has_head=False)
            companion = beside(layout, path, columns, writing)
            return OpenList(path, layout, _with(columns, companion), 0, writing, companion)
    raise UserError(_no_layout(path, field_map, f"names: {', '.join(names)}"[:300]))


def _optional(layout: Layout) -> Iterator[str]:
    """Columns that some objects may name although the first ones do not."""
    return (c for rule in layout.fields.values() if rule.is_optional for c in rule.columns)


def _take_objects(
    batch: Batch, rows: Sequence[ObjectRow], names: Sequence[str], needed: Sequence[str]
) -> None:
    """Turn objects into pieces; one that lacks a needed name is refused."""
    for line, row in rows:
        if missing := [n for n in needed if n in names and n not in row]:
            text = str(row)[:500].encode("utf-8", "replace")
            batch.refused.append(Refused(line, 0, f"it has no {', '.join(missing)}", text))
        else:
            batch.pieces.append(Piece(line, 0, [row.get(n, "") for n in names]))


def _no_layout(path: Path, field_map: FieldMap, seen: str) -> Problem:
    known = []
    for layout in field_map.layouts:
        writing = layout.writing or field_map.writing
        known.append(
            f"{layout.name}: columns {', '.join(_own(layout))}"
            if writing.has_head
            else f"{layout.name}: {len(layout.columns)} cells a line, no head"
        )
    return Problem(
        str(path),
        field_map.format,
        f"it has none of the layouts of this format (the first row has {seen})",
        "; ".join(known),
        "check the format with `openchannel evidence formats`, or describe the file in a mapping",
        line=1,
    )
