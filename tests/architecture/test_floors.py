"""Imports point down only, and importing costs nothing."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "altair",
    "dask",
    "distributed",
    "docx",
    "duckdb",
    "jinja2",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "ruamel",
    "scipy",
    "typst",
    "vl_convert",
)


def test_import_contracts() -> None:
    """import-linter keeps every contract of pyproject.toml."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "statement",
    [
        "import openchannel",
        "import openchannel.cli",
        "import openchannel.cli.app",
        "import openchannel.domain, openchannel.errors",
    ],
)
def test_importing_loads_nothing_heavy(statement: str) -> None:
    """The package, its domain and the whole command line come without a library of numbers."""
    code = f"import sys; {statement}; print(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert sorted(set(HEAVY) & set(done.stdout.split())) == []


def test_help_comes_at_once() -> None:
    """`openchannel --help` takes less than half a second of processor time, warm."""
    command = [sys.executable, "-m", "openchannel.cli", "--help"]
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, capture_output=True, check=True, env=dict(os.environ))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < 0.5


def test_importing_writes_nothing(tmp_path: Path) -> None:
    """Not even the folder of the compiled simulator."""
    environment = dict(os.environ, OPENCHANNEL_CACHE=str(tmp_path / "cache"), HOME=str(tmp_path))
    code = "import openchannel, openchannel.cli.app"
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []
