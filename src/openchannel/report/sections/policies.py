"""Part 3: every policy of the run beside the baseline, and which form does most."""

from __future__ import annotations

import math

from openchannel.domain import Policy
from openchannel.report.findings import Findings
from openchannel.report.model import (
    Block,
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
from openchannel.report.numbers import difference, is_measurable, level
from openchannel.report.wording import baseline_words, in_sentence, listed, verdict_words

__all__ = ["policies_section"]

_NONE = "none measurable"
_COLUMNS = (
    ("Policy", "", 1.75),
    ("Chance of war, %", "outcome-p_war", 1.0),
    ("Change in it, points", "outcome-p_war", 1.35),
    ("Provocations a year", "outcome-provocations_per_year", 1.15),
    ("Reliability in 24 h, %", "outcome-reliability_24h", 1.1),
    ("Thickness, channels", "outcome-thickness_channels", 1.2),
    ("Cost, $ million", "outcome-programme_cost_usd", 1.15),
    ("Verdict", "section-made", 1.7),
)


def policies_section(findings: Findings) -> Section:
    """The table of policies and what it says about the form of contact."""
    blocks: list[Block] = [_table(findings)]
    if findings.has_comparison:
        blocks.append(Paragraph(_best(findings)))
    return Section("section-policies", "", "The policies compared", tuple(blocks))


def _table(findings: Findings) -> Table:
    columns = tuple(
        Column(words(title, trail), part, "left" if title in ("Policy", "Verdict") else "right")
        for title, trail, part in _COLUMNS
    )
    years = f"{findings.years:g} years"
    return Table(
        "table-policies",
        f"Policies over {years}, pooled over schools of thought",
        columns,
        tuple(_row(findings, p) for p in findings.policies),
        words(
            f"Change: against {baseline_words(findings.baseline)}, on the same futures, so its "
            "error is far smaller than that of the chance itself; “none measurable”: smaller than "
            "two standard errors. Reliability: chance that some channel brings an authoritative, "
            "believed answer in 24 hours. Thickness: how many equal channels the ties amount to. "
            "Cost: of the programme over the whole span, discounted."
        ),
        compact=True,
    )


def _row(findings: Findings, policy: Policy) -> Row:
    def at(metric: str) -> str:
        factor = 100.0 if metric in ("p_war", "reliability_24h") else 1.0
        return level(findings.level(policy.id, metric).times(factor), "plain")

    is_base = policy.id == findings.baseline.id
    if is_base:
        change, verdict = "baseline", "baseline"
    else:
        delta = findings.difference(policy.id, "p_war")
        change = difference(delta.times(100.0), "plain") if is_measurable(delta) else _NONE
        verdict = verdict_words(findings.wager(policy.id).verdict)
    cells = (
        words(policy.short, f"policy-{policy.id}"),
        words(at("p_war")),
        words(change),
        words(at("provocations_per_year")),
        words(at("reliability_24h")),
        words(at("thickness_channels")),
        words(level(findings.level(policy.id, "programme_cost_usd").times(1e-6), "plain")),
        words(verdict),
    )
    return Row(cells, strong=policy.id == findings.focal.id)


def _best(findings: Findings) -> Text:
    """Which policy has the largest mean gain, which cannot be told from it, which is cheapest."""
    ran = [p for p in findings.policies if p.id != findings.baseline.id]
    gains = {p.id: findings.wager(p.id).gain for p in ran}
    helpful = [p for p in ran if is_measurable(gains[p.id]) and (gains[p.id].mean or 0.0) > 0]
    base = baseline_words(findings.baseline)
    if not helpful:
        return words(f"No policy of this run has an expected loss measurably below that of {base}.")
    best = max(helpful, key=lambda p: gains[p.id].mean or 0.0)
    rivals = [p for p in helpful if p.id != best.id and _is_near(findings, p, best)]
    cheapest = min(helpful, key=lambda p: findings.level(p.id, "programme_cost_usd").mean or 0.0)
    text = say(
        f"Which form: the largest expected gain over {base} is that of {_name(best)}, {{}} "
        "equivalent deaths avoided{}. ",
        Span(difference(gains[best.id], "count", sign=False), "outcome-composite_loss"),
        _rivals_words(rivals),
    )
    if cheapest.id != best.id:
        text += say(
            f"The cheapest policy with a measurable gain is {_name(cheapest)}: {{}} equivalent "
            "deaths avoided for a programme of {}. ",
            Span(difference(gains[cheapest.id], "count", sign=False), "outcome-composite_loss"),
            Span(
                level(findings.level(cheapest.id, "programme_cost_usd"), "usd"),
                "outcome-programme_cost_usd",
            ),
        )
    return text + words(
        "The largest of many uncertain numbers flatters its owner; the order of policies that "
        "cannot be told apart means nothing."
    )


def _name(policy: Policy) -> str:
    return in_sentence(policy.title)


def _is_near(findings: Findings, policy: Policy, best: Policy) -> bool:
    """Whether two gains lie within two errors, errors taken as independent (too wide, so safe)."""
    a, b = findings.wager(policy.id).gain, findings.wager(best.id).gain
    gap = (b.mean or 0.0) - (a.mean or 0.0)
    return gap < 2.0 * math.hypot(a.mcse or 0.0, b.mcse or 0.0)


def _rivals_words(rivals: list[Policy]) -> Text:
    if not rivals:
        return ()
    names = listed([f"“{p.short}”" for p in rivals])
    return words(f", which this run cannot tell from {names}")
