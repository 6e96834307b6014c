"""What is told of a sketch: the answer with its error, what changed it, and what moved on the way.

Numbers keep the digits that their errors allow; nothing under two standard errors is claimed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from openchannel.analysis.changes import Change, changes
from openchannel.model.metrics import EXTRAS, METRICS, Metric
from openchannel.report.numbers import NO_DIFFERENCE, Kind, Measured, difference, level, span
from openchannel.report.wording import baseline_words, in_sentence
from openchannel.usecases.runs.answer import VERDICT_WORDS

if TYPE_CHECKING:
    from openchannel.analysis.changes import Side
    from openchannel.analysis.estimates import Estimate
    from openchannel.analysis.measured import Measured as Plain

__all__ = ["told_change", "told_sketch"]

_LOSS = "composite_loss"
_OUTCOMES = ("p_war", "p_nuclear_use", "fatalities", "programme_cost_usd")
#: From the first cause to the last effect: what may move between a belief and the loss.
_WAY = (
    "contacts_per_year",
    "thickness_channels",
    "reliability_24h",
    "provocations_per_year",
    "alliance_friction_index",
    "policy_survival",
    "agreement_years_real",
    "agreement_years_paper",
    "opportunity_capture",
    "arsenal_warheads",
    "crises",
    "share_crises_lethal",
    "p_war",
    "p_nuclear_use",
    "fatalities",
    "programme_cost_usd",
)
_WAR = "p_war"
_MOST_REASONS = 3
_BY_ID = {m.id: m for m in (*METRICS, *EXTRAS)}


def told_sketch(side: Side) -> dict[str, Any]:
    """The answer of one sketch, in values that JSON can hold."""
    found, policy = side.findings, side.findings.case.policy(side.policy)
    base = found.case.policy(found.plan.baseline)
    told: dict[str, Any] = {
        "futures": found.plan.futures,
        "policy": {"id": policy.id, "short": policy.short},
        "baseline": {"id": base.id, "short": base.short},
        "outcomes": [_outcome(side, m) for m in _OUTCOMES],
    }
    if side.at == found.base:
        words = f"{policy.short} is the baseline itself, so there is nothing to compare."
        return told | {"verdict": "", "sentence": words}
    wager = found.wager(found.pooled, found.weights, side.at, pooled=True)
    loss, _ = side.view.difference(_LOSS, side.at, found.base)
    word = VERDICT_WORDS[wager["verdict"]]
    return told | {
        "verdict": wager["verdict"],
        "sentence": f"{policy.short} against {baseline_words(base)}: {word}, {_loss_words(loss)}.",
        "loss": {k: _number(getattr(loss, k)) for k in ("mean", "mcse", "p05", "p95")},
        "loss_words": difference(Measured(loss.mean, loss.mcse), "count", "equivalent deaths"),
        "spread_words": _spread_words(loss),
        "mean_gain": wager["mean_gain"],
        "mean_gain_mcse": wager["mean_gain_mcse"],
    }


def told_change(before: Side, now: Side, moved: Sequence[str]) -> dict[str, Any]:
    """What the way from one sketch to another did: in sentences, and as a table of the way.

    `moved` says in words what was changed.
    """
    found = changes(before, now, (_LOSS, *_WAY))
    loss, way = found[0], found[1:]
    return {
        "moved": list(moved),
        "sentences": _change_sentences(before, now, loss, way),
        "loss": {"mean": _number(loss.gap.mean), "mcse": _number(loss.gap.mcse)},
        "way": [
            {
                "title": _BY_ID[c.metric].title,
                "unit": "" if _kind(c.metric)[0] != "count" else _BY_ID[c.metric].unit,
                "policy": _moved(c.policy, c.metric, ""),
                "baseline": _moved(c.baseline, c.metric, ""),
            }
            for c in way
            if c.policy.is_measurable or c.baseline.is_measurable
        ],
    }


def _outcome(side: Side, metric: str) -> dict[str, str]:
    kind, unit = _kind(metric)
    base = side.findings.base
    ours, usual = (side.view.estimate(metric, x) for x in (side.at, base))
    row = {
        "title": _BY_ID[metric].title,
        "policy": level(Measured(ours.mean, ours.mcse), kind, unit),
        "baseline": level(Measured(usual.mean, usual.mcse), kind, unit),
        "difference": "",
    }
    if side.at != base:
        gap, _ = side.view.difference(metric, side.at, base)
        size = "points" if kind == "percent" else kind
        row["difference"] = difference(_as(gap), size, unit)
    return row


def _change_sentences(before: Side, now: Side, loss: Change, way: Sequence[Change]) -> list[str]:
    """Whether the answer moved, by how much, and what carried it."""
    case = now.findings.case
    policy = baseline_words(case.policy(now.policy))
    base = baseline_words(case.policy(now.findings.plan.baseline))
    if not loss.gap.is_measurable:
        seen = f"in {now.findings.plan.futures:,} futures"
        if loss.gap.mcse:
            size = level(_as(loss.gap), "count", "equivalent deaths")
            seen += f": it is {size}, too little to tell"
        head = f"No change of the answer can be measured {seen}."
        return [head, *_reasons(way, policy, base)]
    turn = "raises" if loss.gap.mean > 0 else "lowers"
    worse = "against it" if loss.gap.mean > 0 else "in its favour"
    size = difference(_as(loss.gap), "count", "equivalent deaths", sign=False)
    head = f"It {turn} the loss under {policy}, compared with {base}, by {size}: {worse}."
    return [head, *_verdicts(before, now), *_reasons(way, policy, base)]


def _verdicts(before: Side, now: Side) -> list[str]:
    """How the verdict turned, where both sides have one and they differ."""
    words = []
    for side in (before, now):
        found = side.findings
        if side.at == found.base:
            return []
        wager = found.wager(found.pooled, found.weights, side.at, pooled=True)
        words.append(VERDICT_WORDS[wager["verdict"]])
    return [] if words[0] == words[1] else [f"The verdict goes from “{words[0]}” to “{words[1]}”."]


def _reasons(way: Sequence[Change], policy: str, base: str) -> list[str]:
    """The clearest movements on the way, from cause to effect, under the policy and without it."""
    clear = [c for c in way if c.gap.is_measurable or c.policy.is_measurable]
    clear.sort(key=lambda c: -_clarity(c.gap if c.gap.is_measurable else c.policy))
    chosen = {c.metric for c in clear if c.metric == _WAR or c in clear[:_MOST_REASONS]}
    parts = [_reason(c) for c in way if c.metric in chosen]
    if not parts:
        return []
    return [f"On the way, under {policy} (and under {base}): {'; '.join(parts)}."]


def _reason(change: Change) -> str:
    name = in_sentence(_BY_ID[change.metric].title)
    unit = _kind(change.metric)[1].removeprefix(name).strip()
    ours, usual = (_moved(m, change.metric, unit) for m in (change.policy, change.baseline))
    return f"{name} {ours} ({usual})"


def _clarity(found: Plain) -> float:
    return abs(found.mean) / found.mcse if found.mcse else 0.0


def _moved(found: Plain, metric: str, unit: str) -> str:
    """How a level moved, with its error."""
    kind, _ = _kind(metric)
    words = difference(_as(found), "points" if kind == "percent" else kind, unit)
    return "no measurable change" if words == NO_DIFFERENCE else words


def _as(found: Plain | Estimate) -> Measured:
    return Measured(found.mean, found.mcse)


def _kind(metric: str) -> tuple[Kind, str]:
    known: Metric = _BY_ID[metric]
    if known.unit in ("probability", "share"):
        return "percent", ""
    if known.unit == "US dollars":
        return "usd", ""
    return "count", "" if known.unit == "persons" else known.unit


def _loss_words(loss: Estimate) -> str:
    if loss.mean == 0.0 and loss.mcse == 0.0:
        return "not one future differs"
    size = difference(_as(loss), "count", "equivalent deaths", sign=False)
    if abs(loss.mean) < 2.0 * loss.mcse:
        error = level(Measured(loss.mean, loss.mcse), "count", "equivalent deaths")
        return f"the loss differs by {error}, which is too little to tell"
    return f"the loss is {'lower' if loss.mean < 0 else 'higher'} by {size}"


def _spread_words(loss: Estimate) -> str:
    if not math.isfinite(loss.p05) or not loss.p95 > loss.p05:
        return ""
    ends = span(Measured(loss.mean, loss.mcse, loss.p05, loss.p50, loss.p95), "count")
    return f"{ends} equivalent deaths over nine tenths of the beliefs"


def _number(x: float | None) -> float | None:
    return None if x is None or not math.isfinite(x) else float(x)
