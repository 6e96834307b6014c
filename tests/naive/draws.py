"""Random variables by inversion of one uniform, and the moments that go with them.

Owns no stream and no parameter. The normal quantile is `statistics.NormalDist.inv_cdf`, which is
algorithm AS 241 (PPND16) of Wichura, the one that the kernel uses.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist

__all__ = [
    "capped_lognormal_mean",
    "categorical",
    "keep",
    "lognormal",
    "normal_cdf",
    "normal_quantile",
    "poisson",
    "weekly",
]

WEEKS_PER_YEAR = 52.0

normal_quantile = NormalDist().inv_cdf


def normal_cdf(x: float) -> float:
    """Standard normal probability of a value below `x`."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def weekly(rate_per_year: float) -> float:
    """Chance of at least one arrival in a week at an annual rate."""
    return 1.0 - math.exp(-rate_per_year / WEEKS_PER_YEAR)


@lru_cache(maxsize=256)
def keep(half_life_weeks: float) -> float:
    """Share of a stock left after one week."""
    return math.exp2(-1.0 / half_life_weeks)


def poisson(u: float, mean: float, stop: int) -> int:
    """The least n with `u < F(n)`, and never more than `stop`."""
    n, term = 0, math.exp(-mean)
    total = term
    while u >= total and n < stop:
        n += 1
        term *= mean / n
        total += term
    return n


def categorical(u: float, probabilities: Sequence[float]) -> int:
    """Index of the first cumulative probability above `u`; the last one takes what is left."""
    total = 0.0
    for index, p in enumerate(probabilities[:-1]):
        total += p
        if u < total:
            return index
    return len(probabilities) - 1


def lognormal(u: float, median: float, log_sd: float) -> float:
    """Log-normal value with this median and log standard deviation."""
    return median * math.exp(log_sd * normal_quantile(u))


@lru_cache(maxsize=256)
def capped_lognormal_mean(median: float, log_sd: float, cap: float) -> float:
    """Mean of `min(X, cap)` for a log-normal X, in closed form.

    `E[X; X < cap] = median e^{sd^2/2} Phi(z - sd)` with `z = ln(cap/median)/sd`.
    """
    z = math.log(cap / median) / log_sd
    below = median * math.exp(0.5 * log_sd**2) * normal_cdf(z - log_sd)
    return below + cap * (1.0 - normal_cdf(z))
