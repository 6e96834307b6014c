"""`openchannel hedge`: what the right to scale up is worth, and when to use it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openchannel.cli.blocks import checked_formats, hand_over
from openchannel.cli.options import (
    AsJson,
    CaseName,
    DrawnSeed,
    PageFormats,
    Quiet,
    Threads,
    page_folder,
)
from openchannel.cli.voice import Voice

__all__ = ["hedge"]

# The use case's own default, written here because help must not load it to show it.
DEFAULT_FUTURES = 8192


def hedge(
    case: CaseName,
    output: Annotated[
        Path | None,
        page_folder("Where to write the page and its numbers."),
    ] = None,
    start: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="A policy to give the right to grow; may be given again.",
            show_default="those with a rule `scale_up`",
        ),
    ] = None,
    target: Annotated[
        str,
        typer.Option(
            metavar="ID",
            help="What the starts given may become.",
            show_default="that of a start's own rule, else the focal policy",
        ),
    ] = "",
    futures: Annotated[
        int, typer.Option(metavar="N", help="Futures of each branch in each world.")
    ] = DEFAULT_FUTURES,
    form: PageFormats = "html,pdf",
    threads: Threads = None,
    seed: DrawnSeed = 1,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say what the right to scale up is worth, what waiting costs, and when to use it.

    Takes some minutes.
    """
    voice = Voice(json, quiet)
    formats = checked_formats(form, output)
    voice.say(f"reading the case {case}...")
    from openchannel.usecases.building.hedge import hedge as find
    from openchannel.usecases.building.hedge import write_hedge

    found = find(
        case,
        start=start or (),
        target=target,
        futures=futures,
        seed=seed,
        threads=threads,
        say=voice.say,
    )
    hand_over(
        voice,
        found.as_dict(),
        found.page,
        output,
        lambda folder: write_hedge(found, folder, formats),
    )
