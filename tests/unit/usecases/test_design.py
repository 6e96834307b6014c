"""Short designs of the built-in case, some over one year: what is bought, kept and written."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from openchannel.analysis.portfolio import trial
from openchannel.errors import Interrupted, UserError
from openchannel.report.building.tables import front_table
from openchannel.report.building.view import View
from openchannel.report.model import Bullets, Figure, Paragraph, Table
from openchannel.usecases.runs.assessment import assess
from openchannel.usecases.cases import load
from openchannel.usecases.building.design import Design, design
from openchannel.usecases.building.design_files import write_design
from unit.analysis.short_case import one_year

SHORT: dict[str, Any] = {"futures": 256, "searches": 2, "generations": 2, "threads": 1}


@pytest.fixture(scope="module")
def pooled() -> Design:
    return design(one_year(), budget_usd=20e6, seed=5, **SHORT)


def text_of(found: Design) -> str:
    """Every word of the page."""
    parts = []
    for section in found.page().sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                parts.append("".join(s.text for s in block.text))
            elif isinstance(block, Bullets):
                parts += ["".join(s.text for s in item) for item in block.items]
            elif isinstance(block, Table | Figure):
                table = block if isinstance(block, Table) else block.numbers
                parts += [" | ".join(c[0].text for c in row.cells if c) for row in table.rows]
    return "\n".join(parts).replace("\N{NO-BREAK SPACE}", " ")


def test_where_ties_do_nothing_nothing_is_bought() -> None:
    """All tie effects at their null, the budget of full engagement: no channel is raised."""
    found = design("korea", budget_usd=60e6, world="W3", seed=2, **(SHORT | {"futures": 512}))
    assert all(p["bought"] == [] for p in found.data["portfolios"])
    assert not any(r["steps"] for r in found.data["rollouts"].values())
    assert "buys no contact beyond the status quo" in text_of(found)


def test_under_the_hawks_beliefs_full_engagement_is_not_bought() -> None:
    """With the deterrence world alone the portfolio put forward stays well below P7.

    P7 raises nine channels; measured there, it is riskier than the status quo.
    """
    found = design("korea", budget_usd=60e6, world="W2", seed=2, **(SHORT | {"futures": 1024}))
    asked = next(p for p in found.data["portfolios"] if p["id"] == found.data["recommended"])
    full = next(p for p in found.data["policies"] if p["id"] == "P7")
    assert full["risk_by_world"]["W2"]["mean"] > 2 * full["risk_by_world"]["W2"]["mcse"]
    assert len(asked["bought"]) <= 4
    assert asked["yearly_usd"] < full["yearly_usd"] / 2
    risk = asked["risk_by_world"]["W2"]
    assert risk["mean"] < 2 * risk["mcse"]


def test_no_portfolio_breaks_the_limits(pooled: Design) -> None:
    """Money and people, as given; and what does not fit is said to."""
    assert all(p["yearly_usd"] <= 20e6 for p in pooled.data["portfolios"])
    tight = design(one_year(), budget_usd=20e6, people=12, seed=5, **SHORT)
    assert all(p["people"] <= 12 for p in tight.data["portfolios"])
    fits = {p["id"]: p["fits"] for p in pooled.data["policies"]}
    assert fits["P6"]
    assert not fits["P7"]


def test_a_stopped_design_is_gone_on_with_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in the second search, then run again in the same folder."""
    whole = design(one_year(), budget_usd=20e6, seed=7, **SHORT)
    play, calls = trial.Trial.play, 0

    def stopping(self: trial.Trial, *args: Any) -> trial.Outcomes:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        return play(self, *args)

    monkeypatch.setattr(trial.Trial, "play", stopping)
    with pytest.raises(Interrupted) as told:
        design(one_year(), budget_usd=20e6, seed=7, folder=tmp_path, **SHORT)
    assert told.value.folder == str(tmp_path)
    done = sorted(tmp_path.rglob("*.npz"))
    assert len(done) == 3
    done[0].write_bytes(done[0].read_bytes()[:100])  # a file cut short is made again
    calls = 100
    again = design(one_year(), budget_usd=20e6, seed=7, folder=tmp_path, **SHORT)
    assert json.dumps(again.data) == json.dumps(whole.data)


def test_threads_change_no_number(pooled: Design) -> None:
    """Two threads, the same bytes."""
    two = design(one_year(), budget_usd=20e6, seed=5, **(SHORT | {"threads": 2}))
    assert json.dumps(two.data) == json.dumps(pooled.data)


def test_what_is_written_can_be_assessed(pooled: Design, tmp_path: Path) -> None:
    """The portfolios as policies of a case that extends this one; the front as a table."""
    files = {p.name for p in write_design(pooled, tmp_path, ("html",))}
    assert {"design.html", "design.json", "front.csv", "case.yaml"} <= files
    case = load(tmp_path / "korea-design")
    asked = case.policy(str(pooled.data["recommended"]))
    told = next(p for p in pooled.data["portfolios"] if p["id"] == asked.id)
    assert dict(asked.cadence) == told["cadence"]
    assert asked.levers.offer == told["levers"]["offer"]
    rows = list(csv.DictReader((tmp_path / "front.csv").read_text("utf-8").splitlines()))
    assert [r["id"] for r in rows] == [p["id"] for p in pooled.data["portfolios"]]
    run = assess(case, policies=[asked.id], futures=32, seed=1)
    assert asked.id in run.summary["wager"]


def test_a_brief_of_the_same_case_takes_the_chapter_in(pooled: Design, tmp_path: Path) -> None:
    """Beside the summary of an assessment, as the chapter on beliefs does."""
    from openchannel.usecases.runs.brief import write_brief

    run = assess("korea", policies=["P7"], futures=32, seed=1, folder=tmp_path)
    write_brief(run, tmp_path, ("html",))
    assert "How to build it" not in (tmp_path / "brief.html").read_text("utf-8")
    write_design(pooled, tmp_path, ())
    assert "How to build it" in (tmp_path / "brief.html").read_text("utf-8")


def test_a_design_for_one_school_does_not_enter_the_brief_of_all(tmp_path: Path) -> None:
    """A chapter on one school beside numbers of five would mislead."""
    from openchannel.usecases.building.design import read_design

    found = design(one_year(), budget_usd=20e6, world="W4", seed=2, **SHORT)
    write_design(found, tmp_path, ())
    assert read_design(tmp_path, load("korea")) is None


def test_the_page_says_what_was_found_with_its_errors(pooled: Design) -> None:
    """Budget, effect, comparison at equal cost, what is not simulated, how it was found."""
    page = text_of(pooled)
    assert "Under a limit of $20 million a year" in page
    assert "On fresh futures, against the status quo: expected loss," in page
    assert "Held against the policies of the case:" in page
    assert "Full engagement (P7)" in page
    assert "NSGA-III" in page
    assert "nan" not in page


def test_the_front_names_its_channels_and_the_status_quo_changes_nothing(pooled: Design) -> None:
    """Each id under `Raises` is spelled out below; the status quo differs from itself by nought."""
    first, *rest = pooled.data["portfolios"]
    bought = pooled.data | {"portfolios": [first, *(p | {"bought": ["GOT", "NYC"]} for p in rest)]}
    front = front_table(View(pooled.case, bought))
    (now,) = [r for r in front.rows if "Status quo" in r.cells[0][0].text]
    assert [now.cells[i][0].text for i in (3, 4)] == ["0", "0"]
    note = "".join(s.text for s in front.note)
    assert note.endswith("Raised: NYC New York channel, GOT general officer talks.")
    nothing = front_table(View(pooled.case, pooled.data | {"portfolios": [first]}))
    assert "Raised" not in "".join(s.text for s in nothing.note)


def test_no_policy_is_passed_over_in_silence(pooled: Design) -> None:
    """Each is held against a portfolio at its cost or named as cheaper than every portfolio."""
    held = [e["policy"] for e in pooled.data["equal_cost"]]
    named = pooled.data["cheaper_than_all"]
    assert sorted([*held, *named]) == sorted(p["id"] for p in pooled.data["policies"])


def test_every_mistake_in_the_settings_is_told_at_once() -> None:
    """Budget, people, futures and world."""
    with pytest.raises(UserError) as told:
        design("korea", budget_usd=-1.0, people_a_year=0.0, futures=1, world="W9")
    assert {p.field for p in told.value.problems} == {
        "--budget", "--people-a-year", "--futures", "--world",
    }  # fmt: skip


def test_a_budget_below_the_status_quo_is_refused_with_what_it_would_take() -> None:
    """There is no point to begin from."""
    with pytest.raises(UserError) as told:
        design("korea", budget_usd=1e6, **SHORT)
    (problem,) = told.value.problems
    assert problem.field == "--budget"
    assert "--budget 7000000" in problem.mend
    with pytest.raises(UserError) as told:
        design("korea", budget_usd=20e6, people=3, **SHORT)
    assert told.value.problems[0].mend == "write --people 9"
