"""What the documents tell a reader to type works as written."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from doc_blocks import ROOT, Block, blocks, pages

from openchannel.cli.app import app

RUNNABLE = ("python", "console", "bash", "sh")
#: Futures are made few: what is tested is that the example runs, not what it finds.
FEW = "16"


def small(text: str) -> str:
    text = re.sub(r"--futures \d+", f"--futures {FEW}", text)
    return re.sub(r"futures=[\d_]+", f"futures={FEW}", text)


def run(command: str, where: str) -> None:
    """One line of a shell; the program itself is called in this process, which saves its start."""
    arguments = shlex.split(command)
    if arguments[0] != "openchannel":
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{where}\n{command}\n{done.stdout}\n{done.stderr}"
        return
    with pytest.raises(SystemExit) as stop:
        app(arguments[1:])
    assert stop.value.code == 0, f"{where}\n{command}"


def follow(block: Block) -> None:
    """Do what one block says, in the present folder."""
    if block.action == "file":
        target = Path(block.mark.split(" ", 1)[1])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.text, encoding="utf-8")
    elif block.language == "python":
        exec(compile(small(block.text), block.where, "exec"), {"__name__": "__main__"})
    else:
        commands = [line[2:] for line in block.text.splitlines() if line.startswith("$ ")]
        for command in commands or block.text.splitlines():
            run(small(command), block.where)


def test_every_example_says_whether_it_is_tested() -> None:
    """A block that could be run is run, or says why not."""
    for page in pages():
        for block in blocks(page):
            if block.language in RUNNABLE:
                assert re.fullmatch(r"run|skip \(.+\)", block.mark), (
                    f"{block.where}: {block.mark!r}"
                )


@pytest.mark.parametrize(
    "page",
    [p for p in pages() if any(b.action == "run" for b in blocks(p))],
    ids=lambda p: p.relative_to(ROOT).as_posix(),
)
def test_examples_of_a_page_run_in_order(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From an empty folder, top to bottom, each with exit code 0."""
    monkeypatch.chdir(tmp_path)
    for block in blocks(page):
        if block.action in ("run", "file"):
            follow(block)
