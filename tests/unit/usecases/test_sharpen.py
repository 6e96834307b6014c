"""The second stage of an assessment: fresh futures, the same bytes, nothing changed in the first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import openchannel as oc
from openchannel.domain import Case
from openchannel.errors import Interrupted, UserError
from openchannel.usecases.runs import assessment
from openchannel.usecases.runs import sharpen
from openchannel.usecases.runs.answer import sharpened as told
from openchannel.usecases.shelf.recipe import recipe

POLICIES = ("P1", "P7")
FUTURES = 1024


@pytest.fixture(scope="module")
def short() -> Case:
    """The built-in case over a year and in two schools, so that many futures are quick."""
    case = oc.load("korea")
    calendar = replace(case.calendar, horizon_weeks=52, inauguration_weeks=())
    return replace(case, calendar=calendar, worlds=(case.world("W2"), case.world("W5")))


def run(case: Case, **settings: Any) -> oc.Run:
    usual = {"policies": POLICIES, "futures": FUTURES, "sharpen": FUTURES}
    return oc.assess(case, **usual | settings)


@pytest.fixture(scope="module")
def sharp(short: Case) -> oc.Run:
    return run(short)


def test_the_run_itself_is_untouched(short: Case, sharp: oc.Run) -> None:
    """All but the new part is as without, and the manifest says how to have it again."""
    plain = run(short, sharpen=0)
    assert plain.summary == {k: v for k, v in sharp.summary.items() if k != "sharpened"}
    assert "sharpen" not in plain.manifest
    assert FUTURES == sharp.manifest["sharpen"]
    assert f"--sharpen {FUTURES}" in recipe(sharp.manifest).command
    assert f"sharpen={FUTURES}" in recipe(sharp.manifest).python


def test_what_is_told_hangs_together(short: Case, sharp: oc.Run) -> None:
    """A pooled mean is the weighted mean of its worlds, and the budget is about kept."""
    found = sharp.summary["sharpened"]
    weights = {w.id: w.weight for w in short.worlds}
    for policy, pooled in found["policies"].items():
        parts = [found["worlds"][w][policy]["p_war"]["mean"] * weights[w] for w in weights]
        assert pooled["p_war"]["mean"] == pytest.approx(sum(parts) / sum(weights.values()))
        assert pooled["p_war"]["mcse"] > 0.0
    places = len(short.worlds) * len(POLICIES)
    given = sum(own["futures"] for world in found["worlds"].values() for own in world.values())
    assert 0.5 < given / (FUTURES * places) < 1.5
    lines = told(sharp.summary)
    assert 1 + len(found["policies"]) == len(lines)
    assert "further futures" in lines[0]


def test_threads_and_chunks_change_no_byte(short: Case, sharp: oc.Run) -> None:
    """The allocation comes from sums that are the same everywhere."""
    assert sharp.summary == run(short, threads=1, chunk=16).summary


def test_a_stop_in_the_second_stage_costs_nothing(
    short: Case, sharp: oc.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same settings go on from there, to the same numbers, and leave no parts behind."""
    simulate, names = assessment._Job._simulate, []

    def stopping(self: Any, *args: Any) -> Any:
        names.append(args[3])
        if len([n for n in names if n.startswith("sharpen")]) == 3:
            raise Interrupted("stopped", str(tmp_path))
        return simulate(self, *args)

    monkeypatch.setattr(assessment._Job, "_simulate", stopping)
    with pytest.raises(Interrupted):
        run(short, folder=tmp_path)
    monkeypatch.setattr(assessment._Job, "_simulate", simulate)
    told: list[Any] = []
    again = run(short, folder=tmp_path, report=told.append)
    assert again.summary == sharp.summary
    assert FUTURES == told[0].resumed
    assert not (tmp_path / ".unfinished").exists()


def test_it_agrees_with_plain_futures(short: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Means of three runs' further futures, against 16,384 futures of evenly drawn beliefs.

    With 256 belief draws to go by, draws are tilted, and the weights must put that right.
    Two worlds and pooled: four standard errors of the two together would be passed by chance
    about once in five thousand seeds.
    """
    slopes: list[np.ndarray] = []
    fit = sharpen.stake_slope
    monkeypatch.setattr(
        sharpen, "stake_slope", lambda *given: slopes.append(fit(*given)) or slopes[-1]
    )
    found = [
        run(short, seed=seed, policies=["P7"], futures=4096, sharpen=2048).summary["sharpened"]
        for seed in range(11, 14)
    ]
    assert sum(slope.any() for slope in slopes) > len(slopes) / 2
    plain = run(short, seed=5, policies=["P7"], futures=16_384, sharpen=0).summary
    pairs = [(plain, found)]
    pairs += [(plain["worlds"][w], [one["worlds"][w] for one in found]) for w in plain["worlds"]]
    for known, fresh in pairs:
        ours = [one.get("policies", one)["P7"]["p_war"] for one in fresh]
        theirs = known["policies"]["P7"]["versus_baseline"]["p_war"]
        mean = np.mean([one["mean"] for one in ours])
        error = np.sqrt(sum(one["mcse"] ** 2 for one in ours)) / len(ours)
        assert abs(mean - theirs["mean"]) < 4.0 * np.hypot(error, theirs["mcse"])


def test_nothing_is_played_where_all_is_clear(short: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a goal that every difference meets, none gets further futures, and that is said."""
    monkeypatch.setattr("openchannel.analysis.sharpening.GRADE", 1e6)
    found = run(short).summary
    assert (0, {}) == (found["sharpened"]["futures"], found["sharpened"]["policies"])
    assert told(found) == [
        "No further futures were needed: every difference in the chance of war is clear."
    ]


def test_what_cannot_be_sharpened_is_said(short: Case) -> None:
    """Held beliefs, a small run and a number out of bounds, all at once, with what to do."""
    with pytest.raises(UserError) as said:
        run(short, beliefs="modes", futures=64, sharpen=-1)
    assert 3 == len(said.value.problems)
    assert all(p.field == "--sharpen" and p.mend for p in said.value.problems)
