"""Parts of pages that the server draws anew: what is asked, what comes, and what asks."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import openchannel.web
from openchannel.usecases.shelf.archive import Archive
from openchannel.usecases.shelf.orders import HedgeOrder, Order
from openchannel.usecases.shelf.shelf import Shelf
from openchannel.web.app import create_app
from openchannel.web.line import Line

HOME = "http://127.0.0.1:8765"
STATIC = Path(openchannel.web.__file__).parent / "static"
#: Of htmx 2.0.11 as it was published; a new one is a decision, and so is a changed byte.
HTMX = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "runs")


@pytest.fixture
def client(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The app, with a line in which nothing is worked on."""
    monkeypatch.setattr(Line, "_work", lambda _self: None)
    app = create_app(shelf.root, store=shelf.root / "none.duckdb")
    with TestClient(app, base_url=HOME, follow_redirects=False) as made:
        yield made


def test_htmx_is_the_published_one_with_its_licence() -> None:
    """To the byte; the notice of the package names it."""
    assert hashlib.sha256((STATIC / "htmx.min.js").read_bytes()).hexdigest() == HTMX
    assert "Zero-Clause BSD" in (STATIC / "htmx.LICENSE").read_text("utf-8")
    notice = Path(__file__).parents[3] / "NOTICE"
    assert "htmx 2.0.11" in notice.read_text("utf-8")


def test_htmx_evaluates_nothing_and_styles_nothing(client: TestClient) -> None:
    """Its settings on a page that uses it; a page that does not is spared it."""
    page = client.get("/record").text
    found = re.search(r"<meta name=\"htmx-config\" content='(.+?)'>", page)
    assert found
    told = json.loads(found[1])
    for switch in ("allowEval", "allowScriptTags", "includeIndicatorStyles"):
        assert told[switch] is False
    assert told["historyCacheSize"] == 0
    assert "hx-on" not in page
    assert "htmx" not in client.get("/new").text


def test_the_state_of_a_run_is_asked_anew_while_it_is_under_way(
    client: TestClient, shelf: Shelf
) -> None:
    """With the share that is done or the step it is at; what is over asks no more."""
    assert "htmx" not in client.get("/").text
    run, other = shelf.add(Order("One", futures=16)), shelf.add(HedgeOrder("Two"))
    shelf.mark(run, "running", {"done": 4, "total": 16})
    shelf.mark(other, "running", {"words": "Branches of <b>P5</b>."})
    page = client.get("/").text
    assert f'hx-get="/runs/{run}/state" hx-trigger="every 1s"' in page
    assert "running, 25%" in client.get(f"/runs/{run}/state").text
    assert "running: Branches of &lt;b&gt;P5&lt;/b&gt;." in client.get(f"/runs/{other}/state").text
    assert f'hx-get="/runs/{other}/state"' in client.get("/how").text
    shelf.mark(run, "done", {"done": 16, "total": 16})
    assert client.get(f"/runs/{run}/state").text.strip().endswith('<span class="state">done</span>')
    assert "deleted" in client.get("/runs/nowhere/state").text


def test_the_network_is_drawn_for_a_quarter(client: TestClient) -> None:
    """The first day of the quarter, or the last of the record; the box and the address follow."""
    end = Archive("korea").end
    last = (int(end[:4]) - 1989) * 4 + (int(end[5:7]) - 1) // 3
    for quarter, day in ((116, "2018-01-01"), (117, "2018-04-01"), (last, end), (last + 9, end)):
        part = client.get(f"/record/network/part?quarter={quarter}")
        assert part.headers["hx-replace-url"] == f"/record/network?on={day}"
        assert f"On {day}:" in part.text
        assert re.search(rf'<input id="on"[^>]*value="{day}"[^>]*hx-swap-oob="true"', part.text)
        assert "<html" not in part.text
    page = client.get("/record/network?on=2018-06-12").text
    assert re.search(r'<input id="slider"[^>]*value="117"', page)
    assert page.count('id="on"') == 1
    assert "hx-swap-oob" not in page
    for odd in ("-1", "x", "5000"):
        assert client.get(f"/record/network/part?quarter={odd}").status_code == 422


def test_the_record_is_searched_in_its_place(client: TestClient) -> None:
    """The address holds what was looked for, without what was left empty; faults stand there too."""
    empty = "until=&channel=&text="
    found = client.get(f"/record?kind=contact&since=2018&{empty}")
    assert found.headers["hx-replace-url"] == "/record?since=2018&kind=contact"
    faulty = client.get(f"/record?since=never&{empty}")
    assert faulty.status_code == 422
    for page in (found.text, faulty.text):
        assert page.count('id="found"') == 1
    assert "problems" in faulty.text.split('id="found"')[1]
