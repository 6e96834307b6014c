"""What history says, ordered on its page: checked, worked on in the line, stopped, shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import openchannel as oc
from openchannel import extras
from openchannel.errors import UserError
from openchannel.usecases.history import study as use_case
from openchannel.usecases.shelf.archive import Archive
from openchannel.usecases.shelf.history_order import HistoryOrder
from openchannel.usecases.shelf.shelf import Shelf, fulfil
from openchannel.web.app import create_app
from openchannel.web.line import Line

HOME = "http://127.0.0.1:8765"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """An empty shelf, and no study in the cache of this machine."""
    monkeypatch.setenv("OPENCHANNEL_CACHE", str(tmp_path / "cache" / "kernel"))
    return Shelf(tmp_path / "runs")


@pytest.fixture
def client(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The app, with a line in which nothing is worked on."""
    monkeypatch.setattr(Line, "_work", lambda _self: None)
    with TestClient(create_app(shelf.root), base_url=HOME, follow_redirects=False) as made:
        yield made


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """A finished study in place of the sampler; what it was asked is noted."""
    kept = json.loads((Path(__file__).parents[1] / "usecases/history.json").read_text())
    asked: list[tuple[int, int]] = []

    def found(case: Any, record: Any, draws: int, seed: int, tell: Any) -> dict[str, Any]:
        asked.append((draws, seed))
        tell("weeks before and after contacts...")
        evidence = {**kept["evidence"], "fingerprint": record.fingerprint}
        made = {"code": use_case._sources(), "draws": 4 * draws, "seed": seed}
        made["case_fingerprint"] = case.fingerprint
        return {**kept, **made, "evidence": evidence}

    monkeypatch.setattr(use_case, "_found", found)
    return asked


def token(client: TestClient) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/new").text)
    assert found
    return found[1]


def form(client: TestClient, **changes: str) -> dict[str, str]:
    """What the page sends."""
    page = client.get("/record/history").text
    fields = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', page))
    assert fields["kind"] == "history"
    return {**fields, "draws": "60", "seed": "9", **changes}


def test_the_page_orders_and_shows_what_was_found(
    client: TestClient, shelf: Shelf, quick: list[tuple[int, int]]
) -> None:
    """Ordered on the page, seen waiting there, told step by step, then shown, and can be deleted."""
    sent = client.post("/runs", data=form(client))
    assert sent.status_code == 303
    run_id = sent.headers["location"].rpartition("/")[2]
    page = client.get("/record/history").text
    assert re.search(rf'<a href="/runs/{run_id}">What history says</a>: <span[^>]*>waiting<', page)
    steps: list[dict[str, Any]] = []
    mark = Shelf.mark

    def watched(self: Shelf, run: str, state: str, progress: Any = None) -> None:
        steps.append({"state": state, **(progress or {})})
        mark(self, run, state, progress)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Shelf, "mark", watched)
        fulfil(shelf, run_id)
    assert quick == [(60, 9)]
    assert {"state": "running", "words": "Weeks before and after contacts."} in steps
    assert client.get(f"/runs/{run_id}").headers["location"] == "/record/history"
    page = client.get("/record/history").text
    assert "placebo" in page
    assert "seed 9, 240 draws a model" in page
    assert "oc.history('korea', draws=60, seed=9)" in page.replace("&#39;", "'")
    about = client.get(f"/runs/{run_id}/about").text
    assert "Checks of the samplers" in about
    assert f"/runs/{run_id}/delete" in about
    found = oc.history("korea", draws=60, seed=9)
    assert found.data["seed"] == 9
    deleted = client.post(f"/runs/{run_id}/delete", data={"token": token(client)})
    assert deleted.status_code == 303
    assert "Nobody has asked yet" in client.get("/record/history").text


def test_an_older_study_leads_to_what_it_is_made_of(
    client: TestClient, shelf: Shelf, quick: list[tuple[int, int]]
) -> None:
    """The page of the record shows the younger one only."""
    older, younger = (
        shelf.add(HistoryOrder(f"Seed {seed}", draws=60, seed=seed)) for seed in (3, 4)
    )
    for run_id in (older, younger):
        fulfil(shelf, run_id)
    assert client.get(f"/runs/{older}").headers["location"] == f"/runs/{older}/about"
    assert client.get(f"/runs/{younger}").headers["location"] == "/record/history"
    assert len(quick) == 2


def test_what_was_found_last_is_shown(shelf: Shelf, quick: list[tuple[int, int]]) -> None:
    """Of two studies of the record the younger, whatever their names; one of other code is not."""
    archive = Archive("korea")
    assert archive.history(shelf.root) is None
    for name, seed in (("zebra", 3), ("ape", 4)):
        fulfil(shelf, shelf.add(HistoryOrder(name, draws=60, seed=seed)))
        found = archive.history(shelf.root)
        assert found is not None
        assert found.settings == {"draws": 60, "seed": seed}
    (youngest,) = shelf.root.glob("ape*/history.json")
    youngest.write_text(json.dumps(json.loads(youngest.read_text()) | {"code": "other"}))
    found = archive.history(shelf.root)
    assert found is not None
    assert found.settings["seed"] == 3


def test_a_stopped_study_begins_anew(client: TestClient, shelf: Shelf) -> None:
    """Taken out of the line before its turn; the page says what going on means."""
    run_id = client.post("/runs", data=form(client)).headers["location"].rpartition("/")[2]
    stopped = client.post(f"/runs/{run_id}/stop", data={"token": token(client)})
    assert stopped.status_code == 303
    entry = shelf.entry(run_id)
    assert entry is not None
    assert entry.state == "stopped"
    page = client.get(f"/runs/{run_id}").text
    assert "one that is stopped begins anew" in page
    assert f"/runs/{run_id}/resume" in page


def test_all_that_is_wrong_comes_back(client: TestClient, shelf: Shelf) -> None:
    """Sizes and names, with what was typed; nothing is ordered, and no form goes without token."""
    assert client.post("/runs", data=form(client, token="x")).status_code == 403
    words = client.post("/runs", data=form(client, draws="many", seed="-1"))
    assert words.status_code == 422
    assert "2 problems" in words.text
    assert 'value="many"' in words.text
    few = client.post("/runs", data=form(client, draws="4", seed="99999999999999999999"))
    assert "2 problems" in few.text
    assert shelf.entries() == []


def test_a_missing_part_is_said_plainly(
    client: TestClient, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the sampler the form comes back with what to install, and nothing waits."""
    monkeypatch.setattr(extras, "find_spec", lambda _name: None)
    told = client.post("/runs", data=form(client))
    assert told.status_code == 422
    assert "pip install &#39;openchannel[bayes]&#39;" in told.text
    assert "2 problems" in told.text  # nutpie and arviz
    assert shelf.entries() == []


def test_a_case_without_a_record_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said when it is ordered, not when its turn comes."""
    bare = replace(oc.load("korea"), evidence_folder="")
    monkeypatch.setattr("openchannel.usecases.cases.load", lambda _case: bare)
    with pytest.raises(UserError):
        HistoryOrder("x").check()


def test_each_step_is_told_with_how_many_there_are() -> None:
    """On the page and on the command line alike."""
    lines: list[str] = []
    say = use_case._numbered(lines.append, 15)
    for words in ("severity 2 and more: constant rate...", "weeks before and after contacts..."):
        say(words)
    assert lines[0] == "step 1 of 15: severity 2 and more: constant rate..."
    assert lines[1].startswith("step 2 of 15: ")
