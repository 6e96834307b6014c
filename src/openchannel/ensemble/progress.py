"""How far a run is: futures done, time left, and the error of the answer so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Progress", "Reporter"]


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a run.

    `estimate` and `error` are the pooled difference in the chance of war, watched policy against
    baseline, and its standard error over the groups done; None before two groups are in.
    `damaged` counts files of a stopped run that are unreadable, so that their part is done again.
    """

    done: int
    total: int
    seconds: float
    resumed: int
    estimate: float | None = None
    error: float | None = None
    damaged: int = 0

    @property
    def seconds_left(self) -> float | None:
        """Time to the end at the pace so far; None before the first group."""
        fresh = self.done - self.resumed
        if fresh <= 0:
            return None
        return self.seconds / fresh * (self.total - self.done)


Reporter = Callable[[Progress], None]
