"""The program run in this process, and a small case of one's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from openchannel.cli.app import app
from openchannel.domain import Case
from openchannel.usecases import cases
from openchannel.usecases.runs import assessment

# Policies and futures of every assessment of these tests: small, but with an answer.
SMALL = ("--policy", "Q1", "--futures", "64", "--format", "none")


@pytest.fixture(scope="session", autouse=True)
def _cases_are_read_once(mine: Path) -> Iterator[None]:
    """Reading a whole case takes a second; two hundred commands read these two here."""
    read = cases.load
    known = {name: read(name) for name in ("korea", str(mine))}

    def load(case: str | Path) -> Case:
        return known.get(str(case)) or read(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assessment, "load", load)
        patch.setattr(cases, "load", load)
        yield


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Run the program with arguments, in an empty folder and on a screen of eighty columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("OPENCHANNEL_DEBUG", raising=False)

    def run_program(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(a) for a in arguments])

    return run_program


@pytest.fixture(scope="session")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case made by `openchannel new`, over five years."""
    folder = tmp_path_factory.mktemp("cases") / "mine"
    assert CliRunner().invoke(app, ["new", str(folder)]).exit_code == 0
    return folder


@pytest.fixture
def two_schools(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What every command of a test loads: the case of one's own with two schools of thought."""
    case = cases.load(mine)
    few = replace(case, worlds=(case.world("W1"), case.world("W5")))
    monkeypatch.setattr(cases, "load", lambda _: few)


def problems(result: Result) -> list[dict[str, Any]]:
    """The problems that a command gave as JSON."""
    return list(json.loads(result.stdout)["problems"])
