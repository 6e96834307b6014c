"""Arguments of `openchannel assess`: what is played, how much of it, where, and what is written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "Baseline",
    "Beliefs",
    "BriefFormats",
    "ChartFormats",
    "Cluster",
    "Futures",
    "OnGpu",
    "Policies",
    "RunFolder",
    "Sharpen",
]

RunFolder = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="DIR",
        help="Where to write; a stopped run there is gone on with.",
        show_default="./openchannel-CASE",
    ),
]
Futures = Annotated[
    int,
    typer.Option("--futures", metavar="N", help="Futures of each policy in each world, at least."),
]
Policies = Annotated[
    list[str] | None,
    typer.Option(
        "--policy",
        metavar="ID",
        help="A policy to compare with the baseline; may be given again.",
        show_default="every policy but variants",
    ),
]
Beliefs = Annotated[
    str,
    typer.Option(
        "--beliefs",
        metavar="modes|ranges|WORLD",
        help="Central values, sampled values, or sampled values of one world alone.",
    ),
]
Baseline = Annotated[
    str,
    typer.Option(
        "--baseline",
        metavar="ID",
        help="The policy that all are compared with.",
        show_default="the case's own",
    ),
]
BriefFormats = Annotated[
    str,
    typer.Option("--format", metavar="LIST", help="Formats of the brief; none for no brief."),
]
ChartFormats = Annotated[
    str,
    typer.Option(
        "--charts",
        metavar="LIST",
        help="Write each chart into charts/ as well: svg, png, csv.",
        show_default="none",
    ),
]
Cluster = Annotated[
    str,
    typer.Option(
        "--cluster",
        metavar="local|tcp://HOST:PORT",
        help="Run on Dask workers: of this machine, or of a scheduler; changes no number.",
        show_default="threads of this process",
    ),
]
OnGpu = Annotated[
    bool,
    typer.Option("--gpu", help="Play the futures on a GPU, or on threads where none can be used."),
]
Sharpen = Annotated[
    int,
    typer.Option(
        "--sharpen",
        metavar="N",
        help="Further futures for each policy and world on average, given where doubt is left.",
        show_default="none",
    ),
]
