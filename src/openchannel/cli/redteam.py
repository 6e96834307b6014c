"""`openchannel redteam`: the strongest case for isolation, and against it, on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openchannel.cli.blocks import checked_formats, hand_over
from openchannel.cli.options import (
    AsJson,
    CaseName,
    DrawnSeed,
    Overlay,
    OwnFile,
    PageFormats,
    Quiet,
    Threads,
    page_folder,
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
        page_folder("Where to write the page and a file of beliefs for each side."),
    ] = None,
    own: OwnFile = None,
    overlay: Overlay = "",
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
    formats = checked_formats(form, output)
    voice.say(f"reading the case {case}...")
    from openchannel.usecases.belief.redteam import redteam as find
    from openchannel.usecases.belief.redteam import write_redteam

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
    hand_over(
        voice,
        found.as_dict(),
        found.page,
        output,
        lambda folder: write_redteam(found, folder, formats),
    )
