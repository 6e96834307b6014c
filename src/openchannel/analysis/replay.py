"""Part of a run's futures again: the same seed gives the same futures, so nothing need be stored.

What is chosen by one half of a draw's futures is valued on the other; a run keeps their mean alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.common_luck import CommonLuck, Job, in_worlds
from openchannel.domain import Case
from openchannel.ensemble.design import sample_beliefs
from openchannel.model import Beliefs

__all__ = ["Replay", "true_halves"]

F8 = NDArray[np.float64]
_LOSS = "composite_loss"


@dataclass(frozen=True, slots=True)
class Replay:
    """What fixes the futures of a run, besides the case."""

    seed: int
    n_draws: int
    n_replicates: int
    overlay: str = ""


def true_halves(
    case: Case,
    run: Replay,
    policies: Sequence[str],
    world: str,
    loss: F8,
    threads: int | None = None,
) -> F8:
    """Mean composite loss over each half of a draw's futures, in one world.

    The first half is run again; the second is what the mean of all leaves.

    Parameters
    ----------
    loss : float64[draw, policy], mean over all futures of each draw, as the run kept it

    Returns
    -------
    float64[2, draw, policy]
    """
    early = run.n_replicates // 2
    sample = sample_beliefs(case, run.n_draws, run.seed)
    held = in_worlds(case, [case.world(world)], sample.beliefs)
    luck = CommonLuck(case, policies, (_LOSS,), overlay=run.overlay, threads=threads)
    jobs = [
        Job(Beliefs(held.par[d], held.ch[d]), run.seed, d * run.n_replicates, early)
        for d in range(run.n_draws)
    ]
    first = np.array(luck.means(jobs))[:, 0, :, 0]
    late = run.n_replicates - early
    second = (loss * run.n_replicates - first * early) / late
    return np.stack([first, second])
