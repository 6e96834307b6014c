"""Tables and figures of forecasts, and of those of the log that have come due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from openchannel.calibration.forecast_backtest import BackTest
from openchannel.calibration.forecast_questions import question_of
from openchannel.evidence.keeping.forecast_log import LoggedForecast
from openchannel.report.model import Column, Figure, Row, Table, words
from openchannel.report.numbers import SPACE
from openchannel.report.pages.forecast_charts import chance_chart, count_chart
from openchannel.report.wording import listed

__all__ = [
    "Due",
    "chance",
    "chance_figure",
    "column",
    "count_figure",
    "due_table",
    "forecast_table",
    "rule_table",
]

Due = tuple[LoggedForecast, int, float]
"""A logged forecast, how many events came, and its Brier score."""


def _weeks(row: LoggedForecast) -> int:
    return (row.last - row.first).days // 7 + 1


def column(title: str, share: float = 1.0, *, right: bool = True) -> Column:
    """A column of a table; numbers lean to the right."""
    return Column(words(title), share, "right" if right else "left")


def chance(value: float) -> str:
    """A chance in whole per cent, never none and never certain."""
    if value < 0.01:
        return f"<1{SPACE}%"
    return f">99{SPACE}%" if value > 0.99 else f"{100 * value:.0f}{SPACE}%"


def forecast_table(rows: Sequence[LoggedForecast]) -> Table:
    """Chance of one event or more, and the central interval of the count, by window."""
    said = {(r.question, _weeks(r)): r for r in rows}
    weeks = sorted({w for _, w in said})
    ends = [str(said[rows[0].question, w].last) for w in weeks]
    lines = [
        Row(
            (
                words(question_of(of).short),
                *(
                    words(f"{chance(r.probability)}; {r.low} to {r.high}")
                    for r in (said[of, w] for w in weeks)
                ),
            )
        )
        for of in dict.fromkeys(r.question for r in rows)
    ]
    return Table(
        "table-forecasts",
        "Chance of at least one, and central 80 % interval of the count",
        (
            column("Event", 2.0, right=False),
            *(column(f"{w} weeks") for w in weeks),
        ),
        tuple(lines),
        words(f"Windows begin on {rows[0].first} and end on {listed(ends)}."),
    )


def chance_figure(rows: Sequence[LoggedForecast]) -> Figure:
    """The chances as bars, a small chart for each window."""
    drawn = [
        {
            "row": question_of(r.question).short,
            "window": f"{_weeks(r)} weeks",
            "chance": 100 * r.probability,
            "label": chance(r.probability),
        }
        for r in _by_weeks(rows)
    ]
    cells = [Row(tuple(words(str(d[k])) for k in ("row", "window", "label"))) for d in drawn]
    return Figure(
        "figure-chances",
        "Chance of at least one event in the weeks to come",
        "Bars of the chance of each event within 4, 13, 26 and 52 weeks.",
        chance_chart(drawn),
        Table(
            "table-chances",
            "Chance of at least one",
            (
                column("Event", 2.0, right=False),
                column("Window", right=False),
                column("Chance"),
            ),
            tuple(cells),
            compact=True,
        ),
    )


def count_figure(rows: Sequence[LoggedForecast]) -> Figure:
    """Central intervals of counts with their means."""
    drawn = [
        {
            "row": question_of(r.question).short,
            "window": f"{_weeks(r)} weeks",
            "low": r.low,
            "high": r.high,
            "mean": r.mean,
        }
        for r in _by_weeks(rows)
    ]
    cells = [
        Row(
            (
                words(str(d["row"])),
                words(str(d["window"])),
                words(f"{d['low']} to {d['high']}"),
                words(f"{d['mean']:.1f}"),
            )
        )
        for d in drawn
    ]
    return Figure(
        "figure-counts",
        "Number of events: central 80 % interval (bar) and mean (point)",
        "Intervals of the number of events within 4, 13, 26 and 52 weeks; scales differ by window.",
        count_chart(drawn),
        Table(
            "table-counts",
            "Number of events",
            (
                column("Event", 2.0, right=False),
                column("Window", right=False),
                column("80 % interval"),
                column("Mean"),
            ),
            tuple(cells),
            compact=True,
        ),
    )


def _by_weeks(rows: Sequence[LoggedForecast]) -> list[LoggedForecast]:
    return sorted(rows, key=_weeks)


def rule_table(rows: Sequence[LoggedForecast]) -> Table:
    """By which rule each forecast will be resolved."""
    rules = {r.question: r.rule for r in rows}
    return Table(
        "table-rules",
        "Rules of resolution",
        (column("Event", 1.0, right=False), column("What counts", 3.0, right=False)),
        tuple(Row((words(question_of(q).short), words(rule))) for q, rule in rules.items()),
        words("The same as queries on the record: in the file of data, and in the log."),
        compact=True,
    )


def due_table(due: Sequence[Due], tests: Sequence[BackTest]) -> Table:
    """Logged forecasts come due, beside the back-test of the same questions and windows."""
    tested = {(t.question, t.weeks): t for t in tests}
    by_weeks: Mapping[int, list[Due]] = {
        w: [d for d in due if _weeks(d[0]) == w] for w in sorted({_weeks(d[0]) for d in due})
    }
    rows = []
    for weeks, found in by_weeks.items():
        alike = [t.issued.brier for d in found if (t := tested.get((d[0].question, weeks)))]
        numbers: tuple[Any, ...] = (
            str(weeks),
            str(len(found)),
            f"{sum(d[0].probability for d in found):.1f}",
            str(sum(d[1] > 0 for d in found)),
            str(sum(d[0].low <= d[1] <= d[0].high for d in found)),
            f"{np.mean([d[2] for d in found]):.2f}",
            f"{np.mean(alike):.2f}" if alike else "none",
        )
        rows.append(Row(tuple(words(n) for n in numbers)))
    heads = ("Weeks", "Forecasts", "Expected to come", "Came", "Count in its interval",
             "Brier", "Brier in the back-test")  # fmt: skip
    return Table(
        "table-due",
        "Logged forecasts that have come due",
        tuple(column(h) for h in heads),
        tuple(rows),
        words("Resolved by the query that was logged. Forecasts of one day are not independent."),
        compact=True,
    )
