"""`openchannel compare`: two runs side by side, and the beliefs that part them."""

from __future__ import annotations

from typing import Annotated

import typer

from openchannel.cli.blocks import checked_formats, hand_over
from openchannel.cli.options import (
    AsJson,
    DrawnSeed,
    PageFolder,
    PageFormats,
    Quiet,
    Threads,
)
from openchannel.cli.voice import Voice

__all__ = ["compare"]

# The use case's own default, written here because help must not load it to show it.
DEFAULT_FUTURES = 2048

Folder = Annotated[
    str, typer.Argument(metavar="DIR", help="The folder of a finished run (`assess -o DIR`).")
]


def compare(
    first: Folder,
    second: Folder,
    output: PageFolder = None,
    futures: Annotated[
        int, typer.Option(metavar="N", help="Futures of each policy for each swap of beliefs.")
    ] = DEFAULT_FUTURES,
    form: PageFormats = "html,pdf",
    threads: Threads = None,
    seed: DrawnSeed = 1,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Which beliefs part two runs, and which carry the gap."""
    voice = Voice(json, quiet)
    formats = checked_formats(form, output)
    voice.say(f"reading {first} and {second}, then swapping what they believe otherwise...")
    from openchannel.usecases.runs.compare import compare as hold
    from openchannel.usecases.runs.compare import write_comparison

    found = hold(first, second, futures=futures, seed=seed, threads=threads, told=voice.count)
    hand_over(
        voice,
        found.as_dict(),
        found.page,
        output,
        lambda folder: write_comparison(found, folder, formats),
    )
