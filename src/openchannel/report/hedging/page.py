"""The page of the hedge, and its chapters in the brief: what it is worth, and when to stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from openchannel.domain import Case
from openchannel.report.hedging import tables
from openchannel.report.hedging import words as said
from openchannel.report.hedging.influence import influence_figure
from openchannel.report.hedging.tree import tree_figure
from openchannel.report.hedging.view import View
from openchannel.report.model import Block, Brief, Paragraph, Section, words
from openchannel.report.pages.layout import page_of
from openchannel.report.sections.trail import bibliography

__all__ = ["hedge_page", "hedge_sections"]


def hedge_page(case: Case, data: Mapping[str, Any]) -> Brief:
    """What the rights of a case are worth, when to use them, and where the value comes from."""
    view = View(case, data)
    sections = [
        _section("worth", "What the hedge is worth", *_worth(view), *_branches(view)),
        replace(
            _section("when", "When to scale up, pause and stop", *_cards(view)),
            own_page=any(s["rule_card"] for s in view.starts),
        ),
        _section("found", "What the rule cards are worth", *_worth_of_cards(view), *_found(view)),
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
        _section("stop", "When to stop", *_cards(view), *_worth_of_cards(view), *_reopening(view)),
    )


def _worth(view: View) -> Iterator[Block]:
    yield Paragraph(words(said.answer_words(view)), "answer")
    for sentence in said.chosen_words(view):
        yield _plain(sentence)
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
    yield _note(said.school_words(view))


def _cards(view: View) -> Iterator[Block]:
    """The card of each start, on one printed page."""
    if any(start["rule_card"] for start in view.starts):
        yield _plain(said.CARD_USE)
    for start in view.starts:
        yield _about(view, start, said.best_words(start))
        if start["rule_card"] is not None:
            yield tables.card(view, start)


def _worth_of_cards(view: View) -> Iterator[Block]:
    for start in view.starts:
        if start["rule_card"] is not None:
            yield _about(view, start, said.card_worth(view, start))


def _found(view: View) -> Iterator[Block]:
    """How the cards were found, and what the review rule is worth with the best thresholds."""
    for start in view.starts:
        for line in said.threshold_lines(view, start):
            yield _about(view, start, line)
    if told := said.solver_words(view):
        yield _note(told)


def _about(view: View, start: Mapping[str, Any], sentence: str) -> Paragraph:
    name = f"{view.named(start['policy'])}. "
    return Paragraph((*words(name, strong=True), *words(sentence)))


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
