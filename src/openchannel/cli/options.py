"""Arguments that several commands share, each with its words of help."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["AsJson", "CaseName", "CaseOption", "DrawnSeed", "Quiet", "UnusedSeed"]

CaseName = Annotated[
    str,
    typer.Argument(metavar="CASE", help="A built-in case, such as korea, or the folder of one."),
]
CaseOption = Annotated[
    str,
    typer.Option("--case", "-c", metavar="CASE", help="A built-in case, or the folder of one."),
]
AsJson = Annotated[
    bool,
    typer.Option("--json", help="Give the result as JSON; messages stay on standard error."),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Say nothing but problems; the exit code tells the rest."),
]
DrawnSeed = Annotated[
    int,
    typer.Option(
        "--seed", metavar="S", help="Seed of the random numbers: the same seed, the same bytes."
    ),
]
UnusedSeed = Annotated[
    int,
    typer.Option("--seed", metavar="S", help="Taken by every command; this one draws nothing."),
]
