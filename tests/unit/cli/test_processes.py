"""What only a process of its own can show: what is loaded, who reads, and Ctrl-C."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from openchannel.cli import main
from openchannel.ensemble import store

from .conftest import SMALL

Run = Callable[..., Result]
PROGRAM = (sys.executable, "-m", "openchannel.cli")
HEAVY = ("numpy", "numba", "pandas", "duckdb", "pydantic", "scipy", "pyarrow", "altair", "rich")

_LOADED = f"""
import sys
sys.argv = ["openchannel", "--help"]
from openchannel.cli import main
try:
    main()
except SystemExit as ending:
    heavy = [m for m in {HEAVY} if m in sys.modules]
    sys.exit(f"{{ending.code}} {{heavy}}")
"""


def test_help_loads_nothing_heavy() -> None:
    """Help comes at once because no library of an assessment is touched."""
    done = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True)
    assert "0 []" == done.stderr.strip()
    assert "openchannel assess korea" in done.stdout


@pytest.mark.parametrize(
    ("given", "kept"),
    [({}, "1"), ({"OPENBLAS_NUM_THREADS": "4"}, "4"), ({"OMP_NUM_THREADS": "2"}, None)],
    ids=["nothing said", "said", "said for all"],
)
def test_algebra_has_one_thread_unless_told(
    given: dict[str, str], kept: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Futures keep the cores busy; more threads for small matrices would only be in the way."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.setenv(name, "to be taken back at the end")
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["openchannel", "--version"])
    with pytest.raises(SystemExit):
        main()
    assert kept == os.environ.get("OPENBLAS_NUM_THREADS")


def test_a_closed_pipe_is_met_in_silence(tmp_path: Path) -> None:
    """As with `openchannel evidence timeline | head -1`."""
    with subprocess.Popen(
        [*PROGRAM, "evidence", "timeline"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert ("", 0) == (process.stderr.read(), process.wait())


LONG = ("--policy", "Q1", "--futures", "1024", "--format", "none")


@pytest.fixture
def interrupted(mine: Path, tmp_path: Path) -> Path:
    """A folder with an assessment that was stopped by Ctrl-C as soon as it had an answer."""
    with subprocess.Popen(
        [*PROGRAM, "assess", str(mine), *LONG, "-o", "stopped", "--threads", "1"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    ) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        first = process.stderr.readline()
        for line in process.stderr:
            if "futures a policy and world" in line and "chance of war" in line:
                process.send_signal(signal.SIGINT)
                break
        rest = process.stderr.read()
        assert (130, "") == (process.wait(), process.stdout.read())
    assert f"reading the case {mine}...\n" == first
    assert "what was finished is kept in stopped" in rest
    assert f"openchannel assess {mine} --policy Q1 --futures 1024" in rest
    assert "Traceback" not in rest
    return tmp_path / "stopped"


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(
    run: Run, mine: Path, interrupted: Path
) -> None:
    """Resumed or not, on one core or on two: the same bytes, and no leftovers."""
    assert not (interrupted / "summary.json").exists()
    resumed = run("assess", mine, *LONG, "-o", "stopped")
    assert 0 == resumed.exit_code
    assert "resumed " in resumed.stderr
    assert "of 1,024 futures a policy and world" in resumed.stderr
    assert 0 == run("assess", mine, *LONG, "-o", "whole").exit_code
    whole = interrupted.parent / "whole"
    for name in ("summary.json", "draws.parquet"):
        assert (whole / name).read_bytes() == (interrupted / name).read_bytes()
    assert {p.name for p in whole.iterdir()} == {p.name for p in interrupted.iterdir()}


def test_ctrl_c_in_the_brief_costs_no_futures(mine: Path, run: Run, tmp_path: Path) -> None:
    """Stopped while the brief is written, the run is whole, and the same command only writes."""
    command = ("assess", str(mine), "--policy", "Q1", "--futures", "64", "--format", "html")
    with subprocess.Popen(
        [*PROGRAM, *command, "-o", "late"],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=tmp_path,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("writing the brief"):
                process.send_signal(signal.SIGINT)
                break
        rest = process.stderr.read()
        # Where Ctrl-C fell into code made from a string, as dataclasses make theirs, Python ends
        # by the signal itself, which a shell reports as 130 too.
        assert process.wait() in (130, -signal.SIGINT)
    assert "stopped while writing the brief; what was finished is kept in late" in rest
    assert not (tmp_path / "late" / "brief.html").exists()
    again = run(*command, "-o", "late")
    assert "resumed" in again.stderr
    names = {p.name for p in (tmp_path / "late").iterdir()}
    assert {"brief.html", "draws.parquet", "manifest.json", "summary.json"} == names


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for the draws of a small run, but not for its summary."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=192k", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_real_full_disk_is_told_and_leaves_no_part_of_a_file(
    run: Run, mine: Path, tiny_disk: Path
) -> None:
    """What fits is whole, what does not fit is not there."""
    result = run("assess", mine, *SMALL, "-o", tiny_disk / "out")
    assert 2 == result.exit_code
    assert "the disk is full" in result.stderr
    assert "Traceback" not in result.output
    names = {p.name for p in (tiny_disk / "out").iterdir()}
    assert names <= {"draws.parquet", ".unfinished"}


def test_a_disk_that_fills_up_leaves_no_part_of_a_file(
    run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A good file that stood there is still good, and nothing half-written stands beside it."""
    assert 0 == run("assess", mine, *SMALL, "-o", "out").exit_code
    before = {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()}

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(store.os, "fsync", full)
    result = run("assess", mine, *SMALL, "--seed", "2", "-o", "out")
    assert 2 == result.exit_code
    assert "the disk is full" in result.stderr
    assert "Traceback" not in result.output
    after = {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir() if p.is_file()}
    assert before.keys() == after.keys()
    assert before["summary.json"] == after["summary.json"]
