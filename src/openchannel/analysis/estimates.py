"""Means, Monte Carlo errors and spreads over beliefs, from the sums of a run.

A unit is a group of futures that share one belief draw. With several draws a unit's mean is a
conditional mean given beliefs plus luck; the luck in it is known from the paired squares, so the
share of beliefs under which a policy does worse is computed after taking it out (empirical Bayes,
normal on normal). Counting signs of noisy means would drag every share toward one half.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

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


@dataclass(frozen=True)
class ByDraw:
    """Conditional means of the belief draws, seen through luck of known variance.

    value, luck, scale : float64[draw]
        Mean of each draw, variance that luck puts on it, and the level in proportion to which
        effects are taken to be of one size.
    """

    value: F8
    luck: F8
    scale: F8

    @cached_property
    def _relative(self) -> tuple[F8, F8, float, float]:
        """Values and luck in proportion, their centre, and the variance over beliefs.

        The variance is Paule and Mandel's: the one at which the weighted squares are as large as
        luck and belief together make them.
        """
        value, luck = self.value / self.scale, self.luck / self.scale**2
        n = len(value)

        def centre(belief: float) -> float:
            weight = 1.0 / (belief + luck + _NO_LUCK)
            return float((weight * value).sum() / weight.sum())

        def surplus(belief: float) -> float:
            return float(
                ((value - centre(belief)) ** 2 / (belief + luck + _NO_LUCK)).sum() - (n - 1)
            )

        high = float(value.var(ddof=1))
        if high <= _NO_LUCK or surplus(0.0) <= 0.0:
            return value, luck, centre(0.0), 0.0
        while surplus(high) > 0.0:
            high *= 2.0
        belief = float(optimize.brentq(surplus, 0.0, high, xtol=1e-6 * high))
        return value, luck, centre(belief), belief

    def without_luck(self) -> F8:
        """Values whose spread is that of beliefs: neither noisy nor shrunk too far."""
        if not self.luck.any():
            return self.value
        value, luck, centre, belief = self._relative
        weight = np.sqrt(belief / (belief + luck + _NO_LUCK))
        return np.asarray((centre + weight * (value - centre)) * self.scale)

    def shares(self) -> Shares:
        """Shares of beliefs by sign; exactly equal where no future differed at all."""
        still = (np.abs(self.value) < 1e-12 * self.scale) & (self.luck <= _NO_LUCK)
        equal = float(still.mean())
        if len(self.value) == 1:
            below = float(self.value[0] < 0)
            return Shares((1 - equal) * below, (1 - equal) * (1 - below), equal)
        value, luck, centre, belief = self._relative
        weight = belief / (belief + luck + _NO_LUCK)
        middle = centre + weight * (value - centre)
        spread = np.sqrt(np.maximum(weight * luck, _NO_LUCK))
        below = float(np.where(still, 0.0, special.ndtr(-middle / spread)).mean())
        return Shares(below, max(0.0, 1.0 - equal - below), equal)


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
        """A metric of one policy; its percentiles over beliefs include the luck of few replicates."""
        residual = self._residual(metric, policy)
        mean = self.mean(metric, policy)
        view = self._view(mean + residual, np.zeros_like(residual), None)
        return _estimate(mean, residual, view)

    def difference(self, metric: str, policy: int, base: int) -> tuple[Estimate, Shares]:
        """Policy minus baseline on the same futures, and the shares of beliefs by sign."""
        mean = self.mean(metric, policy) - self.mean(metric, base)
        residual = self._residual(metric, policy) - self._residual(metric, base)
        level = self.mean(metric, base) + self._residual(metric, base)
        noise = self._paired_noise(metric, policy, base)
        view = self._view(mean + residual, noise, level)
        return _estimate(mean, residual, view), view.shares()

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

    def _view(self, values: F8, noise: F8, level: F8 | None) -> ByDraw:
        """Conditional means by belief draw, with the luck that is in them and their scale."""
        count = np.bincount(self._draws, minlength=self.n_draws)
        value = np.bincount(self._draws, values, self.n_draws) / count
        luck = np.bincount(self._draws, noise, self.n_draws) / count**2
        scale = np.ones(self.n_draws)
        if level is not None:
            usual = np.bincount(self._draws, level, self.n_draws) / count
            # Effects grow with the level they act on: in proportion they are of one size.
            if bool((usual > 0).all()):
                scale = usual
        return ByDraw(value, luck, scale)


def _estimate(mean: float, residual: F8, view: ByDraw) -> Estimate:
    n = len(residual)
    mcse = float(residual.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
    if len(view.value) == 1:
        return Estimate(mean, mcse, mean, mean, mean)
    low, middle, high = np.percentile(view.without_luck(), [5, 50, 95])
    return Estimate(mean, mcse, float(low), float(middle), float(high))
