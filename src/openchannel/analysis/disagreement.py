"""Two people's beliefs: which differ, and which differences carry the disagreement.

Each differing parameter is taken from one side to the other, first, last and on average over orders
(Shapley), on the same luck and the same coordinates of the sample, so that nothing else changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.common_luck import CommonLuck, Job, Told, derived_seed
from openchannel.analysis.contributions import (
    METRICS,
    Contribution,
    LedgerPlan,
    contribution,
    gaps,
)
from openchannel.analysis.measured import Measured
from openchannel.analysis.shapley import Split, orders_of, waterfall_order
from openchannel.domain import Case, Draw, Parameter, Uniform, World
from openchannel.ensemble.design import sample_beliefs
from openchannel.model import Beliefs, world_beliefs
from openchannel.model.pack import get, place

__all__ = ["Difference", "Disagreement", "Opinion", "differences", "measure_disagreement"]

F8 = NDArray[np.float64]
_LOOK = 256  # draws that are looked at to see where two sides differ
_SAME = 1e-9  # of the number's size; laws that were rescaled differ in the last digits


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one side believes: a case, the worlds it holds possible, and whether ranges are drawn.

    Several worlds are a mixture by their weights: each draw of beliefs falls to one of them.
    """

    case: Case
    worlds: tuple[World, ...]
    ranges: bool

    def draw(self, n_draws: int, seed: int) -> Beliefs:
        """Draws of beliefs: par float64[draw, Scalar], ch float64[draw, channel, Column]."""
        sample = sample_beliefs(self.case, n_draws, seed, ranges=self.ranges).beliefs
        if not self.ranges:
            sample = Beliefs(np.repeat(sample.par, n_draws, 0), np.repeat(sample.ch, n_draws, 0))
        mine = sample.copy()
        held = _shared_out(np.array([w.weight for w in self.worlds]), n_draws, seed)
        for w, world in enumerate(self.worlds):
            rows = held == w
            view = world_beliefs(self.case, world, Beliefs(sample.par[rows], sample.ch[rows]))
            mine.par[rows], mine.ch[rows] = view.par, view.ch
        return mine


def _shared_out(weights: F8, n_draws: int, seed: int) -> NDArray[np.int64]:
    """The world of each draw: as near to the weights as whole numbers allow, in a random order."""
    total = weights.sum()
    shares = weights / total if total > 0 else np.full(len(weights), 1.0 / len(weights))
    draw = np.random.default_rng(derived_seed(seed, "worlds"))
    places = (np.arange(n_draws) + draw.random()) / n_draws
    worlds = np.minimum(np.searchsorted(np.cumsum(shares), places, "right"), len(weights) - 1)
    return draw.permutation(worlds)


@dataclass(frozen=True, slots=True)
class Difference:
    """One parameter of which two sides believe different things.

    mine, yours : by element that differs, the 5 %, 50 % and 95 % points of each side's draws
    """

    parameter: Parameter
    mine: dict[str, tuple[float, float, float]]
    yours: dict[str, tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where two sides' answers part, and what carries it, from the first side to the second.

    mine, yours : by metric, policy minus baseline under each side's beliefs, on the same luck
    steps : by metric and parameter key
    modules : by metric and module, the sum of the steps of its parameters
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
    idle: tuple[str, ...]
    futures: int

    def waterfall(self, metric: str) -> list[str]:
        """Parameter keys in the order of the waterfall from the first side to the second."""
        steps = self.steps[metric]
        keys = list(steps)
        return [keys[i] for i in waterfall_order([steps[k].shapley.mean for k in keys])]


def differences(mine: Opinion, yours: Opinion, seed: int) -> tuple[Difference, ...]:
    """Parameters of which two sides believe different things, in the order of their keys."""
    mine, yours = aligned(mine, yours)
    a, b = mine.draw(_LOOK, seed), yours.draw(_LOOK, seed)
    found = []
    for key in sorted(mine.case.parameters):
        parameter = mine.case.parameters[key]
        here: dict[str, tuple[float, float, float]] = {}
        there: dict[str, tuple[float, float, float]] = {}
        for element in parameter.elements:
            where = place(mine.case, key, element)
            if where is None:
                continue
            x, y = get(a, where), get(b, where)
            if not np.allclose(x, y, rtol=_SAME, atol=0.0, equal_nan=True):
                here[element], there[element] = _points(x), _points(y)
        if here:
            found.append(Difference(parameter, here, there))
    return tuple(found)


def _points(x: F8) -> tuple[float, float, float]:
    low, middle, high = np.quantile(x, (0.05, 0.5, 0.95))
    return float(low), float(middle), float(high)


def aligned(mine: Opinion, yours: Opinion) -> tuple[Opinion, Opinion]:
    """Both with as many coordinates of the sample for each parameter, so that they share them.

    Shifts by nothing are added where one side draws fewer numbers than the other.
    """
    keys = set(mine.case.parameters) & set(yours.case.parameters)
    most = {k: max(_width(o.case.parameters[k]) for o in (mine, yours)) for k in keys}
    return _padded(mine, most), _padded(yours, most)


def _width(parameter: Parameter) -> int:
    return sum(len(d.elements) if d.how == "dirichlet" else 1 for d in parameter.draws)


def _padded(side: Opinion, most: Mapping[str, int]) -> Opinion:
    parameters = dict(side.case.parameters)
    for key, width in most.items():
        parameter = parameters[key]
        still = Draw(parameter.elements[:1], "plus", Uniform(0.0, 0.0))
        extra = (still,) * (width - _width(parameter))
        if extra:
            parameters[key] = replace(parameter, draws=(*parameter.draws, *extra))
    return replace(side, case=replace(side.case, parameters=parameters))


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
    shapley = np.array([s.shapley for s in splits])  # [block, parameter, metric]
    modules: dict[str, list[int]] = {}
    for i, difference in enumerate(found):
        modules.setdefault(difference.parameter.module, []).append(i)
    return Disagreement(
        policy,
        baseline,
        found,
        {m: Measured.of(none[:, i]) for i, m in enumerate(METRICS)},
        {m: Measured.of(full[:, i]) for i, m in enumerate(METRICS)},
        {m: Measured.of(full[:, i] - none[:, i]) for i, m in enumerate(METRICS)},
        {
            m: {d.parameter.key: contribution(splits, i, j) for i, d in enumerate(found)}
            for j, m in enumerate(METRICS)
        },
        {
            m: {name: Measured.of(shapley[:, at, j].sum(axis=1)) for name, at in modules.items()}
            for j, m in enumerate(METRICS)
        },
        tuple(
            d.parameter.key
            for i, d in enumerate(found)
            if not any(s.shapley[i].any() or s.first[i].any() or s.last[i].any() for s in splits)
        ),
        plan.futures,
    )

