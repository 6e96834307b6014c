"""Two people's beliefs: which differ, and which differences carry the disagreement.

Each differing parameter is taken from one side to the other, first, last and on average over orders
(Shapley), on the same luck and the same coordinates of the sample, so that nothing else changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.common_luck import CommonLuck, Job, Told, derived_seed
from openchannel.analysis.contributions import METRICS, LedgerPlan, gaps
from openchannel.analysis.measured import Measured
from openchannel.analysis.opinions import Difference, Opinion, aligned, differences
from openchannel.analysis.shapley import Split, orders_of
from openchannel.analysis.shares import (
    Contribution,
    contribution,
    idle_parts,
    together,
    unclear,
    waterfall,
)
from openchannel.domain import Case
from openchannel.model import Beliefs
from openchannel.model.pack import place

__all__ = ["Disagreement", "measure_disagreement"]

F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where two sides' answers part, and what carries it, from the first side to the second.

    mine, yours : by metric, policy minus baseline under each side's beliefs, on the same luck
    steps : by metric and parameter key
    modules : by metric and module, the sum of the steps of its parameters
    rest : by metric, the parameters whose shares cannot be told from nothing, all together
    idle : parameters of which different things are believed, to no effect on any future
    """

    policy: str
    baseline: str
    differences: tuple[Difference, ...]
    mine: dict[str, Measured]
    yours: dict[str, Measured]
    total: dict[str, Measured]
    steps: dict[str, dict[str, Contribution]]
    modules: dict[str, dict[str, Measured]]
    rest: dict[str, Measured]
    idle: tuple[str, ...]
    futures: int

    def waterfall(self, metric: str) -> list[str]:
        """Keys of the parameters with a measurable share, from the first side to the second."""
        return waterfall(self.steps[metric])


def measure_disagreement(
    mine: Opinion,
    yours: Opinion,
    plan: LedgerPlan,
    seed: int,
    *,
    policy: str = "",
    overlay: str = "",
    threads: int | None = None,
    told: Told | None = None,
) -> Disagreement:
    """Swap differing parameters from the first side to the second, in both cases' own terms.

    Policies, channels, calendar and outcome weights are those of the first side's case, which the
    caller has found equal to the other's.
    """
    found = differences(mine, yours, seed)
    policy = policy or mine.case.focal
    mine, yours = aligned(mine, yours)
    base = mine.case.baseline
    luck = CommonLuck(mine.case, (base, policy), METRICS, overlay=overlay, threads=threads)
    splits = []
    for b in range(plan.n_blocks):
        block = derived_seed(seed, "compare", b)
        orders = orders_of(len(found), derived_seed(block, "orders"))
        a, z = (side.draw(plan.n_draws, block) for side in (mine, yours))
        held = _swapped(mine.case, a, z, found, orders.coalitions)
        jobs = [
            Job(Beliefs(held.par[d], held.ch[d]), block, d * plan.n_replicates, plan.n_replicates)
            for d in range(plan.n_draws)
        ]
        splits.append(orders.split(gaps(np.mean(luck.means(jobs), axis=0))))
        if told is not None:
            told(b + 1, plan.n_blocks)
    return _disagreement(found, splits, policy, base, plan)


def _swapped(
    case: Case,
    mine: Beliefs,
    yours: Beliefs,
    found: Sequence[Difference],
    coalitions: Sequence[frozenset[int]],
) -> Beliefs:
    """Draws in which some parameters are the other side's: par float64[draw, coalition, Scalar]."""
    par = np.repeat(mine.par[:, None], len(coalitions), axis=1)
    ch = np.repeat(mine.ch[:, None], len(coalitions), axis=1)
    for c, taken in enumerate(coalitions):
        for i in taken:
            for element in found[i].mine:
                where = place(case, found[i].parameter.key, element)
                assert where is not None
                if len(where) == 1:
                    par[:, c, where[0]] = yours.par[:, where[0]]
                else:
                    ch[:, c, where[0], where[1]] = yours.ch[:, where[0], where[1]]
    return Beliefs(par, ch)


def _disagreement(
    found: tuple[Difference, ...],
    splits: Sequence[Split],
    policy: str,
    baseline: str,
    plan: LedgerPlan,
) -> Disagreement:
    none, full = (np.array([getattr(s, name) for s in splits]) for name in ("none", "all"))
    modules: dict[str, list[int]] = {}
    for i, difference in enumerate(found):
        modules.setdefault(difference.parameter.module, []).append(i)
    numbered = list(enumerate(METRICS))
    return Disagreement(
        policy,
        baseline,
        found,
        mine={m: Measured.of(none[:, j]) for j, m in numbered},
        yours={m: Measured.of(full[:, j]) for j, m in numbered},
        total={m: Measured.of(full[:, j] - none[:, j]) for j, m in numbered},
        steps={
            m: {d.parameter.key: contribution(splits, i, j) for i, d in enumerate(found)}
            for j, m in numbered
        },
        modules={
            m: {name: together(splits, at, j) for name, at in modules.items()} for j, m in numbered
        },
        rest={m: together(splits, unclear(splits, j), j) for j, m in numbered},
        idle=tuple(found[i].parameter.key for i in idle_parts(splits)),
        futures=plan.futures,
    )
