"""Backward induction and the value of information on the toys of the specification (E2.12, E2.13)."""

import pytest

from openchannel.analysis.decision import Chance, Choice, Payoff, best_branch, evpi, value

SHOCK, VALUE = 0.2, 100.0
FULL, BARE, PILOT = 0.6, 0.1, 0.25


def period(capture: float) -> float:
    """Expected gain of one period with the given capture rate."""
    return SHOCK * capture * VALUE


def build_now(cost: float) -> float:
    """Full ties from the start: useful with probability one half."""
    both = Chance([(0.5, Payoff(2 * period(FULL))), (0.5, Payoff(2 * period(BARE)))])
    return value(both) - cost


def pilot(cost: float) -> Choice:
    """A pilot costing 1: its capture in period 1 tells whether ties are useful."""
    useful = Choice(
        {"build": (cost, Payoff(period(FULL))), "stop": (0.0, Payoff(period(BARE)))},
        gain=period(PILOT),
    )
    useless = Choice(
        {"build": (cost, Payoff(period(BARE))), "stop": (0.0, Payoff(period(BARE)))},
        gain=period(BARE),
    )
    return Choice({"pilot": (1.0, Chance([(0.5, useful), (0.5, useless)]))})


@pytest.mark.parametrize(("cost", "now", "piloted"), [(4, 10.0, 7.5), (12, 2.0, 4.5)])
def test_the_option_to_stop_flips_the_ranking(cost: float, now: float, piloted: float):
    assert build_now(cost) == pytest.approx(now)
    assert value(pilot(cost)) == pytest.approx(piloted)
    assert 2 * period(BARE) == pytest.approx(4.0)


def test_the_best_branch_is_named():
    choice = Choice({"a": (1.0, Payoff(3.0)), "b": (0.0, Payoff(2.5)), "c": (5.0, Payoff(6.0))})
    assert best_branch(choice) == "b"


def test_perfect_information_is_worth_three_in_the_toy():
    assert evpi([[10, 0], [-6, 0]]) == pytest.approx(3.0)


def test_information_that_cannot_change_the_choice_is_worth_nothing():
    assert evpi([[10, 0], [6, 0]]) == 0.0
    assert evpi([[10, 0], [-6, 0]], [1.0, 0.0]) == 0.0


def test_probabilities_that_do_not_sum_to_one_are_refused():
    with pytest.raises(ValueError, match="sum to 0.9"):
        value(Chance([(0.5, Payoff(1.0)), (0.4, Payoff(0.0))]))
    with pytest.raises(ValueError, match="at least one option"):
        value(Choice({}))
