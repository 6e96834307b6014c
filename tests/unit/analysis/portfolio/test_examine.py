"""Steps of a design that can be checked by themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openchannel.analysis.portfolio.examine import margins, parts
from openchannel.analysis.portfolio.limits import Limits
from openchannel.analysis.portfolio.trial import RISK
from openchannel.analysis.portfolio.workshop import Chosen, Sizes, Workshop
from openchannel.casefile import load_case
from openchannel.domain import Policy


@pytest.fixture(scope="module")
def full() -> tuple[Workshop, Chosen]:
    """Full engagement as a portfolio, thirty people a year."""
    made = Workshop(load_case("korea"), Limits(1e9), Sizes(test=512), 3)
    point = made.space.point_of(made.case.policy("P7"))
    assert point is not None
    return made, Chosen("D1", point, ())


def test_levers_and_contacts_are_told_apart(full: tuple[Workshop, Chosen]) -> None:
    """Each part is what a policy written by hand gives on the same luck, to the bit.

    The levers of full engagement with the status quo's contacts, and the other way round, each
    with the standing cost of the contacts that it asks for.
    """
    made, chosen = full
    usual, asked = made.usual, made.case.policy("P7")

    def by_hand(name: str, meets: Policy, sets: Policy) -> Policy:
        cost = made.space.price.standing(meets.cadence)
        levers = replace(sets.levers, fixed_musd_per_year=cost)
        return replace(usual, id=name, cadence=meets.cadence, levers=levers)

    written = [
        by_hand("now", usual, usual),
        by_hand("levers", usual, asked),
        by_hand("contacts", asked, usual),
    ]
    found = made.trial.play(written, "parts D1", made.sizes.test)
    levers, contacts = parts(made, chosen)
    assert levers == found.difference(RISK, "levers", "now")
    assert contacts == found.difference(RISK, "contacts", "now")
    assert 0.0 not in (levers.mean, contacts.mean)


def test_one_more_step_on_every_channel_that_has_one(full: tuple[Workshop, Chosen]) -> None:
    """Full engagement is at the top of most ladders; the others cost more with a step more."""
    made, chosen = full
    raised = {m.channel: m for m in margins(made, chosen)}
    assert raised["DEF"].rung is None
    assert raised["SUM"].rung == 0.2
    assert raised["SUM"].cost.mean > 2 * raised["SUM"].cost.mcse
    assert raised["HUM"].yearly_usd > made.space.price.yearly_usd(made.case.policy("P7"))
