"""Work on a GPU: futures on the card, many pieces a launch; sums on the cores meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openchannel.ensemble.executors.contract import Finished
from openchannel.ensemble.executors.here import cores
from openchannel.ensemble.plan import Piece
from openchannel.ensemble.work import Ensemble
from openchannel.errors import Problem, UserError
from openchannel.model import Beliefs

__all__ = ["Gpu"]

#: Futures of a launch: enough to fill a card several times over, and 150 MiB of outcomes.
_A_LAUNCH = 2**18

Play = Callable[..., NDArray[np.float64]]
_Batch = tuple[list[Piece], "Future[NDArray[np.float64]]"]


class Gpu:
    """One card. Its futures have the CPU's counts; other numbers differ in their last digits."""

    def __init__(self, threads: int | None = None, play: Play | None = None) -> None:
        """`threads` add up outcomes, default one a core; `play` stands in for the card in tests."""
        self.threads = cores(threads)
        self.a_launch = _A_LAUNCH
        self._play = play or _on_card

    def run(self, ensemble: Ensemble, pieces: Iterator[Piece]) -> Generator[Finished]:
        """Every piece once with its sums, in order; one launch runs while the last is added up."""
        with ThreadPoolExecutor(1) as card, ThreadPoolExecutor(self.threads) as pool:
            try:
                batch = self._begin(ensemble, pieces, card)
                while batch is not None:
                    taken, futures = batch
                    outs = futures.result()
                    batch = self._begin(ensemble, pieces, card)
                    ends = np.cumsum([piece.n for piece in taken])[:-1]
                    sums = pool.map(ensemble.add_up, taken, np.split(outs, ends))
                    yield from zip(taken, sums, strict=True)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _begin(
        self, ensemble: Ensemble, pieces: Iterator[Piece], card: ThreadPoolExecutor
    ) -> _Batch | None:
        """Hand the card the next pieces; None where there are no more."""
        arms = ensemble.n_worlds * len(ensemble.plan.policies)
        taken: list[Piece] = []
        wanted = max(1, self.a_launch // arms)
        while wanted > 0 and (piece := next(pieces, None)) is not None:
            taken.append(piece)
            wanted -= piece.n
        if not taken:
            return None
        return taken, card.submit(partial(_simulate, self._play, ensemble, taken))


def _simulate(play: Play, ensemble: Ensemble, pieces: list[Piece]) -> NDArray[np.float64]:
    """Futures of pieces, one after another: float64[replicate, world, policy, Out]."""
    draws, place = np.unique([piece.draw for piece in pieces], return_inverse=True)
    sizes = [piece.n for piece in pieces]
    replicate = np.concatenate([np.arange(p.first, p.first + p.n) for p in pieces])
    beliefs = Beliefs(ensemble.par[draws], ensemble.ch[draws])
    draw = np.repeat(place.astype(np.int64), sizes)
    return play(ensemble.design, beliefs, ensemble.plan.seed, draw, replicate)


def _on_card(*arguments: Any) -> NDArray[np.float64]:
    try:
        from openchannel.model.run_gpu import simulate_draws  # noqa: PLC0415 - an extra

        return simulate_draws(*arguments)
    except Exception as error:  # its libraries have no class of errors in common
        first = next(iter(str(error).strip().splitlines()), "it says no more")
        raise UserError(
            Problem(
                file="command line",
                field="--gpu",
                wrong=f"the GPU or its compiler failed ({type(error).__name__}: {first})",
                allowed="a card, driver, numba-cuda and NumPy that fit one another",
                mend="see `openchannel doctor`; or leave --gpu out, and threads begin the run anew",
            )
        ) from error
