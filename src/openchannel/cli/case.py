"""`openchannel check` and `openchannel new`: the folder that a researcher edits."""

# ruff: noqa: ARG001 - every command takes --seed, also those that draw nothing

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openchannel.cli.exits import SAID_NO
from openchannel.cli.options import AsJson, CaseName, OwnPolicyFile, Quiet, UnusedSeed
from openchannel.cli.voice import Voice, problem_list

__all__ = ["check", "new"]


def check(
    case: CaseName,
    own_policy: OwnPolicyFile = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """Report every problem of a case, its record included, at once.

    Exits with 0 if there is none, with 1 if there is any.
    """
    voice = Voice(json, quiet)
    from openchannel.usecases.checking import check as check_case

    report = check_case(case, own_policy=own_policy)
    voice.give(report.as_dict())
    if report.ok:
        held = ", ".join(f"{n} {word}" for word, n in report.counts.items())
        voice.show(f"{case} has no problems: {held}.")
        return
    voice.show_lines(problem_list(report.problems))
    raise typer.Exit(SAID_NO)


def new(
    name: Annotated[
        Path, typer.Argument(metavar="NAME", help="The new folder; its name is the case's id.")
    ],
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """Make a small working case to edit."""
    voice = Voice(json, quiet)
    from openchannel.usecases.checking import new as new_case

    folder = new_case(name)
    voice.give({"folder": str(folder)})
    voice.show_lines(f"{folder} is a case that works as it stands. Edit it, then:")
    voice.show_lines(f"  openchannel check {folder}\n  openchannel assess {folder}")
