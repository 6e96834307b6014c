"""Means, Monte Carlo errors and spreads over beliefs, from the sums of a run.

A unit is a group of futures that share one belief draw. With several draws a unit's mean is a
conditional mean given beliefs plus luck; the luck in it is known from the paired squares, so the
share of beliefs under which a policy does worse is computed after taking it out (empirical Bayes,
normal on normal). Counting signs of noisy means would drag every share toward one half.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from openchannel.ensemble import Collected
from openchannel.model.metrics import EXTRAS, METRICS, metric_index

__all__ = ["Estimate", "Estimates", "Shares"]

F8 = NDArray[np.float64]
_ALL = METRICS + EXTRAS
_NO_LUCK = 1e-300


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, the Monte Carlo error of that mean, and percentiles over beliefs."""

    mean: float
    mcse: float
    p05: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of beliefs under which the difference lies below, above or exactly at zero."""

    below: float
    above: float
    equal: float


class Estimates:
    """One view of a run: one world, or worlds pooled with weights.

    Parameters
    ----------
    collected : a complete run
    weights : float64[world], non-negative, sum 1
    draws : int64[group], the belief draw of each group
    """

    def __init__(self, collected: Collected, weights: F8, draws: NDArray[np.int64]) -> None:
        self._run = collected
        self._weights = weights
        self._sizes = collected.sizes.astype(np.float64)
        self._draws = draws
        self.n_draws = int(draws.max()) + 1
        # Sums a unit, worlds mixed by weight: [group, policy, metric].
        self._top = np.einsum("gwpm,w->gpm", collected.numerator, weights)
        self._bottom = np.einsum("gwpm,w->gpm", collected.denominator, weights)

    def mean(self, metric: str, policy: int) -> float:
        """Ratio of sums over all futures; NaN where nothing happened to divide by."""
        m = metric_index(metric)
        bottom = self._bottom[:, policy, m].sum()
        return float(self._top[:, policy, m].sum() / bottom) if bottom > 0 else float("nan")

    def estimate(self, metric: str, policy: int) -> Estimate:
        """A metric of one policy."""
        residual = self._residual(metric, policy)
        noise = self._level_noise(metric, policy)
        return self._estimate(self.mean(metric, policy), residual, noise)

    def difference(self, metric: str, policy: int, base: int) -> tuple[Estimate, Shares]:
        """Policy minus baseline on the same futures, and the shares of beliefs by sign."""
        mean = self.mean(metric, policy) - self.mean(metric, base)
        residual = self._residual(metric, policy) - self._residual(metric, base)
        noise = self._paired_noise(metric, policy, base)
        estimate = self._estimate(mean, residual, noise)
        return estimate, self._shares(mean, residual, noise)

    def by_draw(self, metric: str, policy: int) -> F8:
        """Conditional mean given each belief draw, float64[draw]; NaN where undefined."""
        m = metric_index(metric)
        top = np.bincount(self._draws, self._top[:, policy, m], self.n_draws)
        bottom = np.bincount(self._draws, self._bottom[:, policy, m], self.n_draws)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.where(bottom > 0, top / bottom, np.nan))

    def _residual(self, metric: str, policy: int) -> F8:
        """Influence of each unit on the ratio of sums, mean zero: float64[group]."""
        m = metric_index(metric)
        top, bottom = self._top[:, policy, m], self._bottom[:, policy, m]
        if bottom.sum() <= 0:
            return np.full_like(top, np.nan)
        ratio = top.sum() / bottom.sum()
        return np.asarray((top - ratio * bottom) / bottom.mean())

    def _paired_noise(self, metric: str, policy: int, base: int) -> F8:
        """Variance that luck puts on each unit's paired difference: float64[group].

        Known exactly for plain means; for ratios it is left at zero, and percentiles then include
        luck. Worlds share luck, so the pooled value is bounded by perfect correlation.
        """
        m = metric_index(metric)
        if not _ALL[m].is_plain or self._sizes.max() < 2:
            return np.zeros_like(self._sizes)
        run, n = self._run, self._sizes[:, None]
        gap = (run.numerator[:, :, policy, m] - run.numerator[:, :, base, m]) / n
        spread = run.spread[:, :, policy, m] / n - gap * gap
        variance = np.maximum(spread, 0.0) / np.maximum(n - 1.0, 1.0)
        return np.asarray((np.sqrt(variance) @ self._weights) ** 2)

    def _level_noise(self, metric: str, policy: int) -> F8:
        """Luck in a unit's level is not tracked; its percentiles include it."""
        return np.zeros_like(self._sizes)

    def _estimate(self, mean: float, residual: F8, noise: F8) -> Estimate:
        n = len(residual)
        mcse = float(residual.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
        if self.n_draws == 1:
            return Estimate(mean, mcse, mean, mean, mean)
        centred = self._shrink(residual, noise)[0]
        low, middle, high = np.percentile(mean + centred, [5, 50, 95])
        return Estimate(mean, mcse, float(low), float(middle), float(high))

    def _by_draw(self, values: F8, noise: F8) -> tuple[F8, F8]:
        """Units of one draw averaged: value and luck variance by draw."""
        if self.n_draws == len(values):
            return values, noise
        count = np.bincount(self._draws, minlength=self.n_draws)
        value = np.bincount(self._draws, values, self.n_draws) / count
        return value, np.bincount(self._draws, noise, self.n_draws) / count**2

    def _shrink(self, residual: F8, noise: F8) -> tuple[F8, F8]:
        """Conditional means with luck taken out, and their posterior variances, by draw.

        The spread of the shrunk values is matched to the estimated spread over beliefs, so that
        percentiles are neither those of noise nor those of over-shrunk means.
        """
        value, luck = self._by_draw(residual, noise)
        total = float(value.var(ddof=1)) if len(value) > 1 else 0.0
        belief = max(total - float(luck.mean()), 0.0)
        if total <= _NO_LUCK or not luck.any():
            return value, np.zeros_like(value)
        weight = belief / (belief + luck + _NO_LUCK)
        centre = float(value.mean())
        return centre + np.sqrt(weight) * (value - centre), weight * luck

    def _shares(self, mean: float, residual: F8, noise: F8) -> Shares:
        value, luck = self._by_draw(residual, noise)
        still = (np.abs(mean + value) < 1e-12 * max(1.0, abs(mean))) & (luck <= _NO_LUCK)
        equal = float(still.mean())
        if self.n_draws == 1:
            below = float(mean < 0)
            return Shares((1 - equal) * below, (1 - equal) * (1 - below), equal)
        total = float(value.var(ddof=1))
        belief = max(total - float(luck.mean()), 0.0)
        weight = belief / (belief + luck + _NO_LUCK)
        centre = mean + weight * value
        spread = np.sqrt(np.maximum(weight * luck, _NO_LUCK))
        chance = np.where(still, 0.0, special.ndtr(-centre / spread))
        below = float(chance.mean())
        return Shares(below, max(0.0, 1.0 - equal - below), equal)
