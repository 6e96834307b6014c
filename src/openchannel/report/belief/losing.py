"""Where the policy loses, and which beliefs matter, in detail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openchannel.report.belief.cells import belief_name, columns, ends
from openchannel.report.belief.figures import (
    curve_figure,
)
from openchannel.report.belief.view import View
from openchannel.report.belief.words import about, percent, value_text
from openchannel.report.model import (
    Block,
    Paragraph,
    Row,
    Section,
    Span,
    Table,
    Text,
    words,
)
from openchannel.report.numbers import level, measured
from openchannel.report.wording import in_sentence

__all__ = ["matters_section", "where_section"]

_DASH = "\N{EN DASH}"


def where_section(view: View) -> Section:
    """Boxes of losing beliefs with their limits, and a short tree."""
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
                        belief_name(view, t["name"]),
                        words(ends(t)),
                        words("<0.001" if t["quasi_p"] < 0.001 else value_text(t["quasi_p"])),
                        words(percent(t["found"])),
                        words(firm),
                    )
                )
            )
    return Table(
        "table-limits",
        "Limits of the boxes, and whether they would be found again",
        columns(
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
        columns(
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
            Span(f" {ends(t)}"),
        )
    return text or words("all beliefs")


def matters_section(view: View) -> Section:
    """Measures of sensitivity side by side, and the screening."""
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
    rows = [
        Row((belief_name(view, n), *(words(_share(held.get(n))) for held in by_kind)))
        for n in names
    ]
    table = Table(
        "table-matters",
        "Which beliefs matter, by measure, in per cent",
        columns(("Belief", 2.2, "left"), *((t, 1.0, "right") for t, _ in kinds)),
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
                belief_name(view, s["name"]),
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
        columns(
            ("Belief", 2.2, "left"), ("Mean size of effects", 1.1, "right"),
            ("Luck alone would show", 1.0, "right"), ("Spread of effects", 1.0, "right"),
            ("First order, %", 1.0, "right"),
            ("Total, %", 1.0, "right"),
        ),
        tuple(rows),
        words(
            "In equivalent deaths, over the whole of each belief's law, all others anywhere; a "
            "spread as large as the mean says that the effect depends on other beliefs. Screening "
            f"says where to look, no more; {_standing(found['screening'])} "
            "The indices hold all beliefs but the largest at their defaults."
        ),
        compact=True,
    )  # fmt: skip


def _standing(screened: Sequence[Mapping[str, Any]]) -> str:
    told = sum(bool(s["told"]) for s in screened)
    return f"effects that stand out from luck: {told} of {len(screened)}."


def _enough(view: View) -> str:
    told = []
    for c in view.data["matters"]["convergence"].values():
        if c["enough"]:
            told.append(f"{c['draws']:,} draws are enough to tell the most important belief.")
        else:
            more = "no number" if c["more"] is None else f"about {about(c['more'])} more"
            told.append(f"{c['draws']:,} draws are not enough; {more} would do.")
    return "Enough runs? " + " ".join(told)
