"""Luck risk: distributions over futures, of one policy and against the baseline's luck."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.estimates import error_of_mean, influence, ratio_of_sums
from openchannel.ensemble.collect import COUNTS, HISTOGRAMS, Collected

__all__ = ["OverLuck"]

F8 = NDArray[np.float64]
Number = tuple[float, float]  # a value and its Monte Carlo error
Numbers = Mapping[str, Number | list[Number]]

_PAIRED = (
    "war_avoided", "war_caused", "fewer_deaths", "equal_deaths", "more_deaths",
    "loss_lower", "loss_equal", "loss_higher",
)  # fmt: skip
_CAUSES = ("escalation", "preemption", "kill_chain", "instability")


class OverLuck:
    """Shares and percentiles over futures in one world, or in worlds mixed by weight.

    Percentiles are read from bins: deaths and gains from logarithmic ones, twenty a decade (good to
    12 %), warheads and weeks from bins of 2, indices from bins of 0.02 and 0.01. The error of a
    share is from the counts by belief draw; that of a percentile from the shares one error away,
    with the futures of one world, because worlds share their luck, and from the width of its bin.
    """

    def __init__(self, collected: Collected, weights: F8, draws: NDArray[np.int64]) -> None:
        self._run = collected
        self._draws = draws
        self._weights = weights

    def alone(self, policy: int) -> Numbers:
        """What futures under one policy end in: deaths, worst rung, causes, stocks."""
        return {
            "deaths_p95": self._percentile("deaths", policy, 0.95),
            "deaths_p99": self._percentile("deaths", policy, 0.99),
            **{
                f"deaths_over_{n}": self._share(f"deaths_over_{n}", policy)
                for n in ("100", "10k", "1m")
            },
            "peaks": [self._share(f"peak_{rung}", policy) for rung in range(6)],
            "war_causes": [self._share(f"war_{cause}", policy) for cause in _CAUSES],
            "crisis_weeks_p50": self._percentile("crisis_weeks", policy, 0.50),
            "crisis_weeks_p95": self._percentile("crisis_weeks", policy, 0.95),
            "arsenal_p05": self._percentile("arsenal", policy, 0.05),
            "arsenal_p50": self._percentile("arsenal", policy, 0.50),
            "arsenal_p95": self._percentile("arsenal", policy, 0.95),
            "political_cost_p95": self._percentile("political_cost", policy, 0.95),
            "friction_p95": self._percentile("friction", policy, 0.95),
        }

    def paired(self, policy: int) -> Numbers:
        """Futures of a policy against the baseline's on the same luck (D20 to D22)."""
        gain = self._counts("gain", policy)
        middle = len(gain) // 2
        better, worse = gain.copy(), gain.copy()
        better[: middle + 1] = 0.0
        worse[middle:] = 0.0
        return {
            **{name: self._share(name, policy) for name in _PAIRED},
            **{
                f"gain_p{round(100 * q):02d}": self._percentile("gain", policy, q)
                for q in (0.05, 0.50, 0.95, 0.99)
            },
            "gain_where_better_p50": self._read("gain", better, 0.50),
            "gain_where_better_p95": self._read("gain", better, 0.95),
            "gain_where_worse_p50": self._read("gain", worse, 0.50),
            "gain_where_worse_p05": self._read("gain", worse, 0.05),
        }

    def discordance(self, policy: int) -> Number:
        """Wars avoided for each war caused; NaN where none is caused."""
        sums = self._by_group("war_avoided", policy), self._by_group("war_caused", policy)
        return ratio_of_sums(*sums), error_of_mean(influence(*sums), self._draws)

    def share(self, name: str, policy: int) -> float:
        """One of COUNTS as a share of futures."""
        return self._share(name, policy)[0]

    def _by_group(self, name: str, policy: int) -> F8:
        counts = self._run.counts[:, :, policy, COUNTS.index(name)]
        return np.asarray(counts @ self._weights)

    def _share(self, name: str, policy: int) -> Number:
        sums = self._by_group(name, policy), self._by_group("futures", policy)
        return ratio_of_sums(*sums), error_of_mean(influence(*sums), self._draws)

    def _counts(self, name: str, policy: int) -> F8:
        return np.asarray(self._weights @ self._run.histogram(name)[:, policy].astype(np.float64))

    def _percentile(self, name: str, policy: int, share: float) -> Number:
        return self._read(name, self._counts(name, policy), share)

    def _read(self, name: str, counts: F8, share: float) -> Number:
        """A percentile of binned numbers, at the centre of its bin, and its error."""
        total = float(counts.sum())
        if total <= 0.0:
            return float("nan"), float("nan")
        # Weights of worlds sum to one, so the total is a number of futures of one world.
        off = float(np.sqrt(share * (1.0 - share) / total))
        places = np.clip([share - off, share, share + off], 0.0, 1.0) * total
        at = np.searchsorted(np.cumsum(counts), places * (1.0 - 1e-12))
        bins = HISTOGRAMS[name].bins
        low, middle, high = bins.centres()[np.minimum(at, len(counts) - 1)]
        return float(middle), float(np.hypot((high - low) / 2.0, bins.coarseness(float(middle))))
