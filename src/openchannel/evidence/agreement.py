"""Where two columns or two tables speak about one thing: do they agree?

Disagreement is reported with both readings; which one is right is for a reader to settle. One-table
checks stand in `checks`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from openchannel.evidence.dates import PartialDate, read_date
from openchannel.evidence.finding import Finding

if TYPE_CHECKING:
    from openchannel.evidence.entry import Entry
    from openchannel.evidence.record import Record

__all__ = [
    "contacts_fall_in_spells",
    "endings_agree",
    "incidents_fall_in_their_crises",
    "incidents_match_provocations",
    "lengths_match_dates",
    "spells_do_not_overlap",
]

_LENGTHS = (  # table, start, end, stated length in days
    ("agreements", "start", "end", "duration_days"),
    ("agreements", "start", "end_declared", "duration_days_declared"),
    ("offices", "from", "to", "term_days"),
    ("channel_spells", "open_from", "open_to", "open_days"),
    ("detentions", "start", "end", "days"),
)
_FAR_APART_DAYS = 183
_SAME_EVENT_DAYS = 1


def lengths_match_dates(record: Record, _today: dt.date) -> Iterator[Finding]:
    """A stated length in days lies within what its two dates allow; an open spell runs to the end.

    Day dates leave one day of play, because pages count the first day or not.
    """
    for table, start, end, column in _LENGTHS:
        for entry in record.entries(table):
            stated = entry[column]
            if stated is None or not entry[start]:
                continue
            begins = read_date(entry[start])
            if entry[end]:
                ends = read_date(entry[end])
            elif record.end is not None:
                ends = PartialDate(record.end, record.end, "day")
            else:
                continue
            low = max(0, (ends.first - begins.last).days - 1)
            high = (ends.last - begins.first).days + 1
            if not low <= stated <= high:
                yield Finding.about(
                    "warning",
                    "length and dates",
                    entry,
                    column,
                    f"{stated} days stated, the dates give {low} to {high}",
                    f"{low} to {high}",
                    f"check {start}, {end} and {column}",
                )


def endings_agree(record: Record, _today: dt.date) -> Iterator[Finding]:
    """An agreement that ended in conduct and in words months apart has two readings."""
    for entry in record.entries("agreements"):
        if not entry["end_declared"]:
            continue
        declared = read_date(entry["end_declared"])
        if not entry["end"]:
            yield Finding.about(
                "note",
                "two endings",
                entry,
                "end_declared",
                f"declared over {entry['end_declared']}, but conduct went on",
                "",
                "say in the text which reading is used",
            )
            continue
        apart = abs((declared.middle - read_date(entry["end"]).middle).days)
        if apart > _FAR_APART_DAYS:
            yield Finding.about(
                "note",
                "two endings",
                entry,
                "end_declared",
                f"ended {entry['end']} by conduct, {entry['end_declared']} by declaration",
                "",
                "say in the text which reading is used",
            )


def spells_do_not_overlap(record: Record, _today: dt.date) -> Iterator[Finding]:
    """A line is not opened again while it is open."""
    lines: dict[tuple[str, str], list[Entry]] = {}
    for entry in record.entries("channel_spells"):
        lines.setdefault((entry["channel"], entry["line"]), []).append(entry)
    for spells in lines.values():
        ordered = sorted(spells, key=lambda e: e.first or dt.date.min)
        for earlier, later in pairwise(ordered):
            surely_open_until = (
                read_date(earlier["open_to"]).first if earlier["open_to"] else dt.date.max
            )
            if read_date(later["open_from"]).last < surely_open_until:
                yield Finding.about(
                    "warning",
                    "overlapping spells",
                    later,
                    "open_from",
                    f"opens {later['open_from']}, while {earlier.id} "
                    f"({earlier.file}:{earlier.line}) lasts to {earlier['open_to'] or 'now'}",
                    "spells of one line one after another",
                    "check both spells",
                )


def contacts_fall_in_spells(record: Record, _today: dt.date) -> Iterator[Finding]:
    """A contact on a channel that channel_spells.csv has closed at the time."""
    spells: dict[str, list[Entry]] = {}
    for spell in record.entries("channel_spells"):
        spells.setdefault(spell["channel"], []).append(spell)
    for entry in record.entries("contacts"):
        placed = record.placement(entry)
        if placed.standing == "none" or placed.code not in spells or entry.first is None:
            continue
        if not any(_touch(entry, spell) for spell in spells[placed.code]):
            yield Finding.about(
                "warning",
                "contact on a closed channel",
                entry,
                "start",
                f"{placed.code} has no open spell on {entry['start']}",
                "a day inside a spell of channel_spells.csv",
                "lengthen a spell, or note that the meeting stood outside the channel",
            )


def _touch(contact: Entry, spell: Entry) -> bool:
    if contact.first is None or spell.first is None:
        return False
    ends = spell.last or dt.date.max
    return spell.first <= (contact.last or contact.first) and contact.first <= ends


def incidents_match_provocations(record: Record, _today: dt.date) -> Iterator[Finding]:
    """The dead of a lethal incident are those of its provocation."""
    provocations = [e for e in record.entries("provocations") if e["kind"] != "hybrid"]
    for entry in record.entries("incidents_lethal"):
        if entry.first is None or entry["class"] == "us_initiated":
            continue
        same = _same_event(entry, provocations)
        if not same:
            yield Finding.about(
                "note",
                "incident and provocation",
                entry,
                "date",
                f"no provocation within a day of {entry['date']}",
                "",
                "add the event to provocations.csv, or say why it is none",
            )
            continue
        yield from _compare_dead(entry, same)


def _same_event(incident: Entry, provocations: Sequence[Entry]) -> list[Entry]:
    """Provocations of the day, else those a day off; later days of a campaign do not count."""

    def days_off(provocation: Entry) -> int:
        if provocation.first is None or incident.first is None:
            return _SAME_EVENT_DAYS + 1
        return abs((provocation.first - incident.first).days)

    near = [p for p in provocations if days_off(p) == 0] or [
        p
        for p in provocations
        if days_off(p) <= _SAME_EVENT_DAYS and not p["note"].startswith("campaign; lethal")
    ]
    return sorted(near, key=lambda p: (-(p["deaths"] or 0), p.id))


def _compare_dead(incident: Entry, same: Sequence[Entry]) -> Iterator[Finding]:
    best = same[0]
    where = f"{best.id} ({best.file}:{best.line})"
    for field, low, high, column in (
        ("rok_us_dead", incident["rok_us_dead"], incident["rok_us_dead"], "deaths"),
        ("dprk_dead_low", incident["dprk_dead_low"], incident["dprk_dead_high"], "dprk_deaths"),
    ):
        stated = best[column]
        if low is None or (low == 0 and not stated):
            continue
        if stated is None:
            yield Finding.about(
                "note",
                "incident and provocation",
                incident,
                field,
                f"{_range(low, high)} here, blank in {where}",
                "",
                "fill the blank",
            )
        elif not low <= stated <= (stated if high is None else high):
            yield Finding.about(
                "warning",
                "incident and provocation",
                incident,
                field,
                f"{_range(low, high)} here, {stated} as {column} in {where}",
                "one number, or a range that holds both",
                "read the sources again",
            )


def _range(low: int, high: int | None) -> str:
    if high is None:
        return f"{low} or more"
    return str(low) if low == high else f"{low} to {high}"


def incidents_fall_in_their_crises(record: Record, _today: dt.date) -> Iterator[Finding]:
    """An incident lies in the days of the crisis it is tied to."""
    crises = {e.id: e for e in record.entries("crises")}
    for entry in record.entries("incidents_lethal"):
        crisis = crises.get(entry["crisis_file_id"])
        if crisis is None or crisis.first is None or entry.first is None:
            continue
        ends = crisis.last or dt.date.max
        if not crisis.first <= entry.first <= ends:
            yield Finding.about(
                "warning",
                "incident and crisis",
                entry,
                "crisis_file_id",
                f"{entry['date']} lies outside {crisis.id}, {crisis['trigger_date']} to "
                f"{crisis['end_date'] or 'now'}",
                "a day of the crisis",
                "check the crisis or the dates",
            )
