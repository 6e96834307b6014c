"""What the record feeds into the ties: contacts, open lines, and office-holders who left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration.tie_equations import ROUTINE_CHANNEL, Bools, Floats, TieInputs
from openchannel.domain import WEEKS_A_YEAR
from openchannel.evidence import OFFICE_LINKS, VACANT, Entry, OfficeLink, Record, read_date

__all__ = ["ROUTINE_NOTE", "Feed", "feed_of", "placed_contacts", "remainder"]

ROUTINE_NOTE = (
    "The duty-officer line carries two checks a day that nobody lists. While it is open it is "
    "given the contacts a year of the status-quo policy, whatever the receptivity, because the "
    "record has it working while all else was refused."
)


@dataclass(frozen=True, slots=True)
class Feed:
    """Recorded input by week and channel; `left_*` is the share of a tie that its carriers held."""

    weeks: NDArray[np.datetime64]  # [n_weeks] first days
    contacts: Floats  # [n_weeks, n_channels]
    open_lines: Bools  # [n_weeks, n_channels]
    left_theirs: Floats  # [n_weeks, n_channels]
    left_ours: Floats  # [n_weeks, n_channels]


def feed_of(record: Record, inputs: TieInputs, start: dt.date, end: dt.date) -> Feed:
    """Recorded input by week, from a first day on, in whole weeks up to the last."""
    n_weeks = ((end - start).days + 1) // 7
    weeks = np.datetime64(start, "D") + 7 * np.arange(n_weeks)
    shape = (n_weeks, len(inputs.channels))
    at = {c: i for i, c in enumerate(inputs.channels)}
    open_lines = np.zeros(shape, np.bool_)
    for spell in record.entries("channel_spells"):
        if spell["channel"] in at and (days := _spell_days(spell)) is not None:
            first, last = ((d - start).days // 7 for d in days)
            open_lines[max(0, first) : max(0, last + 1), at[spell["channel"]]] = True
    contacts = np.zeros(shape)
    for code, entry in placed_contacts(record, inputs.channels):
        day = entry.middle
        if code != ROUTINE_CHANNEL and day and 0 <= (week := (day - start).days // 7) < n_weeks:
            contacts[week, at[code]] += 1.0
    for code, per_year in inputs.routine.items():
        if code in at:
            contacts[:, at[code]] += open_lines[:, at[code]] * per_year / WEEKS_A_YEAR
    theirs, ours = np.zeros(shape), np.zeros(shape)
    for link, day in _departures(record):
        week = (day - start).days // 7
        if link.channel in at and 0 <= week < n_weeks:
            (theirs if link.is_theirs else ours)[week, at[link.channel]] += link.share
    return Feed(weeks, contacts, open_lines, np.minimum(theirs, 1.0), np.minimum(ours, 1.0))


def _spell_days(spell: Entry) -> tuple[dt.date, dt.date] | None:
    """First and last day of a spell; short dates by their middle, an open spell without end."""
    begins = spell.middle
    if begins is None:
        return None
    ends = read_date(spell["open_to"]).middle if spell["open_to"] else dt.date.max
    return begins, max(begins, ends)


def _departures(record: Record) -> list[tuple[OfficeLink, dt.date]]:
    """Days on which a named holder left an office that carries a channel."""
    links: dict[str, list[OfficeLink]] = {}
    for link in OFFICE_LINKS:
        links.setdefault(link.office_id, []).append(link)
    return [
        (link, read_date(term["to"]).middle)
        for term in record.entries("offices")
        if term["to"] and term["holder"] != VACANT
        for link in links.get(term["office_id"], ())
    ]


def placed_contacts(record: Record, channels: Sequence[str]) -> list[tuple[str, Entry]]:
    """Contacts that took place, with the code of their channel, in the order of the record."""
    found = []
    for entry in record.entries("contacts"):
        placed = record.placement(entry)
        if placed.standing != "none" and placed.code in channels:
            found.append((placed.code, entry))
    return found


def remainder(record: Record, channels: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Rows of contacts that no channel holds, each with the reason."""
    rows = []
    for entry in record.entries("contacts"):
        placed = record.placement(entry)
        if placed.standing == "none" or placed.code not in channels:
            rows.append((entry.id, f"{entry['channel']}: {placed.why}".rstrip(": ")))
    return tuple(rows)
