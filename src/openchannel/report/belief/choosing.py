"""Ways to choose under uncertainty, and what stakeholders want."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openchannel.report.belief.cells import columns
from openchannel.report.belief.figures import (
    values_figure,
)
from openchannel.report.belief.view import View
from openchannel.report.belief.words import percent, signed
from openchannel.report.model import (
    Paragraph,
    Row,
    Section,
    Table,
    words,
)
from openchannel.report.numbers import difference, is_measurable, measured
from openchannel.report.wording import in_sentence

__all__ = ["choice_section", "values_section"]

_THOUSAND, _POINTS = 1000.0, 100.0
_LEAST = 0.005  # what the digits of a cell can show


def choice_section(view: View) -> Section:
    """Policies by criterion, pooled and in each school of thought."""
    robust = view.data["robust"]
    titles = {w.world.id: w.world.title for w in view.findings.worlds}
    tables = [
        _matrix(view, name, "Pooled" if name == "pooled" else titles[name])
        for name in robust["views"]
    ]
    meanings = "; ".join(f"{c['title']}: {c['meaning']}" for c in robust["criteria"])
    return Section(
        "section-choice",
        "",
        "Policies by criteria",
        (Paragraph(words(f"{meanings}."), "note"), *tables),
    )


def _matrix(view: View, name: str, title: str) -> Table:
    robust = view.data["robust"]
    scores = robust["views"][name]["scores"]
    rows = []
    for p in robust["policies"]:
        cells = [words(view.short(p))]
        for c in robust["criteria"]:
            s = scores[c["id"]]["policies"][p]
            cells.append(words(_cell(c["id"], s, p == view.data["baseline"])))
        rows.append(Row(tuple(cells), strong=p == view.policy.id))
    concordance = robust["views"][name]["concordance"]
    return Table(
        f"table-choice-{name}",
        f"{title}: each criterion less that of {view.named(view.data['baseline'])}, with its rank",
        columns(("Policy", 1.5, "left"), *((c["title"], 1.0, "right") for c in robust["criteria"])),
        tuple(rows),
        words(
            "Thousand equivalent deaths, but for the share that keeps every ceiling (points); ≈ 0: "
            "not measurable, or under 0.005. "
            f"Agreement of the ranks over criteria (Kendall's W, 1 is full): {concordance:.2f}. "
            f"Best on one half of the draws, valued on the other: {_held_out(view, scores)}."
        ),
        compact=True,
    )


def _cell(criterion: str, score: Mapping[str, Any], is_base: bool) -> str:
    if is_base:
        return f"0 ({score['rank']})"
    versus = measured(score["versus_baseline"])
    factor = _POINTS if criterion == "satisficing" else 1.0 / _THOUSAND
    is_told = is_measurable(versus) and abs((versus.mean or 0.0) * factor) >= _LEAST
    text = difference(versus.times(factor), "plain") if is_told else "≈ 0"
    return f"{text} ({score['rank']})"


def _held_out(view: View, scores: Mapping[str, Any]) -> str:
    chosen = scores["expected"]["held_out"]
    names = " and ".join(dict.fromkeys(view.short(p) for p in chosen["chosen"]))
    versus = difference(measured(chosen["versus_baseline"]), "count")
    return f"{names}, {versus} in expected loss"


def values_section(view: View) -> Section:
    """Policies by what stakeholders want."""
    rows = [
        Row(
            (
                words(s["title"]),
                words(", ".join(f"{in_sentence(_metric(view, m))} {percent(w)}"
                                for m, w in s["weights"].items())),
                words(s["reasoning"]),
            )
        )
        for s in view.data["values"]["sets"]
    ]  # fmt: skip
    weights = Table(
        "table-weights",
        "Value sets: weights and reasons (all judged)",
        columns(("Set", 1.0, "left"), ("Weights", 2.0, "left"), ("Why", 2.6, "left")),
        tuple(rows),
        compact=True,
    )
    return Section(
        "section-values",
        "",
        "Where stakeholders agree",
        (values_figure(view), _by_world(view), weights),
    )


def _metric(view: View, metric: str) -> str:
    return view.findings.title_of(metric)


def _by_world(view: View) -> Table:
    views = view.data["values"]["views"]
    titles = {w.world.id: w.world.title for w in view.findings.worlds}
    rows = []
    for one in view.data["values"]["sets"]:
        cells = [words(one["title"])]
        for found in views.values():
            judged = found["sets"][one["id"]]
            best = judged["best"]
            score = signed(measured(judged["policies"][view.policy.id]))
            firm = percent(judged["policies"][best]["first"])
            cells.append(words(f"{view.short(best)} ({firm}); {score}"))
        rows.append(Row(tuple(cells)))
    return Table(
        "table-values-by-world",
        "Preferred policy by value set and school of thought",
        columns(
            ("Values", 1.2, "left"),
            *(("Pooled" if n == "pooled" else titles[n], 1.2, "left") for n in views),
        ),
        tuple(rows),
        words(
            "In brackets: share of resamples in which it is first; after the semicolon: score of "
            f"{in_sentence(view.policy.short)}."
        ),
        compact=True,
    )
