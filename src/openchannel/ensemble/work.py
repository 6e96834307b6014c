"""The work of a run: what any group or piece of it is computed from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openchannel.domain import Case, World
from openchannel.ensemble.collect import GroupSums
from openchannel.ensemble.design import BeliefSample
from openchannel.ensemble.plan import Group, Piece, Plan
from openchannel.kernel.keys import Scalar
from openchannel.model import (
    Beliefs,
    Design,
    metric_values,
    simulate_replicates,
    world_beliefs,
)
from openchannel.model.metrics import metric_index

__all__ = ["Ensemble"]


class Ensemble:
    """The arrays that every group of a plan reads: beliefs by draw and world, and the design.

    It travels to other processes as what it was made of, a fifth of its size, and is made again.
    """

    def __init__(
        self,
        case: Case,
        plan: Plan,
        design: Design,
        sample: BeliefSample,
        worlds: Sequence[World],
        chunk: int = 32,
    ) -> None:
        """`chunk` replicates go to the kernel at once: it bounds memory and changes no number."""
        self._made_of = (case, plan, design, BeliefSample(sample.beliefs, {}), worlds, chunk)
        self.chunk = chunk
        self.plan = plan
        self.design = design
        self.base = plan.policies.index(plan.baseline)
        self.weights = dict(case.weights)
        views = [world_beliefs(case, world, sample.beliefs) for world in worlds]
        self.par = np.stack([v.par for v in views], axis=1)  # [draw, world, Scalar]
        self.ch = np.stack([v.ch for v in views], axis=1)  # [draw, world, channel, Column]

    def __reduce__(self) -> tuple[type[Ensemble], tuple[Any, ...]]:
        return Ensemble, self._made_of

    @property
    def n_worlds(self) -> int:
        """Worlds that run beside each other."""
        return int(self.par.shape[1])

    def compute(self, part: Group | Piece) -> GroupSums:
        """Sums of one group, or of a piece of it."""
        sums = GroupSums.empty(self.n_worlds, len(self.plan.policies))
        for first in range(0, part.n, self.chunk):
            self._take(sums, part.draw, part.first + first, min(self.chunk, part.n - first))
        return sums

    def add_up(self, part: Group | Piece, outs: NDArray[np.float64]) -> GroupSums:
        """The same from its futures, played elsewhere: float64[part.n, world, policy, Out]."""
        sums = GroupSums.empty(self.n_worlds, len(self.plan.policies))
        for first in range(0, part.n, self.chunk):
            self._add(sums, part.draw, outs[first : first + self.chunk])
        return sums

    def _take(self, sums: GroupSums, draw: int, first: int, n: int) -> None:
        beliefs = Beliefs(self.par[draw], self.ch[draw])
        self._add(sums, draw, simulate_replicates(self.design, beliefs, self.plan.seed, first, n))

    def _add(self, sums: GroupSums, draw: int, out: NDArray[np.float64]) -> None:
        vsl = self.par[draw][:, Scalar.vsl_musd]
        numerator, divisors = metric_values(out, self.weights, vsl)
        luck = numerator[..., metric_index("fatalities_raw")]
        expected = numerator[..., metric_index("fatalities")]
        loss = numerator[..., metric_index("composite_loss")]
        realised = loss + self.weights.get("fatalities", 0.0) * (luck - expected)
        sums.take(out, numerator, divisors, realised, self.base)
