"""One historical moment and the exact intervals that go with counts, shares and lengths.

Which moments there are, and from which rows, is the business of `record`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from openchannel.calibration.record_targets import Target, target
from openchannel.domain import DAYS_A_YEAR

__all__ = [
    "TOO_EARLY",
    "Moment",
    "autocorrelation",
    "mean_moment",
    "median_interval",
    "poisson_interval",
    "rate_moment",
    "share_interval",
    "share_moment",
    "years_between",
]

TOO_EARLY = "the record ends before the period of this moment"


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment as the record gives it.

    `n` is the number of events, spells or cases behind it; `low` and `high` are the 95 % interval
    named in `interval`. `value` is `None` where the record holds no such number, and the note says
    what is missing.
    """

    id: str
    label: str
    value: float | None
    unit: str
    n: int
    low: float | None = None
    high: float | None = None
    interval: str = ""
    note: str = ""

    @property
    def target(self) -> Target | None:
        """What the specification asks of the simulation, if anything."""
        return target(self.id)


def poisson_interval(n: int, exposure: float = 1.0) -> tuple[float, float]:
    """Exact 95 % interval of a rate, after `n` events in `exposure`.

    Examples
    --------
    >>> low, high = poisson_interval(11, 2.8)
    >>> round(low, 1), round(high, 1)
    (2.0, 7.0)
    """
    low = _waiting(n, 0.025) if n else 0.0
    return low / exposure, _waiting(n + 1, 0.975) / exposure


def share_interval(k: int, n: int) -> tuple[float, float]:
    """Exact 95 % interval of a share, `k` of `n` (Clopper and Pearson)."""
    low = float(special.betaincinv(k, n - k + 1, 0.025)) if k else 0.0
    high = float(special.betaincinv(k + 1, n - k, 0.975)) if k < n else 1.0
    return low, high


def _waiting(n: int, share: float) -> float:
    """Quantile of the waiting time for `n` events of rate one, a gamma law."""
    return float(special.gammaincinv(n, share))


def autocorrelation(counts: NDArray[np.int64], lag: int) -> float:
    """Correlation of a series with itself `lag` steps later; NaN if it does not vary.

    The mean product over the pairs there are, by the variance of the whole series.
    """
    centred = counts - counts.mean()
    variance = float((centred**2).mean())
    if variance == 0.0 or lag >= len(counts):
        return float("nan")
    return float((centred[lag:] * centred[:-lag]).mean()) / variance


def rate_moment(
    moment: str, label: str, n: int, years: float, note: str = "", unit: str = "a year"
) -> Moment:
    """A rate, `n` events in `years`, with its exact Poisson interval."""
    if years <= 0:
        return Moment(moment, label, None, unit, 0, note=TOO_EARLY)
    low, high = poisson_interval(n, years)
    return Moment(moment, label, n / years, unit, n, low, high, "exact Poisson 95 %", note)


def share_moment(moment: str, label: str, k: int, n: int, note: str = "") -> Moment:
    """A share, `k` of `n` cases, with its exact interval; without cases it has no value."""
    if not n:
        return Moment(moment, label, None, "share", 0, note="no cases in the record")
    low, high = share_interval(k, n)
    return Moment(moment, label, k / n, "share", n, low, high, "Clopper-Pearson 95 %", note)


def mean_moment(
    moment: str, label: str, values: Sequence[float], note: str = "", unit: str = "years"
) -> Moment:
    """A mean, with the exact interval of an exponential mean where there are two values or more."""
    n = len(values)
    if not n:
        return Moment(moment, label, None, unit, 0, note=f"no cases in the record. {note}".strip())
    total = float(sum(values))
    low, high = total / _waiting(n, 0.975), total / _waiting(n, 0.025)
    return Moment(moment, label, total / n, unit, n, low, high, "exact exponential 95 %", note)


def years_between(start: dt.date, end: dt.date) -> float:
    """Years from a day to another, both counted."""
    return ((end - start).days + 1) / DAYS_A_YEAR


def median_interval(values: Sequence[float]) -> tuple[float | None, float | None]:
    """Order statistics that hold the median with at least 95 %; nothing below six values."""
    n = len(values)
    k = int(np.searchsorted(special.bdtr(np.arange(n + 1), n, 0.5), 0.025))
    if k < 1:
        return None, None
    ordered = sorted(values)
    return ordered[k - 1], ordered[n - k]
