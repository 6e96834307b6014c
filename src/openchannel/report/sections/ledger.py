"""Part 7: every benefit and every risk as its holders put it, and the ledger switched."""

from __future__ import annotations

from typing import Any

from openchannel.analysis import metric_words
from openchannel.domain import Case, Proposition
from openchannel.report.charts import intervals
from openchannel.report.findings import Findings
from openchannel.report.grades import GRADE_WORDS, marker, worst
from openchannel.report.model import (
    Block,
    Column,
    Figure,
    Ledger,
    LedgerRow,
    Paragraph,
    Row,
    Section,
    Span,
    Table,
    Text,
    words,
)
from openchannel.report.numbers import SPACE, Kind, difference, is_measurable
from openchannel.report.sections.claims import claims_blocks
from openchannel.report.wording import baseline_words, in_sentence, verdict_words

__all__ = ["ledger_section"]

_PERCENT = frozenset(
    {
        "p_war",
        "p_nuclear_use",
        "reliability_24h",
        "reliability_crisis_24h",
        "opportunity_capture",
        "policy_survival",
    }
)
_MOST_METRICS = 2


def ledger_section(findings: Findings) -> Section:
    """Benefits and risks with the critics' case in full, then the decision with sides off."""
    case = findings.case
    blocks: list[Block] = []
    if findings.ledger:
        blocks += [Paragraph(_switched_words(findings)), _switched(findings)]
    if findings.claims is not None:
        blocks += claims_blocks(case, findings.claims)
    if case.propositions:
        blocks.append(Paragraph(words(_how_to_read(findings)), "note"))
    for kind, title in (("benefit", "Benefits claimed"), ("risk", "Risks, as critics put them")):
        rows = tuple(_row(findings, p) for p in case.propositions if p.kind == kind)
        if rows:
            blocks.append(Ledger(title, rows))
    if not blocks:
        blocks.append(Paragraph(words("This case states no benefits or risks.")))
    return Section("section-ledger", "", "Benefits and risks", tuple(blocks))


def _how_to_read(findings: Findings) -> str:
    focal, base = in_sentence(findings.focal.title), baseline_words(findings.baseline)
    return (
        "Each claim stands in the words of those who hold it. Under it: the parameters that carry "
        f"it with their grade ({marker('A')} measured, {marker('B')} published estimate, "
        f"{marker('C')} assumed), and the change of the outcomes it speaks of under {focal} "
        f"against {base}, which shows all mechanisms together, not this claim alone."
    )


def _row(findings: Findings, claim: Proposition) -> LedgerRow:
    case = findings.case
    carriers = [o.parameter for o in claim.off if o.parameter in case.parameters]
    grade = worst([case.parameters[k].grade for k in carriers])
    return LedgerRow(
        claim.id,
        f"claim-{claim.id}",
        claim.claim,
        claim.argument,
        claim.mechanism,
        _size(claim.size_evidence),
        grade,
        _measured(findings, claim),
        claim.switch_note,
        _rests_on(case, carriers, claim),
    )


def _size(evidence: str) -> str:
    """Evidence for the size; a bare grade gets its marker and its word."""
    if evidence in GRADE_WORDS:
        return f"{marker(evidence)}{SPACE}{evidence}, {GRADE_WORDS[evidence]}"
    return evidence


def _rests_on(case: Case, carriers: list[str], claim: Proposition) -> Text:
    spans: list[Span] = []
    for key in dict.fromkeys(carriers):
        parameter = case.parameters[key]
        label = f"{marker(parameter.grade)}{SPACE}{in_sentence(parameter.label)}"
        spans += [Span(label, f"parameter-{key}"), Span("; ")]
    if not carriers:
        spans += [Span("nothing in the model"), Span("; ")]
    for source in claim.sources:
        spans += [Span(source, f"source-{source}"), Span(", ")]
    return tuple(spans[:-1])


def _kind(metric: str) -> Kind:
    if metric in _PERCENT:
        return "points"
    return "usd" if metric.endswith("_usd") else "count"


def _unit(metric: str) -> str:
    """The unit of a metric where its title does not say it already."""
    if _kind(metric) != "count":
        return ""
    title, unit = (metric_words()[metric][key] for key in ("title", "unit"))
    is_told = unit in title.lower() or unit.startswith("index") or unit == "persons"
    return "" if is_told else unit


def _measured(findings: Findings, claim: Proposition) -> Text:
    if not findings.has_comparison:
        return ()
    spans: list[Span] = []
    for metric in claim.metrics[:_MOST_METRICS]:
        found = findings.difference(findings.focal.id, metric)
        title = in_sentence(findings.title_of(metric))
        spans += [
            Span(f"{title} "),
            Span(difference(found, _kind(metric), _unit(metric)), f"outcome-{metric}"),
            Span("; "),
        ]
    return tuple(spans[:-1])


# --- the ledger switched ----------------------------------------------------------------------


def _settings(findings: Findings) -> list[tuple[str, dict[str, Any]]]:
    return [(str(s["title"]), s) for s in findings.ledger.values()]


def _ran(findings: Findings) -> list[tuple[str, str, str]]:
    """Policy id, short name and role of those that the switched runs hold."""
    shown = [(findings.focal, "focal")]
    if findings.isolation is not None:
        shown.append((findings.isolation, "isolation"))
    first = next(iter(findings.ledger.values()))["policies"]
    return [(p.id, p.short, role) for p, role in shown if p.id in first]


def _switched_words(findings: Findings) -> Text:
    parts = []
    for policy_id, _, role in _ran(findings):
        if role == "focal":
            parts = [
                f"{in_sentence(title)}, {verdict_words(s['policies'][policy_id]['verdict'])}"
                for title, s in _settings(findings)
            ]
    said = "; ".join(parts)
    return words(
        "The ledger can be switched: with a side off, every mechanism on it is taken out of the "
        f"model and the decision is run again. For {in_sentence(findings.focal.title)}: {said}. "
        f"Whoever believes one side alone should read that row; these runs use {_whose(findings)}."
    )


def _whose(findings: Findings) -> str:
    own = findings.manifest.get("own")
    return (
        f"the beliefs of “{own['title']}”" if own else "the default beliefs, one school of thought"
    )


def _switched(findings: Findings) -> Figure:
    ran = _ran(findings)
    rows: list[dict[str, Any]] = []
    for policy_id, short, role in ran:
        for title, setting in _settings(findings):
            war = findings.ledger_difference(setting, policy_id, "p_war").times(100.0)
            mean, error = war.mean or 0.0, war.mcse or 0.0
            verdict = verdict_words(setting["policies"][policy_id]["verdict"])
            value = difference(war, "plain") if is_measurable(war) else "none measurable"
            rows.append(
                {
                    "row": title,
                    "series": short,
                    "role": role,
                    "mean": mean,
                    "low2": mean - 2 * error,
                    "high2": mean + 2 * error,
                    "p05": None,
                    "p95": None,
                    "label": value,
                    "verdict": verdict,
                }
            )
    chart = intervals(rows, "Change in the chance of war, points (left is better)")
    names = {"focal": "blue", "isolation": "vermilion"}
    key = ", ".join(f"{names[role]}: {in_sentence(short)}" for _, short, role in ran)
    chart["title"] = {"text": f"Against {baseline_words(findings.baseline)}", "subtitle": key}
    numbers = Table(
        "numbers-ledger",
        "Numbers of the figure",
        (
            Column(words("Setting"), 1.6),
            Column(words("Policy"), 1.2),
            Column(words("Change in chance of war, points"), 1.3, "right"),
            Column(words("Verdict on expected loss"), 1.4),
        ),
        tuple(
            Row(tuple(words(str(r[k])) for k in ("row", "series", "label", "verdict")))
            for r in rows
        ),
        compact=True,
    )
    said = "; ".join(f"{r['row']}, {in_sentence(r['series'])}: {r['label']}" for r in rows)
    return Figure(
        "figure-ledger",
        "The decision with both sides of the ledger as believed, with all benefits off, with all "
        "risks off, and with both off. Lines are two standard errors.",
        f"Dot chart of the change in the chance of war in points by setting of the ledger. {said}.",
        chart,
        numbers,
    )
