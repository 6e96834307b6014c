"""Recipes of what takes long, played on one year of the built-in case and with few beliefs.

The first play is the command line's, written here by hand; what it leaves is put on the shelf, whose
page must show that command word for word. The second is that of the page's Python lines.
"""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from openchannel.analysis import belief_axes, sweeps
from openchannel.analysis.belief_axes import Axis
from openchannel.calibration.history import models, sampler
from openchannel.calibration.history import study as event_study
from openchannel.calibration.history.sampler import Chains, Density, Sizes, diagnose
from openchannel.cli.exits import SAID_NO
from openchannel.domain import Case
from openchannel.report.model import Brief
from openchannel.usecases.belief import work
from openchannel.usecases.history import study
from openchannel.usecases.history import work as history_work
from openchannel.usecases.runs.figures import draw_figure
from openchannel.usecases.shelf.shelf import Shelf
from openchannel.web.app import create_app
from unit.web.again import COMMAND, lines_of, run_commands, run_python

HOME = "http://127.0.0.1:8765"
SHORT = """\
id: short
extends: korea
title: One year of the built-in case
question: Does a page say what Python and the command line say?

calendar:
  start: "2027-01-04"
  horizon_weeks: 52
  inaugurations: {weeks: [20]}
  exercise_weeks_of_year: [10, 11, 12, 33, 34]
"""
#: Beliefs that are asked about; all 109 take minutes.
FEW = ("gamma_D", "zeta", "e_f")
#: Sizes of searches that `believe` does not ask for.
FEWER = {"_PATHS": 2, "_BASE_POINTS": 8, "_DESIGNED": 2}

#: Series that `history` draws anew, ways to hide contacts, and severities from which on events are
#: fitted.
FEWER_FUTURES = (
    (history_work, "_FUTURES", 20),
    (history_work, "TIERS", (2,)),
    (models, "_CHECK_DRAWS", 40),
    (event_study, "_REPEATS", 20),
)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases") / "short"
    folder.mkdir()
    (folder / "case.yaml").write_text(SHORT, "utf-8")
    return folder


@pytest.fixture
def client(case: Path, tmp_path: Path) -> Iterator[TestClient]:
    """The app about that case, with an empty shelf and no ledger of contacts."""
    app = create_app(tmp_path / "runs", str(case), tmp_path / "none.duckdb")
    with TestClient(app, base_url=HOME, follow_redirects=False) as made:
        yield made


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recipes write beside themselves."""
    place = tmp_path / "played"
    place.mkdir()
    monkeypatch.chdir(place)


def shelved(runs: Path, name: str) -> Path:
    """What the command line has left in `again`, as a run on the shelf."""
    return Path(shutil.move("again", Shelf(runs).root / name))


def as_json(values: Any) -> Any:
    return json.loads(json.dumps(values))


def test_what_to_believe(
    client: TestClient, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole file, which the page draws its curves, maps and boxes from."""
    known = belief_axes.axes_of

    def few(case: Case) -> tuple[Axis, ...]:
        return tuple(axis for axis in known(case) if axis.name in FEW)

    for module in (belief_axes, sweeps):
        monkeypatch.setattr(module, "axes_of", few)
    for name, size in FEWER.items():
        monkeypatch.setattr(work, name, size)
    typed = (
        f"openchannel assess {shlex.quote(str(case))} -o again --futures 1024 --seed 3"
        " --beliefs ranges --baseline P0 --policy P0 --policy P7\n"
        f"openchannel believe {shlex.quote(str(case))} -o again --from again"
        " --policy P7 --futures 64 --seed 5\n"
        "cat again/believe.json"
    )
    command = json.loads(run_commands({COMMAND: typed}))
    shelved(tmp_path / "runs", "asked")
    lines = lines_of(client.get("/runs/asked/believe").text, 'id="section-thresholds"')
    assert lines[COMMAND] == typed
    found = run_python(lines)["found"]
    assert [b["quantity"] for b in command["thresholds"]["beliefs"]] == [*FEW]
    assert as_json(found.data) == command


def test_a_hedge(client: TestClient, case: Path, tmp_path: Path) -> None:
    """The whole file, which the page draws its charts from."""
    typed = (
        f"openchannel hedge {shlex.quote(str(case))} -o again --futures 512 --seed 3"
        " --start P15 --target P5\ncat again/hedge.json"
    )
    command = json.loads(run_commands({COMMAND: typed}))
    shelved(tmp_path / "runs", "hedge")
    lines = lines_of(client.get("/runs/hedge/how").text, "Make the hedge again")
    assert lines[COMMAND] == typed
    assert client.get("/runs/hedge/how/hedge.json").json() == command
    assert as_json(run_python(lines)["found"].as_dict()) == command


def sheets(page: Brief) -> dict[str, str]:
    """The numbers of every chart of a page."""
    return {f.id: draw_figure(f, "csv").decode() for f in page.figures}


def test_forecasts(client: TestClient) -> None:
    """Every chart of the page of forecasts has the numbers that its lines give, and the tables."""
    lines = lines_of(client.get("/record/forecasts/part").text, "<figure")
    table = run_python(lines)["found"]
    made, at = sheets(table.page()), "/record/forecasts/charts"
    assert made
    assert {name: client.get(f"{at}/{name}.csv").text for name in made} == made
    assert as_json(table.as_dict()) == run_commands(lines)


def draws_near_the_start(
    density: Density, seed: int, sizes: Sizes | None = None, cores: int = 2, accept: float = 0.95
) -> Chains:
    """In place of the sampler, which takes half an hour for all fits: as many draws, of that seed.

    That the sampler gives the same draws for the same seed has a test of its own.
    """
    wanted, start = sizes or Sizes(), density.start()
    luck = np.random.default_rng(seed).normal(0.0, 0.05, (wanted.chains, wanted.draws, len(start)))
    values = start + luck
    return Chains(values, density.parameters, diagnose(values))


def test_what_history_says(
    client: TestClient, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every number but the draws of the sampler itself; nothing is taken from a cache."""
    numbers = count()
    monkeypatch.setattr(sampler, "sample", draws_near_the_start)
    monkeypatch.setattr(study, "_cache_path", lambda *_: tmp_path / f"kept-{next(numbers)}.json")
    for module, name, size in FEWER_FUTURES:
        monkeypatch.setattr(module, name, size)
    typed = f"openchannel calibrate --history {shlex.quote(str(case))} --draws 50 --seed 7 --json"
    # So few draws fail the checks, and the command says so by its code.
    command = run_commands({COMMAND: f"{typed} -o again"}, SAID_NO)
    shelved(tmp_path / "runs", "studied")
    lines = lines_of(client.get("/record/history").text, "<figure")
    assert lines[COMMAND] == typed
    found = run_python(lines)["found"]
    assert as_json(found.as_dict()) == command
    made, at = sheets(found.page()), "/record/history/charts"
    assert made
    assert {name: client.get(f"{at}/{name}.csv").text for name in made} == made
