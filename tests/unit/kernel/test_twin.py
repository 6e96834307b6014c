"""The kernel against its plain-Python twin: every outcome of a future, policy by policy.

The twin was written from the specification without sight of the kernel. Both draw the same keyed
uniforms, so a future must be the same in each; sums may differ in their last digits.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from naive import reference_values as ref
from unit.kernel.lab import CONTROL, Arm, arm, beliefs, cadence, columns, design, levers, run, twin

from openchannel.casefile import load_case
from openchannel.casefile.triggers import parse_trigger
from openchannel.domain import Trigger
from openchannel.ensemble import sample_beliefs
from openchannel.kernel.keys import Column, Lever, Out, Rule, Scalar, State, Trace
from openchannel.model import (
    Beliefs,
    pack_design,
    simulate_path,
    simulate_replicates,
    world_beliefs,
)

SEED = (7 << 33) + 12345  # both words of the key in use
ARMS = [
    *(arm(policy) for policy in ref.POLICIES),
    arm("P16", label="on demand, cannot lapse", on_demand_lapses=0),
    arm("P6", "P7", "scale up", scale_up=1, exit_review=1),
    arm("P7", label="surge and exit", surge=1, exit_deception=1),
    arm("P4", label="belief", belief=1, exit_review=1),
    replace(
        arm("P14", label="rights"),
        stages=[(levers("P14", rights=1, travel_ban=0, conc_exempt=1), cadence("P14"))] * 3,
    ),
]
GOOD = "reliability_24h >= up_rel and thickness >= up_K and compromise <= up_ci"


def triggers(*written: tuple[str, str, bool]) -> tuple[Trigger, ...]:
    """Rules in the language of case files: condition, action, whether at a review."""
    return tuple(parse_trigger(when, then, at_review=at)[0] for when, then, at in written)


#: Every name, comparison and action of the language stands in one of them.
TRIGGERED = [
    arm("P6", "P7", "reviewed", triggers=triggers(
        (GOOD, "become P7", True),
        ("failed_reviews >= exit_failures", "leave", True),
        ("deception", "leave", False),
        ("severity >= 5 and not agreement", "suspend 13 weeks", False),
    )),
    arm("P6", "P7", "to and fro", stays=1, triggers=triggers(
        ("crisis_begins", "become P7", False),
        ("succession", "become P7", False),
        ("rung >= 2", "surge 3 weeks", False),
        ("political_cost > 0.4 and scaled_up", "step back", False),
        ("rung < 1 and scaled_up and week > 60", "step back", False),
    )),
    arm("P7", label="pauses", triggers=triggers(
        ("compromise > 0.1 and thickness < 20", "suspend 40 weeks", True),
        ("belief_in_trade <= mu_lo and week >= 300", "leave", False),
        ("belief_in_trade > mu_hi", "bargain more 2 weeks", False),
        ("belief_in_trade < 0.28", "bargain less 2 weeks", False),
        ("alliance_friction > 0.05 and rung <= 2", "suspend 8 weeks", False),
    )),
]  # fmt: skip
NAMES = [a.name for a in ARMS]

# Values at which rare things are common, so that a few futures visit every branch.
STRESS: dict[str, float] = {
    "lam_suc": 0.5, "lam_def": 0.5, "lam_open": 3.0, "lam_hum": 2.0, "p_inst": 0.3, "p_IW": 0.2,
    "fb3": 0.4, "fb4": 0.1, "p_dec": 0.3, "lam_KC": 0.02, "lam_FA": 2.0, "LR_s": 20.0,
    "p_d": 0.1, "n0": 3.0, "q12": 3.0, "q01": 2.0, "h_A": 1.0, "h_A_shape": 0.7,
    "conc_scale": 1.0, "ci_mult": 8.0, "nuc_instability": 1.0, "adm_full": 1.0, "h_term": 0.3,
    "up_rel": 0.1, "up_K": 2.0, "zeta": 0.3, "lam_leth": 0.6, "irritant_scale": 0.8,
    "g_press": 0.3, "persist_scale": 0.7, "consult_scale": 0.2, "lam_det_noban": 1.2,
}  # fmt: skip


# Compromises are common too, and reviews can be passed.
WATCHED = STRESS | {"ci_mult": 60.0, "up_ci": 1.0}


def differences(kernel: Any, plain: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Outcomes on which the two disagree: by more than 1e-9 of the larger of one and the value."""
    return {
        name: (float(kernel[place]), float(plain[name]))
        for name, place in Out.__members__.items()
        if name not in CONTROL
        and abs(kernel[place] - plain[name]) > 1e-9 * max(1.0, abs(plain[name]))
    }


@pytest.fixture(scope="module")
def reference_futures() -> Any:
    return run(design(ARMS), beliefs(), 40, seed=SEED)


@pytest.fixture(scope="module")
def stressed_futures() -> Any:
    return run(design(ARMS), beliefs(**STRESS), 60, seed=SEED)


@pytest.mark.parametrize("x", range(len(ARMS)), ids=NAMES)
def test_reference_values(x: int, reference_futures: Any) -> None:
    """Ten years at reference values agree in every outcome, one replicate a policy."""
    i = x % len(reference_futures)
    plain = twin(ref.PARAMETERS, ref.COLUMNS, ARMS[x], 520, SEED, i)
    assert {} == differences(reference_futures[i, 0, x], plain)


@pytest.mark.parametrize("x", range(len(ARMS)), ids=NAMES)
def test_rare_branches_made_common(x: int, stressed_futures: Any) -> None:
    """Succession, deception, pre-emption, collapse, reviews and exits agree in every outcome."""
    for i in (x, 30 + x):
        plain = twin({**ref.PARAMETERS, **STRESS}, ref.COLUMNS, ARMS[x], 520, SEED, i)
        assert {} == differences(stressed_futures[i, 0, x], plain)


def test_the_stressed_futures_do_visit_every_branch(stressed_futures: Any) -> None:
    """No outcome is idle in the futures compared above, so that agreement is not emptiness."""
    compared = [stressed_futures[i, 0, x] for x in range(len(ARMS)) for i in (x, 30 + x)]
    idle = [name for name, at in Out.__members__.items() if not any(out[at] for out in compared)]
    assert [] == idle
    causes = {int(out[Out.war_cause]) for out in compared}
    assert {0, 1, 2, 3, 4} == causes


@pytest.fixture(scope="module")
def triggered_futures() -> Any:
    return run(design(TRIGGERED), beliefs(**WATCHED), 48, seed=SEED)


@pytest.mark.parametrize("x", range(len(TRIGGERED)), ids=[a.name for a in TRIGGERED])
def test_triggers(x: int, triggered_futures: Any) -> None:
    """Rules written in the language agree in every outcome, rare branches made common."""
    for i in range(0, 48, 4):
        plain = twin({**ref.PARAMETERS, **WATCHED}, ref.COLUMNS, TRIGGERED[x], 520, SEED, i)
        assert {} == differences(triggered_futures[i, 0, x], plain), i


def test_every_set_of_triggers_acts(triggered_futures: Any) -> None:
    """Without them the futures are others, so that the agreement above is not emptiness."""
    plain = [replace(a, rules={**a.rules, "triggers": ()}) for a in TRIGGERED]
    idle = run(design(plain), beliefs(**WATCHED), 48, seed=SEED)
    changed = (idle != triggered_futures).any(axis=-1).mean(axis=(0, 1))
    assert (changed > 0.5).all(), changed


def case_arm(design_: Any, x: int) -> Arm:
    """A policy of a case as the twin takes it."""
    stages = [
        (dict(zip(Lever.__members__, design_.lever[x, row], strict=True)), design_.cadence[x, row])
        for row in range(3)
    ]
    rules = dict(zip(Rule.__members__, design_.rule[x], strict=True))
    return Arm(design_.policies[x], stages, rules)


def test_drawn_parameters_worlds_and_case_policies() -> None:
    """Parameter vectors drawn from the ranges of `korea`, in its worlds and with its policies."""
    case = load_case("korea")
    plan = pack_design(case, [p.id for p in case.policies])
    drawn = sample_beliefs(case, 16, seed=3).beliefs
    for i in range(len(plan.policies)):
        x, k = i % len(plan.policies), i % 16
        world = case.worlds[i % len(case.worlds)]
        view = world_beliefs(case, world, Beliefs(drawn.par[k : k + 1], drawn.ch[k : k + 1]))
        out = simulate_replicates(plan, view, SEED, i, 1)[0, 0, x]
        par = dict(zip(Scalar.__members__, view.par[0], strict=True))
        table = dict(zip(Column.__members__, view.ch[0].T, strict=True))
        calendar = ref.Calendar(
            frozenset(case.calendar.inauguration_weeks),
            frozenset(case.calendar.exercise_weeks_of_year),
            case.calendar.week_of_year_at_start,
        )
        plain = twin(par, table, case_arm(plan, x), plan.n_weeks, SEED, i, calendar=calendar)
        assert {} == differences(out, plain), (plan.policies[x], world.id, k)


def test_other_channels_and_short_horizons() -> None:
    """Every channel open and surging, each column odd; horizons that are no multiple of 4 or 52."""
    odd = columns(O0=1.0, surge=1.0, relief=1.0, capture_tie=1.0, s0=0.4, lam_cut=2.0, know=0.1)
    for i, weeks in enumerate((1, 3, 53, 107)):
        a = arm("P12", label="odd", surge=1, belief=1)
        out = run(design([a], weeks), beliefs(odd, **STRESS), 1, seed=SEED, first=i)
        plain = twin({**ref.PARAMETERS, **STRESS}, odd, a, weeks, SEED, i)
        assert {} == differences(out[0, 0, 0], plain)


@pytest.mark.parametrize(("label", "replicate"), [("P7", 3), ("scale up", 8), ("P16", 5)])
def test_trace_and_final_state(label: str, replicate: int) -> None:
    """Each week of a future, and what is left at its end, agree name by name."""
    x = NAMES.index(label)
    world = beliefs(**STRESS)
    plan = design(ARMS, 300)
    path = simulate_path(plan, Beliefs(world.par[0], world.ch[0]), SEED, replicate, label)
    plain = twin(
        {**ref.PARAMETERS, **STRESS}, ref.COLUMNS, ARMS[x], 300, SEED, replicate, trace=True
    )
    lived = len(plain["trace"])
    for name in Trace.__members__:
        expected = [float(row[name]) for row in plain["trace"]]
        assert expected == pytest.approx(path.column(name)[:lived], rel=1e-9, abs=1e-12), name
        assert np.isnan(path.column(name)[lived:]).all()
    assert plain["s"] == pytest.approx(path.future["s"][0, :, 0], rel=1e-9)
    assert plain["O"] == path.future["open"][0, :, 0].tolist()
    state = plain["state"]
    for name in State.__members__:
        if name in unused(state, ARMS[x].rules):
            continue
        assert state[name] == pytest.approx(float(path.future[name][0, 0]), rel=1e-9), name


def unused(state: dict[str, float], rules: Any) -> set[str]:
    """Fields that no step reads in this state, or that the kernel keeps for itself."""
    names = {"onset_factor"}
    if state["r"] == 0:
        names |= {"r_max", "cw"}
    if state["ag"] == 0:
        names |= {"ag_age"}
    if not (rules["scale_up"] or rules["exit_review"]) or not state["pe"]:
        names |= {"year_rel", "year_K", "year_weeks", "year_ci", "failures"}
    if not state["alive"]:
        names |= {"since4", "failures"}
    return names


def test_a_twin_with_one_wrong_number_is_found_out() -> None:
    """Power: a change of one part in a thousand of one parameter is seen."""
    out = run(design([ARMS[9]]), beliefs(), 1, seed=SEED)[0, 0, 0]
    wrong = {**ref.PARAMETERS, "b1": ref.PARAMETERS["b1"] * 1.001}
    plain = twin(wrong, ref.COLUMNS, ARMS[9], 520, SEED, 0)
    assert {"rel24", "rel6"} <= set(differences(out, plain))
