"""`compare`: two people's runs of a case; what they believe otherwise, and what of it matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import Problem, UserError
from openchannel.usecases.runs.comparison import Comparison, ResultRow, SettingRow
from openchannel.usecases.settings import MOST_SEED, bound_problems

if TYPE_CHECKING:
    from openchannel.analysis.opinions import Opinion
    from openchannel.domain import Case
    from openchannel.usecases.runs.finished_run import Run

__all__ = ["DEFAULT_FUTURES", "compare", "side_by_side", "write_comparison"]

#: Futures of each policy for each set of beliefs swapped.
DEFAULT_FUTURES = 2048
_RESULTS = ("p_war", "composite_loss")
_SETTINGS = {
    "openchannel": "release",
    "code": "code",
    "case": "case",
    "case_fingerprint": "case and beliefs",
    "evidence_fingerprint": "evidence",
    "beliefs": "beliefs sampled",
    "own": "own beliefs",
    "own_policy": "own policy",
    "baseline": "baseline",
    "overlay": "overlay",
    "horizon_weeks": "horizon, weeks",
    "seed": "seed",
    "futures": "futures",
}


def compare(
    first: str | Path,
    second: str | Path,
    *,
    futures: int = DEFAULT_FUTURES,
    seed: int = 1,
    threads: int | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Hold two run folders against each other, and swap their beliefs one by one.

    The gap between them is divided among the beliefs by Shapley's rule, on the same luck.

    Parameters
    ----------
    first, second : path
        Folders of finished runs.
    futures : int
        Futures of each policy for each set of beliefs swapped, at least.
    told : callable
        Hears of blocks done, and how many there are.

    Returns
    -------
    Comparison
        Settings and results side by side, beliefs that differ, and what each carries of the gap,
        with its error; `as_dict()` and `page()` give it to programs and readers.

    Raises
    ------
    UserError
        A folder that holds no finished run, or cases that have not the same parameters, elements
        and channels, so that beliefs cannot be swapped.
    """
    from openchannel.analysis.contributions import LedgerPlan
    from openchannel.analysis.disagreement import measure_disagreement
    from openchannel.usecases.runs.finished_run import open_run

    bounds = ("--futures", futures, 16, 10**8), ("--seed", seed, 0, MOST_SEED)
    if problems := bound_problems(*bounds):
        raise UserError(problems)
    found = side_by_side(first, second, seed=seed)
    if not found.differences:
        return found
    runs = open_run(first), open_run(second)
    mine, yours = (_opinion(run) for run in runs)
    disagreement = measure_disagreement(
        mine,
        yours,
        LedgerPlan.of(futures, ranges=mine.ranges or yours.ranges),
        seed,
        policy=_policy(mine.case, runs),
        overlay=str(runs[0].manifest["overlay"]),
        threads=threads,
        told=told,
    )
    return replace(found, disagreement=disagreement)


def side_by_side(first: str | Path, second: str | Path, *, seed: int = 1) -> Comparison:
    """Settings, results and beliefs of two run folders next to each other; plays no future.

    Raises
    ------
    UserError
        As `compare` does.
    """
    from openchannel.analysis.opinions import differences
    from openchannel.usecases.runs.finished_run import open_run

    runs = open_run(first), open_run(second)
    mine, yours = (_opinion(run) for run in runs)
    _check_comparable(mine.case, yours.case, str(first), str(second))
    return Comparison(
        mine.case,
        str(first),
        str(second),
        (_title(runs[0], mine), _title(runs[1], yours)),
        seed,
        tuple(_settings(runs[0].manifest, runs[1].manifest)),
        tuple(_notes(runs, mine, yours)),
        tuple(_results(runs[0].summary, runs[1].summary)),
        differences(mine, yours, seed),
        None,
    )


def _opinion(run: Run) -> Opinion:
    """What the maker of a run believes."""
    from openchannel.analysis.opinions import Opinion

    case = run.case
    wanted = run.manifest["worlds"]
    worlds = tuple(w for w in case.worlds if w.id in wanted)
    return Opinion(case, worlds, run.manifest["beliefs"] != "modes")


def _title(run: Run, side: Opinion) -> str:
    """What the beliefs of a run are called."""
    if run.manifest.get("own") or len(side.worlds) == 1:
        return side.worlds[0].title
    return f"{len(side.worlds)} schools of thought by weight"


def _check_comparable(a: Case, b: Case, first: str, second: str) -> None:
    """Raise where beliefs of one side mean nothing on the other."""
    shapes = [
        ({k: p.elements for k, p in c.parameters.items()}, [x.id for x in c.channels])
        for c in (a, b)
    ]
    if shapes[0] == shapes[1]:
        return
    raise UserError(
        Problem(
            file=second,
            field="case",
            wrong=f"its case `{b.id}` has other parameters or channels than `{a.id}` of {first}",
            allowed="two runs of one case, or of cases with the same parameters and channels",
            mend="run both sides' beliefs on one case, with `assess CASE --own FILE -o DIR`",
        )
    )


def _policy(case: Case, runs: tuple[Run, Run]) -> str:
    """The focal policy where both ran it; else the first that both ran."""
    both = [p for p in runs[0].summary["wager"] if p in runs[1].summary["wager"]]
    return case.focal if case.focal in both or not both else both[0]


def _settings(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[SettingRow]:
    """Settings that differ; beliefs of one's own by the first digits of their fingerprints."""
    for key, name in _SETTINGS.items():
        a, b = (_short(m.get(key)) for m in (first, second))
        if a != b:
            yield SettingRow(name, a, b)


def _short(value: Any) -> str:
    """A setting in a table: no more than the head of a fingerprint."""
    if isinstance(value, Mapping):
        return f"{value['title']} ({value['fingerprint'][:12]})"
    if value is None or value == "":
        return "none"
    text = str(value)
    return text[:12] if len(text) == 64 else text


def _notes(runs: tuple[Run, Run], mine: Opinion, yours: Opinion) -> list[str]:
    """What a reader must know before believing the comparison."""
    notes = []
    for run, side in zip(runs, (mine, yours), strict=True):
        if run.manifest["case_fingerprint"] != side.case.fingerprint:
            notes.append(
                f"the case of {run.folder} has changed since it ran; beliefs are compared as the "
                "case is now, results as they were"
            )
    a, b = mine.case, yours.case
    for name, same in (
        ("policies", a.policies == b.policies),
        ("calendar", a.calendar == b.calendar),
        ("outcome weights", dict(a.weights) == dict(b.weights)),
    ):
        if not same:
            notes.append(f"the {name} of the cases differ; beliefs are swapped under the first's")
    if runs[0].manifest["overlay"] != runs[1].manifest["overlay"]:
        notes.append("the overlays differ; beliefs are swapped under the first's")
    return notes


def _results(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[ResultRow]:
    rows = []
    for policy, wager in first["wager"].items():
        if policy not in second["wager"]:
            continue
        for metric in _RESULTS:
            a, b = (s["policies"][policy]["versus_baseline"][metric] for s in (first, second))
            rows.append(
                ResultRow(
                    policy,
                    metric,
                    a["mean"],
                    _error(a["mcse"]),
                    b["mean"],
                    _error(b["mcse"]),
                    wager["verdict"],
                    second["wager"][policy]["verdict"],
                )
            )
    return rows


def write_comparison(
    found: Comparison, folder: str | Path, formats: Sequence[str] = ("html", "pdf")
) -> list[Path]:
    """Write the page and `compare.json`."""
    from openchannel.usecases.plain import write_data
    from openchannel.usecases.runs.brief import write_page

    place = Path(folder)
    pages = write_page(found.page(), place, "compare", formats)
    return [*pages, write_data(place / "compare.json", found.as_dict())]


def _error(mcse: float | None) -> float:
    """An unknown error makes every gap unclear."""
    return float("inf") if mcse is None else mcse
