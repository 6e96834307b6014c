"""Runs of the web app: ordered, made in a worker, shown, stopped, taken up again."""

from __future__ import annotations

import csv
import functools
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import openchannel as oc
from openchannel.usecases.runs.answer import policy_rows
from openchannel.usecases.shelf.recipe import recipe
from openchannel.usecases.shelf.shelf import Order, Shelf
from openchannel.web.app import create_app
from openchannel.web.line import Line, _end

HOME = "http://127.0.0.1:8765"
OWN = "title: Mine <b>\nbeliefs: {gamma_D: -0.12}\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("web") / "runs"


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    with TestClient(create_app(root), base_url=HOME, follow_redirects=False) as made:
        yield made


def token(client: TestClient) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/new").text)
    assert found
    return found[1]


def form(client: TestClient, **changes: str) -> dict[str, str]:
    """What the page of a new run sends."""
    small = {"name": "A <i>first</i> run", "policies": "P7", "futures": "16", "seed": "3"}
    return {**small, "beliefs": "W5", "overlay": "", "own": "", "token": token(client), **changes}


def _wait_until(is_so: Callable[[], object], seconds: float = 60.0) -> None:
    limit = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < limit
        time.sleep(0.05)


@pytest.fixture(scope="module")
def made(client: TestClient, root: Path) -> str:
    """The id of a finished run, ordered on the page and made by the worker."""
    sent = client.post("/runs", data=form(client))
    assert sent.status_code == 303
    run_id = sent.headers["location"].rpartition("/")[2]
    events = client.get(f"/runs/{run_id}/events")  # ends when the run does
    last = json.loads(events.text.strip().rpartition("data: ")[2])
    assert last["state"] == "done", Shelf(root).entry(run_id)
    assert last["done"] == last["total"] > 0
    return run_id


def test_the_same_number_from_python(client: TestClient, made: str) -> None:
    """The web's summary is that of the Python lines under the charts, number for number."""
    shown = client.get(f"/runs/{made}/summary.json").json()
    lines = recipe(client.get(f"/runs/{made}/manifest.json").json())
    told: dict[str, oc.Run] = {}
    exec(lines.python, told)
    python = told["run"]
    assert json.loads(json.dumps(python.summary)) == shown
    page = client.get(f"/runs/{made}").text
    assert lines.command in client.get(f"/runs/{made}/about").text
    assert all(row["war"] in page for row in policy_rows(python.summary))


def test_names_are_escaped(client: TestClient, made: str) -> None:
    """Markup in a name stays text."""
    for path in ("/", f"/runs/{made}"):
        page = client.get(path).text
        assert "<i>first" not in page
        assert "&lt;i&gt;first" in page


def test_charts_come_in_three_forms(client: TestClient, made: str) -> None:
    """Each chart of the page can be had as picture and as numbers."""
    names = set(re.findall(rf"/runs/{made}/charts/([\w-]+)\.svg", client.get(f"/runs/{made}").text))
    assert names
    for name in names:
        at = f"/runs/{made}/charts/{name}"
        assert client.get(f"{at}.svg").text.startswith("<svg")
        rows = list(csv.reader(io.StringIO(client.get(f"{at}.csv").text)))
        assert len(rows) > 1
        assert len({len(r) for r in rows}) == 1
    assert client.get(f"{at}.png").content.startswith(b"\x89PNG")
    assert client.get(f"{at}.exe").status_code == 404


def test_the_brief_is_shut_off_from_the_app(client: TestClient, made: str) -> None:
    """The brief runs its own script without the app's origin, and without requests."""
    brief = client.get(f"/runs/{made}/brief.html")
    assert brief.text.startswith("<!doctype html>")
    assert "sandbox allow-scripts;" in brief.headers["content-security-policy"] + ";"
    assert client.get(f"/runs/{made}/brief.docx").content.startswith(b"PK")


def test_all_problems_come_back_with_the_form(client: TestClient, root: Path) -> None:
    """A faulty order is refused with every problem and what was typed, and leaves no run."""
    before = len(Shelf(root).entries())
    bad = form(client, name="Hawk", futures="1", seed="99999999999999999999", policies="P99")
    answers = [
        client.post("/runs", data=bad | {"futures": "many"}),
        client.post("/runs", data=bad | {"futures": "16"}),
        client.post("/runs", data=form(client, own="beliefs: [", name="Hawk")),
        client.post("/runs", data=form(client, own=OWN.replace("gamma_D", "gamma_Q"), name="Hawk")),
        client.post("/runs", data=form(client, name=" ")),
    ]
    assert [a.status_code for a in answers] == [422] * 5
    assert "2 problems" in answers[1].text
    assert 'value="Hawk"' in answers[1].text
    assert "gamma_Q" in answers[3].text
    assert len(Shelf(root).entries()) == before


def test_orders_are_taken_up_in_the_order_they_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restart first what was running, then first come, first served, whatever the names."""
    shelf = Shelf(tmp_path)
    ids = [shelf.add(Order(name, futures=16)) for name in ("zebra", "yak", "ape", "bee")]
    for second, run_id in enumerate(ids):
        os.utime(tmp_path / run_id / "order.json", (second, second))
    shelf.mark(ids[3], "running")
    monkeypatch.setattr(Line, "_work", lambda _self: None)  # nothing is taken out of the line
    line = Line(shelf)
    line.open()
    assert sorted(ids, key=line.ahead) == [ids[3], *ids[:3]]


def test_a_worker_stops_where_sigint_is_ignored(tmp_path: Path) -> None:
    """What a script starts in the background ignores SIGINT, and so do its children: a worker
    stops when it is asked to and when its parent is gone, and keeps what is finished.
    """
    shelf = Shelf(tmp_path)
    order = Order("long", futures=65_536, policies=("P7",), beliefs="W5")
    for end in (lambda p: _end(p), lambda p: p.stdin.close()):
        run_id = shelf.add(order)
        command = [sys.executable, "-m", "openchannel.web.worker", str(tmp_path), run_id]
        deaf = functools.partial(signal.signal, signal.SIGINT, signal.SIG_IGN)
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, preexec_fn=deaf
        ) as process:
            # Not before the first futures: a simulator that is being compiled hears nothing.
            _wait_until(lambda: (e := shelf.entry(run_id)) and e.progress.get("done"), 120.0)
            end(process)
            assert process.wait(20) == 130
        assert (tmp_path / run_id / "state.json").is_file()


def test_a_run_that_was_under_way_is_taken_up(tmp_path: Path) -> None:
    """After a restart a run that was running is waiting again; a waiting one can be stopped,
    gone on with, and deleted only when nobody works on it.
    """
    shelf = Shelf(tmp_path / "runs")
    first = shelf.add(Order("one", futures=16, policies=("P7",), beliefs="W5"))
    second = shelf.add(Order("two", futures=16, policies=("P7",), own=OWN))
    shelf.mark(first, "running")
    with TestClient(create_app(shelf.root), base_url=HOME, follow_redirects=False) as client:
        pass_ = {"token": token(client)}
        assert client.post(f"/runs/{second}/delete", data=pass_).status_code == 409
        assert client.post(f"/runs/{second}/stop", data=pass_).status_code == 303
        entry = shelf.entry(second)
        assert entry is not None
        assert entry.state == "stopped"
        assert client.post(f"/runs/{second}/delete", data=pass_).status_code == 303
        assert shelf.entry(second) is None
        assert client.post(f"/runs/{first}/stop", data=pass_).status_code == 303
        _wait_until(lambda: not ((e := shelf.entry(first)) and e.is_under_way))
        entry = shelf.entry(first)
        assert entry is not None
        assert entry.state == "stopped"
        assert client.post(f"/runs/{first}/resume", data=pass_).status_code == 303
    left = shelf.entry(first)
    assert left is not None
    assert left.is_under_way, "closing the server leaves it for the next start"
