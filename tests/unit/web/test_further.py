"""Further questions about a run: ordered on its page, worked on in the line, read beside the run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import openchannel as oc
from openchannel.errors import UserError
from openchannel.usecases.belief.argued import argued
from openchannel.usecases.shelf.further_orders import (
    FURTHER,
    BelieveOrder,
    LedgerOrder,
    RedTeamOrder,
)
from openchannel.usecases.runs.files import FILES, digests, stamp
from openchannel.usecases.shelf.shelf import Shelf, fulfil
from openchannel.web.app import create_app
from openchannel.web.line import Line
from unit.web.conftest import red_team

HOME = "http://127.0.0.1:8765"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """A shelf with one finished run of two policies."""
    made = Shelf(tmp_path_factory.mktemp("further") / "runs")
    oc.assess("korea", futures=16, policies=["P1", "P7"], folder=made.root / "small")
    return made


def token(client: TestClient) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/new").text)
    assert found
    return found[1]


def test_the_ledger_is_measured_beside_the_run(shelf: Shelf) -> None:
    """An order writes into the folder of the run what Python gives for the same settings.

    Pages and briefs that were made before show it, and the list of runs is no longer for it.
    """
    part = "/runs/small/brief.html?part=section-ledger"
    order_id = shelf.add(LedgerOrder("The ledger", of="small", futures=16, seed=2))
    with TestClient(create_app(shelf.root), base_url=HOME) as client:
        assert 'id="figure-claims-p-war"' not in client.get(part).text
        client.post(f"/runs/{order_id}/stop", data={"token": token(client)})
        assert f'href="/runs/{order_id}"' in client.get("/").text
    fulfil(shelf, order_id)
    entry = shelf.entry(order_id)
    assert entry is not None
    assert entry.state == "done"
    table = json.loads((shelf.root / "small" / "ledger.json").read_text("utf-8"))
    assert table == oc.ledger("korea", futures=16, seed=2).as_dict()
    shown = argued(shelf.run("small"))
    assert [s.anchor for s in shown.ledger] == ["section-claims"]
    assert shown.ledger_made == {"futures": 16, "seed": 2, "beliefs": "ranges", "policy": "P7"}
    with TestClient(create_app(shelf.root), base_url=HOME, follow_redirects=False) as client:
        assert 'id="figure-claims-p-war"' in client.get(part).text
        assert order_id not in client.get("/").text
        for path in (f"/runs/{order_id}", f"/runs/{order_id}/about"):
            assert client.get(path).headers["location"] == "/runs/small/believe#ledger"
        page = client.get("/runs/small/believe").text
        assert "Benefits and risks, one by one" in page
        asked = "oc.ledger('korea', futures=16, seed=2, beliefs='ranges', policy='P7')"
        assert asked in page.replace("&#39;", "'")


def test_what_cannot_be_asked_is_told(shelf: Shelf) -> None:
    """Sizes out of bounds at once; a run with too few draws when its turn comes."""
    for order in (
        BelieveOrder("x", of="small", futures=8),
        LedgerOrder("x", of="small", futures=10**9),
        RedTeamOrder("x", of="small", seed=-1),
    ):
        with pytest.raises(UserError):
            shelf.add(order)
    order_id = shelf.add(BelieveOrder("Too few", of="small", futures=512))
    with pytest.raises(UserError):
        fulfil(shelf, order_id)
    entry = shelf.entry(order_id)
    assert entry is not None
    assert entry.state == "failed"
    assert entry.problems[0]["mend"]
    shelf.delete(order_id)


def test_a_form_orders_and_a_faulty_one_comes_back(shelf: Shelf) -> None:
    """The form carries the token, names a finished run and a known question."""
    with TestClient(create_app(shelf.root), base_url=HOME, follow_redirects=False) as client:
        page = client.get("/runs/small/believe").text
        assert 'name="kind" value="ledger"' in page
        good = {
            "token": token(client),
            "of": "small",
            "kind": "ledger",
            "futures": "16",
            "seed": "1",
        }
        assert client.post("/further", data=good | {"token": "x"}).status_code == 403
        assert client.post("/further", data=good | {"kind": "horoscope"}).status_code == 404
        assert client.post("/further", data=good | {"of": "../etc"}).status_code == 404
        faulty = client.post("/further", data=good | {"futures": "many"})
        assert faulty.status_code == 422
        assert "is no whole number" in faulty.text
        sent = client.post("/further", data=good)
        assert sent.status_code == 303
        order_id = sent.headers["location"].rpartition("/")[2]
        client.post(f"/runs/{order_id}/stop", data={"token": good["token"]})
        told = client.get("/runs/small/believe").text
        assert re.search(rf'/runs/{order_id}">The ledger</a>: <span[^>]*>(stopped|running|waiting)', told)


def test_the_red_team_is_told_in_words(shelf: Shelf) -> None:
    """What was found for each side, with its beliefs and a way to hold them."""
    run = shelf.run("small")
    data = red_team(run)
    path: Path = shelf.root / "small" / "redteam.json"
    path.write_text(json.dumps(data), "utf-8")
    (told,) = argued(run).sides
    assert told.words[0] == (
        "“Isolation” beats “Status quo” and “Full engagement” by 1 % once 1 belief is moved. "
        "Fresh futures bear it out."
    )
    assert "−0.1 instead of 0.22" in told.beliefs[0]
    assert told.address == "/beliefs?policy=P1&gamma_D.low=-0.1&gamma_D.high=-0.1"
    path.write_text(json.dumps({**data, "code": "another"}), "utf-8")
    assert argued(run).sides == ()


def test_what_is_shown_depends_on_every_answer_beside_the_run(tmp_path: Path) -> None:
    """A new file of any kind, or a changed one of the same size, changes what tells of it."""
    seen = {(stamp(tmp_path), str(digests(tmp_path)))}
    for kind in ("assess", *FURTHER, "design", "hedge"):
        (tmp_path / FILES[kind]).write_text("{}", "utf-8")
        seen.add((stamp(tmp_path), str(digests(tmp_path))))
    assert len({s for s, _ in seen}) == len({d for _, d in seen}) == 7


def test_questions_go_with_their_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deleting a run deletes what was asked about it, and leaves what is asked of others; while a
    question is under way nothing goes, and the page says why.
    """
    monkeypatch.setattr(Line, "_work", lambda _self: None)
    shelf = Shelf(tmp_path)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text("{}", "utf-8")
    asked = {state: shelf.add(LedgerOrder(state, of="one")) for state in ("done", "waiting")}
    other = shelf.add(LedgerOrder("other", of="two"))
    shelf.mark(asked["done"], "done")
    shelf.mark(other, "done")
    with TestClient(create_app(shelf.root), base_url=HOME, follow_redirects=False) as client:
        given = {"token": token(client)}
        told = client.post("/runs/one/delete", data=given)
        assert told.status_code == 409
        assert "A question about this run is under way" in told.text
        assert {e.id for e in shelf.entries()} == {"one", "two", *asked.values(), other}
        client.post(f"/runs/{asked['waiting']}/stop", data=given)
        assert client.post("/runs/one/delete", data=given).status_code == 303
    assert {e.id for e in shelf.entries()} == {"two", other}
