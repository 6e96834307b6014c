"""The same numbers however a run is cut up (E3.2, E3.13, E3.16): threads, chunks, splits, stops."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from unit.ensemble.lab import Stop, assert_same
from unit.kernel.lab import arm, beliefs, design, many, run

from openchannel.casefile import load_case
from openchannel.domain import Case
from openchannel.ensemble import (
    Checkpoint,
    Collected,
    Ensemble,
    Plan,
    Progress,
    Sequential,
    make_plan,
    run_plan,
    sample_beliefs,
)
from openchannel.ensemble.assembly import Assembly
from openchannel.ensemble.runner import Reporter
from openchannel.errors import Interrupted
from openchannel.kernel.keys import Out
from openchannel.model import Beliefs, pack_design, simulate_path, simulate_replicates
from openchannel.model.metrics import metric_index

LOUD = {"fb3": 0.4, "fb4": 0.2, "lam_leth": 0.6, "lam_FA": 2.0, "LR_s": 20.0, "lam_suc": 0.2}


# E3.2: batches ---------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes() -> None:
    """E3.2: twice the same; another seed, another future."""
    plan, world = design([arm("P7"), arm("P0")]), beliefs(**LOUD)
    assert run(plan, world, 20).tobytes() == run(plan, world, 20).tobytes()
    assert run(plan, world, 20).tobytes() != run(plan, world, 20, seed=1).tobytes()


def test_batches_of_replicates() -> None:
    """E3.2: one batch of twelve equals batches of 1, 5 and 6, in any order."""
    plan, world = design([arm("P7"), arm("P16")]), beliefs(**LOUD)
    whole = run(plan, world, 12, first=1000)
    for start, n in ((1006, 6), (1000, 1), (1001, 5)):
        part = run(plan, world, n, first=start)
        assert whole[start - 1000 : start - 1000 + n].tobytes() == part.tobytes()


def test_company_changes_nothing() -> None:
    """E3.2: a future is the same whichever policies and worlds run beside it, in any order."""
    arms = [arm("P7"), arm("P0"), arm("P6", "P7", "up", scale_up=1), arm("P11")]
    worlds = [beliefs(**LOUD), beliefs(), beliefs(e_f=0.8)]
    whole = run(design(arms), many(*worlds), 8)
    turned = run(design(arms[::-1]), many(*worlds[::-1]), 8)
    assert whole.tobytes() == np.ascontiguousarray(turned[:, ::-1, ::-1]).tobytes()
    for w, world in enumerate(worlds):
        for x, one in enumerate(arms):
            alone = run(design([one]), world, 8)[:, 0, 0]
            assert np.array_equal(whole[:, w, x], alone)


def test_inputs_are_left_alone() -> None:
    """A run writes nothing into the arrays that it is given."""
    plan, world = design([arm("P7")]), beliefs(**LOUD)
    before = [a.copy() for a in (world.par, world.ch, plan.lever, plan.cadence, plan.rule)]
    run(plan, world, 3)
    simulate_path(plan, Beliefs(world.par[0], world.ch[0]), 1, 0, "P7")
    after = [world.par, world.ch, plan.lever, plan.cadence, plan.rule]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


# E3.13: time -----------------------------------------------------------------------------------


def same_records(a: NDArray[Any], b: NDArray[Any]) -> bool:
    return a.tobytes() == b.tobytes()


@pytest.mark.parametrize(
    "splits", [(260,), (1,), (51, 52, 53), (107,), (3, 110, 318, 319, 519), (520,)]
)
@pytest.mark.parametrize("policy", ["P7", "up"])
def test_a_future_goes_on_where_it_was_saved(splits: tuple[int, ...], policy: str) -> None:
    """E3.13: cut at any week, whole years or not, a future ends with the same bytes."""
    arms = [arm("P7", surge=1), arm("P6", "P7", "up", scale_up=1, exit_review=1)]
    plan, world = design(arms), beliefs(**LOUD)
    one = Beliefs(world.par[0], world.ch[0])
    for replicate in (1, 2, 4):
        whole = simulate_path(plan, one, 8, replicate, policy)
        path, traces = None, []
        for until in (*splits, 520):
            path = simulate_path(plan, one, 8, replicate, policy, until=until, resume=path)
            traces.append(path.trace)
        assert path is not None
        assert same_records(whole.future, path.future)
        assert np.array_equal(whole.out, path.out)
        assert np.array_equal(whole.trace, np.concatenate(traces), equal_nan=True)


def test_a_saved_future_can_go_on_twice() -> None:
    """Going on from a saved future leaves it as it was."""
    plan, world = design([arm("P7")]), beliefs(**LOUD)
    one = Beliefs(world.par[0], world.ch[0])
    saved = simulate_path(plan, one, 8, 0, "P7", until=100)
    first, second = (simulate_path(plan, one, 8, 0, "P7", resume=saved) for _ in range(2))
    assert np.array_equal(first.out, second.out)


def test_paths_and_batches_are_the_same_futures() -> None:
    """One future at a time, with its trace, has the account that the batch gives it."""
    plan, world = design([arm("P7"), arm("P16")]), beliefs(**LOUD)
    batch = run(plan, world, 12, seed=8)
    one = Beliefs(world.par[0], world.ch[0])
    for i in range(12):
        for x, policy in enumerate(plan.policies):
            path = simulate_path(plan, one, 8, i, policy)
            assert np.array_equal(batch[i, 0, x], path.out)
            lived = int(path.total("weeks") + path.total("war"))
            assert not np.isnan(path.trace[:lived]).any()
            assert np.isnan(path.trace[lived:]).all()


# E3.2 and E3.16: ensembles ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def case() -> Case:
    loaded = load_case("korea")
    return replace(loaded, calendar=replace(loaded.calendar, horizon_weeks=120))


def plan_of(case: Case, *, futures: int = 256, ranges: bool = True) -> Plan:
    return make_plan(
        case_fingerprint=case.fingerprint, seed=11, futures=futures, policies=("P7", "P0", "P16"),
        baseline="P0", worlds=tuple(w.id for w in case.worlds), ranges=ranges, overlay="",
        horizon_weeks=120,
    )  # fmt: skip


def ensemble_of(case: Case, plan: Plan, chunk: int = 32) -> Ensemble:
    sample = sample_beliefs(case, plan.n_draws, plan.seed, ranges=plan.ranges)
    packed = pack_design(case, plan.policies)
    return Ensemble(case, plan, packed, sample, case.worlds, chunk)


@pytest.fixture(scope="module")
def whole(case: Case) -> Collected:
    return run_plan(ensemble_of(case, plan_of(case)), threads=1)


@pytest.mark.parametrize(("threads", "chunk"), [(2, 32), (1, 1), (2, 5), (3, 7)])
def test_threads_and_chunks(case: Case, whole: Collected, threads: int, chunk: int) -> None:
    """E3.2: any number of threads and any chunk give the same bytes."""
    assert whole.complete
    again = run_plan(ensemble_of(case, plan_of(case), chunk), threads=threads)
    assert_same(whole, again)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_stopped_run_goes_on(case: Case, whole: Collected, threads: int, tmp_path: Path) -> None:
    """E3.2: stopped half-way and resumed from its parts, a run gives the same bytes."""
    plan = plan_of(case)
    stop: Reporter = Stop(plan.futures // 2)
    with pytest.raises(Interrupted, match="futures a policy"):
        run_plan(
            ensemble_of(case, plan), threads=threads, report=stop,
            checkpoint=Checkpoint(tmp_path, plan.fingerprint),
        )  # fmt: skip
    told: list[Progress] = []
    again = run_plan(
        ensemble_of(case, plan), threads=threads, report=told.append,
        checkpoint=Checkpoint(tmp_path, plan.fingerprint),
    )  # fmt: skip
    assert_same(whole, again)
    assert plan.futures // 2 <= told[0].resumed == told[0].done < plan.futures
    assert plan.futures == told[-1].done


def test_parts_of_another_plan_are_left_out(case: Case, whole: Collected, tmp_path: Path) -> None:
    """A part of another seed and a stray file do not enter a run."""
    plan = plan_of(case)
    other = replace(plan, seed=12)
    run_plan(
        ensemble_of(case, other), executor=Sequential(),
        checkpoint=Checkpoint(tmp_path, other.fingerprint),
    )  # fmt: skip
    (tmp_path / "part-00000098-00000098.npz").write_bytes(b"")
    told: list[Progress] = []
    again = run_plan(
        ensemble_of(case, plan), threads=1, report=told.append,
        checkpoint=Checkpoint(tmp_path, plan.fingerprint),
    )  # fmt: skip
    assert (0, 1) == (told[0].resumed, told[0].damaged)
    assert_same(whole, again)


def test_parts_that_overlap_count_once(case: Case, whole: Collected, tmp_path: Path) -> None:
    """Two runs that wrote into one folder at once leave parts that share groups."""
    plan = plan_of(case)
    ensemble = ensemble_of(case, plan)
    for groups in ((0, 1), (1, 2, 3)):
        parts = Checkpoint(tmp_path, plan.fingerprint)
        collected = Collected(whole.sizes, len(case.worlds), len(plan.policies))
        held = Assembly(plan, collected)
        for group in groups:
            (piece,) = plan.pieces(plan.groups()[group])
            sums = held.put(piece, ensemble.compute(piece))
            assert sums is not None
            parts.keep(group, sums)
        parts.write(held)
    again = run_plan(ensemble, threads=1, checkpoint=Checkpoint(tmp_path, plan.fingerprint))
    assert_same(whole, again)


def test_pooled_is_the_weighted_mean_of_worlds(case: Case) -> None:
    """E3.16: the pooled estimate equals the weighted mean of the worlds' own estimates."""
    weights = np.array([w.weight for w in case.worlds])
    told: list[Progress] = []
    plan = plan_of(case)
    done = run_plan(ensemble_of(case, plan), threads=1, report=told.append, watch=("P7", weights))
    war = done.numerator[..., metric_index("p_war")].sum(axis=0) / plan.futures
    by_world = war[:, 0] - war[:, 1]
    assert told[-1].estimate == pytest.approx(float(weights @ by_world), rel=1e-9)
    alone = []
    for w in range(len(weights)):
        only = np.eye(len(weights))[w]
        run_plan(ensemble_of(case, plan), threads=1, report=told.append, watch=("P7", only))
        alone.append(told[-1].estimate)
    assert float(weights @ np.array(alone)) == pytest.approx(float(weights @ by_world), rel=1e-9)


def test_collected_sums_are_those_of_the_futures(case: Case, whole: Collected) -> None:
    """Sums over groups equal sums over futures run one by one."""
    plan = plan_of(case)
    ensemble = ensemble_of(case, plan)
    wars = np.zeros((len(case.worlds), len(plan.policies)))
    worlds = range(len(case.worlds))
    for k in range(plan.n_draws):
        view = Beliefs(ensemble.par[k], ensemble.ch[k])
        first = k * plan.n_replicates
        out = simulate_replicates(ensemble.design, view, plan.seed, first, plan.n_replicates)
        wars += out[..., Out.war].sum(axis=0)
    place = metric_index("p_war_raw")
    assert np.array_equal(wars, whole.numerator[..., place].sum(axis=0))
    assert (whole.count("futures") == plan.futures).all()
    avoided, caused = whole.count("war_avoided"), whole.count("war_caused")
    for w in worlds:
        gap = wars[w, :] - wars[w, 1]
        assert np.array_equal(caused[w] - avoided[w], gap)
