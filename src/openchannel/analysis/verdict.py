"""The rule that turns estimates into one of four words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openchannel.analysis.estimates import Estimate, Shares

__all__ = ["MATERIAL", "VERDICT_RULE", "Verdict", "WorldView", "judge"]

# A claim smaller than two standard errors is not made.
_SIGNIFICANT = 2.0
#: Nor one smaller than this share of the baseline's loss: measurable, but not for any purpose.
MATERIAL = 0.002
# Beliefs are said to decide when at least this share of them points the other way.
_DISSENT = 0.20

VERDICT_RULE = (
    "The verdict is about the mean difference in composite loss between a policy and the baseline, "
    "on the same futures. A difference is measurable when it is at least two standard errors and "
    "at least 0.2 % of the baseline's loss. The verdict is 'depends on beliefs' when worlds with "
    "at least 20 % of the weight differ measurably in the direction opposite to the mean, or when "
    "at least 20 % of the belief draws do; and also when the mean itself is not measurable because "
    "worlds with at least 20 % of the weight pull measurably each way. Otherwise it is 'no "
    "measurable difference' when the mean is not measurable, 'better' when it is lower and 'worse' "
    "when it is higher."
)


class Verdict(StrEnum):
    """What the evidence and the beliefs allow to be said of a policy."""

    BETTER = "better"
    WORSE = "worse"
    NONE = "no_measurable_difference"
    DEPENDS = "depends_on_beliefs"


@dataclass(frozen=True, slots=True)
class WorldView:
    """What one world says: its weight and its difference in loss."""

    weight: float
    difference: Estimate


def _is_measurable(difference: Estimate, baseline_loss: float) -> bool:
    size = abs(difference.mean)
    return size >= _SIGNIFICANT * difference.mcse and size >= MATERIAL * abs(baseline_loss)


def judge(
    difference: Estimate,
    shares: Shares,
    baseline_loss: float,
    worlds: tuple[WorldView, ...] = (),
) -> Verdict:
    """Verdict from a difference in loss (policy minus baseline: negative is better).

    `shares` are over beliefs; `worlds` are given for a pooled verdict and left out for one world.
    """
    against = {
        sign: sum(
            w.weight
            for w in worlds
            if _is_measurable(w.difference, baseline_loss) and w.difference.mean * sign > 0
        )
        for sign in (1.0, -1.0)
    }
    split = min(against.values()) >= _DISSENT
    if not _is_measurable(difference, baseline_loss):
        return Verdict.DEPENDS if split else Verdict.NONE
    better = difference.mean < 0
    dissent = shares.above if better else shares.below
    opposed = against[1.0] if better else against[-1.0]
    if dissent >= _DISSENT or opposed >= _DISSENT:
        return Verdict.DEPENDS
    return Verdict.BETTER if better else Verdict.WORSE
