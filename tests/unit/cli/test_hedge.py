"""`hedge` on the command line: its answer, its JSON and files, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from openchannel.cli import hedge
from openchannel.usecases.building import hedge as use_case
from openchannel.usecases.cases import load

from .conftest import problems

Run = Callable[..., Result]


def test_the_default_on_the_command_line_is_that_of_the_use_case() -> None:
    """It is written twice so that help need not load the use case."""
    assert hedge.DEFAULT_FUTURES == use_case.DEFAULT_FUTURES


def test_what_is_shown_fits_and_what_is_written_is_what_is_given(
    run: Run, mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JSON on the screen equals the file; tables keep within eighty columns; --quiet is silent."""
    few = ("hedge", mine, "--futures", 512, "--format", "html")
    find, kept = use_case.hedge, []

    def once(*given: Any, **settings: Any) -> use_case.HedgeResult:
        """The same command three times needs its futures once, in one school."""
        if not kept:
            case = load(given[0])
            one = replace(case, worlds=(case.world("W5"),))
            kept.append(find(one, *given[1:], **settings))
        return kept[0]

    monkeypatch.setattr(use_case, "hedge", once)
    result = run(*few, "-o", "out", "--json")
    assert result.exit_code == 0, result.output
    given = json.loads(result.stdout)
    assert given == json.loads((tmp_path / "out" / "hedge.json").read_text("utf-8"))
    assert [s["policy"] for s in given["starts"]] == ["P6S", "P15S"]

    shown = run(*few)
    assert 0 == shown.exit_code
    assert "What the hedge is worth" in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 80

    silent = run(*few, "--quiet")
    assert (0, "") == (silent.exit_code, silent.output)


def test_all_that_is_wrong_is_told_at_once(run: Run, mine: Path, tmp_path: Path) -> None:
    """Sizes out of bounds and unknown policies together; nothing is written."""
    wrong = ("--futures", 1, "--seed", -1, "--start", "P99", "--start", "P98", "--target", "P97")
    result = run("hedge", mine, *wrong, "-o", "out", "--json")
    assert result.exit_code == 2
    fields = ["--futures", "--seed", "--start", "--start", "--target"]
    assert [p["field"] for p in problems(result)] == fields
    assert not (tmp_path / "out").exists()


def test_starts_and_target_are_handed_on(
    run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each start in the order given; without any, those of the case, led where they lead."""
    asked: list[tuple[Any, Any]] = []

    def caught(*_: Any, **settings: Any) -> use_case.HedgeResult:
        asked.append((settings["start"], settings["target"]))
        raise KeyboardInterrupt

    monkeypatch.setattr(use_case, "hedge", caught)
    run("hedge", mine, "--start", "P3", "--start", "P15", "--target", "P5")
    run("hedge", mine)
    assert [(list(s), t) for s, t in asked] == [(["P3", "P15"], "P5"), ([], "")]
