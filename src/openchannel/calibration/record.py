"""What the record alone says about the historical moments of the specification (E1).

Pure functions from a `Record`: each moment with its value, how many events stand behind it, an
exact interval where there is one, and a note where the record cannot give what the target asks.
Severities are those of the project's codebook. The targets and their bands stand in
`record_targets`, dialogue and provocations in `record_association`. Nothing here is tuned.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration.negotiations import CHANNELS, PERIODS
from openchannel.calibration.record_association import (
    CAVEAT,
    Association,
    dialogue_association,
    mantel_haenszel,
)
from openchannel.calibration.record_moment import (
    DAYS_PER_YEAR,
    TOO_EARLY,
    Moment,
    autocorrelation,
    mean_moment,
    median_interval,
    poisson_interval,
    rate_moment,
    share_interval,
    share_moment,
    years_between,
)
from openchannel.calibration.record_targets import TARGETS, Target, target
from openchannel.calibration.ties import RECEPTIVITY_RULE, historical_receptivity
from openchannel.evidence import Entry, Record, Selection, read_date, selected_provocations

__all__ = [
    "CAVEAT",
    "TARGETS",
    "Association",
    "Moment",
    "Target",
    "autocorrelation",
    "dialogue_association",
    "historical_moments",
    "mantel_haenszel",
    "poisson_interval",
    "share_interval",
    "target",
]

MODERN = dt.date(2012, 1, 1)
MODERN_MONDAY = dt.date(2012, 1, 2)
TRAVEL_BAN = dt.date(2017, 9, 1)
RECOVERY_OPERATIONS = 33  # second reading, part B: the operations are not rows of the record
SEVERITIES = (2, 3, 4, 5)
CLUSTERED = "events come in campaigns, so an exact Poisson interval is too narrow"


def historical_moments(record: Record) -> list[Moment]:
    """Every moment that the record speaks to, in the order of the specification."""
    end = record.end
    if end is None:
        return []
    return [
        *_provocations(record, end),
        *_crises(record, end),
        *_channels(record, end),
        *_agreements(record),
        *_detentions(record, end),
        *_closed(record, end),
        *_negotiations(record, end),
    ]


# --- H1 to H6: provocations -------------------------------------------------------------------


def _provocations(record: Record, end: dt.date) -> list[Moment]:
    if years_between(MODERN_MONDAY, end) < 1:
        return [Moment("H1", "Provocations a year, 2012 on", None, "a year", 0, note=TOO_EARLY)]
    weekly = record.weekly_provocations(MODERN_MONDAY, end)[1]
    long_run = record.weekly_provocations(dt.date(1990, 1, 1), end)[1].sum(axis=1)
    total = weekly.sum(axis=1)
    by_severity = weekly.sum(axis=0)
    n = int(by_severity.sum())
    moments = [
        _period(record, "H1", "Provocations a year, 2012 on", MODERN, end),
        _period(record, "H1.2019", "Provocations a year, May 2019 on", dt.date(2019, 5, 1), end),
        _period(record, "H1.2022", "Provocations a year, 2022 on", dt.date(2022, 1, 1), end),
    ]
    moments += [
        share_moment(f"H2.{s}", f"Share of severity {s}, 2012 on", int(by_severity[i]), n)
        for i, s in enumerate(SEVERITIES)
    ]
    moments += [_spread("H3", "Weekly variance over mean, 2012 on", total)]
    moments += [_spread("H3.1990", "Weekly variance over mean, 1990 on", long_run)]
    for lag in (1, 2, 3, 4, 8):
        value = autocorrelation(total, lag)
        half = 1.96 / float(np.sqrt(len(total)))
        moments.append(
            Moment(
                f"H4.{lag}",
                f"Autocorrelation of weekly counts, {lag} weeks, 2012 on",
                value,
                "correlation",
                len(total),
                value - half,
                value + half,
                "95 % if weeks were independent",
                "" if lag in (1, 2, 4) else "the target asks for lags 1, 2 and 4",
            )
        )
    moments += [
        _annual(record, "H5", "Annual variance over mean, 2012 on", MODERN.year, end),
        _annual(record, "H5.1990", "Annual variance over mean, 1990 on", 1990, end),
    ]
    spans = (
        ("H6.2012", "Severity 5 a year, 2012 to 2017", MODERN, dt.date(2017, 12, 31)),
        ("H6.2022", "Severity 5 a year, 2022 on", dt.date(2022, 1, 1), end),
    )
    moments += [_period(record, i, label, a, b, 5) for i, label, a, b in spans]
    return moments


def _period(
    record: Record, moment: str, label: str, start: dt.date, end: dt.date, least: int = 2
) -> Moment:
    n = _events(record, start, end, least)
    return rate_moment(moment, label, n, years_between(start, end), CLUSTERED)


def _events(record: Record, start: dt.date, end: dt.date, least: int = 2) -> int:
    """Events from one day to another, both counted."""
    events = selected_provocations(record.entries("provocations"), Selection(least))
    return sum(start <= day <= end for day, _ in events)


def _spread(moment: str, label: str, counts: NDArray[np.int64]) -> Moment:
    mean = float(counts.mean())
    value = float(counts.var(ddof=1)) / mean if mean else None
    return Moment(moment, label, value, "ratio", len(counts))


def _annual(record: Record, moment: str, label: str, first: int, end: dt.date) -> Moment:
    last = end.year if end == dt.date(end.year, 12, 31) else end.year - 1  # whole years only
    years = range(first, last + 1)
    counts = np.array(
        [_events(record, dt.date(y, 1, 1), dt.date(y, 12, 31)) for y in years], np.int64
    )
    if len(counts) < 2:
        return Moment(moment, label, None, "ratio", len(counts), note="fewer than two whole years")
    return _spread(moment, f"{label}, to {last}", counts)


# --- H7 to H10: crises ------------------------------------------------------------------------


def _crises(record: Record, end: dt.date) -> list[Moment]:
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


# --- H11 to H16: channels and offices ---------------------------------------------------------


def _channels(record: Record, end: dt.date) -> list[Moment]:
    talks = _spells(record, "general officer talks", end)
    gaps = [years_between(a.stop, b.start) for a, b in pairwise(talks)]
    long_gaps = [g for g in gaps if g >= 5]
    field_years = sum(s.years for s in _spells(record, "field operations", end))
    spells = [s.years for s in _spells(record, "intelligence channel", end)]
    return [
        Moment(
            "H11",
            "Longest gap of the general officer talks, years",
            max(long_gaps, default=None),
            "years",
            len(gaps),
            note="gaps of 5 years or more: " + ", ".join(f"{g:.1f}" for g in long_gaps),
        ),
        _messages(record),
        _recovery(field_years),
        mean_moment(
            "H14",
            "Spells of the intelligence channel, mean",
            spells,
            "known only from leaks, so starts and ends are bounds",
        ),
        *_phone(record, end),
        *_envoys(record),
    ]


@dataclass(frozen=True, slots=True)
class _Spell:
    start: dt.date
    stop: dt.date  # the end of the record for a spell that is still open
    is_censored: bool

    @property
    def years(self) -> float:
        return (self.stop - self.start).days / DAYS_PER_YEAR


def _spells(record: Record, line: str, end: dt.date) -> list[_Spell]:
    """Spells of a line in order; those that the record says are not to be counted are left out."""
    found = []
    for entry in record.entries("channel_spells"):
        start = entry.middle
        if entry["line"] != line or start is None or "not counted" in entry["note"]:
            continue
        stop = _end_of(entry) or end
        found.append(_Spell(start, max(start, stop), not entry["open_to"]))
    return sorted(found, key=lambda s: s.start)


def _end_of(entry: Entry) -> dt.date | None:
    return read_date(entry["open_to"]).middle if entry["open_to"] else None


def _messages(record: Record) -> Moment:
    yearly = [
        e
        for e in record.entries("contacts")
        if record.placement(e).standing == "routine" and len(e["start"]) == len("YYYY")
    ]
    years = ", ".join(f"{e['start']}: {e['subject']}" for e in yearly)
    return Moment(
        "H12",
        "Years with a published count of line messages",
        None,
        "years",
        len(yearly),
        note=f"the counts stand in words ({years}); the strength of the tie comes from `ties`",
    )


def _recovery(field_years: float) -> Moment:
    if not field_years:
        return Moment(
            "H13",
            "Recovery operations a year while open",
            None,
            "a year",
            0,
            note="no spell of field operations in the record",
        )
    return rate_moment(
        "H13",
        "Recovery operations a year while open",
        RECOVERY_OPERATIONS,
        field_years,
        f"{RECOVERY_OPERATIONS} operations by the second reading, which are no rows of the record; "
        f"{field_years:.1f} open years by its spells",
    )


def _phone(record: Record, end: dt.date) -> list[Moment]:
    """The inter-Korean phone at Panmunjom, since the reopening of 2009 and since 1990."""
    line = _spells(record, "Panmunjom phone", end)
    moments = []
    spans = (("H15", "2009 on", dt.date(2009, 8, 1)), ("H15.1990", "1990 on", dt.date(1990, 1, 1)))
    for name, label, since in spans:
        clipped = [
            _Spell(max(s.start, since), s.stop, s.is_censored) for s in line if s.stop > since
        ]
        cuts = sum(not s.is_censored for s in clipped)
        exposure = sum(s.years for s in clipped)
        if not cuts:
            moments.append(Moment(name, f"Open spell of the phone, {label}", None, "years", 0))
            continue
        low, high = poisson_interval(cuts, exposure)
        moments.append(
            Moment(
                name,
                f"Open spell of the phone, mean, {label}",
                exposure / cuts,
                "years",
                cuts,
                1 / high,
                1 / low,
                "exact Poisson 95 %",
                f"open years over cuts, so a spell cut off by the window still counts: "
                f"{cuts} cuts in {exposure:.1f} open years, {cuts / exposure:.2f} a year",
            )
        )
    closed = [(b.start - a.stop).days / DAYS_PER_YEAR for a, b in pairwise(line)]
    running = years_between(line[-1].stop, end) if line and not line[-1].is_censored else 0.0
    moments.append(
        Moment(
            "H15.closed",
            "Longest closed spell of the phone that ended",
            max(closed, default=None),
            "years",
            len(closed),
            note=f"shortest {min(closed, default=0):.2f} y; the current one has lasted "
            f"{running:.1f} y and is not over",
        )
    )
    return moments


def _envoys(record: Record) -> list[Moment]:
    terms = [
        e
        for e in record.entries("offices")
        if e["office_id"] in ("U-SRNK", "U-SRNK2") and e["holder"] != "vacant" and e["term_days"]
    ]
    full = [e["term_days"] / DAYS_PER_YEAR for e in terms if e["office_id"] == "U-SRNK"]
    every = [e["term_days"] / DAYS_PER_YEAR for e in terms]
    return [
        mean_moment(
            "H16",
            "Term of a special representative, mean",
            every,
            "the last one held a lower title",
        ),
        mean_moment("H16.title", "The same without the lower title", full),
    ]


# --- H17 to H23 -------------------------------------------------------------------------------


def _agreements(record: Record) -> list[Moment]:
    senior = [
        e
        for e in record.entries("channel_spells")
        if e["channel"] == "SEN" and e.first and e.last and (e.last - e.first).days > 30
    ]
    chosen = [e for e in record.entries("agreements") if e["h18_set"] == "yes"]
    lives = [e["duration_days"] / DAYS_PER_YEAR for e in chosen if e["duration_days"] is not None]
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
            TRAVEL_BAN - dt.timedelta(days=1),
        ),
        ("H19.ban", "Detentions a year under the travel ban", TRAVEL_BAN, end),
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
