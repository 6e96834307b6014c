"""A mean with its Monte Carlo error, from independent blocks of futures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CLEAR", "Measured", "standard_error"]

F8 = NDArray[np.float64]

#: Standard errors below which no claim is made.
CLEAR = 2.0


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
    """Standard error of the mean of independent blocks; NaN for a single one."""
    n = len(blocks)
    return float(blocks.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
