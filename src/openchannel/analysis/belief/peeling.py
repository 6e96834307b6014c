"""Cutting boxes: the patient rule induction method (PRIM), peeling and pasting."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.boxes import Box, Field, limits_of, no_limits

__all__ = ["paste", "peel_along"]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
Flags = NDArray[np.bool_]


def peel_along(field: Field, allowed: I8) -> tuple[Box, ...]:
    """The peeling trajectory along some beliefs, from the whole to the smallest box.

    Each step takes from one end of one belief the share that raises the density most for what it
    takes; it stops when no peel raises it.

    allowed : int64[belief], the columns that may be cut

    References
    ----------
    Friedman & Fisher (1999), Statistics and Computing 9: 123-143;
    Bryant & Lempert (2010), Technological Forecasting and Social Change 77: 34-49.
    """
    low, high = no_limits(field.draws)
    boxes = [field.box(low, high, "whole")]
    if not len(allowed):
        return tuple(boxes)
    values = np.ascontiguousarray(field.draws.values[:, allowed].T)
    order = np.argsort(values, axis=1, kind="stable")
    inside = field.left.copy()
    while True:
        named = np.isfinite(np.concatenate([low[allowed], high[allowed]]))
        found = _best_peel(field, values, order, inside, named)
        if found is None:
            return tuple(boxes)
        place, upper, limit = found
        j = allowed[place]
        if upper:
            high[j] = limit
            inside &= values[place] <= limit
        else:
            low[j] = limit
            inside &= values[place] >= limit
        boxes.append(field.box(low, high, "peel"))


def _best_peel(
    field: Field, values: F8, order: I8, inside: Flags, named: Flags
) -> tuple[int, bool, float] | None:
    """Belief, end and limit of the best peel; None where none raises the density.

    Of equal peels one at an end that has a limit already is taken: `named`, lower ends first.
    """
    m = int(inside.sum())
    if m < 3:
        return None
    d = len(values)
    row = np.arange(d)
    at = order[inside[order]].reshape(d, m)
    x = np.take_along_axis(values, at, axis=1)
    sums = np.cumsum(field.chance[at], axis=1)
    total = sums[0, -1]
    take = max(1, int(field.manner.alpha * m))
    # Equal values go or stay together; where that leaves nothing to take, the outermost go.
    below = (x < x[:, [take]]).sum(axis=1)
    below = np.where(below > 0, below, (x <= x[:, [0]]).sum(axis=1))
    above = (x > x[:, [m - 1 - take]]).sum(axis=1)
    above = np.where(above > 0, above, (x >= x[:, [-1]]).sum(axis=1))
    taken = np.concatenate([below, above])
    stays = m - taken
    top = np.maximum(stays - 1, 0)
    kept = np.concatenate([total - sums[row, below - 1], sums[row, top[d:]]])
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = (kept / stays - total / m) / taken
    gain[(stays < max(1.0, field.manner.smallest * field.draws.n)) | (stays <= 0)] = -np.inf
    equal = gain >= gain.max() * (1.0 - 1e-9)
    best = int(np.argmax(equal & named) if (equal & named).any() else np.argmax(gain))
    # Sums in another order differ in the last digits, which is no gain.
    if not gain[best] * taken[best] > 1e-12:
        return None
    place, c = best % d, int(taken[best])
    edge = c if best < d else m - c
    return place, best >= d, float((x[place, edge - 1] + x[place, edge]) / 2.0)


def paste(field: Field, box: Box) -> Box:
    """Move limits outward as long as that makes the box no less dense."""
    low, high = limits_of(box, field.draws)
    while True:
        n, k = box.mass * field.draws.n, box.density * box.mass * field.draws.n
        take = max(1, int(field.manner.paste * n))
        best, best_density = None, box.density - 1e-12
        for limit in box.limits:
            j = field.draws.names.index(limit.name)
            for upper in (False, True):
                moved = _move(field, low, high, j, upper, take)
                if moved is None:
                    continue
                edge, added, chance = moved
                density = (k + chance) / (n + added)
                if density > best_density:
                    best, best_density = (j, upper, edge), density
        if best is None:
            return box
        j, upper, edge = best
        (high if upper else low)[j] = edge
        box = field.box(low, high, "paste")


def _move(
    field: Field, low: F8, high: F8, j: int, upper: bool, take: int
) -> tuple[float, int, float] | None:
    """New limit when about `take` draws are added at one end, how many, and their losing mass."""
    bound = high[j] if upper else low[j]
    if not np.isfinite(bound):
        return None
    values = field.draws.values
    other_low, other_high = low.copy(), high.copy()
    (other_high if upper else other_low)[j] = np.inf if upper else -np.inf
    named = np.flatnonzero(np.isfinite(other_low) | np.isfinite(other_high))
    near = field.left & (
        (values[:, named] >= other_low[named]) & (values[:, named] <= other_high[named])
    ).all(axis=1)
    near &= values[:, j] > bound if upper else values[:, j] < bound
    distance = np.sort(np.abs(values[near, j] - bound))
    if not len(distance):
        return None
    reach = distance[min(take, len(distance)) - 1]
    if len(distance) <= take:
        added = near
        edge = np.inf if upper else -np.inf
    else:
        beyond = distance[distance > reach]
        reach = (reach + beyond[0]) / 2.0 if len(beyond) else reach
        edge = bound + reach if upper else bound - reach
        added = near & (np.abs(values[:, j] - bound) <= reach)
    return float(edge), int(added.sum()), float(field.chance[added].sum())
