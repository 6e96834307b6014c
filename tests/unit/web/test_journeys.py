"""Whole errands by keyboard alone, in Chromium: wide in light, and narrow in dark.

Each is one of the things that somebody comes to the app for; that of the record stands with the
pages. Nothing is clicked, filled in or focused but by keys, and each stop must be seen.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openchannel.usecases.shelf.shelf import Shelf
from unit.web.browser import PATIENCE, WAYS, Walk, sync_api
from unit.web.site import served

expect = sync_api.expect
everywhere = pytest.mark.parametrize("walk", WAYS, ids="-".join, indirect=True)
PARTS = '[aria-label="This run"] a'


@pytest.fixture(scope="module")
def site(shelf: Shelf, store: Path) -> Iterator[str]:
    with served(shelf.root, store) as address:
        yield address


def saved(download: Any) -> str:
    """The text of a file that was taken."""
    return Path(download.path()).read_text("utf-8")


@everywhere
def test_an_answer_is_read(walk: Walk) -> None:
    """Question, verdict and its rule, policies and schools side by side, the wager as a picture
    and as numbers, and how to make it again.
    """
    page = walk.open("/")
    walk.enter("main a", "A <i>first</i> run")
    walk.land("**/runs/first")
    assert page.inner_text("h1").endswith("?")
    expect(page.locator(".lead")).to_contain_text("Full engagement against status quo:")
    walk.enter("summary", "How a verdict is found")
    expect(page.get_by_text("the rule is fixed")).to_be_visible()
    walk.to('[aria-label="Policies side by side"]')
    walk.to('[aria-label="Schools of thought side by side"]')
    assert page.locator('[aria-label="Schools of thought side by side"] tbody tr').count() == 5
    walk.to("#figure-wager .picture")
    drawn = page.locator("#figure-wager img")
    expect(drawn).to_have_js_property("complete", True)
    assert drawn.evaluate("img => img.naturalWidth") > 0
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert drawn.evaluate("img => img.currentSrc").endswith(".dark.svg") == is_dark
    numbers = list(csv.reader(io.StringIO(saved(walk.saves("#figure-wager a", "CSV")))))
    assert len(numbers) > 3
    walk.enter("#figure-wager summary")
    expect(page.locator("#figure-wager details pre").first).to_be_visible()


@everywhere
def test_pictures_that_come_late_do_not_push_away_what_one_stands_on(walk: Walk) -> None:
    """Where somebody has gone on past charts by keyboard before these were drawn."""
    page, held = walk.page, list[Any]()
    page.context.route("**/charts/*.svg", lambda route: held.append(route))
    walk.open("/runs/first")
    third = page.locator("figure").nth(2).get_attribute("id")
    walk.to(f"#{third} details.again > summary")
    assert held
    page.context.unroute("**/charts/*.svg")  # what was held goes on
    for drawn in page.locator("figure img").all()[:3]:
        expect(drawn).to_have_js_property("complete", True)
        assert drawn.evaluate("img => img.naturalHeight") > 100
    walk.wait_until_seen()


@everywhere
def test_beliefs_are_argued_with(walk: Walk) -> None:
    """Start from a school, switch a claim off, stop; find a belief, move it, read why it stands
    where it stands, take it along as a file, mistype it, put it back.
    """
    page = walk.open("/beliefs")
    told = page.locator("#told")
    walk.to("#start")
    for school in ("W1", "W2"):
        walk.press("ArrowDown")
        page.wait_for_url(f"**/beliefs?start={school}**")
        expect(page.locator("#start")).to_be_focused()
    walk.enter(".group:has(.claims) > summary")
    walk.to('[name="off"]:not(:disabled)')
    walk.press("Space")
    expect(told).to_contain_text("switched off", timeout=PATIENCE)
    walk.enter("#stop", back=True)
    expect(page.locator("#futures")).to_contain_text("stopped")
    kept = told.inner_text()
    page.wait_for_timeout(500)
    assert told.inner_text() == kept
    expect(page.locator("#stop")).to_be_hidden()
    walk.write("#find", "gamma_D")
    row = page.locator(".belief:visible")
    expect(row).to_have_attribute("data-row", "gamma_D")
    expect(page.locator(".group:has(.claims)")).to_be_visible()
    low, curve = row.locator(".low"), row.locator("path.now")
    before, drawn = low.input_value(), curve.get_attribute("d")
    walk.to(".slide")
    walk.press("ArrowRight", 40)
    expect(told).to_contain_text("What your last change did", timeout=PATIENCE)
    assert low.input_value() != before
    expect(curve).not_to_have_attribute("d", drawn)
    page.wait_for_url(f"**gamma_D.low={low.input_value()}**")
    walk.enter(".why > summary")
    expect(row.locator(".why")).to_contain_text("grade")
    again = row.locator("details.again")
    walk.enter("details.again > summary")
    expect(again).to_contain_text(f"low={low.input_value()}")
    walk.to(".slide", back=True)
    walk.press("ArrowLeft", 4)
    expect(again).to_contain_text(f"low={low.input_value()}")
    expect(again).to_have_attribute("open", "")
    assert "gamma_D" in saved(walk.saves("#file", back=True))
    walk.write(".low", "7")
    expect(told).to_contain_text("To mend it", timeout=PATIENCE)
    expect(low).to_have_attribute("aria-invalid", "true")
    walk.enter(".back")
    expect(low).to_have_value(before)
    expect(told.locator(".verdict")).to_be_visible(timeout=PATIENCE)


@everywhere
def test_a_policy_is_composed(walk: Walk) -> None:
    """Another baseline, more contacts, a trigger: words and cost follow each key; what follows is
    played when it is asked for; the file and the order of a full run carry it.
    """
    page = walk.open("/policies?from=P4&beliefs=W2")
    walk.to("#from")
    walk.press("ArrowDown")
    page.wait_for_url("**/policies?from=P4B**")
    expect(page.locator("#from")).to_be_focused()
    words = page.locator("#words")
    walk.pick("#baseline", "P1")
    page.wait_for_url("**baseline=P1**")
    walk.write('[name="c.DEF"]', "12")
    expect(words).to_contain_text("Standing defence dialogue 12 times a year")
    walk.write('[name="r.triggers"]', "when severity >= 5 then suspend 13 weeks")
    expect(words).to_contain_text("13 weeks")
    walk.enter("#play", back=True)
    told = page.locator("#told")
    expect(told).to_contain_text("This policy in place of", timeout=PATIENCE)
    file = walk.saves("#file")
    assert file.suggested_filename == "MINE.yaml"
    assert "severity >= 5" in saved(file)
    walk.enter("#run")
    walk.land("**/new?**")
    assert "DEF: 12" in page.input_value("#own_policy")
    assert page.input_value("#baseline") == "P1"


@everywhere
def test_what_one_would_have_to_believe(walk: Walk) -> None:
    """Thresholds, maps, boxes, what to find out, claims and the red team; a point of a curve picks
    its box, and the box becomes beliefs; a further question is asked, and taken back.
    """
    page = walk.open("/runs/argued")
    walk.enter(PARTS, "What to believe")
    walk.land("**/runs/argued/believe")
    for part in ("thresholds", "pairs", "where", "matters", "information", "choice", "claims"):
        expect(page.locator(f"#section-{part}")).to_be_attached()
    walk.to("#section-thresholds *, #section-thresholds ~ section *")
    expect(page.locator("#box-0 h3")).to_contain_text("The box that fits best")
    walk.enter("#box-0 svg a:nth-of-type(20)")
    page.wait_for_url("**at=*#box-0")
    expect(page.locator("#box-0 h3")).to_contain_text("The box that you picked")
    picked = page.locator("#box-0 svg a[aria-current]")
    within = picked.get_attribute("aria-label").split(": ")[0].split("; ")
    assert page.locator("#box-0 h3 + ul li").all_inner_texts() == within
    walk.enter("#box-0 .button", "Believe this box")
    walk.land("**/beliefs?**")
    assert page.locator('.belief.moved[data-row="gamma_D"]').count() == 1
    walk.open("/runs/argued/believe")
    walk.enter('[aria-label="On this page"] a', "The red team")
    walk.enter("#redteam .button", "Hold these beliefs")
    walk.land("**/beliefs?policy=P1**")
    assert page.input_value('[name="gamma_D.low"]') == "-0.1"
    walk.open("/runs/argued/believe")
    walk.enter('[aria-label="On this page"] a', "The red team")
    walk.enter("summary", "What does each claim add?")
    walk.write("#ledger-futures", "65536")
    walk.press("Enter")
    walk.land("**/runs/the-ledger-*")
    stop(walk)
    delete(walk)


@everywhere
def test_how_to_build_it(walk: Walk) -> None:
    """A ticked row fades the other portfolios on the front; below stand the roll-out and, for a
    hedge, the rule card.
    """
    page = walk.open("/how")
    walk.enter("main a", "design")
    walk.land("**/runs/design/how")
    page.wait_for_selector("#plots .live svg")
    walk.to("#aims .mark-row")
    walk.press("Space")
    others = page.locator("#aims tbody tr").count() - 1
    expect(page.locator("#aims tr.dim")).to_have_count(others)
    walk.enter("#clear", back=True)
    expect(page.locator("#aims tr.dim")).to_have_count(0)
    page.wait_for_selector("#plots .live svg")
    walk.to("#section-rollout *, #section-rollout ~ section *")
    expect(page.locator("#section-rollout h2")).to_have_text("In what order")
    walk.open("/how")
    walk.enter("main a", "hedge")
    walk.land("**/runs/hedge/how")
    walk.to("#section-when .scroll, #section-when .picture")
    expect(page.locator("#section-when h2")).to_have_text("When to scale up, pause and stop")


@everywhere
def test_a_contact_is_written_down(walk: Walk) -> None:
    """What is missing is told with what was typed; a sound contact stands in the ledger until it
    is taken back.
    """
    page = walk.open("/record/add")
    walk.write("#start", "2025-06-26")
    walk.press("Enter")
    page.locator("[role=alert]").wait_for()
    assert page.input_value("#start") == "2025-06-26"
    walk.skip()
    walk.pick("#channel", "NYC")
    walk.pick("#confidence", "B")
    walk.write("#subject", "Talk in New York")
    walk.write("#source", "own note")
    walk.press("Enter")
    entries = page.locator("#ledger ~ div table")
    expect(entries).to_contain_text("Talk in New York")
    walk.write('[name="why"][required]', "a mistake")
    walk.press("Enter")
    expect(page.locator("#ledger ~ p")).to_have_text("Nothing stands in it yet.")


@everywhere
def test_a_brief_is_put_together_and_handed_on(walk: Walk, tmp_path: Path) -> None:
    """A part that is unticked goes from what is shown; the brief is taken as PDF; link and file of
    the run fill the form of a new one with what it was made from.
    """
    page = walk.open("/runs/first")
    walk.enter(PARTS, "Brief")
    walk.land("**/runs/first/brief")
    frame = page.frame_locator("iframe")
    frame.locator("#section-ledger").wait_for(state="attached")
    walk.to("input[value=section-ledger]")
    walk.press("Space")
    frame.locator("#section-ledger").wait_for(state="detached")
    frame.locator("#section-answer").wait_for(state="attached")
    brief = walk.saves("button", "PDF")
    assert Path(brief.path()).read_bytes().startswith(b"%PDF")
    walk.enter(PARTS, "This run", back=True)
    walk.land("**/runs/first/about")
    made = tmp_path / "run.json"
    made.write_text(saved(walk.saves("main a", "The file of this run")), "utf-8")
    walk.enter("main a", "The link of this run")
    walk.land("**/new?run=*")
    assert page.input_value("#seed") == str(json.loads(made.read_text("utf-8"))["seed"])
    walk.open("/new")
    walk.to("#file")
    with page.expect_file_chooser() as choosing:
        walk.press("Enter")
    choosing.value.set_files(made)
    walk.enter("button", "Fill the form")
    walk.land("**/new/file")
    expect(page.locator(".note")).to_contain_text("Filled from another's run")
    assert page.locator('[name="policies"]:checked').count() == 1


@everywhere
def test_runs_are_ordered_stopped_named_and_compared(walk: Walk) -> None:
    """The form, the progress, stop, go on, delete; a name; two runs side by side."""
    page = walk.open("/new")
    walk.write("#name", "By keyboard")
    walk.press("Enter")
    walk.land("**/runs/by-keyboard-*")
    run = page.url.removesuffix("#main").rpartition("/")[2]
    stop(walk)
    walk.enter("button", "Go on")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    walk.skip()
    stop(walk)
    delete(walk)
    expect(page.locator(f'[href="/runs/{run}"]')).to_have_count(0)
    walk.open("/runs/argued/about")
    walk.write("#name", "Named by keyboard")
    walk.press("Enter")
    walk.land("**/runs/argued")
    expect(page.locator("main > .run")).to_contain_text("Named by keyboard")
    walk.open("/")
    ticks = page.locator('[name="run"]')
    at = {ticks.nth(i).get_attribute("value"): i for i in range(ticks.count())}
    for run in sorted(("first", "second"), key=at.__getitem__):
        walk.to(f'[name="run"][value="{run}"]')
        walk.press("Space")
    walk.enter("button", "Compare the two that are ticked")
    walk.land("**/compare?**")
    for words in ("Settings that differ", "Beliefs that differ", "What the two runs say"):
        expect(page.locator("main")).to_contain_text(words)


def stop(walk: Walk) -> None:
    """Stop the run whose progress is shown; its page is opened anew once it has."""
    walk.enter("button", "Stop")
    expect(walk.page.get_by_role("button", name="Go on")).to_be_visible()
    expect(walk.page.locator("#state")).to_have_text("stopped")
    walk.skip()


def delete(walk: Walk) -> None:
    """Delete the stopped run that is shown."""
    walk.enter("button", "Delete")
    expect(walk.page.locator("h1")).to_have_text("Runs")
