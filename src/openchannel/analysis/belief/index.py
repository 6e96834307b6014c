"""A number about one belief, with its error; and the ranking that the errors allow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["Index", "Ranking", "rank"]

F8 = NDArray[np.float64]
_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Index:
    """How much one belief, or one module, matters by some measure.

    value, error : the estimate and its standard error; NaN where it is not defined
    """

    name: str
    value: float
    error: float

    @classmethod
    def mean_of(cls, name: str, values: F8) -> Index:
        """The mean of a number for each draw, with the error of independent draws."""
        return cls(name, float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval."""
        return self.value - _Z95 * self.error

    @property
    def high(self) -> float:
        """Upper end of the 95 % interval."""
        return self.value + _Z95 * self.error

    @property
    def covers_zero(self) -> bool:
        """The interval holds zero, or there is none: the belief is then not ranked."""
        return not self.low > 0.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """Beliefs told from zero, largest first, and those that are not.

    by_chance : at most so many of `ranked` are to be expected if none of the beliefs mattered
    """

    ranked: tuple[Index, ...]
    unranked: tuple[Index, ...]
    by_chance: float


def rank(indices: Iterable[Index]) -> Ranking:
    """Order what can be told from zero; what cannot is listed, not ordered by size."""
    given = tuple(indices)
    sure = sorted((i for i in given if not i.covers_zero), key=lambda i: -i.value)
    rest = tuple(i for i in given if i.covers_zero)
    return Ranking(tuple(sure), rest, float(len(given) * special.ndtr(-_Z95)))


def undefined(name: str) -> Index:
    """An index that these draws do not give."""
    return Index(name, float("nan"), float("nan"))


def ratio(name: str, top: float, bottom: float, top_each: F8, bottom_each: F8) -> Index:
    """Share of two means with its error by linearisation.

    top_each, bottom_each : float64[draw]
        What each draw adds to the means (their influence), mean near zero.
    """
    if not bottom > 0.0:
        return undefined(name)
    share = top / bottom
    each = (top_each - share * bottom_each) / bottom
    return Index(name, share, float(each.std(ddof=1) / np.sqrt(len(each))))
