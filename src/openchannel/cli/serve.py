"""`openchannel serve`: the web app on this machine."""

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
        int, typer.Option(metavar="N", min=1024, max=65_535, help="Port on 127.0.0.1.")
    ] = 8765,
    store: StoreOption = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """Open the web app about a case for this machine's own browser.

    Ctrl-C ends it; a run under way is gone on with at the next start.
    """
    voice = Voice(json, quiet)
    from openchannel.usecases.checking import check_output
    from openchannel.usecases.serve_needs import check_case, check_port, check_web

    check_web()
    source = check_case(case)
    check_output(runs)
    check_port(port)
    from openchannel.web.server import run_server

    address = f"http://127.0.0.1:{port}/"
    voice.give({"address": address, "case": source, "runs": str(runs)})
    voice.show_lines(f"{address}   (Ctrl-C ends it; runs lie in {runs})")
    run_server(runs.resolve(), port, source, store)
