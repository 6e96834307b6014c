"""Whether an assessment would change: gains and verdicts of a run under beliefs weighed anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief import chance_worse
from openchannel.analysis.draws import LUCK, Draws
from openchannel.analysis.estimates import Estimate, Shares
from openchannel.analysis.measured import Measured
from openchannel.analysis.reweigh import Moved, Reweighed
from openchannel.analysis.verdict import Verdict, WorldView, judge

__all__ = ["Change", "Reassessed", "Stake", "reassess"]

F8 = NDArray[np.float64]
_LOSS = "composite_loss"

Change = Literal["no", "yes", "not measurably", "cannot be said"]


@dataclass(frozen=True, slots=True)
class Reassessed:
    """One policy against the baseline, before and after.

    gain : expected loss saved ; worse : share of beliefs under which it does worse
    by_world : gain in each world
    """

    policy: str
    gain: Moved
    worse: Moved
    by_world: tuple[Moved, ...]
    before: Verdict
    after: Verdict
    changes: Change


@dataclass(frozen=True, slots=True)
class Stake:
    """What a policy stands to win and to lose against the baseline, whatever is seen.

    difference : loss, policy minus baseline ; chance : that it is a loss once luck is taken out
    level : loss under the baseline; all float64[world, draw]
    """

    policy: str
    difference: F8
    chance: F8
    level: F8

    @classmethod
    def of(cls, draws: Draws, policy: str) -> Stake:
        """That of one policy of a run."""
        at = draws.policies.index(policy)
        level = draws.metrics[_LOSS][:, :, draws.base]
        difference = draws.metrics[_LOSS][:, :, at] - level
        luck = np.nan_to_num(draws.metrics[LUCK][:, :, at]) ** 2
        # Effects grow with the level they act on: in proportion they are of one size.
        scales = (usual if bool((usual > 0).all()) else None for usual in level)
        chance = [chance_worse(*of) for of in zip(difference, luck, scales, strict=True)]
        return cls(policy, difference, np.stack(chance), level)


def reassess(stake: Stake, held: Reweighed) -> Reassessed:
    """Gain, share of losing beliefs and verdict of a policy before and after.

    A verdict that changes is only said to do so where the gain, or the share of losing beliefs,
    has moved by two of its errors; and nothing is said where too few draws carry the weight.
    """
    gain, worse = held.mean(-stake.difference), held.mean(stake.chance)
    level = held.mean(stake.level)
    n_worlds = len(stake.level)
    by_world = tuple(held.mean(-stake.difference, w) for w in range(n_worlds))
    weights = [held.world(w) for w in range(n_worlds)]
    before, after = (
        _verdict(
            getattr(gain, when),
            getattr(worse, when).mean,
            getattr(level, when).mean,
            tuple(
                WorldView(getattr(weight, when).mean, _estimate(getattr(own, when)))
                for weight, own in zip(weights, by_world, strict=True)
            ),
        )
        for when in ("before", "after")
    )
    moved = gain.change.is_measurable or worse.change.is_measurable
    changes: Change = "cannot be said"
    if held.possible and held.is_enough:
        changes = "no" if before == after else "yes" if moved else "not measurably"
    return Reassessed(stake.policy, gain, worse, by_world, before, after, changes)


def _estimate(gain: Measured) -> Estimate:
    """A gain as a difference in loss; percentiles play no part in a verdict."""
    nothing = float("nan")
    return Estimate(-gain.mean, gain.mcse, nothing, nothing, nothing)


def _verdict(gain: Measured, worse: float, level: float, worlds: tuple[WorldView, ...]) -> Verdict:
    shares = Shares(below=1.0 - worse, above=worse, equal=0.0)
    several = worlds if len(worlds) > 1 else ()
    return judge(_estimate(gain), shares, level, several)
