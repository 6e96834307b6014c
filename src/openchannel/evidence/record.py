"""The record: what happened between the two sides, each row with its source, file and line.

Owns asking the record for rows. Checks of the record against itself belong to `verify`, counts by
week to `series`, writing to `export`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import difflib
import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from openchannel.errors import Problem, UserError
from openchannel.evidence import export as _export
from openchannel.evidence import series
from openchannel.evidence.channels import Placement, place_contact
from openchannel.evidence.dates import read_date
from openchannel.evidence.entry import Entry
from openchannel.evidence.offices import VACANT
from openchannel.evidence.reading import SourceRow, read_folder, rows_text
from openchannel.evidence.store import Store, quoted
from openchannel.evidence.tables import TABLES, Table, table_names
from openchannel.evidence.verify import Verification, verify

__all__ = ["Record", "TableSummary"]

Day: TypeAlias = str | dt.date
# Names for lists, because `Record.list` hides the builtin inside the class.
Rows: TypeAlias = list[dict[str, Any]]
Entries: TypeAlias = "list[Entry]"
Files: TypeAlias = list[Path]
Summaries: TypeAlias = "list[TableSummary]"


class TableSummary(NamedTuple):
    """Size, span and quality of one table.

    `shares` are the fractions of grades A, B and C (a part-graded row, `A month`, counts as B). A
    table without grades gives the fractions listed by 1, 2 and 3+ sources instead; an empty one
    gives nothing.
    """

    name: str
    rows: int
    first: dt.date | None
    last: dt.date | None
    shares: dict[str, float]


_TABLE = {t.name: t for t in TABLES}
_TIMELINE = {
    "contacts": "contact",
    "provocations": "provocation",
    "crises": "crisis",
    "exercises": "exercise",
    "agreements": "agreement",
    "detentions": "detention",
}


class Record:
    """The evidence of a case, opened for questions.

    Use as a context manager, or call `close`. Rows are given as dictionaries that JSON can hold:
    dates as text, counts as numbers or nothing, with `id`, `table`, `file` and `file_line`.
    """

    def __init__(self, folder: Path, rows: Mapping[str, Sequence[SourceRow]]) -> None:
        self.folder = folder
        self._rows = rows
        self._store = Store(rows)
        self._entries: dict[str, tuple[Entry, ...]] = {}  # ten tables at most; emptied by `close`

    @classmethod
    def open(
        cls,
        folder: str | Path,
        ledger: Sequence[SourceRow] = (),
        events: Sequence[SourceRow] = (),
    ) -> Record:
        """Read the ten CSV files of a folder; contacts and events of a ledger come after its own.

        Raises
        ------
        UserError
            With every problem of every file: missing files and columns, other encodings, bad rows.
        """
        path = Path(folder)
        rows = read_folder(path)
        own = {"contacts": ledger, "provocations": events}
        return cls(path, rows | {name: [*rows[name], *more] for name, more in own.items()})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the database go; asking afterwards is an error."""
        self._entries.clear()
        self._store.close()

    # --- the record as a whole ---------------------------------------------------------------

    def tables(self) -> Summaries:
        """Each table with its rows, first and last day, and shares by grade."""
        return [self._summary(t) for t in TABLES]

    def _summary(self, table: Table) -> TableSummary:
        (found,) = self._store.ask(
            f'SELECT count(*) AS n, min("first") AS lo, '
            f'max(coalesce("last", "first")) AS hi FROM {quoted(table.name)}'
        )
        return TableSummary(table.name, found["n"], found["lo"], found["hi"], self._shares(table))

    def _shares(self, table: Table) -> dict[str, float]:
        if "confidence" in table.column_names:
            key = "CASE WHEN length(confidence) > 1 THEN 'B' ELSE confidence END"
            names: tuple[str, ...] = ("A", "B", "C")
        else:
            n_sources = "len(string_split(sources, ';'))"
            key = f"CASE WHEN {n_sources} >= 3 THEN '3+' ELSE {n_sources}::VARCHAR END"
            names = ("1", "2", "3+")
        found = {
            r["k"]: r["n"]
            for r in self._store.ask(
                f"SELECT {key} AS k, count(*) AS n FROM {quoted(table.name)} GROUP BY k"
            )
        }
        total = sum(found.values())
        return {n: found.get(n, 0) / total for n in names} if total else {}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of what the files say; order of rows, line ends and byte marks do not matter."""
        digest = hashlib.sha256()
        for table in TABLES:
            digest.update(rows_text(table, self._rows[table.name]).encode())
        return digest.hexdigest()

    def digest(self, table: str) -> str:
        """SHA-256 of what the rows of one table say, whatever their order."""
        text = rows_text(_table(table), self._rows[table])
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def end(self) -> dt.date | None:
        """The day on which rows that serve as outcomes stop.

        The last day of the month of the last provocation: the record is cut at the end of a month,
        so quiet days after the last event belong to it.
        """
        (found,) = self._store.ask('SELECT max("last") AS d FROM provocations')
        last: dt.date | None = found["d"]
        if last is None:
            return None
        return last.replace(day=calendar.monthrange(last.year, last.month)[1])

    @cached_property
    def last_contact(self) -> dt.date | None:
        """The last day on which the record has something pass between the two sides."""
        days = [
            e.last or e.first
            for e in self.entries("contacts")
            if self.placement(e).standing != "none"
        ]
        return max((d for d in days if d is not None), default=None)

    @cached_property
    def channel_codes(self) -> tuple[str, ...]:
        """Codes of the channels, in the order of the file."""
        return tuple(row.id for row in self._rows["channels"])

    # --- rows --------------------------------------------------------------------------------

    def entries(self, table: str) -> Entries:
        """All rows of a table with their place in time, in the order of the file."""
        spec = _table(table)
        if table not in self._entries:
            found = self._store.ask(f"SELECT * FROM {quoted(spec.name)} ORDER BY file_line")
            self._entries[table] = tuple(_entry(spec, row) for row in found)
        return [*self._entries[table]]

    def ids(self, query: str) -> set[str]:
        """Ids that a query of our own on the tables finds; it names one column, `id`."""
        return {str(row["id"]) for row in self._store.ask(query)}

    def term(self, office: str, day: dt.date) -> Entry | None:
        """Who holds an office on a day, as the row of the term; nothing where nobody does."""
        held = [
            (e.first, e)
            for e in self.entries("offices")
            if e["office_id"] == office and e.first and e.first <= day <= (e.last or dt.date.max)
        ]
        latest = max(held, key=lambda h: h[0], default=None)
        return None if latest is None or latest[1]["holder"] == VACANT else latest[1]

    def placement(self, contact: Entry) -> Placement:
        """Channel code and standing of a row of contacts."""
        return place_contact(contact["channel"], contact["us_principal"], self.channel_codes)

    def list(
        self,
        table: str,
        since: Day | None = None,
        until: Day | None = None,
        channel: str | None = None,
        text: str | None = None,
        limit: int | None = None,
    ) -> Rows:
        """Rows of a table by date, narrowed by dates, channel code and words.

        A row is in the range if any of its days is. `text` is looked for in every column without
        regard to case. Rows without a date are left out once a date is asked for.
        """
        spec = _table(table)
        low, high = _bound(since, "since"), _bound(until, "until")
        if low is not None and high is not None and high < low:
            raise UserError(
                _question(
                    "until",
                    f"{high} lies before since, {low}",
                    f"a day from {low} on",
                    "swap the two",
                )
            )
        chosen = [e for e in self.entries(table) if _overlaps(spec, e, low, high)]
        if channel is not None:
            chosen = self._by_channel(spec, chosen, channel)
        if text is not None:
            needle = text.casefold()
            chosen = [
                e for e in chosen if any(needle in str(v).casefold() for v in e.values.values())
            ]
        chosen.sort(key=lambda e: (e.first is None, e.first or dt.date.min, e.id))
        if limit is not None and limit < 0:
            raise UserError(_question("limit", f"{limit} is below 0", "0 or more", "leave it out"))
        return [self._as_dict(e) for e in chosen[:limit]]

    def _by_channel(self, table: Table, rows: Entries, channel: str) -> Entries:
        known = [*self.channel_codes]
        if table.name == "channel_spells":
            known += sorted({str(e["channel"]) for e in rows} - set(known))
        if channel not in known:
            raise UserError(_unknown("channel", channel, known))
        if table.name not in ("contacts", "channels", "channel_spells", "detentions"):
            raise UserError(
                _question(
                    "channel",
                    f"rows of {table.name} name no channel",
                    "contacts, channels, channel_spells, detentions",
                    "leave the channel out",
                )
            )
        return [e for e in rows if channel in self._channels_of(e)]

    def _channels_of(self, entry: Entry) -> tuple[str, ...]:
        if entry.table == "contacts":
            code = self.placement(entry).code
            return (code,) if code else ()
        if entry.table == "channels":
            return (entry.id,)
        if entry.table == "channel_spells":
            return (str(entry["channel"]),)
        if entry.table == "detentions":
            return tuple(c.strip() for c in str(entry["channel_used"]).split(";") if c.strip())
        return ()

    def show(self, row_id: str) -> dict[str, Any]:
        """One row of any table by its id.

        Raises
        ------
        UserError
            With the nearest ids, where the record has no such row.
        """
        wanted = row_id.strip()
        for name, rows in self._rows.items():
            if any(r.id.casefold() == wanted.casefold() for r in rows):
                return next(
                    self._as_dict(e)
                    for e in self.entries(name)
                    if e.id.casefold() == wanted.casefold()
                )
        known = [r.id for rows in self._rows.values() for r in rows]
        raise UserError(_unknown("id", row_id, known))

    def timeline(self, since: Day | None = None, until: Day | None = None) -> Rows:
        """Contacts, provocations, crises, exercises, agreements and detentions by date."""
        low, high = _bound(since, "since"), _bound(until, "until")
        found = [
            (e, kind)
            for name, kind in _TIMELINE.items()
            for e in self.entries(name)
            if e.first is not None and _starts_within(e, low, high)
        ]
        order = list(_TIMELINE.values())
        found.sort(key=lambda f: (f[0].first or dt.date.min, order.index(f[1]), f[0].id))
        return [self._moment(e, kind) for e, kind in found]

    def _moment(self, entry: Entry, kind: str) -> dict[str, Any]:
        table = _TABLE[entry.table]
        code = self._channels_of(entry)
        return {
            "date": str(entry.values.get(table.start) or entry.values.get("year")),
            "end": str(entry.values.get(table.end) or ""),
            "precision": entry.precision,
            "first": entry.first.isoformat() if entry.first else None,
            "last": entry.last.isoformat() if entry.last else None,
            "kind": kind,
            "id": entry.id,
            "label": entry[table.label],
            "severity": entry["severity"] if kind == "provocation" else None,
            "rung": entry["peak_rung"] if kind == "crisis" else None,
            "channel": "; ".join(code) or None,
            "confidence": entry.values.get("confidence"),
            "source": entry.values.get("source") or entry.values.get("sources"),
            "file": entry.file,
            "file_line": entry.line,
        }

    def _as_dict(self, entry: Entry) -> dict[str, Any]:
        result: dict[str, Any] = {"id": entry.id, "table": entry.table, **entry.values}
        if entry.table == "contacts":
            placed = self.placement(entry)
            result["channel_code"] = placed.code or None
            result["standing"] = placed.standing
        return {
            **result,
            "first": entry.first.isoformat() if entry.first else None,
            "last": entry.last.isoformat() if entry.last else None,
            "precision": entry.precision,
            "file": entry.file,
            "file_line": entry.line,
        }

    # --- counts, checks, copies --------------------------------------------------------------

    def weekly_provocations(
        self,
        start: Day,
        end: Day,
        min_severity: int = 2,
        coding: Literal["project", "csis"] = "project",
        drop_campaign_days: bool = True,
        exclude: bool = True,
    ) -> tuple[NDArray[np.datetime64], NDArray[np.int64]]:
        """Provocations per week; see `series.weekly_provocations`."""
        return series.weekly_provocations(
            self.entries("provocations"),
            _day(start, "start"),
            _day(end, "end"),
            series.Selection(min_severity, coding, drop_campaign_days, exclude),
        )

    def weekly_contacts(
        self, start: Day, end: Day, channel: str | None = None
    ) -> tuple[NDArray[np.datetime64], NDArray[np.int64]]:
        """Contacts per week, lines of routine traffic left out; see `series.weekly_contacts`."""
        if channel is not None and channel not in self.channel_codes:
            raise UserError(_unknown("channel", channel, self.channel_codes))
        placed = [(e, self.placement(e)) for e in self.entries("contacts")]
        chosen = [
            e
            for e, p in placed
            if p.standing == "contact" and (channel is None or p.code == channel)
        ]
        return series.weekly_contacts(chosen, _day(start, "start"), _day(end, "end"))

    def verify(self, today: dt.date | None = None) -> Verification:
        """Check the record against itself; see `verify.verify`."""
        return verify(self, today)

    def export(self, path: str | Path, format: Literal["parquet", "csv"] = "parquet") -> Files:
        """Write every table into a folder, whole or not at all; the files written."""
        return _export.export(self._store, self._rows, Path(path), format)


def _entry(table: Table, row: dict[str, Any]) -> Entry:
    return Entry(
        row["row_id"],
        table.name,
        row["first"],
        row["last"],
        row["precision"],
        row["file"],
        row["file_line"],
        {name: row[name] for name in table.column_names if name != "id"},
    )


def _overlaps(table: Table, entry: Entry, low: dt.date | None, high: dt.date | None) -> bool:
    if low is None and high is None:
        return True
    if entry.first is None:
        return False
    # Without an end, a state (an office, a spell, an agreement) goes on; an event is over.
    goes_on = table.name in ("agreements", "offices", "channel_spells", "channels")
    last = entry.last or (dt.date.max if goes_on else entry.first)
    return (low is None or last >= low) and (high is None or entry.first <= high)


def _starts_within(entry: Entry, low: dt.date | None, high: dt.date | None) -> bool:
    day = entry.first
    return day is not None and (low is None or day >= low) and (high is None or day <= high)


def _table(name: str) -> Table:
    if name not in _TABLE:
        raise UserError(_unknown("table", name, table_names()))
    return _TABLE[name]


def _bound(day: Day | None, field: str) -> dt.date | None:
    """A day, or the last day of a month or year that ends a range and the first that begins it."""
    if isinstance(day, dt.datetime):
        return day.date()
    if day is None or isinstance(day, dt.date):
        return day
    try:
        date = read_date(day)
    except ValueError as error:
        raise UserError(
            _question(
                field,
                str(error),
                "a day (1996-05-28), a month (1996-05) or a year (1996)",
                "write the date in one of the three forms",
            )
        ) from error
    return date.last if field in ("until", "end") else date.first


def _day(day: Day, field: str) -> dt.date:
    bound = _bound(day, field)
    assert bound is not None
    return bound


def _question(field: str, wrong: str, allowed: str, mend: str) -> Problem:
    return Problem("evidence", field, wrong, allowed, mend)


def _unknown(field: str, name: str, known: Sequence[str]) -> Problem:
    near = difflib.get_close_matches(name, known, n=5, cutoff=0.5)
    if not near:
        near = difflib.get_close_matches(name.upper(), known, n=5, cutoff=0.3)
    rest = [k for k in known if k not in near][: 12 - len(near)]
    more = ", ..." if len(known) > len(near) + len(rest) else ""
    return _question(
        field,
        f"the record has no {field} '{name}'",
        ", ".join([*near, *rest]) + more,
        f"write '{near[0]}'" if near else "list the tables to see what there is",
    )
