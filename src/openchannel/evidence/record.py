"""The record: what happened between the two sides, each row with its source, file and line.

Owns asking the record for rows. Checks of the record against itself belong to `verify`, counts by
week to `series`, writing to `export`.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from openchannel.errors import UserError
from openchannel.evidence import export as _export
from openchannel.evidence import series
from openchannel.evidence.asking import bound, day_of, faulty, table_named, unknown
from openchannel.evidence.channels import Placement, place_contact
from openchannel.evidence.content import Content, content_of
from openchannel.evidence.dates import Day
from openchannel.evidence.entry import Entry
from openchannel.evidence.offices import VACANT
from openchannel.evidence.reading import SourceRow
from openchannel.evidence.summary import TableSummary, summary_of
from openchannel.evidence.tables import TABLES, Table
from openchannel.evidence.telling import TIMELINE, channels_of, moment_dict, row_dict
from openchannel.evidence.verify import Verification, verify

__all__ = ["Record"]

# Names for lists, because `Record.list` hides the builtin inside the class.
Rows: TypeAlias = list[dict[str, Any]]
Entries: TypeAlias = "list[Entry]"
Files: TypeAlias = list[Path]
Summaries: TypeAlias = "list[TableSummary]"


class Record:
    """The evidence of a case, opened for questions.

    Use as a context manager, or call `close`. Rows are given as dictionaries that JSON can hold:
    dates as text, counts as numbers or nothing, with `id`, `table`, `file` and `file_line`.
    """

    def __init__(self, folder: Path, content: Content) -> None:
        self.folder = folder
        self._content = content

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
        content = content_of(path)
        if ledger or events:
            content = content.with_more({"contacts": ledger, "provocations": events})
        return cls(path, content)

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
        """Let go of what the files say; asking afterwards is an error."""
        self.__dict__.pop("_content", None)

    # --- the record as a whole ---------------------------------------------------------------

    def tables(self) -> Summaries:
        """Each table with its rows, first and last day, and shares by grade."""
        return [summary_of(self._content.store, t) for t in TABLES]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what the files say; order of rows, line ends and byte marks do not matter."""
        return self._content.fingerprint

    def digest(self, table: str) -> str:
        """SHA-256 of what the rows of one table say, whatever their order."""
        return self._content.digests[table_named(table).name]

    @cached_property
    def end(self) -> dt.date | None:
        """The day on which rows that serve as outcomes stop.

        The last day of the month of the last provocation: the record is cut at the end of a month,
        so quiet days after the last event belong to it.
        """
        last = max((e.last for e in self.entries("provocations") if e.last), default=None)
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
        return tuple(row.id for row in self._content.rows["channels"])

    # --- rows --------------------------------------------------------------------------------

    def entries(self, table: str) -> Entries:
        """All rows of a table with their place in time, in the order of the file."""
        return [*self._content.entries[table_named(table).name]]

    def ids(self, query: str) -> set[str]:
        """Ids that a query of our own on the tables finds; it names one column, `id`."""
        return {str(row["id"]) for row in self._content.store.ask(query)}

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

    def _placed(self, entry: Entry) -> Placement | None:
        return self.placement(entry) if entry.table == "contacts" else None

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
        spec = table_named(table)
        low, high = bound(since, "since"), bound(until, "until")
        if low is not None and high is not None and high < low:
            raise UserError(
                faulty(
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
            raise UserError(faulty("limit", f"{limit} is below 0", "0 or more", "leave it out"))
        return [row_dict(e, self._placed(e)) for e in chosen[:limit]]

    def _by_channel(self, table: Table, rows: Entries, channel: str) -> Entries:
        known = [*self.channel_codes]
        if table.name == "channel_spells":
            known += sorted({str(e["channel"]) for e in rows} - set(known))
        if channel not in known:
            raise UserError(unknown("channel", channel, known))
        if table.name not in ("contacts", "channels", "channel_spells", "detentions"):
            raise UserError(
                faulty(
                    "channel",
                    f"rows of {table.name} name no channel",
                    "contacts, channels, channel_spells, detentions",
                    "leave the channel out",
                )
            )
        return [e for e in rows if channel in channels_of(e, self._placed(e))]

    def show(self, row_id: str) -> dict[str, Any]:
        """One row of any table by its id.

        Raises
        ------
        UserError
            With the nearest ids, where the record has no such row.
        """
        wanted = row_id.strip()
        for name, rows in self._content.rows.items():
            if any(r.id.casefold() == wanted.casefold() for r in rows):
                return next(
                    row_dict(e, self._placed(e))
                    for e in self.entries(name)
                    if e.id.casefold() == wanted.casefold()
                )
        known = [r.id for rows in self._content.rows.values() for r in rows]
        raise UserError(unknown("id", row_id, known))

    def timeline(self, since: Day | None = None, until: Day | None = None) -> Rows:
        """Contacts, provocations, crises, exercises, agreements and detentions by date."""
        low, high = bound(since, "since"), bound(until, "until")
        found = [
            (order, e)
            for order, name in enumerate(TIMELINE)
            for e in self.entries(name)
            if e.first is not None and _starts_within(e, low, high)
        ]
        found.sort(key=lambda f: (f[1].first or dt.date.min, f[0], f[1].id))
        return [moment_dict(e, self._placed(e)) for _, e in found]

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
            day_of(start, "start"),
            day_of(end, "end"),
            series.Selection(min_severity, coding, drop_campaign_days, exclude),
        )

    def weekly_contacts(
        self, start: Day, end: Day, channel: str | None = None
    ) -> tuple[NDArray[np.datetime64], NDArray[np.int64]]:
        """Contacts per week, lines of routine traffic left out; see `series.weekly_contacts`."""
        if channel is not None and channel not in self.channel_codes:
            raise UserError(unknown("channel", channel, self.channel_codes))
        placed = [(e, self.placement(e)) for e in self.entries("contacts")]
        chosen = [
            e
            for e, p in placed
            if p.standing == "contact" and (channel is None or p.code == channel)
        ]
        return series.weekly_contacts(chosen, day_of(start, "start"), day_of(end, "end"))

    def verify(self, today: dt.date | None = None) -> Verification:
        """Check the record against itself; see `verify.verify`."""
        day = today or dt.date.today()
        return self._content.verified(day, lambda: verify(self, day))

    def export(self, path: str | Path, format: Literal["parquet", "csv"] = "parquet") -> Files:
        """Write every table into a folder, whole or not at all; the files written."""
        return _export.export(self._content.store, self._content.rows, Path(path), format)


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
