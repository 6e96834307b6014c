"""Luck risk: how a policy's futures compare with the baseline's, future by future."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.ensemble.collect import COUNTS, Collected, LuckBins

__all__ = ["Luck", "luck"]

F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Luck:
    """Shares of futures, and percentiles of the gain in composite loss over futures.

    `gain_p05` to `gain_p95` are read from logarithmic bins, twenty a decade: good to 12 %.
    """

    futures: int
    war_avoided: float
    war_caused: float
    fewer_deaths: float
    equal_deaths: float
    more_deaths: float
    loss_lower: float
    loss_equal: float
    loss_higher: float
    gain_p05: float
    gain_p50: float
    gain_p95: float
    gain_p99: float
    deaths_p95: float
    deaths_p99: float
    deaths_over_100: float
    deaths_over_10k: float
    deaths_over_1m: float
    peaks: tuple[float, ...]
    war_causes: tuple[float, ...]

    @property
    def discordance(self) -> float:
        """Wars avoided for each war caused; infinite where none is caused, NaN where no war."""
        if self.war_caused > 0:
            return self.war_avoided / self.war_caused
        return float("inf") if self.war_avoided > 0 else float("nan")


def _percentile(counts: F8, share: float) -> float:
    """Percentile of binned numbers, at the centre of the bin in which it falls."""
    cumulative = np.cumsum(counts) / counts.sum()
    return float(LuckBins.centres()[int(np.searchsorted(cumulative, share))])


def luck(collected: Collected, weights: F8, policy: int) -> Luck:
    """Luck of one policy against the baseline, worlds mixed by weight."""
    futures = collected.count("futures")[:, policy]
    shares = {
        name: float((collected.count(name)[:, policy] / futures) @ weights) for name in COUNTS
    }
    gain = weights @ collected.gain[:, policy].astype(np.float64)
    deaths = weights @ collected.deaths[:, policy].astype(np.float64)
    named = {n: shares[n] for n in COUNTS if n in Luck.__slots__ and n != "futures"}
    return Luck(
        futures=int(futures.sum()),
        gain_p05=_percentile(gain, 0.05),
        gain_p50=_percentile(gain, 0.50),
        gain_p95=_percentile(gain, 0.95),
        gain_p99=_percentile(gain, 0.99),
        deaths_p95=_percentile(deaths, 0.95),
        deaths_p99=_percentile(deaths, 0.99),
        peaks=tuple(shares[f"peak_{r}"] for r in range(6)),
        war_causes=tuple(
            shares[f"war_{c}"] for c in ("escalation", "preemption", "kill_chain", "instability")
        ),
        **named,
    )
