"""Rows that are lines: tab-separated exports, counted and sifted by the block.

The width of every line is counted with NumPy and the wanted codes are looked for in the raw bytes;
only lines that may belong to the wanted actors are ever cut into cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from openchannel.evidence.imports.rows import MAX_ROW_BYTES, Batch, Piece, Refused

__all__ = ["line_blocks", "read_lines"]

_NEWLINE = 10
_SHOWN_BYTES = 500


def line_blocks(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Blocks that end with a line, each with the bytes cut out of its last line.

    A line of more than `MAX_ROW_BYTES` keeps its beginning only; the second number says how many
    bytes of it were dropped, so that the caller can refuse it.
    """
    tail = b""
    dropped = 0
    for block in blocks:
        joined = tail + block if tail else block
        cut = joined.rfind(b"\n") + 1
        if cut and dropped:  # the overlong line ends in this block
            end = joined.find(b"\n") + 1
            dropped += end - 1 - _SHOWN_BYTES
            yield joined[:_SHOWN_BYTES] + b"\n", dropped
            joined, cut, dropped = joined[end:], cut - end, 0
        if cut:
            yield joined[:cut], 0
        tail = joined[cut:]
        if len(tail) > MAX_ROW_BYTES:
            dropped += len(tail) - _SHOWN_BYTES
            tail = tail[:_SHOWN_BYTES]
    if tail:
        yield tail + b"\n", dropped


def read_lines(
    blocks: Iterable[bytes],
    separator: str,
    encoding: str,
    width: int,
    first_line: int,
    needles: Sequence[Sequence[bytes]] = (),
) -> Iterator[Batch]:
    """Rows of `width` cells, block by block; others are refused with their text.

    Parameters
    ----------
    blocks
        Bytes of the file after its head.
    needles
        For each wanted actor the codes that stand for it. A line with codes of fewer than two
        actors is counted as outside and not looked at further. Empty: every line becomes a piece.
    """
    line = first_line
    for block, dropped in line_blocks(blocks):
        if dropped:
            reason = f"the line is longer than {MAX_ROW_BYTES >> 20} MiB"
            yield Batch(refused=[Refused(line, 1, reason, block[:-1])])
            line += 1
            continue
        batch, n_lines = _sift(block, separator.encode(), encoding, width, line, needles)
        line += n_lines
        yield batch


def _sift(
    block: bytes,
    separator: bytes,
    encoding: str,
    width: int,
    line: int,
    needles: Sequence[Sequence[bytes]],
) -> tuple[Batch, int]:
    """The pieces of one block of whole lines, and how many lines it has."""
    codes = np.frombuffer(block, np.uint8)
    marks = np.flatnonzero((codes == separator[0]) | (codes == _NEWLINE))
    is_end = codes[marks] == _NEWLINE
    ends = marks[is_end]
    widths = np.diff(np.flatnonzero(is_end), prepend=-1)
    starts = np.empty_like(ends)
    starts[0] = 0
    starts[1:] = ends[:-1] + 1
    batch = Batch()
    for i in np.flatnonzero(widths != width):
        text = block[starts[i] : ends[i]]
        if not text.strip():
            batch.n_blank += 1
            continue
        reason = f"the line has {widths[i]} cells, not {width}"
        batch.refused.append(Refused(line + int(i), 1, reason, text))
    wanted = _candidates(block, starts, ends, widths == width, needles)
    batch.n_outside = int((widths == width).sum()) - len(wanted)
    for i in wanted:
        batch_line(batch, line + i, block[starts[i] : ends[i]], separator, encoding)
    return batch, len(ends)


def batch_line(batch: Batch, line: int, text: bytes, separator: bytes, encoding: str) -> None:
    """Add one line of the right width: as a piece, or refused where it is not text."""
    text = text.removesuffix(b"\r")
    if b"\0" in text:
        batch.refused.append(Refused(line, 1, "the line holds a zero byte", text))
        return
    try:
        cells = text.decode(encoding).split(separator.decode())
    except UnicodeDecodeError as error:
        reason = f"byte {error.object[error.start]:#04x} is not {encoding} text"
        batch.refused.append(Refused(line, 1, reason, text))
        return
    batch.pieces.append(Piece(line, 1, cells))


def _candidates(
    block: bytes,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    has_width: NDArray[np.bool_],
    needles: Sequence[Sequence[bytes]],
) -> list[int]:
    """Numbers of the lines that name at least two of the wanted actors, in order."""
    if not needles:
        return [int(i) for i in np.flatnonzero(has_width)]
    named = np.zeros(len(ends), np.int64)
    for codes in needles:
        hit = np.zeros(len(ends), bool)
        for code in codes:
            hit[_lines_with(block, code, starts, ends)] = True
        named += hit
    return [int(i) for i in np.flatnonzero((named >= 2) & has_width)]


def _lines_with(
    block: bytes, code: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> list[int]:
    found: list[int] = []
    at = block.find(code)
    while at >= 0:
        number = int(np.searchsorted(ends, at))
        found.append(number)
        at = block.find(code, int(ends[number]))
    return found
