"""Historical moments of crises: how often, how long, how far they went (H7 to H10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from openchannel.calibration.record_moment import (
    Moment,
    median_interval,
    rate_moment,
    share_moment,
    years_between,
)
from openchannel.evidence import Entry, Record

__all__ = ["crisis_moments"]

_SINCE = dt.date(1990, 1, 1)
_FORCE, _GENERAL_WAR = 4, 6  # rungs


def crisis_moments(record: Record, end: dt.date) -> list[Moment]:
    """H7 to H10."""
    every = [e for e in record.entries("crises") if e.first is not None]
    recent = [e for e in every if e.first is not None and e.first >= _SINCE]
    coded = [e for e in every if "icb14" in e["sources"] and 1990 <= (e.first or end).year <= 2017]
    wars = _reached(every, _GENERAL_WAR)
    return [
        *_how_often(coded, recent, end),
        *_how_far(coded, recent),
        *_how_long(coded),
        share_moment("H10", "General wars per crisis, since 1953", wars, len(every)),
    ]


def _how_often(coded: Sequence[Entry], recent: Sequence[Entry], end: dt.date) -> list[Moment]:
    unit = "a decade"
    return [
        rate_moment(
            "H7", "Crises a decade, 1990-2017, as coded by ICB", len(coded), 2.8, unit=unit
        ),
        rate_moment(
            "H7.all",
            "Crises a decade, 1990 on, every row",
            len(recent),
            years_between(_SINCE, end) / 10,
            "some rows lie inside others and some crises have no ICB entry",
            unit,
        ),
    ]


def _how_far(coded: Sequence[Entry], recent: Sequence[Entry]) -> list[Moment]:
    return [
        share_moment(
            "H8",
            "Share of ICB crises that reached the use of force",
            _reached(coded, _FORCE),
            len(coded),
            "peak rung 4 or more",
        ),
        share_moment(
            "H8.all",
            "Share of all crises since 1990 that reached the use of force",
            _reached(recent, _FORCE),
            len(recent),
        ),
    ]


def _reached(crises: Sequence[Entry], rung: int) -> int:
    return sum(e["peak_rung"] >= rung for e in crises)


def _how_long(coded: Sequence[Entry]) -> list[Moment]:
    days = [(e.last - e.first).days + 1 for e in coded if e.first and e.last]
    low, high = np.percentile(days, [25, 75]) if days else (np.nan, np.nan)
    weeks = [d / 7 for d in days]
    return [
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
            float(high / low) if days and low else None,
            "ratio",
            len(days),
        ),
    ]
