"""Historical moments of provocations: how many, how grave, and how they cluster (H1 to H6)."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration.record_moment import (
    TOO_EARLY,
    Moment,
    autocorrelation,
    rate_moment,
    share_moment,
    years_between,
)
from openchannel.evidence import Record, Selection, selected_provocations

__all__ = ["provocation_moments"]

_MODERN = dt.date(2012, 1, 1)
_MODERN_MONDAY = dt.date(2012, 1, 2)
_SEVERITIES = (2, 3, 4, 5)
_CLUSTERED = "events come in campaigns, so an exact Poisson interval is too narrow"


def provocation_moments(record: Record, end: dt.date) -> list[Moment]:
    """H1 to H6."""
    if years_between(_MODERN_MONDAY, end) < 1:
        return [Moment("H1", "Provocations a year, 2012 on", None, "a year", 0, note=TOO_EARLY)]
    weekly = record.weekly_provocations(_MODERN_MONDAY, end)[1]
    long_run = record.weekly_provocations(dt.date(1990, 1, 1), end)[1].sum(axis=1)
    total = weekly.sum(axis=1)
    by_severity = weekly.sum(axis=0)
    n = int(by_severity.sum())
    moments = [
        _period(record, "H1", "Provocations a year, 2012 on", _MODERN, end),
        _period(record, "H1.2019", "Provocations a year, May 2019 on", dt.date(2019, 5, 1), end),
        _period(record, "H1.2022", "Provocations a year, 2022 on", dt.date(2022, 1, 1), end),
    ]
    moments += [
        share_moment(f"H2.{s}", f"Share of severity {s}, 2012 on", int(by_severity[i]), n)
        for i, s in enumerate(_SEVERITIES)
    ]
    moments += [_spread("H3", "Weekly variance over mean, 2012 on", total)]
    moments += [_spread("H3.1990", "Weekly variance over mean, 1990 on", long_run)]
    moments += _autocorrelations(total)
    moments += [
        _annual(record, "H5", "Annual variance over mean, 2012 on", _MODERN.year, end),
        _annual(record, "H5.1990", "Annual variance over mean, 1990 on", 1990, end),
    ]
    spans = (
        ("H6.2012", "Severity 5 a year, 2012 to 2017", _MODERN, dt.date(2017, 12, 31)),
        ("H6.2022", "Severity 5 a year, 2022 on", dt.date(2022, 1, 1), end),
    )
    moments += [_period(record, i, label, a, b, 5) for i, label, a, b in spans]
    return moments


def _autocorrelations(weekly: NDArray[np.int64]) -> list[Moment]:
    half = 1.96 / float(np.sqrt(len(weekly)))
    values = {lag: autocorrelation(weekly, lag) for lag in (1, 2, 3, 4, 8)}
    return [
        Moment(
            f"H4.{lag}",
            f"Autocorrelation of weekly counts, {lag} weeks, 2012 on",
            value,
            "correlation",
            len(weekly),
            value - half,
            value + half,
            "95 % if weeks were independent",
            "" if lag in (1, 2, 4) else "the target asks for lags 1, 2 and 4",
        )
        for lag, value in values.items()
    ]


def _period(
    record: Record, moment: str, label: str, start: dt.date, end: dt.date, least: int = 2
) -> Moment:
    n = _events(record, start, end, least)
    return rate_moment(moment, label, n, years_between(start, end), _CLUSTERED)


def _events(record: Record, start: dt.date, end: dt.date, least: int = 2) -> int:
    """Events from one day to another, both counted."""
    return sum(start <= day <= end for day in _days(record, least))


def _days(record: Record, least: int = 2) -> list[dt.date]:
    """The day of each event of at least one severity."""
    return [d for d, _ in selected_provocations(record.entries("provocations"), Selection(least))]


def _spread(moment: str, label: str, counts: NDArray[np.int64]) -> Moment:
    mean = float(counts.mean())
    value = float(counts.var(ddof=1)) / mean if mean else None
    return Moment(moment, label, value, "ratio", len(counts))


def _annual(record: Record, moment: str, label: str, first: int, end: dt.date) -> Moment:
    last = end.year if end == dt.date(end.year, 12, 31) else end.year - 1  # whole years only
    by_year = Counter(day.year for day in _days(record))
    counts = np.array([by_year[year] for year in range(first, last + 1)], np.int64)
    if len(counts) < 2:
        return Moment(moment, label, None, "ratio", len(counts), note="fewer than two whole years")
    return _spread(moment, f"{label}, to {last}", counts)
