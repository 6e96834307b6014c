"""The chapter of the brief: what one would have to believe, on about two pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openchannel.report.belief.figures import curve_figure, strips_figure
from openchannel.report.belief.view import View
from openchannel.report.belief.words import (
    again_words,
    agreement_words,
    also_drawn,
    box_words,
    choice_words,
    information_words,
    matters_words,
    nothing_told,
    percent,
    signed,
    threshold_words,
    thresholds_answer,
)
from openchannel.report.findings import Findings
from openchannel.report.model import (
    Block,
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
from openchannel.report.numbers import level, measured
from openchannel.report.wording import in_sentence

__all__ = [
    "believe_section",
    "sentences",
]

_LIKELY = 0.5  # a first place that is less likely than not is not named
_SHOWN = 9  # beliefs in the picture of the brief; the page has more


def believe_section(findings: Findings, data: Mapping[str, Any]) -> Section:
    """Thresholds, where it loses, what matters, what to find out, what to choose."""
    view = View(findings, data)
    blocks: list[Block] = [
        Paragraph(thresholds_answer(view)),
        *_thresholds(view),
        strips_figure(view, _SHOWN),
        *_where(view),
        Paragraph(matters_words(view)),
        *_information(view),
        Paragraph(choice_words(view)),
        _choice_table(view),
        Paragraph(agreement_words(view)),
        values_table(view),
        Paragraph(words(_pointer(data)), "note"),
    ]
    return Section("section-believe", "", "What you would have to believe", tuple(blocks))


def sentences(findings: Findings, data: Mapping[str, Any]) -> list[str]:
    """The answer without pictures and tables, a paragraph an item."""
    view = View(findings, data)
    told: list[Text] = [thresholds_answer(view)]
    for block in (*_thresholds(view), *_where(view)):
        if isinstance(block, Paragraph):
            told.append(block.text)
        elif isinstance(block, Bullets):
            told += block.items
    told += [matters_words(view), information_words(view), choice_words(view)]
    told.append(agreement_words(view))
    return ["".join(s.text for s in text) for text in told]


def _thresholds(view: View) -> list[Block]:
    """Each threshold as a sentence, against the baseline and against isolation."""
    said: dict[tuple[str, str], Text] = {}
    for rival in view.rivals:
        for belief, reading in view.crossing("central", rival):
            said[belief.name, rival] = threshold_words(view, belief, reading, rival)
        for belief, reading in view.crossing("drawn", rival):
            before = said.get((belief.name, rival))
            said[belief.name, rival] = (
                threshold_words(view, belief, reading, rival, drawn=True)
                if before is None
                else (*before, *also_drawn(reading))
            )
    return [Bullets(tuple(said.values()))] if said else []


def _where(view: View) -> list[Block]:
    """Boxes as sentences, and the curve that the first was chosen from."""
    found = view.data["where"]
    school = view.case.world(found["school"]).title
    head = say(
        f"Where it loses. Under {{}} of the beliefs drawn in “{school}” "
        f"{in_sentence(view.policy.short)} does worse than {view.named(view.rivals[0])}, luck "
        "taken out.",
        Span(percent(found["share"]), "section-made"),
    )
    if not found["boxes"]:
        tail = " No limit on any belief tells them from the others better than chance would."
        return [Paragraph((*head, Span(tail)))]
    sentences = tuple((*box_words(view, b), *again_words(b)) for b in found["boxes"])
    return [Paragraph(head), Bullets(sentences), curve_figure(view)]


def _information(view: View) -> list[Block]:
    blocks: list[Block] = [Paragraph(information_words(view))]
    if any(q["told"] for q in view.data["information"]["questions"]):
        blocks.append(_collection_table(view))
    note = nothing_told(view)
    return [*blocks, *([Paragraph(words(note), "note")] if note else [])]


def _collection_table(view: View) -> Table:
    """Questions worth asking, by what the answer would save."""
    found = view.data["information"]
    rows = [
        Row(
            (
                words(f"{i}. {q['title']}"),
                tuple(s for n, name in enumerate(q["of"]) for s in (
                    *((Span(", "),) if n else ()),
                    Span(in_sentence(view.label(name)), view.trail(name)),
                )),
                words(level(measured(q), "count"), "outcome-composite_loss"),
                words(_money(q, found["usd_per_unit"])),
            )
        )
        for i, q in enumerate((q for q in found["questions"] if q["told"]), 1)
    ]  # fmt: skip
    return Table(
        "table-collection",
        "What to find out, by what the answer would be worth before choosing",
        (
            Column(words("Question"), 2.4),
            Column(words("Would inform"), 1.6),
            Column(words("Equivalent deaths saved"), 1.1, "right"),
            Column(words("In money"), 0.9, "right"),
        ),
        tuple(rows),
        words(
            "Worth: what choosing after the answer would save on average, chosen and valued on "
            "different draws; the cost of asking is not taken off. How well each question can be "
            "answered is judged."
        ),
        compact=True,
    )


def _money(question: Mapping[str, Any], per_unit: float | None) -> str:
    worth = measured(question)
    return level(worth.times(per_unit), "usd") if per_unit else ""


def _choice_table(view: View) -> Table:
    """Criteria by schools of thought: which policy is first, and how firmly."""
    robust = view.data["robust"]
    views = robust["views"]
    titles = {w.world.id: w.world.title for w in view.findings.worlds}
    shown = [name for name in views if name == "pooled" or name in titles]
    rows = []
    for criterion in robust["criteria"]:
        cells = [words(criterion["title"])]
        cells += [
            words(_first(view, views[name]["scores"][criterion["id"]]["policies"]))
            for name in shown
        ]
        own = views["pooled"]["scores"][criterion["id"]]["policies"][view.policy.id]["rank"]
        rows.append(Row((*cells, words(f"{own} of {len(robust['policies'])}"))))
    heads = ["Pooled" if n == "pooled" else titles[n] for n in shown]
    return Table(
        "table-choice",
        "First policy by criterion and school of thought",
        (
            Column(words("Criterion"), 1.3),
            *(Column(words(h), 1.2) for h in heads),
            Column(words(f"Rank of {in_sentence(view.policy.short)}, pooled"), 0.9, "right"),
        ),
        tuple(rows),
        words(
            "In brackets: share of resamples of the beliefs in which the policy is first; below "
            "nine tenths the first place is not firm, below half it is not named. Ceilings: war "
            "8 %, nuclear use 2 %, cost $400 million."
            if _usual_ceilings(robust["ceilings"])
            else "In brackets: share of resamples of the beliefs in which the policy is first."
        ),
        compact=True,
    )


def _usual_ceilings(ceilings: Mapping[str, float]) -> bool:
    return dict(ceilings) == {"p_war": 0.08, "p_nuclear_use": 0.02, "programme_cost_usd": 4e8}


def _first(view: View, policies: Mapping[str, Any]) -> str:
    name, best = min(policies.items(), key=lambda kv: kv[1]["rank"])
    if best["first"] < _LIKELY:
        return "none likely"
    return f"{view.short(name)} ({percent(best['first'])})"


def values_table(view: View) -> Table:
    """Value sets: the policy that each prefers, and its view of the policy asked about.

    A rival that the run did not play, as isolation where it was not ticked, has no column.
    """
    found = view.data["values"]["views"]["pooled"]["sets"]
    played = {p for judged in found.values() for p in judged["policies"]} - {view.data["baseline"]}
    asked = [p for p in (view.policy.id, *view.rivals) if p in played]
    rows = []
    for one in view.data["values"]["sets"]:
        judged = found[one["id"]]
        best = judged["best"]
        firm = percent(judged["policies"][best]["first"])
        rows.append(
            Row(
                (
                    words(one["title"]),
                    words(f"{view.short(best)} ({firm})"),
                    *(words(signed(measured(judged["policies"][p]))) for p in asked),
                )
            )
        )
    return Table(
        "table-values",
        "What people who want different things would choose",
        (
            Column(words("Values"), 1.4),
            Column(words("Would choose (firmness)"), 1.8),
            *(Column(words(view.short(p)), 1.0, "right") for p in asked),
        ),
        tuple(rows),
        words(
            f"Scores: {view.named(view.data['baseline'])} is 0, and 1 is the whole way from the "
            "worst to the best policy on everything that the set weighs. The weights are judged "
            "and stand on the page of beliefs."
        ),
        compact=True,
    )


def _pointer(data: Mapping[str, Any]) -> str:
    run = data["run"]
    return (
        "Every belief, pair, criterion and weight stands on the page believe.html, and in "
        f"believe.json. Thresholds are exact runs on common luck with up to "
        f"{data['sizes']['known']:,} futures a policy; the rest reuses the {run['n_draws']:,} "
        "belief draws of this run. No claim below two standard errors is made."
    )
