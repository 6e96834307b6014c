"""`openchannel curve`: how likely each value of one belief is."""

# ruff: noqa: ARG001 - every command takes --seed, also those that draw nothing

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from openchannel.cli.options import AsJson, CaseName, Quiet, UnusedSeed
from openchannel.cli.tables import Column, bar, plain_table
from openchannel.cli.voice import Voice

if TYPE_CHECKING:
    from openchannel.usecases.belief.curve import BeliefCurve

__all__ = ["curve"]

_BAR = 24
_EVERY = 5  # places of the scale to a row of the table


def curve(
    case: CaseName,
    belief: Annotated[
        str, typer.Argument(metavar="BELIEF", help="Name of the quantity, such as gamma_D.")
    ],
    start: Annotated[
        str,
        typer.Option(
            metavar="WORLD",
            help="Start from a school of thought.",
            show_default="the defaults of the case",
        ),
    ] = "",
    low: Annotated[
        float | None,
        typer.Option(metavar="X", help="Nine tenths sure from here.", show_default="the start"),
    ] = None,
    high: Annotated[
        float | None,
        typer.Option(metavar="X", help="Nine tenths sure to here.", show_default="the start"),
    ] = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """How likely each value of a belief is, at the start and as you would have it."""
    voice = Voice(json, quiet)
    from openchannel.usecases.belief.curve import curve as curve_of

    found = curve_of(case, belief, start=start, low=low, high=high)
    voice.give(found.as_dict())
    voice.show_lines(found.figure().caption)
    if found.low < found.high:
        voice.show(_table(found))


def _table(found: BeliefCurve) -> Any:
    from openchannel.report.numbers import plain

    heights = found.likelihoods(found.low, found.high)
    rows = [
        [plain(value, 3), bar(height, 1.0, _BAR), f"{height:.2f}"]
        for value, height in list(zip(found.values, heights, strict=True))[::_EVERY]
    ]
    columns = [Column("Value", "right", whole=True), Column("Likelihood"), Column("", "right")]
    return plain_table(columns, rows, "Beside the likeliest value")
