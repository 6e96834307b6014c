"""`hedge`: what the right to scale up is worth, what waiting costs, and when to use the right.

Owns the settings and the files; `hedge_data` shapes what programs read, and the words are those of
`report.hedging`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import UserError
from openchannel.usecases.plain import read_findings, write_data
from openchannel.usecases.runs.files import FILES
from openchannel.usecases.settings import MOST_SEED, bound_problems

if TYPE_CHECKING:
    from openchannel.domain import Case, Policy
    from openchannel.report import Brief

__all__ = [
    "DEFAULT_FUTURES",
    "FILE",
    "HedgeResult",
    "check_hedge",
    "hedge",
    "read_hedge",
    "write_hedge",
]

#: Futures of each branch in each world.
DEFAULT_FUTURES = 8192
SCHEMA_VERSION = 4
#: The file beside `summary.json` by which a brief knows that it has these chapters.
FILE = FILES["hedge"]


@dataclass(frozen=True, slots=True)
class HedgeResult:
    """Rights of a case, valued.

    data : the findings, as in hedge.json
    """

    case: Case
    data: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """In values that JSON can hold."""
        return self.data

    def page(self) -> Brief:
        """The tree, the rule card and the sources of value on one page."""
        from openchannel.report.hedging.page import hedge_page

        return hedge_page(self.case, self.data)


def hedge(
    case: Case | str | Path,
    *,
    start: str | Sequence[str] = (),
    target: str = "",
    futures: int = DEFAULT_FUTURES,
    seed: int = 1,
    threads: int | None = None,
    say: Callable[[str], None] | None = None,
) -> HedgeResult:
    """Value the right of small policies to scale up, and say when to use it.

    Parameters
    ----------
    start : str or sequence of str
        Ids of policies that are given the right to become the target under the review rule; by
        default those of the case that have such a rule.
    target : str
        Id of what the starts may become; by default that of their own rule, else the focal policy.
    futures : int
        Of each branch in each world.
    say : callable
        Told what is being done.

    Raises
    ------
    UserError
        Sizes out of bounds, unknown policies, a start that has outgrown its target, or no
        start given where no policy of the case may scale up.
    """
    from openchannel.analysis.hedge import hedge_of
    from openchannel.casefile.games import load_games
    from openchannel.usecases.building.hedge_data import findings
    from openchannel.usecases.runs.manifest import code_digest

    chosen = (start,) if isinstance(start, str) else tuple(start)
    loaded, starts = check_hedge(case, futures, seed, chosen, target)
    games = load_games(loaded.folder, loaded)
    found = hedge_of(
        loaded, futures, seed, starts=starts, threads=threads, say=say or (lambda _: None)
    )
    settings = {
        "schema_version": SCHEMA_VERSION,
        "case": loaded.id,
        "case_fingerprint": loaded.fingerprint,
        "code": code_digest(),
        "worlds": {w.id: w.weight for w in loaded.worlds},
        "seed": seed,
        "futures": futures,
        "chosen": {"start": list(chosen), "target": target},
    }
    return HedgeResult(loaded, settings | findings(loaded, games, found))


def check_hedge(
    case: Case | str | Path,
    futures: int,
    seed: int,
    start: Sequence[str] = (),
    target: str = "",
) -> tuple[Case, tuple[Policy, ...]]:
    """The case and its starts, if the hedge can be valued so; raises `UserError` where not."""
    from openchannel.domain import Case as CaseType
    from openchannel.usecases.building.hedge_starts import chosen_starts, start_problems
    from openchannel.usecases.cases import load

    loaded = case if isinstance(case, CaseType) else load(case)
    problems = bound_problems(("--futures", futures, 512, 10**8), ("--seed", seed, 0, MOST_SEED))
    problems += start_problems(loaded, start, target)
    if problems:
        raise UserError(problems)
    return loaded, chosen_starts(loaded, start, target)


def read_hedge(folder: Path, case: Case) -> dict[str, Any] | None:
    """What `hedge` found for a case, if it lies in a folder; None where it was not asked of it."""
    return read_findings(folder / FILE, SCHEMA_VERSION, case)


def write_hedge(
    found: HedgeResult, folder: str | Path, formats: Sequence[str] = ("html", "pdf")
) -> list[Path]:
    """Write the page and `hedge.json`; a brief of the same case there takes it in."""
    from openchannel.usecases.runs.brief import rewrite_brief, write_page

    place = Path(folder)
    return [
        *write_page(found.page(), place, "hedge", formats),
        write_data(place / FILE, found.as_dict()),
        *rewrite_brief(place, found.case.fingerprint),
    ]
