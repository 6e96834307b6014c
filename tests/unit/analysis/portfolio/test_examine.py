"""Steps of a design that can be checked by themselves."""

from __future__ import annotations

import pytest

from openchannel.analysis.portfolio.examine import margins, parts
from openchannel.analysis.portfolio.limits import Limits
from openchannel.analysis.portfolio.workshop import Chosen, Sizes, Workshop
from openchannel.casefile import load_case


@pytest.fixture(scope="module")
def full() -> tuple[Workshop, Chosen]:
    """Full engagement as a portfolio, thirty people a year."""
    made = Workshop(load_case("korea"), Limits(1e9), Sizes(test=512), 3)
    point = made.space.point_of(made.case.policy("P7"))
    assert point is not None
    return made, Chosen("D1", point, ())


def test_levers_and_contacts_are_told_apart(full: tuple[Workshop, Chosen]) -> None:
    """Neither part of full engagement is more than a few times the whole; both are measured."""
    made, chosen = full
    levers, contacts = parts(made, chosen)
    assert levers.mcse > 0
    assert contacts.mcse > 0
    assert levers.mean != contacts.mean


def test_one_more_step_on_every_channel_that_has_one(full: tuple[Workshop, Chosen]) -> None:
    """Full engagement is at the top of most ladders; the others cost more with a step more."""
    made, chosen = full
    raised = {m.channel: m for m in margins(made, chosen)}
    assert raised["DEF"].rung is None
    assert raised["SUM"].rung == 0.2
    assert raised["SUM"].cost.mean > 2 * raised["SUM"].cost.mcse
    assert raised["HUM"].yearly_usd > made.space.price.yearly_usd(made.case.policy("P7"))
