"""Beliefs weighed anew by evidence: Bayes' rule by importance weights on the draws of a run.

The draws of a run are a sample of what was believed; each is weighed by how likely it makes what
was seen. Nothing is run again, so errors grow as fewer draws carry the weight: `effective` says how
many do. Worlds share their draws, so a draw, with all its worlds, is the unit of every error.

References
----------
Owen (2013), Monte Carlo theory, methods and examples, chapter 9 (self-normalised weights).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.estimates import (
    error_of_mean,
    influence,
    ratio_of_sums,
    weighted_percentiles,
)
from openchannel.analysis.measured import Measured

__all__ = ["FEWEST_EFFECTIVE", "Moved", "Reweighed", "Spread"]

F8 = NDArray[np.float64]

#: Draws that must carry the weight before anything is claimed: as many as `believe` asks for.
FEWEST_EFFECTIVE = 64.0


@dataclass(frozen=True, slots=True)
class Moved:
    """A mean before and after the evidence; the change has the smaller error of equal draws."""

    before: Measured
    after: Measured
    change: Measured


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean, standard deviation and percentiles over beliefs."""

    mean: float
    sd: float
    p05: float
    p50: float
    p95: float


@dataclass(frozen=True)
class Reweighed:
    """Worlds and draws with their weights before and after evidence.

    Parameters
    ----------
    weights : float64[world], sum 1, before the evidence
    log_likelihood : float64[world, draw], of all that was seen; zero everywhere for nothing
    """

    weights: F8
    log_likelihood: F8

    @cached_property
    def possible(self) -> bool:
        """Whether any draw could have brought what was seen."""
        held = self.weights > 0.0
        return bool(np.isfinite(self.log_likelihood[held].max(initial=-np.inf)))

    @cached_property
    def before(self) -> F8:
        """Weight of each world and draw before: float64[world, draw], mean 1 over draws."""
        return np.repeat(self.weights[:, None], self.log_likelihood.shape[1], axis=1)

    @cached_property
    def after(self) -> F8:
        """Weight of each world and draw after, up to a factor: float64[world, draw]."""
        if not self.possible:
            return np.zeros_like(self.before)
        top = self.log_likelihood[self.weights > 0.0].max()
        return np.asarray(self.before * np.exp(self.log_likelihood - top))

    @cached_property
    def effective(self) -> float:
        """Draws that carry the weight (Kish): all of them where nothing was seen."""
        each = self.after.sum(axis=0)
        squares = float((each**2).sum())
        return float(each.sum() ** 2 / squares) if squares > 0.0 else 0.0

    @property
    def is_enough(self) -> bool:
        """Whether enough draws carry the weight for anything to be claimed."""
        return self.effective >= FEWEST_EFFECTIVE

    def mean(self, values: F8, within: int | None = None) -> Moved:
        """Mean of values, float64[world, draw], over worlds and draws or `within` one world."""
        at = slice(None) if within is None else slice(within, within + 1)
        told, residuals = [], []
        for weight in (self.before[at], self.after[at]):
            top, bottom = (weight * values[at]).sum(axis=0), weight.sum(axis=0)
            told.append(ratio_of_sums(top, bottom))
            residuals.append(influence(top, bottom))
        units = np.arange(values.shape[1])
        before, after = (
            Measured(m, error_of_mean(r, units)) for m, r in zip(told, residuals, strict=True)
        )
        change = Measured(
            told[1] - told[0], error_of_mean(np.asarray(residuals[1] - residuals[0]), units)
        )
        return Moved(before, after, change)

    def world(self, index: int) -> Moved:
        """Weight of one world among all."""
        one = np.zeros_like(self.before)
        one[index] = 1.0
        return self.mean(one)

    def spread(self, values: F8, *, after: bool) -> Spread:
        """Values over the mixture of worlds and draws, before or after."""
        held = (self.after if after else self.before).ravel()
        given = np.broadcast_to(values, self.before.shape).ravel()
        share = held / held.sum()
        mean = float(share @ given)
        low, middle, high = weighted_percentiles(given, share, np.array([0.05, 0.5, 0.95]))
        sd = float(np.sqrt(share @ (given - mean) ** 2))
        return Spread(mean, sd, float(low), float(middle), float(high))
