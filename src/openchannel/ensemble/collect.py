"""Small summaries of many futures: sums by group, counts and histograms of luck.

Memory grows with groups (draws, of which there is a greatest number), policies and worlds, not with
futures. Groups are put in their place and integer counts are added, so the order in which groups
arrive changes nothing; the pieces of one group are added in their order by `Assembly`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openchannel.ensemble.bins import LinearBins, LuckBins
from openchannel.kernel.keys import Out
from openchannel.model.metrics import DIVISORS, EXTRAS, METRICS, metric_index

__all__ = [
    "COUNTS",
    "HISTOGRAMS",
    "PAIRED",
    "Collected",
    "GroupSums",
    "Histogram",
    "paired_index",
]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
_ALL = METRICS + EXTRAS

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


@dataclass(frozen=True, slots=True)
class Histogram:
    """A distribution over futures: its bins, and what falls into them (NaN is left out).

    `of` takes the kernel's sums [..., Out], the counted deaths and the gain on the baseline.
    """

    bins: type[LuckBins] | LinearBins
    of: Callable[[F8, F8, F8], F8]


def _weekly(name: Out) -> Callable[[F8, F8, F8], F8]:
    return lambda out, _deaths, _gain: out[..., name] / np.maximum(out[..., Out.weeks], 1.0)


def _survivors_arsenal(out: F8, _deaths: F8, _gain: F8) -> F8:
    return np.where(out[..., Out.war] > 0, np.nan, out[..., Out.W_T])


HISTOGRAMS: Mapping[str, Histogram] = {
    "deaths": Histogram(LuckBins, lambda _out, deaths, _gain: deaths),
    "gain": Histogram(LuckBins, lambda _out, _deaths, gain: gain),
    "crisis_weeks": Histogram(
        LinearBins(0.0, 2.0, 500), lambda out, _deaths, _gain: out[..., Out.crisis_weeks]
    ),
    "arsenal": Histogram(LinearBins(0.0, 2.0, 500), _survivors_arsenal),
    "political_cost": Histogram(LinearBins(0.0, 0.02, 500), _weekly(Out.Pd)),
    "friction": Histogram(LinearBins(-1.0, 0.01, 500), _weekly(Out.F)),
}
_OFFSETS = dict(
    zip(HISTOGRAMS, np.cumsum([0, *(h.bins.N for h in HISTOGRAMS.values())]).tolist(), strict=False)
)
_N_BINS = sum(h.bins.N for h in HISTOGRAMS.values())

# Metrics whose paired squares are kept: means over futures of what is not a count of rare events.
PAIRED = np.array([i for i, m in enumerate(_ALL) if m.is_plain and not m.is_counted])
_PLACE = {int(m): i for i, m in enumerate(PAIRED)}


def paired_index(metric_id: str) -> int | None:
    """Place of a metric among those whose paired squares are kept; None for the others."""
    return _PLACE.get(metric_index(metric_id))


@dataclass(slots=True)
class GroupSums:
    """What one group leaves behind; futures are added one by one, so chunks change no bit.

    numerator : float64[world, policy, metric] ; divisors : float64[world, policy, divisor]
    spread : float64[world, policy, PAIRED], summed squares of the paired difference of numerators
    counts : int64[world, policy, COUNTS] ; bins : int64[world, policy, bins of all HISTOGRAMS]
    """

    numerator: F8
    divisors: F8
    spread: F8
    counts: I8
    bins: I8

    def __reduce__(self) -> tuple[Any, ...]:
        # Bins are nearly all empty: they travel to other processes as what is in them.
        place = np.flatnonzero(self.bins).astype(np.uint32)
        held = self.bins.shape, place, self.bins.ravel()[place]
        return _unpacked, (self.numerator, self.divisors, self.spread, self.counts, held)

    @classmethod
    def empty(cls, n_worlds: int, n_policies: int) -> GroupSums:
        """Sums of no future."""
        axes = (n_worlds, n_policies)
        return cls(
            np.zeros((*axes, len(_ALL))),
            np.zeros((*axes, len(DIVISORS))),
            np.zeros((*axes, len(PAIRED))),
            np.zeros((*axes, len(COUNTS)), np.int64),
            np.zeros((*axes, _N_BINS), np.int64),
        )

    def take(self, out: F8, numerator: F8, divisors: F8, realised_loss: F8, base: int) -> None:
        """Add a chunk of futures.

        Parameters
        ----------
        out : float64[replicate, world, policy, Out]
        numerator, divisors : as `metric_values` gives them, with a first axis of replicates
        realised_loss : float64[replicate, world, policy]
            Composite loss with the deaths that this luck brought.
        base : int
            Index of the baseline policy.
        """
        paired = numerator[..., PAIRED]
        for top, bottom, own in zip(numerator, divisors, paired, strict=True):
            gap = own - own[:, base, None, :]
            self.numerator += top
            self.divisors += bottom
            self.spread += gap * gap
        deaths = numerator[..., metric_index("fatalities_raw")]
        gain = realised_loss[:, :, base, None] - realised_loss
        self.counts += _counts(out, deaths, gain, base)
        self.bins += _histograms(out, deaths, gain)

    def plus(self, later: GroupSums) -> GroupSums:
        """These sums and those of the futures that follow; both are left as they were."""
        return GroupSums(*(getattr(self, n) + getattr(later, n) for n in self.__slots__))


def _unpacked(
    numerator: F8, divisors: F8, spread: F8, counts: I8, held: tuple[tuple[int, ...], I8, I8]
) -> GroupSums:
    shape, place, found = held
    bins = np.zeros(shape, np.int64)
    bins.ravel()[place] = found
    return GroupSums(numerator, divisors, spread, counts, bins)


def _histograms(out: F8, deaths: F8, gain: F8) -> I8:
    """Counts of a chunk by bin: int64[world, policy, bins of all HISTOGRAMS]."""
    n_worlds, n_policies = deaths.shape[1:]
    row = np.arange(n_worlds * n_policies).reshape(n_worlds, n_policies) * _N_BINS
    places = []
    for name, histogram in HISTOGRAMS.items():
        x = histogram.of(out, deaths, gain)
        known = ~np.isnan(x)
        place = row + _OFFSETS[name] + histogram.bins.index(np.where(known, x, 0.0))
        places.append(place[known])
    counts = np.bincount(np.concatenate(places), minlength=n_worlds * n_policies * _N_BINS)
    return counts.reshape(n_worlds, n_policies, _N_BINS).astype(np.int64, copy=False)


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

    numerator : float64[group, world, policy, metric]
    divisors : float64[group, world, policy, divisor]
    spread : float32[group, world, policy, PAIRED], a variance needs no more digits
    counts : int32[group, world, policy, COUNTS]
    bins : int64[world, policy, bins], added over groups
    done : bool[group] ; sizes : int64[group] replicates of each group
    """

    def __init__(self, sizes: I8, n_worlds: int, n_policies: int) -> None:
        axes = (len(sizes), n_worlds, n_policies)
        self.sizes = sizes
        self.done = np.zeros(len(sizes), bool)
        self.numerator = np.zeros((*axes, len(_ALL)))
        self.divisors = np.zeros((*axes, len(DIVISORS)))
        self.spread = np.zeros((*axes, len(PAIRED)), np.float32)
        self.counts = np.zeros((*axes, len(COUNTS)), np.int32)
        self.bins = np.zeros((n_worlds, n_policies, _N_BINS), np.int64)

    def add(self, group: int, sums: GroupSums) -> None:
        """Place the sums of one group; a group counts once."""
        if self.done[group]:
            return
        self.numerator[group] = sums.numerator
        self.divisors[group] = sums.divisors
        self.spread[group] = sums.spread
        self.counts[group] = sums.counts
        self.bins += sums.bins
        self.done[group] = True

    @property
    def complete(self) -> bool:
        """Whether every group is done."""
        return bool(self.done.all())

    def count(self, name: str) -> I8:
        """One of COUNTS, added over groups: int64[world, policy]."""
        return np.asarray(self.counts[..., COUNTS.index(name)].sum(axis=0, dtype=np.int64))

    def histogram(self, name: str) -> I8:
        """Counts by bin of one of HISTOGRAMS: int64[world, policy, bin]."""
        first = _OFFSETS[name]
        return self.bins[..., first : first + HISTOGRAMS[name].bins.N]
