"""Small summaries of many futures: sums by group, counts and histograms of luck.

Memory grows with groups (draws, of which there is a greatest number), policies and worlds, not with
futures. Groups are put in their place and integer counts are added, so the order in which groups
arrive changes nothing; the pieces of one group are added in their order by `Assembly`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openchannel.kernel.keys import Out
from openchannel.model.metrics import EXTRAS, METRICS, metric_index

__all__ = ["COUNTS", "Collected", "GroupSums", "LuckBins"]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]

# What is counted, future by future, against the baseline's future on the same luck.
COUNTS = (
    "futures",
    "war_avoided",
    "war_caused",
    "fewer_deaths",
    "equal_deaths",
    "more_deaths",
    "loss_lower",
    "loss_equal",
    "loss_higher",
    "deaths_over_100",
    "deaths_over_10k",
    "deaths_over_1m",
    "peak_0",
    "peak_1",
    "peak_2",
    "peak_3",
    "peak_4",
    "peak_5",
    "war_escalation",
    "war_preemption",
    "war_kill_chain",
    "war_instability",
)


class LuckBins:
    """Logarithmic bins, twenty a decade: from 0.001 to 10^8, zero and both signs."""

    PER_DECADE = 20
    LOWEST = -3
    DECADES = 11
    N_SIDE = PER_DECADE * DECADES
    N = 2 * N_SIDE + 1

    @classmethod
    def index(cls, x: F8) -> I8:
        """Bin of each number; the middle bin holds zero and what is smaller than 0.001."""
        size = np.abs(x)
        with np.errstate(divide="ignore"):
            step = np.floor((np.log10(size) - cls.LOWEST) * cls.PER_DECADE)
        step = np.clip(step, -1, cls.N_SIDE - 1)
        return np.asarray(cls.N_SIDE + np.sign(x) * (step + 1), np.int64)

    @classmethod
    def centres(cls) -> F8:
        """Geometric centre of each bin."""
        side = 10.0 ** (cls.LOWEST + (np.arange(cls.N_SIDE) + 0.5) / cls.PER_DECADE)
        return np.concatenate([-side[::-1], [0.0], side])


@dataclass(slots=True)
class GroupSums:
    """What one group leaves behind; futures are added one by one, so chunks change no bit.

    numerator, denominator : float64[world, policy, metric] sums over replicates
    spread : float64[world, policy, metric] summed squares of the paired difference of numerators
    counts : int64[world, policy, COUNTS] ; deaths, gain : int64[world, policy, LuckBins]
    """

    numerator: F8
    denominator: F8
    spread: F8
    counts: I8
    deaths: I8
    gain: I8

    def __reduce__(self) -> tuple[Any, ...]:
        # Bins are nearly all empty: they travel to other processes as what is in them.
        whole = (self.numerator, self.denominator, self.spread, self.counts)
        return _unpacked, (whole, _packed(self.deaths), _packed(self.gain))

    @classmethod
    def empty(cls, n_worlds: int, n_policies: int) -> GroupSums:
        """Sums of no future."""
        n_metrics = len(METRICS) + len(EXTRAS)
        axes = (n_worlds, n_policies)
        return cls(
            np.zeros((*axes, n_metrics)),
            np.zeros((*axes, n_metrics)),
            np.zeros((*axes, n_metrics)),
            np.zeros((*axes, len(COUNTS)), np.int64),
            np.zeros((*axes, LuckBins.N), np.int64),
            np.zeros((*axes, LuckBins.N), np.int64),
        )

    def take(self, out: F8, numerator: F8, denominator: F8, realised_loss: F8, base: int) -> None:
        """Add a chunk of futures.

        Parameters
        ----------
        out : float64[replicate, world, policy, Out]
        numerator, denominator : float64[replicate, world, policy, metric]
        realised_loss : float64[replicate, world, policy]
            Composite loss with the deaths that this luck brought.
        base : int
            Index of the baseline policy.
        """
        for top, bottom in zip(numerator, denominator, strict=True):
            gap = top - top[:, base, None, :]
            self.numerator += top
            self.denominator += bottom
            self.spread += gap * gap
        deaths = numerator[..., metric_index("fatalities_raw")]
        gain = realised_loss[:, :, base, None] - realised_loss
        self.counts += _counts(out, deaths, gain, base)
        self.deaths += _histogram(deaths)
        self.gain += _histogram(gain)

    def add(self, later: GroupSums) -> None:
        """Add the sums of the futures that follow."""
        for name in self.__slots__:
            total = getattr(self, name)
            total += getattr(later, name)


def _packed(bins: I8) -> tuple[tuple[int, ...], I8, I8]:
    place = np.flatnonzero(bins)
    return bins.shape, place.astype(np.uint32), bins.ravel()[place]


def _unpacked(whole: tuple[Any, ...], *packed: tuple[tuple[int, ...], I8, I8]) -> GroupSums:
    bins = []
    for shape, place, counts in packed:
        full = np.zeros(shape, np.int64)
        full.ravel()[place] = counts
        bins.append(full)
    return GroupSums(*whole, *bins)


def _histogram(x: F8) -> I8:
    """Counts of `x` [replicate, world, policy] by bin: int64[world, policy, LuckBins]."""
    n_worlds, n_policies = x.shape[1:]
    offset = np.arange(n_worlds * n_policies).reshape(n_worlds, n_policies) * LuckBins.N
    flat = (LuckBins.index(x) + offset).ravel()
    counts = np.bincount(flat, minlength=n_worlds * n_policies * LuckBins.N)
    return counts.reshape(n_worlds, n_policies, LuckBins.N).astype(np.int64)


def _counts(out: F8, deaths: F8, gain: F8, base: int) -> I8:
    war = out[..., Out.war]
    fewer = deaths[:, :, base, None] - deaths
    cause, peak = out[..., Out.war_cause], out[..., Out.r_max]
    flags = [
        np.ones_like(war, bool),
        (war < war[:, :, base, None]),
        (war > war[:, :, base, None]),
        fewer > 0,
        fewer == 0,
        fewer < 0,
        gain > 0,
        gain == 0,
        gain < 0,
        deaths > 1e2,
        deaths > 1e4,
        deaths > 1e6,
        *(peak == rung for rung in range(6)),
        *(cause == kind for kind in range(1, 5)),
    ]
    return np.stack([f.sum(axis=0) for f in flags], axis=-1).astype(np.int64)


class Collected:
    """Sums of the groups done so far; a run is complete when every group is.

    numerator, denominator, spread : float64[group, world, policy, metric]
    counts, deaths, gain : as in `GroupSums`, added over groups
    done : bool[group] ; sizes : int64[group] replicates of each group
    """

    def __init__(self, sizes: I8, n_worlds: int, n_policies: int) -> None:
        n_metrics = len(METRICS) + len(EXTRAS)
        shape = (len(sizes), n_worlds, n_policies, n_metrics)
        self.sizes = sizes
        self.done = np.zeros(len(sizes), bool)
        self.numerator = np.zeros(shape)
        self.denominator = np.zeros(shape)
        self.spread = np.zeros(shape)
        self.counts = np.zeros((n_worlds, n_policies, len(COUNTS)), np.int64)
        self.deaths = np.zeros((n_worlds, n_policies, LuckBins.N), np.int64)
        self.gain = np.zeros((n_worlds, n_policies, LuckBins.N), np.int64)

    def add(self, group: int, sums: GroupSums) -> None:
        """Place the sums of one group; a group counts once."""
        if self.done[group]:
            return
        self.numerator[group] = sums.numerator
        self.denominator[group] = sums.denominator
        self.spread[group] = sums.spread
        self.counts += sums.counts
        self.deaths += sums.deaths
        self.gain += sums.gain
        self.done[group] = True

    @property
    def complete(self) -> bool:
        """Whether every group is done."""
        return bool(self.done.all())

    def count(self, name: str) -> I8:
        """One of COUNTS: int64[world, policy]."""
        return np.asarray(self.counts[..., COUNTS.index(name)])
