"""The good case of the faults, in a folder of its own, to be changed by a test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

TINY = Path(__file__).parents[2] / "faults" / "tiny"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


@pytest.fixture
def child(tiny: Path) -> Path:
    """A case that extends `tiny` and says nothing else."""
    folder = tiny.parent / "child"
    folder.mkdir()
    (folder / "case.yaml").write_text("id: child\nextends: ../tiny\n", encoding="utf-8")
    return folder
