"""Arguments of the commands that keep something in the user's own store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from openchannel.errors import Problem, UserError

__all__ = ["CountLedger", "StoreOption", "named_values"]

CountLedger = Annotated[
    bool, typer.Option("--ledger", help="Count the contacts of your own ledger as well.")
]

StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="FILE",
        help="The file of your own store.",
        show_default="OPENCHANNEL_STORE, or evidence.duckdb in your data folder",
    ),
]


def named_values(given: Sequence[str], field: str) -> dict[str, str]:
    """Values written NAME=VALUE; raises with every one that is not, or is given twice."""
    problems = [
        Problem("command line", field, f"'{g}' has no =", "NAME=VALUE", f"write {g}=VALUE")
        for g in given
        if "=" not in g
    ]
    pairs = [(name.strip(), value) for name, _, value in (g.partition("=") for g in given)]
    problems += [
        Problem("command line", field, f"'{name}' is given {n} times", "each name once",
                "leave all but one out")
        for name, n in Counter(name for name, _ in pairs).items()
        if n > 1
    ]  # fmt: skip
    if problems:
        raise UserError(problems)
    return dict(pairs)
