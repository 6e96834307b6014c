"""Sketches: answers that sharpen, equal at every size to an assessment of that size."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest

import openchannel as oc
from openchannel.analysis.changes import Side, changes
from openchannel.casefile.own_beliefs import parse_own
from openchannel.casefile.own_case import apply_own
from openchannel.domain import Case
from openchannel.ensemble import Threads
from openchannel.errors import UserError
from openchannel.usecases.cases import load
from openchannel.usecases.belief.curve import curve_of, curve_path
from openchannel.usecases.belief.rows import belief_rows, moved_words, own_text
from openchannel.usecases.sketches.sketch import FIRST, MOST, Sketch, Sketches, sizes

MOVED = {"gamma_D": (-0.1, 0.1), "rho_times": (0.4, 0.9)}


@pytest.fixture(scope="module")
def case() -> Case:
    return load("korea")


@pytest.fixture(scope="module")
def sketches(case: Case) -> Sketches:
    return Sketches(case, Threads())


def plan(case: Case) -> str:
    text = (Path(case.folder) / "policies/P5.yaml").read_text("utf-8")
    return text.replace("id: P5", "id: MINE").replace("DEF: 4", "DEF: 8")


@pytest.mark.parametrize(
    ("policy", "baseline", "mine"), [("P7", "", False), ("P7", "P1", False), ("MINE", "", True)]
)
def test_a_sketch_is_an_assessment_of_its_size(
    case: Case, sketches: Sketches, policy: str, baseline: str, mine: bool, tmp_path: Path
) -> None:
    """After n futures the sketch and `assess` with n futures say the same, to the last bit."""
    own = own_text(case, "W2", MOVED)
    (tmp_path / "own.yaml").write_text(own, "utf-8")
    (tmp_path / "policy.yaml").write_text(plan(case), "utf-8")
    asked = Sketch(policy, baseline, own, plan(case) if mine else "", seed=5)
    for futures in (FIRST, 2 * FIRST):
        run = oc.assess(
            case,
            futures=futures,
            seed=5,
            policies=[policy],
            own=tmp_path / "own.yaml",
            own_policy=tmp_path / "policy.yaml" if mine else None,
            baseline=baseline,
        )
        found = sketches.grow(asked, futures)
        assert found is not None
        at = found.plan.policies.index(policy)
        wager = found.wager(found.pooled, found.weights, at, pooled=True)
        told = run.wager(policy)
        for name in ("verdict", "mean_gain", "mean_gain_mcse", "upside_p95", "pr_worse_beliefs"):
            assert wager[name] == told[name], name
        war, error = found.pooled.level("p_war", at)[0], run.summary["policies"][policy]
        assert math.isclose(war, error["metrics"]["p_war"]["mean"], rel_tol=1e-11)


def test_a_sketch_that_was_stopped_goes_on(case: Case, sketches: Sketches) -> None:
    """A stop keeps what was played, and the answer afterwards is that of a whole run."""
    asked = Sketch("P7", own=own_text(case, "", {}), seed=9)
    polled: list[int] = []

    def after_a_few() -> bool:
        polled.append(1)
        return len(polled) >= 5

    assert sketches.grow(asked, 2 * FIRST, after_a_few) is None
    found = sketches.grow(asked, 2 * FIRST)
    assert found is not None
    whole = Sketches(case, Threads()).grow(asked, 2 * FIRST)
    assert whole is not None
    assert found.pooled.mean("composite_loss", 1) == whole.pooled.mean("composite_loss", 1)


def test_a_change_is_measured_on_the_same_luck(case: Case, sketches: Sketches) -> None:
    """The change is the difference of the two answers, with a smaller error than they have."""
    before, now = (
        Sketch("P7", own=own_text(case, "", moved)) for moved in ({}, {"gamma_D": (0.0, 0.3)})
    )
    sides = [Side(found, "P7") for s in (before, now) if (found := sketches.grow(s, 2 * FIRST))]
    (change,) = changes(*sides, ["composite_loss"])
    gaps = [s.view.difference("composite_loss", s.at, s.findings.base)[0] for s in sides]
    assert math.isclose(change.gap.mean, gaps[1].mean - gaps[0].mean, rel_tol=1e-9)
    assert change.gap.mcse < math.hypot(gaps[0].mcse, gaps[1].mcse) / 2
    (nothing,) = changes(sides[0], sides[0], ["p_war"])
    assert nothing.gap.mean == nothing.gap.mcse == 0.0


def test_faults_are_told_before_anything_is_played(case: Case, sketches: Sketches) -> None:
    """Unknown policies, schools, beliefs, and numbers out of bounds."""
    for asked in (
        Sketch("P99"),
        Sketch("P7", baseline="P99"),
        Sketch("P7", beliefs="W9"),
        Sketch("P7", seed=-1),
        Sketch("P7", own="beliefs: {gamma_D: 99}"),
        Sketch("P7", own_policy="id: P7"),
    ):
        with pytest.raises(UserError):
            sketches.grow(asked, FIRST)


def test_sizes_double(case: Case) -> None:
    """From the first to the last, each twice the one before."""
    all_sizes = list(sizes())
    assert (all_sizes[0], all_sizes[-1]) == (FIRST, MOST)
    assert all(b == 2 * a for a, b in pairwise(all_sizes))


@pytest.mark.parametrize("start", ["", "W1", "W2", "W3", "W4", "W5"])
def test_every_row_can_be_stated_where_it_stands(case: Case, start: str) -> None:
    """Each belief, restated as the page shows it, is a sound file, and has a curve."""
    rows = belief_rows(case, start)
    parse_own(own_text(case, start, {row.id: (row.low, row.high) for row in rows}), case)
    for row in rows:
        assert row.least <= row.low <= row.high <= row.most
        assert curve_path(row, row.low, row.high).startswith("M")
        told = curve_of(row).as_dict()
        assert told["as_moved"] == told["at_the_start"] == [row.low, row.high]
        heights = told["likelihood_as_moved"]
        assert (max(heights) == 1.0 and min(heights) >= 0.0) if row.low < row.high else not heights


def test_a_start_holds_what_its_school_holds(case: Case) -> None:
    """The deterrence school's number for dialogue, the defaults' range, and the words of a move."""
    rows = {r.id: r for r in belief_rows(case, "W2")}
    assert rows["gamma_D"].low == rows["gamma_D"].high == -0.05
    usual = {r.id: r for r in belief_rows(case)}["gamma_D"]
    assert usual.low < 0.22 < usual.high
    words = moved_words(case, "W2", {}, {"gamma_D": (0.1, 0.4)})
    assert words == ["“Fewer provocations at full dialogue”: 0.1 to 0.4 instead of −0.05"]


def test_a_curve_that_no_law_has_is_refused(case: Case) -> None:
    """Ends the wrong way round, nought on a scale of ratios, and more than numbers can hold."""
    rows = {r.id: r for r in belief_rows(case)}
    for name, low, high in (
        ("gamma_D", 1.0, 0.0),
        ("gamma_D", -1e308, 1e308),
        ("q01_times", 0.0, 1.0),
        ("q01_times", 1.0, 1e300),
        ("q01_times", 1e-308, 1.0),
    ):
        with pytest.raises(UserError):
            curve_path(rows[name], low, high)
        with pytest.raises(UserError):
            curve_of(rows[name], "", low, high)


def test_every_claim_can_be_switched_off(case: Case) -> None:
    """The switch of each claim holds what the ledger holds; a moved belief stands above it."""
    for claim in case.propositions:
        own = parse_own(own_text(case, "W2", {}, [claim.id]), case)
        seen = apply_own(case, own)
        for switch in claim.off:
            if switch.how == "set":
                wanted = switch.elements or case.parameters[switch.parameter].elements
                held = [seen.parameters[switch.parameter][e] for e in wanted]
                assert held == [switch.value] * len(held), claim.id
    text = own_text(case, "", {"e_f": (0.1, 0.2)}, ["B1", "B3"])
    assert text.count("e_f:") == 1
    assert "e_f: {set: 0.1 to 0.2}" in text
    with pytest.raises(UserError):
        own_text(case, "", {}, ["B99"])
