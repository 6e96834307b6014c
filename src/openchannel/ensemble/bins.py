"""What is kept of a distribution over futures: counts by bin, and what is read from them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LinearBins", "LuckBins"]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]


class LuckBins:
    """Logarithmic bins, twenty a decade: from 0.001 to 10^8, zero and both signs."""

    PER_DECADE = 20
    LOWEST = -3
    DECADES = 11
    N_SIDE = PER_DECADE * DECADES
    N = 2 * N_SIDE + 1

    @classmethod
    def index(cls, x: F8) -> I8:
        """Bin of each number; the middle bin holds zero and what is smaller than 0.001."""
        size = np.abs(x)
        with np.errstate(divide="ignore"):
            step = np.floor((np.log10(size) - cls.LOWEST) * cls.PER_DECADE)
        step = np.clip(step, -1, cls.N_SIDE - 1)
        return np.asarray(cls.N_SIDE + np.sign(x) * (step + 1), np.int64)

    @classmethod
    def centres(cls) -> F8:
        """Geometric centre of each bin."""
        side = 10.0 ** (cls.LOWEST + (np.arange(cls.N_SIDE) + 0.5) / cls.PER_DECADE)
        return np.concatenate([-side[::-1], [0.0], side])

    @classmethod
    def coarseness(cls, x: float) -> float:
        """Standard deviation of a number that is only known to lie in the bin of `x`."""
        half = math.pow(10.0, 0.5 / cls.PER_DECADE)
        width = abs(x) * (half - 1.0 / half)
        return width / math.sqrt(12.0)


@dataclass(frozen=True, slots=True)
class LinearBins:
    """Bins of one width; the first and the last also hold what lies beyond them."""

    start: float
    width: float
    N: int

    def index(self, x: F8) -> I8:
        """Bin of each number."""
        step = np.floor((x - self.start) / self.width)
        return np.asarray(np.clip(step, 0, self.N - 1), np.int64)

    def centres(self) -> F8:
        """Centre of each bin."""
        return np.asarray(self.start + self.width * (np.arange(self.N) + 0.5))

    def coarseness(self, _x: float) -> float:
        """Standard deviation of a number that is only known to lie in a bin."""
        return self.width / math.sqrt(12.0)
