"""`openchannel ledger`: what each benefit and each risk adds to the decision."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openchannel.cli.blocks import checked_formats, hand_over
from openchannel.cli.options import (
    AsJson,
    AskedPolicy,
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

__all__ = ["ledger"]

# The use case's own default, written here because help must not load it to show it.
DEFAULT_FUTURES = 2048


def ledger(
    case: CaseName,
    output: Annotated[
        Path | None,
        page_folder("Where to write; the brief of a run there takes the waterfall in."),
    ] = None,
    policy: AskedPolicy = "",
    beliefs: Annotated[
        str, typer.Option(metavar="modes|ranges", help="Central values, or sampled values.")
    ] = "ranges",
    own: OwnFile = None,
    overlay: Overlay = "",
    futures: Annotated[
        int, typer.Option(metavar="N", help="Futures of each policy for each set of claims.")
    ] = DEFAULT_FUTURES,
    form: PageFormats = "html,pdf",
    threads: Threads = None,
    seed: DrawnSeed = 1,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Switch each benefit and each risk alone: what each adds.

    Takes about half a minute.
    """
    voice = Voice(json, quiet)
    formats = checked_formats(form, output)
    voice.say(f"reading the case {case}, then switching its claims...")
    from openchannel.usecases.belief.claims import ledger as measure
    from openchannel.usecases.belief.claims import write_ledger

    found = measure(
        case,
        futures=futures,
        seed=seed,
        beliefs=beliefs,
        own=own,
        policy=policy,
        overlay=overlay,
        threads=threads,
        told=voice.count,
    )
    hand_over(
        voice,
        found.as_dict(),
        found.page,
        output,
        lambda folder: write_ledger(found, folder, formats),
    )
