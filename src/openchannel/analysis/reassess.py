"""Whether an assessment would change: gains and verdicts of a run under beliefs weighed anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.draws import LUCK, Draws
from openchannel.analysis.estimates import ByDraw, Estimate, Shares
from openchannel.analysis.measured import Measured
from openchannel.analysis.reweigh import Moved, Reweighed
from openchannel.analysis.verdict import Verdict, WorldView, judge

__all__ = ["Change", "Reassessed", "reassess"]

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


def reassess(draws: Draws, policy: str, held: Reweighed) -> Reassessed:
    """Gain, share of losing beliefs and verdict of a policy before and after.

    A verdict that changes is only said to do so where the gain, or the share of losing beliefs,
    has moved by two of its errors; and nothing is said where too few draws carry the weight.
    """
    at, base = draws.policies.index(policy), draws.base
    loss, usual = draws.metrics[_LOSS][:, :, at], draws.metrics[_LOSS][:, :, base]
    difference = loss - usual
    chance = _chance_worse(difference, draws.metrics[LUCK][:, :, at], usual)
    gain, worse, level = held.mean(-difference), held.mean(chance), held.mean(usual)
    n_worlds = len(draws.worlds)
    by_world = tuple(held.mean(-difference, w) for w in range(n_worlds))
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
    return Reassessed(policy, gain, worse, by_world, before, after, changes)


def _chance_worse(difference: F8, luck: F8, level: F8) -> F8:
    """Chance that the true difference of each draw is a loss: float64[world, draw]."""
    found = []
    for gap, noise, usual in zip(difference, luck, level, strict=True):
        scale = usual if bool((usual > 0).all()) else np.ones_like(usual)
        seen = ByDraw(gap, np.nan_to_num(noise) ** 2, scale)
        still = (np.abs(gap) < 1e-12 * scale) & (np.nan_to_num(noise) <= 0.0)
        found.append(np.where(still, 0.0, seen.chance_above(np.zeros_like(gap))))
    return np.stack(found)


def _estimate(gain: Measured) -> Estimate:
    """A gain as a difference in loss; percentiles play no part in a verdict."""
    nothing = float("nan")
    return Estimate(-gain.mean, gain.mcse, nothing, nothing, nothing)


def _verdict(gain: Measured, worse: float, level: float, worlds: tuple[WorldView, ...]) -> Verdict:
    shares = Shares(below=1.0 - worse, above=worse, equal=0.0)
    several = worlds if len(worlds) > 1 else ()
    return judge(_estimate(gain), shares, level, several)
