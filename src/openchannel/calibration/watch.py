"""What to watch on each channel: its rhythm, whether a contact is overdue, and what may be lost.

Reads the record and the tie history; nothing is estimated but gaps between contacts. The rules are
judgements, grade C: they say when somebody should look, not what will happen.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from openchannel.calibration.tie_equations import TieInputs
from openchannel.calibration.tie_feed import placed_contacts
from openchannel.calibration.ties import TieHistory
from openchannel.domain import DAYS_A_YEAR
from openchannel.evidence import OFFICE_LINKS, VACANT, OfficeLink, Record

__all__ = ["WATCH_RULE", "ChannelWatch", "Holder", "Rhythm", "rhythm", "watch"]

Standing = Literal["on time", "overdue", "silent", "routine", "too few to say", "never"]

SESSION_DAYS = 7
GAPS_LOOKED_AT = 20
FEWEST_GAPS = 4
OVERDUE_QUANTILE = 0.9
FEWEST_TERMS = 3
FORGOTTEN_DAYS = 3_653  # an office that nobody has held for ten years is no longer told
WATCH_RULE = (
    f"Contacts within {SESSION_DAYS} days count as one. The usual rhythm is the median of the last "
    f"{GAPS_LOOKED_AT} gaps, at least {FEWEST_GAPS}; a contact is overdue when the wait is longer "
    "than nine in ten of these gaps, and a channel silent when it is longer than any gap it ever "
    "had. Ties count whole weeks, so a contact of this week counts from the next. A judgement, "
    "grade C."
)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a channel is used, in days; nothing where there are too few contacts to say."""

    standing: Standing
    last_contact: dt.date | None
    days_since: int | None
    usual_days: float | None = None
    overdue_after_days: float | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an office that carries a channel.

    name : empty where the record has nobody in the office
    usual_years : median length of the terms that ended in it, if three or more
    at_stake : strength of the tie that goes with him when he leaves
    """

    office_id: str
    title: str
    is_theirs: bool
    name: str
    since: dt.date | None
    years_in: float | None
    usual_years: float | None
    at_stake: float


@dataclass(frozen=True, slots=True)
class ChannelWatch:
    """One channel on a day.

    strength : of its tie, in [0, 1]; `in_half_year`, `in_a_year` if nothing happens until then
    fades_on : when the tie falls under what counts as live, if it is above it now
    """

    id: str
    is_open: bool
    rhythm: Rhythm
    strength: float
    in_half_year: float
    in_a_year: float
    fades_on: dt.date | None
    holders: tuple[Holder, ...]


def watch(
    record: Record, inputs: TieInputs, history: TieHistory, as_of: dt.date
) -> tuple[ChannelWatch, ...]:
    """Every channel as it stands on `as_of`, the day on which `history` ends."""
    days: dict[str, list[dt.date]] = {c: [] for c in inputs.channels}
    for code, entry in placed_contacts(record, inputs.channels):
        if entry.middle is not None and entry.middle <= as_of:
            days[code].append(entry.middle)
    return tuple(
        _channel(record, inputs, history, days, i, as_of) for i in range(len(inputs.channels))
    )


def rhythm(days: Sequence[dt.date], as_of: dt.date, *, is_routine: bool = False) -> Rhythm:
    """The rhythm of contacts on these days, and whether the next is overdue on `as_of`.

    Examples
    --------
    >>> every_month = [dt.date(2020, m, 1) for m in range(1, 13)]
    >>> rhythm(every_month, dt.date(2021, 3, 1)).standing
    'silent'
    """
    if not days:
        return Rhythm("routine" if is_routine else "never", None, None)
    last = max(days)
    since = (as_of - last).days
    if is_routine:
        return Rhythm("routine", last, since)
    gaps = _gaps(days)
    recent = gaps[-GAPS_LOOKED_AT:]
    if len(recent) < FEWEST_GAPS:
        return Rhythm("too few to say", last, since)
    late = float(np.quantile(recent, OVERDUE_QUANTILE))
    standing: Standing = "on time"
    if since > late:
        standing = "silent" if since > max(gaps) else "overdue"
    return Rhythm(standing, last, since, float(np.median(recent)), late)


def _gaps(days: Sequence[dt.date]) -> list[int]:
    """Days from the end of a session to the beginning of the next."""
    gaps: list[int] = []
    ordered = sorted(set(days))
    for before, after in pairwise(ordered):
        if (gap := (after - before).days) > SESSION_DAYS:
            gaps.append(gap)
    return gaps


def _channel(
    record: Record,
    inputs: TieInputs,
    history: TieHistory,
    days: dict[str, list[dt.date]],
    index: int,
    as_of: dt.date,
) -> ChannelWatch:
    code = inputs.channels[index]
    strength = float(history.s[-1, index])
    half_life = float(inputs.HL[index])
    lost = {True: 1.0 - float(inputs.iota_D[index]), False: 1.0 - float(inputs.iota_U[index])}
    holders = [
        _holder(record, link, strength * link.share * lost[link.is_theirs], as_of)
        for link in OFFICE_LINKS
        if link.channel == code
    ]
    return ChannelWatch(
        code,
        bool(history.open_lines[-1, index]),
        rhythm(days[code], as_of, is_routine=code in inputs.routine),
        strength,
        strength * 2.0 ** (-26.0 / half_life),
        strength * 2.0 ** (-52.0 / half_life),
        _fades_on(strength, inputs.live_s, half_life, as_of),
        tuple(h for h in holders if h is not None),
    )


def _fades_on(strength: float, floor: float, half_life: float, as_of: dt.date) -> dt.date | None:
    """The day on which a tie that only decays falls under `floor`; `half_life` in weeks."""
    if strength < floor:
        return None
    return as_of + dt.timedelta(weeks=half_life * math.log2(strength / floor))


def _holder(record: Record, link: OfficeLink, at_stake: float, as_of: dt.date) -> Holder | None:
    """Who is in an office; nothing for one that was never filled or is long empty."""
    terms = [e for e in record.entries("offices") if e["office_id"] == link.office_id and e.first]
    begun = [e for e in terms if e.first is not None and e.first <= as_of]
    if not begun:
        return None
    title = str(begun[-1]["title"])
    lengths = [
        (e.last - e.first).days / DAYS_A_YEAR
        for e in begun
        if e.first and e.last and e.last <= as_of and e["holder"] != VACANT
    ]
    usual = float(np.median(lengths)) if len(lengths) >= FEWEST_TERMS else None
    term = record.term(link.office_id, as_of)
    if term is None or term.first is None:
        ended = max((e.last for e in begun if e.last is not None), default=as_of)
        if all(e.last for e in begun) and (as_of - ended).days > FORGOTTEN_DAYS:
            return None
        return Holder(link.office_id, title, link.is_theirs, "", None, None, usual, 0.0)
    years = (as_of - term.first).days / DAYS_A_YEAR
    return Holder(
        link.office_id, title, link.is_theirs, str(term["holder"]), term.first, years, usual,
        at_stake,
    )  # fmt: skip
