"""`openchannel evidence`: the record of a case, asked, checked and copied."""

# ruff: noqa: ARG001 - every command takes --seed, also those that draw nothing

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from openchannel.cli import contact_ledger, importing, linking
from openchannel.cli.exits import SAID_NO
from openchannel.cli.options import AsJson, CaseOption, Quiet, Since, Until, UnusedSeed
from openchannel.cli.store import CountLedger, StoreOption
from openchannel.cli.tables import Column, plain_table
from openchannel.cli.voice import Voice

if TYPE_CHECKING:
    from openchannel.evidence import TableSummary, Verification
    from openchannel.usecases.evidence.record import Listing

__all__ = ["app"]

app = typer.Typer(
    help="The record of a case, and lists of your own beside it.",
    invoke_without_command=True,
    rich_markup_mode=None,
)

Limit = Annotated[int | None, typer.Option(metavar="N", help="At most this many rows.")]
OfChannel = Annotated[
    str | None, typer.Option(metavar="CODE", help="Only rows of this channel, such as NYC.")
]
WithWords = Annotated[
    str | None, typer.Option(metavar="WORDS", help="Only rows that hold these words.")
]

_LONGEST = 100  # findings of one level that a screen shows; JSON has them all


@app.callback()
def evidence(ctx: typer.Context) -> None:
    """Help, where nothing is asked."""
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())
        raise typer.Exit


@app.command("list")
def list_(
    table: Annotated[
        str | None,
        typer.Argument(metavar="[TABLE]", help="A table; left out, what tables there are."),
    ] = None,
    case: CaseOption = "korea",
    since: Since = None,
    until: Until = None,
    channel: OfChannel = None,
    text: WithWords = None,
    limit: Limit = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """The tables of the record, or the rows of one."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence import record

    if table is None:
        tables = record.list_tables(case)
        voice.give({"case": case, "tables": [_summary(t) for t in tables]})
        voice.show(_tables(tables, case))
        return
    found = record.list_rows(
        case, table, since=since, until=until, channel=channel, text=text, limit=limit
    )
    voice.give({"case": case, "table": table, "rows": found.rows})
    voice.show(_listing(found))
    voice.show(f"{len(found.rows)} rows. One in full: openchannel evidence show ID")


@app.command()
def show(
    row: Annotated[str, typer.Argument(metavar="ID", help="The id of a row, such as C214.")],
    case: CaseOption = "korea",
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """One row in full, with its sources, file and line."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence.record import show_row

    found = show_row(case, row)
    voice.give(found)
    columns = (Column("What", whole=True), Column("Recorded"))
    rows = [(_words(k), str(v)) for k, v in found.items() if v not in (None, "")]
    voice.show(plain_table(columns, rows))


@app.command()
def timeline(
    case: CaseOption = "korea",
    since: Since = None,
    until: Until = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            help="contact, provocation, crisis, exercise, agreement or detention; "
            "may be given again.",
        ),
    ] = None,
    channel: OfChannel = None,
    text: WithWords = None,
    limit: Limit = None,
    ledger: CountLedger = False,
    store: StoreOption = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """What happened, in order of dates."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence import record

    moments = record.timeline(
        case,
        since=since,
        until=until,
        kinds=kind or (),
        channel=channel,
        text=text,
        limit=limit,
        ledger=ledger,
        store=store,
    )
    voice.give({"case": case, "entries": moments})
    columns = (
        Column("Date", whole=True),
        Column("Kind", whole=True),
        Column("What", share=1),
        Column("Id", whole=True),
    )
    rows = [(m["date"], m["kind"], _told(m), m["id"]) for m in moments]
    voice.show(plain_table(columns, rows))
    voice.show(f"{len(moments)} entries")


@app.command()
def verify(
    case: CaseOption = "korea", json: AsJson = False, quiet: Quiet = False, seed: UnusedSeed = 1
) -> None:
    """Check the record against itself: dates, doubles, sources, and what tables say of each other.

    Exits with 1 if a row cannot be true. Warnings and notes are told and do not count.
    """
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence.record import verify_record

    found = verify_record(case)
    voice.give(found.as_dict())
    _show_verification(voice, found)
    if not found.ok:
        raise typer.Exit(SAID_NO)


@app.command()
def export(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where to write: new, or replaced file by file.")
    ],
    case: CaseOption = "korea",
    form: Annotated[
        Literal["parquet", "csv"],
        typer.Option(
            "--format",
            metavar="parquet|csv",
            help="Parquet keeps first and last days; CSV what was written.",
        ),
    ] = "parquet",
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """Copy every table into a folder, whole or not at all."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence.record import export_record

    files = export_record(case, folder, form)
    voice.give({"files": [str(f) for f in files]})
    for file in files:
        voice.show_lines(str(file))


app.command("import")(importing.import_)
app.command("formats")(importing.formats)
app.command("stored")(importing.stored)
app.command("add")(contact_ledger.add)
app.command("edit")(contact_ledger.edit)
app.command("withdraw")(contact_ledger.withdraw)
app.command("ledger")(contact_ledger.ledger)
app.command("links")(linking.links)
app.command("decide")(linking.decide)
app.command("rebuild")(linking.rebuild)
app.command("coverage")(linking.coverage)


# --- how it looks -----------------------------------------------------------------------------


def _summary(table: TableSummary) -> dict[str, Any]:
    return {
        "name": table.name,
        "rows": table.rows,
        "first": table.first.isoformat() if table.first else None,
        "last": table.last.isoformat() if table.last else None,
        "shares": table.shares,
    }


def _tables(tables: list[TableSummary], case: str) -> Any:
    columns = (
        Column("Table", whole=True),
        Column("Rows", "right", whole=True),
        Column("First", whole=True),
        Column("Last", whole=True),
        Column("Confidence, or number of sources"),
    )
    rows = [
        (t.name, str(t.rows), str(t.first or ""), str(t.last or ""), _shares(t.shares))
        for t in tables
    ]
    return plain_table(columns, rows, f"The record of {case}")


def _shares(shares: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {share:.0%}" for name, share in shares.items())


def _listing(found: Listing) -> Any:
    """Rows of any table: when, what, one thing more that tells rows apart, grade and id."""
    more = _MORE.get(found.table, ("", ""))
    columns = [Column("Date", whole=True), Column(_words(found.label).capitalize(), share=3)]
    columns += [Column(more[0], share=2)] if more[0] else []
    columns += [Column("Grade"), Column("Id", whole=True)]
    rows = []
    for row in found.rows:
        cells = [_span(row, found), str(row[found.label])]
        cells += [_cell(row, more[1], found.channels)] if more[0] else []
        rows.append([*cells, str(row.get("confidence") or ""), str(row["id"])])
    if not any(row.get("confidence") for row in found.rows):
        del columns[-2]
        rows = [[*r[:-2], r[-1]] for r in rows]
    return plain_table(columns, rows)


# What tells rows of a table apart besides their label: head and column.
_MORE = {
    "contacts": ("Channel", "channel_code"),
    "provocations": ("Kind, severity", "kind"),
    "crises": ("Highest rung", "peak_rung"),
    "exercises": ("Status", "status"),
    "agreements": ("Status", "status"),
    "offices": ("Holder", "holder"),
    "channels": ("State in mid-2025", "state_mid_2025"),
    "channel_spells": ("Channel", "channel"),
    "incidents_lethal": ("Place", "place"),
    "detentions": ("Release", "release_mode"),
}


def _cell(row: Mapping[str, Any], column: str, channels: Mapping[str, str]) -> str:
    value = str(row.get(column) if row.get(column) is not None else "")
    if column in ("channel", "channel_code"):
        return channels.get(value, value or "none of the channels")
    if column == "kind":
        return f"{value.replace('_', ' ')}, {row['severity']}"
    return value


def _span(row: Mapping[str, Any], found: Listing) -> str:
    start = str(row.get(found.start) or row.get("year") or "")
    end = str(row.get(found.end) or "") if found.end else ""
    return start if end in ("", start) else f"{start} /\n{end}"


def _told(moment: Mapping[str, Any]) -> str:
    """What an entry was, with its severity, highest rung or channel in words."""
    said = str(moment["label"])
    if moment["severity"] is not None:
        said += f" (severity {moment['severity']})"
    if moment["rung"] is not None:
        said += f" (highest rung {moment['rung']})"
    if moment["channel_name"]:
        said += f" ({moment['channel_name']})"
    return said


def _words(name: str) -> str:
    return name.replace("_", " ")


def _show_verification(voice: Voice, found: Verification) -> None:
    counts = [
        (name, *(str(levels.get(level, 0)) for level in ("error", "warning", "note")))
        for name, levels in found.counts.items()
    ]
    levels = (Column(head, "right") for head in ("Errors", "Warnings", "Notes"))
    voice.show(plain_table((Column("Check"), *levels), counts, "What the checks found"))
    columns = (Column("Table"), Column("Rows", "right"), Column("Confidence, or number of sources"))
    shares = [(name, str(n), _shares(found.shares[name])) for name, n in found.rows.items()]
    voice.show(plain_table(columns, shares, "Share of rows by confidence"))
    for level in ("error", "warning"):
        _show_findings(voice, found, level)
    verdict = "can be used as it stands" if found.ok else "holds rows that cannot be true"
    voice.show(f"The record {verdict}; it ends on {found.end}. Notes in full: --json")


def _show_findings(
    voice: Voice, found: Verification, level: Literal["error", "warning", "note"]
) -> None:
    findings = found.of(level)
    for finding in findings[:_LONGEST]:
        voice.show_lines(f"{level}: {finding.as_problem()}")
    if len(findings) > _LONGEST:
        voice.show(f"and {len(findings) - _LONGEST} more, in full with --json")
