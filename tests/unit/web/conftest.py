"""A shelf with a finished run of each kind, for tests that look at what is there."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import time
from collections.abc import Iterator
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

    The last has what was asked about it beside it. Made once for all workers of a session, and
    copied, because tests change what is on it.
    """
    base = tmp_path_factory.getbasetemp()
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    shared = (base.parent if is_worker else base) / "web-shelf"
    try:
        shared.mkdir()
    except FileExistsError:
        while not (shared / "made").exists():
            time.sleep(0.2)
    else:
        _make(Shelf(shared / "runs"))
        (shared / "made").touch()
    return Shelf(Path(shutil.copytree(shared / "runs", tmp_path_factory.mktemp("shelf") / "runs")))


def _make(shelf: Shelf) -> None:
    small = {"futures": 16, "policies": ("P7",)}
    for name, order in (
        ("first", Order("A <i>first</i> run", seed=3, **small)),
        ("second", Order("Another", seed=4, own=OWN, beliefs="modes", **small)),
    ):
        made = shelf.add(order)
        (shelf.root / made).rename(shelf.root / name)
        fulfil(shelf, name)
    case = one_year()
    sizes = {"futures": 64, "searches": 1, "generations": 2, "threads": 1}
    write_design(design(case, budget_usd=20e6, seed=5, **sizes), shelf.root / "design", ())
    kept = tuple(p for p in case.policies if p not in starts_of(case)[1:])
    alone = replace(load("korea"), policies=kept, worlds=(case.world("W5"),))
    found = hedge(alone, futures=512, threads=1)
    write_hedge(found, shelf.root / "hedge", ())
    _argue(shelf)


def _argue(shelf: Shelf) -> None:
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
