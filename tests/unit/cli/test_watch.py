"""`openchannel watch` at the command line: one number, three faces, within eighty columns."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import Result

import openchannel
from openchannel.casefile import load_case
from openchannel.cli.watch import DEFAULT_WEEKS
from openchannel.usecases.runs import assessment
from openchannel.usecases.signs import watch as signposts

from .conftest import problems

Run = Callable[..., Result]
DAY = "2026-06-30"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one year; beliefs are drawn the same for any horizon."""
    whole = load_case("korea")
    calendar = replace(whole.calendar, horizon_weeks=52, inauguration_weeks=())
    place = tmp_path_factory.mktemp("runs") / "a"
    case = replace(whole, calendar=calendar)
    assessment.assess(case, futures=1024, policies=["P7"], folder=place, threads=2)
    return place


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCHANNEL_STORE", str(tmp_path / "store.duckdb"))


def test_json_says_what_python_says(run: Run, folder: Path) -> None:
    """The files too; the default number of weeks is that of the use case."""
    asked = ("--as-of", DAY, "--weeks", "13", "--until", "2025-09-30")
    result = run("watch", "korea", folder, *asked, "--json", "-o", "out", "--format", "html")
    assert 0 == result.exit_code, result.output
    given = json.loads(result.stdout)
    python = openchannel.watch("korea", folder, as_of=DAY, weeks=13, until="2025-09-30")
    assert python.as_dict() == given
    assert given == json.loads(Path("out/watch.json").read_text("utf-8"))
    assert Path("out/watch.html").is_file()
    assert signposts.DEFAULT_WEEKS == DEFAULT_WEEKS


def test_the_answer_can_be_read_on_eighty_columns(run: Run, folder: Path) -> None:
    """The answer stands first."""
    asked = ("watch", "korea", folder, "--as-of", DAY, "--weeks", "4")
    result = run(*asked, "--suppose", "allied_protest=yes", "--seed", "2")
    assert 0 == result.exit_code, result.output
    assert max(map(len, result.stdout.splitlines())) <= 80
    text = " ".join(result.stdout.split())
    assert "Nothing has been seen since this run" in text
    assert "is seen over 4 weeks" in text


def test_suppositions_that_mean_nothing_are_told_with_all_that_is_known(
    run: Run, folder: Path
) -> None:
    """Exit code 2, every problem at once."""
    asked = ("--suppose", "crisis=1", "--suppose", "crises=many")
    result = run("watch", "korea", folder, *asked, "--json")
    assert 2 == result.exit_code
    told = problems(result)
    assert ["--suppose", "--suppose"] == [p["field"] for p in told]
    assert "write crises" in told[0]["mend"]
