"""All that `believe` found, on a page of its own: the chapter, its details, and the trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from openchannel.report.belief.chapter import believe_section
from openchannel.report.belief.figures import (
    curve_figure,
    pair_figures,
    strips_figure,
    tornado_figure,
    values_figure,
)
from openchannel.report.belief.view import BeliefReading, Reading, View, measured
from openchannel.report.belief.words import about, percent, signed, value_text
from openchannel.report.findings import Findings
from openchannel.report.model import (
    Block,
    Brief,
    Column,
    Paragraph,
    Row,
    Section,
    Span,
    Table,
    Text,
    words,
)
from openchannel.report.numbers import difference, is_measurable, level
from openchannel.report.sections.making import WARNING, limits_section, making_section
from openchannel.report.sections.trail import outcome_marks, parameter_marks, trail_sections
from openchannel.report.wording import count_words, in_sentence

__all__ = ["compose_believe"]

_LOSS = "outcome-composite_loss"
_THOUSAND, _POINTS = 1000.0, 100.0
_DASH = "\N{EN DASH}"


def compose_believe(findings: Findings, data: Mapping[str, Any]) -> Brief:
    """The page as a value, in the same shapes as the brief."""
    view = View(findings, data)
    chapter = replace(believe_section(findings, data), anchor="section-answer")
    body = [
        chapter,
        _thresholds(view),
        _pairs(view),
        _where(view),
        _matters(view),
        _information(view),
        _choice(view),
        _values(view),
        limits_section(findings),
        making_section(findings),
    ]
    numbered = tuple(replace(s, number=str(i)) for i, s in enumerate(body, 1) if s.blocks)
    lettered = tuple(
        replace(s, number="ABCDEFGH"[i])
        for i, s in enumerate((_every_belief(view), *trail_sections(findings)))
    )
    sections = (*numbered, *lettered)
    marks = {s.anchor: f"§{s.number}" for s in sections}
    name = in_sentence(view.policy.short)
    return Brief(
        title=f"What you would have to believe about {name}",
        question=findings.case.question,
        lines=(
            f"openchannel {findings.manifest.get('openchannel')}, {findings.case.title}",
            f"run with seed {data['run']['seed']}, beliefs with seed {data['seed']}",
        ),
        warning=WARNING,
        sections=sections,
        marks=marks | outcome_marks() | parameter_marks(findings.case),
    )


def _columns(*titles: tuple[str, float, str]) -> tuple[Column, ...]:
    return tuple(
        Column(words(t), share, "right" if side == "right" else "left") for t, share, side in titles
    )


def _name(view: View, quantity: str) -> Text:
    return (Span(view.label(quantity), view.trail(quantity)),)


# --- thresholds ---------------------------------------------------------------------------------


def _thresholds(view: View) -> Section:
    blocks: list[Block] = [
        strips_figure(view, 24, "figure-all-beliefs"),
        tornado_figure(view),
        Paragraph(words(_cost_words(view))),
    ]
    return Section("section-thresholds", "", "Thresholds, one belief at a time", tuple(blocks))


def _every_belief(view: View) -> Section:
    tables = tuple(_threshold_table(view, rival) for rival in view.rivals)
    return Section("trail-beliefs", "", "Every belief moved alone", tables, is_appendix=True)


def _threshold_table(view: View, rival: str) -> Table:
    rows = [
        Row(
            (
                _name(view, b.name),
                words(_range(b)),
                words(_threshold(b.reading("central", rival))),
                words(_threshold(b.reading("drawn", rival))),
                *(words(_end(b.reading("central", rival), i), _LOSS) for i in (0, -1)),
            )
        )
        for b in (*view.factors, *view.beliefs)
    ]
    return Table(
        f"table-thresholds-{rival}",
        f"Thresholds of {in_sentence(view.policy.short)} against {view.named(rival)}",
        _columns(
            ("Belief", 2.6, "left"), ("Range (default)", 1.3, "left"),
            ("Worse, others at defaults", 1.3, "left"), ("Worse, others drawn", 1.3, "left"),
            ("Gain at low end", 1.0, "right"), ("Gain at high end", 1.0, "right"),
        ),
        tuple(rows),
        words(
            "“Nowhere”: no threshold within the range, the gain is measurably above nought at "
            "every place run. “Not told”: within two errors of nought at some place. A dash: not "
            "run. In brackets: the share of the way from the default to the end of the range."
        ),
        compact=True,
    )  # fmt: skip


def _range(belief: BeliefReading) -> str:
    low, high, default = (value_text(belief.data[k]) for k in ("low", "high", "default"))
    return f"{low} to {high} ({default})"


def _threshold(reading: Reading | None) -> str:
    if reading is None:
        return _DASH
    if reading.status == "crosses":
        side = "below" if reading.better_above else "above"
        place = reading.place
        way = level(replace(place, mean=abs(place.mean or 0.0)), "percent")
        return f"{side} {level(reading.threshold, 'plain')} ({way})"
    if reading.status == "not_told":
        return "not told"
    return "everywhere" if (reading.end(0).mean or 0.0) < 0 else "nowhere"


def _end(reading: Reading | None, which: int) -> str:
    if reading is None:
        return _DASH
    gain = reading.end(which)
    return difference(gain, "count") if is_measurable(gain) else "≈ 0"


def _cost_words(view: View) -> str:
    cost = view.data["thresholds"]["cost"]
    spare, paid = measured(cost["breakeven_usd"]), cost["cost_usd"]
    times = (spare.mean or 0.0) / paid if paid else 0.0
    tail = f", about {about(times)} times what it costs" if times > 0 else ""
    return (
        f"In cost: the programme could cost {level(spare, 'usd')} more than "
        f"{view.named(view.rivals[0])} before the expected gain in lives is used up at the value "
        f"of a statistical life assumed{tail}."
    )


def _pairs(view: View) -> Section:
    blocks = tuple(pair_figures(view))
    return Section("section-pairs", "", "Two beliefs together", blocks)


# --- where it loses, what matters -----------------------------------------------------------------


def _where(view: View) -> Section:
    found = view.data["where"]
    blocks: list[Block] = [curve_figure(view, i) for i in range(1, len(found["boxes"]))]
    if found["boxes"]:
        blocks.append(_limits_table(view))
    blocks.append(_tree_table(view))
    return Section("section-where", "", "Where it loses, in detail", tuple(blocks))


def _limits_table(view: View) -> Table:
    rows = []
    for n, box in enumerate(view.data["where"]["boxes"], 1):
        for t in box["limits"]:
            span = [value_text(t[k]) for k in ("low10", "high90")]
            firm = f"{span[0]} to {span[1]}" if span[0] else "not found again"
            rows.append(
                Row(
                    (
                        words(str(n)),
                        _name(view, t["name"]),
                        words(_ends(t)),
                        words("<0.001" if t["quasi_p"] < 0.001 else value_text(t["quasi_p"])),
                        words(percent(t["found"])),
                        words(firm),
                    )
                )
            )
    return Table(
        "table-limits",
        "Limits of the boxes, and whether they would be found again",
        _columns(
            ("Box", 0.4, "left"), ("Belief", 2.0, "left"), ("Limit", 1.2, "left"),
            ("Quasi-p", 0.7, "right"), ("Found again in halves", 1.0, "right"),
            ("10 to 90 % of those limits", 1.3, "right"),
        ),
        tuple(rows),
        words(
            "Quasi-p: the chance that the box without this limit would hold as many losing beliefs "
            "by accident."
        ),
        compact=True,
    )  # fmt: skip


def _ends(term: Mapping[str, Any]) -> str:
    if term["low"] is None:
        return f"below {value_text(term['high'])}"
    if term["high"] is None:
        return f"above {value_text(term['low'])}"
    return f"{value_text(term['low'])} to {value_text(term['high'])}"


def _tree_table(view: View) -> Table:
    tree = view.data["where"]["tree"]
    rows = [
        Row(
            (
                _terms(view, leaf["limits"]),
                words(percent(leaf["mass"])),
                words(percent(leaf["coverage"])),
                words(percent(leaf["density"])),
            )
        )
        for leaf in tree["leaves"]
    ]
    explained = tree["explained"] or 0.0
    note = (
        "On draws that it has not seen the tree explains "
        f"{percent(max(explained, 0.0))} of the variance of losing."
        if explained > 0
        else "On draws that it has not seen the tree is of no use."
    )
    return Table(
        "table-tree",
        "A short tree: beliefs split by at most three questions",
        _columns(
            ("Where", 3.2, "left"), ("Of all beliefs", 0.8, "right"),
            ("Of the losing", 0.8, "right"), ("Lose there", 0.8, "right"),
        ),
        tuple(rows),
        words(note),
        compact=True,
    )  # fmt: skip


def _terms(view: View, terms: Sequence[Mapping[str, Any]]) -> Text:
    text: Text = ()
    for i, t in enumerate(terms):
        name = view.label(t["name"])
        text = (
            *text,
            *(words("; ") if i else ()),
            Span(in_sentence(name) if i else name, view.trail(t["name"])),
            Span(f" {_ends(t)}"),
        )
    return text or words("all beliefs")


def _matters(view: View) -> Section:
    found = view.data["matters"]
    kinds = (
        ("Sign of the difference", found["sign"]["ranked"]),
        ("Which policy is best", found["best"]["ranked"]),
        ("Size of the difference", found["size"]["ranked"]),
        ("Distribution (PAWN)", found["pawn"]["ranked"]),
        ("Where it loses (regional)", found["regional"]),
        ("Size, given that it loses", found["if_worse"]["ranked"]),
    )
    names = list(dict.fromkeys(i["name"] for _, ranked in kinds for i in ranked[:8]))
    by_kind = [{i["name"]: i for i in ranked} for _, ranked in kinds]
    rows = [Row((_name(view, n), *(words(_share(held.get(n))) for held in by_kind))) for n in names]
    table = Table(
        "table-matters",
        "Which beliefs matter, by measure, in per cent",
        _columns(("Belief", 2.2, "left"), *((t, 1.0, "right") for t, _ in kinds)),
        tuple(rows),
        words(
            "First-order shares of variance, and distances between distributions less what a "
            "belief without influence would show. A dash: not told from nought, so not ranked; "
            f"of {len(view.data['quantities'])} beliefs about "
            f"{value_text(found['sign']['by_chance'])} would be told by chance alone."
        ),
        compact=True,
    )
    return Section(
        "section-matters",
        "",
        "What matters, by measure",
        (table, _screened(view), Paragraph(words(_enough(view)))),
    )


def _share(index: Mapping[str, Any] | None) -> str:
    return _DASH if index is None else level(measured(index).times(100.0), "plain")


def _screened(view: View) -> Table:
    found = view.data["matters"]
    first = {i["name"]: i for i in found["designed"]["first"]}
    total = {i["name"]: i for i in found["designed"]["total"]}
    rows = [
        Row(
            (
                _name(view, s["name"]),
                words(level(measured(s), "count")),
                words(about(s["from_luck"])),
                words(about(s["spread"])),
                words(_share(first.get(s["name"])) if s["name"] in first else "not run"),
                words(_share(total.get(s["name"])) if s["name"] in total else "not run"),
            )
        )
        for s in found["screening"][:15]
    ]
    return Table(
        "table-screening",
        "Runs made for sensitivity: screening of all beliefs (Morris), and indices of the largest "
        "(Sobol)",
        _columns(
            ("Belief", 2.2, "left"), ("Mean size of effects", 1.1, "right"),
            ("Luck alone would show", 1.0, "right"), ("Spread of effects", 1.0, "right"),
            ("First order, %", 1.0, "right"),
            ("Total, %", 1.0, "right"),
        ),
        tuple(rows),
        words(
            "In equivalent deaths, over the whole of each belief's law, all others anywhere; a "
            "spread as large as the mean says that the effect depends on other beliefs. Screening "
            f"says where to look, no more: {_standing(found['screening'])} of the effects stand "
            "out from luck. The indices hold all beliefs but the largest at their defaults."
        ),
        compact=True,
    )  # fmt: skip


def _standing(screened: Sequence[Mapping[str, Any]]) -> str:
    return count_words(sum(bool(s["told"]) for s in screened))


def _enough(view: View) -> str:
    told = []
    for c in view.data["matters"]["convergence"].values():
        if c["enough"]:
            told.append(f"{c['draws']:,} draws are enough to tell the most important belief.")
        else:
            more = "no number" if c["more"] is None else f"about {about(c['more'])} more"
            told.append(f"{c['draws']:,} draws are not enough; {more} would do.")
    return "Enough runs? " + " ".join(told)


# --- what to find out, what to choose -------------------------------------------------------------


def _information(view: View) -> Section:
    found = view.data["information"]
    beliefs = [("Belief", i) for i in found["beliefs"]["ranked"]]
    modules = [("Group", i) for i in found["modules"]["ranked"]]
    rows = [
        Row((words(kind), _name(view, i["name"]), words(level(measured(i), "count"), _LOSS)))
        for kind, i in (*beliefs, *modules)
    ]
    knowing = Table(
        "table-knowing",
        "What knowing exactly would be worth, in equivalent deaths",
        _columns(("Kind", 0.6, "left"), ("What is known", 2.4, "left"), ("Worth", 1.0, "right")),
        tuple(rows),
        words(
            "Schools of thought are mixed by their weights. Where a school holds a belief at one "
            "number, knowing that belief also says which school is right, and that is in the "
            f"worth. Not told from nought: {len(found['beliefs']['not_told'])} beliefs and "
            f"{len(found['modules']['not_told'])} groups."
        ),
        compact=True,
    )
    return Section(
        "section-information",
        "",
        "What to find out, in detail",
        (knowing, _questions(view), _control(view)),
    )


def _questions(view: View) -> Table:
    rows = [
        Row(
            (
                words(q["title"]),
                words(difference(measured(q), "count"), _LOSS),
                words(_wanted(q["convergence"])),
                words(q["reasoning"]),
            )
        )
        for q in view.data["information"]["questions"]
    ]
    return Table(
        "table-questions",
        "Every question asked",
        _columns(
            ("Question", 1.8, "left"), ("Worth", 1.0, "right"), ("Enough draws?", 0.8, "left"),
            ("How well it can be answered (judged)", 2.4, "left"),
        ),
        tuple(rows),
        compact=True,
    )  # fmt: skip


def _wanted(found: Mapping[str, Any]) -> str:
    if found["enough"]:
        return "yes"
    return "no" if found["more"] is None else f"no; about {about(found['more'])} more"


def _control(view: View) -> Table:
    rows = [
        Row(
            (
                _name(view, c["name"]),
                words(value_text(c["setting"])),
                words(view.short(c["policy"])),
                words(level(measured(c), "count"), _LOSS),
            )
        )
        for c in view.data["information"]["control"][:12]
    ]
    return Table(
        "table-control",
        "What being able to set a belief would be worth",
        _columns(
            ("Belief", 2.2, "left"), ("Best setting", 0.9, "right"), ("Policy then", 1.2, "left"),
            ("Worth", 1.0, "right"),
        ),
        tuple(rows),
        words("Control is not knowledge: it says where influence, if there were any, would pay."),
        compact=True,
    )  # fmt: skip


def _choice(view: View) -> Section:
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
        _columns(
            ("Policy", 1.6, "left"), *((c["title"], 1.0, "right") for c in robust["criteria"])
        ),
        tuple(rows),
        words(
            "Thousand equivalent deaths, but for the share that keeps every ceiling (points). "
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
    text = difference(versus.times(factor), "plain") if is_measurable(versus) else "≈ 0"
    return f"{text} ({score['rank']})"


def _held_out(view: View, scores: Mapping[str, Any]) -> str:
    chosen = scores["expected"]["held_out"]
    names = " and ".join(dict.fromkeys(view.short(p) for p in chosen["chosen"]))
    versus = difference(measured(chosen["versus_baseline"]), "count")
    return f"{names}, {versus} in expected loss"


def _values(view: View) -> Section:
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
        _columns(("Set", 1.0, "left"), ("Weights", 2.0, "left"), ("Why", 2.6, "left")),
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
        _columns(
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
