"""`openchannel calibrate`: what the record says, beside what the specification asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openchannel.cli.exits import DONE, SAID_NO
from openchannel.cli.options import AsJson, CaseName, DrawnSeed, PageFormats, Quiet, page_folder
from openchannel.cli.store import StoreOption
from openchannel.cli.tables import Column, plain_table
from openchannel.cli.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openchannel.usecases.history.calibrate import MomentRow, MomentTable
    from openchannel.usecases.history.study import HistoryFindings

__all__ = ["calibrate"]


# The use case's own default, written here because help must not load it to show it.
DEFAULT_DRAWS = 1200


def calibrate(
    case: CaseName,
    moments: Annotated[
        bool, typer.Option("--moments", help="The historical moments; what is told by default.")
    ] = False,
    history: Annotated[
        bool,
        typer.Option(
            "--history",
            help="What history says: models of the record; minutes at first, then kept.",
        ),
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Other periods and lags of each moment as well.")
    ] = False,
    futures: Annotated[
        int, typer.Option(metavar="N", help="Futures of the simulated status quo; 0 for none.")
    ] = 2_000,
    output: Annotated[
        Path | None,
        page_folder("With --history: write the page, its data and a case with the posteriors."),
    ] = None,
    form: PageFormats = "html,pdf",
    draws: Annotated[
        int, typer.Option(metavar="N", help="With --history: draws of each of four chains.")
    ] = DEFAULT_DRAWS,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="With --history: the day the age of the evidence is told for.",
            show_default="today",
        ),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="With --history: compute anew, whatever is kept.")
    ] = False,
    store: StoreOption = None,
    scales: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="With --history: your own table of crisis scales in place of the built-in one.",
        ),
    ] = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: DrawnSeed = 1,
) -> int:
    """Historical moments as they fall, or with --history what the record can and cannot say."""
    voice = Voice(json, quiet)
    if history and not moments:
        from openchannel.cli.blocks import checked_formats
        from openchannel.usecases.history.study import history as history_of

        formats = checked_formats(form, output)
        voice.say(f"reading the case {case} and its record...")
        found = history_of(
            case, draws=draws, seed=seed, as_of=as_of, fresh=fresh, store=store, scales=scales,
            say=voice.say,
        )  # fmt: skip
        return _history(voice, found, output, formats)
    also = " and simulating its status quo" if futures else ""
    voice.say(f"reading the case {case} and its record{also}...")
    from openchannel.usecases.history.calibrate import moments as moments_of

    table = moments_of(case, futures=futures, seed=seed)
    voice.give(table.as_dict())
    voice.show(_table(table, every=every))
    voice.show(_closing(table))
    return DONE


def _history(
    voice: Voice, found: HistoryFindings, output: Path | None, formats: Sequence[str]
) -> int:
    """Show what history says, write it if asked; 1 where a sampler failed its checks."""
    from openchannel.cli.blocks import hand_over
    from openchannel.usecases.history.files import write_history

    hand_over(
        voice,
        found.as_dict(),
        lambda: found.page(is_short=True),
        output,
        lambda folder: write_history(found, folder, formats),
        "Channels, agreements, crises, every table and chart: -o DIR, or --json.",
    )
    return DONE if found.passes else SAID_NO


def _table(table: MomentTable, *, every: bool) -> Any:
    columns = [
        Column("Id", whole=True),
        Column("Moment", share=3),
        Column("Target", share=2),
        Column("Accept", whole=True),
        Column("Record", "right", whole=True),
    ]
    columns += [Column("Model", "right", whole=True)] if table.has_simulation else []
    rows = []
    judged = {r.id: r.recorded_in_band is not None for r in table.rows if not r.variant}
    for row in table.rows:
        family = row.id.partition(".")[0]
        if row.variant and not every and judged.get(family, True):
            continue
        cells = [row.id, f"  {row.label}" if row.variant else _label(row)]
        cells += ["" if row.variant else row.target, _band(row), _recorded(row)]
        rows.append([*cells, _simulated(row)] if table.has_simulation else cells)
    return plain_table(columns, rows, f"Historical moments of {table.case}")


def _label(row: MomentRow) -> str:
    """The moment, with what the band is of where that is another quantity."""
    return f"{row.label} (accepted: {row.band_of})" if row.is_of_model_only else row.label


def _band(row: MomentRow) -> str:
    if not row.has_band:
        return ""
    if row.low is None:
        return f"to {row.high:g}"
    if row.high is None:
        return f"from {row.low:g}"
    return f"{row.low:g} to {row.high:g}"


def _recorded(row: MomentRow) -> str:
    return _number(row.recorded, row.recorded_in_band)


def _simulated(row: MomentRow) -> str:
    return _number(row.simulated, row.simulated_in_band)


def _number(value: float | None, in_band: bool | None) -> str:
    """A number with a sign for the band: + inside, ! outside, nothing where there is no band."""
    if value is None:
        return "-"
    sign = {True: " +", False: " !", None: "  "}[in_band]
    return f"{value:.2f}{sign}" if abs(value) < 10 else f"{value:.1f}{sign}"


def _closing(table: MomentTable) -> str:
    said = [_count("record", [r.recorded_in_band for r in table.rows])]
    if table.has_simulation:
        said.append(_count("model", [r.simulated_in_band for r in table.rows]))
    return (
        "+ inside the band, ! outside it, - not a number of the record. "
        f"{' '.join(said)} Intervals, notes and every row: --json. What history can and cannot "
        "say: --history."
    )


def _count(name: str, in_band: list[bool | None]) -> str:
    inside, outside = in_band.count(True), in_band.count(False)
    return f"The {name} lies inside {inside} of the {inside + outside} bands it can be held to."
