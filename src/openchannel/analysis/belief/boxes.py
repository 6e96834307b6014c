"""A box of beliefs: its limits, and what is to be known of it.

Chances of loss are counted, not labels: coverage and density are expected counts. A limit is sure
if the box without it would hardly be as dense by chance (quasi-p).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from openchannel.analysis.belief.draws import BeliefDraws

__all__ = ["Box", "Field", "Limit", "Peeling", "limits_of", "no_limits"]

F8 = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Limit:
    """A term of a box: the range of one belief, in its own unit.

    low, high : infinite where the box is open
    quasi_p : chance that the box without this limit would hold as many losing beliefs by accident
    """

    name: str
    low: float
    high: float
    quasi_p: float


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the beliefs, told by limits.

    coverage : share of the losing beliefs that lie inside
    density : share of the beliefs inside that lose
    mass : share of all beliefs that lie inside
    fit : correlation between lying inside and losing (phi), 0 for the whole
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float
    fit: float
    step: str

    def holds(self, draws: BeliefDraws) -> Flags:
        """Which draws lie inside: bool[draw]."""
        inside = np.ones(draws.n, bool)
        for limit in self.limits:
            x = draws.column(limit.name)
            inside &= (x >= limit.low) & (x <= limit.high)
        return inside


@dataclass(frozen=True, slots=True)
class Peeling:
    """How boxes are cut.

    alpha : share of the box that one peel takes away
    paste : share that one paste adds
    smallest : share of all beliefs below which no box is cut
    most_limits : beliefs that a chosen box may name
    quasi_p : bar for a limit, divided by the number of beliefs that vary
    """

    alpha: float = 0.05
    paste: float = 0.05
    smallest: float = 0.05
    most_limits: int = 4
    quasi_p: float = 0.05


@dataclass(frozen=True)
class Field:
    """Draws that are left to be boxed, and the losing mass of all draws."""

    draws: BeliefDraws
    chance: F8
    left: Flags
    manner: Peeling

    @property
    def bar(self) -> float:
        """Quasi-p that a limit must stay under."""
        return self.manner.quasi_p / max(1, int((~self.draws.held).sum()))

    def box(self, low: F8, high: F8, step: str) -> Box:
        """The box between limits, one a belief, with what is to be known of it."""
        values = self.draws.values
        named = np.flatnonzero(np.isfinite(low) | np.isfinite(high))
        sides = (values[:, named] >= low[named]) & (values[:, named] <= high[named])
        # Draws outside by one limit alone are what the box would hold without it.
        misses = (~sides).sum(axis=1)
        inside = (misses == 0) & self.left
        n, k = int(inside.sum()), float(self.chance[inside].sum())
        limits = []
        for place, j in enumerate(named):
            without = self.left & ((misses == 0) | ((misses == 1) & ~sides[:, place]))
            share = float(self.chance[without].mean()) if without.any() else 0.0
            limits.append(
                Limit(self.draws.names[j], float(low[j]), float(high[j]), _quasi_p(k, n, share))
            )
        total, of = float(self.chance.sum()), self.draws.n
        return Box(
            tuple(limits),
            k / total if total > 0 else 0.0,
            k / n if n else 0.0,
            n / of,
            _phi(k, n, float(self.chance[self.left].sum()), int(self.left.sum())),
            step,
        )


def _quasi_p(k: float, n: int, share: float) -> float:
    """Chance of at least k losing among n when each loses with chance `share` (binomial).

    The incomplete beta function carries it to expected counts, which are not whole.
    """
    if k <= 0.0 or share >= 1.0:
        return 1.0
    if share <= 0.0:
        return 0.0
    return float(special.betainc(k, max(n - k, 0.0) + 1.0, share))


def _phi(k: float, n: int, total: float, of: int) -> float:
    """Correlation of two yes-or-no marks: inside, and losing."""
    spread = n * (of - n) * total * (of - total)
    return (k * of - n * total) / float(np.sqrt(spread)) if spread > 0 else 0.0


def no_limits(draws: BeliefDraws) -> tuple[F8, F8]:
    """Lower and upper ends of the whole: infinite, float64[belief] each."""
    d = len(draws.names)
    return np.full(d, -np.inf), np.full(d, np.inf)


def limits_of(box: Box, draws: BeliefDraws) -> tuple[F8, F8]:
    """Lower and upper ends of a box: float64[belief] each, infinite where it is open."""
    low, high = no_limits(draws)
    for limit in box.limits:
        j = draws.names.index(limit.name)
        low[j], high[j] = limit.low, limit.high
    return low, high
