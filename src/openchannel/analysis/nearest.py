"""The nearest point at which a claim holds: few coordinates moved, and each as little as will do.

Owns the search over points of a box around the origin, for any function that gives margins. Which
beliefs the coordinates stand for, and what the margins are, belongs to `redteam`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

__all__ = ["Box", "Margins", "NearestPoint", "Searched", "refine", "screen", "search"]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]

#: Points float64[n, axis] to margins float64[n, rival]; every margin has to reach the target.
Margins = Callable[[F8], F8]

_SCREEN_STEP = 0.5
_STEP = 0.2  # of a difference quotient: large beside the noise, small beside the range
_TRUST = 0.6
_STRETCHES = np.array([0.7, 0.85, 1.0, 1.15, 1.3])
_GONE = 0.02  # a belief moved by less than this share of its range is not moved


@dataclass(frozen=True, slots=True)
class Box:
    """Places that each axis offers: float64[axis] each, low <= 0 <= high."""

    low: F8
    high: F8

    def clip(self, points: F8) -> F8:
        """The nearest points of the box."""
        return np.clip(points, self.low, self.high)


@dataclass(frozen=True, slots=True)
class NearestPoint:
    """The nearest point found that moves at most `size` coordinates.

    distance : Euclidean, in range units
    margin : the smallest of the margins there, on the luck of the search
    reached : whether that is the target
    """

    size: int
    point: F8
    distance: float
    margin: float
    reached: bool


@dataclass(frozen=True, slots=True)
class Searched:
    """The origin's margin, and the nearest points by size, the largest first."""

    origin: float
    points: tuple[NearestPoint, ...]

    @property
    def best(self) -> float:
        """The largest margin met at any of the points; the origin's where there are none."""
        return max([self.origin, *(p.margin for p in self.points)])

    def by_size(self) -> tuple[tuple[int, float, bool], ...]:
        """(size, distance of the nearest point that moves at most so many, whether there is one).

        A point of few coordinates is one of many too, so distances never rise with the size.
        """
        rows = []
        for size in sorted(p.size for p in self.points):
            near = [p.distance for p in self.points if p.reached and p.size <= size]
            rows.append((size, min(near, default=float("nan")), bool(near)))
        return tuple(rows)

    def chosen(self, patience: float = 1.25) -> NearestPoint | None:
        """The fewest coordinates whose distance is at most `patience` times the shortest.

        None where no point reaches the target.
        """
        reached = [p for p in self.points if p.reached]
        if not reached:
            return None
        shortest = min(p.distance for p in reached)
        near = [p for p in reached if p.distance <= patience * shortest]
        return min(near, key=lambda p: (p.size, p.distance))


@dataclass(frozen=True, slots=True)
class Screen:
    """Margins at the origin, and half way up and down each axis: float64[rival], [axis, rival]."""

    origin: F8
    up: F8
    down: F8

    def slopes(self, box: Box, target: float) -> F8:
        """Change a unit toward the better side of each axis: float64[axis].

        Rivals count by how far their margins are from the target. The sign tells the side; 0 where
        neither helps.
        """
        missing = np.maximum(target - self.origin, 0.0)
        weight = missing / missing.sum() if missing.any() else np.full(len(missing), 1.0)
        up = (self.up - self.origin) @ weight / _SCREEN_STEP
        down = (self.down - self.origin) @ weight / _SCREEN_STEP
        up = np.where(box.high > 0, up, -np.inf)
        down = np.where(box.low < 0, down, -np.inf)
        side = np.where(up >= down, up, -down)
        return np.asarray(np.where(np.maximum(up, down) > 0, side, 0.0))


def screen(margins: Margins, box: Box) -> Screen:
    """Move each axis alone, half way to either end."""
    n = len(box.low)
    steps = np.eye(n) * _SCREEN_STEP
    found = margins(box.clip(np.vstack([np.zeros((1, n)), steps, -steps])))
    return Screen(found[0], found[1 : n + 1], found[n + 1 :])


def search(
    margins: Margins, screened: Screen, box: Box, target: float, sizes: tuple[int, ...]
) -> Searched:
    """The nearest points that move at most so many coordinates each, the largest size first.

    Begins with the axes that the screen finds steepest, solves a sequence of linearised problems
    (least distance to where all linearised margins reach the target, within a trust region and the
    box), then lets the least moved coordinates go and solves again. Only axes that were steep
    alone are ever tried, so a belief that matters only beside others can be missed.
    """
    slopes = screened.slopes(box, target)
    origin = float(screened.origin.min())
    order = np.argsort(-np.abs(slopes), kind="stable")
    kept = order[: max(sizes)][np.abs(slopes[order[: max(sizes)]]) > 0]
    point = np.zeros(len(slopes))
    first = np.abs(slopes[kept])
    if len(kept):
        point[kept] = slopes[kept] * max(0.0, target - origin) / (first @ first)
    point = box.clip(point)
    found: list[NearestPoint] = []
    for size in sorted(sizes, reverse=True):
        if not len(kept):
            break
        kept = kept[np.argsort(-np.abs(point[kept]), kind="stable")][:size]
        point = _only(point, kept)
        for _ in range(4 if not found else 2):
            point = _improve(margins, point, kept, box, target)
        found.append(_stretched(margins, point, box, target, size))
        point = found[-1].point
        kept = kept[np.abs(point[kept]) >= _GONE]
    return Searched(origin, tuple(found))


def refine(margins: Margins, point: F8, box: Box, target: float, rounds: int = 3) -> F8:
    """The nearest point near a point that is known to do, with the same coordinates moved."""
    kept = np.flatnonzero(point)
    for _ in range(rounds):
        point = _improve(margins, point, kept, box, target)
    return point


def _only(point: F8, kept: I8) -> F8:
    alone = np.zeros_like(point)
    alone[kept] = point[kept]
    return alone


def _improve(margins: Margins, point: F8, kept: I8, box: Box, target: float) -> F8:
    """Linearise around the point along the kept axes, and go to the nearest point that will do."""
    steps = np.zeros((len(kept), len(point)))
    steps[np.arange(len(kept)), kept] = _STEP
    ahead, behind = box.clip(point + steps), box.clip(point - steps)
    found = margins(np.vstack([point[None], ahead, behind]))
    here, up, down = found[0], found[1 : len(kept) + 1], found[len(kept) + 1 :]
    width = (ahead - behind)[np.arange(len(kept)), kept]
    slopes = (up - down) / np.maximum(width, 1e-9)[:, None]
    moved = point.copy()
    moved[kept] = _least(point[kept], here, slopes, box.low[kept], box.high[kept], target)
    return moved


def _least(here: F8, margin: F8, slopes: F8, low: F8, high: F8, target: float) -> F8:
    """Shortest vector within the bounds whose linearised margins reach the target, if one does.

    Where none does, what is missing is made as small as it can be. slopes: float64[axis, rival].
    """
    from scipy.optimize import minimize  # noqa: PLC0415 - takes longer to load than many a command

    n, any_minimize = len(here), cast("Any", minimize)  # its published types know no plain arrays
    scale = max(abs(target), 1e-9)
    price = 1e3
    bounds = [
        (max(a, x - _TRUST), min(b, x + _TRUST)) for x, a, b in zip(here, low, high, strict=True)
    ]

    def cost(z: F8) -> float:
        return float(0.5 * z[:n] @ z[:n] + price * z[n])

    def uphill(z: F8) -> F8:
        return np.append(z[:n], price)

    def spare(z: F8) -> F8:
        return np.asarray((margin + (z[:n] - here) @ slopes - target) / scale + z[n])

    missing = max(0.0, float(((target - margin) / scale).max()))
    solved = any_minimize(
        cost,
        np.append(here, missing),
        jac=uphill,
        method="SLSQP",
        bounds=[*bounds, (0.0, None)],
        constraints={
            "type": "ineq",
            "fun": spare,
            "jac": lambda _: np.column_stack([slopes.T / scale, np.ones(slopes.shape[1])]),
        },
        options={"maxiter": 200, "ftol": 1e-10},
    )
    step = np.asarray(solved.x[:n], np.float64)
    return np.clip(np.where(np.isfinite(step), step, here), low, high)


def _stretched(margins: Margins, point: F8, box: Box, target: float, size: int) -> NearestPoint:
    """The same direction, as short or as long as the target asks for."""
    places = box.clip(_STRETCHES[:, None] * point)
    found = margins(places).min(axis=1)
    factor, reached = first_crossing(_STRETCHES, found, target)
    end = box.clip(factor * point)
    end = np.where(np.abs(end) >= _GONE, end, 0.0)
    margin = float(np.interp(factor, _STRETCHES, found))
    return NearestPoint(size, end, float(np.linalg.norm(end)), margin, reached)


def first_crossing(at: F8, values: F8, target: float) -> tuple[float, bool]:
    """The first place where values, taken as straight lines between, reach the target.

    Where they never do: the place of the highest value, and False.

    Examples
    --------
    >>> first_crossing(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 4.0]), 2.5)
    (1.5, True)
    """
    enough = np.flatnonzero(values >= target)
    if not len(enough):
        return float(at[int(np.argmax(values))]), False
    i = int(enough[0])
    if i == 0:
        return float(at[0]), True
    share = (target - values[i - 1]) / (values[i] - values[i - 1])
    return float(at[i - 1] + share * (at[i] - at[i - 1])), True
