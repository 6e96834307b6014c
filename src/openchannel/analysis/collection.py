"""Collection questions as observations that can be simulated: how likely each answer is."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief import BeliefDraws, Question, counted, measured, succeeded
from openchannel.domain import Collection

__all__ = ["asked", "asked_about"]

F8 = NDArray[np.float64]


def asked(collection: Collection) -> Question:
    """A question of a case with its likelihood under each belief draw."""

    def quantity(draws: BeliefDraws) -> F8:
        return asked_about(collection, draws.column)

    if collection.how == "counted":
        return counted(collection.id, quantity, collection.size)
    if collection.how == "succeeded":
        return succeeded(collection.id, quantity, int(collection.size))
    return measured(collection.id, quantity, collection.size)


def asked_about(collection: Collection, held: Callable[[str], F8]) -> F8:
    """What an observation is about, in the shape in which `held` gives each quantity."""
    factors = (held(name) for name in collection.of)
    return np.asarray(math.prod(factors, start=np.float64(collection.times)))
