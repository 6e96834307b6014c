"""What the record alone says about the historical moments of the specification (E1).

Pure functions from a `Record`: each moment with its value, how many events stand behind it, an
exact interval where there is one, and a note where the record cannot give what the target asks.
Severities are those of the project's codebook. The targets and their bands stand in
`record_targets`, dialogue and provocations in `record_association`. Nothing here is tuned.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from openchannel.calibration.negotiations import CHANNELS, PERIODS
from openchannel.calibration.record_channels import channel_moments
from openchannel.calibration.record_crises import crisis_moments
from openchannel.calibration.record_moment import (
    TOO_EARLY,
    Moment,
    mean_moment,
    rate_moment,
    years_between,
)
from openchannel.calibration.record_provocations import provocation_moments
from openchannel.calibration.ties import RECEPTIVITY_RULE, historical_receptivity
from openchannel.domain import DAYS_A_YEAR
from openchannel.evidence import Record

__all__ = ["historical_moments"]

_TRAVEL_BAN = dt.date(2017, 9, 1)


def historical_moments(record: Record) -> list[Moment]:
    """Every moment that the record speaks to, in the order of the specification."""
    end = record.end
    if end is None:
        return []
    return [
        *provocation_moments(record, end),
        *crisis_moments(record, end),
        *channel_moments(record, end),
        *_agreements(record),
        *_detentions(record, end),
        *_closed(record, end),
        *_negotiations(record, end),
    ]


# --- H17 to H23 -------------------------------------------------------------------------------


def _agreements(record: Record) -> list[Moment]:
    senior = [
        e
        for e in record.entries("channel_spells")
        if e["channel"] == "SEN" and e.first and e.last and (e.last - e.first).days > 30
    ]
    chosen = [e for e in record.entries("agreements") if e["h18_set"] == "yes"]
    lives = [e["duration_days"] / DAYS_A_YEAR for e in chosen if e["duration_days"] is not None]
    span = f"least {min(lives):.2f}, most {max(lives):.2f}" if lives else ""
    median = f"median {np.median(lives):.2f}; " if lives else ""
    return [
        rate_moment(
            "H17",
            "Spells of senior talks a decade, 1994-2019",
            len(senior),
            2.6,
            "spells of the senior channel longer than a month stand in for rounds; one of them "
            "holds the Agreed Framework and the missile talks",
            "a decade",
        ),
        mean_moment(
            "H18",
            "Agreement lifetime, mean",
            lives,
            f"{median}{span}; half end early and some last eight years, so a constant hazard "
            "fits badly",
        ),
    ]


def _detentions(record: Record, end: dt.date) -> list[Moment]:
    days = [e.middle for e in record.entries("detentions")]
    eras = (
        ("H19", "Detentions a year, 1996-2016", dt.date(1996, 1, 1), dt.date(2016, 12, 31)),
        ("H19.1996", "Detentions a year, 1996-2008", dt.date(1996, 1, 1), dt.date(2008, 12, 31)),
        (
            "H19.2009",
            "Detentions a year, 2009 to the travel ban",
            dt.date(2009, 1, 1),
            _TRAVEL_BAN - dt.timedelta(days=1),
        ),
        ("H19.ban", "Detentions a year under the travel ban", _TRAVEL_BAN, end),
    )
    return [
        rate_moment(
            i,
            label,
            sum(d is not None and a <= d <= b for d in days),
            years_between(a, b),
            "persons; two of 2009 are one case, which makes 1.6 a year of 1.7 in their era",
        )
        for i, label, a, b in eras
    ]


def _closed(record: Record, end: dt.date) -> list[Moment]:
    start = dt.date(1990, 1, 1)
    if (n_weeks := ((end - start).days + 1) // 7) < 1:
        return [Moment("H21", "Share of time closed", None, "share", 0, note=TOO_EARLY)]
    state = historical_receptivity(record, start, n_weeks)
    return [
        Moment(
            "H21",
            "Share of weeks without any contact in half a year, 1990 on",
            float((state == 0).mean()),
            "share",
            len(state),
            note="a lower bound on time closed: " + RECEPTIVITY_RULE,
        ),
        Moment(
            "H21.senior",
            "Share of weeks without a senior contact in 13 weeks, 1990 on",
            float((state < 2).mean()),
            "share",
            len(state),
            note="an upper bound on time closed",
        ),
    ]


def _negotiations(record: Record, end: dt.date) -> list[Moment]:
    """Contacts of the senior and the New York channel a year, by period."""
    days = [
        e.middle
        for e in record.entries("contacts")
        if (placed := record.placement(e)).standing == "contact" and placed.code in CHANNELS
    ]
    periods = [(i, a, min(b, end)) for i, a, b in PERIODS]
    return [
        rate_moment(
            i,
            f"Negotiation meetings a year, {a:%b %Y} to {b:%b %Y}",
            sum(d is not None and a <= d <= b for d in days),
            years_between(a, b),
            "public contacts only; the target's source counts sessions",
        )
        for i, a, b in periods
    ]
