"""One small assessment: shapes, bytes, and the world that is told to differ."""

import json

import pytest

import openchannel as oc
from openchannel.domain.names import METRIC_IDS
from openchannel.errors import UserError


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> oc.Run:
    folder = tmp_path_factory.mktemp("run")
    return oc.assess("korea", futures=64, seed=3, policies=["P1", "P7"], folder=folder)


def test_the_summary_has_the_published_shape(run: oc.Run):
    summary = run.summary
    assert list(summary["policies"]) == ["P0", "P1", "P7"]
    for view in (summary, *summary["worlds"].values()):
        for policy in view["policies"].values():
            assert set(METRIC_IDS) <= set(policy["metrics"])
            for metric in METRIC_IDS:
                assert set(policy["metrics"][metric]) == {"mean", "mcse", "p05", "p50", "p95"}
                paired = policy["versus_baseline"][metric]
                assert {"pr_better", "pr_worse", "pr_equal"} <= set(paired)
        assert set(view["wager"]) == {"P1", "P7"}
    assert [w["weight"] for w in summary["worlds"].values()] == [0.25, 0.2, 0.2, 0.15, 0.2]


def test_the_baseline_differs_from_itself_by_exactly_nothing(run: oc.Run):
    paired = run.summary["policies"]["P0"]["versus_baseline"]["composite_loss"]
    assert (paired["mean"], paired["mcse"], paired["pr_equal"]) == (0.0, 0.0, 1.0)


def test_pooled_means_are_the_weighted_means_of_the_worlds(run: oc.Run):
    worlds = run.summary["worlds"].values()
    for policy in ("P0", "P7"):
        parts = [w["weight"] * w["policies"][policy]["metrics"]["p_war"]["mean"] for w in worlds]
        pooled = run.summary["policies"][policy]["metrics"]["p_war"]["mean"]
        assert pooled == pytest.approx(sum(parts), rel=1e-9)


@pytest.mark.parametrize(("threads", "chunk"), [(1, 32), (2, 3)])
def test_threads_and_chunks_change_no_byte(run: oc.Run, tmp_path, threads: int, chunk: int):
    oc.assess(
        "korea", futures=64, seed=3, policies=["P1", "P7"], folder=tmp_path, threads=threads,
        chunk=chunk,
    )  # fmt: skip
    assert run.folder is not None
    for name in ("summary.json", "draws.parquet"):
        assert (tmp_path / name).read_bytes() == (run.folder / name).read_bytes()


def test_the_draws_hold_one_row_a_policy_world_and_draw(run: oc.Run):
    draws = run.draws
    assert len(draws) == 3 * 5 * run.summary["n_draws"]
    hawk = draws[draws["world"] == "W2"]
    assert set(hawk["belief.gamma_D"]) == {-0.05}
    null = draws[draws["world"] == "W3"]
    assert set(null["belief.l_m"]) == {1.0}


def test_a_run_is_opened_again_from_its_folder(run: oc.Run):
    assert run.folder is not None
    again = oc.open_run(run.folder)
    assert json.dumps(again.summary) == json.dumps(run.summary)
    assert again.wager("P7") == run.wager("P7")


@pytest.mark.parametrize("asked", [("P9",), ("P0",), ("P7", "W9")])
def test_a_wager_that_the_run_does_not_hold_is_refused(run: oc.Run, asked: tuple[str, ...]):
    """A policy that was not run, the baseline, a world that there is not: what there is is named."""
    with pytest.raises(UserError, match="P7|W5"):
        run.wager(*asked)


def test_another_seed_gives_other_numbers(run: oc.Run):
    other = oc.assess("korea", futures=64, seed=4, policies=["P1", "P7"])
    assert other.summary["wager"]["P7"] != run.summary["wager"]["P7"]


def test_every_unusable_setting_is_told_at_once():
    with pytest.raises(UserError) as caught:
        oc.assess("korea", futures=1, policies=["P77"], beliefs="W9", overlay="nothing")
    told = str(caught.value)
    for word in ("--futures", "P77", "W9", "nothing", "write P7"):
        assert word in told
