"""Thickness and reliability of the ties, 1988 to the end of the record, from recorded contacts.

Drives the tie equations of the model (specification, A1) with what was recorded: contacts by
channel, open spells of the lines, office-holders who left. Nothing is drawn. Two things the record
cannot give are filled by a stated rule: how receptive the other side was, and the routine traffic
of the duty-officer line. Contacts that were never made public are missing, so ties are a floor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration.tie_equations import (
    Bools,
    Floats,
    TieInputs,
    effective_channels,
    live_channels,
    reliability,
)
from openchannel.calibration.tie_feed import (
    ROUTINE_NOTE,
    Feed,
    feed_of,
    placed_contacts,
    remainder,
)
from openchannel.domain import DAYS_A_YEAR
from openchannel.evidence import Entry, Record

__all__ = [
    "RECEPTIVITY_RULE",
    "ChannelHistory",
    "TieHistory",
    "historical_receptivity",
    "tie_history",
]

_HALF_LIVES_OF_WARM_UP = 6  # of the slowest tie; after it under 2 % of a start value is left

RECEPTIVITY_RULE = (
    "Receptivity is not recorded. It is set open (2) in weeks with a contact of leaders, "
    "secretaries and envoys or defence principals in the last 13 weeks, wary (1) with any other "
    "contact in the last 26 weeks, closed (0) otherwise; line checks do not count. "
    "An assumption, grade C."
)
_SENIOR = ("SEN", "SUM", "DEF")
_OPEN_WEEKS, _WARY_WEEKS = 13, 26
_RECENT_YEARS = 5


@dataclass(frozen=True, slots=True)
class ChannelHistory:
    """One channel over the record, and where it stands at the end."""

    id: str
    contacts: int
    last_contact: dt.date | None
    contacts_last_5_years: int
    strength: float
    is_open: bool


@dataclass(frozen=True, slots=True)
class TieHistory:
    """Weekly ties of the record.

    Arrays run over weeks (first days in `weeks`); `s`, `open_lines` and `live` also over channels,
    `rel24` over receptivity 0, 1, 2. `rel24_historical` takes the receptivity of
    `receptivity_rule`. `remainder` lists rows of contacts that no channel holds, with the reason.
    """

    channels: tuple[str, ...]
    weeks: NDArray[np.datetime64]
    receptivity: NDArray[np.int64]
    s: Floats
    open_lines: Bools
    live: Bools
    k_eff: Floats
    rel24: Floats
    rel24_historical: Floats
    years: tuple[int, ...]
    contacts_per_year: NDArray[np.int64]  # [n_years, n_channels]
    by_channel: tuple[ChannelHistory, ...]
    remainder: tuple[tuple[str, str], ...]
    receptivity_rule: str = RECEPTIVITY_RULE
    routine_note: str = ROUTINE_NOTE
    grade: str = "C"

    @property
    def live_count(self) -> NDArray[np.int64]:
        """Live authoritative channels by week."""
        counts: NDArray[np.int64] = self.live.sum(axis=1, dtype=np.int64)
        return counts


def tie_history(
    record: Record,
    inputs: TieInputs,
    start: dt.date = dt.date(1988, 1, 4),
    end: dt.date | None = None,
) -> TieHistory:
    """Ties by week from the recorded contacts, spells and office-holders.

    `end` is the end of the record if not given. Every tie starts at nothing long before `start`, so
    that the line that was open all along has its routine strength by then.
    """
    last = end or record.end or dt.date.today()
    warm_up = int(np.ceil(_HALF_LIVES_OF_WARM_UP * float(inputs.HL.max())))
    feed = feed_of(record, inputs, start - dt.timedelta(weeks=warm_up), last)
    s = _strength(feed, inputs)[warm_up:]
    open_lines = feed.open_lines[warm_up:]
    weeks = feed.weeks[warm_up:]
    receptivity = historical_receptivity(record, start, len(weeks))
    rel24 = np.stack([reliability(open_lines, s, R, 24.0, inputs) for R in range(3)], axis=-1)
    years = tuple(range(start.year, last.year + 1))
    placed = placed_contacts(record, inputs.channels)
    return TieHistory(
        inputs.channels,
        weeks,
        receptivity,
        s,
        open_lines,
        live_channels(open_lines, s, inputs),
        effective_channels(open_lines, s, inputs.auth),
        rel24,
        np.take_along_axis(rel24, receptivity[:, None], axis=1)[:, 0],
        years,
        _per_year(_until(placed, last), inputs.channels, years),
        tuple(_channel_history(feed, s[-1], placed, i, last) for i in enumerate(inputs.channels)),
        remainder(record, inputs.channels),
    )


def historical_receptivity(record: Record, start: dt.date, n_weeks: int) -> NDArray[np.int64]:
    """Receptivity by week under `RECEPTIVITY_RULE`: 0 closed, 1 wary, 2 open."""
    early = start - dt.timedelta(weeks=_WARY_WEEKS)
    senior = np.zeros(n_weeks + _WARY_WEEKS, bool)
    other = np.zeros(n_weeks + _WARY_WEEKS, bool)
    for entry in record.entries("contacts"):
        placed = record.placement(entry)
        if placed.standing != "contact" or not placed.code or entry.middle is None:
            continue
        week = (entry.middle - early).days // 7
        if 0 <= week < len(other):
            other[week] = True
            senior[week] |= placed.code in _SENIOR
    is_open, is_wary = _any_of_last(senior, _OPEN_WEEKS), _any_of_last(other, _WARY_WEEKS)
    return np.where(is_open, 2, np.where(is_wary, 1, 0))[_WARY_WEEKS:]


def _any_of_last(weeks: NDArray[np.bool_], n: int) -> NDArray[np.bool_]:
    """Whether a week or one of those before it, `n` in all, is marked: bool[week]."""
    marked = np.cumsum(weeks)
    before = np.concatenate((np.zeros(n, marked.dtype), marked))[: len(weeks)]
    return np.asarray(marked > before)


def _strength(feed: Feed, inputs: TieInputs) -> Floats:
    """Tie strength by week: decay, growth by contacts, then what is lost with those who left.

    A1 (4) and (5) with `inst` 0; where several offices share a channel, one that leaves takes its
    share of what a change of office-holder costs.
    """
    retention = np.exp2(-1.0 / inputs.HL)
    grown = 1.0 - (1.0 - inputs.g) ** feed.contacts
    theirs = 1.0 - feed.left_theirs * (1.0 - inputs.iota_D)
    ours = 1.0 - feed.left_ours * (1.0 - inputs.iota_U)
    s = np.zeros(len(inputs.channels))
    result = np.empty_like(feed.contacts)
    for t in range(len(feed.weeks)):
        s = s * retention
        s = s + (1.0 - s) * grown[t]
        s = s * theirs[t] * ours[t]
        result[t] = s
    return result


def _until(placed: Sequence[tuple[str, Entry]], last: dt.date) -> list[tuple[str, Entry]]:
    return [(code, e) for code, e in placed if e.middle is not None and e.middle <= last]


def _per_year(
    placed: Sequence[tuple[str, Entry]], channels: Sequence[str], years: Sequence[int]
) -> NDArray[np.int64]:
    counts = np.zeros((len(years), len(channels)), np.int64)
    for code, entry in placed:
        if entry.middle is not None and years[0] <= entry.middle.year <= years[-1]:
            counts[entry.middle.year - years[0], channels.index(code)] += 1
    return counts


def _channel_history(
    feed: Feed,
    strength: Floats,
    placed: Sequence[tuple[str, Entry]],
    channel: tuple[int, str],
    end: dt.date,
) -> ChannelHistory:
    index, code = channel
    own = [e for c, e in placed if c == code and e.middle is not None and e.middle <= end]
    days = [e.middle for e in own if e.middle is not None]
    recent = end - dt.timedelta(days=round(_RECENT_YEARS * DAYS_A_YEAR))
    return ChannelHistory(
        code,
        len(own),
        max(days, default=None),
        sum(d > recent for d in days),
        float(strength[index]),
        bool(feed.open_lines[-1, index]),
    )
