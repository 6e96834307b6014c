"""Whether there are enough draws for an estimate, and how many more it would take."""

from __future__ import annotations

import math
from dataclasses import dataclass

from openchannel.analysis.belief.index import Index

__all__ = ["Convergence", "enough_for_sign"]

# A sign or a place in a ranking is claimed at two standard errors.
_SIGNIFICANT = 2.0
_MOST = 10**9


@dataclass(frozen=True, slots=True)
class Convergence:
    """Enough draws, yes or no.

    error, wanted : standard error as it is and as it should be
    draws, needed : as there are and as would do; None where no number of draws is foreseen to
    """

    enough: bool
    error: float
    wanted: float
    draws: int
    needed: int | None

    @property
    def more(self) -> int | None:
        """How many more draws it would take; zero where there are enough."""
        return None if self.needed is None else max(0, self.needed - self.draws)


def enough_for_sign(index: Index, draws: int) -> Convergence:
    """Whether an estimate is told from zero, by its own error and the law of root n.

    `needed` takes the estimate to stay what it is; for one that is zero in truth no number of
    draws will do, and the figure only grows with them.
    """
    wanted = abs(index.value) / _SIGNIFICANT
    if index.error <= wanted:
        return Convergence(True, index.error, wanted, draws, draws)
    if not (wanted > 0.0 and math.isfinite(index.error)):
        return Convergence(False, index.error, wanted, draws, None)
    factor = (index.error / wanted) ** 2
    needed = None if draws * factor > _MOST else math.ceil(draws * factor)
    return Convergence(False, index.error, wanted, draws, needed)
