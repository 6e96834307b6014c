"""Parts that the server draws anew, and the entrance, in Chromium: by keyboard, at both widths."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from openchannel.ensemble.store import write_json
from openchannel.usecases.shelf.history_order import HistoryOrder
from openchannel.usecases.shelf.orders import as_data
from openchannel.usecases.shelf.shelf import Shelf
from unit.web.browser import WAYS, WIDTHS, Visit, Walk, faults, sync_api
from unit.web.site import served

expect = sync_api.expect
everywhere = pytest.mark.parametrize("walk", WAYS, ids="-".join, indirect=True)
KEY = "k" * 43


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parts") / "runs"


@pytest.fixture(scope="module")
def site(root: Path) -> Iterator[str]:
    with served(root, root.with_name("none.duckdb")) as address:
        yield address


@everywhere
def test_the_record_is_searched_while_one_types(walk: Walk) -> None:
    """Entries, chart and address follow the words; the keyboard stays where it was."""
    page = walk.open("/record")
    before = page.inner_text("#found h2")
    walk.write("#text", "Panmunjom")
    expect(page.locator("#found h2")).not_to_have_text(before)
    expect(page.locator("#text")).to_be_focused()
    page.wait_for_url("**/record?text=Panmunjom")
    expect(page.locator("#found img")).to_have_attribute("src", re.compile("text=Panmunjom"))
    walk.enter("#found a", "Everything")
    page.wait_for_url("**/record")
    expect(page.locator("#found h2")).to_have_text(before)


def test_the_state_of_a_run_follows_it(browser: Any, site: str, root: Path) -> None:
    """In the list of runs, without its being opened anew; once it is over nothing more is asked."""
    shelf, run_id = Shelf(root), "watched"
    write_json(root / run_id / "order.json", as_data(HistoryOrder("Watched", draws=60)))
    shelf.mark(run_id, "running", {"words": "Step 1 of 15: severity 2 and more."})
    visit = Visit(browser, site, WIDTHS["desktop"], "light")
    asked: list[str] = []
    visit.page.on("request", lambda r: asked.append(r.url))
    visit.page.goto("/")
    state = visit.page.locator(".state")
    expect(state).to_have_text("running: Step 1 of 15: severity 2 and more.")
    shelf.mark(run_id, "running", {"words": "Step 2 of 15: severity 2 and more."})
    expect(state).to_contain_text("Step 2 of 15")
    shelf.mark(run_id, "stopped")
    expect(state).to_have_text("stopped")
    n = len(asked)
    visit.page.wait_for_timeout(1500)
    assert len(asked) == n
    visit.close()
    shelf.delete(run_id)


def fail(status: int, route: Any) -> None:
    """Answer a request with a status, or not at all where that is nought."""
    route.fulfill(status=status) if status else route.abort()


def test_a_part_that_cannot_come_says_so(browser: Any, site: str) -> None:
    """A server that fails, one that began anew and one that is gone: words in its place, no wait without end."""
    for answer, words in (
        (500, "This could not be made"),
        (401, "The server has a new token."),
        (0, "The server does not answer."),
    ):
        visit = Visit(browser, site, WIDTHS["desktop"], "light")

        visit.context.route("**/record/forecasts/part", partial(fail, answer))
        visit.page.goto("/record/forecasts")
        expect(visit.page.locator("#part")).to_contain_text(words)
        visit.context.close()


@everywhere
def test_the_form_that_asks_history(walk: Walk) -> None:
    """What is wrong comes back with what was typed; the page is sound and fits."""
    page = walk.open("/record/history")
    walk.write("#draws", "4")
    walk.press("Enter")
    expect(page.locator("[role=alert]")).to_contain_text("draws")
    assert page.input_value("#draws") == "4"
    assert faults(page, page.viewport_size["width"]) == []


def _come_from_elsewhere(visit: Visit, walk: Walk, address: str) -> None:
    """Follow a link of another origin, with which no cookie is sent, and go on; then once more,
    typing the token. What the address asks for is asked for at the end.
    """
    page, elsewhere = visit.page, "http://elsewhere.example/"
    link = f'<!doctype html><title>x</title><a href="{address.replace("&", "&amp;")}">Look</a>'
    visit.own.append(elsewhere)
    visit.context.route(elsewhere, lambda r: r.fulfill(body=link, content_type="text/html"))
    for is_typed in (False, True):
        page.goto(elsewhere)
        page.click("a")
        expect(page.locator("h1")).to_have_text("This server asks for its token.")
        walk.skip()
        if is_typed:
            walk.write("#token", KEY)
            walk.press("Enter")
        else:
            walk.enter("a", "go on to the page")
        expect(page.locator("h1")).to_have_text("What do you believe?")
        assert page.input_value('[name="gamma_D.low"]') == "-0.1"
        assert page.is_checked('[name="off"][value="B3"]')
        assert KEY not in page.url


@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_a_browser_comes_in_with_the_token_once(
    browser: Any, tmp_path: Path, way: tuple[str, str]
) -> None:
    """Asked for it, refused with a wrong one, let in with the right one, and remembered; neither
    address nor scripts have it, and links from elsewhere lead in as well.
    """
    names = {"127.0.0.1"}
    with served(tmp_path / "runs", tmp_path / "none.duckdb", names=names, key=KEY) as site:
        visit = Visit(browser, site, WIDTHS[way[0]], way[1])
        walk = Walk(visit)
        page = walk.open("/new")
        assert faults(page, WIDTHS[way[0]]) == []
        walk.write("#token", "wrong")
        walk.press("Enter")
        expect(page.locator("h1")).to_contain_text("That is not the token")
        walk.skip()
        walk.write("#token", KEY)
        walk.press("Enter")
        page.wait_for_url(f"{site}/new")
        expect(page.locator("h1")).to_have_text("New run")
        assert page.evaluate("document.cookie") == ""
        page.goto("/record")
        expect(page.locator("h1")).to_have_text("The record")
        _come_from_elsewhere(
            visit, walk, f"{site}/beliefs?off=B3&gamma_D.low=-0.1&gamma_D.high=0.3"
        )
        visit.close()
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{site}/record")
        refused.value.close()
        assert refused.value.code == 401
