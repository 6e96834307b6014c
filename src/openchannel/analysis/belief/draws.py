"""What every question about beliefs begins with: the draws, by name and by module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["BeliefDraws", "Dependence"]

F8 = NDArray[np.float64]

# Rank correlations under this size leave the variance indices readable one belief at a time.
_WEAK = 0.15
# Among thousands of pairs some look dependent by chance; this many standard errors are asked.
_CLEAR = 4.0


@dataclass(frozen=True, slots=True)
class Dependence:
    """How far beliefs go together, and whether variance indices mislead for that reason.

    strongest : pairs of names with their rank correlation, largest first
    misleads : some pair is so dependent that a first-order index of one belief counts what another
        does, and that first-order and total indices no longer bracket its part
    """

    strongest: tuple[tuple[str, str, float], ...]
    misleads: bool


@dataclass(frozen=True)
class BeliefDraws:
    """Belief draws as a table with names, and the module that each belief belongs to.

    Parameters
    ----------
    names : the beliefs, one a column
    values : float64[draw, belief], finite; a belief that does not vary is *held*
    modules : belief to module; a belief that is not in it is a module of its own
    """

    names: tuple[str, ...]
    values: F8
    modules: Mapping[str, str]

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] != len(self.names):
            raise ValueError(f"{len(self.names)} names for a table of shape {self.values.shape}")
        if not np.isfinite(self.values).all():
            raise ValueError("belief draws must be finite numbers")

    @property
    def n(self) -> int:
        """Number of draws."""
        return int(self.values.shape[0])

    def column(self, name: str) -> F8:
        """Draws of one belief: float64[draw]."""
        return np.asarray(self.values[:, self.names.index(name)])

    @cached_property
    def held(self) -> NDArray[np.bool_]:
        """Which beliefs do not vary: bool[belief]."""
        return np.asarray(np.ptp(self.values, axis=0) <= 0.0)

    @cached_property
    def by_module(self) -> dict[str, tuple[int, ...]]:
        """Columns of each module, in the order of the first belief of each."""
        columns: dict[str, tuple[int, ...]] = {}
        for i, name in enumerate(self.names):
            module = self.modules.get(name, name)
            columns[module] = (*columns.get(module, ()), i)
        return columns

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> BeliefDraws:
        """The same beliefs, fewer draws."""
        return BeliefDraws(self.names, self.values[rows], self.modules)

    def restrict(self, names: Sequence[str]) -> BeliefDraws:
        """The same draws, fewer beliefs."""
        columns = [self.names.index(name) for name in names]
        return BeliefDraws(tuple(names), self.values[:, columns], self.modules)

    @cached_property
    def dependence(self) -> Dependence:
        """Rank correlations between beliefs, and what they mean for variance indices."""
        free = np.flatnonzero(~self.held)
        if len(free) < 2 or self.n < 3:
            return Dependence((), misleads=False)
        # Loading scipy.stats takes longer than many a command, so it waits until it is needed.
        from scipy import stats  # noqa: PLC0415

        ranks = stats.rankdata(self.values[:, free], axis=0)
        rho = np.asarray(np.corrcoef(ranks, rowvar=False))
        a, b = np.triu_indices(len(free), 1)
        size = np.abs(rho[a, b])
        order = np.argsort(-size, kind="stable")
        order = order[size[order] > _CLEAR / np.sqrt(self.n)]
        pairs = tuple(
            (self.names[free[a[k]]], self.names[free[b[k]]], float(rho[a[k], b[k]])) for k in order
        )
        return Dependence(pairs, misleads=bool(pairs) and abs(pairs[0][2]) > _WEAK)
