"""`openchannel doctor`: whether this machine is fit, and what to do if not."""

# ruff: noqa: ARG001 - every command takes --seed, also those that draw nothing

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from openchannel.cli.exits import SAID_NO
from openchannel.cli.options import AsJson, Quiet, UnusedSeed
from openchannel.cli.tables import Column, plain_table
from openchannel.cli.voice import Voice

if TYPE_CHECKING:
    from openchannel.usecases.doctor import Examination

__all__ = ["doctor"]


def doctor(
    compile_now: Annotated[
        bool, typer.Option("--compile", help="Compile the simulator now, and keep it.")
    ] = False,
    clear_cache: Annotated[
        bool,
        typer.Option("--clear-cache", help="Remove what is kept between runs, first."),
    ] = False,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """Look at this machine and at the compiled simulator.

    Exits with 1 if something openchannel needs is missing.
    """
    voice = Voice(json, quiet)
    from openchannel.usecases import doctor as use

    if clear_cache:
        voice.say(f"compiled simulators removed: {use.clear_compiled()}")
    if compile_now:
        seconds = use.compile_simulator(voice.say)
        voice.say(f"the simulator is compiled ({seconds:.0f} s)")
    found = use.doctor()
    voice.give(found.as_dict())
    voice.show(_table(found))
    voice.show("Fit for use." if found.ok else "Not fit for use: see the lines marked failed.")
    if not found.ok:
        raise typer.Exit(SAID_NO)


def _table(found: Examination) -> Any:
    columns = (Column("What"), Column("Found", share=1), Column("Status", whole=True))
    rows = [
        (p.title, f"{p.found}\n{p.mend}" if p.mend else p.found, p.status) for p in found.probes
    ]
    return plain_table(columns, rows)
