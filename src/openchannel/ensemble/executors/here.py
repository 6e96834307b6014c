"""Executors inside this process."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from openchannel.ensemble.collect import GroupSums
from openchannel.ensemble.executors.contract import Finished
from openchannel.ensemble.executors.line import Line
from openchannel.ensemble.plan import Piece
from openchannel.ensemble.work import Ensemble

__all__ = ["Sequential", "Threads", "cores"]

# Pieces a thread that may be out at once, and how far the newest may be beyond the oldest.
_IN_HAND, _REACH = 2, 4


def cores(wanted: int | None) -> int:
    """Threads to use: as many as are wanted, by default one a core."""
    return wanted or os.cpu_count() or 1


class Sequential:
    """One piece after another in the thread that asks."""

    def run(self, ensemble: Ensemble, pieces: Iterator[Piece]) -> Generator[Finished]:
        """Every piece once with its sums, in order."""
        for piece in pieces:
            yield piece, ensemble.compute(piece)


class Threads:
    """Threads of this process; the kernel runs without the interpreter lock."""

    def __init__(self, threads: int | None = None) -> None:
        """Default: one a core."""
        self.threads = cores(threads)

    def run(self, ensemble: Ensemble, pieces: Iterator[Piece]) -> Generator[Finished]:
        """Every piece once with its sums, as they come; a few wait, so that a stop is prompt."""
        line = Line(pieces)
        out: dict[Future[GroupSums], tuple[int, Piece]] = {}
        with ThreadPoolExecutor(max_workers=self.threads) as pool:
            try:
                while True:
                    while len(out) < _IN_HAND * self.threads:
                        task = line.take(1, _REACH * self.threads)
                        if task is None:
                            break
                        number, (piece,) = task
                        out[pool.submit(ensemble.compute, piece)] = number, piece
                    if not out:
                        return
                    for future in wait(out, return_when=FIRST_COMPLETED).done:
                        number, piece = out.pop(future)
                        line.back(number)
                        yield piece, future.result()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
