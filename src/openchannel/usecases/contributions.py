"""What each claim of the ledger contributes: the waterfall of the decision, ready to be shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import Problem, UserError

if TYPE_CHECKING:
    from openchannel.analysis.contributions import Ledger
    from openchannel.casefile.own_beliefs import OwnBeliefs
    from openchannel.domain import Case

__all__ = ["DEFAULT_FUTURES", "ClaimTable", "contributions", "size_problems"]

#: Futures of each policy for each set of claims; a minute on two cores for the built-in case.
DEFAULT_FUTURES = 1024


@dataclass(frozen=True, slots=True)
class ClaimTable:
    """The ledger measured, with the words of its claims."""

    case: Case
    ledger: Ledger
    seed: int
    ranges: bool

    def as_dict(self) -> dict[str, Any]:
        """In values that JSON can hold: claims in the ledger's order, waterfalls by outcome."""
        from openchannel.analysis.contributions import json_values

        found = self.ledger
        claims = {}
        for claim in self.case.propositions:
            is_modelled = claim.id not in found.unmodelled
            claims[claim.id] = {
                "kind": claim.kind,
                "claim": claim.claim,
                "modelled": is_modelled,
                "idle": claim.id in found.idle,
                "switch_note": claim.switch_note,
                **{m: _step(found, m, claim.id) for m in found.steps if is_modelled},
            }
        return {
            "policy": found.policy,
            "baseline": found.baseline,
            "seed": self.seed,
            "futures": found.futures,
            "orders": found.orders,
            "beliefs": "ranges" if self.ranges else "modes",
            "claims": json_values(claims),
            "waterfall": {m: self._waterfall(m) for m in found.steps},
        }

    def _waterfall(self, metric: str) -> dict[str, Any]:
        """Start, steps and end; running levels are of the Shapley steps, whose sum is exact."""
        from openchannel.analysis.contributions import json_values

        found = self.ledger
        at = found.none[metric].mean
        steps = []
        for claim in found.waterfall(metric):
            step = found.steps[metric][claim].shapley.mean
            steps.append({"claim": claim, "from": at, "to": at + step})
            at += step
        return {
            "all_off": json_values(_plain(found.none[metric])),
            "all_on": json_values(_plain(found.all[metric])),
            "steps": json_values(steps),
        }


def _step(found: Ledger, metric: str, claim: str) -> dict[str, Any]:
    step = found.steps[metric][claim]
    return {
        "first": _plain(step.first),
        "last": _plain(step.last),
        "shapley": _plain(step.shapley),
        "interaction": _plain(step.interaction),
        "depends_on_order": step.depends_on_order,
    }


def _plain(measured: Any) -> dict[str, float]:
    return {"mean": measured.mean, "mcse": measured.mcse}


def contributions(
    case: Case | str | Path,
    *,
    futures: int = DEFAULT_FUTURES,
    seed: int = 1,
    beliefs: str = "ranges",
    own: OwnBeliefs | str | Path | None = None,
    policy: str = "",
    threads: int | None = None,
    told: Callable[[int, int], None] | None = None,
) -> ClaimTable:
    """Switch each benefit and risk alone, and on average over orders, on the same luck.

    Parameters
    ----------
    futures : int
        Futures of each policy for each set of claims, at least.
    beliefs : str
        `ranges` or `modes`; under `own` of one's own laws.
    policy : str
        Compared with the baseline; default the focal policy.
    told : callable
        Hears of blocks done, and how many there are.
    """
    from openchannel.analysis.contributions import LedgerPlan, measure_ledger
    from openchannel.domain import Case as CaseType
    from openchannel.usecases.assessment import load
    from openchannel.usecases.own_beliefs import with_own

    loaded = case if isinstance(case, CaseType) else load(case)
    problems = size_problems(futures, seed)
    known = [p.id for p in loaded.policies]
    if policy and policy not in known:
        problems.append(_not_one_of("--policy", policy, known))
    if beliefs not in ("ranges", "modes"):
        problems.append(_not_one_of("--beliefs", beliefs, ["ranges", "modes"]))
    if problems:
        raise UserError(problems)
    believed, _ = with_own(loaded, own)
    ranges = beliefs == "ranges"
    plan = LedgerPlan.of(futures, ranges=ranges)
    ledger = measure_ledger(believed, plan, seed, policy=policy, threads=threads, told=told)
    return ClaimTable(believed, ledger, seed, ranges)


def size_problems(futures: int, seed: int) -> list[Problem]:
    """What is wrong with the sizes of a run."""
    return [
        Problem(
            file="command line",
            field=name,
            wrong=f"{value} is out of bounds",
            allowed=f"a whole number from {low} to {high}",
            mend=f"give {name} within these bounds",
        )
        for name, value, low, high in (
            ("--futures", futures, 16, 10**8),
            ("--seed", seed, 0, 2**63 - 1),
        )
        if not low <= value <= high
    ]


def _not_one_of(field: str, value: str, known: list[str]) -> Problem:
    from difflib import get_close_matches

    near = get_close_matches(value, known, n=1, cutoff=0.0)
    return Problem(
        file="command line",
        field=field,
        wrong=f"'{value}' is not known in this case",
        allowed=", ".join(known),
        mend=f"write {near[0]}",
    )
