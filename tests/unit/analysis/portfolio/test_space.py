"""Ladders, prices and the calendar of the built-in case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openchannel.analysis.portfolio.limits import Limits, calendar
from openchannel.analysis.portfolio.space import Space
from openchannel.casefile import load_case


@pytest.fixture(scope="module")
def space() -> Space:
    return Space.of(load_case("korea"))


def test_a_policy_of_the_case_is_a_point_and_comes_back_the_same(space: Space) -> None:
    """Full engagement: cadences and levers; its standing cost is what the case says."""
    full = space.case.policy("P7")
    point = space.point_of(full)
    assert point is not None
    made = space.policy(point, "again")
    assert dict(made.cadence) == dict(full.cadence)
    assert made.levers.offer == full.levers.offer
    assert made.levers.fixed_musd_per_year == pytest.approx(28.0)


def test_what_the_ladders_cannot_say_is_no_point(space: Space) -> None:
    """Spending on information is not a lever of a portfolio; a rule that reacts is none either."""
    assert space.point_of(space.case.policy("P8")) is None
    assert space.point_of(space.case.policy("P16")) is None


def test_the_length_of_a_suspension_is_a_ladder_where_policies_differ_in_it(space: Space) -> None:
    """Only what policies that suspend argue for is a rung; one that never suspends has no length.

    In the built-in case all who suspend do so for 26 weeks, so there is nothing to choose.
    """
    assert "suspend_weeks" not in [c.name for c in space.choices]
    case, talks, full = space.case, space.case.policy("P3"), space.case.policy("P7")
    assert talks.levers.suspend_at_severity is not None
    shorter = replace(talks, levers=replace(talks.levers, suspend_weeks=13.0))
    idle = replace(full, levers=replace(full.levers, suspend_weeks=52.0))
    changed = {shorter.id: shorter, idle.id: idle}
    wide = Space.of(replace(case, policies=tuple(changed.get(p.id, p) for p in case.policies)))
    (weeks,) = [c for c in wide.choices if c.name == "suspend_weeks"]
    assert weeks.rungs == (13.0, 26.0)
    at = wide.point_of(shorter)
    assert at is not None
    assert wide.policy(at, "again").levers.suspend_weeks == 13.0
    at = wide.point_of(idle)
    assert at is not None
    place = wide.choices.index(weeks)
    for rung in range(2):
        made = wide.policy(wide.moved(at, {place: rung}), "again")
        assert made.levers.suspend_weeks == case.policy(case.status_quo).levers.suspend_weeks


def test_no_policy_of_the_case_is_priced_below_what_the_case_says(space: Space) -> None:
    """The rule lies on or above every standing cost, and never far above."""
    for policy in space.case.policies:
        above = space.price.standing(policy.cadence) - policy.levers.fixed_musd_per_year
        assert -0.001 <= above <= space.price.most_above_musd + 0.001
    assert space.price.most_above_musd < 1.5


def test_more_contact_never_costs_less(space: Space) -> None:
    """No price is negative."""
    assert space.price.base >= 0
    assert min(space.price.standing_of.values()) >= 0
    assert min(space.price.contact.values()) >= 0


def test_a_purchase_is_a_channel_met_more_often_than_now(space: Space) -> None:
    """The status quo buys nothing; full engagement buys ten channels, less contact is none."""
    assert space.bought(space.now) == ()
    full = space.point_of(space.case.policy("P7"))
    assert full is not None
    names = [space.choices[i].name for i in space.bought(full)]
    assert names == ["SUM", "SEN", "NYC", "DEF", "GOT", "UNC", "JRO", "INT", "T15"]
    assert space.without(full, space.bought(full))[: len(names)] == space.now[: len(names)]


def test_the_calendar_adds_no_more_people_a_year_than_allowed(space: Space) -> None:
    """Full engagement, 71 people more than now, at 30 a year: three years; at 100 a year, one."""
    full = space.point_of(space.case.policy("P7"))
    assert full is not None
    order = space.bought(full)
    now = space.price.people(space.case.policy("P0"))
    slow = calendar(space, full, order, Limits(1e9, people_a_year=30.0))
    assert [s.year for s in slow] == [1, 2, 3]
    for step in slow:
        assert step.people <= now + 30.0 * step.year + 1e-6
    assert [c for s in slow for c in s.channels] == [space.choices[i].name for i in order]
    assert [s.year for s in calendar(space, full, order, Limits(1e9, people_a_year=100.0))] == [1]
