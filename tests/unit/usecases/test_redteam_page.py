"""The page of a red team, from results that are written down here."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from openchannel.analysis.belief_axes import axes_of
from openchannel.analysis.measured import Measured
from openchannel.analysis.redteam_sides import MovedBelief, SideResult, Sizes, sides_of
from openchannel.casefile import load_case
from openchannel.casefile.own_beliefs import parse_own
from openchannel.casefile.own_case import apply_own
from openchannel.domain import Case
from openchannel.errors import UserError
from openchannel.report.model import Paragraph, Table
from openchannel.usecases.belief.redteam import RedTeam, redteam, write_redteam

NAN = float("nan")


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("korea")


@pytest.fixture(scope="module")
def found(case: Case) -> RedTeam:
    """Isolation wins with two beliefs; nothing was found against it."""
    isolation, engagement = sides_of(case)
    axes = {a.name: a for a in axes_of(case)}
    won = SideResult(
        isolation, 0.01, 0.01,
        {"P0": Measured(-0.013, 0.0005), "P7": Measured(-0.064, 0.0013)},
        {"P0": Measured(-0.010, 0.002), "P7": Measured(-0.05, 0.004)},
        (MovedBelief(axes["gamma_D"], -0.96), MovedBelief(axes["rho_times"], -0.4)),
        1.04,
        {"P0": Measured(0.0141, 0.0005), "P7": Measured(0.104, 0.002)},
        {"P0": Measured(0.001, 0.001), "P7": Measured(0.05, 0.003)},
        {"P0": Measured(-0.0009, 0.00003), "P7": Measured(-0.0068, 0.0001)},
        ((1, NAN, False), (2, 1.0, True)), 0.012,
    )  # fmt: skip
    lost = SideResult(
        engagement, 0.08, 0.01, {"P1": Measured(0.064, 0.001)},
        {"P1": Measured(0.05, 0.002)}, (), NAN, {}, {}, {},
        ((2, NAN, False), (1, NAN, False)), 0.07,
    )  # fmt: skip
    return RedTeam(case, (won, lost), 0.01, 5, Sizes())


def text_of(found: RedTeam) -> str:
    """Every word of the page, tables and all."""
    parts = []
    for section in found.page().sections:
        parts.append(section.title)
        for block in section.blocks:
            if isinstance(block, Table):
                parts += [" | ".join(cell[0].text for cell in row.cells) for row in block.rows]
            elif isinstance(block, Paragraph):
                parts.append("".join(span.text for span in block.text))
    return "\n".join(parts).replace("\N{NO-BREAK SPACE}", " ")


def test_the_page_makes_the_case_in_its_holders_words_and_says_what_was_measured(found: RedTeam):
    """Argument, beliefs with range and grade, tested margins, and the doubt that remains."""
    page = text_of(found)
    assert "The strongest case for isolation" in page
    assert "Thirty years of talks gave Pyongyang time" in page
    assert "| 0.22 to −0.135 | −0.15 to 0.9, 96 % | △ assumed | B6 | gamma_D" in page
    assert "if one moves two beliefs, 1.04 range units in all." in page
    assert "+1.41 ± 0.05 % against the status quo" in page
    assert "On fresh futures the margin holds" in page
    assert "It is not clear that it wins when every other belief is drawn" in page
    assert "1: none found; 2: 1" in page


def test_a_side_that_was_not_found_is_said_to_be_so(found: RedTeam):
    """And that the search is no proof; there is no file of beliefs for it."""
    page = text_of(found)
    assert "None found: no set of at most two beliefs within the ranges" in page
    assert "no proof that there is none" in page
    assert found.own_beliefs("against") == ""


def test_defaults_that_are_enough_are_said_to_be_the_nearest_beliefs(found: RedTeam):
    """The stronger case that follows is named as one, with its margin."""
    page = text_of(found)
    assert "wins by 1 % are the defaults themselves, at distance nought" in page
    assert "with the margin doubled until the defaults do not reach it: 8 %" in page
    assert page.count("are the defaults themselves") == 1


def test_a_case_that_fresh_futures_do_not_bear_out_is_said_not_to_be_confirmed(found: RedTeam):
    """A margin of 0.9 % is not the 1 % asked for."""
    won = replace(found.results[0], tested={"P0": Measured(0.009, 0.0005)})
    page = text_of(replace(found, results=(won, found.results[1])))
    assert "falls short of the margin, so the case is not confirmed" in page


def test_the_page_is_short(found: RedTeam):
    """Two sheets at most, as paper."""
    assert len(text_of(found).split()) < 900


def test_the_beliefs_of_a_side_can_be_run(found: RedTeam, case: Case):
    """The file holds what the side was tested with, and reads as beliefs of one's own."""
    believed = apply_own(case, parse_own(found.own_beliefs("for"), case))
    assert believed.parameters["gamma_D"].value == pytest.approx(0.22 - 0.96 * 0.37, rel=1e-4)
    assert believed.parameters["rho"]["INT"] == pytest.approx(0.65 * (1 - 0.4 * 0.5), rel=1e-4)
    assert believed.worlds[0].title == "The strongest case for isolation"


def test_a_side_that_does_not_exist_is_refused(found: RedTeam):
    """The message names the two there are."""
    with pytest.raises(UserError, match="for, against"):
        found.own_beliefs("neither")


def test_programs_get_the_same_with_unknowns_as_null(found: RedTeam):
    """JSON has no NaN."""
    given = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert given["sides"]["for"]["beliefs"][0]["claims"] == ["B6"]
    assert given["sides"]["for"]["confirmed"]
    assert given["sides"]["against"]["distance"] is None


def test_the_files_lie_in_the_folder(found: RedTeam, tmp_path: Path):
    """With those of an older search gone where this one found nothing."""
    folder = tmp_path / "deep" / "team"
    folder.mkdir(parents=True)
    (folder / "beliefs-against-isolation.yaml").write_text("old", encoding="utf-8")
    told = [p.name for p in write_redteam(found, folder, ("html",))]
    assert told == ["redteam.html", "redteam.json", "beliefs-for-isolation.yaml"]
    assert sorted(p.name for p in folder.iterdir()) == sorted(told)


@pytest.mark.parametrize("margin", [0.0, -1.0, 2.0, NAN, float("inf")])
def test_a_margin_must_be_a_share(case: Case, margin: float):
    """Above nought and at most one, and a number."""
    with pytest.raises(UserError, match="no margin"):
        redteam(case, margin=margin)
