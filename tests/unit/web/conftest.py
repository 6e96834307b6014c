"""A shelf with one finished run of each kind, for tests that only look at what is there."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from openchannel.analysis.starts import starts_of
from openchannel.usecases.assessment import load
from openchannel.usecases.design import design
from openchannel.usecases.design_files import write_design
from openchannel.usecases.hedge import hedge, write_hedge
from openchannel.usecases.orders import Order
from openchannel.usecases.shelf import Shelf, fulfil
from unit.analysis.short_case import one_year

OWN = "title: Mine <b>\nbeliefs: {gamma_D: -0.12}\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a ledger of contacts that is not there yet."""
    return tmp_path_factory.mktemp("store") / "evidence.duckdb"


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Runs `first` and `second` of few futures, a `design`, and a `hedge`.

    Made once for all workers of a session, and copied, because tests change what is on it.
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
    small = {"futures": 16, "policies": ("P7",), "beliefs": "W5"}
    for name, order in (
        ("first", Order("A <i>first</i> run", seed=3, **small)),
        ("second", Order("Another", seed=4, **(small | {"own": OWN, "beliefs": "modes"}))),
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
