"""Regret, tails and the other criteria against tables worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from openchannel.analysis.robust import (
    CRITERIA,
    Table,
    cvar,
    hurwicz,
    mean_variance,
    percentile,
    regret,
)

# Three beliefs by three policies, worked on paper:
#   regrets   A: 0, 30, 0    B: 20, 0, 40    C: 5, 10, 10
LOSS = np.array([[10.0, 30.0, 15.0], [60.0, 30.0, 40.0], [20.0, 60.0, 30.0]])
WEIGHT = np.array([0.5, 0.3, 0.2])


def table(loss=LOSS, weight=WEIGHT) -> Table:
    return Table(loss, weight, (loss < 35.0).astype(float), regret(loss))


def value(criterion: str, of: Table) -> list[float]:
    return next(c for c in CRITERIA if c.id == criterion).value(of).tolist()


def test_regret_is_the_loss_above_the_best_for_each_belief() -> None:
    """Row by row, as worked by hand."""
    expected = [[0.0, 20.0, 5.0], [30.0, 0.0, 10.0], [0.0, 40.0, 10.0]]
    assert regret(LOSS).tolist() == expected


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        ("expected", [27.0, 36.0, 25.5]),
        ("maximin", [60.0, 60.0, 40.0]),
        ("hurwicz", [35.0, 45.0, 27.5]),
        ("minimax_regret", [30.0, 40.0, 10.0]),
        ("p90_regret", [30.0, 40.0, 10.0]),
        # The worst tenth lies within the worst belief of each policy.
        ("cvar", [60.0, 60.0, 40.0]),
        # Losses below 35: A and C in the first and third belief, B in the first two.
        ("satisficing", [0.7, 0.8, 0.7]),
        # Variances 481, 144, 122.25, over twice the mean of the baseline, 27.
        ("mean_variance", [27.0 + 481 / 54, 36.0 + 144 / 54, 25.5 + 122.25 / 54]),
    ],
)
def test_criteria_of_a_table_worked_by_hand(criterion: str, expected: list[float]) -> None:
    """Each criterion gives the number that pencil and paper give."""
    assert value(criterion, table()) == pytest.approx(expected)


def test_the_policy_in_the_middle_has_the_least_largest_regret() -> None:
    """C is never the best and never far from it."""
    assert int(np.argmin(value("minimax_regret", table()))) == 2


def test_cvar_counts_the_belief_on_the_edge_in_part() -> None:
    """Worst 30 % of A: belief 2 whole (0.3); of B: belief 3 (0.2) and a third of the next."""
    found = cvar(LOSS, WEIGHT, 0.3)
    assert found.tolist() == pytest.approx([60.0, (0.2 * 60 + 0.1 * 30) / 0.3, 40.0])


def test_cvar_of_everything_is_the_mean() -> None:
    """A tail of all beliefs is no tail."""
    assert cvar(LOSS, WEIGHT, 1.0).tolist() == pytest.approx((WEIGHT @ LOSS).tolist())


def test_percentile_is_a_value_that_occurs() -> None:
    """The median of weights .5, .3, .2 is the first value; 0.51 of the weight needs the second."""
    values = np.array([[1.0], [2.0], [3.0]])
    assert percentile(values, WEIGHT, 0.5).tolist() == [1.0]
    assert percentile(values, WEIGHT, 0.51).tolist() == [2.0]
    assert percentile(values, WEIGHT, 1.0).tolist() == [3.0]


def test_a_belief_without_weight_changes_nothing() -> None:
    """Adding one with weight 0 leaves every criterion as it was."""
    more = np.vstack([LOSS, [1e6, -1e6, 0.0]])
    heavier = table(more, np.append(WEIGHT, 0.0))
    for criterion in CRITERIA:
        assert criterion.value(heavier) == pytest.approx(criterion.value(table()))


def test_regret_chosen_on_other_luck_has_no_reward_for_noise() -> None:
    """Policies that differ by noise alone: regret read on the luck it was chosen by is above
    nought, regret read on other luck is nought on average (within 4 standard errors)."""
    luck = np.random.default_rng(3).normal(size=(2, 20_000, 8))
    same, other = regret(luck[0]), regret(luck[0], luck[1])
    assert same.mean() > 1.0
    per_belief = other.mean(axis=1)
    assert abs(per_belief.mean()) < 4 * per_belief.std() / np.sqrt(len(per_belief))


def test_mean_variance_without_spread_is_the_mean() -> None:
    """Certain losses cost nothing more."""
    certain = np.tile([[5.0, 7.0]], (4, 1))
    assert mean_variance(certain, np.full(4, 0.25), 6.0).tolist() == [5.0, 7.0]


def test_hurwicz_runs_from_the_worst_to_the_best() -> None:
    """Optimism 0 is the worst belief, optimism 1 the best."""
    assert hurwicz(LOSS, WEIGHT, 0.0).tolist() == LOSS.max(axis=0).tolist()
    assert hurwicz(LOSS, WEIGHT, 1.0).tolist() == LOSS.min(axis=0).tolist()
