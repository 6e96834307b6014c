"""The page of beliefs: rows to move, answers that sharpen, the same number in every face."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import openchannel as oc
from openchannel.cli.app import app
from openchannel.usecases.sketches.sketch import FIRST
from openchannel.web.app import create_app
from openchannel.web.answering import stream
from openchannel.web.sketching import MOST_ASKS, Sketching

HOME = "http://127.0.0.1:8765"
_PATIENCE = 300.0  # seconds; on a crowded machine the process that sketches loads slowly
MOVED = {"gamma_D": [-0.1, 0.3]}
ASK = {"start": "W5", "policy": "P7", "baseline": "P0", "overlay": "", "seed": 4, "moved": MOVED}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    root = tmp_path_factory.mktemp("argue") / "runs"
    with TestClient(create_app(root), base_url=HOME, follow_redirects=False) as made:
        yield made


@pytest.fixture(scope="module")
def sketching() -> Iterator[Sketching]:
    made = Sketching("korea")
    yield made
    made.close()


def first_answers(sketching: Sketching, ask: dict[str, Any], n: int) -> list[dict[str, Any]]:
    """The first answers to an ask, after which its reader leaves."""

    async def read() -> list[dict[str, Any]]:
        found = []
        async with aclosing(sketching.answers(ask)) as answers:
            async for told in answers:
                if "note" in told:
                    continue
                found.append(told)
                if len(found) == n or told["last"]:
                    break
        return found

    return asyncio.run(asyncio.wait_for(read(), _PATIENCE))


def test_every_belief_stands_on_the_page(client: TestClient) -> None:
    """Each row has a curve, its two numbers, its grade, its reasoning; markup has no inline code."""
    page = client.get("/beliefs?start=W2&gamma_D.low=-0.1&gamma_D.high=0.3").text
    rows = re.findall(r'data-row="(\w+)"', page)
    assert len(rows) == len(set(rows)) > 100
    assert page.count('class="was" d="M') == page.count('class="now" d="M') == len(rows)
    assert page.count("why this range") == len(rows)
    assert re.findall(r'class="belief moved" data-row="(\w+)"', page) == ["gamma_D"]
    assert 'name="gamma_D.low" value="-0.1"' in page
    assert "Deterrence" in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)


def test_the_same_number_in_every_face(
    client: TestClient, sketching: Sketching, tmp_path: Path
) -> None:
    """An answer after n futures is that of Python and of the command line for n futures."""
    (told,) = first_answers(sketching, ASK, 1)
    answer = told["answer"]
    again = answer["again"]
    (tmp_path / "own.yaml").write_text(again["own"], "utf-8")
    at_home = Path.cwd()
    os.chdir(tmp_path)
    try:
        made: dict[str, oc.Run] = {}
        exec(again["python"], made)
        words = [*again["command"].split()[1:], "--format", "none", "--quiet"]
        said = CliRunner().invoke(app, words)
    finally:
        os.chdir(at_home)
    in_python = made["run"].wager("P7")
    on_the_line = json.loads((tmp_path / "again" / "summary.json").read_text())["wager"]["P7"]
    assert said.exit_code == 0, said.output
    for name in ("mean_gain", "mean_gain_mcse", "verdict"):
        assert answer[name] == in_python[name] == on_the_line[name]
    assert answer["futures"] == made["run"].summary["futures"] == FIRST


def test_answers_sharpen_and_are_shown(sketching: Sketching) -> None:
    """Each event has markup for twice the futures, with the change since the start and since the
    last move in words; its error shrinks.
    """

    async def read() -> list[dict[str, Any]]:
        found = []
        async with aclosing(
            stream(sketching, {**ASK, "before": {"moved": {"e_f": [0.1, 0.2]}, "off": ["B6"]}})
        ) as events:
            async for event in events:
                told = json.loads(event.removeprefix("data: "))
                if "html" in told:
                    found.append(told)
                if len(found) == 3:
                    break
        return found

    events = asyncio.run(asyncio.wait_for(read(), _PATIENCE))
    assert [e["futures"] for e in events] == [FIRST, 2 * FIRST, 4 * FIRST]
    for event in events:
        assert "Fewer provocations at full dialogue" in event["html"]
        assert "What your last change did" in event["html"]
        assert "What all your changes did" in event["html"]
        assert "<svg" in event["html"]
        assert not re.search(r"<script|\sstyle=|\son\w+=", event["html"])
    assert "How the answer sharpened" in events[-1]["html"]


def test_readers_do_not_stop_each_other(sketching: Sketching) -> None:
    """A faulty ask is told its problems while another is answered; one who leaves, too."""

    async def both() -> list[list[dict[str, Any]]]:
        async def read(ask: dict[str, Any], n: int) -> list[dict[str, Any]]:
            found = []
            async with aclosing(sketching.answers(ask)) as answers:
                async for told in answers:
                    found.append(told)
                    if len(found) == n:
                        break
            return found

        asks = [(ASK, 2), ({**ASK, "policy": "P99"}, 9), ({**ASK, "moved": {"nothing": [0, 1]}}, 9)]
        return await asyncio.gather(*(read(*a) for a in asks))

    good, *bad = asyncio.run(asyncio.wait_for(both(), _PATIENCE))
    assert ["answer" in told for told in good] == [True, True]
    for told in bad:
        assert len(told) == 1
        assert told[0]["last"]
        assert told[0]["problems"][0]["mend"]


def test_a_process_that_dies_is_replaced(sketching: Sketching) -> None:
    """An ask under way when the process is killed is put to the next one and answered."""
    first_answers(sketching, ASK, 1)
    process = sketching._process
    assert process is not None

    async def killed_on_the_way() -> list[int]:
        sizes = []
        async with aclosing(sketching.answers({**ASK, "seed": 5})) as answers:
            async for told in answers:
                if "answer" not in told:
                    continue
                sizes.append(told["answer"]["futures"])
                if len(sizes) == 1:
                    os.kill(process.pid, signal.SIGKILL)
                elif len(sizes) >= 2 and sizes[-1] == FIRST:
                    break
        return sizes

    sizes = asyncio.run(asyncio.wait_for(killed_on_the_way(), _PATIENCE))
    assert sizes[0] == sizes[-1] == FIRST
    assert sketching._process is not process


def stub(folder: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """In place of the process that sketches, one that says some lines and then waits."""
    said = "\n".join(f"echo '{line}'" for line in lines)
    place = folder / "sketcher"
    place.write_text(f"#!/bin/sh\n{said}\ncat > /dev/null\n", "utf-8")
    place.chmod(0o755)
    monkeypatch.setattr("openchannel.web.sketching.sys.executable", str(place))


def test_a_line_that_is_no_answer_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a library prints between answers ends nobody's answers."""
    answer = json.dumps({"id": 1, "answer": {"futures": 512}, "last": True})
    stub(tmp_path, monkeypatch, "warning: a library", "[1]", '{"ready": true}', "3", answer)
    sketching = Sketching("korea", patience=30.0)
    try:
        told = first_answers(sketching, ASK, 1)
    finally:
        sketching.close()
    assert told == [{"answer": {"futures": 512}, "last": True}]


def test_an_ask_that_is_never_answered_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a time limit the page says so; then the ask no longer counts among those under way."""
    stub(tmp_path, monkeypatch, '{"ready": true}')
    sketching = Sketching("korea", patience=0.05)
    try:
        for _ in range(MOST_ASKS + 1):
            (told,) = first_answers(sketching, ASK, 1)
            assert told["last"]
            assert "No answer came" in told["failed"]
    finally:
        sketching.close()


def test_a_reader_who_leaves_at_the_first_word_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever goes while the simulator loads holds neither a place nor the lock."""
    stub(tmp_path, monkeypatch)  # never ready, so the first word is the note

    async def come_and_go(sketching: Sketching) -> None:
        for _ in range(MOST_ASKS + 1):
            async with aclosing(sketching.answers(ASK)) as answers:
                told = await anext(answers)
                assert "note" in told
                # Another thread gets the lock while this reader holds still at the `yield`.
                await asyncio.wait_for(asyncio.to_thread(sketching.warm), 10)

    sketching = Sketching("korea")
    try:
        asyncio.run(asyncio.wait_for(come_and_go(sketching), 60))
    finally:
        sketching.close()


def test_an_ask_without_the_token_is_refused(client: TestClient) -> None:
    """A foreign page cannot have anything sketched, and nonsense is refused."""
    assert client.post("/sketch", json=ASK).status_code == 403
    page = client.get("/beliefs").text
    found = re.search(r'data-token="([^"]+)"', page)
    assert found
    sent = {"x-token": found[1]}
    assert client.post("/sketch", content=b"[1]", headers=sent).status_code == 400
    bad = client.post("/sketch", json={**ASK, "seed": "x"}, headers=sent)
    assert bad.headers["content-type"].startswith("text/event-stream")
    assert "problem" in bad.text


def test_without_scripts_the_page_answers_too(client: TestClient) -> None:
    """The form alone gives the same answer; its faults come back as problems."""
    page = client.get("/beliefs?answer=yes&gamma_D.low=-0.1&gamma_D.high=0.3").text
    assert "What your change did" in page
    assert "2,048 futures" in page
    assert client.get("/beliefs?gamma_D.low=x&gamma_D.high=1").status_code == 422
    assert client.get("/beliefs?start=W9").status_code == 422
    wrong = client.get("/beliefs?answer=yes&gamma_D.low=2&gamma_D.high=1").text
    assert "To mend it" in wrong


def test_files_curves_and_orders_follow_the_page(client: TestClient) -> None:
    """The file of beliefs is one that `assess --own` takes; the form of a run holds it."""
    query = "start=W2&gamma_D.low=-0.1&gamma_D.high=0.3&policy=P5&baseline=P1"
    text = client.get(f"/beliefs/own.yaml?{query}").text
    assert "gamma_D: {set: -0.1 to 0.3}" in text
    assert oc.assess("korea", futures=2, policies=["P7"], own=_mapping(text)).summary
    form = client.get(f"/new?{query}").text
    assert "gamma_D: {set: -0.1 to 0.3}" in form
    assert '<option value="P1" selected>' in form
    assert re.search(r'value="P5" checked', form)
    curve = client.get("/beliefs/curve?row=gamma_D&low=-0.1&high=0.3")
    assert curve.json()["d"].startswith("M")
    assert client.get("/beliefs/curve?row=gamma_D&low=0.3&high=-0.1").status_code == 422
    assert client.get("/beliefs/curve?row=gamma_D&low=nan&high=1").status_code == 422
    for far in ("low=1&high=1e300", "low=1e-308&high=1", "low=-1e308&high=1e308", "low=1&high=inf"):
        for row in ("q01_times", "B_stake"):
            assert client.get(f"/beliefs/curve?row={row}&{far}").status_code in (200, 422)
            assert client.get(f"/beliefs/charts/{row}.csv?{far}").status_code in (200, 422)
    for row, far in (("q01_times", "low=1&high=1e300"), ("B_stake", "low=-1e308&high=1e308")):
        assert client.get(f"/beliefs/curve?row={row}&{far}").status_code == 422
    assert client.get("/beliefs?q01_times.low=1&q01_times.high=1e300").status_code == 200
    assert client.get("/beliefs/curve?row=none&low=0&high=1").status_code == 404


def _mapping(text: str) -> dict[str, Any]:
    from ruamel.yaml import YAML

    return dict(json.loads(json.dumps(YAML(typ="safe").load(text))))


_NASTY = ("", "x", "\0", "-1", "1e999", "nan", "9" * 400, "<b>", "../..", "{{7*7}}", "é€", "W1,W2")


@pytest.mark.parametrize("nasty", _NASTY)
def test_no_address_breaks_the_pages(client: TestClient, nasty: str) -> None:
    """Whatever stands in an address, the answer is a page or a refusal in words."""
    fields = ("start", "policy", "baseline", "overlay", "seed", "off", "gamma_D.low", "nothing.low")
    for field in fields:
        for page in ("/beliefs", "/beliefs/own.yaml", "/new"):
            found = client.get(page, params={field: nasty})
            assert found.status_code in (200, 422), (page, field)
            assert "<b>" not in found.text or "html" not in found.headers["content-type"]
    for field in ("from", "baseline", "beliefs", "seed", "c.SUM", "l.offer", "r.to", "id", "title"):
        for page in ("/policies", "/policies/told", "/policies/policy.yaml"):
            found = client.get(page, params={"from": "P7", field: nasty})
            assert found.status_code in (200, 422), (page, field)
            assert "<b>" not in found.text or "html" not in found.headers["content-type"]
    curve = {"row": "gamma_D", "low": nasty, "high": nasty, "start": nasty}
    assert client.get("/beliefs/curve", params=curve).status_code in (404, 422)


@pytest.mark.parametrize(
    "ask",
    [
        {},
        {"policy": 7},
        {"seed": "1"},
        {"seed": 2**80},
        {"moved": []},
        {"moved": {"gamma_D": [1]}},
        {"moved": {"gamma_D": [True, False]}},
        {"moved": {"gamma_D": ["0", "1"]}},
        {"off": "B1"},
        {"off": ["B99"]},
        {"before": 3},
        {"beliefs": "W9"},
        {"own_policy": "id: [", "policy": "MINE"},
        {"own_policy": "x" * 70_000},
    ],
)
def test_no_question_breaks_the_process(sketching: Sketching, ask: dict[str, Any]) -> None:
    """What is no question comes back as problems; what is one is answered."""
    (told,) = first_answers(sketching, ask, 1)
    assert ("answer" in told) == (ask == {})
    assert "failed" not in told
