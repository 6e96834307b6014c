"""`openchannel redteam`: the strongest case for isolation, and against it, on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openchannel.cli.blocks import show_page
from openchannel.cli.options import (
    AsJson,
    CaseName,
    DrawnSeed,
    OwnFile,
    PageFormats,
    Quiet,
    Threads,
)
from openchannel.cli.voice import Voice

__all__ = ["redteam"]

# The use case's own defaults, written here because help must not load it to show them.
DEFAULT_FUTURES = 8192
DEFAULT_MARGIN = 0.01


def redteam(
    case: CaseName,
    margin: Annotated[
        float,
        typer.Option(
            metavar="SHARE", help="Margin of winning, as a share of the status quo's loss."
        ),
    ] = DEFAULT_MARGIN,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="Where to write the page and a file of beliefs for each side.",
            show_default="no files",
        ),
    ] = None,
    own: OwnFile = None,
    overlay: Annotated[
        str, typer.Option(metavar="ID", help="Change the design of several policies at once.")
    ] = "",
    futures: Annotated[
        int, typer.Option(metavar="N", help="Futures of each policy in the final test.")
    ] = DEFAULT_FUTURES,
    form: PageFormats = "html,pdf",
    threads: Threads = None,
    seed: DrawnSeed = 1,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find what one would have to believe for isolation to win, and to lose.

    Takes some minutes.
    """
    voice = Voice(json, quiet)
    from openchannel.usecases.checking import check_formats, check_output

    formats = check_formats(form)
    if output is not None:
        check_output(output)
    voice.say(f"reading the case {case}...")
    from openchannel.usecases.redteam import redteam as find
    from openchannel.usecases.redteam import write_redteam

    found = find(
        case,
        margin=margin,
        futures=futures,
        seed=seed,
        own=own,
        overlay=overlay,
        threads=threads,
        say=voice.say,
    )
    voice.give(found.as_dict())
    show_page(voice, found.page())
    if output is not None:
        for path in write_redteam(found, output, formats):
            voice.show_lines(str(path))
