"""Part 4: where the answer flips, by school of thought, never pooled alone."""

from __future__ import annotations

import re
from typing import Any

from openchannel.domain import Policy
from openchannel.report.charts import intervals
from openchannel.report.findings import Findings, WorldFindings
from openchannel.report.model import (
    Block,
    Bullets,
    Column,
    Figure,
    Paragraph,
    Row,
    Section,
    Span,
    Table,
    Text,
    say,
    words,
)
from openchannel.report.numbers import (
    Measured,
    difference,
    is_measurable,
    share,
    span,
)
from openchannel.report.wording import baseline_words, in_sentence, listed, verdict_words

__all__ = ["worlds_section"]

_POOLED = "Pooled"
_LOSS = "outcome-composite_loss"
_SENTENCES = re.compile(r"(?<=[.!?])\s+")


def worlds_section(findings: Findings) -> Section:
    """Figure and table by world with the pooled result beside them, and each world's argument."""
    blocks: list[Block] = [_figure(findings), _table(findings)]
    isolation = findings.isolation
    if isolation is not None:
        blocks.append(Paragraph(_isolation(findings, isolation)))
    blocks.append(Bullets(tuple(_argument(w) for w in findings.worlds if w.world.argument)))
    return Section("section-worlds", "", "Where the answer flips", tuple(blocks))


def _row_name(world: WorldFindings) -> str:
    return f"{world.world.title} ({share(world.weight)})"


def _chart_row(row: str, policy: Policy, role: str, war: Measured) -> dict[str, Any]:
    points = war.times(100.0)
    mean, error = points.mean or 0.0, points.mcse or 0.0
    known = points.has_spread
    return {
        "row": row,
        "series": policy.short,
        "role": role,
        "mean": mean,
        "low2": mean - 2 * error,
        "high2": mean + 2 * error,
        "p05": points.p05 if known else None,
        "p95": points.p95 if known else None,
        "spread": span(points, "plain") if known else "–",
        "label": difference(points, "plain") if is_measurable(points) else "none measurable",
    }


def _figure(findings: Findings) -> Figure:
    rows = []
    for policy, role in findings.judged:
        rows += [
            _chart_row(_row_name(w), policy, role, w.difference(policy.id, "p_war"))
            for w in findings.worlds
        ]
        if len(findings.worlds) > 1:
            rows.append(_chart_row(_POOLED, policy, role, findings.difference(policy.id, "p_war")))
    names = {"focal": "blue", "isolation": "vermilion"}
    key = ", ".join(f"{names[role]}: {in_sentence(p.short)}" for p, role in findings.judged)
    chart = intervals(rows, "Change in the chance of war, points (left is better)")
    chart["title"] = {
        "text": f"Against {baseline_words(findings.baseline)}",
        "subtitle": key,
    }
    numbers = Table(
        "numbers-worlds",
        "Numbers of the figure",
        (
            Column(words("School of thought (weight)"), 2),
            Column(words("Policy")),
            Column(words("Change in chance of war, points"), 1.2, "right"),
            Column(words("5 to 95 % of beliefs"), 1.2, "right"),
        ),
        tuple(
            Row(
                (
                    words(str(r["row"])),
                    words(str(r["series"])),
                    words(str(r["label"])),
                    words(str(r["spread"])),
                )
            )
            for r in rows
        ),
        compact=True,
    )
    said = "; ".join(f"{r['row']}, {in_sentence(str(r['series']))}: {r['label']}" for r in rows)
    return Figure(
        "figure-worlds",
        "Change in the chance of war by school of thought, with the weight of each, and pooled. "
        "Thick lines are two standard errors, thin lines span the 5th to the 95th percentile of "
        "beliefs where the run can tell it from luck.",
        f"Dot chart of the change in the chance of war in points. {said}.",
        chart,
        numbers,
    )


def _table(findings: Findings) -> Table:
    shown = findings.judged
    columns = [Column(words("School of thought"), 1.7), Column(words("Weight"), 0.6, "right")]
    for policy, _ in shown:
        columns += [
            Column(words(f"{policy.short}: deaths avoided", _LOSS), 1.4, "right"),
            Column(words(f"{policy.short}: verdict", "section-made"), 1.2),
        ]
    rows = [
        Row(
            (
                words(w.world.title, f"world-{w.world.id}"),
                words(share(w.weight)),
                *(c for p, _ in shown for c in _cells(w.wager(p.id))),
            )
        )
        for w in findings.worlds
    ]
    if len(findings.worlds) > 1:
        pooled = (c for p, _ in shown for c in _cells(findings.wager(p.id)))
        rows.append(Row((words(_POOLED), words(share(1.0)), *pooled), strong=True))
    return Table(
        "table-worlds",
        f"Expected gain and verdict against {baseline_words(findings.baseline)}, by school of "
        "thought and pooled",
        tuple(columns),
        tuple(rows),
        words(
            "Deaths avoided are equivalent deaths in the mean, money counted. The weights are "
            "judgements of the case, not findings; change them and the pooled row changes."
        ),
        compact=True,
    )


def _cells(wager: Any) -> tuple[Text, Text]:
    if wager is None:
        return words("not run"), words("not run")
    gain = difference(wager.gain, "count") if is_measurable(wager.gain) else "none measurable"
    return words(gain), words(verdict_words(wager.verdict))


def _isolation(findings: Findings, policy: Policy) -> Text:
    """The claim that isolation is self-defeating, as far as the run bears it out."""
    war = findings.difference(policy.id, "p_war")
    verb = "changes the chance of war by {}"
    if not is_measurable(war):
        verb = "makes {} to the chance of war"
    by: dict[str, list[str]] = {}
    for world in findings.worlds:
        found = world.wager(policy.id)
        if found is not None:
            by.setdefault(verdict_words(found.verdict), []).append(f"“{world.world.title}”")
    split = "; ".join(f"{verdict} in {listed(names)}" for verdict, names in by.items())
    return say(
        f"Is isolation self-defeating? Pooled, {in_sentence(policy.title)} {verb} against "
        f"{baseline_words(findings.baseline)}. By its expected loss the verdict is: {split}.",
        Span(difference(war, "points"), "outcome-p_war"),
    )


def _argument(world: WorldFindings) -> Text:
    """The first two sentences of a school of thought; the whole stands in the appendix."""
    sentences = _SENTENCES.split(world.world.argument)
    head = " ".join(sentences[:2])
    return (
        Span(f"{world.world.title}.", f"world-{world.world.id}", strong=True),
        Span(f" {head}"),
    )
