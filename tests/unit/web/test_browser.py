"""Every page in Chromium, wide in light and narrow in dark; what a mouse does; what is on paper.

No request leaves this machine, nothing is told on the console, axe finds no violation, and no page
is wider than its window. Skips where no Chromium is installed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from openchannel.ensemble.store import write_json
from openchannel.errors import Problem
from openchannel.usecases.shelf.archive import Archive
from openchannel.usecases.shelf.orders import Order, as_data
from openchannel.usecases.shelf.shelf import Shelf
from unit.web.browser import PATIENCE, WAYS, WIDTHS, Visit, Walk, faults, sync_api, violations
from unit.web.conftest import history_findings
from unit.web.site import served

expect = sync_api.expect

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
    "/runs/argued/believe",
    "/runs/under-way",
    "/runs/stopped",
    "/runs/failed",
    "/compare?a=first&b=second",
    "/how",
    "/runs/design/how",
    "/runs/hedge/how",
    "/runs/hedge/about",
    "/record",
    "/record/rows/C003",
    "/record/network?on=2018-06-12",
    "/record/history",
    "/record/forecasts",
    "/record/add",
    "/nowhere",
)
#: Pages where something was asked of them, or asked wrongly: looked at narrow in dark, where they
#: take the place of the same pages without a question.
ASKED = (
    "/runs/argued/believe?box=0&at=1",
    "/beliefs?start=W2&gamma_D.low=-0.1&gamma_D.high=0.3&off=B3",
    "/policies?from=P15S",
    "/policies?from=P7&l.offer=9",
    "/policies?baseline=P99",
    "/record?kind=crisis&since=1990",
    "/record?since=never",
)
PLAIN = {path.partition("?")[0] for path in ASKED}
#: Pages that look otherwise where nothing was ordered, asked or written down yet.
EMPTY = ("/", "/compare", "/how", "/record/history")


@pytest.fixture(scope="module")
def site(shelf: Shelf, store: Path) -> Iterator[str]:
    """The app, with orders in every state, and with what history says."""
    states = {"stopped": {"done": 4, "total": 16}, "under-way": {"done": 8, "total": 16}}
    for name in (*states, "failed"):
        write_json(shelf.root / name / "order.json", as_data(Order(name.capitalize(), futures=16)))
        shelf.mark(name, "stopped", states.get(name))
    shelf.fail("failed", [Problem("form", "beliefs", "is odd", "what is not", "write it anew")])
    found = history_findings()
    with pytest.MonkeyPatch.context() as patch, served(shelf.root, store) as address:
        patch.setattr(Archive, "history", lambda _self, _runs: found)
        shelf.mark("under-way", "running", states["under-way"])  # and no worker has it
        yield address
        shelf.mark("under-way", "stopped")
    for name in (*states, "failed"):
        shelf.delete(name)


@pytest.fixture
def visit(browser: Any, site: str) -> Iterator[Any]:
    made = Visit(browser, site, WIDTHS["desktop"], "light")
    yield made.page
    made.close()


@pytest.mark.parametrize(("width", "scheme"), WAYS)
def test_every_page_is_sound(browser: Any, site: str, width: str, scheme: str) -> None:
    """No violation, no word on the console, nothing foreign, nothing too wide."""
    made = Visit(browser, site, WIDTHS[width], scheme)
    wrong: list[str] = []
    loads = {}
    paths = PAGES if scheme == "light" else (*(p for p in PAGES if p not in PLAIN), *ASKED)
    for path in paths:
        begun = time.perf_counter()
        made.page.goto(path, wait_until="load")
        loads[path] = time.perf_counter() - begun
        if made.page.locator("#part[hx-get]").count():  # forecasts, made at the first asking
            made.page.locator("#part section").first.wait_for(timeout=PATIENCE)
        wrong += faults(made.page, WIDTHS[width])
    longest = max(loads, key=loads.__getitem__)
    told = f"median {median(loads.values()):.2f} s, longest {loads[longest]:.2f} s ({longest})"
    print(f"\n{len(paths)} pages loaded, {width}: {told}")
    assert not wrong, "\n" + "\n".join(wrong)
    made.close()


@pytest.mark.parametrize(("width", "scheme"), WAYS)
def test_pages_of_an_empty_shelf_are_sound(
    browser: Any, tmp_path: Path, width: str, scheme: str
) -> None:
    """Where there is nothing to show the page says what to do, as soundly as any other."""
    with served(tmp_path / "runs", tmp_path / "evidence.duckdb") as site:
        made = Visit(browser, site, WIDTHS[width], scheme)
        wrong: list[str] = []
        for path in EMPTY:
            made.page.goto(path)
            wrong += faults(made.page, WIDTHS[width])
        assert not wrong, "\n" + "\n".join(wrong)
        made.close()


ROWS = """<!doctype html><html lang="en"><head><title>Rows</title><style>
.pale {{ color: #ddd; }}
</style></head><body><main><h1>Rows</h1>
<table><tr><th scope="col">Day</th><th scope="col">Event</th></tr>{}</table></main></body></html>"""
ROW = "<tr><td>{0}</td><td><input id='i{0}' aria-label='Event {0}'></td></tr>"


@pytest.mark.parametrize(
    ("eighth", "found"),
    [
        (ROW.format(8), ""),
        ("<tr class='pale'><td>8</td><td>a test</td></tr>", "color-contrast"),
        ("<tr><td>8</td><td><input id='i8'></td></tr>", "label"),
        ("<tr><td>8</td><td><input id='i2' aria-label='Event 8'></td></tr>", "the id i2"),
    ],
)
def test_of_a_hundred_rows_the_faulty_one_is_seen(visit: Any, eighth: str, found: str) -> None:
    """Of rows that are alike three are looked at, and any that is not like them."""
    rows = [ROW.format(i) if i != 8 else eighth for i in range(100)]
    visit.set_content(ROWS.format("".join(rows)))
    told = violations(visit)
    assert len(told) == bool(found)
    assert all(found in t for t in told)
    assert visit.locator("tr").count() < 10


# --- the record, here because its forecasts are made but once for a server ------------------------


@pytest.mark.parametrize("walk", WAYS, ids="-".join, indirect=True)
def test_the_record_by_keyboard(walk: Walk) -> None:
    """Timeline with filters and sources, the network of any day, history with its placebo, and
    forecasts with their scores.
    """
    page = walk.open("/record")
    walk.to('[name="kind"][value="crisis"]')
    walk.press("Space")
    walk.write("#since", "1990")
    with page.expect_event("load"):  # the address alone has followed what was ticked already
        walk.press("Enter")
    walk.land("**/record?**kind=crisis**")
    kinds = page.locator(".entries td:nth-child(2)").all_inner_texts()
    assert {kind.split()[0] for kind in kinds} == {"crisis"}
    assert all(page.locator(".entries .source").all_inner_texts())
    walk.enter(".entries a")
    walk.land("**/record/rows/*")
    expect(page.locator(".facts")).to_contain_text("Source")
    walk.enter('[aria-label="The record"] a', "Network")
    walk.land("**/record/network")
    walk.to("#slider")
    before = page.input_value("#on")
    walk.press("ArrowLeft", 30)
    years, quarters = divmod(int(page.input_value("#slider")), 4)
    day = f"{1989 + years}-{1 + 3 * quarters:02}-01"  # the last of the days that were asked for
    assert day < before
    expect(page.locator("#on")).to_have_value(day)
    expect(page.locator("#part .lead")).to_contain_text(day)
    assert f"on={day}" in page.get_attribute("#part img", "src")
    walk.enter('[aria-label="The record"] a', "What history says", back=True)
    walk.land("**/record/history")
    expect(page.locator("main")).to_contain_text("placebo")
    walk.to("figure .picture")
    walk.enter('[aria-label="The record"] a', "Forecasts", back=True)
    walk.land("**/record/forecasts")
    page.locator("#section-log").wait_for(timeout=PATIENCE)
    walk.to(".scroll")
    expect(page.locator("main")).to_contain_text("not forecasts of war")


# --- by mouse, and on paper -----------------------------------------------------------------------


def test_brushing_one_plot_dims_the_others_in_all(visit: Any) -> None:
    """A brush by mouse dims what is not meant, in plots and table, until all is shown again."""
    visit.goto("/runs/design/how")
    visit.wait_for_selector("#plots .live svg")
    visit.locator("#plots .live svg").scroll_into_view_if_needed()
    box = visit.locator("#plots .live svg").bounding_box()
    x, y = box["x"] + 70, box["y"] + 20
    visit.mouse.move(x, y)
    visit.mouse.down()
    visit.mouse.move(x + 60, y + 190, steps=5)
    visit.mouse.up()
    rows = visit.locator("#aims tbody tr").count()
    visit.wait_for_function(
        "rows => [0, rows].indexOf(document.querySelectorAll('#aims tr.dim').length) < 0", arg=rows
    )
    visit.click("#clear")
    expect(visit.locator("#aims tr.dim")).to_have_count(0)


def test_on_paper_only_what_can_be_read_stays(visit: Any) -> None:
    """Tools, buttons and the line at the foot are no use on paper."""
    visit.set_viewport_size({"width": 700, "height": 900})
    visit.goto("/beliefs")
    for kind, is_seen in (("screen", True), ("print", False)):
        visit.emulate_media(media=kind)
        for part in ("body > header", ".tools", ".ticker", "#reset"):
            assert visit.locator(part).is_visible() == is_seen, (kind, part)
    assert visit.locator(".groups").is_visible()
