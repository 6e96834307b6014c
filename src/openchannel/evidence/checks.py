"""The checks of a record, each a small function that yields findings.

Dates, doubles, sources and references here; what the tables say about the same events stands in
`agreement`. `CHECKS` is the list in force.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from openchannel.evidence import agreement
from openchannel.evidence.dates import read_date
from openchannel.evidence.finding import Finding
from openchannel.evidence.tables import TABLES, Table

if TYPE_CHECKING:
    from openchannel.evidence.entry import Entry
    from openchannel.evidence.record import Record

__all__ = ["CHECKS", "INTER_KOREAN"]

INTER_KOREAN = "inter-Korean"
"""The one channel of channel_spells.csv that is no line between the two sides of the case."""

NEAR_DAYS = 3
EARLIEST_YEAR = 1945
_CITED = re.compile(r"(?<![\w-])(?:C\d{3}|P\d{4}|K\d{2}|AG\d{2}|SP\d{2}|LI\d{2}|DT\d{2})(?![\w-])")


def dates_are_possible(record: Record, today: dt.date) -> Iterator[Finding]:
    """No end before its start, no event that has not happened, no year before the two states."""
    for table in TABLES:
        for entry in record.entries(table.name):
            yield from _order(table, entry)
            if entry.first is None:
                continue
            if entry.first > today:
                planned = table.name == "exercises" and "announced" in str(entry["status"])
                yield Finding.about(
                    "note" if planned else "error",
                    "impossible date",
                    entry,
                    table.start,
                    f"{entry[table.start]} lies after {today}",
                    f"a date up to {today}",
                    "check the year",
                )
            if entry.first.year < EARLIEST_YEAR:
                yield Finding.about(
                    "warning",
                    "impossible date",
                    entry,
                    table.start,
                    f"{entry[table.start]} lies before {EARLIEST_YEAR}",
                    f"a date from {EARLIEST_YEAR} on",
                    "check the year",
                )


def _order(table: Table, entry: Entry) -> Iterator[Finding]:
    ends = [c for c in (table.end, "end_declared") if c in table.column_names and c != table.start]
    start = entry.values.get(table.start)
    for column in ends:
        end = entry.values.get(column)
        if start and end and read_date(str(end)).last < read_date(str(start)).first:
            yield Finding.about(
                "error",
                "impossible date",
                entry,
                column,
                f"{end} lies before {start}",
                f"a date from {start} on",
                f"check {table.start} and {column}",
            )


def outcomes_stop_at_the_end(record: Record, _today: dt.date) -> Iterator[Finding]:
    """Outcome rows stop with the record; inputs may go on."""
    if record.end is None:
        return
    for table in (t for t in TABLES if t.is_outcome):
        for entry in record.entries(table.name):
            if entry.first is not None and entry.first > record.end:
                yield Finding.about(
                    "warning",
                    "after the record's end",
                    entry,
                    table.start,
                    f"{entry[table.start]} lies after {record.end}, where provocations stop",
                    f"outcomes up to {record.end}",
                    "leave the row out of rates, or bring the provocations up to date",
                )


def rows_stand_once(record: Record, _today: dt.date) -> Iterator[Finding]:
    """No two rows of a table that look like one event."""
    for table in TABLES:
        earlier: dict[tuple[str, ...], list[Entry]] = {}
        for entry in record.entries(table.name):
            key = _likeness(table, entry)
            for other in earlier.get(key, ()):
                if _are_near(other, entry):
                    yield Finding.about(
                        "warning",
                        "duplicate",
                        entry,
                        table.start or "id",
                        f"looks like {other.id} at {other.file}:{other.line}",
                        "one row for one event",
                        "merge the rows, or say in a note how they differ",
                    )
            earlier.setdefault(key, []).append(entry)


_LIKENESS = {
    "contacts": ("channel", "us_principal", "dprk_principal", "subject"),
    "provocations": ("kind",),
    "crises": ("trigger_kind",),
    "exercises": ("exercise", "year"),
    "agreements": ("name",),
    "offices": ("office_id", "holder"),
    "channels": ("name",),
    "channel_spells": ("channel", "line"),
    "incidents_lethal": ("kind",),
    "detentions": ("initials",),
}


def _likeness(table: Table, entry: Entry) -> tuple[str, ...]:
    return tuple(str(entry[c]).casefold() for c in _LIKENESS[table.name])


def _are_near(one: Entry, other: Entry) -> bool:
    """Within three days and under one label; provocations of one kind share no day at all."""
    if one.first is None or other.first is None:
        return one.first == other.first and one.table != "offices"
    apart = abs((one.first - other.first).days)
    if one.table == "provocations":
        if "yes" in (one["exclude"], other["exclude"]):
            return False  # a row that is never counted cannot count twice
        return apart == 0 or (apart <= NEAR_DAYS and one["label"] == other["label"])
    return apart <= NEAR_DAYS


def rows_have_sources(record: Record, _today: dt.date) -> Iterator[Finding]:
    """A row without a source is a fault; one from general knowledge is noted."""
    for table in TABLES:
        column = "source" if "source" in table.column_names else "sources"
        for entry in record.entries(table.name):
            source = str(entry[column])
            if not source:
                yield Finding.about(
                    "warning",
                    "no source",
                    entry,
                    column,
                    "the row names no source",
                    "a source, or the words 'general knowledge'",
                    "name what was read",
                )
            elif _is_unread(source):
                yield Finding.about(
                    "note",
                    "no source read",
                    entry,
                    column,
                    "the row rests on general knowledge alone",
                    "a source that was read",
                    "find one, and raise the grade",
                )


def _is_unread(source: str) -> bool:
    return source.startswith(("general knowledge", "none read"))


def grades_match_sources(record: Record, _today: dt.date) -> Iterator[Finding]:
    """A grade of A or B needs something that was read."""
    for table in TABLES:
        if not {"confidence", "source"} <= set(table.column_names):
            continue
        for entry in record.entries(table.name):
            if entry["confidence"] in ("A", "B") and _is_unread(str(entry["source"])):
                yield Finding.about(
                    "warning",
                    "grade without source",
                    entry,
                    "confidence",
                    f"grade {entry['confidence']} on general knowledge alone",
                    "C",
                    "lower the grade, or name the source",
                )


def channels_are_known(record: Record, _today: dt.date) -> Iterator[Finding]:
    """Every channel code is a row of channels.csv."""
    known = {*record.channel_codes, INTER_KOREAN}
    for table, column in (("channel_spells", "channel"), ("detentions", "channel_used")):
        for entry in record.entries(table):
            for code in (c.strip() for c in str(entry[column]).split(";")):
                if code and code not in known:
                    yield Finding.about(
                        "error",
                        "dangling reference",
                        entry,
                        column,
                        f"'{code}' is no channel",
                        ", ".join(sorted(known)),
                        "write a code of channels.csv",
                    )
    for entry in record.entries("contacts"):
        if record.placement(entry).why.startswith("no rule"):
            yield Finding.about(
                "warning",
                "unplaced contact",
                entry,
                "channel",
                f"no rule places '{entry['channel']}' in a channel",
                "a wording of the rules, or a code of channels.csv",
                "write the code of the channel",
            )


def crises_resolve(record: Record, _today: dt.date) -> Iterator[Finding]:
    """`crisis_file_id` of an incident is a crisis."""
    known = {e.id for e in record.entries("crises")}
    for entry in record.entries("incidents_lethal"):
        crisis = str(entry["crisis_file_id"])
        if crisis and crisis not in known:
            yield Finding.about(
                "error",
                "dangling reference",
                entry,
                "crisis_file_id",
                f"'{crisis}' is no crisis",
                "an id of crises.csv, or nothing",
                "check the id",
            )


def cited_rows_exist(record: Record, _today: dt.date) -> Iterator[Finding]:
    """Rows named in sources and notes (C173, P0218, K12 and so on) are in the record."""
    everything = [e for table in TABLES for e in record.entries(table.name)]
    known = {e.id for e in everything}
    for entry in everything:
        for column, value in entry.values.items():
            if not isinstance(value, str) or column == "crisis_file_id":
                continue
            for cited in _CITED.findall(value):
                if cited not in known:
                    yield Finding.about(
                        "warning",
                        "dangling reference",
                        entry,
                        column,
                        f"{cited} is named but is no row of the record",
                        "an id of the record",
                        "check the id",
                    )


Check: TypeAlias = "Callable[[Record, dt.date], Iterator[Finding]]"

CHECKS: tuple[Check, ...] = (
    dates_are_possible,
    outcomes_stop_at_the_end,
    rows_stand_once,
    rows_have_sources,
    grades_match_sources,
    channels_are_known,
    crises_resolve,
    cited_rows_exist,
    agreement.lengths_match_dates,
    agreement.endings_agree,
    agreement.spells_do_not_overlap,
    agreement.contacts_fall_in_spells,
    agreement.incidents_match_provocations,
    agreement.incidents_fall_in_their_crises,
)
