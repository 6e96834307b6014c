"""How fast portfolios are evaluated here, against a loop that plays one future after the other."""

from __future__ import annotations

import os
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openchannel.domain import Case

__all__ = ["pace", "pace_words"]

_PORTFOLIOS = 36  # a generation
_FUTURES = 64  # of each portfolio in each world, together
_ALONE = 2  # portfolios played by the loop, one future of each world at a time


def pace(case: Case, threads: int | None = None) -> tuple[float, float]:
    """Futures a second: a generation on common luck, and a loop over portfolios, worlds, futures.

    The loop calls the same compiled kernel, once for each future.
    """
    from openchannel.analysis.common_luck import in_worlds
    from openchannel.analysis.portfolio.space import Space
    from openchannel.analysis.portfolio.trial import Trial
    from openchannel.model import Beliefs, central_beliefs, pack_design, simulate_replicates

    space = Space.of(case)
    made = [space.policy(space.now, f"P{i}") for i in range(_PORTFOLIOS)]
    trial = Trial(case, 1, threads=threads)
    trial.play(made[:1], "warm", 32)  # compiled before the clock starts
    start = perf_counter()
    trial.play(made, "pace", _FUTURES)
    together = _PORTFOLIOS * _FUTURES * len(case.worlds) / (perf_counter() - start)

    held = in_worlds(case, case.worlds, central_beliefs(case))
    start = perf_counter()
    for _ in range(_ALONE):
        design = pack_design(case, [case.status_quo])
        for world in range(len(case.worlds)):
            one = Beliefs(held.par[world : world + 1], held.ch[world : world + 1])
            for replicate in range(4):
                simulate_replicates(design, one, 1, replicate, 1)
    alone = _ALONE * len(case.worlds) * 4 / (perf_counter() - start)
    return together, alone


def pace_words(case: Case, threads: int | None = None) -> str:
    """Evaluations a second and the ratio to the loop, measured now."""
    from openchannel.analysis.portfolio.workshop import Sizes

    together, alone = pace(case, threads)
    each = Sizes().search * len(case.worlds)
    cores = threads or os.cpu_count() or 1
    return (
        f"pace: {together / each:.1f} portfolios a second of {each:,} futures each on {cores} "
        f"threads, {together / alone:.0f} times a loop that plays one future at a time"
    )
