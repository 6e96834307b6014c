"""Acts: what one list says happened on one day, of one kind.

Lists count differently: one row a missile, one row a day, one row a landing place. Rows of a list
that share day and kind are one act with so many rows, so that lists can be compared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from openchannel.evidence.dates import Precision, read_date
from openchannel.evidence.imports.coding import kinds
from openchannel.evidence.keeping.database import Database
from openchannel.evidence.keeping.ledger import current
from openchannel.evidence.record import Record

__all__ = ["LEDGER", "RECORD", "Act", "acts_of_lists", "acts_of_record"]

RECORD, LEDGER = "record", "ledger"
_GROUPS = ("provocation", "use of force")


@dataclass(frozen=True, slots=True)
class Act:
    """One act by one list.

    id : `list/day/kind`, the same as long as the list says the same
    first, last, precision : its day, or the month or year in which it lies
    rows : how many rows of the list it stands for
    severity : the highest of its rows; none where the list cannot say
    count : sum over its rows of what the list counts
    deaths : sum over its rows
    """

    id: str
    source: str
    first: dt.date
    last: dt.date
    precision: Precision
    kind: str
    severity: int | None
    rows: int = 1
    count: int | None = None
    deaths: int | None = None
    lat: float | None = None
    lon: float | None = None
    text: str = ""


def acts_of_lists(database: Database, actor: str = "PRK") -> list[Act]:
    """Acts of one actor in every list of the store and in the ledger, by list and day."""
    wanted = [k for k, group in kinds().items() if group in _GROUPS]
    rows = database.ask(
        "SELECT source, date, last, precision, kind, severity, count, deaths, lat, lon, text "
        "FROM current_events WHERE list_contains(string_split(actor1, ';'), ?) "
        "AND list_contains(?::VARCHAR[], kind) ORDER BY source, date, last, kind, file_line",
        (actor, wanted),
    )
    listed = [
        Act("", r["source"], r["date"], r["last"], r["precision"], r["kind"], r["severity"], 1,
            r["count"], r["deaths"], r["lat"], r["lon"], r["text"])
        for r in rows
    ]  # fmt: skip
    return [*_joined(listed), *_joined(_of_ledger(database))]


def acts_of_record(record: Record) -> list[Act]:
    """Rows of provocations.csv as acts of the list `record`; each keeps its id."""
    found = []
    for entry in record.entries("provocations"):
        if entry.first is None or entry.last is None or entry.precision is None:
            continue
        if entry["exclude"] == "yes":
            continue
        found.append(
            Act(
                entry.id, RECORD, entry.first, entry.last, entry.precision, entry["kind"],
                entry["severity"], 1, entry["missiles"], entry["deaths"], text=entry["label"],
            )
        )  # fmt: skip
    return found


def _of_ledger(database: Database) -> list[Act]:
    found = []
    for entry in current(database):
        if entry.sort == "event":
            date, values = read_date(entry.values["date"]), entry.values
            found.append(
                Act("", LEDGER, date.first, date.last, date.precision, values["kind"],
                    int(values["severity"]), 1, _number(values.get("missiles")),
                    _number(values.get("deaths")), text=values["label"])
            )  # fmt: skip
    return sorted(found, key=lambda a: (a.first, a.last, a.kind))


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _joined(acts: Iterable[Act]) -> Iterator[Act]:
    """Rows of a list with the same days and kind as one act; they must come in this order."""
    for (source, first, last, kind), group in groupby(
        acts, key=lambda a: (a.source, a.first, a.last, a.kind)
    ):
        rows = list(group)
        day = first.isoformat()[: {"day": 10, "month": 7, "year": 4}[rows[0].precision]]
        span = day if rows[0].precision != "day" or first == last else f"{day}..{last}"
        yield Act(
            f"{source}/{span}/{kind}",
            source,
            first,
            last,
            rows[0].precision,
            kind,
            max((r.severity for r in rows if r.severity is not None), default=None),
            len(rows),
            _sum(r.count for r in rows),
            _sum(r.deaths for r in rows),
            next((r.lat for r in rows if r.lat is not None), None),
            next((r.lon for r in rows if r.lon is not None), None),
            rows[0].text,
        )


def _sum(values: Iterable[int | None]) -> int | None:
    known = [v for v in values if v is not None]
    return sum(known) if known else None
