"""The two cases of a red team: who is to beat whom, and what was found for each side."""

from __future__ import annotations

from dataclasses import dataclass

from openchannel.analysis.belief_axes import Axis
from openchannel.analysis.measured import Measured
from openchannel.domain import Case

__all__ = ["FEWEST", "MovedBelief", "Side", "SideResult", "Sizes", "sides_of"]

#: Groups of luck in each step: enough for an honest standard error.
FEWEST = 64


@dataclass(frozen=True, slots=True)
class Side:
    """One case to be made: the policy that is to win, and those it has to beat."""

    id: str
    title: str
    policy: str
    rivals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Replicates of each step: screen of every belief, search, refinement, stretch, final test."""

    screen: int = 256
    search: int = 512
    refine: int = 2048
    stretch: int = 4096
    test: int = 8192

    @classmethod
    def of(cls, futures: int) -> Sizes:
        """Sizes in proportion to the futures of the final test."""
        return cls(*(max(FEWEST, futures // part) for part in (32, 16, 4, 2, 1)))


@dataclass(frozen=True, slots=True)
class MovedBelief:
    """One belief as the default has it and as the case needs it.

    place : in range units, -1 to 1; its size is the share of the way to the end of the range
    """

    axis: Axis
    place: float

    @property
    def value(self) -> float:
        """The quantity as the case needs it."""
        return self.axis.value(self.place)


@dataclass(frozen=True, slots=True)
class SideResult:
    """What was found for one side.

    asked : margin asked for, a share of the status quo's expected loss under the same beliefs
    target : margin sought; larger than `asked` where the defaults reach that already
    at_defaults : margin at the defaults against each rival, on futures of no other use
    defaults_in_ranges : the same with every belief drawn from its range
    beliefs : moved beliefs, the furthest first; empty where no set was found
    tested : margin against each rival under them, on fresh futures, all else at the defaults
    in_ranges : the same with every other belief drawn from its range
    war : difference in the chance of war against each rival, winner minus rival, tested
    by_size : (most beliefs moved, shortest distance found, whether any), on the luck of the search
    best : the largest margin that the search met, on its own luck
    """

    side: Side
    target: float
    asked: float
    at_defaults: dict[str, Measured]
    defaults_in_ranges: dict[str, Measured]
    beliefs: tuple[MovedBelief, ...]
    distance: float
    tested: dict[str, Measured]
    in_ranges: dict[str, Measured]
    war: dict[str, Measured]
    by_size: tuple[tuple[int, float, bool], ...]
    best: float

    @property
    def holds_at_defaults(self) -> bool:
        """Whether the defaults themselves are enough for the margin that was asked for."""
        return self.target > self.asked

    @property
    def is_found(self) -> bool:
        """Whether any set of beliefs within the ranges was found to be enough in the search."""
        return bool(self.beliefs)

    @property
    def is_confirmed(self) -> bool:
        """Whether the fresh futures reached the margin against every rival, clear of nothing."""
        return self.is_found and all(
            m.mean >= self.target and m.is_measurable for m in self.tested.values()
        )

    @property
    def holds_in_ranges(self) -> bool:
        """Whether it still wins, by two standard errors, with all else drawn from its range."""
        return self.is_found and all(
            m.mean > 0 and m.is_measurable for m in self.in_ranges.values()
        )


def sides_of(case: Case) -> tuple[Side, Side]:
    """For isolation: it beats status quo and engagement. Against it: engagement beats it."""
    against = tuple(p for p in dict.fromkeys((case.baseline, case.focal)) if p != case.isolation)
    return (
        Side("for", "The strongest case for isolation", case.isolation, against),
        Side("against", "The strongest case against isolation", case.focal, (case.isolation,)),
    )
