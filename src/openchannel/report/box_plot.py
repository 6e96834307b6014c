"""The curve of boxes as plain shapes: coverage to the right, density upward, a point a box.

Owns the geometry and the words of each point, for pages on which a reader picks one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openchannel.report.belief.view import View
from openchannel.report.belief.words import percent, value_text

__all__ = ["Box", "BoxPlot", "box_plots"]

_WIDTH, _HEIGHT = 420.0, 260.0
_LEFT, _RIGHT, _TOP, _FOOT = 44.0, 22.0, 12.0, 38.0
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Box:
    """One box: where its point stands, and what it says.

    limits : name of the belief, lower and upper limit (None: open), and the same in words
    """

    x: float
    y: float
    limits: tuple[tuple[str, float | None, float | None, str], ...]
    coverage: str
    density: str
    mass: str

    @property
    def words(self) -> str:
        """The box in a phrase, for those who do not see the point."""
        within = "; ".join(t[3] for t in self.limits) or "all beliefs"
        return f"{within}: {self.coverage} of the losing beliefs, {self.density} inside lose"


@dataclass(frozen=True, slots=True)
class BoxPlot:
    """One search: its boxes from all beliefs to the smallest, and the one that fits best."""

    width: float
    height: float
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    boxes: tuple[Box, ...]
    chosen: int

    @property
    def path(self) -> str:
        """The line through the points."""
        return "M" + "L".join(f"{b.x},{b.y}" for b in self.boxes)


def box_plots(view: View) -> list[BoxPlot]:
    """A plot for each search of `believe.json`."""
    return [_plot(view, found) for found in view.data["where"]["boxes"]]


def _plot(view: View, found: Mapping[str, Any]) -> BoxPlot:
    def x(share: float) -> float:
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(share: float) -> float:
        return round(_TOP + (1.0 - share) * (_HEIGHT - _TOP - _FOOT), 1)

    boxes = tuple(
        Box(
            x(one["coverage"]),
            y(one["density"]),
            tuple(_limit(view, t) for t in one["limits"]),
            percent(one["coverage"]),
            percent(one["density"]),
            percent(one["mass"]),
        )
        for one in found["curve"]
    )
    labels = [(t, f"{100 * t:.0f}\N{NO-BREAK SPACE}%") for t in _TICKS]
    return BoxPlot(
        _WIDTH,
        _HEIGHT,
        tuple((x(t), label) for t, label in labels),
        tuple((y(t), label) for t, label in labels),
        boxes,
        int(found["chosen"]),
    )


def _limit(view: View, limit: Mapping[str, Any]) -> tuple[str, float | None, float | None, str]:
    name, low, high = str(limit["name"]), limit["low"], limit["high"]
    label = view.label(name)
    if low is None:
        words = f"“{label}” below {value_text(high)}"
    elif high is None:
        words = f"“{label}” above {value_text(low)}"
    else:
        words = f"“{label}” from {value_text(low)} to {value_text(high)}"
    return name, low, high, words
