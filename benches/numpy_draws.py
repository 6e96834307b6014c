"""Random arrays and the small formulas that every step of the NumPy version uses."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Rng", "hazard", "keep", "lognormal", "poisson"]

Array = NDArray[Any]
Rng = np.random.Generator


def keep(half_life_weeks: float) -> float:
    """Share of a stock left after one week."""
    return float(2.0 ** (-1.0 / half_life_weeks))


def hazard(rate_per_year: float) -> float:
    """Chance of at least one arrival in a week at an annual rate."""
    return float(-np.expm1(-rate_per_year / 52.0))


def lognormal(rng: Rng, n: int, median: Any, log_sd: Any) -> Array:
    """`n` log-normal values with this median and log standard deviation."""
    return np.asarray(median * np.exp(log_sd * rng.standard_normal(n)))


def poisson(u: Array, mean: Array, stop: int) -> Array:
    """Counts by inversion for uniforms already known to lie above the chance of none."""
    count = np.ones(u.size)
    term = np.exp(-mean)
    left = u - term
    term *= mean
    left -= term
    more, number = np.flatnonzero(left >= 0.0), 1
    left, term, mean = left[more], term[more], mean[more]
    while more.size and number < stop:
        number += 1
        count[more] = number
        term = term * mean / number
        left = left - term
        on = left >= 0.0
        more, left, term, mean = more[on], left[on], term[on], mean[on]
    return count
