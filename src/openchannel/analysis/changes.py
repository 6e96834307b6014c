"""What a change does to an answer, on the same luck: by how much, and what moved on the way.

The change is of beliefs, of the policy, or of both; the two runs have the same sizes, so that each
group of one meets the luck of the same group of the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.estimates import Estimates, error_of_mean
from openchannel.analysis.measured import Measured
from openchannel.analysis.summary import Findings

__all__ = ["Change", "Side", "changes"]

F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs, and the policy of it that is looked at."""

    findings: Findings
    policy: str

    @property
    def view(self) -> Estimates:
        """All worlds of the run, mixed by their weights."""
        return self.findings.pooled

    @property
    def at(self) -> int:
        """Place of the policy."""
        return self.findings.plan.policies.index(self.policy)


@dataclass(frozen=True, slots=True)
class Change:
    """How one metric moved from the first side to the second.

    policy, baseline : the levels ; gap : policy minus baseline
    """

    metric: str
    policy: Measured
    baseline: Measured
    gap: Measured


def changes(before: Side, now: Side, metrics: Iterable[str]) -> list[Change]:
    """Changes of several metrics, in their order; NaN where there is nothing to divide by."""
    if before.findings.plan.futures != now.findings.plan.futures:
        raise ValueError("the two sides differ in size, so their luck cannot be paired")
    draws = now.findings.draws

    def moved(metric: str, what: str) -> Measured:
        then, earlier = _part(before, metric, what)
        today, later = _part(now, metric, what)
        return Measured(today - then, error_of_mean(later - earlier, draws))

    return [Change(m, *(moved(m, what) for what in ("policy", "baseline", "gap"))) for m in metrics]


def _part(side: Side, metric: str, what: str) -> tuple[float, F8]:
    base = side.findings.base
    if what == "gap":
        return side.view.gap(metric, side.at, base)
    return side.view.level(metric, side.at if what == "policy" else base)
