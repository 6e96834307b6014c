"""`openchannel compare`: two runs side by side, and the beliefs that part them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openchannel.cli.options import AsJson, DrawnSeed, Quiet, Threads
from openchannel.cli.tables import Column, plain_table
from openchannel.cli.voice import Voice

if TYPE_CHECKING:
    from openchannel.analysis.contributions import Measured as Found
    from openchannel.analysis.disagreement import Difference
    from openchannel.usecases.compare import Comparison, ResultRow

__all__ = ["compare"]

# The use case's own default, written here because help must not load it to show it.
DEFAULT_FUTURES = 1024
_TITLES = {"p_war": "chance of war", "composite_loss": "composite loss"}
_UNITS = {"p_war": "points", "composite_loss": "count"}

Folder = Annotated[
    str, typer.Argument(metavar="DIR", help="The folder of a finished run (`assess -o DIR`).")
]


def compare(
    first: Folder,
    second: Folder,
    futures: Annotated[
        int, typer.Option(metavar="N", help="Futures of each policy for each swap of beliefs.")
    ] = DEFAULT_FUTURES,
    threads: Threads = None,
    seed: DrawnSeed = 1,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Which beliefs differ between two runs, and which of them carry the disagreement."""
    voice = Voice(json, quiet)
    voice.say(f"reading {first} and {second}, then swapping what they believe otherwise...")
    from openchannel.usecases.compare import compare as hold

    found = hold(first, second, futures=futures, seed=seed, threads=threads)
    voice.give(found.as_dict())
    for thing in _shown(found):
        voice.show(thing)


def _shown(found: Comparison) -> Iterator[Any]:
    if found.settings:
        columns = [
            Column("Setting", whole=True),
            Column("First", share=1),
            Column("Second", share=1),
        ]
        rows = [[s.name, s.first, s.second] for s in found.settings]
        yield plain_table(columns, rows, "Settings that differ")
    for note in found.notes:
        yield f"Note: {note}."
    yield _results(found)
    if found.disagreement is None:
        yield "The two runs rest on the same beliefs."
        return
    yield _beliefs(found)
    for metric in found.disagreement.steps:
        yield _carried(found, metric)
        yield _closing(found, metric)


def _results(found: Comparison) -> Any:
    columns = [
        Column("Policy", whole=True),
        Column("Against the baseline", share=2),
        Column("First", "right"),
        Column("Second", "right"),
        Column("Second minus first", "right"),
    ]
    return plain_table(columns, [_result(r) for r in found.results], "Results")


def _result(row: ResultRow) -> list[str]:
    verdicts = (
        f"{row.first_verdict} / {row.second_verdict}".replace("_", " ")
        if row.metric == "composite_loss"
        else ""
    )
    title = _TITLES[row.metric] + (f" ({verdicts})" if verdicts else "")
    cells = [(row.first, row.first_error), (row.second, row.second_error), (row.gap, row.error)]
    return [row.policy, title, *(_number(mean, error, row.metric) for mean, error in cells)]


def _number(mean: float, error: float, metric: str) -> str:
    """A difference with its error, cut where the error is; words where it cannot be told."""
    from openchannel.report.numbers import Measured, difference

    kind: Any = _UNITS[metric]
    return difference(Measured(mean, error), kind).replace("no measurable difference", "none clear")


def _beliefs(found: Comparison) -> Any:
    columns = [
        Column("Belief", share=2),
        Column("Elements", share=1),
        Column("First: 5, 50, 95 %", "right"),
        Column("Second: 5, 50, 95 %", "right"),
    ]
    rows = [row for d in found.differences for row in _belief(d)]
    return plain_table(columns, rows, "Beliefs that differ")


def _belief(difference: Difference) -> Iterator[list[str]]:
    """A line for each group of elements of which the same is believed."""
    from openchannel.report.numbers import plain

    groups: dict[tuple[str, str], list[str]] = {}
    for element in difference.mine:
        key = tuple(
            ", ".join(dict.fromkeys(plain(x) for x in side[element]))
            for side in (difference.mine, difference.yours)
        )
        groups.setdefault((key[0], key[1]), []).append(element)
    label = difference.parameter.label
    for (mine, yours), elements in groups.items():
        yield [f"{label} ({difference.parameter.key})", ", ".join(elements), mine, yours]


def _carried(found: Comparison, metric: str) -> Any:
    told = found.disagreement
    assert told is not None
    columns = [
        Column("From the first to the second", share=2),
        Column("Share (Shapley)", "right"),
        Column("Swapped first", "right"),
        Column("Swapped last", "right"),
        Column("Order", whole=True),
    ]
    steps = told.steps[metric]
    rows = [
        [
            key,
            *(_found(m, metric) for m in (steps[key].shapley, steps[key].first, steps[key].last)),
            "matters" if steps[key].depends_on_order else "",
        ]
        for key in told.waterfall(metric)
        if key not in told.idle
    ]
    rows += [
        [f"module {name}", _found(m, metric), "", "", ""]
        for name, m in told.modules[metric].items()
    ]
    title = f"What carries it: {told.policy} against {told.baseline}, {_TITLES[metric]}"
    return plain_table(columns, rows, title)


def _found(measured: Found, metric: str) -> str:
    return _number(measured.mean, measured.mcse, metric)


def _closing(found: Comparison, metric: str) -> str:
    told = found.disagreement
    assert told is not None
    idle = f" No effect at all: {', '.join(told.idle)}." if told.idle else ""
    return (
        f"On the same luck: {_found(told.mine[metric], metric)} with the first's beliefs, "
        f"{_found(told.yours[metric], metric)} with the second's; "
        f"disagreement {_found(told.total[metric], metric)}.{idle}"
    )
