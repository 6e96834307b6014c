"""Part 8: what each policy costs, when it would pay for itself, and what reliability costs."""

from __future__ import annotations

import math

from openchannel.domain import Policy
from openchannel.report.findings import Findings
from openchannel.report.model import Column, Paragraph, Row, Section, Span, Table, Text, say, words
from openchannel.report.numbers import NOT_MEASURABLE, Measured, difference, is_measurable, level
from openchannel.report.wording import baseline_words, in_sentence, years_words

__all__ = ["costs_section", "price_of_reliability"]


def costs_section(findings: Findings) -> Section:
    """Programme cost, break-even cost, and cost for each point of reliability."""
    return Section(
        "section-costs", "", "What it costs", (Paragraph(_lead(findings)), _table(findings))
    )


def price_of_reliability(cost: Measured, gain: Measured) -> Measured | None:
    """Dollars for one percentage point of reliability; None where none is measurably gained."""
    if not is_measurable(gain) or (gain.mean or 0.0) <= 0 or cost.mean is None:
        return None
    points = (gain.mean or 0.0) * 100.0
    price = cost.mean / points
    relative = math.hypot(
        (cost.mcse or 0.0) / cost.mean if cost.mean else 0.0,
        (gain.mcse or 0.0) / (gain.mean or 1.0),
    )
    return Measured(price, abs(price) * relative)


def _lead(findings: Findings) -> Text:
    focal = findings.focal
    cost = findings.difference(focal.id, "programme_cost_usd")
    even = findings.wager(focal.id).breakeven
    who, base = in_sentence(focal.title), baseline_words(findings.baseline)
    start = f"Over {years_words(findings.years)} {who} costs"
    if is_measurable(cost):
        side = "more" if (cost.mean or 0.0) > 0 else "less"
        amount = Span(difference(cost, "usd", sign=False), "outcome-programme_cost_usd")
        head = say(f"{start} {{}} {side} than {base}, discounted. ", amount)
    else:
        head = words(f"{start} as much as {base}. ")
    if not is_measurable(even):
        tail = words(
            "Its effect on expected deaths is not measurable in this run, so no break-even cost "
            "can be given."
        )
    elif (even.mean or 0.0) < 0:
        tail = words(
            "It is expected to cost lives rather than save them, so no price would make it pay."
        )
    else:
        tail = say(
            "At the {} of the case it would pay for itself up to a cost of {}; that ceiling is as "
            "uncertain as the expected deaths behind it, and it turns with the beliefs.",
            Span("value of a statistical life", "parameter-vsl_musd"),
            Span(difference(even, "usd", sign=False), "outcome-fatalities"),
        )
    return (*head, *tail)


def _table(findings: Findings) -> Table:
    ran = [p for p in findings.policies if p.id != findings.baseline.id]
    return Table(
        "table-costs",
        f"Costs over {findings.years:g} years against {baseline_words(findings.baseline)}",
        (
            Column(words("Policy"), 1.6),
            Column(words("Extra cost", "outcome-programme_cost_usd"), 1.2, "right"),
            Column(words("Break-even cost", "outcome-fatalities"), 1.3, "right"),
            Column(
                words("Cost of a point of reliability", "outcome-reliability_24h"), 1.5, "right"
            ),
        ),
        tuple(_row(findings, p) for p in ran),
        words(
            "Break-even: extra cost at which the expected deaths avoided would just be paid for; "
            "“none” where more deaths are expected. A point of reliability: one percentage point "
            "more chance of an answer in 24 hours."
        ),
        compact=True,
    )


def _row(findings: Findings, policy: Policy) -> Row:
    cost = findings.difference(policy.id, "programme_cost_usd")
    even = findings.wager(policy.id).breakeven
    price = price_of_reliability(cost, findings.difference(policy.id, "reliability_24h"))
    if not is_measurable(even):
        even_words = NOT_MEASURABLE
    else:
        even_words = "none" if (even.mean or 0.0) < 0 else level(even, "usd")
    return Row(
        (
            words(policy.short, f"policy-{policy.id}"),
            words(difference(cost, "usd")),
            words(even_words),
            words("no gain" if price is None else level(price, "usd")),
        ),
        strong=policy.id == findings.focal.id,
    )
