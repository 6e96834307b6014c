"""`redteam`: the strongest case for isolation and against it, on one page, with the beliefs to run.

Owns the settings, the files and what programs read; the words of the page are `redteam_page`'s.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import Problem, UserError
from openchannel.usecases.contributions import size_problems

if TYPE_CHECKING:
    from openchannel.analysis.redteam import MovedBelief, SideResult, Sizes
    from openchannel.casefile.own_beliefs import OwnBeliefs
    from openchannel.domain import Case

__all__ = ["DEFAULT_FUTURES", "DEFAULT_MARGIN", "RedTeam", "claims_of", "redteam"]

#: Futures of each policy in the final test of each side.
DEFAULT_FUTURES = 8192
#: Margin by which a side is to win, as a share of the status quo's expected loss.
DEFAULT_MARGIN = 0.01


@dataclass(frozen=True, slots=True)
class RedTeam:
    """Both sides' cases, as found."""

    case: Case
    results: tuple[SideResult, ...]
    margin: float
    seed: int
    sizes: Sizes

    def as_dict(self) -> dict[str, Any]:
        """In values that JSON can hold."""
        from openchannel.analysis.contributions import json_values

        return {
            "case": self.case.id,
            "case_fingerprint": self.case.fingerprint,
            "seed": self.seed,
            "margin": self.margin,
            "futures": {
                "screen": self.sizes.screen,
                "search": self.sizes.search,
                "stretch": self.sizes.stretch,
                "test": self.sizes.test,
            },
            "sides": {r.side.id: json_values(_side(self.case, r)) for r in self.results},
        }

    def page(self) -> str:
        """Both cases on one page, in Markdown."""
        from openchannel.usecases.redteam_page import page

        return page(self)

    def own_beliefs(self, side: str) -> str:
        """The text of a file for `--own` that holds one side's beliefs; empty where none was found.

        Raises
        ------
        StopIteration
            No side of this id.
        """
        from openchannel.usecases.own_beliefs import beliefs_text

        result = next(r for r in self.results if r.side.id == side)
        if not result.is_found:
            return ""
        held = [
            (
                b.axis.parameter,
                b.axis.elements,
                "set" if b.axis.how == "value" else b.axis.how,
                b.value,
            )
            for b in result.beliefs
        ]
        note = (
            "The nearest beliefs to the defaults, in range units, under which "
            f"{result.side.policy} wins by {100 * result.target:g} % of the status quo's expected "
            "loss. Found by search; what is not named is drawn as the case has it."
        )
        return beliefs_text(result.side.title, note, self.case, held)


def redteam(
    case: Case | str | Path,
    *,
    margin: float = DEFAULT_MARGIN,
    futures: int = DEFAULT_FUTURES,
    seed: int = 1,
    own: OwnBeliefs | str | Path | None = None,
    overlay: str = "",
    folder: str | Path | None = None,
    threads: int | None = None,
    say: Callable[[str], None] | None = None,
) -> RedTeam:
    """Find the most plausible beliefs under which each side wins, and test them on fresh futures.

    Parameters
    ----------
    margin : float
        Share of the status quo's expected loss by which a side is to win, above 0, at most 1.
    futures : int
        Futures of each policy in the final test; the steps of the search are in proportion.
    own : file or beliefs
        Search around one's own beliefs instead of the defaults.
    folder : path
        Where to write `redteam.md`, `redteam.json` and a file of beliefs for each side found.
    say : callable
        Told what is being done.

    Raises
    ------
    UserError
        Sizes or a margin out of bounds, a faulty file of beliefs, a case without isolation.
    """
    from openchannel.analysis.redteam import Sizes, Team, sides_of
    from openchannel.domain import Case as CaseType
    from openchannel.usecases.assessment import load
    from openchannel.usecases.own_beliefs import with_own

    loaded = case if isinstance(case, CaseType) else load(case)
    problems = [*size_problems(futures, seed), *_margin_problems(margin), *_case_problems(loaded)]
    if problems:
        raise UserError(problems)
    believed, _ = with_own(loaded, own)
    sizes = Sizes.of(futures)
    team = Team(believed, seed, sizes, overlay=overlay, threads=threads)
    tell = say or (lambda _: None)
    tell(f"moving each of {len(team.axes)} beliefs alone, both ways...")
    screened = team.screen()
    results = []
    for side in sides_of(believed):
        tell(f"{_lower(side.title)}: searching, then testing on fresh futures...")
        results.append(team.make_case(side, screened, margin))
    found = RedTeam(believed, tuple(results), margin, seed, sizes)
    if folder is not None:
        _write(found, Path(folder))
    return found


def claims_of(case: Case, belief: MovedBelief) -> list[str]:
    """Ids of the ledger's claims whose switch acts on the same parameter."""
    key = belief.axis.parameter.key
    return [p.id for p in case.propositions if any(o.parameter == key for o in p.off)]


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _margin_problems(margin: float) -> list[Problem]:
    if math.isfinite(margin) and 0.0 < margin <= 1.0:
        return []
    return [
        Problem(
            file="command line",
            field="--margin",
            wrong=f"{margin:g} is no margin",
            allowed="a share of the status quo's expected loss, above 0 and at most 1",
            mend="write 0.01 for one per cent",
        )
    ]


def _case_problems(case: Case) -> list[Problem]:
    if case.isolation not in (case.focal, ""):
        return []
    return [
        Problem(
            file=f"{case.folder}/case.yaml",
            field="isolation",
            wrong=f"isolation and the policy the case is about are both `{case.focal}`",
            allowed="two different policies",
            mend="name in `isolation` the policy that stands for isolation",
        )
    ]


def _side(case: Case, result: SideResult) -> dict[str, Any]:
    def plain(found: Any) -> dict[str, Any]:
        return {k: {"mean": m.mean, "mcse": m.mcse} for k, m in found.items()}

    return {
        "title": result.side.title,
        "policy": result.side.policy,
        "rivals": list(result.side.rivals),
        "target": result.target,
        "asked": result.asked,
        "found": result.is_found,
        "confirmed": result.is_confirmed,
        "holds_in_ranges": result.holds_in_ranges,
        "distance": result.distance,
        "best_margin_in_search": result.best,
        "at_defaults": plain(result.at_defaults),
        "tested": plain(result.tested),
        "in_ranges": plain(result.in_ranges),
        "p_war": plain(result.war),
        "by_size": [
            {"most_beliefs": n, "distance": d, "reached": reached}
            for n, d, reached in result.by_size
        ],
        "beliefs": [
            {
                "quantity": b.axis.name,
                "parameter": b.axis.parameter.key,
                "elements": [e for e in b.axis.elements if e],
                "label": b.axis.parameter.label,
                "unit": b.axis.parameter.unit,
                "grade": b.axis.parameter.grade,
                "module": b.axis.parameter.module,
                "how": b.axis.how,
                "default": b.axis.central,
                "value": b.value,
                "low": b.axis.low,
                "high": b.axis.high,
                "place": b.place,
                "claims": claims_of(case, b),
            }
            for b in result.beliefs
        ],
    }


def _write(found: RedTeam, folder: Path) -> None:
    from openchannel.ensemble.store import write_atomic, write_json
    from openchannel.usecases.guard import disk_problems

    texts = {"redteam.md": found.page()}
    for result in found.results:
        if result.is_found:
            texts[f"beliefs-{result.side.id}-isolation.yaml"] = found.own_beliefs(result.side.id)
    with disk_problems(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():

            def write(path: Path, text: str = text) -> None:
                path.write_text(text, encoding="utf-8", newline="\n")

            write_atomic(folder / name, write)
        write_json(folder / "redteam.json", found.as_dict())
