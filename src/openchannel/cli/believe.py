"""`openchannel believe`: what one would have to believe for a policy to be the wrong one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openchannel.cli.options import (
    AsJson,
    AskedPolicy,
    CaseName,
    DrawnSeed,
    OwnFile,
    PageFormats,
    Quiet,
    Threads,
)
from openchannel.cli.progress import Watched, progress_of
from openchannel.cli.voice import Voice

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.usecases.runs.finished_run import Run

__all__ = ["DEFAULT_FUTURES", "believe"]

# The use case's own default, written here because help must not load it to show it.
DEFAULT_FUTURES = 16_384


ChapterFolder = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="DIR",
        help="Where to write; a brief of the same run there takes the chapter in.",
        show_default="the run's folder, or ./openchannel-CASE",
    ),
]
FinishedRun = Annotated[
    Path | None,
    typer.Option(
        "--from",
        metavar="RUN",
        help="The folder of a finished run whose draws to use.",
        show_default="the one in DIR where it is of this case and seed, else a new run",
    ),
]
Futures = Annotated[
    int | None,
    typer.Option(
        "--futures",
        metavar="N",
        help="Futures of each policy in each world of a new run; exact runs go with it.",
        show_default=str(DEFAULT_FUTURES),
    ),
]


def believe(
    case: CaseName,
    output: ChapterFolder = None,
    run: FinishedRun = None,
    policy: AskedPolicy = "",
    futures: Futures = None,
    own: OwnFile = None,
    form: PageFormats = "html,pdf",
    threads: Threads = None,
    seed: DrawnSeed = 1,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find what one would have to believe for a policy to be wrong, and what would settle it.

    Thresholds, boxes, what matters, what to find out, and robust choice.
    Takes some minutes.
    """
    voice = Voice(json, quiet)
    from openchannel.extras import BELIEF
    from openchannel.usecases.checking import check_formats, check_output

    formats = check_formats(form)
    voice.say(f"reading the case {case}...")
    from openchannel.usecases.cases import load

    loaded = load(case)
    from openchannel.usecases.belief.believe import believe as find
    from openchannel.usecases.belief.believe import write_believe
    from openchannel.usecases.belief.needs import standing_draws

    BELIEF.check()
    folder = output or run or Path(f"openchannel-{loaded.id}")
    check_output(folder)
    size = DEFAULT_FUTURES if futures is None else futures
    given = run
    if run is None and own is None and futures is None and standing_draws(folder, loaded, seed):
        voice.say(f"using the draws of the finished run in {folder}...")
        given = folder
    found = find(
        loaded,
        run=given or _assessed(voice, loaded, folder, size, seed, own, threads),
        policy=policy,
        futures=size,
        seed=seed,
        threads=threads,
        say=voice.say,
    )
    voice.say("writing the page and the tables...")
    files = write_believe(found, folder, formats)
    voice.give(found.data)
    for line in found.sentences():
        voice.show(line)
    for file in files:
        voice.show_lines(str(file))


def _assessed(
    voice: Voice,
    case: Case,
    folder: Path,
    futures: int,
    seed: int,
    own: Path | None,
    threads: int | None,
) -> Run:
    """A new run, with its progress told."""
    from openchannel.usecases.runs.assessment import assess

    watched = Watched(case.policy(case.focal).short, case.policy(case.baseline).short.lower())
    with progress_of(voice, watched, []) as report:
        return assess(
            case,
            futures=futures,
            seed=seed,
            own=own,
            folder=folder,
            threads=threads,
            report=report,
        )
