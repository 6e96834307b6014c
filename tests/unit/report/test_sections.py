"""Every part of the brief holds in runs of every kind, and every claim has a trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from golden.example import EVIL, example_findings, example_summary
from openchannel.report import Brief, compose_brief
from openchannel.report.model import (
    Bibliography,
    Bullets,
    Column,
    Figure,
    Ledger,
    Paragraph,
    Span,
    Table,
    Text,
    say,
    words,
)
from openchannel.report.numbers import Measured
from openchannel.report.sections.costs import price_of_reliability


def spans(brief: Brief) -> Iterator[Span]:
    """Every span of a brief."""
    for block in brief.blocks():
        match block:
            case Paragraph():
                yield from block.text
            case Bullets():
                for item in block.items:
                    yield from item
            case Table():
                yield from table_spans(block)
            case Figure():
                yield from table_spans(block.numbers)
            case Ledger():
                for row in block.rows:
                    yield from (*row.measured, *row.sources)


def table_spans(table: Table) -> Iterator[Span]:
    """Every span of a table."""
    for column in table.columns:
        yield from column.title
    for row in table.rows:
        for cell in row.cells:
            yield from cell
    yield from table.note


def anchors(brief: Brief) -> set[str]:
    """Every place that a trail can lead to."""
    found = {s.anchor for s in brief.sections}
    for block in brief.blocks():
        if isinstance(block, Table):
            found |= {block.id} | {r.anchor for r in block.rows if r.anchor}
        if isinstance(block, Figure):
            found.add(block.id)
        if isinstance(block, Ledger):
            found |= {r.anchor for r in block.rows}
        if isinstance(block, Bibliography):
            found |= {e.anchor for e in block.entries}
    return found


def _alone(summary: dict[str, Any]) -> None:
    summary["wager"] = {}
    summary["policies"] = {"N0": summary["policies"]["N0"]}
    summary["ledger"] = {}


def _one_world(summary: dict[str, Any]) -> None:
    del summary["worlds"]["V2"]


def _fixed_beliefs(summary: dict[str, Any]) -> None:
    summary["n_draws"] = 1
    wager = summary["wager"]["N1"]
    wager["upside_p95"] = wager["downside_p05"] = wager["mean_gain"]


def _no_isolation(summary: dict[str, Any]) -> None:
    for place in (summary, *summary["worlds"].values()):
        del place["wager"]["N2"], place["policies"]["N2"]
    for setting in summary["ledger"].values():
        del setting["policies"]["N2"]


def _other_focal(summary: dict[str, Any]) -> None:
    for place in (summary, *summary["worlds"].values()):
        del place["wager"]["N1"], place["policies"]["N1"]
    summary["ledger"] = {}


def _unknown_numbers(summary: dict[str, Any]) -> None:
    wager = summary["wager"]["N1"]
    wager["luck"] |= {"war_caused": 0.0, "more_deaths": 0.0, "fewer_deaths": 0.0}
    wager |= {"discordance": None, "discordance_mcse": None}
    for name in ("mean", "mcse", "p05", "p50", "p95"):
        summary["policies"]["N0"]["metrics"]["detainee_days"][name] = None
        summary["policies"]["N1"]["versus_baseline"]["crises"][name] = None


KINDS: dict[str, Callable[[dict[str, Any]], None]] = {
    "whole": lambda _: None,
    "baseline alone": _alone,
    "one world": _one_world,
    "fixed beliefs": _fixed_beliefs,
    "no isolation": _no_isolation,
    "other focal policy": _other_focal,
    "unknown numbers": _unknown_numbers,
}


@pytest.fixture(params=KINDS)
def brief(request: pytest.FixtureRequest) -> Brief:
    """The brief of a run of one kind."""
    summary = example_summary()
    KINDS[request.param](summary)
    return compose_brief(example_findings(summary))


def test_every_trail_leads_somewhere(brief: Brief) -> None:
    """No claim points at an anchor that the brief does not hold."""
    assert {s.trail for s in spans(brief) if s.trail} <= anchors(brief)


def test_every_figure_has_words_and_numbers(brief: Brief) -> None:
    """A chart can be read without seeing it."""
    for figure in brief.figures:
        assert len(figure.alt) > 40
        assert figure.numbers.rows
        assert figure.caption


def test_no_number_is_printed_raw(brief: Brief) -> None:
    """Nothing undefined and no long tail of digits reaches the reader."""
    for span in spans(brief):
        assert "nan" not in span.text.split()
        assert "None" not in span.text
        assert not any(part.rstrip(".").count(".") == 1 and len(part.split(".")[-1]) > 6
                       and part.replace(".", "").isdigit() for part in span.text.split())  # fmt: skip


def test_parts_stand_in_order_and_are_numbered(brief: Brief) -> None:
    """Body by figures, appendix by letters."""
    body = [s for s in brief.sections if not s.is_appendix]
    assert [s.number for s in body] == [str(i) for i in range(1, len(body) + 1)]
    assert body[0].title == "Question and answer"
    letters = "".join(s.number for s in brief.sections if s.is_appendix)
    assert letters == "ABCDEF"


def test_the_whole_brief_has_all_ten_parts() -> None:
    """Nothing that the brief owes the reader is missing."""
    brief = compose_brief(example_findings())
    assert [s.title for s in brief.sections if not s.is_appendix] == [
        "Question and answer",
        "The wager",
        "The policies compared",
        "Where the answer flips",
        "How ties work on risk",
        "What the record says, and does not",
        "Benefits and risks",
        "What it costs",
        "What these numbers cannot do",
        "How this was made",
    ]


def test_without_a_record_the_brief_says_so() -> None:
    """A case without evidence is told in a sentence, not passed over."""
    brief = compose_brief(example_findings())
    (section,) = (s for s in brief.sections if s.anchor == "section-record")
    assert "holds no evidence folder" in "".join(s.text for s in section.blocks[0].text)


def test_the_pooled_result_stands_beside_its_parts() -> None:
    """The figure of schools of thought shows each of them with its weight, and the pooled row."""
    brief = compose_brief(example_findings())
    figure = next(f for f in brief.figures if f.id == "figure-worlds")
    rows = [r.cells[0][0].text.replace("\N{NO-BREAK SPACE}", " ") for r in figure.numbers.rows]
    assert rows[:3] == ["Talk helps (60 %)", "Talk does nothing (40 %)", "Pooled"]


def test_critics_speak_in_full() -> None:
    """The argument of a risk stands whole, as the case has it."""
    brief = compose_brief(example_findings())
    risks = next(b for b in brief.blocks() if isinstance(b, Ledger) and "critics" in b.title)
    assert risks.rows[0].argument == f"Critics say {EVIL}."


def test_a_policy_that_saves_money_is_not_said_to_cost_more() -> None:
    """Direction and price agree where the policy asked about is the cheaper one."""
    summary = example_summary()
    _other_focal(summary)
    brief = compose_brief(example_findings(summary))
    text = "".join(s.text for s in spans(brief)).replace("\N{NO-BREAK SPACE}", " ")
    assert "$20.0 ± 2.0 million is saved whatever happens" in text
    assert "silence costs $20.0 ± 2.0 million less than the status quo" in text


def test_say_counts_its_places() -> None:
    """A template and its parts must agree."""
    with pytest.raises(ValueError, match="1 parts for 2 places"):
        say("{} and {}", "one")


@pytest.mark.parametrize("title", [(), words(""), words(" ")])
def test_a_column_needs_words_for_its_heading(title: Text) -> None:
    """Who hears a table is told what each cell is of."""
    with pytest.raises(ValueError, match="needs a title"):
        Column(title)


def test_price_of_reliability_needs_a_gain() -> None:
    """Dollars a point where reliability rises measurably, nothing otherwise."""
    price = price_of_reliability(Measured(1e8, 1e6), Measured(0.05, 0.001))
    assert price is not None
    assert price.mean == pytest.approx(2e7)
    assert price.mcse == pytest.approx(2e7 * (0.01**2 + 0.02**2) ** 0.5)
    assert price_of_reliability(Measured(1e8, 1e6), Measured(0.001, 0.001)) is None
    assert price_of_reliability(Measured(1e8, 1e6), Measured(-0.05, 0.001)) is None
