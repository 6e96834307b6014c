"""`design`: which channels to build under a budget, in what order, at what cadence.

Owns the settings and the order of steps; `design_data` gives the result its shape for programs,
`design_files` keeps unfinished work and writes what is found.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import Interrupted, Problem, UserError
from openchannel.usecases.plain import plain_values, read_findings
from openchannel.usecases.runs.files import FILES
from openchannel.usecases.settings import MOST_SEED, bound_problems, not_one_of

if TYPE_CHECKING:
    from openchannel.analysis.portfolio.designer import Designer
    from openchannel.analysis.portfolio.limits import Limits
    from openchannel.analysis.portfolio.workshop import Sizes
    from openchannel.domain import Case
    from openchannel.report import Brief

__all__ = [
    "DEFAULT_FUTURES",
    "DEFAULT_PEOPLE_A_YEAR",
    "FILE",
    "Design",
    "check_design",
    "design",
    "read_design",
]

#: Futures of each portfolio in each world in the final test; the other steps are in proportion.
DEFAULT_FUTURES = 8192
DEFAULT_PEOPLE_A_YEAR = 30.0
SCHEMA_VERSION = 3
#: The file beside `summary.json` by which a brief knows that it has this chapter.
FILE = FILES["design"]

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Design:
    """What was found.

    case : the case, in the schools of thought that were asked
    data : the findings, as in design.json
    """

    case: Case
    data: dict[str, Any]

    def page(self) -> Brief:
        """All findings as a page of their own."""
        from openchannel.report.building.page import design_page

        return design_page(self.case, self.data)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The settings of a design, see `design`."""

    budget_usd: float
    people: float
    people_a_year: float
    world: str
    futures: int
    searches: int
    generations: int
    seed: int


def design(
    case: Case | str | Path,
    *,
    budget_usd: float,
    people: float = math.inf,
    people_a_year: float = DEFAULT_PEOPLE_A_YEAR,
    world: str = "",
    futures: int = DEFAULT_FUTURES,
    searches: int = 4,
    generations: int = 20,
    seed: int = 1,
    folder: str | Path | None = None,
    threads: int | None = None,
    say: Say | None = None,
) -> Design:
    """Search portfolios of channels and levers under a budget, and test the best on fresh futures.

    Parameters
    ----------
    budget_usd : float
        Most that a year may cost if every contact asked for takes place.
    people, people_a_year : float
        Most people in all, and most that can be added in one year.
    world : str
        Id of one school of thought, to design for it alone; default all, pooled.
    futures : int
        Futures of each portfolio in each world in the final test.
    searches, generations : int
        Searches, each on luck of its own, and the generations of each.
    folder : path
        Where unfinished work is kept; a stopped search of the same settings in it is gone on with.

    Returns
    -------
    Design
        `data` as in design.json (docs/reference/design-file.md): the front of portfolios that none
        beats, costs in US dollars a year, effects with their errors; `page()` says it. How it is
        found, with sources: docs/explanation/how-a-design-is-found.md.

    Raises
    ------
    UserError
        Settings out of bounds, an unknown world, a budget below what the case prices, a library
        that is missing, a folder that cannot be written.
    Interrupted
        On Ctrl-C; what was finished is kept in the folder.
    """
    asked = _Asked(budget_usd, people, people_a_year, world, futures, searches, generations, seed)
    place = None if folder is None else Path(folder)
    made, settings = _designer(case, asked, place, threads)
    try:
        data = _found(made, say or (lambda _: None))
    except KeyboardInterrupt:
        raise Interrupted("stopped", str(place or "")) from None
    return Design(made.case, {"schema_version": SCHEMA_VERSION, **settings, **data})


def check_design(case: Case | str | Path, **settings: Any) -> None:
    """Raise `UserError` where `design` could not be asked with these settings."""
    _designer(case, _Asked(**settings))


def _designer(
    case: Case | str | Path, asked: _Asked, place: Path | None = None, threads: int | None = None
) -> tuple[Designer, dict[str, Any]]:
    """Who searches, and all that the result depends on, once the settings are checked."""
    from openchannel.analysis.portfolio.designer import Designer
    from openchannel.analysis.portfolio.limits import Limits
    from openchannel.analysis.portfolio.workshop import Sizes
    from openchannel.domain import Case as CaseType
    from openchannel.extras import OPTIMISE
    from openchannel.usecases.building.design_files import kept_in
    from openchannel.usecases.cases import load

    OPTIMISE.check()
    loaded = case if isinstance(case, CaseType) else load(case)
    test = asked.futures
    sizes = Sizes(max(32, test // 32), max(32, test // 8), test, asked.searches, asked.generations)
    limits = Limits(asked.budget_usd, asked.people, asked.people_a_year)
    _check(loaded, limits, asked.world, sizes, asked.seed)
    believed = loaded if not asked.world else _alone(loaded, asked.world)
    settings = _settings(believed, limits, sizes, asked.seed)
    kept = kept_in(place, _digest(settings))
    made = Designer(believed, limits, sizes, asked.seed, threads=threads, kept=kept)
    _check_budget(made, asked.budget_usd)
    return made, settings


def read_design(folder: Path, case: Case) -> dict[str, Any] | None:
    """What `design` found for a case in all its schools of thought, if it lies in a folder.

    None where it was not asked, or for another case or for one school alone.
    """
    return read_findings(folder / FILE, SCHEMA_VERSION, case)


def _found(made: Designer, tell: Say) -> dict[str, Any]:
    from openchannel.analysis.portfolio.examine import examine
    from openchannel.analysis.portfolio.examine import margins as price_next
    from openchannel.analysis.portfolio.examine import parts as parts_of
    from openchannel.analysis.portfolio.rollout import rolled_out
    from openchannel.usecases.building import design_data as shape

    points = []
    for number in range(made.sizes.searches):
        aim = "in the worst school of thought" if number % 2 else "on average"
        tell(f"search {number + 1} of {made.sizes.searches}: low risk {aim}...")
        points += made.search(number)
    tell(f"{len(set(points))} portfolios on the fronts; choosing and pruning...")
    chosen = made.choose(points)
    tell(f"testing {len(chosen)} portfolios and {len(made.rivals)} policies on fresh futures...")
    tested = examine(made, chosen)
    asked = shape.recommended(tested)
    tell("pricing the next dollar on each channel...")
    margins, parts = price_next(made, asked), parts_of(made, asked)
    tell("searching the order of the roll-out...")
    rollouts = {c.id: rolled_out(made, c) for c in shape.built(tested)}
    return shape.findings(made, tested, margins, parts, rollouts)


def _settings(case: Case, limits: Limits, sizes: Sizes, seed: int) -> dict[str, Any]:
    """All that the result depends on."""
    from openchannel.usecases.runs.manifest import code_digest

    found = {
        "case": case.id,
        "title": case.title,
        "case_fingerprint": case.fingerprint,
        "code": code_digest(),
        "worlds": {w.id: w.weight for w in case.worlds},
        "seed": seed,
        "limits": asdict(limits),
        "sizes": asdict(sizes),
    }
    return dict(plain_values(found))


def _digest(settings: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def _alone(case: Case, world: str) -> Case:
    return replace(case, worlds=(replace(case.world(world), weight=1.0),))


def _check(case: Case, limits: Limits, world: str, sizes: Sizes, seed: int) -> None:
    problems = [
        *bound_problems(
            ("--futures", sizes.test, 32, 10**7),
            ("--searches", sizes.searches, 1, 64),
            ("--generations", sizes.generations, 1, 1000),
            ("--seed", seed, 0, MOST_SEED),
        )
    ]
    for field, value in (
        ("--budget", limits.budget_usd),
        ("--people", limits.people),
        ("--people-a-year", limits.people_a_year),
    ):
        # No limit is a limit too, but not of money.
        fine = value > 0.0 and (math.isfinite(value) or field == "--people")
        if not fine:
            problems.append(
                Problem(
                    file="command line",
                    field=field,
                    wrong=f"{value:g} is no limit that can be kept",
                    allowed="a number above 0",
                    mend=f"write {field} 20000000" if field == "--budget" else f"write {field} 30",
                )
            )
    known = [w.id for w in case.worlds]
    if world and world not in known:
        problems.append(not_one_of("--world", world, known))
    if problems:
        raise UserError(problems)


def _check_budget(made: Designer, budget_usd: float) -> None:
    """The status quo must fit, or there is nothing to begin from."""
    price, space = made.space.price, made.space
    now = space.policy(space.now, "now")
    if made.limits.allow(price, now):
        return
    floor, people = price.yearly_usd(now), math.ceil(price.people(now))
    dear = floor > budget_usd
    raise UserError(
        Problem(
            file="command line",
            field="--budget" if dear else "--people",
            wrong="the limits do not even pay for the contact that there is now",
            allowed=f"at least {math.ceil(floor):,} dollars a year and {people} people",
            mend=f"write --budget {math.ceil(floor / 1e6) * 1_000_000}"
            if dear
            else f"write --people {people}",
        )
    )
