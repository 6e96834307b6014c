"""Run replicates of many belief draws at once, on a GPU."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openchannel.kernel.batch import derive
from openchannel.kernel.gpu.launch import run_futures
from openchannel.kernel.records import belief_records, plan_records
from openchannel.model.pack import Beliefs, Design
from openchannel.model.run import calendar_of

__all__ = ["simulate_draws"]


def simulate_draws(
    design: Design,
    beliefs: Beliefs,
    seed: int,
    draw: NDArray[np.int64],
    replicate: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Futures of replicates, each under a draw of its own, in every world and policy.

    What follows from a belief before the first week is derived by the processor, so it has the
    same bytes in either kernel.

    Parameters
    ----------
    beliefs : par float64[draw, world, Scalar], ch float64[draw, world, channel, Column]
    draw, replicate : int64[n]
        Place of the draw in `beliefs`, and the global index that keys the luck.

    Returns
    -------
    float64[n, world, policy, Out]
    """
    axes = beliefs.par.shape[:2]
    n_policies = len(design.policies)
    flat = Beliefs(
        beliefs.par.reshape(-1, beliefs.par.shape[-1]),
        beliefs.ch.reshape(-1, *beliefs.ch.shape[-2:]),
    )
    pars = belief_records(flat.par, flat.ch)
    one = plan_records(design.lever, design.cadence, design.rule, design.exemptions, design.trigger)
    plans = np.repeat(one[None], len(pars), axis=0)
    calendar = calendar_of(design, flat)
    derive(pars, plans, calendar)
    return run_futures(
        seed,
        pars.reshape(axes),
        plans.reshape(*axes, n_policies),
        calendar.reshape(*axes, *calendar.shape[1:]),
        design.slot,
        replicate,
        draw,
    )
