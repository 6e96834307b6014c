"""`hedge` from end to end: page, data, files, chapters of the brief, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from openchannel.analysis.hedge import starts_of
from openchannel.casefile import load_case
from openchannel.casefile.games import load_games
from openchannel.domain import Case
from openchannel.errors import UserError
from openchannel.report.hedging.influence import influence_figure
from openchannel.report.hedging.page import hedge_page, hedge_sections
from openchannel.report.hedging.tree import tree_figure
from openchannel.report.hedging.view import View
from openchannel.report.hedging.words import answer_words, card_lines
from openchannel.report.model import Bibliography, Figure, Paragraph, Table, as_data
from openchannel.usecases.hedge import HedgeResult, hedge, read_hedge, write_hedge


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
    assert list(card_lines(start)) == [
        "Scale up at the first review, whatever it shows.",
        "Pause, that is, go back to the start, from the fourth review on when, over the year before "
        "the review, there were at least 15 provocations of severity 3 or more.",
        "Stop: nothing seen at reviews measurably calls for an end.",
    ]
    never = [{"seen": "contacts", "at_least": False, "bound": 0.0}]
    start["rule_card"]["before"] = {"grow": None, "stop": never}
    first, *_, last = card_lines(start)
    assert first == "Scale up: do not scale up at a review."
    assert (
        last
        == "Stop before it has grown when, over the year before the review, no contacts took place."
    )


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
