"""`ledger`, `redteam`, `compare` and `--own`: answers, JSON, files and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from openchannel.analysis import redteam as search
from openchannel.analysis.belief_axes import axes_of
from openchannel.cli import claims, compare, redteam
from openchannel.usecases.runs.compare import DEFAULT_FUTURES as COMPARED
from openchannel.usecases.belief.claims import DEFAULT_FUTURES as MEASURED
from openchannel.usecases.belief.redteam import DEFAULT_FUTURES, DEFAULT_MARGIN

from .conftest import SMALL, problems

Run = Callable[..., Result]


@pytest.fixture
def few_axes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three beliefs and few sizes, so that the search is short."""
    wanted = ("gamma_D", "zeta", "e_f")
    monkeypatch.setattr(
        search, "axes_of", lambda case: tuple(a for a in axes_of(case) if a.name in wanted)
    )
    monkeypatch.setattr(search, "SIZES", (2, 1))


def test_defaults_on_the_command_line_are_those_of_the_use_cases():
    """They are written twice so that help need not load the use cases."""
    assert redteam.DEFAULT_FUTURES == DEFAULT_FUTURES
    assert redteam.DEFAULT_MARGIN == DEFAULT_MARGIN
    assert compare.DEFAULT_FUTURES == COMPARED
    assert claims.DEFAULT_FUTURES == MEASURED


@pytest.mark.usefixtures("few_axes", "two_schools")
def test_redteam_writes_one_page_and_its_data(run: Run, mine: Path, tmp_path: Path):
    """The JSON on the screen is the file, and a side found has a file of beliefs."""
    result = run("redteam", mine, "--futures", 64, "--margin", 0.001, "-o", "team",
                 "--format", "html", "--json")  # fmt: skip
    assert result.exit_code == 0, result.output
    given = json.loads(result.stdout)
    assert list(given["sides"]) == ["for", "against"]
    assert given == json.loads((tmp_path / "team" / "redteam.json").read_text("utf-8"))
    page = (tmp_path / "team" / "redteam.html").read_text("utf-8")
    assert page.count("</span> The strongest case") == 2
    for side in ("for", "against"):
        is_there = (tmp_path / "team" / f"beliefs-{side}-isolation.yaml").exists()
        assert is_there == given["sides"][side]["found"] == (side == "against")


def test_redteam_refuses_what_it_cannot_use(run: Run, tmp_path: Path):
    """Settings together, and a faulty file of beliefs with its line."""
    result = run("redteam", "korea", "--margin", 7, "--futures", 1, "--json")
    assert result.exit_code == 2
    assert {p["field"] for p in problems(result)} == {"--margin", "--futures"}
    (tmp_path / "mine.yaml").write_text("beliefs: {gama_D: 1}\n", encoding="utf-8")
    result = run("redteam", "korea", "--own", "mine.yaml", "--json")
    assert result.exit_code == 2
    assert problems(result)[0]["line"] == 1


def test_compare_tells_the_settings_that_part_two_runs(run: Run, mine: Path):
    """Two seeds of one school: settings differ, beliefs do not."""
    for name, seed in (("a", 1), ("b", 2)):
        result = run("assess", mine, *SMALL, "--beliefs", "W5", "--seed", seed, "-o", name)
        assert result.exit_code == 0, result.output
    result = run("compare", "a", "b", "--futures", 16)
    assert result.exit_code == 0, result.output
    assert "seed" in result.stdout
    assert "The two runs rest on the same beliefs." in result.stdout


def test_compare_shows_what_carries_the_disagreement(run: Run, mine: Path):
    """Two schools of thought run alone differ by what the schools hold."""
    for world in ("W1", "W5"):
        run("assess", mine, *SMALL, "--beliefs", world, "-o", world)
    result = run("compare", "W1", "W5", "--futures", 16)
    assert result.exit_code == 0, result.output
    assert "Beliefs that differ" in result.stdout
    assert "Belief taken over" in result.stdout
    given = json.loads(run("compare", "W1", "W5", "--futures", 16, "--json").stdout)
    keys = [b["parameter"] for b in given["beliefs"]]
    assert keys == ["b_off", "e_f", "gamma_D", "gamma_L", "p_trade", "zeta"]


def test_compare_refuses_a_folder_without_a_run(run: Run):
    """Exit code 2, and what a run's folder is."""
    result = run("compare", "here", "there", "--json")
    assert result.exit_code == 2
    assert "finished run" in problems(result)[0]["wrong"]


@pytest.mark.usefixtures("two_schools")
def test_ledger_shows_every_measurable_claim_and_writes_its_page(
    run: Run, mine: Path, tmp_path: Path
):
    """The JSON on the screen is the file."""
    result = run("ledger", mine, "--futures", 16, "-o", "led", "--format", "html")
    assert result.exit_code == 0, result.output
    assert "All claims off" in result.stdout
    assert sorted(p.name for p in (tmp_path / "led").iterdir()) == ["ledger.html", "ledger.json"]
    given = json.loads(run("ledger", mine, "--futures", 16, "--json").stdout)
    assert given == json.loads((tmp_path / "led" / "ledger.json").read_text("utf-8"))


def test_ledger_and_compare_refuse_what_they_cannot_use(run: Run, mine: Path, tmp_path: Path):
    """Unknown ids, a file where a folder is needed, an unknown format: exit code 2."""
    result = run("ledger", mine, "--policy", "Q9", "--futures", 1, "--json")
    assert result.exit_code == 2
    assert {p["field"] for p in problems(result)} == {"--policy", "--futures"}
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run("ledger", mine, "-o", "file", "--json")
    assert result.exit_code == 2
    result = run("compare", "a", "b", "--format", "odt", "--json")
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "is empty"),
        ("beliefs: {e_f: 0.4 to 0.1}\n", "does not rise"),
        ("modules: {crisis: W9}\n", "no world `W9`"),
        ("- 1\n", "mapping"),
        ("\x00\x01", ""),
    ],
)
def test_assess_refuses_faulty_beliefs(run: Run, mine: Path, tmp_path: Path, text: str, word: str):
    """Before any work, with place and cure; nothing is left behind."""
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    result = run("assess", mine, *SMALL, "--own", "own.yaml", "-o", "out", "--json")
    assert result.exit_code == 2, result.output
    told = problems(result)
    assert told[0]["file"].endswith("own.yaml")
    assert word in json.dumps(told)
    assert not (tmp_path / "out").exists()


def test_assess_keeps_own_beliefs(run: Run, mine: Path, tmp_path: Path):
    """The run has the world `OWN` alone, and its manifest the text of the file."""
    (tmp_path / "own.yaml").write_text("title: Mine\nbeliefs: {e_f: 0.1}\n", encoding="utf-8")
    result = run("assess", mine, *SMALL, "--own", "own.yaml", "-o", "out")
    assert result.exit_code == 0, result.output
    assert "Mine (OWN)" in result.stdout
    kept = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["own"]
    assert kept["text"] == "title: Mine\nbeliefs: {e_f: 0.1}\n"
    result = run("assess", mine, *SMALL, "--own", "own.yaml", "--beliefs", "W2", "--json")
    assert result.exit_code == 2
    assert "OWN" in problems(result)[0]["allowed"]
