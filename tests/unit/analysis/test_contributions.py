"""The ledger measured: what must hold exactly on common luck, and what is compared by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from openchannel.analysis import Findings, ledger_worlds
from openchannel.analysis.common_luck import CommonLuck, Job, derived_seed, in_worlds
from openchannel.analysis.contributions import (
    METRICS,
    Ledger,
    LedgerPlan,
    _world,
    measure_ledger,
)
from openchannel.analysis.measured import Measured
from openchannel.domain import Case, World
from openchannel.ensemble import Ensemble, make_plan, run_plan, sample_beliefs
from openchannel.model import Beliefs, central_beliefs, pack_design

from .short_case import one_year


@pytest.fixture(scope="module")
def case() -> Case:
    return one_year()


PLAN = LedgerPlan(4, 2, 2, ranges=True)


@pytest.fixture(scope="module")
def ledger(case: Case) -> Ledger:
    return measure_ledger(case, PLAN, 7, threads=2)


def test_the_claims_add_up_to_the_step_from_all_off_to_all_on(ledger: Ledger):
    """Efficiency, block by block and hence in the mean."""
    for metric in METRICS:
        total = sum(s.shapley.mean for s in ledger.steps[metric].values())
        gap = ledger.all[metric].mean - ledger.none[metric].mean
        assert total == pytest.approx(gap, rel=1e-9, abs=1e-12)


def test_claims_without_a_switch_are_told_apart_from_those_without_effect(ledger: Ledger):
    """R11 has no switch; R17's is at its default, so throwing it changes nothing whatever."""
    assert ledger.unmodelled == ("R11",)
    assert "R17" in ledger.idle
    assert "R11" not in ledger.steps["p_war"]
    assert ledger.steps["p_war"]["R17"].shapley == Measured(0.0, 0.0)


def test_a_claim_that_needs_another_brings_nothing_alone(ledger: Ledger):
    """B3 is contained in B1: with B1 off its mechanism is off, whatever is said of B3."""
    for metric in METRICS:
        assert ledger.steps[metric]["B3"].first.mean == 0.0


def test_one_step_is_the_difference_of_two_whole_runs(case: Case, ledger: Ledger):
    """Switching B6 off alone, run by the ensemble block by block, gives its `last` exactly."""
    claim = next(p for p in case.propositions if p.id == "B6")
    worlds = (
        World("on", "", "", 1.0),
        World("off", "", "", 0.0, claim.off),
    )
    policies = (case.baseline, case.focal)
    gaps = []
    for b in range(PLAN.n_blocks):
        seed = derived_seed(7, "ledger", b)
        plan = replace(
            make_plan(
                case_fingerprint="", seed=seed, futures=4, policies=policies,
                baseline=case.baseline, worlds=("on", "off"), ranges=True, overlay="",
                horizon_weeks=52,
            ),
            n_draws=PLAN.n_draws, n_replicates=PLAN.n_replicates, groups_per_draw=1,
        )  # fmt: skip
        sample = sample_beliefs(case, PLAN.n_draws, seed)
        ensemble = Ensemble(case, plan, pack_design(case, policies), sample, worlds)
        found = Findings(case, plan, run_plan(ensemble, threads=1), worlds, 13.0)
        on, off = (v.mean("p_war", 1) - v.mean("p_war", 0) for v in found.by_world)
        gaps.append(on - off)
    assert ledger.steps["p_war"]["B6"].last.mean == pytest.approx(np.mean(gaps), abs=1e-12)


def test_nothing_on_is_the_setting_both_off(case: Case):
    """The empty set of claims holds the same beliefs as the ledger's own setting."""
    switches = [p for p in case.propositions if p.off]
    both_off = next(w for w in ledger_worlds(case) if w.id == "both_off")
    held = in_worlds(case, (_world(switches, ()), both_off), central_beliefs(case))
    assert np.array_equal(held.par[0], held.par[1])
    assert np.array_equal(held.ch[0], held.ch[1])


def test_threads_change_no_number(case: Case, ledger: Ledger):
    """The ledger of one thread equals that of two."""
    assert measure_ledger(case, PLAN, 7, threads=1) == ledger


def test_the_waterfall_runs_from_the_largest_fall_to_the_largest_rise(ledger: Ledger):
    """Of the claims that can be told from nothing."""
    sizes = [ledger.steps["p_war"][c].shapley.mean for c in ledger.waterfall("p_war")]
    assert sizes == sorted(sizes)


def test_equal_beliefs_are_run_once_and_told_twice(case: Case):
    """Jobs with repeated worlds give each its row, the same to the bit as a run alone."""
    central = central_beliefs(case)
    luck = CommonLuck(case, (case.baseline, case.focal), METRICS, threads=1)
    off = World("", "", "", 0.0, next(p for p in case.propositions if p.id == "B6").off)
    held = in_worlds(case, (World("", "", "", 0.0), off, World("", "", "", 0.0)), central)
    (three,) = luck.means([Job(held, 3, 0, 8)])
    (one,) = luck.means([Job(Beliefs(held.par[1:2], held.ch[1:2]), 3, 0, 8)])
    assert np.array_equal(three[0], three[2])
    assert np.array_equal(three[1], one[0])
    assert not np.array_equal(three[0], three[1])


@pytest.mark.parametrize(
    ("futures", "ranges"), [(16, True), (100, True), (1024, True), (50, False)]
)
def test_a_plan_holds_at_least_what_is_asked_for(futures: int, ranges: bool):
    """In blocks enough for a standard error, one draw where beliefs are held."""
    plan = LedgerPlan.of(futures, ranges=ranges)
    assert plan.futures >= futures
    assert plan.n_blocks >= 8
    assert plan.n_draws == 1 or ranges


def test_an_effect_below_two_errors_is_not_measurable():
    """Nor is nothing, nor what was measured in a single block."""
    assert Measured(1.0, 0.4).is_measurable
    assert not Measured(1.0, 0.6).is_measurable
    assert not Measured(0.0, 0.0).is_measurable
    assert not Measured.of(np.array([1.0])).is_measurable
