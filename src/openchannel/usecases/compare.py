"""`compare`: two people's runs of a case; what they believe otherwise, and what of it matters."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import Problem, UserError
from openchannel.usecases.contributions import size_problems

if TYPE_CHECKING:
    from openchannel.analysis.disagreement import Difference, Disagreement, Opinion
    from openchannel.domain import Case
    from openchannel.usecases.assessment import Run

__all__ = ["DEFAULT_FUTURES", "Comparison", "ResultRow", "SettingRow", "compare"]

#: Futures of each policy for each set of beliefs swapped.
DEFAULT_FUTURES = 1024
_CLEAR = 2.0
_RESULTS = ("p_war", "composite_loss")
_SETTINGS = {
    "openchannel": "release",
    "code": "code",
    "case": "case",
    "case_fingerprint": "case and beliefs",
    "evidence_fingerprint": "evidence",
    "beliefs": "beliefs sampled",
    "overlay": "overlay",
    "horizon_weeks": "horizon, weeks",
    "seed": "seed",
    "futures": "futures",
}


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting in which the runs differ, besides what is believed."""

    name: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One policy against the baseline in both runs.

    Errors of the two runs are taken as independent; runs on one seed differ by less than that.
    """

    policy: str
    metric: str
    first: float
    first_error: float
    second: float
    second_error: float
    first_verdict: str
    second_verdict: str

    @property
    def gap(self) -> float:
        """Second minus first."""
        return self.second - self.first

    @property
    def error(self) -> float:
        """Standard error of the gap."""
        return math.hypot(self.first_error, self.second_error)

    @property
    def differs(self) -> bool:
        """Whether the gap is at least two standard errors."""
        return self.gap != 0.0 and abs(self.gap) >= _CLEAR * self.error


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side; `disagreement` is None where nothing different is believed."""

    first: str
    second: str
    settings: tuple[SettingRow, ...]
    notes: tuple[str, ...]
    results: tuple[ResultRow, ...]
    differences: tuple[Difference, ...]
    disagreement: Disagreement | None

    def as_dict(self) -> dict[str, Any]:
        """In values that JSON can hold."""
        from openchannel.analysis.contributions import json_values

        return {
            "first": self.first,
            "second": self.second,
            "settings": [
                {"name": s.name, "first": s.first, "second": s.second} for s in self.settings
            ],
            "notes": list(self.notes),
            "results": [
                {
                    "policy": r.policy,
                    "metric": r.metric,
                    "first": {"mean": r.first, "mcse": r.first_error},
                    "second": {"mean": r.second, "mcse": r.second_error},
                    "gap": {"mean": r.gap, "mcse": r.error},
                    "differs": r.differs,
                    "verdicts": [r.first_verdict, r.second_verdict],
                }
                for r in self.results
            ],
            "beliefs": json_values([_belief(d) for d in self.differences]),
            "disagreement": json_values(_carried(self.disagreement)),
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

    Parameters
    ----------
    futures : int
        Futures of each policy for each set of beliefs swapped, at least.
    told : callable
        Hears of blocks done, and how many there are.

    Raises
    ------
    UserError
        A folder that holds no finished run, or cases that have not the same parameters, elements
        and channels, so that beliefs cannot be swapped.
    """
    from openchannel.analysis.contributions import LedgerPlan
    from openchannel.analysis.disagreement import differences, measure_disagreement
    from openchannel.usecases.assessment import open_run

    if problems := size_problems(futures, seed):
        raise UserError(problems)
    runs = open_run(first), open_run(second)
    mine, yours = (_opinion(run) for run in runs)
    _check_comparable(mine.case, yours.case, str(first), str(second))
    found = differences(mine, yours, seed)
    disagreement = None
    if found:
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
    return Comparison(
        str(first),
        str(second),
        tuple(_settings(runs[0].manifest, runs[1].manifest)),
        tuple(_notes(runs, mine, yours)),
        tuple(_results(runs[0].summary, runs[1].summary)),
        found,
        disagreement,
    )


def _opinion(run: Run) -> Opinion:
    """What the maker of a run believes."""
    from openchannel.analysis.disagreement import Opinion

    case = run.case
    wanted = run.manifest["worlds"]
    worlds = tuple(w for w in case.worlds if w.id in wanted)
    return Opinion(case, worlds, run.manifest["beliefs"] != "modes")


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


def _settings(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[SettingRow]:
    rows = []
    for key, name in _SETTINGS.items():
        a, b = (str(m.get(key)) for m in (first, second))
        if a != b:
            short = 12 if key.endswith("fingerprint") else 40
            rows.append(SettingRow(name, a[:short], b[:short]))
    return rows


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


def _error(mcse: float | None) -> float:
    """An unknown error makes every gap unclear."""
    return math.inf if mcse is None else mcse


def _belief(difference: Difference) -> dict[str, Any]:
    parameter = difference.parameter
    names = ("p05", "p50", "p95")
    return {
        "parameter": parameter.key,
        "label": parameter.label,
        "unit": parameter.unit,
        "module": parameter.module,
        "elements": {
            e or "value": {
                "first": dict(zip(names, difference.mine[e], strict=True)),
                "second": dict(zip(names, difference.yours[e], strict=True)),
            }
            for e in difference.mine
        },
    }


def _carried(found: Disagreement | None) -> dict[str, Any] | None:
    if found is None:
        return None

    def plain(measured: Any) -> dict[str, float]:
        return {"mean": measured.mean, "mcse": measured.mcse}

    return {
        "policy": found.policy,
        "baseline": found.baseline,
        "futures": found.futures,
        "idle": list(found.idle),
        "metrics": {
            metric: {
                "first": plain(found.mine[metric]),
                "second": plain(found.yours[metric]),
                "total": plain(found.total[metric]),
                "waterfall": found.waterfall(metric),
                "beliefs": {
                    key: {
                        "first": plain(step.first),
                        "last": plain(step.last),
                        "shapley": plain(step.shapley),
                        "depends_on_order": step.depends_on_order,
                    }
                    for key, step in steps.items()
                },
                "modules": {k: plain(m) for k, m in found.modules[metric].items()},
            }
            for metric, steps in found.steps.items()
        },
    }
