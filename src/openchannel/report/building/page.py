"""The page of a design, and the chapter of the brief: how to build it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openchannel.domain import Case
from openchannel.report.building import tables
from openchannel.report.building import words as said
from openchannel.report.building.view import View
from openchannel.report.model import Block, Brief, Paragraph, Section, words
from openchannel.report.pages.layout import page_of

__all__ = ["building_section", "design_page"]


def design_page(case: Case, data: Mapping[str, Any]) -> Brief:
    """The answer, the front, the comparison with the case's policies, the next dollar."""
    view = View(case, data)
    sections = [
        _section("build", "What to build", *_answer(view), tables.levers_table(view)),
        _section(
            "front",
            "What there is to choose from",
            tables.front_table(view),
            tables.front_figure(view),
            _plain(said.robust_words(view)),
        ),
        _section(
            "equal",
            "Against the policies of the case",
            _plain(said.equal_words(view)),
            tables.equal_table(view),
        ),
        _section("rollout", "In what order", *_rollout(view)),
        _section(
            "next",
            "What the next dollar would bring",
            _plain(said.next_words(view)),
            tables.next_table(view),
            Paragraph(words(said.price_words(view)), "note"),
            Paragraph(words(said.method_words(view)), "note"),
        ),
    ]
    lines = (f"seed {data['seed']}", f"{data['sizes']['test']:,} futures in the final test")
    return page_of("How to build it", case, lines, sections)


def building_section(case: Case, data: Mapping[str, Any]) -> Section:
    """The chapter of the brief."""
    view = View(case, data)
    pointer = (
        "All portfolios, the comparison with the policies of the case policy by policy, and the "
        "value of the next dollar stand on the page design.html and in design.json. "
    )
    return _section(
        "building",
        "How to build it",
        *_answer(view),
        tables.front_figure(view),
        _plain(said.equal_words(view)),
        _plain(said.robust_words(view)),
        *_rollout(view),
        _plain(said.next_words(view)),
        Paragraph(words(pointer + said.method_words(view)), "note"),
    )


def _answer(view: View) -> list[Block]:
    return [
        Paragraph(words(said.answer_words(view)), "answer"),
        _plain(said.effect_words(view)),
        _plain(said.knee_words(view)),
        _plain(said.lowest_words(view)),
    ]


def _rollout(view: View) -> list[Block]:
    blocks: list[Block] = [_plain(said.rollout_words(view))]
    begins = any(r["steps"] for r in view.data["rollouts"].values())
    return [*blocks, tables.calendar_table(view)] if begins else blocks


def _plain(text: str) -> Paragraph:
    return Paragraph(words(text))


def _section(name: str, title: str, *blocks: Block) -> Section:
    return Section(f"section-{name}", "", title, blocks)
