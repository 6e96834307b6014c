"""`openchannel watch`: what changed since a run, and whether its answer would change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openchannel.cli.blocks import show_page
from openchannel.cli.options import AsJson, CaseName, DrawnSeed, PageFormats, Quiet, Threads
from openchannel.cli.store import StoreOption
from openchannel.cli.voice import Voice

__all__ = ["watch"]

# The use case's own default, written here because help must not load it to show it.
DEFAULT_WEEKS = 52


def watch(
    case: CaseName,
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN",
            help="The folder of a finished run (`assess -o DIR`).",
            show_default="openchannel-CASE",
        ),
    ] = None,
    policy: Annotated[
        str,
        typer.Option(metavar="ID", help="The policy asked about.", show_default="the case's own"),
    ] = "",
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DAY",
            help="The first day that counts as new.",
            show_default="the day after what the run has read",
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="DAY",
            help="The day up to which record and ledger are complete.",
            show_default="the end of the record",
        ),
    ] = None,
    suppose: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SIGN=VALUE", help="What if a sign, or a question, showed this; again for more."
        ),
    ] = None,
    weeks: Annotated[
        int, typer.Option(metavar="N", help="Weeks ahead, for what may come and what if.")
    ] = DEFAULT_WEEKS,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="The day its age is told for.", show_default="today"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="Where to write the page and its data.",
            show_default="no files",
        ),
    ] = None,
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
    from openchannel.usecases.checking import check_formats, check_output

    formats = check_formats(form)
    if output is not None:
        check_output(output)
    from openchannel.usecases.signposts import watch as look
    from openchannel.usecases.signposts import write_watch

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
    voice.give(found.as_dict())
    show_page(voice, found.page())
    if output is not None:
        for path in write_watch(found, output, formats):
            voice.show_lines(str(path))
