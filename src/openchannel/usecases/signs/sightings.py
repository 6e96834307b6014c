"""What signs have shown: rows of the record and of the ledger that no run has read yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openchannel.usecases.store import opened_store, store_path

if TYPE_CHECKING:
    from pathlib import Path

    from openchannel.analysis.signs import Seen
    from openchannel.domain import Rows, Sign
    from openchannel.evidence import Entry, Record
    from openchannel.evidence.keeping.ledger import LedgerEntry

__all__ = ["Sighting", "opened_ledger", "sighting", "with_ledger"]

_MOST_WEEKS = 520


@dataclass(frozen=True, slots=True)
class Sighting:
    """One sign, looked for in the record.

    seen : None where there was nowhere to look, and `why` says so
    rows : ids of the rows that count
    """

    sign: Sign
    seen: Seen | None
    rows: tuple[str, ...] = ()
    why: str = ""


def opened_ledger(store: str | Path | None) -> tuple[LedgerEntry, ...]:
    """The ledger of the user's store; empty where there is no store."""
    from openchannel.evidence.keeping.ledger import current

    if not store_path(store).is_file():
        return ()
    with opened_store(store) as database:
        return tuple(current(database))


@contextmanager
def with_ledger(record: Record, own: Sequence[LedgerEntry]) -> Iterator[Record]:
    """The record with the ledger's entries after its own; what both have counts once."""
    from openchannel.evidence.keeping.entries import as_contact, as_event
    from openchannel.usecases.evidence.record import sound_record

    known = {(e["start"], record.placement(e).code) for e in record.entries("contacts")}
    known |= {(e["start"], e["channel"]) for e in record.entries("contacts")}
    known |= {(e["date"], e["kind"]) for e in record.entries("provocations")}
    new = [e for e in own if _what(e) not in known]
    if not new:
        yield record
        return
    contacts = [as_contact(e) for e in new if e.sort == "contact"]
    events = [as_event(e) for e in new if e.sort == "event"]
    with sound_record(record.folder, contacts, events) as merged:
        yield merged


def _what(entry: LedgerEntry) -> tuple[str, str]:
    """Day and channel of a contact, day and kind of an event: what a row of the record has too."""
    keys = ("start", "channel") if entry.sort == "contact" else ("date", "kind")
    return entry.values[keys[0]], entry.values[keys[1]]


def sighting(
    record: Record, sign: Sign, known_to: dt.date | None, last: dt.date | None
) -> Sighting:
    """A sign in the whole weeks after `known_to`, up to `last`, of which the record tells."""
    from openchannel.analysis.signs import Seen
    from openchannel.domain import Judged, Succeeded

    if sign.rows is None:
        return Sighting(sign, None, why="to be supposed: the record does not show it")
    if known_to is None or last is None:
        return Sighting(sign, None, why="the record has no end to count from")
    first = known_to + dt.timedelta(days=1)
    weeks = min(((last - first).days + 1) // 7, _MOST_WEEKS)
    if weeks < 1:
        return Sighting(sign, None, why=f"nothing newer than {known_to}")
    until = first + dt.timedelta(days=7 * weeks - 1)
    rows = _matching(record, sign.rows, sign.rows.where, first, until)
    seen = Seen(len(rows), first, weeks)
    if isinstance(sign.likelihood, Succeeded):
        trials = _matching(record, sign.rows, sign.rows.among, first, until)
        if not trials:
            return Sighting(sign, None, why="no rows out of which the share could be")
        seen = Seen(len(rows), first, weeks, len(trials))
    elif isinstance(sign.likelihood, Judged):
        seen = Seen(min(1, len(rows)), first, weeks)
    return Sighting(sign, seen, tuple(rows))


def _matching(
    record: Record,
    rows: Rows,
    where: Mapping[str, Sequence[str]],
    first: dt.date,
    last: dt.date,
) -> list[str]:
    """Ids of the rows of a sign between two days; days of one campaign count once."""
    from openchannel.evidence.series import campaigns

    found = [
        e
        for e in record.entries(rows.table)
        if all(_value(record, e, column) in values for column, values in where.items())
    ]
    heads = [g[0] for g in campaigns(found)] if rows.table == "provocations" else found
    return [e.id for e in heads if e.middle is not None and first <= e.middle <= last]


def _value(record: Record, entry: Entry, column: str) -> str:
    """A cell as text; of a contact also its channel code and its standing."""
    if entry.table == "contacts" and column in ("channel_code", "standing"):
        placed = record.placement(entry)
        return placed.code if column == "channel_code" else placed.standing
    value = entry[column]
    return "" if value is None else str(value)
