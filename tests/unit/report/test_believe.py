"""The chapter on beliefs: sentences say the numbers they are made from, and every form shows it."""

from __future__ import annotations

import copy
import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from golden.believe_example import example_believe
from golden.example import example_findings
from openchannel.report import compose_brief
from openchannel.report.belief.chapter import believe_section, sentences
from openchannel.report.belief.figures import curve_figure, strips_figure
from openchannel.report.belief.page import compose_believe
from openchannel.report.belief.view import View
from openchannel.report.belief.words import (
    again_words,
    agreement_words,
    box_words,
    choice_words,
    information_words,
    matters_words,
    nothing_told,
    threshold_words,
    thresholds_answer,
    value_text,
)
from openchannel.report.drawing import PAGE_FONT, svg
from openchannel.report.model import Bullets, Figure, Paragraph, Text
from openchannel.report.page import render_html
from openchannel.report.paper import render_pdf
from openchannel.report.word import render_docx


def plain(text: Text) -> str:
    return "".join(s.text for s in text).replace("\N{NO-BREAK SPACE}", " ")


def view(data: dict[str, Any] | None = None) -> View:
    return View(example_findings(), data or example_believe())


# --- thresholds -----------------------------------------------------------------------------


def test_the_answer_counts_the_beliefs_that_turn_it() -> None:
    """One of two beliefs turns the answer with the rest at the defaults; its name is said."""
    said = plain(thresholds_answer(view()))
    assert (
        "standing talks is better than the status quo (avoids 800 ± 40 equivalent deaths)" in said
    )
    assert "Of 2 beliefs moved one at a time" in said
    assert "one turns that round: “fewer false readings”." in said


def test_no_threshold_is_said_as_none() -> None:
    """Where nothing crosses, none is counted and none is named."""
    data = example_believe()
    for belief in data["thresholds"]["beliefs"]:
        for kind in ("central", "drawn"):
            for reading in (belief[kind] or {}).values():
                reading["threshold"] |= {"status": "none", "place": None, "value": None}
    said = plain(thresholds_answer(view(data)))
    assert "none turns that round." in said
    assert said.endswith("no belief looked at turns that round.")


def test_an_end_that_is_not_told_is_said() -> None:
    """A sign within its error at one end is neither a threshold nor the lack of one."""
    data = example_believe()
    reading = data["thresholds"]["beliefs"][1]["central"]["N0"]
    reading["threshold"]["status"] = "not_told"
    assert "For “onset” the run cannot tell at one end." in plain(thresholds_answer(view(data)))


def test_a_threshold_is_told_with_its_error_range_and_distance() -> None:
    """Every number of the sentence is one of the file."""
    told = view()
    belief = told.beliefs[0]
    reading = belief.reading("central", "N0")
    assert reading is not None
    assert plain(threshold_words(told, belief, reading, "N0")) == (
        "Fewer false readings: standing talks is no better than the status quo below "
        "0.150 ± 0.012 (default 0.3, range 0 to 0.6); that is 50 ± 4 % of the way from the default "
        "to the low end."
    )


def test_the_side_of_a_threshold_follows_the_slope() -> None:
    """Where more of a belief is worse, the policy is no better above."""
    data = example_believe()
    threshold = data["thresholds"]["beliefs"][0]["central"]["N0"]["threshold"]
    threshold |= {"better_above": False, "place": 0.5}
    told = view(data)
    belief = told.beliefs[0]
    said = plain(threshold_words(told, belief, belief.reading("central", "N0"), "N0"))
    assert "above 0.150" in said
    assert said.endswith("to the high end.")


# --- boxes ----------------------------------------------------------------------------------


def test_a_box_is_one_plain_sentence_with_its_numbers() -> None:
    """Limits, share of beliefs, share of the losing ones, and both densities."""
    box = example_believe()["where"]["boxes"][0]
    assert plain(box_words(view(), box)) == (
        "Standing talks loses where fewer false readings is below 0.12: 11 % of beliefs, 74 % of "
        "the losing ones; of the beliefs inside 61 % lose (55 % among beliefs that the search did "
        "not see)."
    )


@pytest.mark.parametrize(
    ("inside", "said"), [(-500.0, False), (-100.0, True), (100.0, True), (500.0, True)]
)
def test_a_box_without_a_mean_loss_inside_says_so(inside: float, said: bool) -> None:
    """With an error of 90 only a mean under -180 is a loss; all else is said to be none."""
    box = copy.deepcopy(example_believe()["where"]["boxes"][0])
    box["again"]["inside"] = {"mean": inside, "mcse": 90.0}
    assert ("no loss on average is measured" in plain(again_words(box))) is said


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(None, 0.2, "below 0.2"), (0.2, None, "above 0.2"), (0.1, 0.2, "between 0.1 and 0.2")],
)
def test_limits_are_said_by_their_open_side(low, high, words: str) -> None:
    """Below, above, or between."""
    box = copy.deepcopy(example_believe()["where"]["boxes"][0])
    box["limits"][0] |= {"low": low, "high": high}
    assert words in plain(box_words(view(), box))


def test_without_a_box_the_chapter_says_so() -> None:
    """No limit passed the bar: no sentence makes one up, and no curve is drawn."""
    data = example_believe()
    data["where"]["boxes"] = []
    section = believe_section(example_findings(), data)
    said = " ".join(plain(b.text) for b in section.blocks if isinstance(b, Paragraph))
    assert "No limit on any belief tells them from the others better than chance would." in said
    assert [b.id for b in section.blocks if isinstance(b, Figure)] == ["figure-beliefs"]


# --- the rest -------------------------------------------------------------------------------


def test_what_matters_is_said_with_errors_and_with_its_limits() -> None:
    """Shares in per cent, the warning on dependence, and the fair shares."""
    said = plain(matters_words(view()))
    assert "fewer false readings (18.7 ± 2.0 %) and onset (8.0 ± 2.0 %)" in said
    assert "count common parts twice" in said
    assert "crisis 20.0 ± 2.0 %" in said


def test_information_below_two_errors_is_not_claimed() -> None:
    """1,440 ± 98 is told; 100 ± 98 is not."""
    said = plain(information_words(view()))
    assert "at least 1,440 ± 100 equivalent deaths" in said
    assert "2,190" in said
    data = example_believe()
    assert "Knowing the right school alone would save 1,100 ± 120." in said
    data["information"]["evpi"]["school"] = {"mean": 1700.0, "mcse": 120.0}
    said = plain(information_words(view(data)))
    assert said.startswith("Knowing the right school of thought before choosing would save 1,700")
    data["information"]["evpi"]["at_least"] = {"mean": 100.0, "mcse": 98.0}
    data["information"]["evpi"]["school"] = {"mean": -50.0, "mcse": 98.0}
    assert "nothing that this run can measure" in plain(information_words(view(data)))


def test_questions_without_measurable_worth_are_named_not_ranked() -> None:
    """One of two questions is told; the other stands in the note alone."""
    assert nothing_told(view()) == (
        "One of two questions asked would bring an answer whose worth this run cannot tell from "
        "nought; the page of beliefs names it."
    )
    section = believe_section(example_findings(), example_believe())
    table = next(b for b in section.blocks if getattr(b, "id", "") == "table-collection")
    assert [plain(r.cells[0]) for r in table.rows] == ["1. Play crises and count readings"]
    assert plain(table.rows[0].cells[2]) == "220 ± 60"
    assert plain(table.rows[0].cells[3]) == "$2.2 ± 0.6 billion"


def test_first_places_that_are_not_firm_are_not_claimed() -> None:
    """Expected loss is firm (100 %), the ceilings are not (60 %)."""
    assert plain(choice_words(view())) == (
        "Firmly first, in nine resamples of ten: standing talks by “expected loss”. By the other one "
        "no policy is firmly first."
    )


def test_agreement_of_stakeholders_is_what_the_scores_say() -> None:
    """Nobody agrees on N1; where all agree, the policies are named."""
    assert "No policy is put measurably above or below the status quo by all two value sets." in (
        plain(agreement_words(view()))
    )
    data = example_believe()
    data["values"]["views"]["pooled"] |= {"all_below": ["N2"], "disputed": ["N1"]}
    assert plain(agreement_words(view(data))) == (
        "All two value sets put below it: silence. On one they measurably disagree."
    )


def test_values_have_two_digits_or_are_whole() -> None:
    """No false precision in limits."""
    assert [value_text(v) for v in (0.11690697, -0.0707, 1234.5, 3.0, None)] == [
        "0.12", "−0.071", "1,230", "3", "",
    ]  # fmt: skip


# --- forms ----------------------------------------------------------------------------------


def with_beliefs() -> Any:
    return replace(example_findings(), believe=example_believe())


def test_the_chapter_stands_in_the_brief_only_where_beliefs_were_asked() -> None:
    """After the schools of thought and the mechanism, before the record."""
    without = [s.anchor for s in compose_brief(example_findings()).sections]
    held = [s.anchor for s in compose_brief(with_beliefs()).sections]
    assert "section-believe" not in without
    assert held.index("section-mechanism") + 1 == held.index("section-believe")


def test_every_number_of_the_page_leads_somewhere() -> None:
    """Each trail is an anchor of the page."""
    page = render_html(compose_believe(example_findings(), example_believe()))
    anchors = set(re.findall(r'id="([^"]+)"', page))
    trails = set(re.findall(r'class="claim" href="#([^"]+)"', page))
    assert trails
    assert trails <= anchors


def test_brief_with_the_chapter_renders_in_every_form() -> None:
    """HTML, an accessible PDF, and DOCX hold the sentence about the box."""
    brief = compose_brief(with_beliefs())
    words = "is below 0.12"
    assert words in render_html(brief).replace("</a>", "")
    assert render_pdf(brief).startswith(b"%PDF")
    with zipfile.ZipFile(io.BytesIO(render_docx(brief))) as parts:
        text = re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode())
    assert "What you would have to believe" in text
    assert words in text


def test_sentences_for_a_terminal_are_those_of_the_chapter() -> None:
    """No markup, no empty ones."""
    told = sentences(example_findings(), example_believe())
    bullets = [
        plain(item)
        for b in believe_section(example_findings(), example_believe()).blocks
        if isinstance(b, Bullets)
        for item in b.items
    ]
    assert all(told)
    assert set(bullets) <= {t.replace("\N{NO-BREAK SPACE}", " ") for t in told}


def test_the_strip_is_cut_where_the_numbers_cross() -> None:
    """Talks are best above a place of about -0.47, where the line from -900 to 800 is nought."""
    spec = strips_figure(view()).spec
    bars = spec["layer"][0]["data"]["values"]
    own = [b for b in bars if b["row"] == "Fewer false readings" and b["reading"].endswith("ults")]
    start = min(b["start"] for b in own if b["role"] == "policy")
    assert start == pytest.approx(-800 / 1700, abs=0.03)
    assert {b["role"] for b in own} <= {"policy", "baseline", "isolation"}


def test_the_curve_marks_the_chosen_box_and_offers_the_others() -> None:
    """A click picks by index; what is picked at first is the chosen box; its limits are written."""
    figure = curve_figure(view())
    pick = figure.spec["layer"][1]["params"][0]
    assert pick["value"] == [{"index": 1}]
    assert pick["select"]["on"] == "click"
    assert "Fewer false readings below 0.12" in svg(figure.spec, PAGE_FONT)
