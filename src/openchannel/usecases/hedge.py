"""`hedge`: what the right to scale up is worth, what waiting costs, and when to use the right.

Owns the settings, the files and what programs read; the words are those of `report.pages.hedge`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import Problem, UserError
from openchannel.usecases.plain import mean_and_error, plain_values, write_data
from openchannel.usecases.settings import MOST_SEED, bound_problems

if TYPE_CHECKING:
    from openchannel.analysis.hedge import Branch, Hedge, ReviewRule, Start
    from openchannel.domain import Case
    from openchannel.report import Brief

__all__ = ["DEFAULT_FUTURES", "HedgeResult", "check_hedge", "hedge", "write_hedge"]

#: Futures of each branch in each world.
DEFAULT_FUTURES = 8192


@dataclass(frozen=True, slots=True)
class HedgeResult:
    """Rights of a case, valued."""

    case: Case
    found: Hedge
    futures: int
    seed: int

    def as_dict(self) -> dict[str, Any]:
        """In values that JSON can hold."""
        from openchannel.analysis.clarity import clarity_of
        from openchannel.usecases.manifest import code_digest

        found = self.found
        told = {
            "schema_version": 1,
            "case": self.case.id,
            "case_fingerprint": self.case.fingerprint,
            "code": code_digest(),
            "seed": self.seed,
            "futures": self.futures,
            "belief_draws": found.draws,
            "unit": "equivalent deaths",
            "baseline_loss": mean_and_error(found.baseline_loss),
            "focal": {"policy": self.case.focal, "gain": mean_and_error(found.focal)},
            "starts": [_start(s) for s in found.starts],
            "price_of_waiting": {k: mean_and_error(v) for k, v in found.waiting.items()},
            "game_check": {c.rung: asdict(c) | {"agrees": c.agrees} for c in clarity_of(self.case)},
            "sources": {s.id: mean_and_error(s.value) for s in found.sources},
        }
        return dict(plain_values(told))

    def page(self) -> Brief:
        """The tree, the rule card and the sources of value on one page."""
        from openchannel.report.pages.hedge import hedge_page

        return hedge_page(self.case, self.found, self.seed)


def hedge(
    case: Case | str | Path,
    *,
    futures: int = DEFAULT_FUTURES,
    seed: int = 1,
    threads: int | None = None,
    say: Callable[[str], None] | None = None,
) -> HedgeResult:
    """Value the rights of a case to scale up, and say when to use them.

    Parameters
    ----------
    futures : int
        Of each branch in each world.
    say : callable
        Told what is being done.

    Raises
    ------
    UserError
        Sizes out of bounds, or a case in which no policy may scale up.
    """
    from openchannel.analysis.hedge import hedge_of

    loaded = check_hedge(case, futures, seed)
    found = hedge_of(loaded, futures, seed, threads=threads, say=say or (lambda _: None))
    return HedgeResult(loaded, found, futures, seed)


def check_hedge(case: Case | str | Path, futures: int, seed: int) -> Case:
    """The case, if the hedge can be valued with these settings; raises `UserError` where not."""
    from openchannel.analysis.hedge import starts_of
    from openchannel.domain import Case as CaseType
    from openchannel.usecases.assessment import load

    loaded = case if isinstance(case, CaseType) else load(case)
    problems = bound_problems(("--futures", futures, 512, 10**8), ("--seed", seed, 0, MOST_SEED))
    if not starts_of(loaded):
        problems = [*problems, _no_start(loaded)]
    if problems:
        raise UserError(problems)
    return loaded


def _no_start(case: Case) -> Problem:
    return Problem(
        file=f"{case.folder}/policies",
        field="rules",
        wrong="no policy has the right to scale up",
        allowed="at least one policy with `rules: {scale_up: {to: POLICY}}`",
        mend="write a variant of a small policy with that rule",
    )


def _start(start: Start) -> dict[str, Any]:
    return {
        "policy": start.policy.id,
        "target": start.policy.rules.target,
        "best": start.best,
        "branches": {b.id: _branch(b) for b in start.branches},
        "review": None if start.review is None else _review(start.review),
    }


def _branch(branch: Branch) -> dict[str, Any]:
    return {
        "loss": mean_and_error(branch.loss),
        "value": mean_and_error(branch.value),
        "wars_avoided": mean_and_error(branch.war),
        "usd_saved": mean_and_error(branch.cost),
        "value_by_world": {k: mean_and_error(v) for k, v in branch.by_world.items()},
    }


def _review(review: ReviewRule) -> dict[str, Any]:
    return {
        "thresholds": dict(review.thresholds),
        "value": mean_and_error(review.value),
        "against_own_thresholds": mean_and_error(review.against_own),
    }


def write_hedge(
    found: HedgeResult, folder: str | Path, formats: Sequence[str] = ("html", "pdf")
) -> list[Path]:
    """Write the page and `hedge.json`."""
    from openchannel.usecases.brief import write_page

    place = Path(folder)
    return [
        *write_page(found.page(), place, "hedge", formats),
        write_data(place / "hedge.json", found.as_dict()),
    ]
