"""`openchannel design`: which channels to build under a budget, in what order, at what cadence."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from openchannel.cli.blocks import checked_formats, hand_over
from openchannel.cli.options import (
    AsJson,
    CaseName,
    DrawnSeed,
    PageFormats,
    Quiet,
    Threads,
    page_folder,
)
from openchannel.cli.voice import Voice

__all__ = ["design"]

# The use case's own defaults, written here because help must not load it to show them.
DEFAULT_FUTURES = 8192
DEFAULT_PEOPLE_A_YEAR = 30.0


Budget = Annotated[
    float,
    typer.Option(
        "--budget",
        metavar="USD",
        help="Most that a year may cost if every contact asked for takes place.",
    ),
]
SearchFolder = Annotated[
    Path | None,
    page_folder(
        "Where to write the page, the front and the policies; a stopped search in it is gone on "
        "with."
    ),
]
People = Annotated[
    float | None,
    typer.Option("--people", metavar="N", help="Most people in all.", show_default="no limit"),
]
PeopleAYear = Annotated[
    float,
    typer.Option("--people-a-year", metavar="N", help="Most people that can be added in one year."),
]
World = Annotated[
    str, typer.Option("--world", metavar="ID", help="Design for one school of thought alone.")
]
Futures = Annotated[
    int,
    typer.Option("--futures", metavar="N", help="Futures of each portfolio and world in the test."),
]
Searches = Annotated[
    int, typer.Option("--searches", metavar="N", help="Searches, each on luck of its own.")
]
Generations = Annotated[
    int, typer.Option("--generations", metavar="N", help="Generations of each search.")
]


def design(
    case: CaseName,
    budget: Budget,
    output: SearchFolder = None,
    people: People = None,
    people_a_year: PeopleAYear = DEFAULT_PEOPLE_A_YEAR,
    world: World = "",
    futures: Futures = DEFAULT_FUTURES,
    searches: Searches = 4,
    generations: Generations = 20,
    form: PageFormats = "html,pdf",
    threads: Threads = None,
    seed: DrawnSeed = 1,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find which channels to build under a yearly budget, in what order and at what cadence.

    Takes some minutes.
    """
    voice = Voice(json, quiet)
    formats = checked_formats(form, output)
    voice.say(f"reading the case {case}...")
    from openchannel.usecases.building.design import design as find
    from openchannel.usecases.building.design_files import write_design
    from openchannel.usecases.building.design_pace import pace_words

    found = find(
        case,
        budget_usd=budget,
        people=math.inf if people is None else people,
        people_a_year=people_a_year,
        world=world,
        futures=futures,
        searches=searches,
        generations=generations,
        seed=seed,
        folder=output,
        threads=threads,
        say=voice.say,
    )
    if not quiet:
        voice.say(pace_words(found.case, threads))
    hand_over(
        voice, found.data, found.page, output, lambda folder: write_design(found, folder, formats)
    )
