"""A mean with its Monte Carlo error, from independent blocks of futures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["CLEAR", "Measured", "standard_error", "widening"]

F8 = NDArray[np.float64]

#: Standard errors below which no claim is made.
CLEAR = 2.0

_FEW = 32  # units below which the error of an error matters


@dataclass(frozen=True, slots=True)
class Measured:
    """A mean and its Monte Carlo error; the error is NaN where a single block was run."""

    mean: float
    mcse: float

    @classmethod
    def of(cls, blocks: F8) -> Measured:
        """From one value a block: float64[block]."""
        return cls(float(blocks.mean()), standard_error(blocks))

    @property
    def is_measurable(self) -> bool:
        """Whether it can be told from nothing: at least two standard errors."""
        return abs(self.mean) >= CLEAR * self.mcse and self.mean != 0.0


def standard_error(blocks: F8) -> float:
    """Standard error of the mean of independent blocks, widened if few; NaN for a single one."""
    n = len(blocks)
    return widening(n) * float(blocks.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")


@cache
def widening(n: int) -> float:
    """What widens the error of few units, which is itself uncertain.

    Two of it then cover what two do of many (Student's t).
    """
    return float(special.stdtrit(n - 1, special.ndtr(CLEAR))) / CLEAR if n < _FEW else 1.0
