"""What the documents tell a reader to type works as written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from doc_blocks import ROOT, Block, blocks, pages

RUNNABLE = ("python", "console", "bash", "sh")
#: Futures are made few: what is tested is that the example runs, not what it finds.
FEW = "16"


def small(text: str) -> str:
    text = re.sub(r"--futures \d+", f"--futures {FEW}", text)
    return re.sub(r"futures=[\d_]+", f"futures={FEW}", text)


def run(arguments: list[str], folder: Path, where: str) -> None:
    environment = dict(os.environ, PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    done = subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{where}\n{arguments}\n{done.stdout}\n{done.stderr}"


def follow(block: Block, folder: Path) -> None:
    """Do what one block says."""
    if block.action == "file":
        target = folder / block.mark.split(" ", 1)[1]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.text, encoding="utf-8")
    elif block.language == "python":
        run([sys.executable, "-c", small(block.text)], folder, block.where)
    else:
        commands = [line[2:] for line in block.text.splitlines() if line.startswith("$ ")]
        for command in commands or block.text.splitlines():
            run(["bash", "-c", small(command)], folder, block.where)


def test_every_example_says_whether_it_is_tested() -> None:
    """A block that could be run is run, or says why not."""
    for page in pages():
        for block in blocks(page):
            if block.language in RUNNABLE:
                assert re.fullmatch(r"run|skip \(.+\)", block.mark), f"{block.where}: {block.mark!r}"


@pytest.mark.parametrize(
    "page",
    [p for p in pages() if any(b.action == "run" for b in blocks(p))],
    ids=lambda p: p.relative_to(ROOT).as_posix(),
)
def test_examples_of_a_page_run_in_order(page: Path, tmp_path: Path) -> None:
    """From an empty folder, top to bottom, each with exit code 0."""
    for block in blocks(page):
        if block.action in ("run", "file"):
            follow(block, tmp_path)
