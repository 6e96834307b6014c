"""Collection questions as observations that can be simulated: how likely each answer is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief import BeliefDraws, Question, counted, measured, succeeded
from openchannel.domain import Collection

__all__ = ["asked"]

F8 = NDArray[np.float64]


def asked(collection: Collection) -> Question:
    """A question of a case with its likelihood under each belief draw."""

    def quantity(draws: BeliefDraws) -> F8:
        value = np.full(draws.n, collection.times)
        for name in collection.of:
            value = value * draws.column(name)
        return value

    if collection.how == "counted":
        return counted(collection.id, quantity, collection.size)
    if collection.how == "succeeded":
        return succeeded(collection.id, quantity, int(collection.size))
    return measured(collection.id, quantity, collection.size)
