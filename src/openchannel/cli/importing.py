"""`openchannel evidence import`, `formats` and `stored`: lists by others, and what is kept."""

# ruff: noqa: ARG001 - every command takes --seed, also those that draw nothing

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openchannel.cli.exits import SAID_NO
from openchannel.cli.options import AsJson, Quiet, Since, Until, UnusedSeed
from openchannel.cli.reading import reading_of
from openchannel.cli.store import StoreOption, named_values
from openchannel.cli.tables import Column, plain_table
from openchannel.cli.voice import Voice
from openchannel.errors import Problem, UserError

if TYPE_CHECKING:
    from openchannel.evidence.imports.importing import Imported
    from openchannel.usecases.evidence.imports import ImportReport, StoreContents

__all__ = ["formats", "import_", "stored"]

_REASONS = 5
_NAMES = 5


Format = Annotated[
    str,
    typer.Argument(
        metavar="FORMAT",
        help="A format that `evidence formats` lists, or a mapping file ending in .yaml.",
    ),
]
Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Plain, .gz or .zip; several at once.")
]
Between = Annotated[
    str,
    typer.Option(
        "--actors",
        metavar="CODES",
        help="Take events between two of these states; all takes every event.",
    ),
]
FormatSettings = Annotated[
    list[str] | None,
    typer.Option(
        "--option", metavar="NAME=VALUE", help="A setting of the format; may be given again."
    ),
]
CodesFile = Annotated[
    Path | None,
    typer.Option(
        "--codes", metavar="FILE", help="Your own table of codes in place of the built-in one."
    ),
]
RejectsFolder = Annotated[
    Path | None,
    typer.Option(
        "--rejects",
        metavar="DIR",
        help="Where files of rejects go.",
        show_default="rejects, beside the store",
    ),
]


def import_(
    format: Format,
    files: Files,
    store: StoreOption = None,
    actors: Between = "USA,PRK",
    since: Since = None,
    until: Until = None,
    option: FormatSettings = None,
    codes: CodesFile = None,
    rejects: RejectsFolder = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """Read lists of events by others into your store.

    A file is taken whole or not at all, and rows that are there already are not added again. Exits
    with 1 if no row of a file could be read.
    """
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence.imports import import_lists

    with reading_of(voice) as tell:
        report = import_lists(
            format,
            files,
            store=store,
            actors=actors,
            since=since,
            until=until,
            options=named_values(option or (), "--option"),
            codes=codes,
            rejects=rejects,
            tell=tell,
        )
    voice.give(report.as_dict())
    voice.show(_table(report))
    for file in report.files:
        _tell_rejects(voice, file)
        _tell_unplaced(voice, file)
    voice.show_lines(f"Kept in {report.store}")
    if not report.has_rows:
        raise typer.Exit(SAID_NO)


def formats(
    codes: Annotated[
        bool, typer.Option("--codes", help="Print the table of codes, to be copied and changed.")
    ] = False,
    scales: Annotated[
        bool,
        typer.Option(
            "--scales", help="Print the table of scales of crises, to be copied likewise."
        ),
    ] = False,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """The formats that can be imported, and what each map was tested on."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence import imports

    if codes and scales:
        raise UserError(
            Problem(
                file="the call",
                field="--scales",
                wrong="two tables are asked for at once",
                allowed="one of --codes and --scales",
                mend="ask once for each, and write each into a file of its own",
            )
        )
    if codes or scales:
        text = imports.codes_table() if codes else imports.scales_table()
        voice.give({"codes" if codes else "scales": text})
        voice.show_lines(text.rstrip("\n"))
        return
    found = imports.formats()
    voice.give(
        {"formats": [{"format": m.format, "title": m.title, "basis": m.basis} for m in found]}
    )
    columns = (Column("Format", whole=True), Column("List", share=2), Column("Basis", share=3))
    voice.show(plain_table(columns, [(m.format, m.title, m.basis) for m in found]))


def stored(
    store: StoreOption = None, json: AsJson = False, quiet: Quiet = False, seed: UnusedSeed = 1
) -> None:
    """The lists in your store, and the imports that brought them."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence.imports import contents

    found = contents(store)
    voice.give(found.as_dict())
    voice.show(_lists(found))
    voice.show(_imports(found))


# --- how it looks -----------------------------------------------------------------------------


def _table(report: ImportReport) -> Any:
    columns = (
        Column("File", share=1),
        Column("Rows", "right", whole=True),
        Column("New", "right", whole=True),
        Column("Changed", "right", whole=True),
        Column("Known", "right", whole=True),
        Column("Outside", "right", whole=True),
        Column("Rejected", "right", whole=True),
    )
    rows = [
        (
            f"{Path(f.file).name} ({f.layout})",
            *(f"{n:,}" for n in (f.read, f.added, f.changed, f.known, f.outside, f.rejected)),
        )
        for f in report.files
    ]
    return plain_table(columns, rows, "Imported")


def _tell_rejects(voice: Voice, file: Imported) -> None:
    if not file.rejected:
        return
    voice.show_lines(f"Rejected from {Path(file.file).name}, in {file.rejects_file}:")
    for reason, n in file.reasons[:_REASONS]:
        voice.show_lines(f"  {n:,} x {reason}")
    if len(file.reasons) > _REASONS:
        voice.show_lines(f"  and {len(file.reasons) - _REASONS} more reasons")


def _tell_unplaced(voice: Voice, file: Imported) -> None:
    if not file.n_unplaced:
        return
    names = ", ".join(f"{name} ({n:,})" for name, n in file.unplaced[:_NAMES])
    rest = file.n_unplaced - min(_NAMES, len(file.unplaced))
    more = f", and {rest} more" if rest > 0 else ""
    voice.show(
        f"Names in {Path(file.file).name} that stand for no state in our tables, so their rows "
        f"count as outside: {names}{more}."
    )


def _lists(found: StoreContents) -> Any:
    columns = (
        Column("List", whole=True),
        Column("Rows", "right", whole=True),
        Column("First", whole=True),
        Column("Last", whole=True),
        Column("Imports", "right"),
    )
    rows = [
        (s["source"], f"{s['n']:,}", s["first"], s["last"], str(s["imports"])) for s in found.lists
    ]
    return plain_table(columns, rows, f"Lists in {found.store}")


def _imports(found: StoreContents) -> Any:
    columns = (
        Column("When (UTC)", whole=True),
        Column("File", share=1),
        Column("Wanted", share=1),
        Column("Rows", "right", whole=True),
        Column("New", "right", whole=True),
        Column("Rejected", "right", whole=True),
    )
    rows = [
        (
            str(i["made"]).replace("T", " ")[:16],
            Path(i["file"]).name,
            i["choice"],
            f"{i['n_read']:,}",
            f"{i['n_added']:,}",
            f"{i['n_rejected']:,}",
        )
        for i in found.imports
    ]
    return plain_table(columns, rows, "Imports, oldest first")
