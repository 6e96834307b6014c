"""What would be worth finding out, or setting, in detail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openchannel.report.belief.cells import belief_name, columns
from openchannel.report.belief.view import View
from openchannel.report.belief.words import about, value_text
from openchannel.report.model import (
    Row,
    Section,
    Table,
    words,
)
from openchannel.report.numbers import difference, level, measured

__all__ = ["information_section"]

_LOSS = "outcome-composite_loss"


def information_section(view: View) -> Section:
    """Worth of knowing, of asking and of setting."""
    found = view.data["information"]
    beliefs = [("Belief", i) for i in found["beliefs"]["ranked"]]
    modules = [("Group", i) for i in found["modules"]["ranked"]]
    rows = [
        Row((words(kind), belief_name(view, i["name"]), words(level(measured(i), "count"), _LOSS)))
        for kind, i in (*beliefs, *modules)
    ]
    knowing = Table(
        "table-knowing",
        "What knowing exactly would be worth, in equivalent deaths",
        columns(("Kind", 0.6, "left"), ("What is known", 2.4, "left"), ("Worth", 1.0, "right")),
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
        columns(
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
                belief_name(view, c["name"]),
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
        columns(
            ("Belief", 2.2, "left"), ("Best setting", 0.9, "right"), ("Policy then", 1.2, "left"),
            ("Worth", 1.0, "right"),
        ),
        tuple(rows),
        words("Control is not knowledge: it says where influence, if there were any, would pay."),
        compact=True,
    )  # fmt: skip
