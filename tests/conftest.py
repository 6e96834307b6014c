"""The order of the tests."""

from __future__ import annotations

import pytest

#: Folders whose tests take long, begun first: a worker that began one last would go on alone.
LONG = ("tests/unit/web", "tests/unit/usecases", "tests/docs", "tests/unit/analysis")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These first, the rest as it was found."""

    def place(item: pytest.Item) -> int:
        return next((i for i, f in enumerate(LONG) if item.nodeid.startswith(f)), len(LONG))

    items.sort(key=place)
