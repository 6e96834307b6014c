"""A shelf with a finished run of each kind, for tests that look at what is there."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import openchannel as oc
from openchannel.analysis.starts import starts_of
from openchannel.usecases.cases import load
from openchannel.usecases.belief.believe import Believe, digest, write_believe
from openchannel.usecases.building.design import design
from openchannel.usecases.building.design_files import write_design
from openchannel.usecases.shelf.further_orders import LedgerOrder
from openchannel.usecases.building.hedge import hedge, write_hedge
from openchannel.usecases.history.study import HistoryFindings
from openchannel.usecases.shelf.orders import Order
from openchannel.usecases.shelf.shelf import Shelf, fulfil
from unit.analysis.short_case import one_year

if TYPE_CHECKING:
    from openchannel.usecases.runs.finished_run import Run

SMALL = {"futures": 16, "policies": ("P7",)}
OWN = "title: Mine <b>\nbeliefs: {gamma_D: -0.12}\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a ledger of contacts that is not there yet."""
    return tmp_path_factory.mktemp("store") / "evidence.duckdb"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, or a skip where there is none."""
    from unit.web.browser import chromium

    with chromium() as made:
        yield made


@pytest.fixture
def walk(request: pytest.FixtureRequest, browser: Any, site: str) -> Iterator[Any]:
    """A visitor without a mouse, in the width and the scheme that the test names."""
    from unit.web.browser import WIDTHS, Visit, Walk

    width, scheme = request.param
    visit = Visit(browser, site, WIDTHS[width], scheme)
    yield Walk(visit)
    visit.close()


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Runs `first` and `second` of few futures, a `design`, a `hedge`, and `argued`.

    The last has what was asked about it beside it. Each is made by one worker of a session, for
    all of them, and copied, because tests change what is on it.
    """
    base = tmp_path_factory.getbasetemp()
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    shared = (base.parent if is_worker else base) / "web-shelf"
    shared.mkdir(exist_ok=True)
    made = Shelf(shared / "runs")
    makers = (_first, _hedge, _argued, _second, _design)
    for make in makers:
        _once(shared, make, made)
    while len(list(shared.glob("*.made"))) < len(makers):
        time.sleep(0.1)
    return Shelf(Path(shutil.copytree(made.root, tmp_path_factory.mktemp("shelf") / "runs")))


def _once(shared: Path, make: Callable[[Shelf], None], shelf: Shelf) -> None:
    """Make one of the runs unless another worker has begun with it."""
    try:
        (shared / f"{make.__name__}.begun").mkdir()
    except FileExistsError:
        return
    try:
        make(shelf)
    finally:  # where it fails, the tests of others fail, and do not wait for ever
        (shared / f"{make.__name__}.made").touch()


def _first(shelf: Shelf) -> None:
    _fulfilled(shelf, "first", Order("A <i>first</i> run", seed=3, **SMALL))


def _second(shelf: Shelf) -> None:
    _fulfilled(shelf, "second", Order("Another", seed=4, own=OWN, beliefs="modes", **SMALL))


def _fulfilled(shelf: Shelf, name: str, order: Order) -> None:
    (shelf.root / shelf.add(order)).rename(shelf.root / name)
    fulfil(shelf, name)


def _design(shelf: Shelf) -> None:
    sizes = {"futures": 64, "searches": 1, "generations": 2, "threads": 1}
    found = design(one_year(), budget_usd=20e6, seed=5, **sizes)
    write_design(found, shelf.root / "design", ())


def _hedge(shelf: Shelf) -> None:
    case = one_year()
    kept = tuple(p for p in case.policies if p not in starts_of(case)[1:])
    alone = replace(load("korea"), policies=kept, worlds=(case.world("W5"),))
    write_hedge(hedge(alone, futures=512, threads=1), shelf.root / "hedge", ())


def _argued(shelf: Shelf) -> None:
    """A small run, with what was found of a large one: losing beliefs take thousands of futures.

    `believe.json` among the tests is that of 16,384 futures, seed 1, with ten beliefs of 109 and
    twelve rows of the screening left, and numbers of five digits.
    """
    folder = shelf.root / "argued"
    run = oc.assess("korea", policies=["P1", "P7"], futures=16, seed=1, folder=folder)
    found = json.loads((Path(__file__).parent / "believe.json").read_text("utf-8"))
    found["run"]["summary"] = digest(run.summary)
    write_believe(Believe(run, found), folder, ())
    fulfil(shelf, shelf.add(LedgerOrder("The ledger", of="argued", futures=16, seed=2)))
    (folder / "redteam.json").write_text(json.dumps(red_team(run)), "utf-8")


def red_team(run: Run) -> dict[str, Any]:
    """What a red team might have found about a run: numbers fixed by hand, nothing real."""
    belief = {
        "quantity": "gamma_D",
        "label": "Fewer provocations at full dialogue",
        "elements": [],
        "default": 0.22,
        "value": -0.1,
        "low": -0.15,
        "high": 0.9,
    }
    side = {
        "title": "The strongest case for isolation",
        "policy": "P1",
        "rivals": ["P0", "P7"],
        "target": 0.01,
        "holds_at_defaults": False,
        "found": True,
        "confirmed": True,
        "p_war": {"P0": {"mean": -0.001, "mcse": 0.0001}},
        "beliefs": [belief],
    }
    same = {k: run.manifest[k] for k in ("case_fingerprint", "code", "overlay")}
    return {**same, "margin": 0.01, "sides": {"for": side}}


def history_findings() -> HistoryFindings:
    """What a study of history found that is kept among the tests."""
    kept = json.loads((Path(__file__).parents[1] / "usecases/history.json").read_text("utf-8"))
    return HistoryFindings(oc.load("korea"), kept, dt.date(2026, 1, 31))
