"""A run's draws as arrays: what each belief held, and what each policy did under it on average."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["LUCK", "PREFIX", "Draws"]

F8 = NDArray[np.float64]
#: What the names of columns of beliefs begin with.
PREFIX = "belief."
#: Standard error that luck leaves in a draw's paired difference of composite loss.
LUCK = "luck.composite_loss"


@dataclass(frozen=True, slots=True)
class Draws:
    """Conditional means by world, draw and policy.

    weights : float64[world], sum 1
    quantities : names of the beliefs that vary ; beliefs : float64[world, draw, quantity]
    metrics : float64[world, draw, policy] by metric, NaN where undefined
    """

    policies: tuple[str, ...]
    worlds: tuple[str, ...]
    baseline: str
    weights: F8
    quantities: tuple[str, ...]
    beliefs: F8
    metrics: Mapping[str, F8]

    @classmethod
    def of(
        cls, means: pa.Table, beliefs: pa.Table, baseline: str, weights: Mapping[str, float]
    ) -> Draws:
        """From the table that a run keeps, in the order in which it was written.

        Parameters
        ----------
        means : columns `policy`, `world` and one a metric, a row a world, policy and draw
        beliefs : columns `belief.NAME`, the rows of one policy
        """
        policies = tuple(means.column("policy").unique().to_pylist())
        worlds = tuple(means.column("world").unique().to_pylist())
        shape = (len(worlds), len(policies), means.num_rows // (len(worlds) * len(policies)))
        metrics = {
            name: np.ascontiguousarray(np.moveaxis(_numbers(means, name).reshape(shape), 1, 2))
            for name in means.column_names
            if name not in ("policy", "world")
        }
        columns = [n for n in beliefs.column_names if n.startswith(PREFIX)]
        held = [_numbers(beliefs, n).reshape(shape[0], shape[2]) for n in columns]
        weight = np.array([weights[w] for w in worlds])
        return cls(
            policies,
            worlds,
            baseline,
            weight / weight.sum(),
            tuple(n.removeprefix(PREFIX) for n in columns),
            np.stack(held, axis=-1),
            metrics,
        )

    @property
    def base(self) -> int:
        """Place of the baseline among the policies."""
        return self.policies.index(self.baseline)

    @property
    def n_draws(self) -> int:
        """Belief draws of each world."""
        return int(self.beliefs.shape[1])

    def mixed(self, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Worlds and draws of a mixture of the schools of thought, each by its weight.

        Every draw is used once, in one world: the same draw in two worlds has the same luck, and
        what is learnt from one row must not have seen the luck of another.
        """
        order = np.random.default_rng(seed).permutation(self.n_draws)
        ends = np.round(np.cumsum(self.weights) * self.n_draws).astype(np.int64)
        world = np.searchsorted(ends, np.arange(self.n_draws), side="right")
        return np.asarray(world, np.int64), np.asarray(order, np.int64)


def _numbers(table: pa.Table, name: str) -> F8:
    return np.asarray(table.column(name).to_numpy(zero_copy_only=False), np.float64)
