"""`calibrate --history` on the command line: the short page, JSON, files, exit codes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

import openchannel as oc
from openchannel.usecases.history import study as use_case
from openchannel.usecases.history.study import HistoryFindings

Run = Callable[..., Result]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put a finished result in the place of the sampling."""
    kept = Path(__file__).parents[1] / "usecases" / "history.json"
    data = json.loads(kept.read_text("utf-8"))

    def put(*, passes: bool) -> None:
        found = HistoryFindings(oc.load("korea"), {**data, "passes": passes}, dt.date(2026, 1, 31))

        def history(*_: Any, **__: Any) -> HistoryFindings:
            return found

        monkeypatch.setattr(use_case, "history", history)

    return put


@pytest.mark.parametrize(("passes", "code"), [(True, 0), (False, 1)])
def test_a_sampler_that_fails_its_checks_ends_with_exit_code_1(
    run: Run, told: Callable[..., None], *, passes: bool, code: int
) -> None:
    """A check said no; the findings are shown all the same, with the warning."""
    told(passes=passes)
    result = run("calibrate", "korea", "--history")
    assert result.exit_code == code
    assert "Not identified:" in result.stdout
    assert ("failed its checks" in result.stdout.split("Not identified")[0]) is not passes


def test_json_is_the_whole_result_and_nothing_else(run: Run, told: Callable[..., None]) -> None:
    """Standard output parses, with the age of the evidence in it."""
    told(passes=True)
    result = run("calibrate", "korea", "--history", "--json", "--quiet")
    assert json.loads(result.stdout)["age"]["as_of"] == "2026-01-31"


def test_the_files_are_named(run: Run, told: Callable[..., None], tmp_path: Path) -> None:
    """Each on a line of its own, each of them there."""
    told(passes=True)
    result = run("calibrate", "korea", "--history", "-o", "out", "--format", "none")
    assert result.exit_code == 0
    named = [line for line in result.stdout.splitlines() if line.startswith("out/")]
    assert {"out/history.json", "out/event-study.csv"} <= set(named)
    assert all((tmp_path / name).is_file() for name in named)


def test_a_page_is_made_only_where_it_is_shown(
    run: Run, told: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --json and with --quiet nothing but data is made."""
    told(passes=True)
    made: list[bool] = []
    page = HistoryFindings.page

    def counted(self: HistoryFindings, *, is_short: bool = False) -> Any:
        made.append(is_short)
        return page(self, is_short=is_short)

    monkeypatch.setattr(HistoryFindings, "page", counted)
    assert run("calibrate", "korea", "--history", "--json").exit_code == 0
    assert run("calibrate", "korea", "--history", "--quiet").exit_code == 0
    assert made == []
    assert run("calibrate", "korea", "--history").exit_code == 0
    assert made == [True]
