"""What every policy of every built-in case must satisfy, whatever its levers and rules.

A policy added to a case is picked up here without a change.
"""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from openchannel.casefile import builtin_cases, load_case
from openchannel.domain import Case, Levers
from openchannel.ensemble import Collected, Ensemble, make_plan, run_plan, sample_beliefs
from openchannel.kernel.keys import Lever, Out, Rule, Scalar
from openchannel.model import (
    Beliefs,
    central_beliefs,
    metric_values,
    pack_design,
    simulate_path,
    simulate_replicates,
)

CASES = ("korea", "korea-reference")
POLICIES = [(c, p.id) for c in CASES for p in load_case(c).policies]
each_policy = pytest.mark.parametrize(("case_id", "policy"), POLICIES)
N = 12


@pytest.fixture(scope="module")
def cases() -> dict[str, Case]:
    return {c: load_case(c) for c in CASES}


@pytest.fixture(scope="module")
def futures(cases: dict[str, Case]) -> dict[str, np.ndarray]:
    """Futures of every policy at central values: float64[replicate, policy, Out] by case."""
    runs = {}
    for case_id, case in cases.items():
        plan = pack_design(case, [p.id for p in case.policies])
        runs[case_id] = simulate_replicates(plan, central(case), 5, 0, N)[:, 0]
    return runs


def central(case: Case) -> Beliefs:
    beliefs = central_beliefs(case)
    return Beliefs(beliefs.par[None], beliefs.ch[None])


def of(futures: dict[str, np.ndarray], case: Case, policy: str) -> np.ndarray:
    return futures[case.id][:, [p.id for p in case.policies].index(policy)]


def test_the_cases_are_those_built_in() -> None:
    """No built-in case escapes the contract."""
    assert set(CASES) <= set(builtin_cases())


@each_policy
def test_a_policy_runs(
    case_id: str, policy: str, cases: dict[str, Case], futures: dict[str, np.ndarray]
) -> None:
    """Every outcome is finite; weeks, shares and counts lie in their ranges."""
    case = cases[case_id]
    out = of(futures, case, policy)
    weeks = out[:, Out.weeks]
    assert np.isfinite(out).all()
    assert ((weeks >= 0) & (weeks <= case.calendar.horizon_weeks)).all()
    ended = out[:, Out.war] == 1
    assert (weeks[~ended] == case.calendar.horizon_weeks).all()
    assert (weeks[ended] < case.calendar.horizon_weeks).all()
    assert np.array_equal(ended, out[:, Out.war_cause] > 0)
    for name in ("rel6", "rel24", "rel72", "S", "K_index", "pe_weeks", "engaged", "closed"):
        share = out[:, Out[name]]
        assert ((share >= 0) & (share <= weeks + 1e-9)).all(), name
    assert (out[:, Out.rel6] <= out[:, Out.rel24]).all()
    assert (out[:, Out.rel24] <= out[:, Out.rel72]).all()
    for kind in ("det", "open", "hum", "suc", "def"):
        assert (out[:, Out[f"cap_{kind}"]] <= out[:, Out[f"arr_{kind}"]]).all(), kind
    assert (out[:, Out.crises_r4] <= out[:, Out.crises_r3]).all()
    assert (out[:, Out.crises_r3] <= out[:, Out.crises]).all()
    assert (out[:, Out.K_eff] <= len(case.channels) * weeks + 1e-9).all()
    assert (out[:, Out.cost] > 0).all()


@each_policy
def test_a_policy_paired_with_itself_differs_by_exactly_zero(
    case_id: str, policy: str, cases: dict[str, Case], futures: dict[str, np.ndarray]
) -> None:
    """Run twice beside itself, in every place, a policy has the same futures to the bit."""
    case = cases[case_id]
    plan = pack_design(case, [policy, policy])
    out = simulate_replicates(plan, central(case), 5, 0, N)[:, 0]
    assert out[:, 0].tobytes() == out[:, 1].tobytes()
    assert np.array_equal(of(futures, case, policy), out[:, 0])


@each_policy
def test_a_policy_equal_to_the_status_quo_differs_by_exactly_zero(
    case_id: str, policy: str, cases: dict[str, Case]
) -> None:
    """With the levers, contacts and rules of the status quo a policy's futures are its own.

    A policy that is not itself the status quo may end at home; with that off no bit differs.
    """
    case = cases[case_id]
    model = case.policy(case.status_quo)
    twin = replace(
        case.policy(policy), levers=model.levers, cadence=model.cadence, rules=model.rules
    )
    others = tuple(p for p in case.policies if p.id != policy)
    changed = replace(case, policies=(*others, twin))
    beliefs = central(case)
    beliefs.par[:, Scalar.h_term] = 0.0
    plan = pack_design(changed, [policy, case.status_quo])
    out = simulate_replicates(plan, beliefs, 5, 0, N)[:, 0]
    assert out[:, 0].tobytes() == out[:, 1].tobytes()


@each_policy
def test_a_policy_reaches_the_kernel_whole(
    case_id: str, policy: str, cases: dict[str, Case]
) -> None:
    """Every lever, contact and rule of the file stands in its place of the packed design."""
    case = cases[case_id]
    found = case.policy(policy)
    plan = pack_design(case, [policy])
    target = case.policy(found.rules.target) if found.rules.target else found
    for row, member in enumerate((case.policy(case.status_quo), found, target)):
        packed = dict(zip(Lever.__members__, plan.lever[0, row], strict=True))
        for written, value in kernel_levers(member.levers).items():
            assert value == packed[written], (member.id, written)
        contacts = [member.cadence.get(c.id, 0.0) for c in case.channels]
        assert contacts == plan.cadence[0, row].tolist()
    rules = dict(zip(Rule.__members__, plan.rule[0], strict=True))
    assert float(policy == case.status_quo) == rules.pop("status_quo")
    assert rules == {name: float(getattr(found.rules, name)) for name in rules}


def kernel_levers(written: Levers) -> dict[str, float]:
    """Levers of a file by the names of the kernel."""
    names = {
        "suspend_at_severity": "susp", "suspend_weeks": "susp_wk", "info_musd_per_year": "info",
        "fixed_musd_per_year": "fixed",
    }  # fmt: skip
    values = {names.get(f.name, f.name): getattr(written, f.name) for f in fields(written)}
    values["susp"] = 99 if values["susp"] is None else values["susp"]
    assert set(Lever.__members__) == set(values)
    return {name: float(value) for name, value in values.items()}


@each_policy
def test_a_policy_s_path_is_its_future(
    case_id: str, policy: str, cases: dict[str, Case], futures: dict[str, np.ndarray]
) -> None:
    """The traced path of a replicate has the account of the batch, and rungs within 0 to 5."""
    case = cases[case_id]
    path = simulate_path(pack_design(case, [policy]), central_beliefs(case), 5, 3, policy)
    assert np.array_equal(of(futures, case, policy)[3], path.out)
    lived = path.trace[~np.isnan(path.trace[:, 0])]
    assert len(lived) == path.total("weeks") + path.total("war")
    for name, most in (("R", 2), ("r", 5), ("ag", 2), ("pe", 1), ("rel24", 1)):
        column = path.column(name)[: len(lived)]
        assert ((column >= 0) & (column <= most)).all(), name


def test_overlays_reach_the_policies_they_name(cases: dict[str, Case]) -> None:
    """An overlay changes the policies that it applies to and no other."""
    case = cases["korea"]
    ids = [p.id for p in case.policies]
    plain = pack_design(case, ids)
    for overlay in case.overlays:
        laid = pack_design(case, ids, overlay)
        changed = {i for i, x in enumerate(ids) if (laid.lever[i, 1] != plain.lever[i, 1]).any()}
        assert {ids.index(p) for p in overlay.applies_to if p in ids} == changed
        assert np.array_equal(laid.lever[:, 0], plain.lever[:, 0])
        assert np.array_equal(laid.cadence, plain.cadence)


def test_the_baseline_paired_with_itself_in_a_run(cases: dict[str, Case]) -> None:
    """In collected sums the baseline's differences, counts of better and worse are all zero."""
    case = cases["korea"]
    short = replace(case, calendar=replace(case.calendar, horizon_weeks=104))
    plan = make_plan(
        case_fingerprint="", seed=1, futures=64, policies=("P7", "P0"), baseline="P0",
        worlds=tuple(w.id for w in case.worlds), ranges=True, overlay="", horizon_weeks=104,
    )  # fmt: skip
    sample = sample_beliefs(short, plan.n_draws, 1)
    design = pack_design(short, plan.policies)
    done: Collected = run_plan(Ensemble(short, plan, design, sample, short.worlds), threads=1)
    assert not done.spread[:, :, 1].any()
    assert done.spread[:, :, 0].any()
    for name in ("war_avoided", "war_caused", "fewer_deaths", "more_deaths", "loss_lower",
                 "loss_higher"):  # fmt: skip
        assert not done.count(name)[:, 1].any(), name
    assert (done.count("equal_deaths")[:, 1] == plan.futures).all()


def test_metrics_of_a_policy_equal_to_the_baseline(cases: dict[str, Case]) -> None:
    """Every metric of two equal policies is equal, composite loss included."""
    case = cases["korea"]
    plan = pack_design(case, ["P7", "P7"])
    beliefs = central(case)
    out = simulate_replicates(plan, beliefs, 2, 0, N)
    top, bottom = metric_values(out, case.weights, beliefs.par[:, Scalar.vsl_musd])
    assert np.array_equal(top[:, :, 0], top[:, :, 1])
    assert np.array_equal(bottom[:, :, 0], bottom[:, :, 1])
