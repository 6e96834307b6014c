"""`believe` from end to end on a year of the built-in case, in two schools: parts, files, faults."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import openchannel as oc
from fastapi.testclient import TestClient

from openchannel.domain import Case
from openchannel.errors import UserError
from openchannel.report.belief.chapter import values_table
from openchannel.report.belief.page import compose_believe
from openchannel.report.belief.view import View
from openchannel.usecases.belief.argued import argued
from openchannel.usecases.belief.believe import (
    Believe,
    believe,
    digest,
    read_believe,
    write_believe,
)
from openchannel.usecases.belief import work
from openchannel.usecases.belief.needs import standing_draws
from openchannel.usecases.belief.tables import tables
from openchannel.usecases.belief.work import Work
from openchannel.usecases.runs.brief import findings_of
from openchannel.web.app import create_app
from unit.analysis.short_case import one_year

FUTURES = 1024
ASKED = 16
"""Futures of each question: what is asked for is that all is there, not that it is sharp."""


@cache
def small() -> Case:
    """One year in two schools."""
    case = one_year()
    return replace(case, worlds=(case.world("W2"), case.world("W5")))


def few_policies() -> Case:
    """So that a run of every policy is soon done."""
    case = small()
    return replace(case, policies=tuple(case.policy(p) for p in ("P0", "P1", "P7")))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("run")
    return oc.assess(small(), policies=["P1", "P7"], futures=FUTURES, seed=1, folder=folder)


@pytest.fixture(scope="module")
def found(run) -> Believe:
    """All parts and all beliefs, with small searches where `believe` asks for no size."""
    with pytest.MonkeyPatch.context() as patch:
        for name, size in {"_PATHS": 2, "_BASE_POINTS": 8}.items():
            patch.setattr(work, name, size)
        return believe(small(), run=run, futures=ASKED, seed=5)


def test_every_part_is_there_and_json_can_hold_it(found: Believe) -> None:
    """The whole of the documented file, without a number that JSON does not have."""
    parts = {"thresholds", "where", "matters", "information", "robust", "values", "quantities"}
    assert parts <= set(found.data)
    assert json.loads(json.dumps(found.data, allow_nan=False)) == found.data
    assert found.data["rivals"] == ["P0", "P1"]
    assert len(found.data["thresholds"]["beliefs"]) == 109
    assert [f["quantity"] for f in found.data["thresholds"]["factors"]] == [
        "omega_tie",
        "omega_risk",
    ]


def test_parts_from_python_are_those_of_the_file(run, found: Believe) -> None:
    """One number, two faces: the same settings give the same boxes and the same worth."""
    assert run.boxes("P7", futures=ASKED, seed=5) == found.data["where"]
    assert run.evpi(futures=ASKED, seed=5) == found.data["information"]["evpi"]


def test_a_rival_cannot_gain_on_itself(run) -> None:
    """Asked about isolation, the status quo alone is the rival."""
    part = run.thresholds("P1", futures=ASKED, seed=5)
    assert list(part["known"]["central"]["gain"]) == ["P0"]


def test_tables_hold_every_belief_and_policy(found: Believe) -> None:
    """One row a belief, rival and reading; one row a view, criterion and policy."""
    read = {n: list(csv.DictReader(io.StringIO(t))) for n, t in tables(found.data).items()}
    central = [r for r in read["believe-thresholds.csv"] if r["reading"] == "central"]
    assert len(central) == 109 * 2
    assert len(read["believe-choice.csv"]) == 3 * 8 * 3
    assert len(read["believe-values.csv"]) == 3 * 5 * 3


def test_the_brief_takes_the_chapter_in_and_lets_it_go(run, found: Believe) -> None:
    """With the file beside its run the brief has the chapter; beside another run it has not."""
    assert run.folder is not None
    (run.folder / "brief.html").write_text("old", "utf-8")
    written = write_believe(found, run.folder, ("html",))
    assert {p.name for p in written} >= {"believe.json", "believe.html", "brief.html"}
    page = (run.folder / "brief.html").read_text("utf-8")
    assert 'id="section-believe"' in page
    assert read_believe(run.folder, run.summary) == found.data
    assert read_believe(run.folder, {**run.summary, "seed": 2}) is None


@pytest.mark.parametrize("text", ["", "[]", '{"schema_version": 99}'])
def test_a_damaged_file_is_as_none(tmp_path: Path, text: str) -> None:
    """Cut short, of another shape, or of another release: the brief does without it."""
    (tmp_path / "believe.json").write_text(text, "utf-8")
    assert read_believe(tmp_path, {}) is None


def test_the_digest_is_of_the_content() -> None:
    """The order of keys does not matter, the numbers do."""
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1, "b": 3})


def test_an_unknown_policy_is_told_with_those_that_ran(run) -> None:
    """P2 did not run."""
    with pytest.raises(UserError) as caught:
        run.boxes("P2")
    assert "P7" in str(caught.value.problems[0])


def test_a_run_with_beliefs_held_fixed_cannot_be_asked() -> None:
    """There is nothing to draw boxes in."""
    held = oc.assess(small(), policies=["P7"], futures=8, beliefs="modes")
    with pytest.raises(UserError) as caught:
        held.boxes("P7")
    assert "belief draws" in str(caught.value.problems[0])


def test_a_run_of_another_case_is_refused(run) -> None:
    """The fingerprint tells."""
    with pytest.raises(UserError) as caught:
        believe(replace(small(), fingerprint="0" * 64), run=run)
    assert "--from" in str(caught.value.problems[0])


def test_draws_that_stand_are_used_again(tmp_path: Path) -> None:
    """A run of every policy by the same settings will do; any other setting will not."""
    case, folder = few_policies(), tmp_path / "run"
    made = oc.assess(case, futures=1024, seed=2, folder=folder)
    assert standing_draws(folder, case, 2)
    assert not standing_draws(folder, case, 1)
    assert not standing_draws(folder, oc.load("korea-reference"), 2)
    assert not standing_draws(tmp_path / "nowhere", case, 2)
    other = tmp_path / "other"
    oc.assess(case, futures=1024, seed=2, policies=["P7"], folder=other)
    assert not standing_draws(other, case, 2)
    for field, value in {"code": "of another day", "overlay": "three_conditions"}.items():
        text = json.dumps({**made.manifest, field: value})
        (folder / "manifest.json").write_text(text, encoding="utf-8")
        assert not standing_draws(folder, case, 2)


def test_the_web_shows_what_lies_beside_a_run(run, found: Believe) -> None:
    """The page holds the parts, and each chart can be had."""
    write_believe(found, run.folder, ())
    shown = argued(run)
    assert [s.anchor for s in shown.believe][:2] == ["section-answer", "section-thresholds"]
    name = run.folder.name
    with TestClient(create_app(run.folder.parent), base_url="http://127.0.0.1:8765") as client:
        page = client.get(f"/runs/{name}/believe")
        assert page.status_code == 200
        assert "Ask about this run" in page.text
        figure = next(b for s in shown.believe for b in s.blocks if b.kind == "figure")
        for form, head in (("svg", b"<svg"), ("dark.svg", b"<svg"), ("csv", b"")):
            chart = client.get(f"/runs/{name}/believe/{figure.id}.{form}")
            assert chart.status_code == 200
            assert chart.content.startswith(head)
        assert client.get(f"/runs/{name}/believe/figure-none.svg").status_code == 404
        assert client.get(f"/runs/{name}/pages/redteam.html").status_code == 404


def test_a_rival_that_was_not_played_has_no_column(found: Believe) -> None:
    """A run of one policy can be asked too: isolation, which is a rival always, is left out."""
    made = oc.assess(small(), policies=["P7"], futures=FUTURES, seed=1)
    asked = Work(made, "P7", ASKED, 5, None, lambda _: None)
    data = {**found.data, "values": asked.values(), "robust": asked.robust()}
    both = values_table(View(findings_of(found.run), found.data))
    alone = values_table(View(findings_of(made), data))
    assert list(asked.rivals) == found.data["rivals"] == ["P0", "P1"]
    assert len(alone.columns) == len(both.columns) - 1
    assert all(len(r.cells) == len(alone.columns) for r in alone.rows)
    assert compose_believe(findings_of(made), data).sections
