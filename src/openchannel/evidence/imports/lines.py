"""Rows that are lines: tab-separated exports, counted and sifted by the block.

The width of every line is counted with NumPy and the wanted codes are looked for in the raw bytes;
only lines that may belong to the wanted actors are ever cut into cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from openchannel.evidence.imports.rows import MAX_ROW_BYTES, Batch, Piece, Refused

__all__ = ["line_blocks", "read_lines"]

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
Needles = Sequence[Sequence[bytes]]

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
    needles: Needles = (),
) -> Iterator[Batch]:
    """Rows of `width` cells, block by block; others are refused with their text.

    Parameters
    ----------
    blocks
        Bytes of the file after its head.
    needles
        For each wanted actor the codes that stand for it. A line of the right width that holds
        codes of fewer than two actors is counted as outside and not looked at further, so a code
        must stand for its actor wherever it can. Empty: every line becomes a piece.
    """
    line, sieve = first_line, _Sieve(needles)
    for block, dropped in line_blocks(blocks):
        if dropped:
            reason = f"the line is longer than {MAX_ROW_BYTES >> 20} MiB"
            yield Batch(refused=[Refused(line, 1, reason, block[:-1])])
            line += 1
            continue
        batch, n_lines = _sift(block, separator.encode(), encoding, width, line, sieve)
        line += n_lines
        yield batch


def _sift(
    block: bytes,
    separator: bytes,
    encoding: str,
    width: int,
    line: int,
    sieve: _Sieve,
) -> tuple[Batch, int]:
    """The pieces of one block of whole lines, and how many lines it has."""
    starts, ends, widths = _measured(np.frombuffer(block, np.uint8), separator[0])
    batch = Batch()
    for i in np.flatnonzero(widths != width):
        text = block[starts[i] : ends[i]]
        if not text.strip():
            batch.n_blank += 1
            continue
        reason = f"the line has {widths[i]} cells, not {width}"
        batch.refused.append(Refused(line + int(i), 1, reason, text))
    wanted = sieve.lines(block, starts, ends, widths == width)
    batch.n_outside = int((widths == width).sum()) - len(wanted)
    for place in wanted:
        text = block[starts[place] : ends[place]]
        _add_line(batch, line + place, text, separator, encoding)
    return batch, len(ends)


def _measured(codes: NDArray[np.uint8], separator: int) -> tuple[Places, Places, Places]:
    """First byte, line break and number of cells of each line of a block that ends with one.

    One comparison finds tabs, line breaks and the rare bytes below them; where nothing but breaks
    and separators is found and every line has the width of the first, no more is to be counted.
    """
    if separator < _NEWLINE:
        marks = np.flatnonzero(codes <= _NEWLINE)
        kinds = codes[marks]
        is_ours = (kinds == separator) | (kinds == _NEWLINE)
        if not is_ours.all():
            marks, kinds = marks[is_ours], kinds[is_ours]
    else:
        marks = np.flatnonzero((codes == separator) | (codes == _NEWLINE))
        kinds = codes[marks]
    at = np.flatnonzero(kinds == _NEWLINE)
    ends = marks[at]
    starts = np.empty_like(ends)
    starts[0] = 0
    starts[1:] = ends[:-1] + 1
    return starts, ends, np.diff(at, prepend=-1)


def _add_line(batch: Batch, line: int, text: bytes, separator: bytes, encoding: str) -> None:
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


class _Sieve:
    """Finds the lines that hold codes of at least two actors.

    Of any two actors at least one is not the commonest, so the commonest, by the first block, is
    looked for only in lines that hold another.
    """

    def __init__(self, needles: Needles) -> None:
        self._patterns = [re.compile(b"|".join(map(re.escape, codes))) for codes in needles]
        self._is_sorted = False

    def lines(self, block: bytes, starts: Places, ends: Places, has_width: Flags) -> list[int]:
        """Numbers of the wanted lines among those of the right width, in order."""
        if not self._patterns:
            return [int(i) for i in np.flatnonzero(has_width)]
        if not self._is_sorted:
            self._patterns.sort(key=lambda p: len(p.findall(block)))
            self._is_sorted = True
        *rarer, commonest = self._patterns
        named = np.zeros(len(ends), np.int64)
        for pattern in rarer:
            places = [m.start() for m in pattern.finditer(block)]
            named[np.unique(np.searchsorted(ends, places))] += 1
        named[~has_width] = 0
        for i in np.flatnonzero(named == 1):
            named[i] += commonest.search(block, starts[i], ends[i]) is not None
        return [int(i) for i in np.flatnonzero(named > 1)]
