"""What the right to scale up is worth: the same start with and without it, on the same luck.

A start (see `starts`) is played as it stands for ever (held), with the right to grow at the first
shock, at reviews, and under all its rules, and is set against its target at once. The unit of
errors is the belief draw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.common_luck import CommonLuck, Job, derived_seed, in_worlds, weights_of
from openchannel.analysis.measured import Measured
from openchannel.analysis.reopening import Reopening, reopening_of
from openchannel.analysis.review_rules import Rules as RulesFound
from openchannel.analysis.review_rules import find_rules
from openchannel.analysis.reviews import n_reviews, play_timings
from openchannel.analysis.starts import BRANCHES, arm_id, arms, starts_of
from openchannel.domain import Case, Override, Policy
from openchannel.ensemble.design import sample_beliefs
from openchannel.kernel.records import LANES
from openchannel.model import Beliefs, override

__all__ = [
    "Best",
    "Branch",
    "Hedge",
    "ReviewRule",
    "RuleCard",
    "Source",
    "Start",
    "hedge_of",
]

F8 = NDArray[np.float64]
Say = Callable[[str], None]
Leaf = TypeVar("Leaf")

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

    gain : loss of the baseline minus that of the branch
    value, war, cost : holding minus the branch; above 0 the branch is better or cheaper
    by_world : the value in each world
    """

    id: str
    loss: Measured
    gain: Measured
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
class RuleCard:
    """Rules found on what can be seen at reviews, and what the card among them adds to others.

    against_now, against_own : card minus its target now, and minus the start under its own rules
    against_searched : card minus the searched thresholds; None where there are none
    squares_against_lattice : least squares on what the lattice tells apart, minus the lattice
    """

    rules: RulesFound
    against_now: Measured
    against_own: Measured
    against_searched: Measured | None
    squares_against_lattice: Measured


@dataclass(frozen=True, slots=True)
class Start:
    """A start with its branches; `best` is the branch of the lowest loss, `hold` if none is clear.

    best is chosen on one half of the draws and confirmed on the other. There is no card where the
    horizon has no review in it.
    """

    policy: Policy
    branches: tuple[Branch, ...]
    best: str
    review: ReviewRule | None
    card: RuleCard | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where the value of the focal policy comes from: what goes when one effect of ties is off."""

    id: str
    value: Measured


@dataclass(frozen=True, slots=True)
class Best:
    """The best leaf of the whole tree, and how far it lies ahead of the next.

    leaf, rival : policy chosen today, for `now` the target, and branch; empty for the baseline.
        Both leaves are chosen on one half of the draws
    lead : loss of the rival minus that of the leaf, on the other half
    """

    leaf: tuple[str, str]
    rival: tuple[str, str]
    lead: Measured


@dataclass(frozen=True, slots=True)
class Hedge:
    """Everything found: starts, the price of waiting, and the value of ties by source.

    waiting : by on-demand policy, its loss minus that of its target at once
    best : the baseline where no branch is clearly better
    focal : loss of the baseline minus that of the focal policy
    reopening : what closing and opening again costs; None where the horizon is too short
    """

    starts: tuple[Start, ...]
    best: Best
    waiting: Mapping[str, Measured]
    focal: Measured
    sources: tuple[Source, ...]
    reopening: Reopening | None
    baseline_loss: Measured
    draws: int


class _Runs:
    """Belief draws, and the mean outcomes of policies in every world under each."""

    def __init__(self, case: Case, draws: int, seed: int, threads: int | None) -> None:
        self.case = case
        self.seed = derived_seed(seed, "hedge")
        self.draws = draws
        self.threads = threads
        self.beliefs = sample_beliefs(case, draws, self.seed).beliefs
        self.weights = weights_of(case.worlds)

    @property
    def few(self) -> int:
        """Belief draws for what plays very many branches: a fourth, but enough for an error."""
        return min(self.draws, max(_FEWEST, self.draws // 4))

    def some(self, draws: int) -> Beliefs:
        """The first belief draws: par float64[draw, Scalar], ch likewise."""
        return Beliefs(self.beliefs.par[:draws], self.beliefs.ch[:draws])

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
    case: Case,
    futures: int,
    seed: int,
    *,
    starts: Sequence[Policy] | None = None,
    threads: int | None = None,
    say: Say = lambda _: None,
) -> Hedge:
    """Value the right of each start to grow, by default of each that the case lets grow.

    Parameters
    ----------
    futures : int
        Of each branch in each world; rounded down to a power of two of belief draws.
    """
    starts = starts_of(case) if starts is None else starts
    played = [
        replace(s, id=arm_id(s, branch), rules=rules)
        for s in starts
        for branch, rules in arms(s).items()
    ]
    widened = replace(case, policies=(*case.policies, *played))
    draws = 1 << (futures // LANES).bit_length() - 1
    runs = _Runs(widened, draws, seed, threads)
    demanded = [p for p in case.policies if p.rules.on_demand and not p.variant]
    targets = [p.rules.target for p in (*starts, *demanded)]
    wanted = dict.fromkeys(
        (case.baseline, case.focal, *targets, *(p.id for p in (*played, *demanded)))
    )
    say(f"playing {len(wanted)} branches in {len(case.worlds)} worlds...")
    policies = list(wanted)
    levels = runs.levels(policies, [()], draws)[:, 0]
    loss = runs.pooled(levels[..., 0])
    at = {p: i for i, p in enumerate(policies)}
    waiting = {p.id: Measured.of(loss[:, at[p.id]] - loss[:, at[p.rules.target]]) for p in demanded}
    found = tuple(_start(runs, s, levels, at, say) for s in starts)
    say("closing and opening again...")
    closed = reopening_of(case, runs.some(runs.few), runs.seed, threads)
    say("switching off what ties do, one source at a time...")
    gain = loss[:, at[case.baseline]] - loss[:, at[case.focal]]
    return Hedge(
        found,
        _best_leaf(case, starts, loss, at),
        waiting,
        Measured.of(gain),
        _sources(runs, gain, float(loss[:, at[case.baseline]].mean()), _switches(case)),
        closed,
        Measured.of(loss[:, at[case.baseline]]),
        draws,
    )


def _start(runs: _Runs, start: Policy, levels: F8, at: Mapping[str, int], say: Say) -> Start:
    hold = at[arm_id(start, "hold")]
    saved = levels[:, :, [hold]] - levels
    values = {}
    branches = []
    base = levels[:, :, at[runs.case.baseline], 0]
    for branch in BRANCHES:
        arm = at[arm_id(start, branch)]
        mine = [runs.pooled(saved[:, :, arm, m]) for m in range(len(_METRICS))]
        values[branch] = mine[0]
        value, war, cost = (Measured.of(v) for v in mine)
        branches.append(
            Branch(
                branch,
                Measured.of(runs.pooled(levels[:, :, arm, 0])),
                Measured.of(runs.pooled(base - levels[:, :, arm, 0])),
                value,
                war,
                cost,
                {w.id: Measured.of(saved[:, i, arm, 0]) for i, w in enumerate(runs.case.worlds)},
            )
        )
    say(f"{start.short}: looking for the thresholds of reviews...")
    review = _review(runs, start)
    say(f"{start.short}: looking for a rule on what can be seen at reviews...")
    return Start(
        start,
        tuple(branches),
        _best(values, "hold"),
        None if review is None else review[0],
        _card(runs, start, values, None if review is None else review[1]),
    )


def _card(
    runs: _Runs, start: Policy, values: Mapping[str, F8], searched: F8 | None
) -> RuleCard | None:
    """Rules on every timing, found and valued on the draws of the searched thresholds."""
    if n_reviews(runs.case) < 1:
        return None
    played = play_timings(runs.case, start, runs.some(runs.few), runs.seed, runs.threads)
    rules = find_rules(played, played.draw % 2 == 0)
    card = rules.by_card.by_draw
    now, own = (values[b][: runs.few][1::2] for b in ("now", "rules"))
    return RuleCard(
        rules,
        Measured.of(card - now),
        Measured.of(card - own),
        None if searched is None else Measured.of(card - searched),
        Measured.of(rules.on_two.by_draw - rules.lattice.by_draw),
    )


def _best_leaf(case: Case, starts: Sequence[Policy], loss: F8, at: Mapping[str, int]) -> Best:
    """The best leaf of all, `now` once for each target, whatever starts lead to it."""
    leaves = {("", ""): case.baseline}
    for start in starts:
        for branch in BRANCHES:
            today = start.rules.target if branch == "now" else start.id
            leaves[today, branch] = arm_id(start, branch)
    gains = {leaf: loss[:, at[case.baseline]] - loss[:, at[arm]] for leaf, arm in leaves.items()}
    best = _best(gains, ("", ""))
    others = {leaf: gain[::2].mean() for leaf, gain in gains.items() if leaf != best}
    rival = max(others, key=lambda leaf: float(others[leaf]))
    return Best(best, rival, Measured.of((gains[best] - gains[rival])[1::2]))


def _best(values: Mapping[Leaf, F8], otherwise: Leaf) -> Leaf:
    """What looks best on even draws, if odd draws bear it out; else what it is set against."""
    chosen = max(values, key=lambda leaf: float(values[leaf][::2].mean()))
    there = Measured.of(values[chosen][1::2])
    return chosen if there.mean > 0.0 and there.is_measurable else otherwise


def _review(runs: _Runs, start: Policy) -> tuple[ReviewRule, F8] | None:
    """The best thresholds of a grid, and what they save by late draw.

    None where the case has no such thresholds.
    """
    if not runs.case.parameters.keys() >= _TRIED.keys():
        return None
    grid = [dict(zip(_TRIED, point, strict=True)) for point in product(*_TRIED.values())]
    changes = [tuple(Override(k, (), "set", v) for k, v in point.items()) for point in grid]
    pair = [arm_id(start, "hold"), arm_id(start, "rules")]
    levels = runs.levels(pair, [(), *changes], runs.few)[..., 0]
    by_change = np.stack([runs.pooled(levels[:, c]) for c in range(levels.shape[1])], axis=1)
    value = by_change[..., 0] - by_change[..., 1]
    chosen = 1 + int(value[::2, 1:].mean(axis=0).argmax())
    late = value[1::2]
    rule = ReviewRule(
        grid[chosen - 1],
        Measured.of(late[:, chosen]),
        Measured.of(late[:, chosen] - late[:, 0]),
    )
    return rule, late[:, chosen]


def _switches(case: Case) -> dict[str, tuple[Override, ...]]:
    """What switches off each source of value: ties in one module, or in one kind of opportunity.

    `captures` are all kinds together: without it, what ties are worth as an option on shocks. `all`
    are all sources together.
    """
    found: dict[str, tuple[Override, ...]] = {}
    captures: tuple[Override, ...] = ()
    for key, parameter in case.parameters.items():
        if (effect := parameter.tie_effect) is None:
            continue
        several = parameter.module == "opportunities" and len(parameter.elements) > 1
        for element in parameter.elements if several else ("",):
            name = element if several else parameter.module
            one = Override(key, (element,) if several else (), "set", effect.null)
            found[name] = (*found.get(name, ()), one)
            captures += (one,) if several else ()
    everything = tuple(dict.fromkeys(o for part in found.values() for o in part))
    return found | ({"captures": captures} if captures else {}) | {"all": everything}


def _sources(
    runs: _Runs, gain: F8, scale: float, switches: Mapping[str, tuple[Override, ...]]
) -> tuple[Source, ...]:
    """What the focal policy's gain loses without each source; parts need not add up."""
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
