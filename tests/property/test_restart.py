"""What a machine may do to a run: kill it, fill its disk, damage its files."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from unit.ensemble.lab import assert_same

import openchannel as oc
from openchannel.casefile import load_case
from openchannel.domain import Case
from openchannel.ensemble import (
    Checkpoint,
    Collected,
    Ensemble,
    Progress,
    Sequential,
    make_plan,
    plan,
    run_plan,
    runner,
    sample_beliefs,
    store,
)
from openchannel.ensemble.unbroken import unbroken
from openchannel.errors import UserError
from openchannel.model import pack_design

FUTURES = 128
FIRST_HALF, UNDER_WAY = "part-00000000-00000010.npz", "under-way.npz"


@pytest.fixture(scope="module")
def case() -> Case:
    loaded = load_case("korea")
    return replace(loaded, calendar=replace(loaded.calendar, horizon_weeks=60))


@pytest.fixture(scope="module")
def ensemble(case: Case) -> Ensemble:
    made = make_plan(
        case_fingerprint=case.fingerprint, seed=3, futures=FUTURES, policies=("P0", "P7"),
        baseline="P0", worlds=("W1",), ranges=True, overlay="", horizon_weeks=60,
    )  # fmt: skip
    made = replace(made, n_draws=16, n_replicates=8, groups_per_draw=1)
    sample = sample_beliefs(case, made.n_draws, made.seed)
    return Ensemble(case, made, pack_design(case, made.policies), sample, [case.world("W1")])


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups of eight replicates in three pieces."""
    monkeypatch.setattr(plan, "_PIECE", 3)


@pytest.fixture
def whole(ensemble: Ensemble) -> Collected:
    return run_plan(ensemble, executor=Sequential())


def checkpoint(ensemble: Ensemble, folder: Path) -> Checkpoint:
    return Checkpoint(folder, ensemble.plan.fingerprint)


class Lost(Exception):
    """Something breaks in the middle of a run."""


@pytest.fixture
def stopped(ensemble: Ensemble, tmp_path: Path) -> Path:
    """A folder with a part of eleven finished groups and one group under way."""

    def breaks(progress: Progress) -> None:
        if progress.done == 11 * 8 + 3:
            raise Lost

    with pytest.raises(Lost):
        run_plan(
            ensemble, executor=Sequential(), report=breaks,
            checkpoint=checkpoint(ensemble, tmp_path),
        )  # fmt: skip
    assert {FIRST_HALF, UNDER_WAY} == {p.name for p in tmp_path.iterdir()}
    return tmp_path


def resumed(ensemble: Ensemble, folder: Path) -> tuple[Collected, Progress]:
    """The run gone on with, and its first moment."""
    told: list[Progress] = []
    done = run_plan(
        ensemble, executor=Sequential(), report=told.append,
        checkpoint=checkpoint(ensemble, folder),
    )  # fmt: skip
    return done, told[0]


def test_any_failure_keeps_what_is_finished(
    ensemble: Ensemble, whole: Collected, stopped: Path
) -> None:
    """Groups half done are gone on with at the piece where they stopped."""
    done, first = resumed(ensemble, stopped)
    assert (91, 0) == (first.resumed, first.damaged)
    assert_same(whole, done)


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("place", [10, 64, 1000, -300, -1])
@pytest.mark.parametrize(("name", "left"), [(FIRST_HALF, 3), (UNDER_WAY, 88)])
def test_one_wrong_bit_is_found(
    ensemble: Ensemble, whole: Collected, stopped: Path, name: str, left: int, place: int
) -> None:
    """In the head, the middle or the tail of a file: it is told, left out and computed again."""
    flip(stopped / name, place)
    done, first = resumed(ensemble, stopped)
    assert (left, 1) == (first.resumed, first.damaged)
    assert_same(whole, done)


@pytest.mark.parametrize("size", [0, 10, 64, 500, -1])
def test_a_file_cut_short_is_found(
    ensemble: Ensemble, whole: Collected, stopped: Path, size: int
) -> None:
    """Wherever it is cut."""
    path = stopped / FIRST_HALF
    path.write_bytes(path.read_bytes()[:size])
    done, first = resumed(ensemble, stopped)
    assert (3, 1) == (first.resumed, first.damaged)
    assert_same(whole, done)


def test_a_group_never_counts_twice(ensemble: Ensemble, whole: Collected, stopped: Path) -> None:
    """A part that stands there twice, or beside groups under way that it holds, enters once."""
    (stopped / "part-00000000-00000099.npz").write_bytes((stopped / FIRST_HALF).read_bytes())
    (stopped / UNDER_WAY).write_bytes((stopped / FIRST_HALF).read_bytes())
    done, first = resumed(ensemble, stopped)
    assert 88 == first.resumed
    assert_same(whole, done)


def test_a_disk_that_fills_up_and_is_freed(
    ensemble: Ensemble, whole: Collected, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run stops with the system's words; what was on disk before is gone on with."""
    monkeypatch.setattr(runner, "_CHECKPOINT_SECONDS", -1.0)
    written, sync = [], os.fsync

    def fills(handle: int) -> None:
        if len(written) == 5:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(handle)
        sync(handle)

    with monkeypatch.context() as full:
        full.setattr(store.os, "fsync", fills)
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            resumed(ensemble, tmp_path)
    names = {p.name for p in tmp_path.iterdir()}
    assert not [n for n in names if n.endswith(".tmp")]
    assert "part-00000000-00000000.npz" in names
    done, first = resumed(ensemble, tmp_path)
    assert first.resumed >= 8
    assert 0 == first.damaged
    assert_same(whole, done)


SETTINGS = ("--policy", "P7", "--beliefs", "W5", "--futures", "2048", "--format", "none")
_HURRIED = """
import sys
from openchannel.ensemble import runner
runner._CHECKPOINT_SECONDS = 0.2
from openchannel.cli import main
sys.argv = ["openchannel", *sys.argv[1:]]
main()
"""


def test_a_killed_process_is_gone_on_with(tmp_path: Path) -> None:
    """Killed by the system with work in hand (SIGKILL): the same command ends with the same bytes."""
    command = [sys.executable, "-c", _HURRIED, "assess", "korea", *SETTINGS]
    killed = subprocess.Popen(
        [*command, "-o", "killed", "--quiet"], cwd=tmp_path, stderr=subprocess.DEVNULL
    )
    parts = tmp_path / "killed" / ".unfinished" / "main"
    deadline = time.monotonic() + 120
    while len(list(parts.glob("part-*.npz"))) < 2:
        assert killed.poll() is None, "it ended before it was killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    assert -signal.SIGKILL == killed.wait()
    assert not (tmp_path / "killed" / "summary.json").exists()
    again = subprocess.run([*command, "-o", "killed"], cwd=tmp_path, capture_output=True, text=True)
    assert 0 == again.returncode, again.stderr
    assert "resumed " in again.stderr
    subprocess.run([*command, "-o", "whole", "--quiet"], cwd=tmp_path, check=True)
    for name in ("summary.json", "draws.parquet"):
        before, after = (tmp_path / f / name for f in ("whole", "killed"))
        assert before.read_bytes() == after.read_bytes(), name


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "run"
    oc.assess("korea", policies=["P7"], futures=16, beliefs="W5", folder=folder)
    return folder


def test_a_sound_run_opens(finished: Path) -> None:
    """Its draws are those that were written."""
    run = oc.open_run(finished)
    assert {"draws.parquet", "summary.json"} == set(run.manifest["files"])
    assert 2 * run.summary["n_draws"] == len(run.draws)


@pytest.mark.parametrize("name", ["summary.json", "draws.parquet"])
@pytest.mark.parametrize("harm", ["cut", "bit", "gone"])
def test_a_damaged_run_is_refused(finished: Path, tmp_path: Path, name: str, harm: str) -> None:
    """A file of a finished run that was cut, changed or removed is named, with what to do."""
    for file in finished.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    path = tmp_path / name
    if harm == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif harm == "bit":
        flip(path, path.stat().st_size // 2)
    else:
        path.unlink()
    with pytest.raises(UserError) as error:
        _ = oc.open_run(tmp_path).draws
    (problem,) = error.value.problems
    assert str(tmp_path) in problem.file
    assert problem.wrong
    assert "run" in problem.mend


def test_ctrl_c_stops_a_local_cluster_in_order(tmp_path: Path) -> None:
    """The whole group of processes is interrupted, as a terminal does: one message, no traceback."""
    command = [sys.executable, "-m", "openchannel.cli", "assess", "korea", *SETTINGS, "-o", "run"]
    with subprocess.Popen(
        [*command, "--cluster", "local", "--threads", "1"], cwd=tmp_path, text=True,
        stderr=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        for line in process.stderr:
            if "chance of war" in line and "first look" not in line:
                os.killpg(process.pid, signal.SIGINT)
                break
        rest = process.stderr.read()
        assert 130 == process.wait()
    assert "what was finished is kept in run" in rest
    assert "Traceback" not in rest
    again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert 0 == again.returncode, again.stderr
    assert "resumed " in again.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_waits_for_what_must_not_break(number: int) -> None:
    """It comes right after the block, and handlers are as they were; SIGTERM as workers take it."""
    taken, made = signal.signal(signal.SIGTERM, signal.default_int_handler), False
    before = signal.getsignal(number)
    try:
        with pytest.raises(KeyboardInterrupt), unbroken():
            signal.raise_signal(number)
            made = True
        assert made
        assert before is signal.getsignal(number)
    finally:
        signal.signal(signal.SIGTERM, taken)


_BROKEN_OFF = """
import signal
import numpy.lib.format
from openchannel.ensemble.design import sobol
read = numpy.lib.format.read_array
def interrupted(*given, **named):
    numpy.lib.format.read_array = read
    print("interrupted")
    signal.raise_signal(signal.SIGINT)
    return read(*given, **named)
numpy.lib.format.read_array = interrupted
try:
    sobol(8, 5, 1)
except KeyboardInterrupt:
    print("stopped", len(set(sobol(8, 5, 1)[:, 0])))
"""


def test_ctrl_c_while_the_tables_of_sobol_are_read() -> None:
    """SciPy reads them once a process, swallows the interrupt and draws equal points without."""
    done = subprocess.run([sys.executable, "-c", _BROKEN_OFF], capture_output=True, text=True)
    assert ["interrupted", "stopped 8"] == done.stdout.splitlines()
    assert "" == done.stderr
