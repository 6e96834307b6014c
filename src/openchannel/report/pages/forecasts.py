"""The page of forecasts: what is said of the next weeks, and how such forecasts fared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from openchannel.calibration.forecast_questions import QUESTIONS, WEEKS
from openchannel.calibration.scores import Skill, reliability
from openchannel.domain import Case
from openchannel.report.charts import WIDTH
from openchannel.report.model import (
    Block,
    Brief,
    Column,
    Figure,
    Paragraph,
    Row,
    Section,
    Table,
    words,
)
from openchannel.report.pages.layout import page_of
from openchannel.report.theme import BLUE, GREY, MUTED

if TYPE_CHECKING:
    import datetime as dt

    from openchannel.calibration.forecast_backtest import BackTest

__all__ = ["forecasts_page"]

_SHOWN_WEEKS = 13
_N_MISSES = 6


class Said(Protocol):
    """What is forecast on a day, see `usecases.forecast`."""

    @property
    def as_of(self) -> dt.date: ...
    @property
    def evidence_end(self) -> dt.date: ...
    @property
    def rows(self) -> Sequence[Any]: ...


class Scored(Protocol):
    """How such forecasts fared, see `usecases.forecast`."""

    @property
    def titles(self) -> dict[str, str]: ...
    @property
    def tests(self) -> Sequence[BackTest]: ...
    @property
    def due(self) -> Sequence[Any]: ...
    @property
    def n_waiting(self) -> int: ...


def forecasts_page(case: Case, said: Said, scored: Scored) -> Brief:
    """Forecasts from a day, their scores since 1995, and those that were logged and came due."""
    sections = [
        Section("section-next", "", "What comes next", tuple(_next(said))),
        Section("section-fared", "", "How such forecasts fared", tuple(_fared(scored))),
        Section("section-logged", "", "Logged forecasts", tuple(_logged(scored))),
    ]
    return page_of("Forecasts and their scores", case, (f"from {said.as_of}",), sections)


def _next(said: Said) -> Iterator[Block]:
    age = (said.as_of - said.evidence_end).days
    yield Paragraph(
        words(
            f"Chance of at least one in the next weeks from {said.as_of}, and the central 80 % of "
            f"the count. The evidence ends on {said.evidence_end}, {age} days before; models were "
            "chosen and trained at that age."
        )
    )
    cells = {(f.question, (f.last - f.first).days // 7 + 1): f for f in said.rows}
    rows = []
    for question in QUESTIONS:
        found = [cells[question.id, w] for w in WEEKS]
        told = [f"{_chance(f.probability)}; {_count(f.low, f.high)}" for f in found]
        rows.append(Row(tuple(words(t) for t in (question.title, *told))))
    heads = (Column(words("Event"), 2.4), *(Column(words(f"{w} weeks"), 1, "right") for w in WEEKS))
    yield Table("table-forecasts", "Chance; count", heads, tuple(rows), compact=True)


def _count(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _chance(value: float) -> str:
    """A chance in whole per cent, never none and never certain."""
    if value < 0.01:
        return "under 1 %"
    return "over 99 %" if value > 0.99 else f"{100 * value:.0f} %"


def _fared(scored: Scored) -> Iterator[Block]:
    tests = [t for t in scored.tests if t.weeks == _SHOWN_WEEKS]
    if not tests:
        return
    rivals = list(tests[0].brier_skill)
    rows = []
    for test in tests:
        own = next(m for m in test.models if m.model == test.chosen)
        told = (scored.titles[test.question], f"{test.n_came} of {test.n}", f"{own.brier:.2f}",
                *(_skill(test.brier_skill[r]) for r in rivals))  # fmt: skip
        rows.append(Row(tuple(words(t) for t in told)))
    yield Paragraph(
        words(
            f"Forecasts {_SHOWN_WEEKS} weeks ahead, made again for every origin since 1995 from "
            "what was known then. Skill is the share of the Brier score of a baseline that is "
            "saved, ± one standard error; what is smaller than two errors is not told from nothing."
        )
    )
    heads = (
        Column(words("Event"), 2.2),
        Column(words("Came"), 0.8, "right"),
        Column(words("Brier"), 0.6, "right"),
        *(Column(words(f"Skill against {r.replace('_', ' ')}"), 1.2, "right") for r in rivals),
    )
    yield Table("table-scores", "Back-test since 1995", heads, tuple(rows), compact=True)
    yield _reliability(tests)
    yield _misses(scored, tests)


def _skill(found: Skill) -> str:
    if not found.is_measurable:
        return "not measurable"
    return f"{100 * found.value:+.0f} ± {100 * found.error:.0f} %".replace("-", "\N{MINUS SIGN}")


def _reliability(tests: Sequence[BackTest]) -> Figure:
    said = np.array([p for t in tests for p in t.said])
    came = np.array([c for t in tests for c in t.came], float)
    bins = reliability(said, came)
    rows = [
        {"said": 100 * b.said, "came": 100 * b.came, "low": 100 * b.low, "high": 100 * b.high,
         "label": f"{b.n:,}"}
        for b in bins
    ]  # fmt: skip
    cells = tuple(
        Row(tuple(words(t) for t in (f"{b.said:.0%}", f"{b.came:.0%}",
                                     f"{b.low:.0%} to {b.high:.0%}", f"{b.n:,}")))
        for b in bins
    )  # fmt: skip
    heads = ("Said", "Came", "Would come, nine times in ten", "Forecasts")
    return Figure(
        "figure-reliability",
        "What was said against how often it came, all events together. A forecaster who is right "
        "lies on the line; bars hold nine frequencies in ten if forecasts were right and "
        "independent, and would be wider for windows that overlap. Numbers: forecasts in the bin.",
        "; ".join(f"said {b.said:.0%}, came {b.came:.0%}" for b in bins),
        _diagonal(rows),
        Table(
            "numbers-reliability",
            "Numbers of the figure",
            tuple(Column(words(h), 1, "right") for h in heads),
            cells,
            compact=True,
        ),
    )


def _diagonal(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    def axis(field: str, title: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "title": title,
                "scale": {"domain": [0, 100]}, "axis": {"tickCount": 5, "grid": True}}  # fmt: skip

    x, y = axis("said", "Said, per cent"), axis("came", "Came, per cent")
    ends = [{"said": 0, "came": 0}, {"said": 100, "came": 100}]
    return {
        "width": WIDTH,
        "height": 280,
        "data": {"values": list(rows)},
        "layer": [
            {
                "data": {"values": ends},
                "mark": {"type": "line", "color": MUTED, "strokeDash": [4, 3], "strokeWidth": 1},
                "encoding": {"x": x, "y": y},
            },
            {
                "mark": {"type": "rule", "color": GREY, "strokeWidth": 3, "opacity": 0.5},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 70, "color": BLUE, "opacity": 1},
                "encoding": {"x": x, "y": y},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 9, "dy": 10, "color": MUTED},
                "encoding": {"x": x, "y": y, "text": {"field": "label", "type": "nominal"}},
            },
        ],
    }


def _misses(scored: Scored, tests: Sequence[BackTest]) -> Table:
    found = sorted(((m, t) for t in tests for m in t.misses), key=lambda f: -f[0].log_score)
    rows = tuple(
        Row(tuple(words(c) for c in (scored.titles[t.question], _chance(m.said), m.event)))
        for m, t in found[:_N_MISSES]
    )
    heads = (Column(words("Event"), 1.6), Column(words("Said"), 0.6, "right"),
             Column(words("What came"), 3.0))  # fmt: skip
    return Table("table-misses", "The misses that cost most", heads, rows, compact=True)


def _logged(scored: Scored) -> Iterator[Block]:
    waiting = f"{scored.n_waiting} {'waits' if scored.n_waiting == 1 else 'wait'}"
    if not scored.due:
        yield Paragraph(words(f"No logged forecast has come due; {waiting} for the record."))
        return
    mean = sum(d.brier for d in scored.due) / len(scored.due)
    yield Paragraph(
        words(f"{len(scored.due)} logged forecasts have come due, {waiting}. Mean Brier score: "
              f"{mean:.2f}.")
    )  # fmt: skip
    rows = tuple(
        Row(
            tuple(
                words(c)
                for c in (
                    scored.titles.get(d.forecast.question, d.forecast.question),
                    f"{d.forecast.first} to {d.forecast.last}",
                    _chance(d.forecast.probability),
                    str(d.came),
                    f"{d.brier:.2f}",
                )
            )
        )
        for d in scored.due
    )
    heads = (
        Column(words("Event"), 2.0),
        Column(words("Window"), 1.8),
        Column(words("Said"), 0.6, "right"),
        Column(words("Came"), 0.6, "right"),
        Column(words("Brier"), 0.6, "right"),
    )
    yield Table("table-due", "Forecasts come due", heads, rows, compact=True)
