"""Arguments that several commands share, each with its words of help."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from openchannel.errors import Problem, UserError

__all__ = [
    "AsJson",
    "CaseName",
    "CaseOption",
    "DrawnSeed",
    "Quiet",
    "StoreOption",
    "UnusedSeed",
    "named_values",
]

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
StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="FILE",
        help="The file of your own store.",
        show_default="OPENCHANNEL_STORE, or evidence.duckdb in your data folder",
    ),
]


def named_values(given: Sequence[str], field: str) -> dict[str, str]:
    """Values written NAME=VALUE; raises with every one that is not."""
    problems = [
        Problem("command line", field, f"'{g}' has no =", "NAME=VALUE", f"write {g}=VALUE")
        for g in given
        if "=" not in g
    ]
    if problems:
        raise UserError(problems)
    return {name.strip(): value for name, _, value in (g.partition("=") for g in given)}
