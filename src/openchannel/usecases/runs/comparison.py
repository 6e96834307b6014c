"""What `compare` finds, as values: settings, results, beliefs that differ, and what carries it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from openchannel.analysis.measured import CLEAR
from openchannel.usecases.plain import mean_and_error, plain_values, share_values

if TYPE_CHECKING:
    from openchannel.analysis.disagreement import Disagreement
    from openchannel.analysis.opinions import Difference
    from openchannel.domain import Case
    from openchannel.report import Brief

__all__ = ["Comparison", "ResultRow", "SettingRow"]


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
        return self.gap != 0.0 and abs(self.gap) >= CLEAR * self.error


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side; `disagreement` is None where nothing different is believed.

    `titles` are what each side's beliefs are called; the case is the first run's.
    """

    case: Case
    first: str
    second: str
    titles: tuple[str, str]
    seed: int
    settings: tuple[SettingRow, ...]
    notes: tuple[str, ...]
    results: tuple[ResultRow, ...]
    differences: tuple[Difference, ...]
    disagreement: Disagreement | None

    def as_dict(self) -> dict[str, Any]:
        """In values that JSON can hold."""
        from openchannel.usecases.runs.manifest import code_digest

        found = {
            "schema_version": 1,
            "first": self.first,
            "second": self.second,
            "titles": list(self.titles),
            "code": code_digest(),
            "seed": self.seed,
            "settings": [asdict(s) for s in self.settings],
            "notes": list(self.notes),
            "results": [_result(r) for r in self.results],
            "beliefs": [_belief(d) for d in self.differences],
            "disagreement": None if self.disagreement is None else _carried(self.disagreement),
        }
        return dict(plain_values(found))

    def page(self) -> Brief:
        """Both runs, where their beliefs part, and what carries the disagreement, on a page."""
        from openchannel.report.pages.compare import compare_page

        return compare_page(self.case, self.as_dict())


def _result(row: ResultRow) -> dict[str, Any]:
    return {
        "policy": row.policy,
        "metric": row.metric,
        "first": {"mean": row.first, "mcse": row.first_error},
        "second": {"mean": row.second, "mcse": row.second_error},
        "gap": {"mean": row.gap, "mcse": row.error},
        "differs": row.differs,
        "verdicts": [row.first_verdict, row.second_verdict],
    }


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


def _carried(found: Disagreement) -> dict[str, Any]:
    return {
        "policy": found.policy,
        "baseline": found.baseline,
        "futures": found.futures,
        "idle": list(found.idle),
        "metrics": {
            metric: {
                "first": mean_and_error(found.mine[metric]),
                "second": mean_and_error(found.yours[metric]),
                "total": mean_and_error(found.total[metric]),
                "waterfall": found.waterfall(metric),
                "rest": mean_and_error(found.rest[metric]),
                "beliefs": {key: share_values(step) for key, step in steps.items()},
                "modules": {k: mean_and_error(m) for k, m in found.modules[metric].items()},
            }
            for metric, steps in found.steps.items()
        },
    }
