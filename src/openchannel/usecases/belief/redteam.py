"""`redteam`: the strongest case for isolation and against it, on one page, with beliefs to run.

Owns the settings, the files and what programs read; the words are those of `report.pages.redteam`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import Problem, UserError
from openchannel.usecases.plain import mean_and_error, plain_values, write_data
from openchannel.usecases.runs.files import FILES
from openchannel.usecases.settings import MOST_SEED, bound_problems, not_one_of

if TYPE_CHECKING:
    from openchannel.analysis.measured import Measured
    from openchannel.analysis.redteam_sides import MovedBelief, SideResult, Sizes
    from openchannel.domain import Case
    from openchannel.report import Brief
    from openchannel.usecases.runs.own_beliefs import Own, OwnBeliefs

__all__ = ["DEFAULT_FUTURES", "DEFAULT_MARGIN", "RedTeam", "redteam", "write_redteam"]

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
    overlay: str = ""
    own: OwnBeliefs | None = None

    def as_dict(self) -> dict[str, Any]:
        """In values that JSON can hold."""
        from openchannel.usecases.runs.manifest import code_digest

        sizes = self.sizes
        found = {
            "schema_version": 1,
            "case": self.case.id,
            "case_fingerprint": self.case.fingerprint,
            "code": code_digest(),
            "own": None if self.own is None else self.own.as_dict(),
            "overlay": self.overlay,
            "seed": self.seed,
            "margin": self.margin,
            "futures": {
                n: getattr(sizes, n) for n in ("screen", "search", "refine", "stretch", "test")
            },
            "sides": {r.side.id: _side(self.case, r) for r in self.results},
        }
        return dict(plain_values(found))

    def page(self) -> Brief:
        """Both cases on one page."""
        from openchannel.report.pages.redteam import redteam_page

        return redteam_page(self.case, self.results, self.margin, self.sizes, self.seed)

    def own_beliefs(self, side: str) -> str:
        """The text of a file for `--own` that holds one side's beliefs; empty where none was found.

        Raises
        ------
        UserError
            No side of this id; it names those there are.
        """
        from openchannel.usecases.runs.own_beliefs import beliefs_text

        sides = {r.side.id: r for r in self.results}
        if side not in sides:
            raise UserError(not_one_of("side", side, list(sides)))
        result = sides[side]
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
    own: Own | None = None,
    overlay: str = "",
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
    own : file, mapping or beliefs
        Search around one's own beliefs instead of the defaults.
    say : callable
        Told what is being done.

    Returns
    -------
    RedTeam
        For each side the beliefs found, how far each lies from the defaults in units of its range,
        and by what share the side then wins, with its error; `own_beliefs` writes one side's
        beliefs as a file for `own`.

    Raises
    ------
    UserError
        Sizes or a margin out of bounds, an unknown overlay, a faulty file of beliefs, a case in
        which isolation is the policy that it is about.
    """
    from openchannel.analysis.redteam import Team
    from openchannel.analysis.redteam_sides import Sizes, sides_of
    from openchannel.domain import Case as CaseType
    from openchannel.usecases.cases import load
    from openchannel.usecases.runs.own_beliefs import with_own

    loaded = case if isinstance(case, CaseType) else load(case)
    problems = [
        *bound_problems(("--futures", futures, 64, 10**8), ("--seed", seed, 0, MOST_SEED)),
        *_margin_problems(margin),
        *_case_problems(loaded),
    ]
    overlays = [o.id for o in loaded.overlays]
    if overlay and overlay not in overlays:
        problems.append(not_one_of("--overlay", overlay, overlays))
    if problems:
        raise UserError(problems)
    believed, held = with_own(loaded, own)
    sizes = Sizes.of(futures)
    team = Team(believed, seed, sizes, overlay=overlay, threads=threads)
    tell = say or (lambda _: None)
    tell(f"moving each of {len(team.axes)} beliefs alone, both ways...")
    screened = team.screen()
    results = []
    for side in sides_of(believed):
        tell(f"{_lower(side.title)}: searching, then testing on fresh futures...")
        results.append(team.make_case(side, screened, margin))
    return RedTeam(believed, tuple(results), margin, seed, sizes, overlay, held)


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
    def named(found: dict[str, Measured]) -> dict[str, Any]:
        return {k: mean_and_error(m) for k, m in found.items()}

    return {
        "title": result.side.title,
        "policy": result.side.policy,
        "rivals": list(result.side.rivals),
        "asked": result.asked,
        "target": result.target,
        "at_defaults": named(result.at_defaults),
        "defaults_in_ranges": named(result.defaults_in_ranges),
        "holds_at_defaults": result.holds_at_defaults,
        "found": result.is_found,
        "confirmed": result.is_confirmed,
        "holds_in_ranges": result.holds_in_ranges,
        "distance": result.distance,
        "best_margin_in_search": result.best,
        "tested": named(result.tested),
        "in_ranges": named(result.in_ranges),
        "p_war": named(result.war),
        "by_size": [
            {"most_beliefs": n, "distance": d, "reached": reached}
            for n, d, reached in result.by_size
        ],
        "beliefs": [_belief(case, b) for b in result.beliefs],
    }


def _belief(case: Case, belief: MovedBelief) -> dict[str, Any]:
    from openchannel.report.pages.redteam import claims_of

    axis = belief.axis
    return {
        "quantity": axis.name,
        "parameter": axis.parameter.key,
        "elements": [e for e in axis.elements if e],
        "label": axis.parameter.label,
        "unit": axis.parameter.unit,
        "grade": axis.parameter.grade,
        "module": axis.parameter.module,
        "how": axis.how,
        "default": axis.central,
        "value": belief.value,
        "low": axis.low,
        "high": axis.high,
        "place": belief.place,
        "claims": claims_of(case, belief),
    }


def write_redteam(
    found: RedTeam, folder: str | Path, formats: Sequence[str] = ("html", "pdf")
) -> list[Path]:
    """Write the page, `redteam.json`, and a file of beliefs for each side that was found."""
    from openchannel.usecases.plain import write_text
    from openchannel.usecases.runs.brief import write_page

    place = Path(folder)
    files = [
        *write_page(found.page(), place, "redteam", formats),
        write_data(place / FILES["redteam"], found.as_dict()),
    ]
    for result in found.results:
        path = place / f"beliefs-{result.side.id}-isolation.yaml"
        if text := found.own_beliefs(result.side.id):
            files.append(write_text(path, text))
        else:
            path.unlink(missing_ok=True)  # an older search's, which this one does not bear out
    return files
