"""Scores against closed forms and toys whose scores are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from openchannel.calibration import scores

HALF = np.full(10, 0.5)
CAME = np.array([1.0, 0, 0, 1, 1, 0, 1, 0, 0, 1])


def test_a_toy_that_always_says_a_half_scores_as_on_paper() -> None:
    """Brier 1/4 and log score ln 2 whatever comes, and no skill against itself."""
    assert np.allclose(scores.brier(HALF, CAME), 0.25)
    assert np.allclose(scores.log_score(HALF, CAME), np.log(2))
    same = scores.brier(HALF, CAME)
    found = scores.skill(same, same, block=2, seed=1)
    assert (found.value, found.error) == (0.0, 0.0)
    assert not found.is_measurable
    (only,) = scores.reliability(HALF, CAME)
    assert (only.said, only.came, only.n) == (0.5, 0.5, 10)
    assert only.low < 0.5 < only.high


@pytest.mark.parametrize("said", [0.1, 0.3, 0.8])
def test_log_score_and_brier_of_a_chance_are_their_closed_forms(said: float) -> None:
    """Over events that come three times in ten: cross-entropy, and (p - 3/10)^2 + 3/10 * 7/10."""
    came = np.array([1.0, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    chances = np.full(10, said)
    exact = -0.3 * np.log(said) - 0.7 * np.log(1 - said)
    assert scores.log_score(chances, came).mean() == pytest.approx(exact)
    assert scores.brier(chances, came).mean() == pytest.approx((said - 0.3) ** 2 + 0.21)


@pytest.mark.parametrize("count", [0, 1, 3, 9])
def test_crps_of_a_poisson_law_is_its_closed_form(count: int) -> None:
    """Wei and Held 2014: (y - m)(2F(y) - 1) + 2m f(y) - m e^(-2m) (I0(2m) + I1(2m))."""
    mean = 2.5
    law = stats.poisson(mean)
    exact = float((count - mean) * (2 * law.cdf(count) - 1) + 2 * mean * law.pmf(count))
    exact -= mean * float(special.ive(0, 2 * mean) + special.ive(1, 2 * mean))
    chances = law.pmf(np.arange(80))[None, :]
    assert scores.crps(chances, np.array([count]))[0] == pytest.approx(exact, abs=1e-12)


def test_crps_of_a_certain_count_is_the_distance_even_beyond_the_last_column() -> None:
    """A law that is sure of 2 misses 5 by 3, with six columns as with four."""
    for columns in (4, 6):
        sure = np.zeros((1, columns))
        sure[0, 2] = 1
        assert scores.crps(sure, np.array([5]))[0] == 3


def test_crps_of_a_yes_or_no_is_the_brier_score() -> None:
    """A count that is 0 or 1 has one step."""
    law = np.array([[0.3, 0.7], [0.3, 0.7]])
    came = np.array([0, 1])
    assert np.allclose(scores.crps(law, came), scores.brier(law[:, 1], came.astype(float)))


def test_crps_of_draws_is_on_average_that_of_their_law() -> None:
    """Sixteen draws of a Poisson law, 4,000 times: within four standard errors of the exact score.

    Taken as the whole law, sixteen draws score worse by far more than that.
    """
    law = stats.poisson(2.5)
    exact = scores.crps(law.pmf(np.arange(40))[None, :], np.array([4]))[0]
    draws = law.rvs((4_000, 16), random_state=np.random.default_rng(2))
    shares = np.stack([np.bincount(row, minlength=40) for row in draws]) / 16
    fair, taken = (scores.crps(shares, np.full(4_000, 4), n) for n in (16, None))
    error = fair.std(ddof=1) / np.sqrt(len(fair))
    assert abs(fair.mean() - exact) < 4 * error
    assert taken.mean() - exact > 8 * error
    same = np.zeros((1, 6))
    same[0, 3] = 1
    assert scores.crps(same, np.array([5]), 2)[0] == 2.0


def test_skill_of_independent_scores_has_the_error_of_a_mean() -> None:
    """Blocks of one: the bootstrap error meets the formula of a ratio within a tenth.

    499 resamples give an error to about 3 %, so a tenth is three of those.
    """
    draws = np.random.default_rng(5)
    ours, base = draws.random(400), 1 + draws.random(400)
    ratio = ours.mean() / base.mean()
    exact = np.std(ours - ratio * base, ddof=1) / base.mean() / np.sqrt(400)
    found = scores.skill(ours, base, block=1, seed=1)
    assert found.value == pytest.approx(1 - ratio)
    assert found.error == pytest.approx(exact, rel=0.1)


def test_quantiles_are_the_least_counts_that_reach_a_share() -> None:
    """On a law with a step at each tenth."""
    law = np.array([[0.1, 0.4, 0.4, 0.1]])
    assert [int(scores.quantile(law, q)[0]) for q in (0.1, 0.11, 0.5, 0.9, 1.0)] == [0, 1, 1, 2, 3]
