"""Arguments that several commands share, each with its words of help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = [
    "AsJson",
    "AskedPolicy",
    "CaseName",
    "CaseOption",
    "DrawnSeed",
    "Overlay",
    "OwnFile",
    "OwnPolicyFile",
    "PageFolder",
    "PageFormats",
    "Quiet",
    "Since",
    "Threads",
    "Until",
    "UnusedSeed",
    "Who",
    "Why",
    "page_folder",
]

CaseName = Annotated[
    str,
    typer.Argument(metavar="CASE", help="A built-in case, such as korea, or the folder of one."),
]
CaseOption = Annotated[
    str,
    typer.Option("--case", "-c", metavar="CASE", help="A built-in case, or the folder of one."),
]
AskedPolicy = Annotated[
    str,
    typer.Option(
        "--policy", metavar="ID", help="The policy to ask about.", show_default="the case's own"
    ),
]
OwnFile = Annotated[
    Path | None,
    typer.Option("--own", metavar="FILE", help="Beliefs of one's own, in place of the worlds."),
]
Overlay = Annotated[
    str, typer.Option(metavar="ID", help="Change the design of several policies at once.")
]
OwnPolicyFile = Annotated[
    Path | None,
    typer.Option("--own-policy", metavar="FILE", help="A policy of one's own, beside the case's."),
]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="From this day, month or year on.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="To this day, month or year.")]
Who = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Under whose name it is kept.",
        show_default="the user of this machine",
    ),
]
Why = Annotated[str, typer.Option(metavar="WORDS", help="The reason; it is kept.")]
PageFormats = Annotated[
    str,
    typer.Option("--format", metavar="LIST", help="Formats of the page; none for its data alone."),
]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads", metavar="N", help="Cores to use; changes no number.", show_default="all"
    ),
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


def page_folder(help_: str) -> Any:
    """The option `--output` of a command that writes nothing unless it is asked to."""
    return typer.Option("--output", "-o", metavar="DIR", help=help_, show_default="no files")


PageFolder = Annotated[Path | None, page_folder("Where to write the page and its data.")]
