"""The order of the tests, and what they share."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
import typer.testing

#: Tests that need no simulator: on a fresh machine it is still being compiled.
UNSIMULATED = (
    "tests/unit/calibration/history",
    "tests/unit/evidence",
    "tests/naive",
    "tests/property/test_imports.py",
    "tests/faults",
    "tests/architecture",
    "tests/unit/casefile",
    "tests/unit/report",
)
#: Folders whose tests take long, begun next: a worker that began one last would go on alone.
LONG = ("tests/unit/web", "tests/unit/usecases", "tests/docs", "tests/unit/analysis")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These first, the rest as it was found."""

    def place(item: pytest.Item) -> int:
        order = (*UNSIMULATED, *LONG)
        return next((i for i, f in enumerate(order) if item.nodeid.startswith(f)), len(order))

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def _the_parser_is_made_once() -> Iterator[None]:
    """Putting together the commands takes a tenth of a second; hundreds of tests run one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.testing, "_get_command", cache(typer.testing._get_command))
        yield
