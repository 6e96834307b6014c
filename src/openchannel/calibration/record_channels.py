"""Historical moments of channels and of those who hold them (H11 to H16)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from openchannel.calibration.record_moment import (
    Moment,
    mean_moment,
    poisson_interval,
    rate_moment,
    years_between,
)
from openchannel.domain import DAYS_A_YEAR
from openchannel.evidence import Entry, Record, read_date

__all__ = ["channel_moments"]

_RECOVERY_OPERATIONS = 33  # second reading, part B: the operations are not rows of the record


def channel_moments(record: Record, end: dt.date) -> list[Moment]:
    """H11 to H16."""
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
        return (self.stop - self.start).days / DAYS_A_YEAR


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
        _RECOVERY_OPERATIONS,
        field_years,
        f"{_RECOVERY_OPERATIONS} operations by the second reading, which are no rows of the "
        f"record; {field_years:.1f} open years by its spells",
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
    closed = [(b.start - a.stop).days / DAYS_A_YEAR for a, b in pairwise(line)]
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
    full = [e["term_days"] / DAYS_A_YEAR for e in terms if e["office_id"] == "U-SRNK"]
    every = [e["term_days"] / DAYS_A_YEAR for e in terms]
    return [
        mean_moment(
            "H16",
            "Term of a special representative, mean",
            every,
            "the last one held a lower title",
        ),
        mean_moment("H16.title", "The same without the lower title", full),
    ]
