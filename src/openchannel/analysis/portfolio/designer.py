"""From a case and limits to a few portfolios: search, look again, choose, prune.

Search, choice and the test of `examine` have luck of their own, so that what is reported was not
chosen for having been lucky. Nothing is bought that was not measured to help, in risk or in
openings used.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.common_luck import derived_seed
from openchannel.analysis.portfolio.evolve import Task, evolve
from openchannel.analysis.portfolio.front import knee, spread, undominated
from openchannel.analysis.portfolio.space import Point
from openchannel.analysis.portfolio.trial import (
    AIMS,
    CAPTURE,
    COST,
    RISK,
    Outcomes,
)
from openchannel.analysis.portfolio.workshop import Chosen, Workshop

__all__ = ["BOUGHT_CLEAR", "Designer"]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]

#: Standard errors that all purchases together must reach: many portfolios are asked at once.
BOUGHT_CLEAR = 3.0


class Designer(Workshop):
    """Finds portfolios: searches, looks again, chooses and prunes."""

    # --- search -------------------------------------------------------------------------------

    def search(self, number: int) -> list[Point]:
        """The front of one search: even ones seek risk on average, odd ones in the worst world."""
        purpose = f"search {number}"
        usual_id = self.usual.id

        def evaluate(points: I8) -> tuple[F8, F8]:
            policies = [self.made(tuple(p), f"candidate {i}") for i, p in enumerate(points)]
            found = self.trial.play([self.usual, *policies], purpose, self.sizes.search)
            aims = found.aims()
            if number % 2:
                aims[:, 0] = found.worst(usual_id)
            limits = [self.limits.excess(self.space.price, p) for p in policies]
            return aims[1:], np.array(limits)

        task = Task(self.space.tops, self._start(), len(AIMS), 2, evaluate)
        seed = derived_seed(self.seed, "design", "genes", number)
        found = evolve(task, seed, self.sizes.generations, self.kept, f"search-{number}-")
        front = found.front()
        return [tuple(int(x) for x in front.points[i]) for i in self._worth(front.aims)]

    def _worth(self, aims: F8) -> list[int]:
        """Rows of a front that are looked at again.

        With five aims hardly a row beats another. Those are kept that are first by some way of
        weighing the aims, and those with the lowest risk among the cheapest, by tenths.
        """
        cost = aims[:, list(AIMS).index(COST)]
        tiers = np.quantile(cost, np.linspace(0.1, 1.0, 10))
        lowest = [int(np.where(cost <= t, aims[:, 0], np.inf).argmin()) for t in tiers]
        return sorted({*spread(aims).tolist(), *lowest})

    def _start(self) -> I8:
        """The status quo, and the policies of the case that the ladders can say and that fit."""
        asked = [self.space.now, *(self.space.point_of(p) for p in self.rivals)]
        fit = [p for p in asked if p is not None and self.fits(p)]
        return np.array(list(dict.fromkeys(fit)) or [self.space.now], np.int64)

    # --- choice -------------------------------------------------------------------------------

    def choose(self, points: Sequence[Point]) -> tuple[Chosen, ...]:
        """A few portfolios of all fronts, each with the reasons for it, pruned and named."""
        looked = list(dict.fromkeys([self.space.now, *points]))
        first = self._reasons(self._played(looked, "choice"), looked)
        pruned = [self._pruned(p, i) for i, p in enumerate(first)]
        kept = list(dict.fromkeys([self.space.now, *pruned]))
        reasons = self._reasons(self._played(kept, "second choice"), kept)
        return tuple(
            Chosen(self.id_of(i), point, tuple(why))
            for i, (point, why) in enumerate(reasons.items(), 1)
        )

    def _played(self, points: Sequence[Point], purpose: str) -> Outcomes:
        policies = [self.made(p, self.id_of(i)) for i, p in enumerate(points)]
        return self.outcomes([*policies, *self.rivals], purpose, self.sizes.choice)

    def _reasons(self, found: Outcomes, points: Sequence[Point]) -> dict[Point, list[str]]:
        """Which points are first by which measure; the first point is the status quo."""
        n = len(points)
        aims, worst = found.aims()[:n], found.worst(self.id_of(0))[:n]
        front = undominated(aims)
        safe = [i for i in front if not self._is_riskier(found, self.id_of(i))]
        reasons: dict[Point, list[str]] = {points[0]: ["status quo"]}

        def take(why: str, place: int) -> None:
            reasons.setdefault(points[place], []).append(why)

        if safe:
            take("knee", safe[knee(aims[safe])])
        take("lowest risk", int(np.argmin(aims[:, 0])))
        take("lowest risk in the worst world", int(np.argmin(worst)))
        take("least regret", int(np.argmin(found.regret()[:n])))
        take("most openings used", int(np.argmin(aims[:, list(AIMS).index(CAPTURE)])))
        cost = aims[:, list(AIMS).index(COST)]
        for rival in self.rivals:
            affordable = np.flatnonzero(cost <= found.mean(COST, rival.id))
            if len(affordable):
                take(f"at the cost of {rival.id}", int(affordable[aims[affordable, 0].argmin()]))
        return reasons

    def _is_riskier(self, found: Outcomes, policy: str) -> bool:
        gap = found.difference(RISK, policy, self.id_of(0))
        return gap.mean > 0.0 and gap.is_measurable

    # --- pruning ------------------------------------------------------------------------------

    def _pruned(self, point: Point, number: int) -> Point:
        """The portfolio without purchases that were not measured to help.

        First all purchases together are held against the same levers with contact as it is; then
        each purchase alone is taken off where the rest does no worse without it.
        """
        bought = self.space.bought(point)
        if not bought:
            return point
        points = [point, self.space.without(point, bought)]
        points += [self.space.without(point, (b,)) for b in bought]
        policies = [self.made(p, self.id_of(i)) for i, p in enumerate(points)]
        found = self.outcomes(policies, f"pruning {number}", self.sizes.choice)
        if not self._helps(found, self.id_of(1), BOUGHT_CLEAR):
            return points[1]
        idle = tuple(
            b for i, b in enumerate(bought, 2) if not self._helps(found, self.id_of(i), 0.0)
        )
        return self.space.without(point, idle)

    def _helps(self, found: Outcomes, without: str, clear: float) -> bool:
        """Whether D0 has less risk or uses more openings than the portfolio `without`."""
        risk = found.difference(RISK, self.id_of(0), without)
        used = found.difference(CAPTURE, self.id_of(0), without)
        return risk.mean < -clear * risk.mcse or used.mean > clear * used.mcse
