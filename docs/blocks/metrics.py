"""The metrics of a run, and the rule by which they become a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docs.blocks.markdown import sentences, table

from openchannel.analysis import VERDICT_RULE
from openchannel.domain import Case
from openchannel.model.metrics import EXTRAS, METRICS, Metric

__all__ = ["further_metrics", "metrics", "verdict_rule"]

_DEFINITIONS = Path(__file__).resolve().parents[1] / "metric-definitions.txt"


def metrics(_case: Case) -> str:
    """The metrics of the run's contract."""
    return _metric_table(METRICS)


def further_metrics(_case: Case) -> str:
    """The further metrics in the same files."""
    return _metric_table(EXTRAS)


def verdict_rule(_case: Case) -> str:
    """The rule as every summary prints it."""
    return "> " + sentences(VERDICT_RULE).replace("\n", "\n> ")


def _metric_table(chosen: Sequence[Metric]) -> str:
    definitions = _definitions()
    better = {"low": "less", "high": "more", "none": ""}
    rows = (
        (
            f"`{m.id}`",
            m.title,
            definitions[m.id],
            m.unit,
            better[m.better],
            "" if m.is_plain else "ratio of sums",
            m.science,
        )
        for m in chosen
    )
    return table(("id", "name", "definition", "unit", "better", "kind", "spec."), rows)


def _definitions() -> dict[str, str]:
    lines = _DEFINITIONS.read_text("utf-8").splitlines()
    words = dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    strays = {m.id for m in METRICS + EXTRAS} ^ set(words)
    if strays:
        raise SystemExit(
            f"docs/metric-definitions.txt: no pair of metric and sentence: {sorted(strays)}"
        )
    return words
