"""Draws from a density by a kept sampler, with the measures that say whether to trust them.

nutpie's No-U-Turn sampler and ArviZ's R-hat, effective sizes and PSIS-LOO, both known here alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from openchannel.extras import BAYES

__all__ = [
    "Chains",
    "Density",
    "Diagnostics",
    "Loo",
    "Sizes",
    "library",
    "psis_loo",
    "sample",
    "sample_well",
]

F8 = NDArray[np.float64]

#: What draws must reach to be believed (Vehtari and others 2021).
WORST_R_HAT = 1.01
LEAST_ESS = 100.0  # for each chain
MOST_DIVERGENCES = 0
#: Smaller steps than usual: effects of few groups have a narrow neck.
TARGET_ACCEPT = 0.95
#: Of a second attempt.
_STRICTER_ACCEPT = 0.99
#: Above this the importance weights of a week cannot be trusted (Vehtari, Gelman, Gabry 2017).
WORST_PARETO_K = 0.7


@dataclass(frozen=True, slots=True)
class Sizes:
    """Chains, and draws of each after as many as it takes to tune."""

    chains: int = 4
    tune: int = 500
    draws: int = 800


class Density(Protocol):
    """What is sampled: a log density with gradient, and a place to begin."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the vector."""

    def log_density(self, x: F8, /) -> tuple[float, F8]:
        """Value and gradient."""

    def start(self) -> F8:
        """A vector near which chains begin."""


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Whether chains agree and are long enough; `passes` is the verdict.

    least_ess : of the worst parameter, all chains together
    draws : of all chains together
    attempts : 2 where a first attempt failed and these are of the second
    """

    worst_r_hat: float
    least_ess: float
    divergences: int
    draws: int
    chains: int = 4
    attempts: int = 1

    @property
    def passes(self) -> bool:
        """R-hat, effective size and divergences all within their limits."""
        return (
            self.worst_r_hat <= WORST_R_HAT
            and self.least_ess >= LEAST_ESS * self.chains
            and self.divergences <= MOST_DIVERGENCES
        )

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        return {**asdict(self), "passes": self.passes}


@dataclass(frozen=True, slots=True)
class Chains:
    """Draws, float64[chain, draw, parameter], with their diagnostics."""

    values: F8
    parameters: tuple[str, ...]
    diagnostics: Diagnostics

    @property
    def flat(self) -> F8:
        """All draws, float64[chain * draw, parameter]."""
        return self.values.reshape(-1, self.values.shape[-1])

    def named(self, name: str) -> F8:
        """Draws of one parameter."""
        return self.flat[:, self.parameters.index(name)]

    def error(self, values: F8) -> float:
        """Standard error of the mean of something computed draw by draw."""
        shaped = values.reshape(self.values.shape[:2])
        size = float(library("arviz").ess(shaped))
        return float(values.std(ddof=1) / np.sqrt(size))


@dataclass(frozen=True, slots=True)
class Loo:
    """Expected log score of a week left out, by Pareto-smoothed importance sampling.

    pointwise : float64[week]; elpd : their sum; error : its standard error over weeks
    unstable : weeks whose weights cannot be trusted
    """

    elpd: float
    error: float
    effective_parameters: float
    unstable: int
    pointwise: F8


def library(name: str) -> Any:
    """A module of the optional part `bayes`.

    Raises
    ------
    UserError
        The library is not installed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ArviZ announces its next release at each import
        return BAYES.module(name)


def sample_well(density: Density, seed: int, sizes: Sizes | None = None) -> Chains:
    """As `sample`; chains that fail are drawn anew, twice as long and in smaller steps, once.

    Draws that could not reach the least effective size even if independent are left as they are.
    """
    chosen = sizes or Sizes()
    chains = sample(density, seed, chosen)
    if chains.diagnostics.passes or chosen.draws < LEAST_ESS:
        return chains
    longer = replace(chosen, tune=2 * chosen.tune, draws=2 * chosen.draws)
    again = sample(density, seed, longer, accept=_STRICTER_ACCEPT)
    return replace(again, diagnostics=replace(again.diagnostics, attempts=2))


def sample(
    density: Density,
    seed: int,
    sizes: Sizes | None = None,
    cores: int = 2,
    accept: float = TARGET_ACCEPT,
) -> Chains:
    """Draws from a density; the same seed gives the same draws for any number of cores.

    accept : share of proposals that the sampler tunes its steps to accept
    """
    chosen = sizes or Sizes()
    nutpie = library("nutpie")
    model = _model(density)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trace = nutpie.sample(
            model,
            draws=chosen.draws,
            tune=chosen.tune,
            chains=chosen.chains,
            cores=cores,
            seed=seed,
            target_accept=accept,
            progress_bar=False,
            save_warmup=False,
        )
    values = np.asarray(trace.posterior["x"].to_numpy(), np.float64)
    divergences = int(trace.sample_stats["diverging"].to_numpy().sum())
    return Chains(values, density.parameters, diagnose(values, divergences))


def diagnose(values: F8, divergences: int = 0) -> Diagnostics:
    """R-hat (rank-normalised, split) and the lesser of bulk and tail effective size, the worst."""
    arviz = library("arviz")
    n = values.shape[-1]
    r_hats = [float(arviz.rhat(values[:, :, i])) for i in range(n)]
    sizes = [
        min(float(arviz.ess(values[:, :, i], method=m)) for m in ("bulk", "tail")) for i in range(n)
    ]
    chains, draws = values.shape[:2]
    return Diagnostics(max(r_hats), min(sizes), divergences, chains * draws, chains)


def _model(density: Density) -> Any:
    compiled = library("nutpie.compiled_pyfunc")
    n = len(density.parameters)

    def make_log_density() -> Callable[..., tuple[float, F8]]:
        return density.log_density

    def make_expand(_seed: int, _other: int, _chain: int) -> Callable[..., dict[str, F8]]:
        return lambda x: {"x": x}

    def make_start(seed: int) -> F8:
        return density.start() + np.random.default_rng(seed).normal(0.0, 0.2, n)

    return compiled.from_pyfunc(
        ndim=n,
        make_logp_fn=make_log_density,
        make_expand_fn=make_expand,
        expanded_dtypes=[np.dtype(np.float64)],
        expanded_shapes=[(n,)],
        expanded_names=["x"],
        make_initial_point_fn=make_start,
    )


def psis_loo(pointwise: F8) -> Loo:
    """Leave-one-out log score from log chances by draw and week, float64[chain, draw, week]."""
    arviz = library("arviz")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # weeks that cannot be trusted are counted below
        data = arviz.from_dict(
            posterior={"x": pointwise[:, :, 0]}, log_likelihood={"events": pointwise}
        )
        found = arviz.loo(data, pointwise=True)
    return Loo(
        float(found.elpd_loo),
        float(found.se),
        float(found.p_loo),
        int((np.asarray(found.pareto_k) > WORST_PARETO_K).sum()),
        np.asarray(found.loo_i, np.float64),
    )
