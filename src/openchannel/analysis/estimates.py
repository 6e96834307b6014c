"""Means, Monte Carlo errors and spreads over beliefs, from the sums of a run.

A unit is a group of futures that share one belief draw. With several draws a unit's mean is a
conditional mean given beliefs plus luck; the luck in it is known from the paired squares, so the
share of beliefs under which a policy does worse is computed after taking it out (empirical Bayes,
normal on normal). Counting signs of noisy means would drag every share toward one half.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from openchannel.analysis.measured import widening
from openchannel.ensemble import Collected
from openchannel.ensemble.collect import paired_index
from openchannel.model.metrics import divisor_of, metric_index

__all__ = [
    "ByDraw",
    "Estimate",
    "Estimates",
    "Shares",
    "WorldValues",
    "error_of_mean",
    "influence",
    "ratio_of_sums",
    "weighted_percentiles",
]

F8 = NDArray[np.float64]
Found = TypeVar("Found")
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
        from scipy.optimize import brentq  # noqa: PLC0415 - takes a third of a second to load

        belief = float(brentq(surplus, 0.0, high, xtol=1e-6 * high))
        return value, luck, centre(belief), belief

    def without_luck(self) -> F8:
        """Values whose spread is that of beliefs: neither noisy nor shrunk too far."""
        if len(self.value) == 1 or not self.luck.any() or not np.isfinite(self.value).all():
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
        """Shares of beliefs by sign; exactly equal where no future differed at all.

        NaN where nothing happened to divide by, so that there is no difference to speak of.
        """
        if not np.isfinite(self.value).all():
            return Shares(*[float("nan")] * 3)
        still = (np.abs(self.value) < 1e-12 * self.scale) & (self.luck <= _NO_LUCK)
        equal = float(still.mean())
        if len(self.value) == 1:
            below = float(self.value[0] < 0)
            return Shares((1 - equal) * below, (1 - equal) * (1 - below), equal)
        above = self.chance_above(np.zeros_like(self.value))
        below = float(np.where(still, 0.0, 1.0 - above).mean())
        return Shares(below, max(0.0, 1.0 - equal - below), equal)


class WorldValues:
    """What each world of a run says of a policy, by group of futures and by belief draw.

    Views share it, so that what a world says alone and among others is worked out once. What was
    worked out is kept for the few policies asked about last: ask policy by policy.
    """

    _MOST = 2  # the policy and the baseline: of each, all metrics in all worlds

    def __init__(self, collected: Collected, draws: NDArray[np.int64]) -> None:
        self.run = collected
        self.draws = draws
        self._sizes = collected.sizes.astype(np.float64)
        self._count = np.bincount(draws)
        self._kept: dict[int, dict[tuple[object, ...], Any]] = {}

    @property
    def n_draws(self) -> int:
        """Belief draws of the run."""
        return len(self._count)

    def sums(self, metric: str, world: int, policy: int) -> tuple[F8, F8]:
        """Sums of each group: float64[group] above and below the line."""
        run = self.run
        top = run.numerator[:, world, policy, metric_index(metric)]
        return top, run.divisors[:, world, policy, divisor_of(metric)]

    def level(self, metric: str, world: int, policy: int) -> F8:
        """A metric by belief draw, with the luck of few replicates in it: float64[draw]."""
        return self._once(
            policy,
            ("level", metric, world),
            lambda: self._over_draws(self._values(metric, world, policy)),
        )

    def gap(self, metric: str, world: int, policy: int, base: int) -> tuple[F8, Shares]:
        """Paired differences by belief draw, luck taken out: float64[draw], and shares by sign."""

        def found() -> tuple[F8, Shares]:
            seen = self._gap(metric, world, policy, base)
            return seen.without_luck(), seen.shares()

        return self._once(policy, ("gap", metric, world, base), found)

    def _gap(self, metric: str, world: int, policy: int, base: int) -> ByDraw:
        usual = self._values(metric, world, base)
        value = self._over_draws(self._values(metric, world, policy) - usual)
        luck = self._over_draws(self._paired_luck(metric, world, policy, base), power=2)
        level = self._over_draws(usual)
        # Effects grow with the level they act on: in proportion they are of one size.
        scale = level if bool((level > 0).all()) else np.ones_like(level)
        return ByDraw(value, luck, scale)

    def _values(self, metric: str, world: int, policy: int) -> F8:
        """Linearised value of each group: float64[group], with the ratio of sums as its mean."""

        def found() -> F8:
            top, bottom = self.sums(metric, world, policy)
            return ratio_of_sums(top, bottom) + influence(top, bottom)

        return self._once(policy, ("values", metric, world), found)

    def _once(self, policy: int, key: tuple[object, ...], find: Callable[[], Found]) -> Found:
        kept = self._kept.pop(policy, {})
        self._kept[policy] = kept  # the one asked about last is the last to go
        if len(self._kept) > self._MOST:
            self._kept.pop(next(iter(self._kept)))
        if key not in kept:
            kept[key] = find()
        found: Found = kept[key]
        return found

    def _over_draws(self, by_group: F8, power: int = 1) -> F8:
        return np.asarray(np.bincount(self.draws, by_group) / self._count**power)

    def _paired_luck(self, metric: str, world: int, policy: int, base: int) -> F8:
        """Variance that luck puts on each group's paired difference: float64[group].

        Known for plain means; for ratios it is left at zero, and percentiles then include luck. So
        they do for counted rare events, where a draw without any says nothing about its variance.
        """
        place = paired_index(metric)
        if place is None or self._sizes.max() < 2:
            return np.zeros_like(self._sizes)
        run, n = self.run, self._sizes
        own, usual = (self.sums(metric, world, x)[0] for x in (policy, base))
        gap = (own - usual) / n
        spread = run.spread[:, world, policy, place] / n - gap * gap
        return np.asarray(np.maximum(spread, 0.0) / np.maximum(n - 1.0, 1.0))


class Estimates:
    """One view of a run: one world, or worlds pooled with weights.

    What is pooled is what one believes: a mean is the weighted mean of the worlds, and a share or
    percentile over beliefs is that of the mixture of worlds and draws, so that a world in which a
    policy does harm is not hidden behind the others.

    Parameters
    ----------
    values : of a complete run
    weights : float64[world], non-negative, sum 1
    """

    def __init__(self, values: WorldValues, weights: F8) -> None:
        self._values = values
        self._held = [(float(w), i) for i, w in enumerate(weights) if w > 0]

    def mean(self, metric: str, policy: int) -> float:
        """Ratio of sums over all futures; NaN where nothing happened to divide by."""
        return ratio_of_sums(*self._sums(metric, policy))

    def estimate(self, metric: str, policy: int) -> Estimate:
        """A metric of one policy; percentiles over beliefs include the luck of few replicates."""
        sums = self._sums(metric, policy)
        views = [(w, self._values.level(metric, world, policy)) for w, world in self._held]
        return _estimate(ratio_of_sums(*sums), self._error(influence(*sums)), views)

    def difference(self, metric: str, policy: int, base: int) -> tuple[Estimate, Shares]:
        """Policy minus baseline on the same futures, and the shares of beliefs by sign."""
        own, usual = self._sums(metric, policy), self._sums(metric, base)
        mean = ratio_of_sums(*own) - ratio_of_sums(*usual)
        mcse = self._error(influence(*own) - influence(*usual))
        views = [(w, *self._values.gap(metric, world, policy, base)) for w, world in self._held]
        estimate = _estimate(mean, mcse, [(w, values) for w, values, _ in views])
        return estimate, _mix([(w, shares) for w, _, shares in views])

    def gap(self, metric: str, policy: int, base: int) -> tuple[float, F8]:
        """Policy minus baseline, and what each group adds to that: float64[group], mean zero."""
        mean = self.mean(metric, policy) - self.mean(metric, base)
        return mean, self._residual(metric, policy, base)

    def level(self, metric: str, policy: int) -> tuple[float, F8]:
        """Mean of one policy, and what each group adds to it: float64[group], mean zero."""
        return self.mean(metric, policy), influence(*self._sums(metric, policy))

    def spread_errors(self, metric: str, policy: int, base: int) -> tuple[float, float]:
        """Monte Carlo errors of the 5th and the 95th percentile over beliefs of a difference.

        Half the distance between the percentiles one binomial error of the draws to either side;
        worlds share their draws, so mixing worlds adds none. NaN for a single draw.
        """
        n = self._values.n_draws
        if n < 2:
            return float("nan"), float("nan")
        views = [(w, self._values.gap(metric, world, policy, base)[0]) for w, world in self._held]
        off = np.sqrt(0.05 * 0.95 / n)
        shares = np.clip([0.05 - off, 0.05 + off, 0.95 - off, 0.95 + off], 0.0, 1.0)
        ends = _percentiles(views, shares)
        return float(ends[1] - ends[0]) / 2.0, float(ends[3] - ends[2]) / 2.0

    def price(self, paid: str, gained: str, policy: int, base: int) -> tuple[float, float]:
        """What a unit gained on the baseline costs, and its error; NaN where nothing is gained.

        Nothing is gained where the gain is smaller than two standard errors.
        """
        top, bottom = (
            (self.mean(m, policy) - self.mean(m, base), self._residual(m, policy, base))
            for m in (paid, gained)
        )
        if not bottom[0] >= 2.0 * self._error(bottom[1]) or bottom[0] <= 0.0:
            return float("nan"), float("nan")
        ratio = top[0] / bottom[0]
        return ratio, self._error((top[1] - ratio * bottom[1]) / bottom[0])

    def _error(self, residual: F8) -> float:
        return error_of_mean(residual, self._values.draws)

    def _residual(self, metric: str, policy: int, base: int) -> F8:
        return influence(*self._sums(metric, policy)) - influence(*self._sums(metric, base))

    def _sums(self, metric: str, policy: int) -> tuple[F8, F8]:
        """Sums of each group, worlds mixed by weight: float64[group] above and below the line."""
        pairs = [(w, self._values.sums(metric, world, policy)) for w, world in self._held]
        if len(pairs) == 1 and pairs[0][0] == 1.0:
            return pairs[0][1]
        top, bottom = (sum(w * pair[side] for w, pair in pairs) for side in (0, 1))
        return np.asarray(top), np.asarray(bottom)


def ratio_of_sums(top: F8, bottom: F8) -> float:
    """Ratio of sums over groups; NaN where there is nothing to divide by."""
    total = bottom.sum()
    return float(top.sum() / total) if total > 0 else float("nan")


def influence(top: F8, bottom: F8) -> F8:
    """Influence of each group on the ratio of sums, mean zero: float64[group]."""
    total = bottom.sum()
    if total <= 0:
        return np.full_like(top, np.nan)
    return np.asarray((top - top.sum() / total * bottom) / (total / len(bottom)))


def error_of_mean(residual: F8, draws: NDArray[np.int64]) -> float:
    """Standard error of a mean from what each group adds to it; NaN for one group.

    The unit is a belief draw, because futures of one draw are not independent; of a single draw,
    it is the group.
    """
    several = draws[-1] > 0
    unit = np.bincount(draws, residual) / np.bincount(draws) if several else residual
    n = len(unit)
    if n < 2:
        return float("nan")
    return widening(n) * float(unit.std(ddof=1) / np.sqrt(n))


def _estimate(mean: float, mcse: float, views: list[tuple[float, F8]]) -> Estimate:
    if sum(len(v) for _, v in views) == 1:
        return Estimate(mean, mcse, mean, mean, mean)
    low, middle, high = _percentiles(views, np.array([0.05, 0.50, 0.95]))
    return Estimate(mean, mcse, float(low), float(middle), float(high))


def _percentiles(views: list[tuple[float, F8]], shares: F8) -> F8:
    """Percentiles of the mixture; each value stands at the middle of its weight."""
    values = np.concatenate([v for _, v in views])
    if len(views) == 1:  # sorting alone is much faster, and the places are known
        place = (np.arange(len(values)) + 0.5) / len(values)
        return np.asarray(np.interp(shares, place, np.sort(values)))
    weights = np.concatenate([np.full(len(v), w / len(v)) for w, v in views])
    return weighted_percentiles(values, weights, shares)


def weighted_percentiles(values: F8, weights: F8, shares: F8) -> F8:
    """Percentiles of weighted values, float64[value]; each stands at the middle of its weight.

    Examples
    --------
    >>> weighted_percentiles(np.array([3.0, 1.0]), np.array([1.0, 3.0]), np.array([0.375, 0.875]))
    array([1., 3.])
    """
    order = np.argsort(values, kind="stable")
    held = weights[order]
    place = (np.cumsum(held) - 0.5 * held) / weights.sum()
    return np.asarray(np.interp(shares, place, values[order]))


def _mix(parts: list[tuple[float, Shares]]) -> Shares:
    """Shares of a mixture."""
    total = sum(w for w, _ in parts)
    below, above, equal = (
        sum(w * getattr(s, name) for w, s in parts) / total for name in ("below", "above", "equal")
    )
    return Shares(below, above, equal)
