"""Whether lists grow denser: how small the acts are that they hold, and what they miss of others.

A list that records more of the small acts as time goes on looks like a rise. Two signs are
measured: how the odds that a listed act is small change by the decade, and which share of the acts
that other lists hold it has itself. Neither tells recording from conduct alone; together they help.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openchannel.evidence.linking.acts import Act
from openchannel.evidence.linking.merged import Merged

__all__ = ["SMALL", "Coverage", "Drift", "Period", "coverage", "drift"]

SMALL = 2
"""Acts up to this severity count as small: balloons, drills, artillery, cruise missiles, crossings.

What lists overlook are these; a ballistic missile (3) is hard to overlook.
"""

_YEARS = 10
_STEPS = 50
_CLEAR = 2.0


@dataclass(frozen=True, slots=True)
class Drift:
    """Change by the decade of the odds that a listed act is small; 1 is no change.

    low, high : two standard errors below and above
    """

    factor: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether no change lies outside two standard errors."""
        return self.low > 1.0 or self.high < 1.0


@dataclass(frozen=True, slots=True)
class Period:
    """A list in one decade, as far as its span reaches.

    others : acts of the other lists in that time; also_here : how many of them it has too
    """

    first_year: int
    acts: int
    small: int
    others: int
    also_here: int

    @property
    def share(self) -> float | None:
        """Share of the others' acts that the list has; nothing where they have none."""
        return self.also_here / self.others if self.others else None

    @property
    def share_error(self) -> float | None:
        """Standard error of the share, by adding two of each (Agresti and Coull)."""
        if not self.others:
            return None
        n = self.others + 4
        p = (self.also_here + 2) / n
        return math.sqrt(p * (1.0 - p) / n)


@dataclass(frozen=True, slots=True)
class Coverage:
    """One list: its decades, and its drift where there are enough acts of both sizes."""

    source: str
    acts: int
    periods: tuple[Period, ...]
    drift: Drift | None


def coverage(found: Sequence[Merged]) -> tuple[Coverage, ...]:
    """Every list of the merged acts by decade, in the order of their names."""
    sources = sorted({a.source for m in found for a in m.members})
    return tuple(_coverage(source, found) for source in sources)


def drift(acts: Sequence[Act]) -> Drift | None:
    """The drift of a list by logistic regression of being small on time; nothing from under ten
    acts of either size, or where the two are divided by a date.
    """
    graded = [a for a in acts if a.severity is not None]
    small = np.array([a.severity is not None and a.severity <= SMALL for a in graded], float)
    if min(small.sum(), len(small) - small.sum()) < 10:
        return None
    decades = np.array([a.first.toordinal() for a in graded]) / 3652.5
    design = np.column_stack([np.ones(len(graded)), decades - decades.mean()])
    beta = np.zeros(2)
    for _ in range(_STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(design @ beta, -30, 30)))
        weight = design * (p * (1.0 - p))[:, None]
        information = design.T @ weight
        if np.linalg.cond(information) > 1e12:
            return None
        step = np.linalg.solve(information, design.T @ (small - p))
        beta += step
        if np.abs(step).max() < 1e-10:
            break
    else:
        return None
    error = math.sqrt(np.linalg.inv(information)[1, 1])
    low, high = (math.exp(beta[1] + s * _CLEAR * error) for s in (-1.0, 1.0))
    return Drift(math.exp(beta[1]), low, high)


def _coverage(source: str, found: Sequence[Merged]) -> Coverage:
    own = [a for m in found for a in m.members if a.source == source]
    low, high = min(a.first for a in own), max(a.first for a in own)
    within = [m for m in found if low <= m.date <= high]
    periods = []
    for year in range(low.year - low.year % _YEARS, high.year + 1, _YEARS):
        years = range(year, year + _YEARS)
        mine = [a for a in own if a.first.year in years]
        others = [
            m for m in within if m.date.year in years and any(a.source != source for a in m.members)
        ]
        here = sum(any(a.source == source for a in m.members) for m in others)
        small = sum(a.severity is not None and a.severity <= SMALL for a in mine)
        periods.append(Period(year, len(mine), small, len(others), here))
    return Coverage(source, len(own), tuple(periods), drift(own))
