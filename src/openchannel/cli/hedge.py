"""`openchannel hedge`: what the right to scale up is worth, and when to use it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openchannel.cli.blocks import show_page
from openchannel.cli.options import AsJson, CaseName, DrawnSeed, PageFormats, Quiet, Threads
from openchannel.cli.voice import Voice

__all__ = ["hedge"]

# The use case's own default, written here because help must not load it to show it.
DEFAULT_FUTURES = 8192


def hedge(
    case: CaseName,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="Where to write the page and its numbers.",
            show_default="no files",
        ),
    ] = None,
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
    from openchannel.usecases.checking import check_formats, check_output

    formats = check_formats(form)
    if output is not None:
        check_output(output)
    voice.say(f"reading the case {case}...")
    from openchannel.usecases.hedge import hedge as find
    from openchannel.usecases.hedge import write_hedge

    found = find(case, futures=futures, seed=seed, threads=threads, say=voice.say)
    voice.give(found.as_dict())
    show_page(voice, found.page())
    if output is not None:
        for path in write_hedge(found, output, formats):
            voice.show_lines(str(path))
