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
        high = float(value.var(ddof=1))
        # A draw in which no future differed is known, but not to more digits than others are.
        luck = np.maximum(luck, 1e-9 * high)

        def centre(belief: float) -> float:
            weight = 1.0 / (belief + luck + _NO_LUCK)
            return float((weight * value).sum() / weight.sum())

        def surplus(belief: float) -> float:
            return float(
                ((value - centre(belief)) ** 2 / (belief + luck + _NO_LUCK)).sum() - (n - 1)
            )

        if high <= _NO_LUCK or surplus(0.0) <= 0.0:
            return value, luck, centre(0.0), 0.0
        while surplus(high) > 0.0:
            high *= 2.0
        belief = float(optimize.brentq(surplus, 0.0, high, xtol=1e-6 * high))
        return value, luck, centre(belief), belief

    def without_luck(self) -> F8:
        """Values whose spread is that of beliefs: neither noisy nor shrunk too far."""
        if len(self.value) == 1 or not self.luck.any():
            return self.value
        value, luck, centre, belief = self._relative
        weight = np.sqrt(belief / (belief + luck + _NO_LUCK))
        return np.asarray((centre + weight * (value - centre)) * self.scale)

    def given_data(self) -> tuple[F8, F8]:
        """Middle and spread of what each draw's true mean may be: float64[draw] twice."""
        if len(self.value) == 1:
            return self.value, np.sqrt(self.luck)
        value, luck, centre, belief = self._relative
        weight = belief / (belief + luck + _NO_LUCK)
        middle = centre + weight * (value - centre)
        spread = np.sqrt(np.maximum(weight * luck, _NO_LUCK))
        return np.asarray(middle * self.scale), np.asarray(spread * self.scale)

    def chance_above(self, bar: F8) -> F8:
        """Chance that each draw's true mean lies above its own bar: float64[draw]."""
        middle, spread = self.given_data()
        return np.asarray(special.ndtr((middle - bar) / np.maximum(spread, _NO_LUCK)))

    def shares(self) -> Shares:
        """Shares of beliefs by sign; exactly equal where no future differed at all."""
        still = (np.abs(self.value) < 1e-12 * self.scale) & (self.luck <= _NO_LUCK)
        equal = float(still.mean())
        if len(self.value) == 1:
            below = float(self.value[0] < 0)
            return Shares((1 - equal) * below, (1 - equal) * (1 - below), equal)
        above = self.chance_above(np.zeros_like(self.value))
        below = float(np.where(still, 0.0, 1.0 - above).mean())
        return Shares(below, max(0.0, 1.0 - equal - below), equal)


class Estimates:
    """One view of a run: one world, or worlds pooled with weights.

    What is pooled is what one believes: a mean is the weighted mean of the worlds, and a share or
    percentile over beliefs is that of the mixture of worlds and draws, so that a world in which a
    policy does harm is not hidden behind the others.

    Parameters
    ----------
    collected : a complete run
    weights : float64[world], non-negative, sum 1
    draws : int64[group], the belief draw of each group
    """

    def __init__(self, collected: Collected, weights: F8, draws: NDArray[np.int64]) -> None:
        self._run = collected
        self._held = [(float(w), i) for i, w in enumerate(weights) if w > 0]
        self._sizes = collected.sizes.astype(np.float64)
        self._draws = draws
        self._count = np.bincount(draws)
        # Sums a unit, worlds mixed by weight: [group, policy, metric].
        self._top = np.einsum("gwpm,w->gpm", collected.numerator, weights)
        self._bottom = np.einsum("gwpm,w->gpm", collected.denominator, weights)

    def mean(self, metric: str, policy: int) -> float:
        """Ratio of sums over all futures; NaN where nothing happened to divide by."""
        m = metric_index(metric)
        return _ratio(self._top[:, policy, m], self._bottom[:, policy, m])

    def estimate(self, metric: str, policy: int) -> Estimate:
        """A metric of one policy; percentiles over beliefs include the luck of few replicates."""
        m = metric_index(metric)
        residual = _influence(self._top[:, policy, m], self._bottom[:, policy, m])
        views = [(w, self._level(m, world, policy)) for w, world in self._held]
        return _estimate(self.mean(metric, policy), residual, views)

    def difference(self, metric: str, policy: int, base: int) -> tuple[Estimate, Shares]:
        """Policy minus baseline on the same futures, and the shares of beliefs by sign."""
        m = metric_index(metric)
        mean = self.mean(metric, policy) - self.mean(metric, base)
        top, bottom = self._top[..., m], self._bottom[..., m]
        residual = _influence(top[:, policy], bottom[:, policy])
        residual = residual - _influence(top[:, base], bottom[:, base])
        views = [(w, self._gap(m, world, policy, base)) for w, world in self._held]
        return _estimate(mean, residual, views), _mix([(w, v.shares()) for w, v in views])

    def _values(self, m: int, world: int, policy: int) -> F8:
        """Linearised value of each group: float64[group], with the ratio of sums as its mean."""
        top = self._run.numerator[:, world, policy, m]
        bottom = self._run.denominator[:, world, policy, m]
        return _ratio(top, bottom) + _influence(top, bottom)

    def _over_draws(self, by_group: F8, power: int = 1) -> F8:
        return np.asarray(np.bincount(self._draws, by_group) / self._count**power)

    def _level(self, m: int, world: int, policy: int) -> ByDraw:
        value = self._over_draws(self._values(m, world, policy))
        return ByDraw(value, np.zeros_like(value), np.ones_like(value))

    def _gap(self, m: int, world: int, policy: int, base: int) -> ByDraw:
        """Paired differences of one world by belief draw, and the luck that is in them."""
        usual = self._values(m, world, base)
        value = self._over_draws(self._values(m, world, policy) - usual)
        luck = self._over_draws(self._paired_luck(m, world, policy, base), power=2)
        level = self._over_draws(usual)
        # Effects grow with the level they act on: in proportion they are of one size.
        scale = level if bool((level > 0).all()) else np.ones_like(level)
        return ByDraw(value, luck, scale)

    def _paired_luck(self, m: int, world: int, policy: int, base: int) -> F8:
        """Variance that luck puts on each group's paired difference: float64[group].

        Known for plain means; for ratios it is left at zero, and percentiles then include luck. So
        they do for counted rare events, where a draw without any says nothing about its variance.
        """
        counted = _ALL[m].id.endswith("_raw")
        if counted or not _ALL[m].is_plain or self._sizes.max() < 2:
            return np.zeros_like(self._sizes)
        run, n = self._run, self._sizes
        gap = (run.numerator[:, world, policy, m] - run.numerator[:, world, base, m]) / n
        spread = run.spread[:, world, policy, m] / n - gap * gap
        return np.asarray(np.maximum(spread, 0.0) / np.maximum(n - 1.0, 1.0))


def _ratio(top: F8, bottom: F8) -> float:
    total = bottom.sum()
    return float(top.sum() / total) if total > 0 else float("nan")


def _influence(top: F8, bottom: F8) -> F8:
    """Influence of each group on the ratio of sums, mean zero: float64[group]."""
    if bottom.sum() <= 0:
        return np.full_like(top, np.nan)
    return np.asarray((top - _ratio(top, bottom) * bottom) / bottom.mean())


def _estimate(mean: float, residual: F8, views: list[tuple[float, ByDraw]]) -> Estimate:
    n = len(residual)
    mcse = float(residual.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
    values = np.concatenate([v.without_luck() for _, v in views])
    weights = np.concatenate([np.full(len(v.value), w / len(v.value)) for w, v in views])
    if len(values) == 1:
        return Estimate(mean, mcse, mean, mean, mean)
    order = np.argsort(values, kind="stable")
    # Each value stands at the middle of its weight, as in the usual percentile of a sample.
    place = (np.cumsum(weights[order]) - 0.5 * weights[order]) / weights.sum()
    low, middle, high = np.interp([0.05, 0.50, 0.95], place, values[order])
    return Estimate(mean, mcse, float(low), float(middle), float(high))


def _mix(parts: list[tuple[float, Shares]]) -> Shares:
    """Shares of a mixture."""
    total = sum(w for w, _ in parts)
    below, above, equal = (
        sum(w * getattr(s, name) for w, s in parts) / total for name in ("below", "above", "equal")
    )
    return Shares(below, above, equal)
