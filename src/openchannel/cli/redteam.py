"""`openchannel redteam`: the strongest case for isolation, and against it, on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openchannel.cli.options import AsJson, CaseName, DrawnSeed, OwnFile, Quiet, Threads
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
    futures: Annotated[
        int, typer.Option(metavar="N", help="Futures of each policy in the final test.")
    ] = DEFAULT_FUTURES,
    threads: Threads = None,
    seed: DrawnSeed = 1,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find what one would have to believe for isolation to win, and to lose.

    Takes some minutes.
    """
    voice = Voice(json, quiet)
    voice.say(f"reading the case {case}...")
    from openchannel.usecases.redteam import redteam as find

    found = find(
        case,
        margin=margin,
        futures=futures,
        seed=seed,
        own=own,
        folder=output,
        threads=threads,
        say=voice.say,
    )
    voice.give(found.as_dict())
    voice.show_lines(found.page())
    if output is not None:
        names = [f"beliefs-{r.side.id}-isolation.yaml" for r in found.results if r.is_found]
        for name in ("redteam.md", "redteam.json", *names):
            voice.show_lines(str(output / name))
