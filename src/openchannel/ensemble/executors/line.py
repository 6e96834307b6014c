"""Pieces in line, handed out a few at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from openchannel.ensemble.plan import Piece

__all__ = ["Line"]


class Line:
    """Hands out pieces in order as numbered tasks, never far beyond the oldest task still out.

    Pieces of one group are added in order, so what overtakes a slow task must wait in memory; the
    reach bounds how much that can be.
    """

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self._pieces = pieces
        self._next = 0
        self._out: set[int] = set()

    def take(self, pieces: int, reach: int) -> tuple[int, list[Piece]] | None:
        """The next task of so many pieces; None at the end, or where it would reach too far."""
        if self._out and self._next - min(self._out) >= reach:
            return None
        task = list(islice(self._pieces, pieces))
        if not task:
            return None
        number = self._next
        self._next += 1
        self._out.add(number)
        return number, task

    def back(self, number: int) -> None:
        """A task is done."""
        self._out.remove(number)
