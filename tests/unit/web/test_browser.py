"""Every page in Chromium: desktop and phone, light and dark, by mouse and by keyboard alone.

No request leaves this machine, nothing is told on the console, axe finds no violation, and no page
is wider than its window. Skips where no Chromium is installed.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from openchannel.ensemble.store import write_json
from openchannel.usecases.orders import Order, as_data
from openchannel.usecases.shelf import Shelf
from unit.web.site import served

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

CHROMIUM = next((p for n in ("chromium", "chromium-browser") if (p := shutil.which(n))), None)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine (Debian: apt-get install chromium)"
)

PAGES = (
    "/",
    "/new",
    "/new/design",
    "/new/hedge",
    "/beliefs",
    "/policies",
    "/runs/first",
    "/runs/first/believe",
    "/runs/first/about",
    "/runs/first/brief",
    "/runs/stopped",
    "/beliefs?start=W2&gamma_D.low=-0.1&gamma_D.high=0.3&off=B3",
    "/policies?from=P15S",
    "/policies?from=P7&l.offer=9",
    "/compare?a=first&b=second",
    "/how",
    "/runs/design/how",
    "/runs/hedge/how",
    "/record",
    "/record?kind=crisis&since=1990",
    "/record?since=never",
    "/record/rows/C003",
    "/record/network?on=2018-06-12",
    "/record/history",
    "/record/forecasts",
    "/record/add",
    "/nowhere",
)
PATIENCE = 300_000
"""Milliseconds for what has to be compiled or made first, on a busy machine."""
WIDTHS = {"desktop": 1280, "phone": 390}


@pytest.fixture(scope="module")
def site(shelf: Shelf, store: Path) -> Iterator[str]:
    """The app, with an order that was stopped on its way."""
    write_json(shelf.root / "stopped" / "order.json", as_data(Order("Stopped", futures=16)))
    shelf.mark("stopped", "stopped", {"done": 4, "total": 16})
    with served(shelf.root, store) as address:
        yield address
    shelf.delete("stopped")


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser without a window."""
    with sync_api.sync_playwright() as play:
        # The sandbox of Chromium cannot be set up by root, as whom containers run.
        made = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as made:
        yield made


class Visit:
    """A page of the browser that remembers what it must not see."""

    def __init__(self, browser: Any, site: str, width: int, scheme: str) -> None:
        size = {"width": width, "height": 900}
        self.context = browser.new_context(viewport=size, color_scheme=scheme, base_url=site)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda e: self.faults.append(f"error: {e}"))
        self.page.route("**/*", self._route)
        self._site = site

    def _console(self, message: Any) -> None:
        # A page that says what is wrong has a status that says so too; the browser tells of it.
        expected = "the server responded with a status of 4"
        if message.type in ("error", "warning") and expected not in message.text:
            self.faults.append(f"console: {message.text}")

    def _route(self, route: Any) -> None:
        if route.request.url.startswith((self._site, "data:")):
            route.continue_()
        else:
            self.faults.append(f"foreign: {route.request.url}")
            route.abort()

    def close(self) -> None:
        self.context.close()
        assert not self.faults


@pytest.fixture
def visit(browser: Any, site: str) -> Iterator[Any]:
    made = Visit(browser, site, WIDTHS["desktop"], "light")
    yield made.page
    made.close()


def violations(page: Any, rules: list[str] | None = None) -> list[str]:
    """What axe finds, in its words, with the element."""
    options: dict[str, Any] = {"iframes": False, "resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = axe.Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}" for v in found]


def faults(page: Any, width: int) -> list[str]:
    """What is wrong with the page that is open, in light and in dark, and whether it fits."""
    path = page.url
    wrong = [f"{path} {v}" for v in violations(page)]
    page.emulate_media(color_scheme="dark")
    wrong += [f"{path} dark {v}" for v in violations(page, ["color-contrast"])]
    across = page.evaluate("document.documentElement.scrollWidth")
    return [*wrong, f"{path} is {across} wide"] if across > width else wrong


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_sound(browser: Any, site: str, width: str) -> None:
    """Light, then dark: no violation, no word on the console, nothing foreign, nothing too wide."""
    made = Visit(browser, site, WIDTHS[width], "light")
    wrong: list[str] = []
    loads = []
    for path in PAGES:
        made.page.emulate_media(color_scheme="light")
        begun = time.perf_counter()
        made.page.goto(path, wait_until="load")
        loads.append(time.perf_counter() - begun)
        if made.page.locator("#part[data-from]").count():  # forecasts, made at the first asking
            made.page.locator("#part section").first.wait_for(timeout=PATIENCE)
        wrong += faults(made.page, WIDTHS[width])
    told = f"median {median(loads):.2f} s, longest {max(loads):.2f} s ({PAGES[loads.index(max(loads))]})"
    print(f"\n{len(PAGES)} pages loaded, {width}: {told}")
    assert not wrong, "\n" + "\n".join(wrong)
    made.close()


def test_the_network_follows_the_slider_by_keyboard(visit: Any) -> None:
    """An arrow key moves the day by a quarter, and words, picture and table follow."""
    visit.goto("/record/network?on=2018-06-12")
    visit.focus("#slider")
    visit.keyboard.press("ArrowLeft")
    sync_api.expect(visit.locator("#part .lead")).to_contain_text("2018-01-01")
    assert visit.input_value("#on") == "2018-01-01"
    assert "on=2018-01-01" in visit.get_attribute("#part img", "src")
    assert visit.url.endswith("on=2018-01-01")


def test_brushing_one_plot_dims_the_others_in_all(visit: Any) -> None:
    """A brush by mouse, and ticked rows by keyboard, dim what is not meant in plots and table."""
    visit.goto("/runs/design/how")
    visit.wait_for_selector("#plots .live svg")
    visit.locator("#plots .live svg").scroll_into_view_if_needed()
    box = visit.locator("#plots .live svg").bounding_box()
    x, y = box["x"] + 70, box["y"] + 20
    visit.mouse.move(x, y)
    visit.mouse.down()
    visit.mouse.move(x + 60, y + 190, steps=5)
    visit.mouse.up()
    rows, dim = visit.locator("#aims tbody tr"), visit.locator("#aims tr.dim")
    sync_api.expect(dim).not_to_have_count(0)
    assert 0 < dim.count() < rows.count()
    visit.click("#clear")
    sync_api.expect(dim).to_have_count(0)
    visit.wait_for_selector("#plots .live svg")
    visit.focus("#aims .mark-row >> nth=1")
    visit.keyboard.press("Space")
    sync_api.expect(dim).to_have_count(rows.count() - 1)


def test_a_brief_is_put_together_by_keyboard(visit: Any) -> None:
    """A part that is unticked goes from what is shown, without a word from the mouse."""
    visit.goto("/runs/first/brief")
    frame = visit.frame_locator("iframe")
    frame.locator("#section-ledger").wait_for(state="attached")
    visit.focus("input[value=section-ledger]")
    visit.keyboard.press("Space")
    frame.locator("#section-ledger").wait_for(state="detached")
    assert frame.locator("#section-answer").count() == 1


def test_a_run_is_ordered_stopped_and_deleted_by_keyboard(visit: Any) -> None:
    """From the skip link to the list of runs: the form, the progress, stop, delete."""
    visit.goto("/new")
    visit.keyboard.press("Tab")
    assert visit.evaluate("document.activeElement.textContent") == "Skip to the content"
    visit.keyboard.press("Enter")
    visit.focus("#name")
    visit.keyboard.type("By keyboard")
    visit.keyboard.press("Enter")
    visit.wait_for_selector("#progress")
    for word, after in (("Stop", "stopped"), ("Delete", "")):
        visit.focus(f"button:text-is('{word}')")
        visit.keyboard.press("Enter")
        if after:
            sync_api.expect(visit.locator("#state")).to_have_text(after, timeout=30_000)
    visit.wait_for_url("**/")
    assert visit.get_by_text("By keyboard").count() == 0


def test_a_contact_is_added_by_keyboard(visit: Any) -> None:
    """What is missing is told with what was typed; a sound contact stands in the ledger."""
    visit.goto("/record/add")
    visit.focus("#start")
    visit.keyboard.type("2025-06-26")
    visit.keyboard.press("Enter")
    visit.wait_for_selector("[role=alert]")
    assert visit.input_value("#start") == "2025-06-26"
    visit.select_option("#channel", "NYC")
    visit.select_option("#confidence", "B")
    visit.fill("#subject", "Talk in New York")
    visit.fill("#source", "own note")
    visit.focus("#source")
    visit.keyboard.press("Enter")
    visit.wait_for_selector("#ledger ~ div table")
    assert "Talk in New York" in visit.text_content("#ledger ~ div table")


def test_on_paper_only_what_can_be_read_stays(visit: Any) -> None:
    """Tools, buttons and the line at the foot are no use on paper."""
    visit.set_viewport_size({"width": 700, "height": 900})
    visit.goto("/beliefs")
    for kind, is_seen in (("screen", True), ("print", False)):
        visit.emulate_media(media=kind)
        for part in ("body > header", ".tools", ".ticker", "#reset"):
            assert visit.locator(part).is_visible() == is_seen, (kind, part)
    assert visit.locator(".groups").is_visible()
