"""What every executor does."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Protocol

from openchannel.ensemble.collect import GroupSums
from openchannel.ensemble.plan import Piece
from openchannel.ensemble.work import Ensemble

__all__ = ["Executor", "Finished"]

Finished = tuple[Piece, GroupSums]


class Executor(Protocol):
    """Computes pieces; see `tests/contract/test_executors.py` for what it must satisfy."""

    def run(self, ensemble: Ensemble, pieces: Iterator[Piece]) -> Generator[Finished]:
        """Every piece once with its sums, as they come.

        Closing the generator stops the work: pieces not begun are dropped.
        """
        ...
