"""Beliefs moved and sought, a policy composed, in Chromium, by keyboard and by mouse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from unit.web.site import served
from unit.web.test_browser import PATIENCE, browser, pytestmark, sync_api, visit

__all__ = ["browser", "pytestmark", "visit"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server without any run, which these pages do not need."""
    place = tmp_path_factory.mktemp("arguing")
    with served(place / "runs", place / "evidence.duckdb") as address:
        yield address


def focus(page: Any, selector: str) -> None:
    """Reach an element by the tabulator alone."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached")


def test_a_belief_is_moved_by_keyboard(visit: Any) -> None:
    """An arrow on a slider moves both ends and the curve, the answer follows and says what changed,
    the address holds it, and the belief can be put back.
    """
    visit.goto("/beliefs")
    visit.locator("#told .verdict").wait_for(timeout=PATIENCE)
    focus(visit, ".belief .slide")
    row = visit.locator(".belief:has(:focus)")
    low, high = row.locator(".low"), row.locator(".high")
    before = (low.input_value(), high.input_value(), row.locator("path.now").get_attribute("d"))
    for _ in range(40):
        visit.keyboard.press("ArrowRight")
    visit.locator("#told", has_text="What your change did").wait_for(timeout=PATIENCE)
    after = (low.input_value(), high.input_value(), row.locator("path.now").get_attribute("d"))
    assert all(a != b for a, b in zip(before, after, strict=True))
    name = row.get_attribute("data-row")
    assert f"{name}.low={after[0]}" in visit.url
    assert row.evaluate("(r) => r.classList.contains('moved')")
    row.locator(".back").press("Enter")
    visit.locator("#told:not(:has-text('What your change did'))").wait_for(timeout=PATIENCE)
    assert low.input_value() == before[0]


def test_a_switch_and_a_stop(visit: Any) -> None:
    """A claim is switched off and the answer says so; Stop ends the work and keeps the answer."""
    visit.goto("/beliefs?off=B6")
    visit.locator("#told", has_text="switched off").wait_for(timeout=PATIENCE)
    visit.locator("#stop").press("Enter")
    visit.locator("#futures", has_text="stopped").wait_for(timeout=PATIENCE)
    told = visit.inner_text("#told")
    visit.wait_for_timeout(700)
    assert visit.inner_text("#told") == told
    assert not visit.is_visible("#stop")


def test_a_search_leaves_the_claims_where_they_are(visit: Any) -> None:
    """Words that stand in one belief hide the others and open its group; claims stay at hand."""
    visit.goto("/beliefs")
    visit.fill("#find", "gamma_D")
    row = visit.locator('.belief[data-row="gamma_D"]')
    sync_api.expect(row).to_be_visible()
    sync_api.expect(visit.locator(".belief:visible")).to_have_count(1)
    claims = visit.locator(".group:has(.claims)")
    sync_api.expect(claims).to_be_visible()
    visit.fill("#find", "")
    sync_api.expect(claims).to_be_visible()


def test_a_fault_is_told_where_it_is_typed(visit: Any) -> None:
    """Ends the wrong way round mark their boxes and come back as a problem with its cure."""
    visit.goto("/beliefs")
    visit.locator("#told .verdict").wait_for(timeout=PATIENCE)
    box = visit.locator('[name="gamma_D.low"]')
    box.fill("1.5")
    visit.locator("#told", has_text="To mend it").wait_for(timeout=PATIENCE)
    visit.locator('[name="gamma_D.low"][aria-invalid="true"]').wait_for(timeout=PATIENCE)


def test_a_policy_is_composed_by_keyboard(visit: Any) -> None:
    """Words and cost follow each keystroke; what follows is played when it is asked for."""
    visit.goto("/policies?from=P5&beliefs=W2")
    channel = visit.locator('[name="c.DEF"]')
    channel.press("Control+a")
    channel.press_sequentially("12")
    visit.locator("#words", has_text="Standing defence dialogue 12 times a year").wait_for(
        timeout=PATIENCE
    )
    focus(visit, "#play")
    visit.keyboard.press("Enter")
    visit.locator("#told .verdict").wait_for(timeout=PATIENCE)
    assert "This policy in place of" in visit.inner_text("#told")
    with visit.expect_download() as download:
        visit.locator("#file").press("Enter")
    assert download.value.suggested_filename == "MINE.yaml"
