"""Boxes of beliefs in which a policy loses: the patient rule induction method (PRIM).

What is peeled are chances of loss, not labels: coverage and density are expected counts. A limit is
kept only if the box without it would hardly be as dense by chance (quasi-p).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from openchannel.analysis.belief.draws import BeliefDraws

__all__ = ["Box", "Discovery", "Limit", "Peeling", "discover", "find_boxes", "peel", "reset"]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Limit:
    """A term of a box: the range of one belief, in its own unit.

    low, high : infinite where the box is open
    quasi_p : chance that the box without this limit would hold as many losing beliefs by accident
    """

    name: str
    low: float
    high: float
    quasi_p: float


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the beliefs, told by limits.

    coverage : share of the losing beliefs that lie inside
    density : share of the beliefs inside that lose
    mass : share of all beliefs that lie inside
    fit : correlation between lying inside and losing (phi), 0 for the whole
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float
    fit: float
    step: str

    def holds(self, draws: BeliefDraws) -> Flags:
        """Which draws lie inside: bool[draw]."""
        inside = np.ones(draws.n, bool)
        for limit in self.limits:
            x = draws.column(limit.name)
            inside &= (x >= limit.low) & (x <= limit.high)
        return inside


@dataclass(frozen=True, slots=True)
class Peeling:
    """How boxes are cut.

    alpha : share of the box that one peel takes away
    paste : share that one paste adds
    smallest : share of all beliefs below which no box is cut
    most_limits : beliefs that a chosen box may name
    quasi_p : bar for a limit, divided by the number of beliefs that vary
    """

    alpha: float = 0.05
    paste: float = 0.05
    smallest: float = 0.05
    most_limits: int = 4
    quasi_p: float = 0.05


@dataclass(frozen=True, slots=True)
class Discovery:
    """One box, with the curve it was chosen from.

    free : boxes peeled with every belief allowed
    curve : boxes peeled and pasted with the beliefs of the chosen box alone; the whole comes first
    chosen : place of the chosen box in `curve`
    """

    free: tuple[Box, ...]
    curve: tuple[Box, ...]
    chosen: int

    @property
    def box(self) -> Box:
        """The chosen box."""
        return self.curve[self.chosen]


@dataclass(frozen=True)
class _Field:
    """Draws that are left to be boxed, and the losing mass of all draws."""

    draws: BeliefDraws
    chance: F8
    left: Flags
    manner: Peeling

    @property
    def bar(self) -> float:
        """Quasi-p that a limit must stay under."""
        return self.manner.quasi_p / max(1, int((~self.draws.held).sum()))

    def box(self, low: F8, high: F8, step: str) -> Box:
        """The box between limits, one a belief, with what is to be known of it."""
        values = self.draws.values
        named = np.flatnonzero(np.isfinite(low) | np.isfinite(high))
        sides = (values[:, named] >= low[named]) & (values[:, named] <= high[named])
        # Draws outside by one limit alone are what the box would hold without it.
        misses = (~sides).sum(axis=1)
        inside = (misses == 0) & self.left
        n, k = int(inside.sum()), float(self.chance[inside].sum())
        limits = []
        for place, j in enumerate(named):
            without = self.left & ((misses == 0) | ((misses == 1) & ~sides[:, place]))
            share = float(self.chance[without].mean()) if without.any() else 0.0
            limits.append(
                Limit(self.draws.names[j], float(low[j]), float(high[j]), _quasi_p(k, n, share))
            )
        total, of = float(self.chance.sum()), self.draws.n
        return Box(
            tuple(limits),
            k / total if total > 0 else 0.0,
            k / n if n else 0.0,
            n / of,
            _phi(k, n, float(self.chance[self.left].sum()), int(self.left.sum())),
            step,
        )


def _quasi_p(k: float, n: int, share: float) -> float:
    """Chance of at least k losing among n when each loses with chance `share` (binomial).

    The incomplete beta function carries it to expected counts, which are not whole.
    """
    if k <= 0.0 or share >= 1.0:
        return 1.0
    if share <= 0.0:
        return 0.0
    return float(special.betainc(k, max(n - k, 0.0) + 1.0, share))


def _phi(k: float, n: int, total: float, of: int) -> float:
    """Correlation of two yes-or-no marks: inside, and losing."""
    spread = n * (of - n) * total * (of - total)
    return (k * of - n * total) / float(np.sqrt(spread)) if spread > 0 else 0.0


def _open(draws: BeliefDraws) -> tuple[F8, F8]:
    d = len(draws.names)
    return np.full(d, -np.inf), np.full(d, np.inf)


def _limits(box: Box, draws: BeliefDraws) -> tuple[F8, F8]:
    low, high = _open(draws)
    for limit in box.limits:
        j = draws.names.index(limit.name)
        low[j], high[j] = limit.low, limit.high
    return low, high


def peel(
    draws: BeliefDraws, chance: F8, manner: Peeling | None = None, left: Flags | None = None
) -> tuple[Box, ...]:
    """The peeling trajectory, from the whole to the smallest box.

    Each step takes from one end of one belief the share that raises the density most for what it
    takes; it stops when no peel raises it.

    Parameters
    ----------
    chance : float64[draw]
        Chance that the policy does worse; zeros and ones for labels without luck.
    left : bool[draw], optional
        Draws not yet in a box.

    References
    ----------
    Friedman & Fisher (1999), Statistics and Computing 9: 123-143;
    Bryant & Lempert (2010), Technological Forecasting and Social Change 77: 34-49.
    """
    rest = np.ones(draws.n, bool) if left is None else left
    field = _Field(draws, chance, rest, manner or Peeling())
    return _peel(field, np.flatnonzero(~draws.held))


def _peel(field: _Field, allowed: I8) -> tuple[Box, ...]:
    low, high = _open(field.draws)
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
    field: _Field, values: F8, order: I8, inside: Flags, named: Flags
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


def _paste(field: _Field, box: Box) -> Box:
    """Move limits outward as long as that makes the box no less dense."""
    low, high = _limits(box, field.draws)
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
    field: _Field, low: F8, high: F8, j: int, upper: bool, take: int
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


def _simplify(field: _Field, box: Box) -> Box:
    """Drop limits, the least sure first, until all pass the bar and are few enough."""
    while box.limits:
        worst = max(box.limits, key=lambda limit: limit.quasi_p)
        if worst.quasi_p < field.bar and len(box.limits) <= field.manner.most_limits:
            return box
        kept = tuple(limit for limit in box.limits if limit is not worst)
        box = field.box(*_limits(replace(box, limits=kept), field.draws), "simplify")
    return box


def discover(
    draws: BeliefDraws, chance: F8, manner: Peeling | None = None, left: Flags | None = None
) -> Discovery:
    """The box in which losing beliefs are best told from the others, and the curve around it.

    Boxes are peeled with every belief allowed; each is freed of limits that do not pass the bar;
    with the beliefs of the best of them boxes are peeled again and pasted. Chosen is the box of
    the best fit; a reader may choose another on the curve.
    """
    rest = np.ones(draws.n, bool) if left is None else left
    field = _Field(draws, chance, rest, manner or Peeling())
    free = _peel(field, np.flatnonzero(~draws.held))
    simple = [_simplify(field, box) for box in free[1:]]
    if not any(box.limits for box in simple):
        return Discovery(free, free[:1], 0)
    best = max(simple, key=lambda box: box.fit)
    names = [limit.name for limit in best.limits]
    again = _peel(field, np.array([draws.names.index(name) for name in names]))
    top = max(again, key=lambda box: box.fit)
    pasted = _paste(field, top)
    candidates = [*again, best, *([] if pasted is top else [pasted])]
    candidates += [_simplify(field, box) for box in (top, pasted)]
    curve = _distinct(candidates)
    sure = [i for i, b in enumerate(curve) if all(t.quasi_p < field.bar for t in b.limits)]
    return Discovery(free, curve, max(sure, key=lambda i: curve[i].fit))


def _distinct(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Boxes by falling coverage, each once; the whole comes first."""
    seen: dict[tuple[tuple[str, float, float], ...], Box] = {}
    for box in boxes:
        seen.setdefault(tuple((t.name, t.low, t.high) for t in box.limits), box)
    return tuple(sorted(seen.values(), key=lambda box: (-box.coverage, -box.mass)))


def reset(draws: BeliefDraws, chance: F8, box: Box, manner: Peeling | None = None) -> Box:
    """A box of the same beliefs with limits set by these draws; the whole where none is denser."""
    names = [limit.name for limit in box.limits]
    field = _Field(draws.restrict(names), chance, np.ones(draws.n, bool), manner or Peeling())
    boxes = _peel(field, np.flatnonzero(~field.draws.held))
    return _paste(field, max(boxes, key=lambda one: one.fit))


def find_boxes(
    draws: BeliefDraws, chance: F8, manner: Peeling | None = None, most: int = 3
) -> tuple[Discovery, ...]:
    """Several boxes by covering: each is sought among the draws that earlier ones leave out.

    Coverage and mass are of all draws, so those of several boxes add up. It ends when no limit
    passes the bar any more.
    """
    left = np.ones(draws.n, bool)
    found: list[Discovery] = []
    while len(found) < most and left.sum() > 20:
        one = discover(draws, chance, manner, left)
        if not one.box.limits:
            break
        found.append(one)
        left &= ~one.box.holds(draws)
    return tuple(found)
