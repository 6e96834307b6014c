"""What a portfolio may cost: money a year, people in all, and people added in one year."""

from __future__ import annotations

import math
from dataclasses import dataclass

from openchannel.analysis.portfolio.price import PriceRule
from openchannel.analysis.portfolio.space import Point, Space
from openchannel.domain import Policy

__all__ = ["Limits", "Step", "calendar"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that hold before any future is played.

    budget_usd : most that a year may cost if every contact asked for takes place
    people : most people in all; infinity for no limit
    people_a_year : most people that can be added in one year
    """

    budget_usd: float
    people: float = math.inf
    people_a_year: float = 30.0

    def excess(self, price: PriceRule, policy: Policy) -> tuple[float, float]:
        """Shares by which a portfolio exceeds budget and people; nought or less where it fits."""
        people = price.people(policy) / self.people - 1.0 if math.isfinite(self.people) else -1.0
        return price.yearly_usd(policy) / self.budget_usd - 1.0, people

    def allow(self, price: PriceRule, policy: Policy) -> bool:
        """Whether a portfolio fits."""
        return max(self.excess(price, policy)) <= 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """One year of the roll-out: what begins, and what then runs.

    year : from 1
    channels : ids that are first met at their new cadence
    people, yearly_usd : of all that runs from then on
    """

    year: int
    channels: tuple[str, ...]
    people: float
    yearly_usd: float


def calendar(space: Space, point: Point, order: tuple[int, ...], limits: Limits) -> list[Step]:
    """Years in which the channels of a portfolio begin, in an order, as people can be added.

    A channel waits until all before it have begun and its people have been found.
    """
    price, usual = space.price, space.case.policy(space.case.status_quo)
    now = price.people(usual)
    steps: list[Step] = []
    running = space.without(point, order)
    year = 1
    begun: list[str] = []
    for place in order:
        running = space.moved(running, {place: point[place]})
        policy = space.policy(running, "running")
        people = price.people(policy)
        needed = max(year, math.ceil((people - now) / limits.people_a_year - 1e-9))
        if needed > year:
            year, begun = needed, []
        begun.append(space.choices[place].name)
        step = Step(year, tuple(begun), people, price.yearly_usd(policy))
        steps = [s for s in steps if s.year != year] + [step]
    return steps
