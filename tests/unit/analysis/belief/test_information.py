"""Values of information against closed forms, and against problems of pure noise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, qmc

from openchannel.analysis.belief import (
    BeliefDraws,
    chance_best,
    counted,
    measured,
    succeeded,
    value_of_asking,
    value_of_certainty,
    value_of_control,
    value_of_knowing,
    value_of_module,
)

from .known import belief, table


def unit_normal_loss(z: float) -> float:
    """E max(0, Z - z) for standard normal Z (Raiffa & Schlaifer 1961)."""
    return float(norm.pdf(z) - z * norm.sf(z))


def normal_value(mean: float, sd: float) -> float:
    """Value of learning a normal difference N(mean, sd) before choosing its better side."""
    return sd * unit_normal_loss(abs(mean) / sd)


def normals(n: int, d: int, seed: int = 0) -> np.ndarray:
    """Quasi-random normals, so that the closed form is met closely without luck."""
    u = qmc.Sobol(d, scramble=True, rng=np.random.default_rng(seed)).random(n)
    return norm.ppf(np.clip(u, 1e-9, 1 - 1e-9))


def two_options(difference: np.ndarray) -> np.ndarray:
    """Losses of the baseline, zero, and of a policy."""
    return np.stack([np.zeros_like(difference), difference], axis=1)


def twice(losses: np.ndarray) -> np.ndarray:
    return np.stack([losses, losses])


def test_the_toy_of_the_specification():
    """E2.13: two equally likely states, payoffs (10, -6) against (0, 0): 3, by every way there is."""
    state = np.repeat([0.0, 1.0], 500)
    losses = two_options(np.where(state > 0, 6.0, -10.0))
    draws = table(state[:, None])
    found = value_of_certainty(draws, twice(losses))
    assert found.at_least.value == pytest.approx(3.0)
    assert found.naive == pytest.approx(3.0)
    assert found.corrected.value == pytest.approx(3.0)
    assert found.modelled == pytest.approx(3.0)
    assert value_of_knowing(draws, losses)[0].value == pytest.approx(3.0)


LEAN, SLOPE = 0.5, np.array([1.0, 2.0, 0.0])


def test_perfect_information_in_a_linear_normal_problem():
    """Difference 0.5 + x1 + 2 x2: EVPI, and EVPPI of each belief, by the unit normal loss."""
    x = normals(4096, 3)
    losses = two_options(LEAN + x @ SLOPE)
    found = value_of_certainty(table(x), twice(losses))
    assert found.at_least.value == pytest.approx(normal_value(LEAN, np.sqrt(5.0)), abs=0.02)
    one, two, none = value_of_knowing(table(x), losses)
    assert one.value == pytest.approx(normal_value(LEAN, 1.0), abs=3 * one.error)
    assert two.value == pytest.approx(normal_value(LEAN, 2.0), abs=3 * two.error)
    assert none.value == pytest.approx(0.0, abs=0.02)
    assert none.covers_zero
    assert one.error < 0.06


def test_modules_are_worth_what_their_beliefs_are_together():
    x = normals(4096, 3)
    losses = two_options(LEAN + x @ SLOPE)
    both, rest = value_of_module(table(x, x1="a", x2="a", x3="b"), losses)
    assert both.value == pytest.approx(normal_value(LEAN, np.sqrt(5.0)), abs=3 * both.error)
    assert rest.covers_zero


def test_knowing_a_belief_tells_of_those_that_go_with_it():
    """x2 does nothing but has correlation 0.8 with x1: it is worth learning all the same."""
    z = normals(4096, 2)
    x = np.stack([z[:, 0], 0.8 * z[:, 0] + 0.6 * z[:, 1]], axis=1)
    found = value_of_knowing(table(x), two_options(LEAN + x[:, 0]))
    assert found[1].value == pytest.approx(normal_value(LEAN, 0.8), abs=3 * found[1].error)


def noisy(losses: np.ndarray, sd: float, rng: np.random.Generator) -> np.ndarray:
    """Two halves with luck of the given standard deviation in their mean; the baseline has none."""
    halves = twice(losses)
    halves[:, :, 1:] += np.sqrt(2.0) * sd * rng.standard_normal((2, *losses[:, 1:].shape))
    return halves


def test_luck_does_not_inflate_the_value_of_information():
    """Luck as large as the spread over beliefs: the naive figure is 30 % too high and more."""
    truth = normal_value(LEAN, np.sqrt(5.0))
    rng = np.random.default_rng(1)
    x = normals(4096, 3)
    halves = noisy(two_options(LEAN + x @ SLOPE), np.sqrt(5.0), rng)
    found = value_of_certainty(table(x), halves)
    assert found.naive > 1.3 * truth
    assert found.at_least.value < truth + 2 * found.at_least.error
    assert found.at_least.value > truth - 4 * found.at_least.error
    assert found.modelled == pytest.approx(truth, rel=0.08)
    # The correction by halves takes off two thirds of the excess; the rest remains, as is said.
    assert abs(found.corrected.value - truth) < 0.45 * (found.naive - truth)
    one = value_of_knowing(table(x), halves.mean(axis=0))[0]
    assert one.value == pytest.approx(normal_value(LEAN, 1.0), abs=3 * one.error)


def test_what_the_surface_cannot_see_is_learnt_from_the_other_half():
    """A difference that no listed belief explains: the halves alone tell of it."""
    rng = np.random.default_rng(2)
    hidden = LEAN + 2.0 * rng.standard_normal(4000)
    halves = noisy(two_options(hidden), 1.0, rng)
    found = value_of_certainty(table(rng.standard_normal((4000, 2))), halves)
    truth = normal_value(LEAN, 2.0)
    # Choosing by one half, luck variance 2 beside 4 of belief, keeps this much of it.
    kept = normal_value(LEAN, 4.0 / np.sqrt(6.0))
    assert found.at_least.value == pytest.approx(kept, abs=4 * found.at_least.error)
    assert found.corrected.value == pytest.approx(truth, rel=0.12)
    assert found.modelled == pytest.approx(truth, rel=0.1)


def test_stated_errors_are_as_large_as_the_scatter():
    """Forty repeats with luck: estimates lie about the truth as their errors say.

    The mean of forty standard deviates has error 0.16; values are never above the truth on
    average, and by choices from few draws a little below it. Their spread has error 0.11.
    """
    deviates = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        x = rng.standard_normal((1000, 3))
        halves = noisy(two_options(LEAN + x @ SLOPE), 1.5, rng)
        two = value_of_knowing(table(x), halves.mean(axis=0))[1]
        all_ = value_of_certainty(table(x), halves).at_least
        asked = value_of_asking(table(x), halves.mean(axis=0), measured("study", belief("x2"), 1.0))
        truths = (
            normal_value(LEAN, 2.0),
            normal_value(LEAN, np.sqrt(5.0)),
            normal_value(LEAN, np.sqrt(2.0)),
        )
        deviates.append(
            [(i.value - t) / i.error for i, t in zip((two, all_, asked), truths, strict=True)]
        )
    assert (np.abs(np.mean(deviates, axis=0)) < 0.7).all()
    assert np.std(deviates, axis=0) == pytest.approx(np.ones(3), abs=0.35)


@pytest.mark.parametrize("n_policies", [2, 5, 17])
def test_pure_noise_is_worth_nothing(n_policies: int):
    """All policies equal in truth, luck alone: no value above zero, though the naive one is large.

    Over 20 repeats the share of estimates above zero by two standard errors is at most two.
    """
    above, single, naive = 0, 0, []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        draws = table(rng.standard_normal((800, 6)))
        halves = noisy(np.zeros((800, n_policies)), 1.0, rng)
        found = value_of_certainty(draws, halves, seed=seed)
        above += not found.at_least.covers_zero
        naive.append(found.naive)
        single += sum(not i.covers_zero for i in value_of_knowing(draws, halves.mean(axis=0)))
    assert above <= 2
    # 120 values of single beliefs at 2.5 % each; binomial with mean 3, above 9 once in 1 000.
    assert single <= 9
    # One difference from zero, N(0, 1): its naive value is E max(0, Z) = 0.4.
    assert min(naive) > 0.3


def test_chances_to_be_best_add_up_and_follow_the_truth():
    """Two policies with differences N(x1, luck): chances lie between none and all, and on average
    match how often each is best."""
    rng = np.random.default_rng(4)
    x = rng.standard_normal((3000, 2))
    losses = np.stack([np.zeros(3000), x[:, 0] + 0.3, x[:, 1] + 0.3], axis=1)
    best = np.eye(3)[np.argmin(losses, axis=1)]
    chances = chance_best(table(x), noisy(losses, 1.0, rng))
    assert chances.sum(axis=1) == pytest.approx(np.ones(3000))
    assert chances.mean(axis=0) == pytest.approx(best.mean(axis=0), abs=0.04)
    assert chances[best > 0].mean() > 0.7
    exact = chance_best(table(x), twice(losses))
    assert exact[best > 0].mean() > 0.995


def test_observing_a_normal_belief_with_error():
    """Closed form: the answer's predictive mean is normal with variance s^2 s^2 / (s^2 + e^2)."""
    x = normals(4096, 2)
    losses = two_options(0.3 + 2.0 * x[:, 0])
    for error in (0.5, 2.0):
        found = value_of_asking(
            table(x), losses, measured("study", belief("x1"), error), n_repeats=16
        )
        truth = normal_value(0.3, 2.0 / np.sqrt(1.0 + error**2))
        assert found.value == pytest.approx(truth, abs=3 * found.error)
        assert found.value < value_of_knowing(table(x), losses)[0].value
    useless = value_of_asking(table(x), losses, measured("study", belief("x2"), 0.5))
    assert useless.covers_zero


def test_counting_events_of_an_uncertain_rate():
    """Gamma rate with Poisson counts: the posterior mean is (a + k) / (b + t), and EVSI a sum."""
    from scipy.stats import gamma, nbinom

    a, b, bar = 2.0, 1.0, 2.5
    u = qmc.Sobol(1, scramble=True, rng=np.random.default_rng(5)).random(4096)
    rate = gamma.ppf(np.clip(u, 1e-9, 1 - 1e-9), a, scale=1.0 / b)
    losses = two_options(rate[:, 0] - bar)
    for t in (1.0, 4.0):
        k = np.arange(400)
        p = nbinom.pmf(k, a, b / (b + t))
        # The policy is right while the posterior mean rate lies below the bar.
        after = float(p @ np.minimum((a + k) / (b + t) - bar, 0.0))
        truth = min(a / b - bar, 0.0) - after
        found = value_of_asking(
            BeliefDraws(("rate",), rate, {}),
            losses,
            counted("replies", belief("rate"), t),
            n_repeats=16,
        )
        assert found.value == pytest.approx(truth, abs=3 * found.error + 0.004)


def test_counting_successes_of_an_uncertain_chance():
    """Beta chance with binomial data: posterior mean (a + k) / (a + b + n)."""
    from scipy.stats import beta, betabinom

    a, b, n, bar = 2.0, 3.0, 12, 0.5
    u = qmc.Sobol(1, scramble=True, rng=np.random.default_rng(6)).random(4096)
    chance = beta.ppf(np.clip(u, 1e-9, 1 - 1e-9), a, b)
    k = np.arange(n + 1)
    after = float(betabinom.pmf(k, n, a, b) @ np.minimum((a + k) / (a + b + n) - bar, 0.0))
    truth = min(a / (a + b) - bar, 0.0) - after
    found = value_of_asking(
        BeliefDraws(("p",), chance, {}),
        two_options(chance[:, 0] - bar),
        succeeded("answered", belief("p"), n),
        n_repeats=16,
    )
    assert found.value == pytest.approx(truth, abs=3 * found.error + 0.002)


def test_setting_a_belief_differs_from_knowing_it():
    """x2 does nothing but goes with x1: knowing it is worth something, setting it nothing."""
    z = normals(4096, 2)
    x = np.stack([z[:, 0], 0.8 * z[:, 0] + 0.6 * z[:, 1]], axis=1)
    losses = np.stack([3.0 + x[:, 0], 3.5 - x[:, 0]], axis=1)
    one, two = value_of_control(table(x), losses)
    # Under the first policy at the lower end of the range the loss is 3 - 1.645.
    assert one.saved.value == pytest.approx(1.645, abs=max(0.05, 3 * one.saved.error))
    assert one.setting == pytest.approx(-1.645, abs=0.02)
    assert one.policy == 0
    assert two.saved.covers_zero


def test_control_of_nothing_is_worth_nothing():
    """Pure noise: the best of 19 settings and 4 policies on one half is not good on the other."""
    above = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        found = value_of_control(
            table(rng.standard_normal((800, 3))), rng.standard_normal((800, 4))
        )
        above += sum(not c.saved.covers_zero for c in found)
    # Thirty values at 2.5 % each: more than four once in 2 000.
    assert above <= 4


def test_a_held_belief_cannot_be_set():
    x = np.stack([np.random.default_rng(8).standard_normal(200), np.full(200, 2.0)], axis=1)
    found = value_of_control(table(x), two_options(x[:, 0]))
    assert (found[1].saved.value, found[1].setting) == (0.0, 2.0)
    assert found[1].saved.covers_zero
