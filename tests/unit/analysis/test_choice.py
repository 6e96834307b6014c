"""Policies by criteria, and value sets, on made-up runs whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from openchannel.analysis.choice import choose, concordance
from openchannel.analysis.draws import Draws
from openchannel.analysis.stakeholders import agreement, judge_by_values, standardised
from openchannel.domain import ValueSet


def made_up(gain: tuple[float, float], *, luck: float = 0.1, n: int = 512, seed: int = 0) -> Draws:
    """Two worlds in which policy A gains `gain[world]` of the baseline's loss, and B half of it;
    B costs nothing, A costs $500M. Luck is a share of the loss."""
    rng = np.random.default_rng(seed)
    beliefs = np.tile(rng.normal(size=(1, n, 3)), (2, 1, 1))
    level = 1000.0 * np.exp(0.5 * beliefs[..., 0])
    share = np.stack([np.zeros(2), gain, np.array(gain) / 2], axis=-1)[:, None, :]
    noise = luck * rng.normal(size=(2, n, 3))
    noise[..., 0] = 0.0
    loss = level[..., None] * (1.0 - share + noise)
    shape = loss.shape
    return Draws(
        ("P0", "A", "B"),
        ("W1", "W2"),
        "P0",
        np.array([0.5, 0.5]),
        ("x", "y", "z"),
        beliefs,
        {
            "composite_loss": loss,
            "p_war": np.full(shape, 0.05),
            "p_nuclear_use": np.full(shape, 0.01),
            "programme_cost_usd": np.broadcast_to(np.array([0.0, 5e8, 0.0]), shape),
            "fatalities": loss,
        },
    )


def test_the_better_policy_is_first_by_every_criterion_of_loss() -> None:
    """A gains twice what B gains in both worlds; only the ceiling on cost speaks against it."""
    found = choose(made_up((0.2, 0.2)), seed=1)
    for scores in found.views[""]:
        wanted = "B" if scores.criterion.id == "satisficing" else "A"
        if scores.criterion.id != "satisficing":
            assert found.policies[int(np.argmin(scores.rank))] == wanted
        else:
            assert scores.value.tolist() == [1.0, 0.0, 1.0]
    expected = found.views[""][0]
    assert expected.first[1] == 1.0
    assert abs(expected.versus[1] / expected.value[0] + 0.2) < 4 * expected.error[1] / 1000


def test_worlds_are_told_apart() -> None:
    """A gains in one world and loses in the other: first in one view, last in the other."""
    found = choose(made_up((0.2, -0.2)), seed=1)
    assert found.views["W1"][0].rank[1] == 1
    assert found.views["W2"][0].rank[1] == 3


def test_errors_of_the_mean_are_those_of_repeated_runs() -> None:
    """The resampled error of A's expected gain lies within 40 % of its spread over 20 runs."""
    found = [choose(made_up((0.1, 0.1), n=128, seed=s), seed=1).views[""][0] for s in range(20)]
    spread = np.std([f.versus[1] for f in found], ddof=1)
    assert np.mean([f.error[1] for f in found]) == pytest.approx(spread, rel=0.4)


def test_the_best_of_equals_gains_nothing_where_it_was_not_chosen() -> None:
    """No policy differs: over 20 made-up runs the value of what one half chose, read on the other
    half, is nought within three standard errors."""
    found = [choose(made_up((0.0, 0.0), n=128, seed=s), seed=1).views[""][0] for s in range(20)]
    values = np.array([f.held_out.versus for f in found])
    assert abs(values.mean()) < 3 * values.std(ddof=1) / np.sqrt(len(values))


def test_concordance_of_judges_who_agree_and_of_judges_who_do_not() -> None:
    """One, and nought."""
    assert concordance(np.array([[1, 2, 3]] * 4)) == 1.0
    assert concordance(np.array([[1, 2, 3], [3, 2, 1]])) == 0.0


DEATHS = ValueSet("deaths", "Deaths", "Counts deaths.", "C", {"fatalities": 1.0})
MONEY = ValueSet("money", "Money", "Counts money.", "C", {"programme_cost_usd": 1.0})


def test_values_turn_outcomes_into_scores() -> None:
    """Deaths: A gains the whole way, B half of it. Money: A pays the whole way, B nothing."""
    judged = judge_by_values(made_up((0.2, 0.2), luck=0.01), (DEATHS, MONEY), seed=1)[""]
    assert judged[0].score == pytest.approx([0.0, 1.0, 0.5], abs=0.02)
    assert judged[1].score.tolist() == [0.0, -1.0, 0.0]
    assert judged[0].first.tolist() == [0.0, 1.0, 0.0]
    assert judged[0].held_out == ("A", "A")
    above, below, split = agreement(judged)
    assert (above, below, split) == ([], [], [1])


def test_an_undefined_outcome_counts_for_nothing() -> None:
    """Draws without a value are left out; an outcome without any is nought for all."""
    draws = made_up((0.2, 0.2), luck=0.0)
    draws.metrics["fatalities"][:, 0] = np.nan
    judged = judge_by_values(draws, (DEATHS,), seed=1)[""][0]
    assert judged.score == pytest.approx([0.0, 1.0, 0.5])
    assert standardised(np.full((2, 3), np.nan), "fatalities", 0).tolist() == [[0.0] * 3] * 2


def test_more_is_better_where_the_outcome_says_so() -> None:
    """Reliability up is a plus, war up is a minus."""
    means = np.array([[0.2, 0.4, 0.1]])
    assert standardised(means, "reliability_24h", 0)[0, 1] > 0
    assert standardised(means, "p_war", 0)[0, 1] < 0
