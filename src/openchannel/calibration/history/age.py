"""How old the evidence is, and what that does to what it measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from openchannel.domain import DAYS_A_YEAR

__all__ = ["evidence_age"]


def evidence_age(evidence: Mapping[str, Any], day: dt.date) -> dict[str, Any]:
    """Days since the record ends, events that it would by now have seen, and where that puts rates.

    The events that are missing are taken from every stretch of the same length since 2012: their
    middle 90 %. `rate_low` and `rate_high` are the events a year since 2012, were the missing
    stretch as calm or as busy as that. Beyond the length of the record nothing is said.
    """
    end = dt.date.fromisoformat(evidence["end"])
    days = max(0, (day - end).days)
    weekly = np.asarray(evidence["weekly_since_2012"], np.float64)
    weeks = days // 7
    found: dict[str, Any] = {
        "as_of": day.isoformat(),
        "end": end.isoformat(),
        "days": days,
        "last_contact": evidence["last_contact"],
        "rate": _yearly(weekly.sum(), len(weekly)),
    }
    if not 1 <= weeks < len(weekly) // 2:
        return found
    sums = np.convolve(weekly, np.ones(weeks), "valid")
    low, high = (float(q) for q in np.percentile(sums, [5, 95]))
    total, n = weekly.sum(), len(weekly) + weeks
    return found | {
        "unseen_low": low,
        "unseen_high": high,
        "rate_low": _yearly(total + low, n),
        "rate_high": _yearly(total + high, n),
    }


def _yearly(events: float, weeks: int) -> float:
    return float(events) * DAYS_A_YEAR / 7 / weeks if weeks else float("nan")
