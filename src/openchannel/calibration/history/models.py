"""The models that are compared, and how: PSIS-LOO, forecasts of what was not yet known, checks.

Four models for each least severity: a constant rate; who governs, exercises and past contacts;
past events; and both. Contacts that come later enter none of them: who forecasts does not know
them. They belong to the event study.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from openchannel.calibration.history.counts import CountModel, Group, columns_of
from openchannel.calibration.history.data import Bin, History
from openchannel.calibration.history.sampler import (
    Chains,
    Diagnostics,
    Loo,
    Sizes,
    psis_loo,
    sample_well,
)
from openchannel.calibration.record_moment import autocorrelation

__all__ = [
    "LAGS",
    "ORIGINS",
    "Check",
    "Fit",
    "Forecast",
    "checks",
    "fit",
    "forecasts",
    "groups_of",
    "models_of",
]

F8 = NDArray[np.float64]
Counts = NDArray[np.int64]

#: Past contacts, near and farther: what is known when the week begins.
LAGS = (Bin(1, 4), Bin(5, 13))
#: Starts of the back-casts that the specification asks for.
ORIGINS = tuple(dt.date(y, 1, 1) for y in (1994, 2001, 2012, 2019))

_CHECK_DRAWS = 400


@dataclass(frozen=True, slots=True)
class Check:
    """A property of the record beside that of series drawn from the fitted model.

    low, high : middle 95 % of the drawn series
    """

    id: str
    label: str
    recorded: float
    low: float
    high: float

    @property
    def passes(self) -> bool:
        """Whether the record looks like a draw of the model in this respect."""
        return self.low <= self.recorded <= self.high


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model with all that decides whether it may be used."""

    model: CountModel
    chains: Chains
    loo: Loo
    checks: tuple[Check, ...]

    @property
    def passes(self) -> bool:
        """Whether the chains agree and the record looks like a draw of the model."""
        return self.chains.diagnostics.passes and all(c.passes for c in self.checks)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Log score of weeks that were not yet known, one week ahead, from what stood before an origin.

    scores : float64[week], log predictive chance of each week from `origin` to `until`
    diagnostics : of the shorter chains behind it
    """

    origin: dt.date
    until: dt.date
    scores: F8
    diagnostics: Diagnostics

    @property
    def total(self) -> float:
        """Sum over the weeks."""
        return float(self.scores.sum())


def groups_of(history: History) -> tuple[Group, ...]:
    """Who led there and who governed here, where the record has both."""
    return tuple(
        Group(name, place, labels)
        for name, place, labels in (
            ("leader", history.leader, history.leaders),
            ("administration", history.president, history.presidents),
        )
        if len(labels) > 1
    )


def models_of(history: History, tier: int) -> tuple[CountModel, ...]:
    """The four models of events of at least one severity."""
    named = [("exercise", history.exercise)]
    named += [(f"contact, {b.label}", history.near(b)) for b in LAGS]
    columns, names = columns_of(named, history.n_weeks)
    constant = CountModel(
        "constant", "constant rate", history.events(tier), np.zeros((history.n_weeks, 0)), ()
    )
    covered = replace(
        constant,
        id="covariates",
        label="leaders, administrations, exercises, past contacts",
        columns=columns,
        names=names,
        groups=groups_of(history),
    )
    return (
        constant,
        covered,
        replace(constant, id="exciting", label="self-exciting", is_exciting=True),
        replace(covered, id="both", label="both", is_exciting=True),
    )


def fit(model: CountModel, seed: int, sizes: Sizes) -> Fit:
    """A model fitted to every week, with its leave-one-out score and its checks."""
    chains = sample_well(model, seed, sizes)
    shape = chains.values.shape[:2]
    loo = psis_loo(model.pointwise(chains.flat).reshape(*shape, -1))
    return Fit(model, chains, loo, checks(model, chains, seed))


def checks(model: CountModel, chains: Chains, seed: int) -> tuple[Check, ...]:
    """Posterior predictive checks: whole series drawn anew from nothing, beside the record."""
    rng = np.random.default_rng([seed, 1])
    flat = chains.flat
    chosen = flat[np.linspace(0, len(flat) - 1, min(_CHECK_DRAWS, len(flat))).astype(int)]
    drawn = model.simulate(chosen, rng)
    return tuple(
        Check(
            name,
            label,
            statistic(model.events),
            *(float(q) for q in np.nanpercentile([statistic(s) for s in drawn], [2.5, 97.5])),
        )
        for name, label, statistic in _STATISTICS
    )


def _spread(counts: Counts) -> float:
    mean = counts.mean()
    return float(counts.var(ddof=1) / mean) if mean else float("nan")


def _annual(counts: Counts) -> float:
    years = len(counts) // 52
    return _spread(counts[: 52 * years].reshape(years, 52).sum(axis=1))


_STATISTICS: tuple[tuple[str, str, Callable[[Counts], float]], ...] = (
    ("mean", "events a week", lambda c: float(c.mean())),
    ("quiet", "share of weeks without any", lambda c: float((c == 0).mean())),
    ("most", "most in a week", lambda c: float(c.max())),
    ("spread", "weekly variance over mean", _spread),
    ("lag1", "autocorrelation, 1 week", lambda c: autocorrelation(c, 1)),
    ("lag8", "autocorrelation, 8 weeks", lambda c: autocorrelation(c, 8)),
    ("annual", "yearly variance over mean", _annual),
)


def forecasts(
    model: CountModel, history: History, seed: int, sizes: Sizes
) -> Iterator[tuple[Forecast, Chains]]:
    """Fits to the weeks before each origin, scored on the weeks up to the next one.

    Each week is forecast from the weeks before it, parameters from those before the origin. A
    leader or an administration that had not yet governed is drawn from the law of its group.
    """
    first = [history.week_of(o) + 1 for o in ORIGINS]
    spans = [*pairwise(first), (first[-1], history.n_weeks)]
    for i, (start, stop) in enumerate(spans):
        if not 104 <= start < stop:
            continue
        chains = sample_well(replace(model, n_train=start), seed + i, sizes)
        known = model.pointwise(chains.flat)[:, start:stop]
        scores = logsumexp(known, axis=0) - np.log(len(known))
        until = history.end if stop == history.n_weeks else ORIGINS[i + 1]
        yield Forecast(ORIGINS[i], until, np.asarray(scores), chains.diagnostics), chains


def block_error(values: Sequence[F8] | F8, block: int = 26) -> float:
    """Standard error of the sum of a series whose neighbours resemble each other, by half-years."""
    series = np.concatenate([np.asarray(v) for v in values]) if isinstance(values, list) else values
    series = np.asarray(series)
    sums = np.add.reduceat(series, np.arange(0, len(series), block))
    return float(sums.std(ddof=1) * np.sqrt(len(sums)))
