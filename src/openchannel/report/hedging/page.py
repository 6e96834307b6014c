"""The page of the hedge, and its chapters in the brief: what it is worth, and when to stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openchannel.domain import Case
from openchannel.report.hedging import tables
from openchannel.report.hedging import words as said
from openchannel.report.hedging.influence import influence_figure
from openchannel.report.hedging.tree import tree_figure
from openchannel.report.hedging.view import View
from openchannel.report.model import Block, Brief, Bullets, Paragraph, Section, words
from openchannel.report.pages.layout import page_of
from openchannel.report.sections.trail import bibliography

__all__ = ["hedge_page", "hedge_sections"]


def hedge_page(case: Case, data: Mapping[str, Any]) -> Brief:
    """What the rights of a case are worth, when to use them, and where the value comes from."""
    view = View(case, data)
    sections = [
        _section("worth", "What the hedge is worth", *_worth(view), *_branches(view)),
        _section("when", "When to scale up, pause and stop", *_when(view), *_how_found(view)),
        _section("reopening", "What closing and opening again costs", *_reopening(view)),
        _section("source", "Where the value comes from", *tables.sources(view), *_influence(view)),
        _section("capitals", "Whom contact could move, and whom not", *tables.capitals(view)),
        _section("game", "Game check: do clearer signals calm?", *tables.game(view)),
        _section("sources", "Sources", *_sources(view)),
    ]
    kept = [s for s in sections if s.blocks]
    return page_of("What the hedge is worth", case, (f"seed {data['seed']}",), kept)


def hedge_sections(case: Case, data: Mapping[str, Any]) -> tuple[Section, ...]:
    """The chapters of the brief."""
    view = View(case, data)
    pointer = (
        "Every branch by school of thought, the sources of the value and the game check stand on "
        "the page hedge.html and in hedge.json."
    )
    return (
        _section("hedge", "What the hedge is worth", *_worth(view), _note(pointer)),
        _section("stop", "When to stop", *_when(view), *_reopening(view)),
    )


def _worth(view: View) -> Iterator[Block]:
    yield Paragraph(words(said.answer_words(view)), "answer")
    yield tree_figure(view, "figure-hedge")
    for sentence in said.waiting_words(view):
        yield _plain(sentence)


def _branches(view: View) -> Iterator[Block]:
    yield _plain(
        "Each start is played on the same futures with and without the right to grow. Values are "
        "expected loss saved against holding the start as it is, pooled over schools of thought "
        "and beliefs. The heavy row is the branch that did best on half of the belief draws and "
        "was confirmed on the other half, or holding where none was. A value under two standard "
        "errors is not measurable; it stands with its error in hedge.json."
    )
    for start in view.starts:
        yield tables.branches(view, start)


def _when(view: View) -> Iterator[Block]:
    for start in view.starts:
        yield Paragraph(words(f"{view.named(start['policy'])}.", strong=True))
        lines = [said.best_words(start)]
        if start["rule_card"] is not None:
            lines += [*said.card_lines(start), said.card_worth(start)]
        yield Bullets(tuple(words(line) for line in lines))


def _how_found(view: View) -> Iterator[Block]:
    for start in view.starts:
        for line in said.threshold_lines(view, start):
            yield _plain(f"{view.named(start['policy'])}. {line}")
    for note in (
        said.solver_words(view),
        "Reliability and effective channels are the model's own: an official sees them roughly.",
    ):
        if note:
            yield _note(note)


def _reopening(view: View) -> Iterator[Block]:
    if view.data["reopening"] is not None:
        yield _plain(said.reopening_words(view))
        yield tables.closings(view)


def _influence(view: View) -> Iterator[Block]:
    if (figure := influence_figure(view.case)) is not None:
        yield figure


def _sources(view: View) -> Iterator[Block]:
    if keys := tables.cited_sources(view):
        yield bibliography(view.case, keys)


def _plain(text: str) -> Paragraph:
    return Paragraph(words(text))


def _note(text: str) -> Paragraph:
    return Paragraph(words(text), "note")


def _section(name: str, title: str, *blocks: Block) -> Section:
    return Section(f"section-{name}", "", title, blocks)
