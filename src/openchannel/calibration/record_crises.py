"""Historical moments of crises: how often, how long, how far they went (H7 to H10)."""

from __future__ import annotations

import datetime as dt

import numpy as np

from openchannel.calibration.record_moment import (
    Moment,
    median_interval,
    rate_moment,
    share_moment,
    years_between,
)
from openchannel.evidence import Record

__all__ = ["crisis_moments"]


def crisis_moments(record: Record, end: dt.date) -> list[Moment]:
    """H7 to H10."""
    every = [e for e in record.entries("crises") if e.first is not None]
    coded = [e for e in every if "icb14" in e["sources"] and 1990 <= (e.first or end).year <= 2017]
    recent = [e for e in every if e.first is not None and e.first >= dt.date(1990, 1, 1)]
    lengths = [(e.last - e.first).days + 1 for e in coded if e.first and e.last]
    lethal = sum(e["peak_rung"] >= 4 for e in coded)
    decade = "a decade"
    low, high = np.percentile(lengths, [25, 75]) if lengths else (np.nan, np.nan)
    weeks = [days / 7 for days in lengths]
    return [
        rate_moment(
            "H7", "Crises a decade, 1990-2017, as coded by ICB", len(coded), 2.8, unit=decade
        ),
        rate_moment(
            "H7.all",
            "Crises a decade, 1990 on, every row",
            len(recent),
            years_between(dt.date(1990, 1, 1), end) / 10,
            "some rows lie inside others and some crises have no ICB entry",
            decade,
        ),
        share_moment(
            "H8",
            "Share of ICB crises that reached the use of force",
            lethal,
            len(coded),
            "peak rung 4 or more",
        ),
        share_moment(
            "H8.all",
            "Share of all crises since 1990 that reached the use of force",
            sum(e["peak_rung"] >= 4 for e in recent),
            len(recent),
        ),
        Moment(
            "H9",
            "Crisis length, median in weeks",
            float(np.median(weeks)) if weeks else None,
            "weeks",
            len(weeks),
            *median_interval(weeks),
            "binomial 95 % of the median",
            "days of the record, first and last counted; ICB's own day codes differ by up to 31",
        ),
        Moment(
            "H9.spread",
            "Crisis length, third quartile over first",
            float(high / low) if lengths and low else None,
            "ratio",
            len(lengths),
        ),
        share_moment(
            "H10",
            "General wars per crisis, since 1953",
            sum(e["peak_rung"] >= 6 for e in every),
            len(every),
        ),
    ]
