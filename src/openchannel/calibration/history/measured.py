"""What the record measures of parameters of grade A, beside what the case holds.

Posteriors of the rate, of self-excitation and of severities. Effects of ties are not among them:
the record cannot tell them from timing, and nothing here touches one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit

from openchannel.calibration.history.counts import CountModel, Group
from openchannel.calibration.history.data import History
from openchannel.calibration.history.sampler import Chains, Diagnostics, Sizes, sample_well
from openchannel.domain import Case, Parameter
from openchannel.ensemble.design import quantile

__all__ = ["MODERN_YEAR", "Posterior", "SeverityPosterior", "posteriors", "severity_posterior"]

F8 = NDArray[np.float64]

MODERN_YEAR = 2012
"""The years that the parameters of the case are about."""

SEVERITIES = (2, 3, 4, 5)
_MEAN_TENSION = -0.19  # what the model's centre of tension is set to hold (A2)


@dataclass(frozen=True, slots=True)
class Posterior:
    """One parameter: the value and the ends of the case, and what the record gives.

    error : Monte Carlo error of the mean; low, high : 95 %; least, most : 99 %, the ends of a range
    """

    key: str
    label: str
    unit: str
    held: float
    held_low: float
    held_high: float
    mean: float
    error: float
    low: float
    high: float
    least: float
    most: float
    note: str

    @property
    def holds_value(self) -> bool:
        """Whether the 95 % interval of the record holds the value of the case."""
        return self.low <= self.held <= self.high

    @property
    def is_within_range(self) -> bool:
        """Whether the record's mean lies within the range of the case."""
        return self.held_low <= self.mean <= self.held_high

    @property
    def verdict(self) -> str:
        """One word for the two together."""
        if self.holds_value:
            return "agrees"
        return "differs, within the range" if self.is_within_range else "outside the range"


@dataclass(frozen=True, slots=True)
class SeverityPosterior:
    """Shares of severities 2 to 5: Dirichlet from a flat prior and the counts of a coding."""

    coding: str
    counts: tuple[int, ...]
    held: tuple[float, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    @property
    def concentration(self) -> float:
        """The sum of the law's weights."""
        return float(sum(self.counts) + len(self.counts))

    @property
    def agrees(self) -> tuple[bool, ...]:
        """Whether each interval holds the value of the case."""
        return tuple(a <= h <= b for a, h, b in zip(self.low, self.held, self.high, strict=True))


def severity_posterior(case: Case, history: History, coding: str) -> SeverityPosterior:
    """Shares since 2012 under a coding."""
    counts = history.counts[history.year >= MODERN_YEAR].sum(axis=0)
    weights = counts + 1.0
    rest = weights.sum() - weights
    return SeverityPosterior(
        coding,
        tuple(int(c) for c in counts),
        tuple(float(case.parameters["p_sev"][str(s)]) for s in SEVERITIES),
        tuple(float(m) for m in weights / weights.sum()),
        tuple(float(q) for q in stats.beta.ppf(0.025, weights, rest)),
        tuple(float(q) for q in stats.beta.ppf(0.975, weights, rest)),
    )


def posteriors(
    case: Case, history: History, seed: int, sizes: Sizes
) -> tuple[list[Posterior], Diagnostics]:
    """Rate, campaigns and self-excitation since 2012, with years in the place of campaigns.

    In the simulator slow changes are campaigns; here they are partially pooled effects of years,
    so that self-excitation is what is left within a year.
    """
    modern = np.flatnonzero(history.year >= MODERN_YEAR)
    years = history.year[modern] - MODERN_YEAR
    model = CountModel(
        "measured",
        "years and self-excitation",
        history.events(2)[modern],
        np.zeros((len(modern), 0)),
        (),
        (Group("year", years, tuple(str(MODERN_YEAR + y) for y in range(int(years.max()) + 1))),),
        is_exciting=True,
    )
    chains = sample_well(model, seed, sizes)
    made = _draws(case, model, chains)
    return [_posterior(case, key, x, chains, note) for key, (x, note) in made.items()], (
        chains.diagnostics
    )


def _draws(case: Case, model: CountModel, chains: Chains) -> Mapping[str, tuple[F8, str]]:
    background = np.array([model.background(x) for x in chains.flat])
    value = {k: case.parameters[k].value for k in ("m_low", "m_high", "beta_theta")}
    campaigns = (value["m_low"] + 1.0 + value["m_high"]) / 3.0
    tension = float(np.exp(value["beta_theta"] * _MEAN_TENSION))
    yearly = np.sort(
        [
            background[:, model.groups[0].place == y].mean(axis=1)
            for y in range(len(model.groups[0].labels))
        ],
        axis=0,
    )
    third = len(yearly) // 3
    low, high = yearly[:third].mean(axis=0), yearly[-third:].mean(axis=0)
    middle = yearly[third:-third].mean(axis=0)
    return {
        "lam0": (
            background.mean(axis=1) / campaigns / tension,
            "mean rate that past events do not explain, over the case's mean campaign and tension",
        ),
        "n_H": (expit(chains.named("logit_branching")), "years take up what changes slowly"),
        "h_H": (np.exp(chains.named("log_half_life")), "years take up what changes slowly"),
        "m_low": (low / middle, "calmest third of the years over the middle third"),
        "m_high": (high / middle, "busiest third of the years over the middle third"),
    }


def _posterior(case: Case, key: str, draws: F8, chains: Chains, note: str) -> Posterior:
    parameter = case.parameters[key]
    low, high = _ends(parameter)
    q = [float(x) for x in np.percentile(draws, [2.5, 97.5, 0.5, 99.5])]
    return Posterior(
        key=key,
        label=parameter.label,
        unit=parameter.unit,
        held=float(parameter.value),
        held_low=low,
        held_high=high,
        mean=float(draws.mean()),
        error=chains.error(draws),
        low=q[0],
        high=q[1],
        least=q[2],
        most=q[3],
        note=note,
    )


def _ends(parameter: Parameter) -> tuple[float, float]:
    """Where the range of a parameter ends; its value, where it has none."""
    laws = [d.law for d in parameter.draws if d.how == "value" and d.law is not None]
    if not laws:
        return parameter.value, parameter.value
    low, high = quantile(laws[0], np.array([0.0005, 0.9995]))
    return float(low), float(high)
