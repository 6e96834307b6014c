"""A small plot of intervals as plain shapes, for pages that draw while numbers still come in.

Owns the geometry alone: what to draw where, in the plot's own units. Colours are the page's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openchannel.report.numbers import plain

__all__ = ["IntervalPlot", "Mark", "Steps", "interval_plot", "step_plot"]

_WIDTH, _ROW, _TOP, _FOOT = 360.0, 40.0, 8.0, 26.0
_MARGIN = 14.0
_MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """One row: a thin line over beliefs, a thick one over two standard errors, a dot.

    thin, thick : (left, right); None where not known
    """

    label: str
    y: float
    dot: float
    thick: tuple[float, float] | None
    thin: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class IntervalPlot:
    """Rows of intervals over one scale."""

    width: float
    height: float
    zero: float
    ticks: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """How an answer sharpened: one bar of two standard errors a size, from left to right."""

    width: float
    height: float
    zero: float
    bars: tuple[tuple[float, float, float, float], ...]  # x, top, dot, bottom
    labels: tuple[tuple[float, str], ...]


def interval_plot(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> IntervalPlot:
    """A plot of rows, each a label and `mean`, `mcse`, `p05`, `p95` (None where not known)."""
    spans = [_spans(found) for _, found in rows]
    ends = [0.0]
    for mean, thick, thin in spans:
        ends += [mean, *(thick or ()), *(thin or ())]
    low, high = min(ends), max(ends)
    if low == high:
        low, high = -1.0, 1.0
    step = _step(high - low)

    def x(value: float) -> float:
        return round(_MARGIN + (value - low) / (high - low) * (_WIDTH - 2 * _MARGIN), 1)

    def both(ends: tuple[float, float] | None) -> tuple[float, float] | None:
        return None if ends is None else (x(ends[0]), x(ends[1]))

    marks = tuple(
        Mark(label, _TOP + _ROW * i + 26.0, x(mean), both(thick), both(thin))
        for i, ((label, _), (mean, thick, thin)) in enumerate(zip(rows, spans, strict=True))
    )
    at = [step * i for i in range(math.ceil(low / step), math.floor(high / step) + 1)]
    ticks = tuple((x(t), plain(t)) for t in at)
    return IntervalPlot(_WIDTH, _TOP + _ROW * len(rows) + _FOOT, x(0.0), ticks, marks)


def step_plot(steps: Sequence[tuple[int, float, float]], slots: int) -> Steps:
    """Bars of (futures, mean, standard error), with room for so many; the scale holds them all."""
    height, top, foot = 96.0, 8.0, 20.0
    ends = [0.0]
    for _, mean, error in steps:
        ends += [mean - 2.0 * error, mean + 2.0 * error]
    low, high = min(ends), max(ends)
    if low == high:
        low, high = -1.0, 1.0

    def y(value: float) -> float:
        return round(top + (high - value) / (high - low) * (height - top - foot), 1)

    width = _WIDTH / max(1, slots)
    centres = [round(width * (i + 0.5), 1) for i in range(len(steps))]
    bars = tuple(
        (x, y(mean + 2.0 * error), y(mean), y(mean - 2.0 * error))
        for x, (_, mean, error) in zip(centres, steps, strict=True)
    )
    labels = tuple((x, f"{n:,}") for x, (n, _, _) in zip(centres, steps, strict=True))
    return Steps(_WIDTH, height, y(0.0), bars, labels)


def _spans(
    found: Mapping[str, Any],
) -> tuple[float, tuple[float, float] | None, tuple[float, float] | None]:
    mean, error = float(found["mean"]), found["mcse"]
    thick = None if error is None else (mean - 2.0 * error, mean + 2.0 * error)
    thin = None
    if found.get("p05") is not None and found.get("p95") is not None:
        thin = (float(found["p05"]), float(found["p95"]))
    return mean, thick, thin


def _step(width: float) -> float:
    """A round distance between ticks: 1, 2 or 5 times a power of ten."""
    rough = width / _MOST_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= rough)
