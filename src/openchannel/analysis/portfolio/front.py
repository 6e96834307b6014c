"""Trade-offs: who is beaten on every aim at once, where the knee lies, whom to look at again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from openchannel.extras import OPTIMISE

__all__ = ["directions", "knee", "scaled", "spread", "undominated"]

F8 = NDArray[np.float64]

#: Divisions of each aim by the number of aims, for 35 or 36 directions.
_DIVISIONS = {2: 35, 3: 7, 4: 4, 5: 3}


def undominated(aims: F8) -> NDArray[np.int64]:
    """Places of the rows that no other row beats: float64[n, aim], each to be made small.

    A row beats another that it equals or undercuts everywhere and undercuts somewhere; of equal
    rows the first stays.

    Examples
    --------
    >>> undominated(np.array([[1.0, 2.0], [2.0, 1.0], [2.0, 2.0], [1.0, 2.0]])).tolist()
    [0, 1]
    """
    # In the order of the aims only an earlier row beats a later one, and one of the front does.
    order = np.lexsort((np.arange(len(aims)), *aims.T[::-1]))
    front = np.empty_like(aims)
    places: list[int] = []
    for place in order:
        n = len(places)
        if not (front[:n] <= aims[place]).all(axis=1).any():
            front[n] = aims[place]
            places.append(place)
    return np.sort(np.array(places, np.int64))


def scaled(aims: F8) -> F8:
    """Each aim from 0, the best of the rows, to 1, the worst; 0 where all are alike."""
    low, high = aims.min(axis=0), aims.max(axis=0)
    return np.asarray((aims - low) / np.where(high > low, high - low, 1.0))


def knee(aims: F8) -> int:
    """The row that gives up least over all aims together, each on its scale from best to worst.

    It is the row farthest below the plane through the ends of the front.

    Examples
    --------
    >>> knee(np.array([[0.0, 1.0], [0.2, 0.2], [1.0, 0.0]]))
    1
    """
    return int(np.argmin(scaled(aims).sum(axis=1)))


def directions(n_aims: int) -> F8:
    """About 36 ways of weighing the aims, evenly spread: float64[direction, aim], sum 1."""
    make: Any = OPTIMISE.module("pymoo.util.ref_dirs").get_reference_directions
    return np.asarray(make("das-dennis", n_aims, n_partitions=_DIVISIONS[n_aims]))


def spread(aims: F8) -> NDArray[np.int64]:
    """Places of the rows that are first by some way of weighing the aims, in order."""
    held = scaled(aims)
    # The largest weighted shortfall decides; the sum breaks ties, so that no aim is given away.
    scores = [(w * held).max(axis=1) + 1e-6 * held.sum(axis=1) for w in directions(aims.shape[1])]
    return np.unique([int(np.argmin(s)) for s in scores])
