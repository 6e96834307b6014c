"""What every executor must satisfy: the same bytes, each piece once, a stop that loses nothing.

A new executor inherits `Contract` and gives its fixture `tested`; everything else comes with it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from distributed import LocalCluster
from unit.ensemble.lab import Stop, assert_same

from openchannel.casefile import load_case
from openchannel.domain import Case
from openchannel.ensemble import (
    Checkpoint,
    Collected,
    Ensemble,
    Executor,
    Gpu,
    Plan,
    Progress,
    Sequential,
    Threads,
    code,
    make_plan,
    plan,
    run_plan,
    sample_beliefs,
)
from openchannel.ensemble.executors import cluster, executor
from openchannel.ensemble.executors.line import Line
from openchannel.ensemble.plan import Piece
from openchannel.errors import Interrupted, UserError
from openchannel.model import Beliefs, Design, pack_design, simulate_replicates

WEEKS = 104
FUTURES = 256
#: Pieces so small that groups have several, and a last one that is shorter.
PIECE = 3
#: A free port, as other tests may run clusters too.
ANYWHERE = "127.0.0.1:0"


@pytest.fixture(scope="module")
def case() -> Case:
    loaded = load_case("korea")
    return replace(loaded, calendar=replace(loaded.calendar, horizon_weeks=WEEKS))


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "_PIECE", PIECE)


def plan_of(case: Case, futures: int = FUTURES) -> Plan:
    made = make_plan(
        case_fingerprint=case.fingerprint, seed=11, futures=futures, policies=("P7", "P0"),
        baseline="P0", worlds=("W1", "W2"), ranges=True, overlay="", horizon_weeks=WEEKS,
    )  # fmt: skip
    return replace(made, groups_per_draw=1)


def ensemble_of(case: Case, futures: int = FUTURES) -> Ensemble:
    wanted = plan_of(case, futures)
    sample = sample_beliefs(case, wanted.n_draws, wanted.seed)
    worlds = [case.world(w) for w in wanted.worlds]
    return Ensemble(case, wanted, pack_design(case, wanted.policies), sample, worlds)


@pytest.fixture(scope="module")
def ensemble(case: Case) -> Ensemble:
    return ensemble_of(case)


@pytest.fixture(scope="module")
def whole(ensemble: Ensemble) -> Collected:
    """The run that all others must equal: one thread, one piece after another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "_PIECE", PIECE)
        return run_plan(ensemble, executor=Sequential())


def pieces_of(ensemble: Ensemble) -> list[Piece]:
    return [p for group in ensemble.plan.groups() for p in ensemble.plan.pieces(group)]


class Contract:
    """The tests that each executor passes."""

    @pytest.fixture
    def tested(self) -> Iterator[Executor]:
        raise NotImplementedError

    def test_the_same_bytes_as_one_thread(
        self, tested: Executor, ensemble: Ensemble, whole: Collected
    ) -> None:
        """Whoever computes, sums and counts are the same to the last bit."""
        assert_same(whole, run_plan(ensemble, executor=tested))

    def test_each_piece_comes_back_once(self, tested: Executor, ensemble: Ensemble) -> None:
        """None is lost and none comes twice, in whatever order."""
        wanted = pieces_of(ensemble)
        back = [piece for piece, _ in tested.run(ensemble, iter(wanted))]
        assert sorted(wanted, key=str) == sorted(back, key=str)
        assert len({p.group for p in wanted}) < len(wanted), "groups have several pieces here"

    def test_a_piece_has_the_sums_of_its_futures(
        self, tested: Executor, ensemble: Ensemble
    ) -> None:
        """What comes back with a piece is what computing it here gives."""
        for piece, sums in tested.run(ensemble, islice(pieces_of(ensemble), 4)):
            here = ensemble.compute(piece)
            for name in here.__slots__:
                assert getattr(here, name).tobytes() == getattr(sums, name).tobytes(), name

    def test_nothing_to_do(self, tested: Executor, ensemble: Ensemble) -> None:
        """No piece, no result."""
        assert [] == list(tested.run(ensemble, iter([])))

    def test_closing_stops_it(self, tested: Executor, ensemble: Ensemble) -> None:
        """After the first result no more than what was in hand is begun, and it can run again."""
        asked: list[Piece] = []

        def told() -> Iterator[Piece]:
            for piece in pieces_of(ensemble):
                asked.append(piece)
                yield piece

        results = tested.run(ensemble, told())
        next(results)
        results.close()
        assert len(asked) < len(pieces_of(ensemble)) / 2
        assert 1 == len(list(tested.run(ensemble, iter(pieces_of(ensemble)[:1]))))

    def test_a_stopped_run_goes_on(
        self, tested: Executor, ensemble: Ensemble, whole: Collected, tmp_path: Path
    ) -> None:
        """Stopped with groups half done, and resumed, it ends with the same bytes."""
        fingerprint = ensemble.plan.fingerprint
        with pytest.raises(Interrupted, match="of 256 futures a policy"):
            run_plan(
                ensemble, executor=tested, report=Stop(FUTURES // 2 + 1),
                checkpoint=Checkpoint(tmp_path, fingerprint),
            )  # fmt: skip
        told: list[Progress] = []
        again = run_plan(
            ensemble, executor=tested, report=told.append,
            checkpoint=Checkpoint(tmp_path, fingerprint),
        )  # fmt: skip
        assert_same(whole, again)
        assert FUTURES // 2 < told[0].resumed == told[0].done < FUTURES == told[-1].done


class TestSequential(Contract):
    """One piece after another."""

    @pytest.fixture
    def tested(self) -> Executor:
        return Sequential()


class TestThreads(Contract):
    """Threads of this process."""

    @pytest.fixture(params=[1, 2, 5])
    def tested(self, request: pytest.FixtureRequest) -> Executor:
        return Threads(request.param)


def played_here(
    design: Design, beliefs: Beliefs, seed: int, draw: np.ndarray, replicate: np.ndarray
) -> np.ndarray:
    """What a card is asked for, one replicate after another on the CPU."""
    return np.concatenate(
        [
            simulate_replicates(design, Beliefs(beliefs.par[d], beliefs.ch[d]), seed, int(r), 1)
            for d, r in zip(draw, replicate, strict=True)
        ]
    )


class TestGpu(Contract):
    """A GPU, with the CPU in the place of the card: what is left is the executor itself."""

    @pytest.fixture(params=[1, 3])
    def tested(self, request: pytest.FixtureRequest) -> Executor:
        gpu = Gpu(request.param, played_here)
        gpu.a_launch = 28  # seven replicates of four futures: three pieces, of more than one draw
        return gpu


@pytest.fixture(scope="module")
def dask() -> Iterator[cluster.Dask]:
    with cluster.connected("local", 2) as workers:
        yield workers


class TestDask(Contract):
    """Two worker processes of a local cluster."""

    @pytest.fixture
    def tested(self, dask: cluster.Dask) -> Executor:
        return dask

    def test_a_worker_dies(self, dask: cluster.Dask, case: Case) -> None:
        """Killed with work in hand, its pieces are done again: nothing lost, nothing twice."""
        large = ensemble_of(case, 4 * FUTURES)
        killed: list[int] = []

        def kill(progress: Progress) -> None:
            if not killed and progress.done >= FUTURES:
                (pid, *_) = dask._client.run(os.getpid).values()
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

        assert_same(
            run_plan(large, executor=Sequential()), run_plan(large, executor=dask, report=kill)
        )
        assert killed

    def test_tasks_are_about_a_second(self) -> None:
        """Pieces of a hundredth of a second are sent by the hundred, long ones one by one."""
        pace = cluster._Pace()
        for _ in range(12):
            pace.learn(pace.pieces, 0.01 * pace.pieces)
        assert 0.5 <= 0.01 * pace.pieces <= 1.5
        for _ in range(3):
            pace.learn(pace.pieces, 20.0 * pace.pieces)
        assert 1 == pace.pieces


# What may be wrong with a cluster ----------------------------------------------------------------


def wrong(error: pytest.ExceptionInfo[UserError]) -> str:
    (problem, *_) = error.value.problems
    assert "--cluster" == problem.field
    assert problem.mend
    return problem.wrong


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_ANSWER_SECONDS", 0.5)


@pytest.mark.usefixtures("_impatient")
def test_no_scheduler() -> None:
    """An address where nobody answers is told with the address."""
    with pytest.raises(UserError) as error, executor("tcp://127.0.0.1:9"):
        pass
    assert "no Dask scheduler answers at 'tcp://127.0.0.1:9'" in wrong(error)


@pytest.mark.usefixtures("_impatient")
def test_no_workers() -> None:
    """A scheduler alone does no work, and is told apart from none."""
    with (
        LocalCluster(n_workers=0, dashboard_address=ANYWHERE) as alone,
        pytest.raises(UserError) as error,
        executor(alone.scheduler_address),
    ):
        pass
    assert "has no workers" in wrong(error)


def test_a_scheduler_by_its_address(ensemble: Ensemble, whole: Collected) -> None:
    """A cluster that somebody else started gives the same bytes; it is left running."""
    with LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=ANYWHERE) as theirs:
        with executor(theirs.scheduler_address) as workers:
            assert_same(whole, run_plan(ensemble, executor=workers))
        assert 1 == len(theirs.scheduler_info["workers"])


def test_a_worker_of_another_version(
    dask: cluster.Dask, ensemble: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers of other code are refused before any work, and named with what differs."""
    dask._client.wait_for_workers(2)
    monkeypatch.setattr(code, "code_digest", lambda: "0123456789abcdef")
    with pytest.raises(UserError) as error:
        run_plan(ensemble, executor=dask)
    assert 2 == len(error.value.problems)
    assert "the worker at tcp://" in wrong(error)
    assert "0123456789abcdef" in error.value.problems[0].allowed
    # One that joins later is found out by its first task.
    monkeypatch.setattr(cluster.Dask, "_refuse_foreign_workers", lambda _: None)
    with pytest.raises(UserError) as error:
        run_plan(ensemble, executor=dask)
    assert "(code " in wrong(error)


def test_the_scheduler_goes_away(case: Case, tmp_path: Path) -> None:
    """Told as such, and what was finished can be gone on with by any other executor."""
    large = ensemble_of(case, 4 * FUTURES)
    checkpoint = Checkpoint(tmp_path, large.plan.fingerprint)
    theirs = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=ANYWHERE)

    def end(progress: Progress) -> None:
        if progress.done >= FUTURES:
            theirs.close()

    with executor(theirs.scheduler_address) as workers:
        with pytest.raises(UserError) as error:
            run_plan(large, executor=workers, report=end, checkpoint=checkpoint)
    assert "the scheduler was lost" in wrong(error)
    told: list[Progress] = []
    again = run_plan(
        large, executor=Threads(1), report=told.append,
        checkpoint=Checkpoint(tmp_path, large.plan.fingerprint),
    )  # fmt: skip
    assert told[0].resumed >= FUTURES
    assert_same(run_plan(large, executor=Sequential()), again)


def test_without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra that is missing is named, and how to get it."""
    monkeypatch.setitem(__import__("sys").modules, "openchannel.ensemble.executors.cluster", None)
    with pytest.raises(UserError) as error, executor("local"):
        pass
    assert "is not installed" in wrong(error)
    assert "openchannel[scale]" in error.value.problems[0].mend


# The line ----------------------------------------------------------------------------------------


def test_the_line_waits_for_the_oldest() -> None:
    """No task begins further beyond the oldest that is out than the reach, nor after the end."""
    pieces = [Piece(0, i, 0, i, 1) for i in range(7)]
    line = Line(iter(pieces))
    first, second = line.take(2, 3), line.take(2, 3)
    third = line.take(1, 3)
    assert first is not None
    assert second is not None
    assert third is not None
    assert [pieces[:2], pieces[2:4], pieces[4:5]] == [first[1], second[1], third[1]]
    line.back(second[0])
    assert line.take(1, 3) is None
    line.back(first[0])
    last = line.take(9, 3)
    assert last is not None
    assert pieces[5:] == last[1]
    assert line.take(1, 9) is None


def test_time_is_not_in_the_numbers(ensemble: Ensemble, whole: Collected) -> None:
    """First pieces that come back last, behind all that follow them, change nothing."""

    class Slow(Sequential):
        def run(self, ensemble: Ensemble, pieces: Iterator[Piece]):
            late = []
            for piece, sums in super().run(ensemble, pieces):
                if piece.place == 0:
                    late.append((piece, sums))
                else:
                    yield piece, sums
            yield from late

    assert_same(whole, run_plan(ensemble, executor=Slow()))
