"""What each claim of the ledger contributes to the decision: a waterfall from all off to all on.

A claim is off when its switch holds; a set of claims is on when the switches of all others hold.
Claims share mechanisms, so what one contributes depends on which others are believed already: each
is measured first, last, and averaged over orders (Shapley), on the same luck.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.common_luck import CommonLuck, Job, Told, derived_seed, in_worlds
from openchannel.analysis.measured import Measured
from openchannel.analysis.shapley import Split, orders_of
from openchannel.analysis.shares import (
    Contribution,
    contribution,
    idle_parts,
    together,
    unclear,
    waterfall,
)
from openchannel.domain import Case, Override, Proposition, World
from openchannel.ensemble.design import sample_beliefs
from openchannel.kernel.records import LANES
from openchannel.model import Beliefs

__all__ = ["METRICS", "Ledger", "LedgerPlan", "gaps", "measure_ledger"]

F8 = NDArray[np.float64]

#: Outcomes of which the difference between policy and baseline is split among the claims.
METRICS = ("p_war", "composite_loss")


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of one policy against the baseline, claim by claim.

    steps : by metric and claim id, modelled claims only
    none, all : by metric, the difference with every claim off, and with every claim on
    rest : by metric, the claims whose shares cannot be told from nothing, all together
    idle : modelled claims whose switch changed no future at all under these beliefs
    unmodelled : claims that the model has no switch for
    """

    policy: str
    baseline: str
    steps: dict[str, dict[str, Contribution]]
    none: dict[str, Measured]
    all: dict[str, Measured]
    rest: dict[str, Measured]
    idle: tuple[str, ...]
    unmodelled: tuple[str, ...]
    futures: int
    orders: int

    def waterfall(self, metric: str) -> list[str]:
        """Ids of the claims with a measurable share, the largest fall first, the rise last."""
        return waterfall(self.steps[metric])


@dataclass(frozen=True, slots=True)
class LedgerPlan:
    """Sizes: independent blocks, each with its own draws of beliefs, luck and pair of orders."""

    n_blocks: int
    n_draws: int
    n_replicates: int
    ranges: bool

    @classmethod
    def of(cls, futures: int, *, ranges: bool) -> LedgerPlan:
        """At least `futures` futures of each policy for each set of claims, in 16 to 64 blocks."""
        n_blocks = min(64, max(16, futures // 32))
        each = -(-futures // n_blocks)
        n_replicates = min(LANES, each) if ranges else each
        wanted = -(-each // n_replicates)
        n_draws = 1 << (wanted - 1).bit_length() if ranges else 1  # a power of two, for Sobol
        return cls(n_blocks, n_draws, n_replicates, ranges)

    @property
    def futures(self) -> int:
        """Futures of each policy for each set of claims."""
        return self.n_blocks * self.n_draws * self.n_replicates


def measure_ledger(
    case: Case,
    plan: LedgerPlan,
    seed: int,
    *,
    policy: str = "",
    overlay: str = "",
    threads: int | None = None,
    told: Told | None = None,
) -> Ledger:
    """Run every claim switched alone, first and last, and pairs of random orders between.

    The default beliefs hold wherever no switch does. `told` hears of blocks done, and how many.
    """
    policy = policy or case.focal
    switches = [p for p in case.propositions if p.off]
    luck = CommonLuck(case, (case.baseline, policy), METRICS, overlay=overlay, threads=threads)
    splits: list[Split] = []
    for b in range(plan.n_blocks):
        block = derived_seed(seed, "ledger", b)
        walks = orders_of(len(switches), derived_seed(block, "orders"))
        worlds = [_world(switches, on) for on in walks.coalitions]
        values = _block(case, luck, plan, block, worlds)
        splits.append(walks.split(values))
        if told is not None:
            told(b + 1, plan.n_blocks)
    return _ledger(case, plan, policy, switches, splits)


def _block(case: Case, luck: CommonLuck, plan: LedgerPlan, seed: int, worlds: list[World]) -> F8:
    """Policy minus baseline for each world in one block: float64[world, metric]."""
    sample = sample_beliefs(case, plan.n_draws, seed, ranges=plan.ranges)
    held = in_worlds(case, worlds, sample.beliefs)
    jobs = [
        Job(Beliefs(held.par[d], held.ch[d]), seed, d * plan.n_replicates, plan.n_replicates)
        for d in range(sample.n_draws)
    ]
    return gaps(np.mean(luck.means(jobs), axis=0))


def gaps(means: F8) -> F8:
    """Policy minus baseline from float64[world, 2, metric]: float64[world, metric].

    Differences of the last digits are taken away: sums that are equal may be added in two ways.
    """
    gap = means[:, 1] - means[:, 0]
    grain = 1e-12 * np.abs(means[:, 0]).max(axis=0)
    return np.asarray(
        np.where(grain > 0, np.round(gap / np.where(grain > 0, grain, 1)) * grain, gap)
    )


def _world(switches: Sequence[Proposition], on: Iterable[int]) -> World:
    """The defaults with the switches of every claim that is not on, each change once."""
    held = set(on)
    changes: dict[Override, None] = {}
    for i, claim in enumerate(switches):
        if i not in held:
            changes |= dict.fromkeys(claim.off)
    return World("", "", "", 0.0, tuple(changes))


def _ledger(
    case: Case,
    plan: LedgerPlan,
    policy: str,
    switches: Sequence[Proposition],
    splits: Sequence[Split],
) -> Ledger:
    none, full = (np.array([getattr(s, name) for s in splits]) for name in ("none", "all"))
    steps: dict[str, dict[str, Contribution]] = {
        metric: {claim.id: contribution(splits, i, m) for i, claim in enumerate(switches)}
        for m, metric in enumerate(METRICS)
    }
    return Ledger(
        policy,
        case.baseline,
        steps,
        {metric: Measured.of(none[:, m]) for m, metric in enumerate(METRICS)},
        {metric: Measured.of(full[:, m]) for m, metric in enumerate(METRICS)},
        {metric: together(splits, unclear(splits, m), m) for m, metric in enumerate(METRICS)},
        tuple(switches[i].id for i in idle_parts(splits)),
        tuple(p.id for p in case.propositions if not p.off),
        plan.futures,
        2 * plan.n_blocks,
    )
