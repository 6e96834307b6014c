"""From a case and limits to a few portfolios: search, choose, prune, and test on fresh futures.

Search, choice and test have luck of their own, so that what is reported was not chosen for having
been lucky. Nothing is bought that was not measured to help, in risk or in openings used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.common_luck import derived_seed
from openchannel.analysis.measured import Measured
from openchannel.analysis.portfolio.evolve import Task, evolve
from openchannel.analysis.portfolio.front import knee, spread, undominated
from openchannel.analysis.portfolio.limits import Limits, Step, calendar
from openchannel.analysis.portfolio.space import Point, Space
from openchannel.analysis.portfolio.trial import (
    AIMS,
    CAPTURE,
    COST,
    RISK,
    Keep,
    Outcomes,
    Trial,
    keep,
)
from openchannel.domain import Case, Condition, Policy, Rules, Trigger

__all__ = ["BOUGHT_CLEAR", "Chosen", "Designer", "Margin", "Sizes", "Tested"]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]

#: Standard errors that all purchases together must reach: many portfolios are asked at once.
BOUGHT_CLEAR = 3.0


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


@dataclass(frozen=True, slots=True)
class Margin:
    """What one more rung of a channel would bring.

    rung : contacts a year it would then have; None at the top of the ladder
    risk, capture, cost : the portfolio with it, less the portfolio
    """

    channel: str
    rung: float | None
    yearly_usd: float
    fits: bool
    risk: Measured
    capture: Measured
    cost: Measured


@dataclass(frozen=True, slots=True)
class Tested:
    """Portfolios and policies of the case on fresh futures."""

    chosen: tuple[Chosen, ...]
    policies: tuple[Policy, ...]
    outcomes: Outcomes


class Designer:
    """Makes a design step by step; each step is kept under a name, and is not made twice."""

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
        self._trial = Trial(case, seed, threads=threads)
        self._keep = kept

    def _id(self, number: int) -> str:
        return f"{self._letter}{number}"

    # --- search -------------------------------------------------------------------------------

    def search(self, number: int) -> list[Point]:
        """The front of one search: even ones seek risk on average, odd ones in the worst world."""
        purpose = f"search {number}"
        usual_id = self.usual.id

        def evaluate(points: I8) -> tuple[F8, F8]:
            policies = [self._made(tuple(p), f"candidate {i}") for i, p in enumerate(points)]
            found = self._trial.play([self.usual, *policies], purpose, self.sizes.search)
            aims = found.aims()
            if number % 2:
                aims[:, 0] = found.worst(usual_id)
            limits = [self.limits.excess(self.space.price, p) for p in policies]
            return aims[1:], np.array(limits)

        task = Task(self.space.tops, self._start(), len(AIMS), 2, evaluate)
        seed = derived_seed(self.seed, "design", "genes", number)
        found = evolve(task, seed, self.sizes.generations, self._keep, f"search-{number}-")
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
        fit = [p for p in asked if p is not None and self._fits(p)]
        return np.array(list(dict.fromkeys(fit)) or [self.space.now], np.int64)

    def _fits(self, point: Point) -> bool:
        return self.limits.allow(self.space.price, self._made(point, "asked"))

    def _made(self, point: Point, policy_id: str) -> Policy:
        return self.space.policy(point, policy_id)

    # --- choice -------------------------------------------------------------------------------

    def choose(self, points: Sequence[Point]) -> tuple[Chosen, ...]:
        """A few portfolios of all fronts, each with the reasons for it, pruned and named."""
        looked = list(dict.fromkeys([self.space.now, *points]))
        first = self._reasons(self._played(looked, "choice"), looked)
        pruned = [self._pruned(p, i) for i, p in enumerate(first)]
        kept = list(dict.fromkeys([self.space.now, *pruned]))
        reasons = self._reasons(self._played(kept, "second choice"), kept)
        return tuple(
            Chosen(self._id(i), point, tuple(why))
            for i, (point, why) in enumerate(reasons.items(), 1)
        )

    def _played(self, points: Sequence[Point], purpose: str) -> Outcomes:
        policies = [self._made(p, self._id(i)) for i, p in enumerate(points)]
        return self._outcomes([*policies, *self.rivals], purpose, self.sizes.choice)

    def _outcomes(self, policies: Sequence[Policy], purpose: str, futures: int) -> Outcomes:
        def play() -> dict[str, F8]:
            return {"sums": self._trial.play(policies, purpose, futures).sums}

        sums = np.asarray(self._keep(purpose.replace(" ", "-"), play)["sums"], np.float64)
        return Outcomes(tuple(p.id for p in policies), sums, self._trial.weights)

    def _yearly(self, point: Point) -> float:
        return self.space.price.yearly_usd(self._made(point, "asked"))

    def _reasons(self, found: Outcomes, points: Sequence[Point]) -> dict[Point, list[str]]:
        """Which points are first by which measure; the first point is the status quo."""
        n = len(points)
        aims, worst = found.aims()[:n], found.worst(self._id(0))[:n]
        front = undominated(aims)
        safe = [i for i in front if not self._is_riskier(found, self._id(i))]
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
        gap = found.difference(RISK, policy, self._id(0))
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
        policies = [self._made(p, self._id(i)) for i, p in enumerate(points)]
        found = self._outcomes(policies, f"pruning {number}", self.sizes.choice)
        if not self._helps(found, self._id(1), BOUGHT_CLEAR):
            return points[1]
        idle = tuple(b for i, b in enumerate(bought, 2) if not self._helps(found, self._id(i), 0.0))
        return self.space.without(point, idle)

    def _helps(self, found: Outcomes, without: str, clear: float) -> bool:
        """Whether D0 has less risk or uses more openings than the portfolio `without`."""
        risk = found.difference(RISK, self._id(0), without)
        used = found.difference(CAPTURE, self._id(0), without)
        return risk.mean < -clear * risk.mcse or used.mean > clear * used.mcse

    # --- test ---------------------------------------------------------------------------------

    def test(self, chosen: Sequence[Chosen]) -> Tested:
        """The chosen portfolios and the policies of the case on futures that chose nothing."""
        made = [self._made(c.point, c.id) for c in chosen]
        policies = (*made, *self.rivals)
        found = self._outcomes(policies, "test", self.sizes.test)
        return Tested(tuple(chosen), policies, found)

    def parts(self, chosen: Chosen) -> tuple[Measured, Measured]:
        """Risk of the levers alone and of the contacts alone, less the status quo's.

        Levers carry no price in the model, so a reader must see what they do by themselves.
        """
        channels = set(self.space.channels)
        levers = self.space.without(chosen.point, self.space.channels)
        contacts = self.space.without(
            chosen.point, tuple(i for i in range(len(chosen.point)) if i not in channels)
        )
        points = (self.space.now, levers, contacts)
        policies = [self._made(p, self._id(i)) for i, p in enumerate(points)]
        found = self._outcomes(policies, f"parts {chosen.id}", self.sizes.test)
        one, other = (found.difference(RISK, self._id(i), self._id(0)) for i in (1, 2))
        return one, other

    def delay(self, chosen: Chosen) -> dict[str, Measured] | None:
        """What the roll-out costs against having all from the first week; None without delay.

        Channels of the first year are met from the start, all others from the last year of the
        calendar on: the policy becomes the whole portfolio by a trigger.
        """
        steps = self.calendar(chosen)
        if not steps or steps[-1].year == 1:
            return None
        first = set(steps[0].channels) if steps[0].year == 1 else set()
        later = tuple(
            i for i in self.space.bought(chosen.point) if self.space.choices[i].name not in first
        )
        whole, begun = self._id(0), self._id(1)
        due = Condition("week", ">=", 52.0 * (steps[-1].year - 1))
        rules = Rules(target=whole, triggers=(Trigger((due,), "become"),))
        start = replace(self._made(self.space.without(chosen.point, later), begun), rules=rules)
        policies = [self._made(chosen.point, whole), start]
        found = self._outcomes(policies, f"delay {chosen.id}", self.sizes.test)
        return {m: found.difference(m, begun, whole) for m in (RISK, CAPTURE, COST)}

    def order(self, point: Point) -> tuple[int, ...]:
        """Channels of a portfolio as they are built: those that need fewest people first."""
        space, bought = self.space, self.space.bought(point)

        def needs(place: int) -> tuple[float, str]:
            alone = space.without(point, tuple(b for b in bought if b != place))
            people = space.price.people(self._made(alone, "alone"))
            return round(people, 6), space.choices[place].name

        return tuple(sorted(bought, key=needs))

    def calendar(self, chosen: Chosen) -> list[Step]:
        """Years in which the channels of a portfolio begin."""
        return calendar(self.space, chosen.point, self.order(chosen.point), self.limits)

    def margins(self, chosen: Chosen) -> list[Margin]:
        """What the next dollar on each channel would bring to one portfolio, on fresh futures."""
        point, space = chosen.point, self.space
        raised = {
            i: space.moved(point, {i: point[i] + 1})
            for i in space.channels
            if point[i] < space.tops[i]
        }
        policies = [self._made(p, self._id(i + 1)) for i, p in {-1: point, **raised}.items()]
        found = self._outcomes(policies, f"margins {chosen.id}", self.sizes.test)
        return [self._margin(found, i, raised.get(i)) for i in space.channels]

    def _margin(self, found: Outcomes, place: int, raised: Point | None) -> Margin:
        choice = self.space.choices[place]
        none = Measured(float("nan"), float("nan"))
        if raised is None:
            return Margin(choice.name, None, float("nan"), False, none, none, none)
        risk, used, cost = (
            found.difference(m, self._id(place + 1), self._id(0)) for m in (RISK, CAPTURE, COST)
        )
        rung = float(choice.rungs[raised[place]] or 0.0)
        return Margin(choice.name, rung, self._yearly(raised), self._fits(raised), risk, used, cost)
