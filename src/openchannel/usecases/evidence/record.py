"""Questions about the record of a case: list, show, timeline, verify, export.

The record stands apart from the rest of a case, so that it can be read while parameters or
policies are still being mended. Reading and checking rows belongs to `openchannel.evidence`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from openchannel.casefile import builtin_cases
from openchannel.casefile.layers import find_layers
from openchannel.errors import Problem, UserError
from openchannel.evidence import Record, TableSummary, Verification
from openchannel.evidence.tables import TABLE_OF
from openchannel.evidence.telling import TIMELINE
from openchannel.usecases.guard import disk_problems

if TYPE_CHECKING:
    from openchannel.evidence.reading import SourceRow

__all__ = [
    "TIMELINE_KINDS",
    "Listing",
    "export_record",
    "list_rows",
    "list_tables",
    "no_record",
    "open_record",
    "record_folder",
    "show_row",
    "sound_record",
    "timeline",
    "verify_record",
]

TIMELINE_KINDS = tuple(TIMELINE.values())


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of one table, with what a reader needs to make sense of them.

    `label` is the column that says what a row is; `start` and `end` are the columns of its dates
    (`end` may be empty); `channels` gives the name of each channel code of the record.
    """

    table: str
    label: str
    start: str
    end: str
    channels: dict[str, str]
    rows: list[dict[str, Any]]


def record_folder(case: str | Path) -> Path:
    """The evidence folder of a case: its own, or that of the nearest case it extends.

    Raises
    ------
    UserError
        There is no such case, or it has no record.
    """
    problems: list[Problem] = []
    layers = find_layers(case, problems)
    for layer in layers:
        folder = layer.folder / "evidence"
        if folder.is_dir():
            return folder
    if problems:
        raise UserError(problems)
    raise UserError(no_record(str(case)))


@contextmanager
def sound_record(
    folder: str | Path, ledger: Sequence[SourceRow] = (), events: Sequence[SourceRow] = ()
) -> Iterator[Record]:
    """The record in a folder, for work that builds on it: rows that cannot be true stop it.

    Contacts and events of a ledger count after its own.

    Dates after today are let pass, so that a machine with a wrong clock gives the same results;
    `verify_record` reports them.

    Raises
    ------
    UserError
        With every problem of its files, and every error that verification finds.
    """
    with Record.open(folder, ledger, events) as record:
        if errors := record.verify(dt.date.max).of("error"):
            raise UserError(finding.as_problem() for finding in errors)
        yield record


@contextmanager
def open_record(case: str | Path) -> Iterator[Record]:
    """The record of a case, closed again at the end; raises with every problem of its files."""
    with Record.open(record_folder(case)) as record:
        yield record


def list_tables(case: str | Path) -> list[TableSummary]:
    """Each table with its number of rows, first and last day, and shares by confidence."""
    with open_record(case) as record:
        return record.tables()


def list_rows(
    case: str | Path,
    table: str,
    *,
    since: str | None = None,
    until: str | None = None,
    channel: str | None = None,
    text: str | None = None,
    limit: int | None = None,
) -> Listing:
    """Rows of one table by date, narrowed by dates, channel code and words."""
    with open_record(case) as record:
        rows = record.list(table, since, until, channel, text, limit)
        spec = TABLE_OF[table]
        end = "" if spec.end == spec.start else spec.end
        return Listing(table, spec.label, spec.start, end, _channel_names(record), rows)


def show_row(case: str | Path, row_id: str) -> dict[str, Any]:
    """One row of any table by its id; an unknown id raises with the nearest ones."""
    with open_record(case) as record:
        return record.show(row_id)


def timeline(
    case: str | Path,
    *,
    since: str | None = None,
    until: str | None = None,
    kinds: Iterable[str] = (),
    channel: str | None = None,
    text: str | None = None,
    limit: int | None = None,
    ledger: bool = False,
    store: str | Path | None = None,
) -> list[dict[str, Any]]:
    """What happened, in order of dates; every kind of entry, or only those of `kinds`.

    `channel` is a code, `text` is looked for in what an entry says. With `ledger` the contacts of
    the user's own ledger stand among the others; `store` is the file that keeps it.
    """
    from openchannel.usecases.evidence.contact_ledger import ledger_contacts

    wanted = tuple(kinds)
    problems = [_unknown_kind(k) for k in wanted if k not in TIMELINE_KINDS]
    if limit is not None and limit < 0:
        problems.append(_negative_limit(limit))
    if problems:
        raise UserError(problems)
    own = ledger_contacts(store) if ledger else []
    with Record.open(record_folder(case), own) as record:
        moments = record.timeline(since, until)
        names = _channel_names(record)
    if channel is not None and channel not in names:
        raise UserError(_unknown_channel(channel, list(names)))
    chosen = [m for m in moments if not wanted or m["kind"] in wanted]
    for moment in chosen:
        codes = str(moment["channel"] or "").split("; ")
        moment["channel_name"] = "; ".join(names.get(c, c) for c in codes if c) or None
    return [m for m in chosen if _is_about(m, channel, text)][:limit]


def _is_about(moment: dict[str, Any], channel: str | None, text: str | None) -> bool:
    if channel is not None and channel not in str(moment["channel"] or "").split("; "):
        return False
    said = (moment["label"], moment["channel_name"], moment["source"], moment["id"])
    return text is None or any(text.casefold() in str(s or "").casefold() for s in said)


def verify_record(case: str | Path) -> Verification:
    """The record checked against itself; `ok` is false where a row cannot be true."""
    with open_record(case) as record:
        return record.verify()


def export_record(
    case: str | Path, folder: str | Path, form: Literal["parquet", "csv"] = "parquet"
) -> list[Path]:
    """Every table written into `folder`, whole or not at all; the files written."""
    target = Path(folder).expanduser()
    with open_record(case) as record, disk_problems(target):
        return record.export(target, form)


def no_record(case: str, wrong: str = "the case has no record") -> Problem:
    """What to say where a question needs a record and there is none to be had."""
    return Problem(
        file=case,
        field="evidence",
        wrong=wrong,
        allowed="a folder `evidence` with ten CSV tables beside case.yaml",
        mend=f"add the folder, or ask a case that has one: {', '.join(builtin_cases())}",
    )


def _channel_names(record: Record) -> dict[str, str]:
    return {e.id: str(e["name"]) for e in record.entries("channels")}


def _unknown_kind(kind: str) -> Problem:
    near = get_close_matches(kind, TIMELINE_KINDS, n=1, cutoff=0.0)
    return Problem(
        file="command line",
        field="--kind",
        wrong=f"'{kind}' is no kind of entry",
        allowed=", ".join(TIMELINE_KINDS),
        mend=f"write {near[0]}",
    )


def _unknown_channel(code: str, known: Sequence[str]) -> Problem:
    near = get_close_matches(code.upper(), known, n=1, cutoff=0.0)
    return Problem(
        file="command line",
        field="--channel",
        wrong=f"the record has no channel '{code}'",
        allowed=", ".join(known),
        mend=f"write {near[0]}" if near else "leave it out",
    )


def _negative_limit(limit: int) -> Problem:
    return Problem("command line", "--limit", f"{limit} is below 0", "0 or more", "leave it out")
