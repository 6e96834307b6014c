"""A waterfall with its numbers: what each of several parts adds, alone, last, and on average."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openchannel.report.charts import waterfall
from openchannel.report.model import Column, Figure, Row, Table, words
from openchannel.report.numbers import Kind, Measured, difference, is_measurable
from openchannel.report.wording import shortened

__all__ = ["Step", "Steps", "outcome_words", "with_unit"]

_NONE, _DASH = "none measurable", "–"
_LONGEST = 52  # characters of a name beside the chart
#: Outcomes of which a difference is split: in words, its unit in words, kind, factor of the chart.
_OUTCOMES: dict[str, tuple[str, str, Kind, float]] = {
    "p_war": ("chance of war", "points", "points", 100.0),
    "composite_loss": ("expected loss", "equivalent deaths", "count", 1.0),
}


def outcome_words(metric: str) -> str:
    """An outcome inside a sentence."""
    return _OUTCOMES[metric][0]


def with_unit(found: Measured, metric: str) -> str:
    """A difference in an outcome with its error and unit."""
    _, unit, kind, _ = _OUTCOMES[metric]
    return difference(found, kind, "" if kind == "points" else unit)


@dataclass(frozen=True, slots=True)
class Step:
    """One part: its share averaged over orders, as the first step, and as the last one."""

    name: str
    role: str
    share: Measured
    first: Measured | None = None
    last: Measured | None = None
    depends_on_order: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one outcome from a first level to a last one, in order; they close.

    begin, end : name and level; differences between a policy and the baseline
    part : what a step stands for, as the head of a column
    """

    id: str
    metric: str
    begin: tuple[str, Measured]
    end: tuple[str, Measured]
    steps: Sequence[Step]
    part: str

    def figure(self, caption: str) -> Figure:
        """The chart with its table."""
        name, unit, _, _ = _OUTCOMES[self.metric]
        rows = list(self._rows())
        title = {
            "text": f"Change in {name}: what each adds",
            "subtitle": "bar: average over orders; circle: as the first step; diamond: as the last",
        }
        said = "; ".join(f"{r['row']}: {r['label']}" for r in rows)
        return Figure(
            self.id,
            caption,
            f"Waterfall of the change in {name}. {said}.",
            waterfall(rows, f"Change in {name}, {unit} (left is better)", title=title),
            self._table(unit),
        )

    def _rows(self) -> Iterator[dict[str, Any]]:
        factor = _OUTCOMES[self.metric][3]
        yield self._level(*self.begin)
        at = (self.begin[1].mean or 0.0) * factor
        for step in self.steps:
            share = step.share.times(factor)
            to, error = at + (share.mean or 0.0), 2 * (share.mcse or 0.0)
            yield {
                "row": shortened(step.name, _LONGEST),
                "role": step.role,
                "start": at,
                "end": to,
                "low2": to - error,
                "high2": to + error,
                "first": _from(at, step.first, factor),
                "last": _from(at, step.last, factor),
                "label": self._value(step.share, _NONE),
            }
            at = to
        yield self._level(*self.end)

    def _level(self, name: str, found: Measured) -> dict[str, Any]:
        """The first or the last bar, from nought."""
        scaled = found.times(_OUTCOMES[self.metric][3])
        mean, error = scaled.mean or 0.0, 2 * (scaled.mcse or 0.0)
        return {
            "row": name,
            "role": "same",
            "start": 0.0,
            "end": mean,
            "low2": mean - error,
            "high2": mean + error,
            "first": None,
            "last": None,
            "label": self._value(found, _NONE),
        }

    def _value(self, found: Measured, none: str = _DASH) -> str:
        """A difference in the unit of the chart; the unit stands on its axis."""
        if not is_measurable(found):
            return none
        return difference(found.times(_OUTCOMES[self.metric][3]), "plain")

    def _table(self, unit: str) -> Table:
        def cells(step: Step) -> tuple[str, ...]:
            ends = ("" if m is None else self._value(m) for m in (step.first, step.last))
            star = " *" if step.depends_on_order else ""
            return (step.name + star, self._value(step.share), *ends)

        rows = [
            (self.begin[0], self._value(self.begin[1]), "", ""),
            *(cells(s) for s in self.steps),
            (self.end[0], self._value(self.end[1]), "", ""),
        ]
        return Table(
            f"numbers-{self.id}",
            f"Numbers of the figure, {unit}",
            (
                Column(words(self.part), 2.6),
                Column(words("On average"), 1.0, "right"),
                Column(words("As the first"), 1.0, "right"),
                Column(words("As the last"), 1.0, "right"),
            ),
            tuple(Row(tuple(words(c) for c in row)) for row in rows),
            words("–: smaller than two standard errors. *: first and last differ measurably."),
            compact=True,
        )


def _from(at: float, found: Measured | None, factor: float) -> float | None:
    return None if found is None or found.mean is None else at + factor * found.mean
