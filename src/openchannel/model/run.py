"""Run batches of replicates, or one future at a time, on the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openchannel.kernel.batch import run_path, run_replicates
from openchannel.kernel.keys import Out, Scalar, Trace
from openchannel.kernel.records import (
    LANES,
    OUT,
    TRACE,
    WEEK,
    belief_records,
    cleared,
    future_dtype,
    lines_dtype,
    luck_records,
    plan_records,
)
from openchannel.model.pack import Beliefs, Design

__all__ = [
    "Forks",
    "Path",
    "calendar_of",
    "simulate_forks",
    "simulate_path",
    "simulate_replicates",
]


def calendar_of(design: Design, beliefs: Beliefs) -> NDArray[np.float64]:
    """float64[world, week, 4]: inauguration, exercise, discount factor, room for the kernel."""
    years = np.arange(design.n_weeks) / 52.0
    calendar = np.zeros((beliefs.par.shape[0], design.n_weeks, 4))
    calendar[:, :, 0] = design.inauguration
    calendar[:, :, 1] = design.exercise
    calendar[:, :, 2] = (1.0 + beliefs.par[:, Scalar.disc, None]) ** -years
    return calendar


@dataclass(frozen=True, slots=True)
class Forks:
    """Policies that are one until a week, and weeks before which all are looked at.

    A policy is not played before it parts from its parent, so the two must be alike until then;
    what is told of one afterwards is what playing it from the start would tell, to the bit.

    parents, begins : int64[policy]; a policy that begins with week 0 has no parent, and others
        come after theirs
    looks : int64[look], in rising order, none beyond the horizon
    """

    parents: NDArray[np.int64]
    begins: NDArray[np.int64]
    looks: NDArray[np.int64]

    @classmethod
    def none(cls, n_policies: int) -> Forks:
        """Each policy from the start, and no look before the end."""
        place = np.arange(n_policies)
        return cls(place, np.zeros_like(place), np.zeros(0, np.int64))


def simulate_replicates(
    design: Design, beliefs: Beliefs, seed: int, first_replicate: int, n_replicates: int
) -> NDArray[np.float64]:
    """Futures of consecutive replicates in every world and policy.

    Parameters
    ----------
    beliefs : par float64[world, Scalar], ch float64[world, channel, Column]
    first_replicate : int
        Global index: luck is keyed by it, whatever else runs.

    Returns
    -------
    float64[n_replicates, world, policy, Out]
    """
    whole = Forks.none(len(design.policies))
    return simulate_forks(design, whole, beliefs, seed, first_replicate, n_replicates)[0]


def simulate_forks(
    design: Design,
    forks: Forks,
    beliefs: Beliefs,
    seed: int,
    first_replicate: int,
    n_replicates: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """As `simulate_replicates`, for policies that share their first weeks.

    Returns
    -------
    float64[n_replicates, world, policy, Out]
        Accounts at the horizon.
    float64[look, n_replicates, world, policy, Out]
        Accounts before each week of `looks`, without what is only told when an account is closed.
    """
    n_worlds, n_policies = beliefs.par.shape[0], len(design.policies)
    plans = plan_records(
        design.lever, design.cadence, design.rule, design.exemptions, design.trigger
    )
    n_batches, n_looks = -(-n_replicates // LANES), len(forks.looks)
    out = cleared((1 + n_looks, n_batches, n_worlds, n_policies, len(Out), LANES), np.float64)
    run_replicates(
        _signed(seed),
        first_replicate,
        first_replicate + n_replicates,
        belief_records(beliefs.par, beliefs.ch),
        np.repeat(plans[None], n_worlds, axis=0),
        calendar_of(design, beliefs),
        forks.parents,
        forks.begins,
        forks.looks,
        cleared((n_worlds, n_policies + 1), future_dtype(len(design.slot))),
        cleared(1, WEEK),
        luck_records(design.slot),
        _as_records(out[0]),
        _as_records(out[1:]),
    )
    for x in np.flatnonzero(forks.begins):
        before = 1 + np.flatnonzero(forks.looks <= forks.begins[x])
        out[before, ..., x, :, :] = out[before, ..., forks.parents[x], :, :]
    told = np.moveaxis(out, -1, 2).reshape(1 + n_looks, -1, n_worlds, n_policies, len(Out))
    return told[0, :n_replicates], told[1:, :n_replicates]


def _signed(seed: int) -> int:
    """The signed number of the same 64 bits: a kernel takes no larger whole number from Python."""
    return seed - 2**64 if seed >= 2**63 else seed


def _as_records(out: NDArray[np.float64]) -> NDArray[Any]:
    """The same memory, float64[..., Out, LANES], as records of `OUT`."""
    *places, width, lanes = out.shape
    return out.reshape(*places, width * lanes).view(OUT)[..., 0]


@dataclass(frozen=True, slots=True)
class Path:
    """A future stopped before `week`: all that it needs to go on, and its trace so far.

    future : record[1] of the kernel's `future_dtype`, of which the first lane is meant
    out : float64[Out]
    trace : float64[weeks just run, Trace], NaN after a war
    lines : records[weeks just run] of `lines_dtype`, zero after a war
    """

    week: int
    future: NDArray[Any]
    out: NDArray[np.float64]
    trace: NDArray[np.float64]
    lines: NDArray[Any]

    def column(self, name: str) -> NDArray[np.float64]:
        """One weekly series of the trace by name, for example `theta`."""
        return self.trace[:, Trace[name]]

    def total(self, name: str) -> float:
        """One accumulated number by name, for example `crises`."""
        return float(self.out[Out[name]])


def simulate_path(
    design: Design,
    beliefs: Beliefs,
    seed: int,
    replicate: int,
    policy: str,
    *,
    until: int | None = None,
    resume: Path | None = None,
) -> Path:
    """One future of one policy (beliefs without a world axis), from the start or a saved path."""
    x = design.policies.index(policy)
    first = resume.week if resume else 0
    last = design.n_weeks if until is None else until
    world = Beliefs(beliefs.par[None], beliefs.ch[None])
    future = resume.future.copy() if resume else cleared(1, future_dtype(len(design.slot)))
    out = cleared((1, len(Out), LANES), np.float64)
    if resume:
        out[0, :, 0] = resume.out
    trace = np.full((last - first, len(Trace)), np.nan)
    lines = np.zeros(last - first, lines_dtype(len(design.slot)))
    run_path(
        _signed(seed),
        replicate,
        first,
        last,
        belief_records(world.par, world.ch),
        plan_records(
            design.lever[x : x + 1],
            design.cadence[x : x + 1],
            design.rule[x : x + 1],
            design.exemptions[x : x + 1],
            None if design.trigger is None else design.trigger[x : x + 1],
        ),
        calendar_of(design, world)[0],
        future,
        cleared(1, WEEK),
        luck_records(design.slot),
        _as_records(out),
        trace.view(TRACE)[:, 0],
        lines,
    )
    return Path(last, future, out[0, :, 0], trace, lines)
