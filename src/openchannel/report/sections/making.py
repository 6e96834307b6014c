"""Parts 9 and 10: what the numbers cannot do, and how they were made."""

from __future__ import annotations

from openchannel.report.findings import Findings
from openchannel.report.grades import GRADE_WORDS, marker, shares_by_grade
from openchannel.report.model import (
    Bullets,
    Column,
    Paragraph,
    Row,
    Section,
    Span,
    Table,
    Text,
    say,
    words,
)
from openchannel.report.numbers import level, plain, share
from openchannel.report.wording import in_sentence, listed

__all__ = ["WARNING", "limits_section", "making_section"]

WARNING = "Numbers compare policies under stated beliefs. They are not forecasts of war."
_SHOWN_DIGITS = 16


def limits_section(findings: Findings) -> Section:
    """The warning that goes with every result, and the limits that the case itself states."""
    # The case says the same of forecasts in its own words; once is enough.
    limits = tuple(words(t) for t in findings.case.limits if "not forecasts of war" not in t)
    blocks = (Paragraph(words(WARNING), "warning"), *((Bullets(limits),) if limits else ()))
    return Section("section-limits", "", "What these numbers cannot do", blocks)


def making_section(findings: Findings) -> Section:
    """Rule of the verdict, error of the run, share of assumptions, and what repeats the run."""
    return Section(
        "section-made",
        "",
        "How this was made",
        (
            Paragraph(_verdict_rule(findings)),
            Paragraph(_loss(findings)),
            Paragraph(_grades(findings), "warning"),
            Paragraph(_error(findings)),
            _manifest(findings),
        ),
    )


def _verdict_rule(findings: Findings) -> Text:
    return words(str(findings.summary["verdict_rule"]))


def _loss(findings: Findings) -> Text:
    """The weights that make up the composite loss: visible, because they are values."""
    case = findings.case
    used = [
        f"{in_sentence(_weight_name(findings, key))} (weight {plain(weight)})"
        for key, weight in case.weights.items()
        if weight
    ]
    unused = sum(not weight for weight in case.weights.values())
    return words(
        f"Composite loss counts {listed(used) or 'nothing'}, money in values of a "
        f"statistical life; the other {unused} outcomes have weight 0 in this case and can be "
        "given one."
    )


def _weight_name(findings: Findings, key: str) -> str:
    return "Programme cost" if key == "programme_cost" else findings.title_of(key)


def _grades(findings: Findings) -> Text:
    shares = shares_by_grade(findings.case)
    said = listed(
        [
            f"{n} {GRADE_WORDS[g]} ({marker(g)}, {share(round(s, 2))})"
            for g, (n, s) in shares.items()
        ]
    )
    is_mostly_assumed = shares["C"][1] > 0.5
    warning = (
        "Most of what decides the answer is assumed, above all the effects of ties; that is the "
        "state of the field. "
        if is_mostly_assumed
        else ""
    )
    provisional = sum(p.provisional for p in findings.case.parameters.values())
    return words(
        f"Of {len(findings.case.parameters)} parameters: {said}. {warning}"
        f"{provisional} are provisional: no second reader has settled them."
    )


def _error(findings: Findings) -> Text:
    if not findings.has_comparison:
        return words("One policy was run, so there are no paired differences.")
    war = findings.difference(findings.focal.id, "p_war")
    error = (war.mcse or 0.0) * 100.0
    return say(
        f"Monte Carlo: {findings.futures:,} futures of each policy in each school of thought "
        f"({findings.n_draws:,} draws of beliefs, {int(findings.summary['n_replicates']):,} "
        f"futures each), the same luck for every policy. The paired standard error of the "
        f"change in the chance of war under {in_sentence(findings.focal.title)} is {{}} points, "
        "against {} for the chance itself under the baseline.",
        Span(plain(error, 2), "outcome-p_war"),
        Span(level(findings.level(findings.baseline.id, "p_war"), "percent"), "outcome-p_war"),
    )


def _manifest(findings: Findings) -> Table:
    m = findings.manifest
    platform = m.get("platform", {})
    evidence = m.get("evidence_fingerprint")
    rows = (
        ("Case", f"{findings.case.title} ({m.get('case')})"),
        ("Seed", str(m.get("seed"))),
        ("Beliefs", _beliefs_words(str(m.get("beliefs")))),
        ("Futures of each policy in each school", f"{findings.futures:,}"),
        ("Horizon", f"{m.get('horizon_weeks')} weeks from {findings.case.calendar.start:%d %B %Y}"),
        ("Design overlay", str(m.get("overlay") or "none")),
        ("openchannel", f"{m.get('openchannel')} (code {m.get('code')})"),
        ("Fingerprint of the case", str(m.get("case_fingerprint", ""))[:_SHOWN_DIGITS]),
        ("Fingerprint of the evidence", str(evidence)[:_SHOWN_DIGITS] if evidence else "none"),
        ("Platform", ", ".join(f"{k} {v}" for k, v in platform.items())),
    )
    return Table(
        "table-manifest",
        "What it takes to run this again to the byte",
        (Column(words("Item"), 1.2), Column(words("Value"), 3)),
        tuple(Row((words(a), words(b))) for a, b in rows),
        compact=True,
    )


def _beliefs_words(beliefs: str) -> str:
    return {
        "ranges": "ranges: every doubtful parameter drawn from its range",
        "modes": "modes: every parameter at its central value",
    }.get(beliefs, f"ranges, school of thought {beliefs} alone")
