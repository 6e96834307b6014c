"""What the right to scale up is worth: the same start with and without it, on the same luck.

A start is a policy that its case lets grow. It is played as it stands for ever (held), with the
right to grow at the first shock, at reviews, and under all its own rules, and is set against its
target at once. The unit of errors is the belief draw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.common_luck import CommonLuck, Job, derived_seed, in_worlds
from openchannel.analysis.measured import Measured
from openchannel.domain import Case, Override, Policy, Rules
from openchannel.ensemble.design import sample_beliefs
from openchannel.kernel.records import LANES
from openchannel.model import Beliefs, override

__all__ = [
    "BRANCHES",
    "Branch",
    "Hedge",
    "ReviewRule",
    "Source",
    "Start",
    "hedge_of",
    "starts_of",
]

F8 = NDArray[np.float64]
Say = Callable[[str], None]

#: What can be done with a start, in the order of the tree.
BRANCHES = ("hold", "shock", "review", "rules", "now")
_METRICS = ("composite_loss", "p_war", "programme_cost_usd")
_ROUNDING = 1e-9
_FEWEST = 64  # belief draws, so that half of them still give an honest error
#: Thresholds that are tried for a review, by parameter: reliability and effective channels.
_TRIED: Mapping[str, tuple[float, ...]] = {
    "up_rel": (0.05, 0.10, 0.15, 0.20),
    "up_K": (1.5, 2.25, 3.0, 3.75),
}


@dataclass(frozen=True, slots=True)
class Branch:
    """One thing to do with a start, and what it saves against holding it as it is.

    value, war, cost : holding minus the branch; above 0 the branch is better or cheaper
    by_world : the value in each world
    """

    id: str
    loss: Measured
    value: Measured
    war: Measured
    cost: Measured
    by_world: Mapping[str, Measured]


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """Thresholds found on one half of the belief draws, valued on the other.

    value : against holding ; against_own : against the thresholds of the case
    """

    thresholds: Mapping[str, float]
    value: Measured
    against_own: Measured


@dataclass(frozen=True, slots=True)
class Start:
    """A start with its branches; `best` is the branch of the lowest loss, `hold` if none is clear.

    best is chosen on one half of the draws and confirmed on the other.
    """

    policy: Policy
    branches: tuple[Branch, ...]
    best: str
    review: ReviewRule | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where the value of the focal policy comes from: what goes when one effect of ties is off."""

    id: str
    value: Measured


@dataclass(frozen=True, slots=True)
class Hedge:
    """Everything found: starts, the price of waiting, and the value of ties by source.

    waiting : by on-demand policy, its loss minus that of its target at once
    focal : loss of the baseline minus that of the focal policy
    """

    starts: tuple[Start, ...]
    waiting: Mapping[str, Measured]
    focal: Measured
    sources: tuple[Source, ...]
    baseline_loss: Measured
    draws: int


def starts_of(case: Case) -> tuple[Policy, ...]:
    """Policies that their case lets grow into another at reviews."""
    return tuple(p for p in case.policies if p.rules.scale_up)


def _arms(start: Policy) -> dict[str, Rules]:
    """The rules of each branch of a start but `now`, which is another policy."""
    target = start.rules.target
    return {
        "hold": Rules(),
        "shock": Rules(target=target, on_demand=True, on_demand_lapses=True),
        "review": Rules(target=target, scale_up=True),
        "rules": start.rules,
    }


def _arm_id(start: Policy, branch: str) -> str:
    return start.rules.target if branch == "now" else f"{start.id} {branch}"


class _Runs:
    """Belief draws, and the mean outcomes of policies in every world under each."""

    def __init__(self, case: Case, draws: int, seed: int, threads: int | None) -> None:
        self.case = case
        self.seed = derived_seed(seed, "hedge")
        self.draws = draws
        self.threads = threads
        self.beliefs = sample_beliefs(case, draws, self.seed).beliefs
        weights = np.array([w.weight for w in case.worlds])
        self.weights = weights / weights.sum()

    def levels(
        self, policies: Sequence[str], changes: Sequence[tuple[Override, ...]], draws: int
    ) -> F8:
        """Means by draw, change, world, policy and metric, all on the same luck.

        A change is laid upon what each world holds.
        """
        held = in_worlds(self.case, self.case.worlds, self.beliefs)
        sets = [override(self.case, held, change) for change in changes]
        par = np.concatenate([s.par for s in sets], axis=1)
        ch = np.concatenate([s.ch for s in sets], axis=1)
        luck = CommonLuck(self.case, policies, _METRICS, threads=self.threads)
        jobs = [Job(Beliefs(par[d], ch[d]), self.seed, d * LANES, LANES) for d in range(draws)]
        shape = (draws, len(changes), len(self.case.worlds), len(policies), len(_METRICS))
        return np.array(luck.means(jobs)).reshape(shape)

    def pooled(self, by_world: F8) -> F8:
        """Mixed over worlds with the weights of the case: the world is the second axis."""
        return np.asarray(np.tensordot(by_world, self.weights, axes=(1, 0)))


def hedge_of(
    case: Case, futures: int, seed: int, *, threads: int | None = None, say: Say = lambda _: None
) -> Hedge:
    """Value every right of a case.

    Parameters
    ----------
    futures : int
        Of each branch in each world; rounded down to a power of two of belief draws.
    """
    starts = starts_of(case)
    arms = [
        replace(s, id=_arm_id(s, branch), rules=rules)
        for s in starts
        for branch, rules in _arms(s).items()
    ]
    widened = replace(case, policies=(*case.policies, *arms))
    draws = 1 << (futures // LANES).bit_length() - 1
    runs = _Runs(widened, draws, seed, threads)
    demanded = [p for p in case.policies if p.rules.on_demand and not p.variant]
    targets = [p.rules.target for p in (*starts, *demanded)]
    wanted = dict.fromkeys(
        (case.baseline, case.focal, *targets, *(p.id for p in (*arms, *demanded)))
    )
    say(f"playing {len(wanted)} branches in {len(case.worlds)} worlds...")
    policies = list(wanted)
    levels = runs.levels(policies, [()], draws)[:, 0]
    loss = runs.pooled(levels[..., 0])
    at = {p: i for i, p in enumerate(policies)}
    waiting = {p.id: Measured.of(loss[:, at[p.id]] - loss[:, at[p.rules.target]]) for p in demanded}
    say("looking for the thresholds of reviews...")
    found = tuple(_start(runs, s, levels, at) for s in starts)
    say("switching off what ties do, one source at a time...")
    gain = loss[:, at[case.baseline]] - loss[:, at[case.focal]]
    return Hedge(
        found,
        waiting,
        Measured.of(gain),
        _sources(runs, gain, float(loss[:, at[case.baseline]].mean())),
        Measured.of(loss[:, at[case.baseline]]),
        draws,
    )


def _start(runs: _Runs, start: Policy, levels: F8, at: Mapping[str, int]) -> Start:
    hold = at[_arm_id(start, "hold")]
    saved = levels[:, :, [hold]] - levels
    values = {}
    branches = []
    for branch in BRANCHES:
        arm = at[_arm_id(start, branch)]
        mine = [runs.pooled(saved[:, :, arm, m]) for m in range(len(_METRICS))]
        values[branch] = mine[0]
        value, war, cost = (Measured.of(v) for v in mine)
        branches.append(
            Branch(
                branch,
                Measured.of(runs.pooled(levels[:, :, arm, 0])),
                value,
                war,
                cost,
                {w.id: Measured.of(saved[:, i, arm, 0]) for i, w in enumerate(runs.case.worlds)},
            )
        )
    return Start(start, tuple(branches), _best(values), _review(runs, start))


def _best(values: Mapping[str, F8]) -> str:
    """The branch that looks best on even draws, if odd draws bear it out; else to hold."""
    chosen = max(values, key=lambda branch: float(values[branch][::2].mean()))
    there = Measured.of(values[chosen][1::2])
    return chosen if there.mean > 0.0 and there.is_measurable else "hold"


def _review(runs: _Runs, start: Policy) -> ReviewRule | None:
    """The best thresholds of a grid; none where the case has no such thresholds."""
    if not runs.case.parameters.keys() >= _TRIED.keys():
        return None
    grid = [dict(zip(_TRIED, point, strict=True)) for point in product(*_TRIED.values())]
    changes = [tuple(Override(k, (), "set", v) for k, v in point.items()) for point in grid]
    draws = min(runs.draws, max(_FEWEST, runs.draws // 4))
    arms = [_arm_id(start, "hold"), _arm_id(start, "rules")]
    levels = runs.levels(arms, [(), *changes], draws)[..., 0]
    by_change = np.stack([runs.pooled(levels[:, c]) for c in range(levels.shape[1])], axis=1)
    value = by_change[..., 0] - by_change[..., 1]
    chosen = 1 + int(value[::2, 1:].mean(axis=0).argmax())
    late = value[1::2]
    return ReviewRule(
        grid[chosen - 1],
        Measured.of(late[:, chosen]),
        Measured.of(late[:, chosen] - late[:, 0]),
    )


def _switches(case: Case) -> dict[str, tuple[Override, ...]]:
    """What switches off each source of value: ties in one module, or in one kind of opportunity."""
    found: dict[str, tuple[Override, ...]] = {}
    for key, parameter in case.parameters.items():
        if (effect := parameter.tie_effect) is None:
            continue
        several = parameter.module == "opportunities" and len(parameter.elements) > 1
        for element in parameter.elements if several else ("",):
            name = element if several else parameter.module
            one = Override(key, (element,) if several else (), "set", effect.null)
            found[name] = (*found.get(name, ()), one)
    return found


def _sources(runs: _Runs, gain: F8, scale: float) -> tuple[Source, ...]:
    """What the focal policy's gain loses without each source; parts need not add up."""
    switches = _switches(runs.case)
    switches["all"] = tuple(o for part in switches.values() for o in part)
    draws = min(runs.draws, max(_FEWEST, runs.draws // 2))
    pair = [runs.case.baseline, runs.case.focal]
    levels = runs.levels(pair, list(switches.values()), draws)[..., 0]
    found = []
    for i, name in enumerate(switches):
        without = runs.pooled(levels[:, i, :, 0] - levels[:, i, :, 1])
        gone = gain[:draws] - without
        # Sums of equal futures may differ in their last digits, which is no effect.
        gone[np.abs(gone) < _ROUNDING * scale] = 0.0
        found.append(Source(name, Measured.of(gone)))
    return tuple(found)
