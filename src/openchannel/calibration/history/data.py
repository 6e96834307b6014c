"""The weeks of the record as the count models read them.

Owns which weeks, which events, which contacts and which offices. What is fitted to them belongs to
`counts`; the meaning of severities and of channels belongs to `openchannel.evidence`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration.record_association import dated_contacts
from openchannel.evidence import Entry, Record

__all__ = [
    "BINS",
    "CODINGS",
    "DIALOGUE",
    "START",
    "TIERS",
    "Bin",
    "History",
    "contact_weeks",
    "exercise_weeks",
    "near_contact",
    "read",
]

F8 = NDArray[np.float64]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]

Coding = Literal["project", "csis"]

START = dt.date(1990, 1, 1)
"""The first Monday of the series; contacts are coded with days from here on."""

CODINGS: tuple[Coding, ...] = ("project", "csis")
"""Every row by this record's codebook; and only those that the older list has too."""

TIERS = (2, 3, 4)
"""Least severity of the events that a model counts: all of the model's events, and the graver."""

#: Dialogue of the record as A2 dates it.
DIALOGUE = (
    (dt.date(1993, 6, 1), dt.date(1994, 10, 31)),
    (dt.date(1999, 5, 1), dt.date(2000, 12, 31)),
    (dt.date(2007, 2, 1), dt.date(2008, 10, 31)),
    (dt.date(2011, 7, 1), dt.date(2012, 3, 31)),
    (dt.date(2018, 1, 1), dt.date(2019, 2, 28)),
)

_WEEK = 7
_LEADER, _PRESIDENT = "D-SL", "U-POTUS"


@dataclass(frozen=True, slots=True)
class Bin:
    """Weeks of an event, counted from a contact: negative ones come before it.

    Events of weeks `first` to `last` after the contact. A bin of negative weeks is a lead: what
    happened before a contact cannot be its effect.
    """

    first: int
    last: int

    @property
    def label(self) -> str:
        """In words: `4 to 1 weeks before`."""
        if self.first == self.last == 0:
            return "week of a contact"
        low, high = sorted((abs(self.first), abs(self.last)))
        if self.last < 0:
            return f"{high} to {low} weeks before"
        return f"{low} to {high} weeks after"

    @property
    def is_lead(self) -> bool:
        """Whether its events come before the contact."""
        return self.last < 0


BINS = (
    Bin(-13, -9),
    Bin(-8, -5),
    Bin(-4, -1),
    Bin(0, 0),
    Bin(1, 4),
    Bin(5, 8),
    Bin(9, 13),
)


@dataclass(frozen=True, slots=True)
class History:
    """Weeks since 1990 with what happened in each.

    counts : int64[week, 4], events of severity 2, 3, 4, 5
    exercise : bool[week], a week that touches a large exercise that was held
    contact : bool[week], a week that touches an official contact dated to the day or month
    leader, president : int64[week], place in `leaders` and `presidents`; -1 before any
    year : int64[week], calendar year of the middle of the week
    """

    start: dt.date
    end: dt.date
    counts: Counts
    exercise: Flags
    contact: Flags
    leader: Counts
    president: Counts
    leaders: tuple[str, ...]
    presidents: tuple[str, ...]
    year: Counts

    @property
    def n_weeks(self) -> int:
        """Weeks of the series."""
        return len(self.counts)

    def events(self, tier: int) -> Counts:
        """Events of at least this severity by week."""
        return np.asarray(self.counts[:, tier - 2 :].sum(axis=1), np.int64)

    def week_of(self, day: dt.date) -> int:
        """Place of the week that holds a day; below 0 or above the series where it lies outside."""
        return (day - self.start).days // _WEEK

    def near(self, window: Bin) -> Flags:
        """Weeks that lie in a bin of some contact."""
        return near_contact(self.contact, window)


def read(record: Record, coding: Coding = "project") -> History:
    """The series of a record, under the codebook of the project or that of the older list."""
    end = record.end or START
    _, counts = record.weekly_provocations(START, end, 2, coding)
    n = len(counts)
    leader, leaders = _held(record.entries("offices"), _LEADER, n)
    president, presidents = _held(record.entries("offices"), _PRESIDENT, n)
    middles = [START + dt.timedelta(days=_WEEK * t + 3) for t in range(n)]
    return History(
        start=START,
        end=end,
        counts=counts,
        exercise=exercise_weeks(record.entries("exercises"), n),
        contact=contact_weeks(dated_contacts(record), n),
        leader=leader,
        president=president,
        leaders=leaders,
        presidents=presidents,
        year=np.array([m.year for m in middles], np.int64),
    )


def contact_weeks(contacts: Sequence[Entry], n_weeks: int) -> Flags:
    """Weeks that a contact touches; one dated by month counts for the whole month."""
    found = np.zeros(n_weeks, np.bool_)
    for contact in contacts:
        _mark(found, contact.first, contact.last or contact.first, START)
    return found


def exercise_weeks(entries: Sequence[Entry], n_weeks: int, start: dt.date = START) -> Flags:
    """Weeks that touch a large exercise that was held."""
    found = np.zeros(n_weeks, np.bool_)
    for entry in entries:
        if str(entry["status"]).startswith("held") and entry["start"]:
            _mark(found, entry.first, entry.last or entry.first, start)
    return found


def near_contact(contact: Flags, window: Bin) -> Flags:
    """Weeks that lie `first` to `last` weeks after a week with a contact."""
    n = len(contact)
    found = np.zeros(n, np.bool_)
    for shift in range(window.first, window.last + 1):
        if shift >= 0:
            found[shift:] |= contact[: n - shift]
        else:
            found[:shift] |= contact[-shift:]
    return found


def _mark(weeks: Flags, first: dt.date | None, last: dt.date | None, start: dt.date) -> None:
    if first is None or last is None:
        return
    low, high = ((d - start).days // _WEEK for d in (first, last))
    weeks[max(0, low) : max(0, high + 1)] = True


def _held(entries: Sequence[Entry], office: str, n_weeks: int) -> tuple[Counts, tuple[str, ...]]:
    """Term in force in each week, and the names of the terms that the series touches."""
    place = np.full(n_weeks, -1, np.int64)
    names: list[str] = []
    terms = [e for e in entries if e["office_id"] == office and e.first]
    for term in sorted(terms, key=lambda e: e.first or START):
        assert term.first is not None
        low = max(0, (term.first - START).days // _WEEK)
        high = n_weeks if term.last is None else (term.last - START).days // _WEEK
        if high <= 0 or low >= n_weeks:
            continue
        place[low:high] = len(names)
        names.append(f"{term['holder']}, {term.first.year}")
    return place, tuple(names)
