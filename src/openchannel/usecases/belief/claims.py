"""`ledger`: what each benefit and each risk contributes to the decision, switched alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import UserError
from openchannel.usecases.plain import mean_and_error, plain_values, share_values
from openchannel.usecases.runs.files import FILES
from openchannel.usecases.settings import MOST_SEED, bound_problems, not_one_of

if TYPE_CHECKING:
    from openchannel.analysis.contributions import Ledger
    from openchannel.domain import Case
    from openchannel.report import Brief
    from openchannel.usecases.runs.own_beliefs import Own, OwnBeliefs

__all__ = ["DEFAULT_FUTURES", "FILE", "ClaimTable", "ledger", "write_ledger"]

#: Futures of each policy for each set of claims; half a minute on two cores for the built-in case.
DEFAULT_FUTURES = 2048
#: Where a folder keeps the ledger.
FILE = FILES["ledger"]


@dataclass(frozen=True, slots=True)
class ClaimTable:
    """The ledger measured, with the words of its claims."""

    case: Case
    ledger: Ledger
    seed: int
    ranges: bool
    overlay: str = ""
    own: OwnBeliefs | None = None

    def as_dict(self) -> dict[str, Any]:
        """In values that JSON can hold: claims in the ledger's order, waterfalls by outcome."""
        from openchannel.usecases.runs.manifest import code_digest

        found = self.ledger
        table = {
            "schema_version": 1,
            "case": self.case.id,
            "case_fingerprint": self.case.fingerprint,
            "code": code_digest(),
            "own": None if self.own is None else self.own.as_dict(),
            "beliefs": "ranges" if self.ranges else "modes",
            "overlay": self.overlay,
            "seed": self.seed,
            "futures": found.futures,
            "orders": found.orders,
            "policy": found.policy,
            "baseline": found.baseline,
            "claims": {p.id: self._claim(p.id) for p in self.case.propositions},
            "waterfall": {m: self._waterfall(m) for m in found.steps},
        }
        return dict(plain_values(table))

    def page(self) -> Brief:
        """The waterfall with its numbers on a page."""
        from openchannel.report.pages.ledger import ledger_page

        return ledger_page(self.case, self.as_dict())

    def _claim(self, claim: str) -> dict[str, Any]:
        found = self.ledger
        stated = next(p for p in self.case.propositions if p.id == claim)
        is_modelled = claim not in found.unmodelled
        told: dict[str, Any] = {
            "kind": stated.kind,
            "claim": stated.claim,
            "modelled": is_modelled,
            "idle": claim in found.idle,
        }
        if is_modelled:
            told |= {metric: share_values(steps[claim]) for metric, steps in found.steps.items()}
        return told

    def _waterfall(self, metric: str) -> dict[str, Any]:
        """From all off to all on: claims with a measurable share by id, and the rest together."""
        found = self.ledger
        return {
            "all_off": mean_and_error(found.none[metric]),
            "steps": found.waterfall(metric),
            "rest": mean_and_error(found.rest[metric]),
            "all_on": mean_and_error(found.all[metric]),
        }


def ledger(
    case: Case | str | Path,
    *,
    futures: int = DEFAULT_FUTURES,
    seed: int = 1,
    beliefs: str = "ranges",
    own: Own | None = None,
    policy: str = "",
    overlay: str = "",
    threads: int | None = None,
    told: Callable[[int, int], None] | None = None,
) -> ClaimTable:
    """Switch each benefit and risk alone, last, and on average over orders, on the same luck.

    Parameters
    ----------
    futures : int
        Futures of each policy for each set of claims, at least.
    beliefs : str
        `ranges` or `modes`, of the defaults of the case or of one's own.
    own : file, mapping or beliefs
        Beliefs of one's own, in place of the defaults.
    policy : str
        Compared with the baseline; default the focal policy.
    told : callable
        Hears of blocks done, and how many there are.

    Returns
    -------
    ClaimTable
        For each claim what it adds to the difference in the chance of war and in loss (equivalent
        deaths), with errors; averages over orders are Shapley values. Fields of `as_dict()` in
        docs/reference/beliefs.md.

    Raises
    ------
    UserError
        Unknown ids, sizes out of bounds, a faulty file of beliefs.
    """
    from openchannel.analysis.contributions import LedgerPlan, measure_ledger
    from openchannel.domain import Case as CaseType
    from openchannel.usecases.cases import load
    from openchannel.usecases.runs.own_beliefs import with_own

    loaded = case if isinstance(case, CaseType) else load(case)
    problems = bound_problems(("--futures", futures, 16, 10**8), ("--seed", seed, 0, MOST_SEED))
    for field, value, known in (
        ("--policy", policy, [p.id for p in loaded.policies if p.id != loaded.baseline]),
        ("--overlay", overlay, [o.id for o in loaded.overlays]),
        ("--beliefs", beliefs, ["ranges", "modes"]),
    ):
        if value and value not in known:
            problems.append(not_one_of(field, value, known))
    if problems:
        raise UserError(problems)
    believed, held = with_own(loaded, own)
    ranges = beliefs == "ranges"
    plan = LedgerPlan.of(futures, ranges=ranges)
    found = measure_ledger(
        believed, plan, seed, policy=policy, overlay=overlay, threads=threads, told=told
    )
    return ClaimTable(believed, found, seed, ranges, overlay, held)


def write_ledger(
    found: ClaimTable, folder: str | Path, formats: Sequence[str] = ("html", "pdf")
) -> list[Path]:
    """Write the page and `ledger.json`; a brief of the same case and beliefs there takes it in.

    The files written, the brief among them where there was one to write anew.
    """
    from openchannel.usecases.plain import write_data
    from openchannel.usecases.runs.brief import rewrite_brief, write_page

    place = Path(folder)
    data = write_data(place / FILE, found.as_dict())
    pages = write_page(found.page(), place, "ledger", formats)
    return [*pages, data, *rewrite_brief(place, found.case.fingerprint)]
