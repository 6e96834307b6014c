"""`openchannel calibrate`: what the record says, beside what the specification asks."""

# ruff: noqa: ARG001 - --moments is the only thing to ask for yet

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from openchannel.cli.options import AsJson, CaseName, DrawnSeed, Quiet
from openchannel.cli.tables import Column, plain_table
from openchannel.cli.voice import Voice

if TYPE_CHECKING:
    from openchannel.usecases.calibrate import MomentRow, MomentTable

__all__ = ["calibrate"]


def calibrate(
    case: CaseName,
    moments: Annotated[
        bool, typer.Option("--moments", help="The historical moments; at present all there is.")
    ] = True,
    every: Annotated[
        bool, typer.Option("--all", help="Other periods and lags of each moment as well.")
    ] = False,
    futures: Annotated[
        int, typer.Option(metavar="N", help="Futures of the simulated status quo; 0 for none.")
    ] = 2_000,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: DrawnSeed = 1,
) -> None:
    """Historical moments: target, record and model, as they fall."""
    voice = Voice(json, quiet)
    also = " and simulating its status quo" if futures else ""
    voice.say(f"reading the case {case} and its record{also}...")
    from openchannel.usecases.calibrate import moments as moments_of

    table = moments_of(case, futures=futures, seed=seed)
    voice.give(table.as_dict())
    voice.show(_table(table, every=every))
    voice.show(_closing(table))


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
        f"{' '.join(said)} Intervals, notes and every row: --json."
    )


def _count(name: str, in_band: list[bool | None]) -> str:
    inside, outside = in_band.count(True), in_band.count(False)
    return f"The {name} lies inside {inside} of the {inside + outside} bands it can be held to."
