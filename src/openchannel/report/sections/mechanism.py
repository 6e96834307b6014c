"""Part 5: from contacts to ties, to reliability, to risk, in one picture."""

from __future__ import annotations

import math
from typing import Any

from openchannel.domain import Policy
from openchannel.report.charts import intervals, stapled
from openchannel.report.findings import Findings
from openchannel.report.model import (
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
    Kind,
    Measured,
    difference,
    is_measurable,
    level,
    multiple,
)
from openchannel.report.wording import baseline_words, in_sentence, listed

__all__ = ["mechanism_section"]

#: Stages from cause to consequence: metric, words in the chart, kind of number.
_STAGES: tuple[tuple[str, str, Kind], ...] = (
    ("contacts_per_year", "Contacts a year", "plain"),
    ("thickness_channels", "Thickness of ties", "plain"),
    ("reliability_24h", "Reliability in 24 h", "percent"),
    ("provocations_per_year", "Provocations a year", "plain"),
    ("crises", "Crises", "plain"),
    ("p_war", "Chance of war", "percent"),
)
_RISK = 3  # the first stage that is risk and no longer ties
_MISREADING = "e_f"


def mechanism_section(findings: Findings) -> Section:
    """The chain with its picture, and what carries most of the change."""
    return Section(
        "section-mechanism",
        "",
        "How ties work on risk",
        (
            Paragraph(_lead(findings)),
            _figure(findings),
            Paragraph(_carries(findings)),
            Paragraph(_without_ties(findings)),
        ),
    )


def _ratio(findings: Findings, policy: Policy, metric: str) -> Measured | None:
    """Times the baseline, with the error of the paired difference."""
    base = findings.level(findings.baseline.id, metric).mean
    delta = findings.difference(policy.id, metric)
    if not base or delta.mean is None:
        return None
    ratio = 1.0 + delta.mean / base
    return Measured(ratio, (delta.mcse or 0.0) / abs(base)) if ratio > 0 else None


def _lead(findings: Findings) -> Text:
    parts: list[Span] = []
    for metric, _, _ in _STAGES[:3]:
        ratio = _ratio(findings, findings.focal, metric)
        if ratio is not None and ratio.mean is not None:
            name = in_sentence(findings.title_of(metric))
            value = Span(multiple(ratio.mean, ratio.mcse), f"outcome-{metric}")
            parts += [Span(f"{name} "), value, Span(", ")]
    misreading = findings.case.parameters.get(_MISREADING)
    tail: Text = ()
    if misreading is not None:
        tail = say(
            " The step between reliability and crises, how seldom a harmless act is then taken for "
            "a threat, is not an outcome of the run but the parameter “{}”.",
            Span(misreading.label, f"parameter-{_MISREADING}"),
        )
    return (
        *say(
            "Contacts build ties, ties make an answer in time likely, and an answer in time keeps "
            "a harmless act from being taken for a threat. Under "
            f"{in_sentence(findings.focal.title)} the ties change, as multiples of "
            f"{baseline_words(findings.baseline)}, by {{}}{_fades(findings)}.",
            tuple(parts[:-1]),
        ),
        *tail,
    )


def _fades(findings: Findings) -> str:
    """What is said of the links from ties to risk: that they pass on little, where they do."""
    ratios = [_ratio(findings, findings.focal, metric) for metric, _, _ in _STAGES]
    if any(r is None for r in ratios):
        return ""
    size = [abs(math.log(r.mean or 1.0)) for r in ratios if r is not None]
    if max(size[_RISK:]) < 0.5 * min(size[:_RISK]):
        return "; of that change only a small part reaches provocations, crises and war"
    return ""


def _figure(findings: Findings) -> Figure:
    ties = _rows(findings, _STAGES[:_RISK], 1.0)
    risk = _rows(findings, _STAGES[_RISK:], 100.0)
    names = {"focal": "blue", "isolation": "vermilion"}
    key = ", ".join(f"{names[role]}: {in_sentence(p.short)}" for p, role in findings.judged)
    base = baseline_words(findings.baseline)
    chart = stapled(
        intervals(
            ties,
            f"Times {base}",
            title={"text": "Ties, as multiples", "subtitle": key},
            scale=_ratio_axis(ties),
            origin=1.0,
        ),
        intervals(
            risk,
            f"Change against {base}, per cent",
            title={"text": "Risk, in per cent of its level", "subtitle": key},
        ),
    )
    said = "; ".join(
        f"{in_sentence(str(r['series']))}, {in_sentence(str(r['row']))}: {r['label']}"
        for r in (*ties, *risk)
    )
    return Figure(
        "figure-mechanism",
        f"The chain from contacts to war against {base} (pooled): first the ties, then the risk. "
        "Bars are two standard errors of the paired difference.",
        f"Two dot charts, one below the other. {said}.",
        chart,
        _numbers(findings),
    )


def _rows(
    findings: Findings, stages: tuple[tuple[str, str, Kind], ...], per_cent: float
) -> list[dict[str, Any]]:
    """Ratios to the baseline, or with `per_cent` 100 their distance from one."""
    is_change = per_cent != 1.0
    rows = []
    for policy, role in findings.judged:
        for metric, stage, _ in stages:
            ratio = _ratio(findings, policy, metric)
            if ratio is None or ratio.mean is None:
                continue
            change = Measured(ratio.mean - 1.0, ratio.mcse)
            mean = per_cent * (change.mean or 0.0) if is_change else ratio.mean
            error = per_cent * (ratio.mcse or 0.0)
            if is_change:
                label = _percent(change) if is_measurable(change) else "none measurable"
            else:
                label = multiple(round(ratio.mean, 2))  # the error is in the picture
            rows.append(
                {
                    "row": stage,
                    "series": policy.short,
                    "role": role,
                    "mean": mean,
                    "low2": mean - 2 * error if is_change else max(mean - 2 * error, mean / 10),
                    "high2": mean + 2 * error,
                    "p05": None,
                    "p95": None,
                    "label": label,
                }
            )
    return rows


def _ratio_axis(rows: list[dict[str, Any]]) -> dict[str, Any]:
    ends = [v for r in rows for v in (r["low2"], r["high2"])] + [1.0]
    low, high = min(ends) / 1.1, max(ends) * 1.1
    ticks = [v for v in (0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20, 50) if low <= v <= high]
    return {
        "scale": {"type": "log", "domain": [low, high], "nice": False},
        "axis": {"values": ticks, "format": "~g"},
    }


def _numbers(findings: Findings) -> Table:
    everyone = [findings.baseline, *(p for p, _ in findings.judged)]
    return Table(
        "numbers-mechanism",
        "The same stages as levels",
        (Column(words("Stage"), 1.4), *(Column(words(p.short), 1, "right") for p in everyone)),
        tuple(
            Row(
                (
                    words(stage, f"outcome-{metric}"),
                    *(words(level(findings.level(p.id, metric), kind)) for p in everyone),
                )
            )
            for metric, stage, kind in _STAGES
        ),
        compact=True,
    )


def _relative(findings: Findings, metric: str) -> Measured | None:
    ratio = _ratio(findings, findings.focal, metric)
    return None if ratio is None or ratio.mean is None else Measured(ratio.mean - 1.0, ratio.mcse)


def _carries(findings: Findings) -> Text:
    """Whether fewer crises or safer crises carry the change in the chance of war."""
    war, crises = _relative(findings, "p_war"), _relative(findings, "crises")
    base = baseline_words(findings.baseline)
    if war is None or crises is None:
        return words("Without crises or wars under the baseline, nothing can be said of the chain.")
    head = say(
        f"What carries most: against {base}, crises change by {{}} and the chance of war by {{}}. ",
        Span(_percent(crises), "outcome-crises"),
        Span(_percent(war), "outcome-p_war"),
    )
    rest = Measured(
        (war.mean or 0.0) - (crises.mean or 0.0), math.hypot(war.mcse or 0.0, crises.mcse or 0.0)
    )
    if not is_measurable(war) and not is_measurable(crises):
        verdict = "Neither link moves measurably."
    elif not is_measurable(rest):
        verdict = (
            "The two cannot be told apart, so the change in risk is carried by how many crises "
            "there are; no measurable part comes from how crises end."
        )
    elif abs(war.mean or 0.0) > abs(crises.mean or 0.0):
        verdict = (
            "The rest comes from how crises end once they have begun, and from nuclear alarms."
        )
    else:
        verdict = (
            "War changes less than crises do: the crises that no longer happen are on the whole "
            "not the ones that led to war, or those that remain end worse."
        )
    return (*head, *words(verdict))


def _percent(relative: Measured) -> str:
    if not is_measurable(relative):
        return "no measurable amount"
    text = level(relative, "percent")
    return f"+{text}" if (relative.mean or 0.0) > 0 else text


def _without_ties(findings: Findings) -> Text:
    """What is left of the change where contact has no effect at all."""
    null = [w for w in findings.worlds if w.world.null_tie_effects]
    if not null:
        return words("No school of thought of this run takes all effects of contact away.")
    parts = [_left(w.difference(findings.focal.id, "p_war"), w.world.title) for w in null]
    return say(
        "Where contact is believed to have no effect at all, {}. What is left there comes from the "
        "other levers of the policy, such as offers and exercises; the rest of the pooled change "
        "is the effect of ties that the other schools assume.",
        Span(listed(parts), "outcome-p_war"),
    )


def _left(war: Measured, title: str) -> str:
    if not is_measurable(war):
        return f"in “{title}”, no change in the chance of war can be measured"
    return f"in “{title}”, the chance of war changes by {difference(war, 'points')}"
