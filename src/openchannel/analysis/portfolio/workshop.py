"""What every step of a design needs: the case, limits, ladders, sizes, and measured outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.portfolio.limits import Limits
from openchannel.analysis.portfolio.space import Point, Space
from openchannel.analysis.portfolio.trial import Keep, Outcomes, Trial, keep
from openchannel.domain import Case, Policy

__all__ = ["Chosen", "Sizes", "Workshop"]

F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long each step is.

    search, choice, test : futures of a policy in each world
    searches : half of them seek a low risk on average, half in the worst world
    generations : of each search, 36 portfolios each at most
    """

    search: int = 256
    choice: int = 1024
    test: int = 8192
    searches: int = 4
    generations: int = 20


@dataclass(frozen=True, slots=True)
class Chosen:
    """A portfolio and the reasons for which it was taken."""

    id: str
    point: Point
    reasons: tuple[str, ...]


class Workshop:
    """Makes portfolios of a case and plays them; each result is kept under a name."""

    def __init__(
        self,
        case: Case,
        limits: Limits,
        sizes: Sizes,
        seed: int,
        *,
        threads: int | None = None,
        kept: Keep = keep,
    ) -> None:
        self.case, self.limits, self.sizes, self.seed = case, limits, sizes, seed
        self.space = Space.of(case)
        self.usual = case.policy(case.status_quo)
        self.rivals = tuple(p for p in case.policies if not p.variant)
        # Ids of portfolios: one letter and a number, such as no policy of the case has.
        taken = {p.id[:1] for p in case.policies}
        self._letter = next(c for c in "DXZQ" + ascii_uppercase if c not in taken)
        self.trial = Trial(case, seed, threads=threads)
        self.kept = kept

    def id_of(self, number: int) -> str:
        """Id of a portfolio by its number."""
        return f"{self._letter}{number}"

    def made(self, point: Point, policy_id: str) -> Policy:
        """A portfolio as a policy."""
        return self.space.policy(point, policy_id)

    def fits(self, point: Point) -> bool:
        """Whether a portfolio keeps within the limits."""
        return self.limits.allow(self.space.price, self.made(point, "asked"))

    def yearly(self, point: Point) -> float:
        """Most that a year of a portfolio costs, in dollars."""
        return self.space.price.yearly_usd(self.made(point, "asked"))

    def outcomes(self, policies: Sequence[Policy], purpose: str, futures: int) -> Outcomes:
        """What was measured of some policies on the luck of a purpose; kept, and not made twice."""

        def play() -> dict[str, F8]:
            return {"sums": self.trial.play(policies, purpose, futures).sums}

        sums = np.asarray(self.kept(purpose.replace(" ", "-"), play)["sums"], np.float64)
        return Outcomes(tuple(p.id for p in policies), sums, self.trial.weights)
