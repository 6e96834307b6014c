"""`openchannel watch`: what changed since a run, and whether its answer would change."""

from __future__ import annotations

from typing import Annotated

import typer

from openchannel.cli.blocks import checked_formats, hand_over
from openchannel.cli.options import (
    AsJson,
    AskedPolicy,
    CaseName,
    DrawnSeed,
    PageFolder,
    PageFormats,
    Quiet,
    Threads,
)
from openchannel.cli.store import StoreOption
from openchannel.cli.voice import Voice

__all__ = ["watch"]

# The use case's own default, written here because help must not load it to show it.
DEFAULT_WEEKS = 52


FinishedRun = Annotated[
    str | None,
    typer.Argument(
        metavar="RUN",
        help="The folder of a finished run (`assess -o DIR`).",
        show_default="openchannel-CASE",
    ),
]
NewSince = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="DAY",
        help="The first day that counts as new.",
        show_default="the day after what the run has read",
    ),
]
CompleteUntil = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="DAY",
        help="The day up to which record and ledger are complete.",
        show_default="the end of the record",
    ),
]
Supposed = Annotated[
    list[str] | None,
    typer.Option(
        "--suppose",
        metavar="SIGN=VALUE",
        help="What if a sign, or a question, showed this; again for more.",
    ),
]
Weeks = Annotated[
    int, typer.Option("--weeks", metavar="N", help="Weeks ahead, for what may come and what if.")
]
AgeOn = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DAY", help="The day its age is told for.", show_default="today"
    ),
]


def watch(
    case: CaseName,
    run: FinishedRun = None,
    policy: AskedPolicy = "",
    since: NewSince = None,
    until: CompleteUntil = None,
    suppose: Supposed = None,
    weeks: Weeks = DEFAULT_WEEKS,
    as_of: AgeOn = None,
    output: PageFolder = None,
    form: PageFormats = "html,pdf",
    store: StoreOption = None,
    threads: Threads = None,
    seed: DrawnSeed = 1,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say what is new since a run, how old the rest is, and whether the answer would change.

    Beliefs are moved by Bayes' rule on the run's own draws; nothing is assessed again.
    """
    voice = Voice(json, quiet)
    formats = checked_formats(form, output)
    from openchannel.usecases.signs.watch import watch as look
    from openchannel.usecases.signs.watch import write_watch

    found = look(
        case,
        run,
        policy=policy,
        since=since,
        until=until,
        suppose=suppose or (),
        weeks=weeks,
        store=store,
        as_of=as_of,
        seed=seed,
        threads=threads,
        say=voice.say,
    )
    hand_over(
        voice,
        found.as_dict(),
        found.page,
        output,
        lambda folder: write_watch(found, folder, formats),
    )
