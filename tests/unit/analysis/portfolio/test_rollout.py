"""The order in which a portfolio is built: what fits, what is tried, what is kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from openchannel.analysis.portfolio import rollout
from openchannel.analysis.portfolio.limits import Limits
from openchannel.analysis.portfolio.rollout import RollOut, rolled_out
from openchannel.analysis.portfolio.trial import _METRICS, CAPTURE, COST, RISK, Outcomes
from openchannel.analysis.portfolio.workshop import Chosen, Sizes, Workshop
from openchannel.casefile import load_case

Places = tuple[int, ...]


@pytest.fixture(scope="module")
def full() -> tuple[Workshop, Chosen]:
    """Full engagement as a portfolio, thirty people a year."""
    made = Workshop(load_case("korea"), Limits(1e9), Sizes(choice=64, test=2048), 3)
    point = made.space.point_of(made.case.policy("P7"))
    assert point is not None
    return made, Chosen("D1", point, ())


@pytest.fixture(scope="module")
def found(full: tuple[Workshop, Chosen]) -> RollOut:
    return rolled_out(*full)


def test_a_roll_out_costs_less_and_uses_fewer_openings(found: RollOut) -> None:
    """Three years for full engagement."""
    assert [s.year for s in found.steps] == [1, 2, 3]
    assert found.delay is not None
    assert found.delay[COST].mean < -2 * found.delay[COST].mcse
    assert found.delay[CAPTURE].mean < -2 * found.delay[CAPTURE].mcse


def test_every_channel_begins_once_and_people_suffice(
    full: tuple[Workshop, Chosen], found: RollOut
) -> None:
    """In whatever order: no year asks for more people than were found by then."""
    made, chosen = full
    begun = [c for s in found.steps for c in s.channels]
    assert sorted(begun) == sorted(
        made.space.choices[b].name for b in made.space.bought(chosen.point)
    )
    now = made.space.price.people(made.usual)
    for step in found.steps:
        assert step.people - now <= step.year * made.limits.people_a_year + 1e-6


def test_people_enough_for_all_leave_nothing_to_order(full: tuple[Workshop, Chosen]) -> None:
    """A hundred people in the first year: nothing is tried, nothing is delayed."""
    made, chosen = full
    quick = Workshop(made.case, Limits(1e9, people_a_year=100.0), Sizes(test=64), 3)
    found = rolled_out(quick, chosen)
    assert [s.year for s in found.steps] == [1]
    assert (found.tried, found.differs, found.delay, found.gain) == (0, None, None, None)


def _outcomes(made: Workshop, n: int, safer: int | None) -> Outcomes:
    """The whole and `n` sets on 8 draws, alike but for one that is safer by a tenth."""
    sums = np.ones((8, len(made.case.worlds), n + 1, len(_METRICS), 2))
    sums *= np.linspace(1.0, 1.1, 8)[:, None, None, None, None]
    sums[..., 1] = 1.0
    if safer is not None:
        sums[:, :, safer + 1, _METRICS.index(RISK), 0] *= 0.9
    return Outcomes(tuple(made.id_of(i) for i in range(n + 1)), sums, made.trial.weights)


def _with(
    monkeypatch: pytest.MonkeyPatch, full: tuple[Workshop, Chosen], safer_in: str
) -> tuple[RollOut, list[Sequence[Places]]]:
    """A roll-out in which the last set is safer in plays whose purpose begins so."""
    made, chosen = full
    asked: list[Sequence[Places]] = []

    def played(self: rollout._Builder, firsts: Sequence[Places], purpose: str, _: int) -> Outcomes:
        asked.append(firsts)
        safer = safer_in and purpose.startswith(safer_in)
        return _outcomes(made, len(firsts), len(firsts) - 1 if safer else None)

    monkeypatch.setattr(rollout._Builder, "_played", played)
    return rolled_out(made, chosen), asked


def test_where_no_set_is_safer_fewest_people_come_first(
    monkeypatch: pytest.MonkeyPatch, full: tuple[Workshop, Chosen]
) -> None:
    """All sets alike: the usual order stands, and there is no gain to tell."""
    found, asked = _with(monkeypatch, full, safer_in="")
    made, _chosen = full
    builder = rollout._Builder(*full)
    usual = [made.space.choices[b].name for b in builder.fewest_first(())]
    assert [c for s in found.steps for c in s.channels] == usual
    assert (found.differs, found.gain) == (None, None)
    assert found.delay is not None
    assert len(asked[-1]) == 1, "the test plays the first year and no rival"
    assert found.tried > 2


def test_the_safest_set_is_kept(
    monkeypatch: pytest.MonkeyPatch, full: tuple[Workshop, Chosen]
) -> None:
    """The last set of each year is made safer: it begins then, and the gain is told."""
    found, asked = _with(monkeypatch, full, safer_in="year")
    made, _chosen = full
    wanted = {made.space.choices[b].name for b in asked[0][-1]}
    assert set(found.steps[0].channels) == wanted
    assert found.differs == 1
    assert found.gain is not None


def test_an_order_that_differs_in_a_later_year_is_held_against_the_usual_one_there(
    monkeypatch: pytest.MonkeyPatch, full: tuple[Workshop, Chosen]
) -> None:
    """The first year alike, the second not: both are played as begun by the end of the second.

    The gain is that of the pair: the usual one, played last, is made safer by a tenth in the test.
    """
    safe = rollout._Builder._best

    def later(self: rollout._Builder, begun: Places, sets: Sequence[Places], year: int) -> Places:
        assert safe(self, begun, sets, year) in sets
        return sets[-1] if year == 2 else sets[0]

    monkeypatch.setattr(rollout._Builder, "_best", later)
    found, asked = _with(monkeypatch, full, safer_in="test")
    made, _chosen = full
    begun = {c for s in found.steps if s.year <= 2 for c in s.channels}
    first, kept, usual = asked[-1]
    assert {made.space.choices[b].name for b in first} == set(found.steps[0].channels)
    assert {made.space.choices[b].name for b in kept} == begun
    assert len(set(usual)) == len(usual)
    assert set(first) < set(usual) != set(kept)
    assert found.differs == 2
    assert found.gain is not None
    assert found.gain[RISK].mean > 2 * found.gain[RISK].mcse, "the usual order was the safer one"
    assert found.delay is not None
    assert found.delay[RISK].mean == 0.0
