"""`hedge` from end to end: page, data, files, chapters of the brief, and what is refused."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest

from openchannel.analysis.starts import starts_of
from openchannel.casefile import load_case
from openchannel.casefile.games import load_games
from openchannel.domain import Case
from openchannel.errors import UserError
from openchannel.report.hedging.influence import influence_figure
from openchannel.report.hedging.page import hedge_page, hedge_sections
from openchannel.report.hedging.tree import tree_figure
from openchannel.report.hedging.view import View
from openchannel.report.hedging.words import answer_words, card_rows
from openchannel.report.model import Bibliography, Brief, Figure, Paragraph, Table, as_data
from openchannel.report.page import render_html_body
from openchannel.report.paper import render_pdf
from openchannel.report.word import render_docx
from openchannel.usecases.building.hedge import (
    HedgeResult,
    check_hedge,
    hedge,
    read_hedge,
    write_hedge,
)
from openchannel.usecases.shelf.recipe import build_recipe


@pytest.fixture(scope="module")
def case() -> Case:
    """One start in one school of thought."""
    korea = load_case("korea")
    kept = tuple(p for p in korea.policies if p not in starts_of(korea)[1:])
    return replace(korea, policies=kept, worlds=(korea.world("W5"),))


@pytest.fixture(scope="module")
def found(case: Case) -> HedgeResult:
    return hedge(case, futures=512)


def test_page_and_data_say_the_same_branch(found: HedgeResult, tmp_path: Path) -> None:
    """The heavy row of the table is the branch that the data name; each start has five branches."""
    names = [p.name for p in write_hedge(found, tmp_path, ("html",))]
    assert names == ["hedge.html", "hedge.json"]
    data = json.loads((tmp_path / "hedge.json").read_text())
    assert data == found.as_dict()
    (start,) = data["starts"]
    table = next(b for b in found.page().blocks() if isinstance(b, Table))
    assert [row.strong for row in table.rows] == [b == start["best"] for b in start["branches"]]
    assert len(table.rows) == 5
    assert start["branches"]["hold"]["value"] == {"mean": 0.0, "mcse": 0.0}
    assert start["branches"]["now"]["gain"] == data["focal"]["gain"]


def test_the_tree_is_heavy_where_the_data_say_best(case: Case, found: HedgeResult) -> None:
    """Six leaves: status quo, target now, four of the start; one path from today is heavy.

    The text version says what the chart says.
    """
    for best in ({"policy": "", "branch": ""}, {"policy": "P6S", "branch": "shock"}):
        rival = {"policy": "P7", "branch": "now"}
        told = best | {"rival": rival, "lead": {"mean": 5.0, "mcse": 1.0}}
        page = hedge_page(case, found.data | {"best": told})
        tree = next(b for b in page.blocks() if isinstance(b, Figure))
        marks = tree.spec["data"]["values"]
        values = [m for m in marks if m.get("align") == "right"]
        assert len(values) == 6
        assert sum(m["best"] for m in values) == 1
        strong = ["".join(s.text for s in r.cells[0]) for r in tree.numbers.rows if r.strong]
        lines = [s.replace("\N{NO-BREAK SPACE}", " ").strip("├└─│ ") for s in strong]
        heavy = [m["text"] for m in marks if m["kind"] == "text" and m["best"]]
        assert set(lines) <= set(heavy)
        assert lines[-1] == ("Grow at the first shock" if best["branch"] else "Status quo")
        note = "".join(s.text for s in tree.numbers.note)
        assert ("confirmed on the others" in note.partition("heavy because")[0]) == bool(
            best["branch"]
        ), "confirmed is said only where a branch was"


def test_two_targets_are_two_leaves_of_today(case: Case, found: HedgeResult) -> None:
    """The best `now` is named, and heavy, by its own target, whichever start comes last."""
    (start,) = found.data["starts"]
    other = start | {"policy": "P6", "target": "P5"}
    other["branches"] = start["branches"] | {
        "now": start["branches"]["now"] | {"gain": {"mean": 700.0, "mcse": 10.0}}
    }
    lead = {"mean": 50.0, "mcse": 1.0}
    for starts in ([start, other], [other, start]):
        rival = {"policy": "P7", "branch": "now"}
        best = {"policy": "P5", "branch": "now", "rival": rival, "lead": lead}
        view = View(case, found.data | {"starts": starts, "best": best})
        said = answer_words(view)
        assert f"this did best: {view.told('P5')} now. It saves 700" in said
        assert f"the next best, {view.told('P7')} now" in said
        marks = tree_figure(view, "tree").spec["data"]["values"]
        heavy = [m["text"] for m in marks if m["kind"] == "text" and m["best"]]
        assert heavy[0] == f"{view.named('P5')} now"
        assert len([m for m in marks if m.get("text", "").endswith(" now")]) == 2


def test_every_judgement_of_the_games_leads_to_its_sources(case: Case, found: HedgeResult) -> None:
    """Players and payoffs carry grade, reasoning and sources; the page tells the grades written.

    A payoff that the file grades B is not told as assumed, and each source has an entry.
    """
    games = load_games("korea", case)
    (told,) = [c for c in found.data["capitals"] if c["id"] == "pyongyang"]
    (capital,) = [c for c in games.capitals if c.id == "pyongyang"]
    for player, written in zip(told["players"], capital.players, strict=True):
        for name in ("salience", "influence", "grade", "reasoning"):
            assert player[name] == getattr(written, name)
        assert player["sources"] == list(written.sources)
    data = found.data | {"payoffs": {**found.data["payoffs"]}}
    data["payoffs"]["win"] = data["payoffs"]["win"] | {"grade": "B"}
    page = hedge_page(case, data)
    tables = {b.id: b for b in page.blocks() if isinstance(b, Table)}
    first = tables["table-payoffs"].rows[0]
    assert "B; S39" in "".join(s.text for s in first.cells[-1])
    (entries,) = [b.entries for b in page.blocks() if isinstance(b, Bibliography)]
    trails = {s.trail for t in tables.values() for r in t.rows for c in r.cells for s in c}
    assert trails - {""} == {e.anchor for e in entries}
    lead = next(b for b in page.section("section-capitals").blocks if isinstance(b, Paragraph))
    assert "are assumed (grade C), so" in lead.text[0].text
    told["players"][0]["grade"] = "B"
    mixed = hedge_page(case, found.data)
    told["players"][0]["grade"] = "C"
    lead = next(b for b in mixed.section("section-capitals").blocks if isinstance(b, Paragraph))
    assert "are published estimate (grade B) and assumed (grade C), so" in lead.text[0].text


def test_the_influence_diagram_is_that_of_the_case(case: Case) -> None:
    """Every part that holds an effect of ties hangs on ties; a case without a ledger has none.

    Where a benefit and a risk meet on one line it is grey, and the table names both.
    """
    figure = influence_figure(case)
    assert figure is not None
    marks = figure.spec["data"]["values"]
    held = {p.module for p in case.parameters.values() if p.tie_effect} - {"ties"}
    assert sum(m["kind"] == "effect" for m in marks) == len(held) + 1
    grey = [m for m in marks if m["kind"] == "both"]
    rows = {r.cells[0][0].text: r.cells[2][0].text for r in figure.numbers.rows}
    assert grey
    assert "chance of war (B3, R9)" in rows["Crises"]
    assert influence_figure(replace(case, propositions=())) is None


def test_the_card_is_told_in_words() -> None:
    """Bounds, years, an action that is always taken and one that never is."""
    after = [
        {"seen": "provocations", "at_least": True, "bound": 15.0},
        {"seen": "year", "at_least": True, "bound": 4.0},
    ]
    start: dict[str, Any] = {
        "rule_card": {
            "before": {"grow": [], "stop": None},
            "once_grown": {"pause": after, "stop": None},
        }
    }
    assert list(card_rows(start)) == [
        ("Scale up", "At the first review, whatever it shows"),
        (
            "Pause: go back to the start",
            "From the fourth review on, if in the year before the review there were at least 15 "
            "provocations of severity 3 or more",
        ),
        ("Stop", "Nothing seen at reviews measurably calls for it"),
    ]
    never = [{"seen": "contacts", "at_least": False, "bound": 0.0}]
    late = [{"seen": "year", "at_least": False, "bound": 2.0}]
    start["rule_card"] = {
        "before": {"grow": None, "stop": never},
        "once_grown": {"pause": None, "stop": late},
    }
    first, pause, before, once = card_rows(start)
    assert first == ("Scale up", "Never at a review")
    assert pause[1] == "Nothing seen at reviews measurably calls for it"
    assert before == (
        "Stop before it has grown",
        "If in the year before the review no contacts took place",
    )
    assert once == ("Stop once grown", "Up to the second review, whatever it shows")


def test_the_rule_card_is_one_page_of_paper(found: HedgeResult) -> None:
    """Everything of it stands between two page breaks, and on paper that is one page.

    The first page holds the title; three starts take no more paper than one.
    """
    page = found.page()
    section = page.section("section-when")
    assert section.own_page
    assert [b.id for b in section.blocks if isinstance(b, Table)] == ["table-card-P6S"]
    alone = replace(page, sections=(section,))
    three = replace(section, blocks=(*section.blocks, *section.blocks[1:], *section.blocks[1:]))
    renamed = replace(three, blocks=tuple(_renamed(b, i) for i, b in enumerate(three.blocks)))
    assert _pages(alone) == _pages(replace(page, sections=(renamed,))) == 1 + 1
    reopening, after = page.section("section-reopening"), page.section("section-found")
    assert _pages(replace(page, sections=(reopening, section, after))) == 1 + 1 + 1
    html = render_html_body(page)
    assert '<section id="section-when" class="own-page">' in html


def _renamed(block: Any, number: int) -> Any:
    return replace(block, id=f"{block.id}-{number}") if isinstance(block, Table) else block


def _pages(page: Brief) -> int:
    """Pages of the PDF: the root of its tree of pages counts them."""
    found = re.findall(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)", render_pdf(page))
    return max(int(n) for n in found)


def test_the_tree_has_a_text_version_on_paper(found: HedgeResult) -> None:
    """The table that says the tree in words is printed with it, in every form; others are not."""
    page = found.page()
    tree, influence = page.figures
    assert tree.prints_numbers
    assert not influence.prints_numbers
    assert '<details class="numbers printed">' in render_html_body(page)
    document = docx.Document(io.BytesIO(render_docx(page)))
    texts = {c.text for t in document.tables for row in t.rows for c in row.cells}
    assert any("└─" in text for text in texts)
    broken = [p for p in document.paragraphs if p.paragraph_format.page_break_before]
    titles = [page.section(a).title for a in ("section-when", "section-found")]
    assert [p.text.partition(". ")[2] for p in broken] == titles


def test_any_policy_can_be_a_start(case: Case) -> None:
    """Given the right, it is played, told and made again as the starts of the case are.

    The page and the brief say to whom the right was given, with the ends of the review rule, who
    has it toward another policy, and on what channels a start meets less once grown.
    """
    given = hedge(case, start=["P2", "P6S"], target="P5", futures=512)
    data = given.as_dict()
    assert data["chosen"] == {"start": ["P2", "P6S"], "target": "P5"}
    first, second = data["starts"]
    assert (first["policy"], second["policy"]) == ("P2", "P6S")
    for start in (first, second):
        assert start["target"] == "P5"
        assert not start["is_own_rule"]
        assert start["ends"] == ["failed_reviews", "deception"]
        assert list(start["branches"]) == ["hold", "shock", "review", "rules", "now"]
        assert start["rule_card"] is not None
    page = given.page()
    said = " ".join(s.text for b in page.blocks() if isinstance(b, Paragraph) for s in b.text)
    chapter = hedge_sections(case, data)[0].blocks
    brief = " ".join(s.text for b in chapter if isinstance(b, Paragraph) for s in b.text)
    for text in (said, brief):
        assert "is no rule of the case for summitry: it was given" in text
        assert (
            "By the case intelligence, scalable may grow into full engagement; here it is asked "
            "what defence diplomacy would be worth instead" in text
        )
    assert "summitry meets less often on" in said
    assert "against the review rule" in said
    assert "in the file of the policy" not in said
    tree = page.figures[0].numbers
    leaves = [r.cells[0][0].text.replace("\N{NO-BREAK SPACE}", " ") for r in tree.rows]
    assert any("Defence diplomacy now" in leaf for leaf in leaves)
    assert any("Summitry" in leaf for leaf in leaves)
    lines = build_recipe("hedge", data, "korea")
    assert "start=['P2', 'P6S']" in lines.python
    assert "--start P2 --start P6S --target P5" in lines.command


def test_the_baseline_with_the_right_to_grow_is_a_branch_of_its_own(case: Case) -> None:
    """It stands beside the baseline, with all that can be done with it."""
    tree = hedge(case, start="P0", futures=512).page().figures[0].numbers
    lines = [r.cells[0][0].text.replace("\N{NO-BREAK SPACE}", " ") for r in tree.rows]
    at = next(i for i, x in enumerate(lines) if x.endswith("Status quo, with the right to grow"))
    assert any(x.endswith("─ Status quo") for x in lines[:at])
    assert len(lines[at + 1 :]) == 4


def test_a_start_of_the_case_is_the_same_named_or_not(case: Case, found: HedgeResult) -> None:
    """Asked for by name with its own target, P6S gives the findings of the default to the bit."""
    named = hedge(case, start="P6S", futures=512).as_dict()
    assert {k: v for k, v in named.items() if k != "chosen"} == {
        k: v for k, v in found.as_dict().items() if k != "chosen"
    }


@pytest.mark.parametrize(
    ("start", "target", "says"),
    [
        (("P99", "P3"), "P98", ["'P99' is not known", "'P98' is not known"]),
        (("P7",), "", ["'P7' is the target itself"]),
        (("P7",), "P6", ["'P7' has more contact than 'P6' and on no channel less"]),
        (("P16",), "", ["'P16' becomes 'P7' by a rule of its own"]),
        (("P3",), "P7C", ["'P7C' has rules of its own"]),
        ((), "P7", ["no start is given that could become 'P7'"]),
    ],
)
def test_a_start_that_cannot_grow_is_told_why(
    start: tuple[str, ...], target: str, says: list[str]
) -> None:
    """Unknown ids, a start that is its target or has outgrown it, one that has another right."""
    with pytest.raises(UserError) as told:
        check_hedge("korea", 512, 1, start, target)
    wrong = [p.wrong for p in told.value.problems]
    assert len(wrong) == len(says)
    for one, words in zip(wrong, says, strict=True):
        assert words in one
    assert all(p.allowed and p.mend for p in told.value.problems)


def test_a_brief_beside_it_takes_two_chapters_in(
    case: Case, found: HedgeResult, tmp_path: Path
) -> None:
    """They are those of the data in the folder; of another case, or cut short, there are none."""
    write_hedge(found, tmp_path, ())
    data = read_hedge(tmp_path, case)
    assert data is not None
    titles = [s.title for s in hedge_sections(case, data)]
    assert titles == ["What the hedge is worth", "When to stop"]
    assert as_data(hedge_sections(case, data)) == as_data(hedge_sections(case, found.data))
    assert read_hedge(tmp_path, replace(case, fingerprint="other")) is None
    (tmp_path / "hedge.json").write_text("{", encoding="utf-8")
    assert read_hedge(tmp_path, case) is None


def test_a_case_without_a_right_is_told_how_to_get_one() -> None:
    """Both problems at once: too few futures, and nothing that may scale up."""
    korea = load_case("korea")
    kept = tuple(p for p in korea.policies if p not in starts_of(korea))
    with pytest.raises(UserError) as told:
        hedge(replace(korea, policies=kept), futures=1)
    assert len(told.value.problems) == 2
