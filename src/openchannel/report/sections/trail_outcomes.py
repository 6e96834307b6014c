"""The outcomes in the appendix: each with its value and the groups of parameters that move it."""

from __future__ import annotations

from collections.abc import Mapping

from openchannel.domain import INDEX_IDS, Case
from openchannel.model.metrics import EXTRAS, METRICS
from openchannel.report.findings import Findings
from openchannel.report.model import Column, Row, Span, Table, Text, words
from openchannel.report.numbers import Kind, level, span
from openchannel.report.sections.trail_parameters import module_title
from openchannel.report.wording import in_sentence

__all__ = ["outcome_marks", "outcome_table", "outcome_words"]

_WAR = ("ties", "tension", "crisis", "nuclear", "bargaining", "opportunities", "downside")
#: Groups whose parameters move an outcome directly; what moves those is in the chain before them.
_CARRIERS: Mapping[str, tuple[str, ...]] = {
    "crises": ("ties", "tension", "crisis"),
    "crises_lethal": ("ties", "tension", "crisis"),
    "reliability_24h": ("ties",),
    "reliability_crisis_24h": ("ties", "crisis"),
    "thickness_channels": ("ties", "downside"),
    "provocations_per_year": ("ties", "tension", "downside"),
    "lethal_incidents_per_year": ("ties", "tension", "downside"),
    "agreement_years_real": ("bargaining", "ties"),
    "agreement_years_paper": ("bargaining", "ties"),
    "arsenal_warheads": ("nuclear", "bargaining", "downside"),
    "opportunity_capture": ("opportunities", "ties"),
    "detainee_days": ("opportunities", "ties"),
    "policy_survival": ("downside", "rules"),
    "knowledge_index": ("downside", "ties"),
    "intelligence_loss": ("downside", "ties"),
    "programme_cost_usd": ("cost", "rules"),
    "political_cost_index": ("downside", "bargaining"),
    "alliance_friction_index": ("downside", "ties"),
    "contacts_per_year": ("ties",),
    "closed_share": ("ties",),
    "share_crises_lethal": ("ties", "tension", "crisis"),
    "rights_share": ("ties",),
    "loose_weapons_index": ("opportunities", "ties"),
    "detention_political_cost": ("opportunities", "ties"),
}
_EXTRAS_SHOWN = ("contacts_per_year", "closed_share", "share_crises_lethal", *INDEX_IDS)
_CHANCES = frozenset({"probability", "share"})


def outcome_marks() -> dict[str, str]:
    """Anchor of each outcome to its short mark; outcomes outside the main list count on as X."""
    marks = {f"outcome-{m.id}": m.science for m in METRICS}
    seen: dict[str, int] = {}
    for anchor, mark in marks.items():
        seen[mark] = seen.get(mark, 0) + 1
        if seen[mark] > 1:
            marks[anchor] = f"{mark}{'abcdefgh'[seen[mark] - 1]}"
    return marks | {f"outcome-{m}": f"X{i}" for i, m in enumerate(_EXTRAS_SHOWN, 1)}


def outcome_words() -> Text:
    """How the table of outcomes is to be read."""
    return words(
        "Each outcome with its value under the baseline, and the groups of parameters that move "
        "it; the groups stand below, each parameter with its grade and sources. War, nuclear use, "
        "deaths and losses are means of conditional probabilities over futures (Rao-Blackwell), "
        "so their errors are smaller than those of counts."
    )


def outcome_table(findings: Findings) -> Table:
    """The outcomes under the baseline, pooled over schools of thought."""
    marks = outcome_marks()
    known = {m.id: m for m in (*METRICS, *EXTRAS)}
    rows = []
    for key in _outcome_ids():
        metric = known[key]
        measured = findings.level(findings.baseline.id, key)
        kind: Kind = "percent" if metric.unit in _CHANCES else "plain"
        if metric.unit == "US dollars":
            kind = "usd"
        spread = span(measured, kind) if measured.has_spread else "–"
        better = {"low": "lower", "high": "higher"}.get(metric.better, "–")
        rows.append(
            Row(
                (
                    words(marks[f"outcome-{key}"]),
                    words(metric.title),
                    words("per cent" if kind == "percent" else metric.unit),
                    words(better),
                    words(level(measured, kind)),
                    words(spread),
                    _groups(findings.case, _CARRIERS.get(key, _WAR)),
                ),
                f"outcome-{key}",
            )
        )
    return Table(
        "table-outcomes",
        f"Outcomes under {in_sentence(findings.baseline.short)}, pooled",
        (
            Column(words("Mark"), 0.5),
            Column(words("Outcome"), 1.6),
            Column(words("Unit"), 1.0),
            Column(words("Better"), 0.6),
            Column(words("Value"), 1.3, "right"),
            Column(words("5 to 95 % of beliefs"), 1.5, "right"),
            Column(words("Moved by"), 2.2),
        ),
        tuple(rows),
        compact=True,
    )


def _outcome_ids() -> list[str]:
    return [m.id for m in METRICS] + list(_EXTRAS_SHOWN)


def _groups(case: Case, modules: tuple[str, ...]) -> Text:
    present = {p.module for p in case.parameters.values()}
    spans: list[Span] = []
    for module in modules:
        if module in present:
            spans += [Span(module_title(module), f"group-{module}"), Span("; ")]
    return tuple(spans[:-1]) or words("–")
