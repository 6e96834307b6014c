"""Adaptive rules and special cases of the twin: what changes, and in which week."""

from __future__ import annotations

from typing import Any

import pytest

from . import reference_values as ref
from .future import simulate
from .philox import Uniform, uniforms
from .record import Calendar

QUIET = {"lam_KC": 0.0, "lam_FA": 0.0, "p_IW": 0.0, "fb4": 0.0, "h_term": 0.0}
NO_INAUGURATIONS = Calendar(frozenset(), ref.CALENDAR.exercises, 0)


def run(policy: str, weeks: int, u: Uniform | None = None, **changes: Any) -> dict[str, Any]:
    """A future without war of a policy at reference values, with its trace."""
    rules = {**ref.RULES[policy], **changes.pop("rules", {})}
    stages = ref.stages(policy, changes.pop("target", ""))
    calendar = changes.pop("calendar", NO_INAUGURATIONS)
    par = {**ref.PARAMETERS, **QUIET, **changes}
    return simulate(
        par, ref.COLUMNS, ref.SLOTS, stages, rules, calendar, weeks, u or uniforms(1, 0), trace=True
    )


def fixed(**by_stream: float) -> Uniform:
    """Luck of replicate 0, except for the streams given as `s17=0.5`."""
    luck = uniforms(1, 0)
    return lambda stream, slot, week: by_stream.get(f"s{stream}", luck(stream, slot, week))


def test_built_on_demand_is_the_status_quo_until_its_trigger() -> None:
    """The plan begins in the week after the first onset, from the ties then in place."""
    waiting, status_quo = run("P16", 260), run("P0", 260)
    start = next(t for t, row in enumerate(waiting["trace"]) if row["r"] > 0)
    assert status_quo["trace"][: start + 1] == waiting["trace"][: start + 1]
    assert waiting["state"]["stage"] == 1
    assert waiting["contacts"] > status_quo["contacts"]
    assert waiting["cost"] > status_quo["cost"]


@pytest.mark.parametrize(("lapses", "pe"), [(0, 1), (1, 0)])
def test_a_plan_lapses_before_its_trigger_only_if_it_can(lapses: int, pe: int) -> None:
    """An inauguration and a domestic end before the trigger leave a standing plan alone."""
    calm = {"q_on3": 0.0, "q_on4": 0.0, "q_on5": 0.0, "lam_acc": 0.0, "p_leth": 0.0}
    result = run(
        "P16", 20, fixed(s1=0.999, s94=0.0), calendar=Calendar(frozenset({10}), frozenset(), 0),
        rules={"on_demand_lapses": lapses}, lam_suc=0.0, **calm,
    )  # fmt: skip
    assert pe == result["state"]["pe"]


def test_scale_up_acts_from_the_week_after_a_good_year() -> None:
    """Criteria met at week 51 bring the second stage in week 52."""
    good: dict[str, Any] = {
        "up_rel": 0.0,
        "up_K": 0.0,
        "up_ci": 1e9,
        "rules": {"scale_up": 1},
        "target": "P7",
    }
    assert run("P6", 52, **good)["state"]["stage"] == 1
    assert run("P6", 51, **good)["state"]["stage"] == 0
    plain, scaled = run("P6", 104)["trace"], run("P6", 104, **good)["trace"]
    assert plain[:52] == scaled[:52]
    assert plain[52:] != scaled[52:]


def test_two_failed_reviews_running_end_the_policy() -> None:
    """Failure at weeks 51 and 103; the status quo from week 104."""
    bad: dict[str, Any] = {"up_rel": 2.0, "rules": {"exit_review": 1}}
    assert run("P7", 104, **bad)["state"]["pe"] == 0
    assert run("P7", 103, **bad)["state"]["pe"] == 1
    assert run("P7", 120, **bad)["pe_weeks"] == 104


def test_a_compromise_above_the_limit_fails_the_review() -> None:
    """The worst compromise of the year counts, and each year starts afresh."""
    lucky: dict[str, Any] = {"up_rel": 0.0, "up_K": 0.0, "rules": {"scale_up": 1}, "target": "P7"}
    assert run("P6", 52, fixed(s95=1 - 1e-9, s96=0.99), **lucky)["state"]["stage"] == 0
    assert run("P6", 52, fixed(s95=0.0), **lucky)["state"]["stage"] == 1


def test_deception_ends_a_policy_that_says_so() -> None:
    """The week of the deception still counts as in force."""
    result = run("P7", 200, fixed(s11=0.0, s13=0.0, s17=0.0), rules={"exit_deception": 1})
    assert result["deceptions"] >= 1
    assert result["state"]["pe"] == 0
    assert 1 <= result["pe_weeks"] < 200


def test_surge_is_paid_in_the_weeks_that_begin_in_a_crisis() -> None:
    """Each week begun at rung 2 or above costs more and answers better."""
    crisis = fixed(s11=0.0, s13=0.0, s15=0.5, s17=0.99)
    plain = run("P7", 30, crisis, disc=0.0)
    surged = run("P7", 30, crisis, rules={"surge": 1}, disc=0.0)
    weeks = sum(row["r"] >= 2 for row in plain["trace"][:-1])
    assert weeks > 0
    assert pytest.approx(surged["cost"] - plain["cost"]) == 0.2 * weeks
    assert surged["rel24"] > plain["rel24"]


def test_belief_rule_moves_bargaining() -> None:
    """Above the upper belief `neg` rises by a step, below the lower one it falls."""
    hopeful = run("P0", 2, p_trade=0.6, rules={"belief": 1})
    assert hopeful["state"]["neg_shift"] == 0.2
    assert run("P0", 2, p_trade=0.1, rules={"belief": 1})["state"]["neg_shift"] == -0.2
    assert run("P0", 2, p_trade=0.3, rules={"belief": 1})["state"]["neg_shift"] == 0.0


def test_broken_at_an_inauguration_counts_in_full_where_asked() -> None:
    """With adm_full the aftermath and the closure follow, else only the jump of tension."""
    deal = {"p_d": 1.0, "n0": 1e6, "q01": 52.0, "q12": 52.0, "q10": 0.0, "q21": 0.0, "h_A": 0.0}
    calendar = Calendar(frozenset({20}), frozenset(), 0)
    luck = fixed(s3=0.0, s63=0.0, s61=0.0, s4=0.5, s12=0.99, s13=0.99)
    half = run("P7", 21, luck, calendar=calendar, **deal)
    full = run("P7", 21, luck, calendar=calendar, adm_full=1.0, **deal)
    assert half["trace"][19]["ag"] > 0
    assert (1, 1) == (half["collapses"], full["collapses"])
    assert half["state"]["fail"] < full["state"]["fail"]


def test_compliance_signals_move_belief_every_thirteen_weeks() -> None:
    """Signals at ages 13 and 26, none in the week of signature."""
    deal = {"p_d": 1.0, "n0": 1e6, "q01": 52.0, "q12": 52.0, "q10": 0.0, "q21": 0.0, "h_A": 0.0}
    luck = fixed(s61=0.0, s4=0.5, s12=0.99, s13=0.99, s98=0.0, s73=1.0 - 1e-9)
    signed = next(t for t, row in enumerate(run("P7", 40, luck, **deal)["trace"]) if row["ag"])
    before = run("P7", signed + 13, luck, **deal)["state"]
    after = run("P7", signed + 14, luck, **deal)["state"]
    assert before["mu_t"] == 0.35 < after["mu_t"]
    assert after["ag_age"] == 14
