"""Where a policy loses: boxes chosen from their curves, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.boxes import Box, Field, Peeling, limits_of
from openchannel.analysis.belief.draws import BeliefDraws
from openchannel.analysis.belief.peeling import paste, peel_along

__all__ = ["Discovery", "discover", "find_boxes", "reset"]

F8 = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Discovery:
    """One box, with the curve it was chosen from.

    free : boxes peeled with every belief allowed
    curve : boxes peeled and pasted with the beliefs of the chosen box alone; the whole comes first
    chosen : place of the chosen box in `curve`
    left : bool[draw], the draws it was sought among, those outside earlier boxes
    """

    free: tuple[Box, ...]
    curve: tuple[Box, ...]
    chosen: int
    left: Flags

    @property
    def box(self) -> Box:
        """The chosen box."""
        return self.curve[self.chosen]


def _simplify(field: Field, box: Box) -> Box:
    """Drop limits, the least sure first, until all pass the bar and are few enough."""
    while box.limits:
        worst = max(box.limits, key=lambda limit: limit.quasi_p)
        if worst.quasi_p < field.bar and len(box.limits) <= field.manner.most_limits:
            return box
        kept = tuple(limit for limit in box.limits if limit is not worst)
        box = field.box(*limits_of(replace(box, limits=kept), field.draws), "simplify")
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
    field = Field(draws, chance, rest, manner or Peeling())
    free = peel_along(field, np.flatnonzero(~draws.held))
    simple = [_simplify(field, box) for box in free[1:]]
    if not any(box.limits for box in simple):
        return Discovery(free, free[:1], 0, rest)
    best = max(simple, key=lambda box: box.fit)
    names = [limit.name for limit in best.limits]
    again = peel_along(field, np.array([draws.names.index(name) for name in names]))
    top = max(again, key=lambda box: box.fit)
    pasted = paste(field, top)
    candidates = [*again, best, *([] if pasted is top else [pasted])]
    candidates += [_simplify(field, box) for box in (top, pasted)]
    curve = _distinct(candidates)
    sure = [i for i, b in enumerate(curve) if all(t.quasi_p < field.bar for t in b.limits)]
    return Discovery(free, curve, max(sure, key=lambda i: curve[i].fit), rest)


def _distinct(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Boxes by falling coverage, each once; the whole comes first."""
    seen: dict[tuple[tuple[str, float, float], ...], Box] = {}
    for box in boxes:
        seen.setdefault(tuple((t.name, t.low, t.high) for t in box.limits), box)
    return tuple(sorted(seen.values(), key=lambda box: (-box.coverage, -box.mass)))


def reset(draws: BeliefDraws, chance: F8, box: Box, manner: Peeling | None = None) -> Box:
    """A box of the same beliefs with limits set by these draws; the whole where none is denser."""
    names = [limit.name for limit in box.limits]
    field = Field(draws.restrict(names), chance, np.ones(draws.n, bool), manner or Peeling())
    boxes = peel_along(field, np.flatnonzero(~field.draws.held))
    return paste(field, max(boxes, key=lambda one: one.fit))


def find_boxes(
    draws: BeliefDraws, chance: F8, manner: Peeling | None = None, most: int = 3
) -> tuple[Discovery, ...]:
    """Several boxes by covering: each is sought among the draws that earlier ones leave out.

    So the limits of a later box are to be read "otherwise, ...". Coverage and mass are of all
    draws, and those of several boxes add up. It ends when no limit passes the bar any more, or a
    box is no denser than all beliefs together.
    """
    left = np.ones(draws.n, bool)
    found: list[Discovery] = []
    while len(found) < most and left.sum() > 20:
        one = discover(draws, chance, manner, left)
        if not one.box.limits or one.box.density <= chance.mean():
            break
        found.append(one)
        left = left & ~one.box.holds(draws)
    return tuple(found)
