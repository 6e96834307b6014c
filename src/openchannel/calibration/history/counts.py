"""Count models of weekly provocations: negative binomial, with or without self-excitation.

The rate of a week is that of the simulator (A2 of the model) with what history can tell apart:

    rate[t]  = exp(a + sum_k b_k x_k[t] + leader[t] + administration[t]) + E[t]
    E[t + 1] = d E[t] + n (1 - d) N[t],  d = 2 ** (-1 / half_life)
    N[t]     ~ negative binomial of mean rate[t] and size phi  (variance rate + rate ** 2 / phi)

Effects of groups are drawn from a normal law whose width is fitted too (partial pooling), less
their own mean, so that the base rate is that of the mean group and the sampler meets no ridge. The
density and its gradient are written out, so that a sampler needs neither a compiler nor a graph
library; tests hold both against SciPy's law and against finite differences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter
from scipy.special import expit, gammaln

__all__ = ["CountModel", "Group", "columns_of", "excitation", "log_pmf"]

F8 = NDArray[np.float64]
Counts = NDArray[np.int64]

#: Priors, as mean and standard deviation on the scale named; the docs give them in words.
BASE_PRIOR = (np.log(0.3), 1.5)  # log of events a week
EFFECT_SD = 0.5  # log rate ratios: nine in ten lie between 0.44 and 2.3
SIZE_PRIOR = (1.0, 1.0)  # log phi
BRANCHING_PRIOR = (-0.5, 1.0)  # logit of the branching ratio: nine in ten between .11 and .76
HALF_LIFE_PRIOR = (np.log(2.0), 0.7)  # log weeks
MOST_RATE = 50.0  # events a week; keeps the sampler out of overflow, far above any record


@dataclass(frozen=True, slots=True)
class Group:
    """Effects that share a normal law: `place[t]` says which acts in week t, -1 none."""

    name: str
    place: Counts
    labels: tuple[str, ...]


@dataclass(frozen=True)
class CountModel:
    """One model of the family, with its data.

    events : int64[week], what is counted
    columns : float64[week, k], covariates in the order of `names`
    groups : partially pooled effects
    is_exciting : whether past events raise the rate
    n_train : weeks that enter the density; the rest is what a forecast is scored on
    """

    id: str
    label: str
    events: Counts
    columns: F8
    names: tuple[str, ...]
    groups: tuple[Group, ...] = ()
    is_exciting: bool = False
    n_train: int = -1

    @property
    def trained(self) -> int:
        """Weeks that enter the density."""
        return len(self.events) if self.n_train < 0 else self.n_train

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the unconstrained vector, in its order."""
        names = ["log_base", "log_size", *(f"b:{n}" for n in self.names)]
        for group in self.groups:
            names += [f"log_sd:{group.name}", *(f"z:{group.name}:{x}" for x in group.labels)]
        if self.is_exciting:
            names += ["logit_branching", "log_half_life"]
        return tuple(names)

    def start(self) -> F8:
        """A sane place to begin: the mean rate, no effects."""
        x = np.zeros(len(self.parameters))
        mean = max(0.02, float(self.events[: self.trained].mean()))
        x[0], x[1] = np.log(mean), SIZE_PRIOR[0]
        if self.is_exciting:
            x[0] -= 0.5
            x[-2:] = BRANCHING_PRIOR[0], HALF_LIFE_PRIOR[0]
        return x

    # --- the rate ------------------------------------------------------------------------------

    def rates(self, x: F8) -> F8:
        """Rate of every week for one vector, past events as they were."""
        rate = self.background(x)
        if self.is_exciting:
            half_life = float(np.exp(x[-1]))
            rate = rate + expit(x[-2]) * excitation(self.events, half_life)
        return np.minimum(rate, MOST_RATE)

    def background(self, x: F8) -> F8:
        """The part of the rate that does not come from past events."""
        return np.exp(np.minimum(self._score(x), np.log(MOST_RATE)))

    def _score(self, x: F8) -> F8:
        return np.asarray(x[0] + self._setting.matrix @ self._weights(x))

    def _weights(self, x: F8) -> F8:
        """What each column of the design matrix is multiplied with: effects, then groups."""
        at = 2 + len(self.names)
        parts = [x[2:at]]
        for group in self.groups:
            n = len(group.labels)
            z = x[at + 1 : at + 1 + n]
            parts.append(np.exp(x[at]) * (z - z.mean()))
            at += 1 + n
        return np.concatenate(parts)

    def effects(self, group: Group, draws: F8) -> dict[str, F8]:
        """Log effect of each member of a group, draw by draw."""
        at = self.parameters.index(f"log_sd:{group.name}")
        z = draws[:, at + 1 : at + 1 + len(group.labels)]
        found = np.exp(draws[:, at : at + 1]) * (z - z.mean(axis=1, keepdims=True))
        return dict(zip(group.labels, found.T, strict=True))

    @cached_property
    def _setting(self) -> _Setting:
        return _setting_of(self)

    # --- the density ---------------------------------------------------------------------------

    def log_density(self, x: F8) -> tuple[float, F8]:
        """Log posterior density of the unconstrained vector and its gradient."""
        made, n = self._setting, self.trained
        prior, slope = self._log_prior(x)
        eta = x[0] + made.matrix[:n] @ self._weights(x)
        if eta.max(initial=-np.inf) > np.log(MOST_RATE):
            return -np.inf, slope
        background = np.exp(eta)
        rate = background
        if self.is_exciting:
            branching, half_life = expit(x[-2]), float(np.exp(x[-1]))
            memory, memory_slope = _excitation_and_slope(made.series[:n], half_life)
            rate = background + branching * memory
        size = float(np.exp(x[1]))
        value, by_rate, by_size = _log_likelihood(made, rate, size)
        slope[1] += by_size * size
        self._pass_back(x, by_rate * background, slope)
        if self.is_exciting:
            slope[-2] += float(by_rate @ memory) * branching * (1.0 - branching)
            slope[-1] += float(by_rate @ memory_slope) * branching * half_life
        return prior + value, slope

    def _pass_back(self, x: F8, by_eta: F8, slope: F8) -> None:
        """Add to the gradient what comes through the score."""
        slope[0] += by_eta.sum()
        by_weight = by_eta @ self._setting.matrix[: len(by_eta)]
        k = len(self.names)
        slope[2 : 2 + k] += by_weight[:k]
        at, column = 2 + k, k
        for group in self.groups:
            n = len(group.labels)
            sums, sd = by_weight[column : column + n], float(np.exp(x[at]))
            centred = sums - sums.mean()
            slope[at] += sd * float(centred @ x[at + 1 : at + 1 + n])
            slope[at + 1 : at + 1 + n] += sd * centred
            at, column = at + 1 + n, column + n

    def _log_prior(self, x: F8) -> tuple[float, F8]:
        made = self._setting
        z = (x - made.mean) / made.sd
        value = -0.5 * float((z**2)[~made.is_log_sd].sum())
        slope = np.where(made.is_log_sd, 0.0, -z / made.sd)
        width = np.exp(x[made.is_log_sd])  # half-normal of width 1, on the log scale
        value += float((-0.5 * width**2 + x[made.is_log_sd]).sum())
        slope[made.is_log_sd] = 1.0 - width**2
        return value, slope

    # --- draws ---------------------------------------------------------------------------------

    def draw_prior(self, rng: np.random.Generator) -> F8:
        """One vector from the prior."""
        made = self._setting
        x = rng.normal(made.mean, made.sd)
        x[made.is_log_sd] = np.log(np.abs(rng.normal(size=int(made.is_log_sd.sum()))))
        return np.asarray(x)

    def simulate(
        self, draws: F8, rng: np.random.Generator, first: int = 0, until: int | None = None
    ) -> Counts:
        """Counts from week `first` on, one series a vector; weeks before are the record's own.

        Returns
        -------
        int64[draw, until - first]
        """
        last = len(self.events) if until is None else until
        background = np.array([self.background(x) for x in draws])[:, first:last]
        size = np.exp(draws[:, 1])
        if not self.is_exciting:
            return _draw_counts(background, size[:, None], rng)
        branching, keep = expit(draws[:, -2]), 2.0 ** (-1.0 / np.exp(draws[:, -1]))
        memory = np.array(
            [excitation(self.events[: first + 1], h)[first] for h in np.exp(draws[:, -1])]
        )
        found = np.empty(background.shape, np.int64)
        for t in range(background.shape[1]):
            rate = np.minimum(MOST_RATE, background[:, t] + branching * memory)
            found[:, t] = _draw_counts(rate, size, rng)
            memory = keep * memory + (1.0 - keep) * found[:, t]
        return found

    def pointwise(self, draws: F8) -> F8:
        """Log chance of each week's count given those before it: float64[draw, week]."""
        return np.array([log_pmf(self.events, self.rates(x), float(np.exp(x[1]))) for x in draws])


@dataclass(frozen=True, slots=True)
class _Setting:
    """What does not change from draw to draw.

    matrix : float64[week, column], covariates and a column of 0 and 1 for each member of a group
    mean, sd, is_log_sd : the prior by parameter, and which are logs of a half-normal width
    series : float64[week], the counts
    counts : those that are trained on; passed[j], weeks with more than j events; seen, weeks with
        any; constant, the part of the log density that no parameter changes
    """

    matrix: F8
    mean: F8
    sd: F8
    is_log_sd: NDArray[np.bool_]
    series: F8
    counts: F8
    passed: F8
    seen: Counts
    constant: float


def _setting_of(model: CountModel) -> _Setting:
    names = model.parameters
    mean, sd = np.zeros(len(names)), np.ones(len(names))
    mean[0], sd[0] = BASE_PRIOR
    mean[1], sd[1] = SIZE_PRIOR
    sd[2 : 2 + len(model.names)] = EFFECT_SD
    if model.is_exciting:
        mean[-2], sd[-2] = BRANCHING_PRIOR
        mean[-1], sd[-1] = HALF_LIFE_PRIOR
    members = [g.place[:, None] == np.arange(len(g.labels)) for g in model.groups]
    counts = model.events[: model.trained]
    passed = np.bincount(counts, minlength=1)[::-1].cumsum()[::-1][1:]
    return _Setting(
        matrix=np.column_stack([model.columns, *members]).astype(np.float64),
        mean=mean,
        sd=sd,
        is_log_sd=np.array([n.startswith("log_sd:") for n in names]),
        series=model.events.astype(np.float64),
        counts=counts.astype(np.float64),
        passed=passed.astype(np.float64),
        seen=np.flatnonzero(counts),
        constant=-float(gammaln(counts + 1.0).sum()),
    )


def excitation(events: Counts, half_life: float) -> F8:
    """Weighted mean of past counts, the last weeks most; nothing is remembered at the start."""
    keep = 2.0 ** (-1.0 / half_life)
    return np.asarray(lfilter([0.0, 1.0 - keep], [1.0, -keep], events.astype(np.float64)))


def _excitation_and_slope(series: F8, half_life: float) -> tuple[F8, F8]:
    """The same and its derivative by the half-life."""
    keep = 2.0 ** (-1.0 / half_life)
    memory = np.asarray(lfilter([0.0, 1.0 - keep], [1.0, -keep], series))
    by_keep = np.asarray(lfilter([0.0, 1.0], [1.0, -keep], memory - series))
    return memory, by_keep * (keep * np.log(2.0) / half_life**2)


def log_pmf(counts: Counts, rate: F8, size: float) -> F8:
    """Log chance of counts under the negative binomial of this mean and size."""
    total = np.log(rate + size)
    return np.asarray(
        gammaln(counts + size)
        - gammaln(size)
        - gammaln(counts + 1.0)
        + size * (np.log(size) - total)
        + counts * (np.log(rate) - total)
    )


def _log_likelihood(made: _Setting, rate: F8, size: float) -> tuple[float, F8, float]:
    """Sum of log chances, its slope by each rate and by the size.

    Counts are small, so ratios of gamma functions are sums over how many weeks passed each count.
    """
    counts, n = made.counts, len(made.counts)
    steps = size + np.arange(len(made.passed))
    total = rate + size
    log_total = np.log(total)
    share = (counts + size) / total
    value = (
        made.constant
        + float(made.passed @ np.log(steps))
        + n * size * np.log(size)
        + float(counts[made.seen] @ np.log(rate[made.seen]))
        - float((counts + size) @ log_total)
    )
    by_size = (
        float((made.passed / steps).sum())
        + n * (np.log(size) + 1.0)
        - float(log_total.sum() + share.sum())
    )
    return value, counts / rate - share, by_size


def _draw_counts(rate: F8, size: F8, rng: np.random.Generator) -> Counts:
    """Negative binomial counts, as a Poisson law of a gamma rate."""
    return np.asarray(rng.poisson(rng.gamma(size, rate / size, size=rate.shape)), np.int64)


def columns_of(
    named: Sequence[tuple[str, NDArray[np.bool_]]], n: int
) -> tuple[F8, tuple[str, ...]]:
    """Covariates of 0 and 1 side by side, with their names."""
    if not named:
        return np.zeros((n, 0)), ()
    return np.column_stack([flags.astype(np.float64) for _, flags in named]), tuple(
        name for name, _ in named
    )
