"""`openchannel serve`: the web app, on this machine's own address or on another."""

# ruff: noqa: ARG001 - every command takes --seed, also those that draw nothing

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openchannel.cli.options import AsJson, CaseName, Quiet, UnusedSeed
from openchannel.cli.store import StoreOption
from openchannel.cli.voice import Voice

__all__ = ["serve"]


def serve(
    case: CaseName = "korea",
    runs: Annotated[
        Path,
        typer.Option("--runs", metavar="DIR", help="The folder that holds the runs."),
    ] = Path("openchannel-runs"),
    port: Annotated[
        int, typer.Option(metavar="N", min=1024, max=65_535, help="Port to listen on.")
    ] = 8765,
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Listen here; one that others can reach asks every browser for a token.",
        ),
    ] = "127.0.0.1",
    name: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A further name that browsers may ask for it by; may be given again.",
            show_default="that of --host",
        ),
    ] = None,
    store: StoreOption = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """Open the web app about a case, for this machine's own browser unless --host says more.

    Ctrl-C ends it; a run under way is gone on with at the next start.
    """
    voice = Voice(json, quiet)
    from openchannel.extras import WEB
    from openchannel.usecases.checking import check_output
    from openchannel.usecases.shelf.serve_needs import check_case, place_of

    WEB.check()
    source = check_case(case)
    check_output(runs)
    place = place_of(host, port, name or ())
    from openchannel.web.server import run_server

    voice.give({"address": place.address, "case": source, "runs": str(runs)})
    voice.show_lines(f"{place.address}   (Ctrl-C ends it; runs lie in {runs})")
    if place.token:
        voice.say(
            "others can reach this address: whoever opens it needs the token at its end, and what "
            "is sent is not encrypted"
        )
    run_server(runs.resolve(), place, source, store)
