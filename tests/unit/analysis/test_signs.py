"""Chances of signs: laws of counts, thinning, judged chances, and the model's own futures."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from scipy import stats

from openchannel.analysis.common_luck import in_worlds
from openchannel.analysis.fading import fading
from openchannel.analysis.foresee import foresee, predicted
from openchannel.analysis.draws import LUCK, Draws
from openchannel.analysis.outlook import COUNTS, REPLICATES, Outlook, number_names, window_of
from openchannel.analysis.signs import (
    Seen,
    answer_likelihood,
    answers,
    log_count,
    log_likelihood,
    log_share,
    showings,
    value_of,
)
from openchannel.casefile import load_case
from openchannel.casefile.formulas import parse_formula
from openchannel.domain import Collection, Counted, Judged, Modelled, Sign, Succeeded
from openchannel.domain.case import Calendar
from openchannel.domain.signs import Likelihood
from openchannel.ensemble.design import sample_beliefs
from openchannel.model import Beliefs, pack_design, simulate_replicates

DAY = dt.date(2026, 1, 5)


def sign(likelihood: Likelihood) -> Sign:
    return Sign("a", "A", None, likelihood, "C", "R")


@pytest.fixture(scope="module")
def outlook() -> Outlook:
    """Sixteen draws of the built-in case in two schools of thought."""
    return Outlook(load_case("korea"), ("W4", "W5"), 3, 16, threads=2)


@pytest.mark.parametrize(("mean", "variance"), [(18.0, 96.0), (0.3, 0.31), (4.0, 4.0), (4.0, 3.0)])
def test_counts_have_the_law_of_their_mean_and_variance(mean: float, variance: float) -> None:
    """Negative binomial as SciPy has it; Poisson where the variance is no larger than the mean."""
    n = np.arange(40)
    found = np.exp([log_count(k, np.array([mean]), np.array([variance]))[0] for k in n])
    size = mean**2 / max(variance - mean, 1e-300)
    wide = stats.nbinom.pmf(n, size, size / (size + mean))
    assert found == pytest.approx(wide if variance > mean else stats.poisson.pmf(n, mean), rel=1e-9)


def test_shares_are_binomial() -> None:
    """As SciPy has it, sure chances included."""
    found = [np.exp(log_share(k, 5, np.array([0.0, 0.3, 1.0]))) for k in range(6)]
    true = [stats.binom.pmf(k, 5, [0.0, 0.3, 1.0]) for k in range(6)]
    assert np.array(found) == pytest.approx(np.array(true), abs=1e-12)


def test_formulas_read_what_each_world_holds(outlook: Outlook) -> None:
    """W4 halves every rho and sets q01; a channel's number and a scalar in one formula."""
    formula = parse_formula("2 * rho.NYC + exp(-q01)", number_names(outlook.case))
    rho, q01 = outlook.number("rho.NYC"), outlook.number("q01")
    assert value_of(formula, outlook) == pytest.approx(2 * rho + np.exp(-q01))
    assert rho[0] == pytest.approx(rho[1] / 2)
    assert set(q01[0]) == {0.08}


def test_what_the_record_lists_thins_the_count(outlook: Outlook) -> None:
    """Half of Poisson events listed is Poisson with half the rate; so is half of a formula's."""
    rate = parse_formula("lam_leth", number_names(outlook.case))
    half = sign(Counted(rate, 0.5))
    twice = log_likelihood(sign(Counted(rate)), Seen(1, DAY, 26), outlook)
    assert log_likelihood(half, Seen(1, DAY, 52), outlook) == pytest.approx(twice)


def test_judged_chances_stand_at_both_ends_and_even_over_time(outlook: Outlook) -> None:
    """At the two values the chances written; over twice the weeks, unseen twice."""
    low, high = outlook.held("gamma_D").min(), outlook.held("gamma_D").max()
    judged = Judged("gamma_D", (low, high), (0.1, 0.6), 52)
    seen, unseen = (log_likelihood(sign(judged), Seen(k, DAY, 52), outlook) for k in (1, 0))
    held = outlook.held("gamma_D")
    assert np.exp(seen[held == low]) == pytest.approx(0.1)
    assert np.exp(seen[held == high]) == pytest.approx(0.6)
    assert np.exp(seen) + np.exp(unseen) == pytest.approx(1.0)
    double = log_likelihood(sign(judged), Seen(0, DAY, 104), outlook)
    assert double == pytest.approx(2 * unseen)


def test_the_model_counts_what_its_futures_bring(outlook: Outlook) -> None:
    """Severe provocations are a part of all; more weeks bring more; the same asked twice is equal."""
    short, long = (outlook.moments("provocations", "P0", DAY, w) for w in (13, 26))
    severe = outlook.moments("severe_provocations", "P0", DAY, 26)
    assert 1.6 < long.mean.mean() / short.mean.mean() < 2.4
    assert 0.15 < severe.mean.mean() / long.mean.mean() < 0.45
    assert (long.variance > 0).all()
    again = Outlook(outlook.case, ("W4", "W5"), 3, 16, threads=1)
    assert (again.moments("provocations", "P0", DAY, 26).mean == long.mean).all()
    assert REPLICATES % 16 == 0
    assert all(outlook.moments(what, "P0", DAY, 13).mean.shape == (2, 16) for what in COUNTS)


def test_every_law_sums_to_one(outlook: Outlook) -> None:
    """What a sign can show has chances that add up, draw by draw."""
    chance = parse_formula("rho.NYC * psi0", number_names(outlook.case))
    for way in (Modelled("crises", "P0", 1.6), Succeeded(chance, 12), Judged("f_F", (0, 1), (0.1, 0.3), 52)):  # fmt: skip
        total = sum(np.exp(c) for _, c in islice(showings(sign(way), DAY, 26, outlook), 60))
        assert total == pytest.approx(np.ones((2, 16)), abs=1e-6)
    for how, size in (("succeeded", 10), ("measured", 0.2), ("counted", 2)):
        asked = Collection("q", "Q", how, ("gamma_D",) if how == "measured" else ("psi",), 1.0, size, "R", "C")  # type: ignore[arg-type]  # fmt: skip
        total = sum(np.exp(c) for _, c in islice(answers(asked, outlook), 80))
        assert total == pytest.approx(np.ones((2, 16)), abs=1e-3)


def test_answers_to_questions_weigh_as_readings(outlook: Outlook) -> None:
    """A reading one error away costs half a unit of log-chance."""
    asked = Collection("q", "Q", "measured", ("gamma_D",), 1.0, 0.1, "R", "C")
    held = outlook.held("gamma_D")
    assert answer_likelihood(asked, 0.3, outlook) == pytest.approx(-0.5 * ((0.3 - held) / 0.1) ** 2)


def test_inaugurations_move_with_the_window() -> None:
    """A window that begins earlier has them later; those outside are left out."""
    calendar = Calendar(dt.date(2027, 1, 4), 520, (106, 315), (10,))
    assert window_of(calendar, dt.date(2026, 1, 5), 200).inauguration_weeks == (158,)
    assert window_of(calendar, dt.date(2028, 1, 3), 52).inauguration_weeks == ()


# --- what may come -------------------------------------------------------------------------------


class Toy:
    """Beliefs about a rate, with a gain that follows it."""

    def __init__(self, n: int, luck: float, seed: int) -> None:
        generator = np.random.default_rng(seed)
        self.rate = generator.gamma(4, 1 / 2, size=n)
        gain = 10.0 * self.rate + luck * generator.normal(size=n)
        loss = np.stack([np.full(n, 100.0), 100.0 - gain], axis=-1)[None]
        self.draws = Draws(
            ("A", "B"), ("W",), "A", np.ones(1), ("x",), self.rate[None, :, None],
            {"composite_loss": loss, LUCK: np.full_like(loss, luck)},
        )  # fmt: skip

    def counts(self, years: float) -> list[tuple[float, np.ndarray]]:
        mean = (years * self.rate)[None]
        return [(float(k), log_count(k, mean, mean)) for k in range(200)]


def test_the_expected_move_is_that_of_gamma_and_poisson() -> None:
    """V(E[rate | count]) = V(rate) · t/(t + b), with b = 2 and t = 3 years: 0.6; gain ten times.

    8,192 draws and luck as large as the gain's own spread; five errors.
    """
    toy = Toy(8192, 10.0, 1)
    found = foresee(toy.draws, "B", "a", toy.counts(3.0))
    assert found.variance.mean == pytest.approx(60.0, abs=5 * found.variance.mcse)
    assert found.variance.mcse < 6.0
    assert found.move.mean == pytest.approx(np.sqrt(60.0), rel=0.1)
    assert (found.low, found.high) == pytest.approx(stats.nbinom.ppf([0.1, 0.9], 4, 0.4), abs=1)


def test_a_null_sign_is_expected_to_move_nothing() -> None:
    """Exactly nothing where every draw gives it the same chances, however large the luck."""
    toy = Toy(512, 200.0, 2)
    same = [(float(k), np.full((1, 512), np.log(0.25))) for k in range(4)]
    found = foresee(toy.draws, "B", "a", same)
    assert found.variance.mean == pytest.approx(0.0, abs=1e-6)
    assert np.isnan(found.move.mean)
    assert found.saves.mean == pytest.approx(0.0, abs=1e-9)


def test_noise_is_not_taken_for_news() -> None:
    """A sign about a belief that no loss rests on: told in few of 40 runs.

    At two errors and one side some 5 % would be told; more than 8 of 40 has a chance under 0.001.
    """
    told = 0
    for seed in range(40):
        toy = Toy(256, 50.0, seed)
        other = np.random.default_rng(900 + seed).gamma(4, 1 / 2, size=256)
        showing = [(float(k), log_count(k, 2 * other[None], 2 * other[None])) for k in range(60)]
        told += foresee(replace_gain(toy, seed), "B", "a", showing).move.mean > 0.0
    assert told <= 8


def replace_gain(toy: Toy, seed: int) -> Draws:
    """The same draws with gains of pure luck."""
    loss = toy.draws.metrics["composite_loss"].copy()
    loss[0, :, 1] = 100.0 + 50.0 * np.random.default_rng(seed).normal(size=loss.shape[1])
    return replace(toy.draws, metrics={**toy.draws.metrics, "composite_loss": loss})


def test_what_was_expected_is_the_mixture_over_beliefs() -> None:
    """Gamma over Poisson is negative binomial: mean 6, and a count far out is rare."""
    toy = Toy(8192, 0.0, 4)
    usual, far = (predicted(np.ones(1), n, iter(toy.counts(3.0))) for n in (6.0, 30.0))
    assert usual.mean == pytest.approx(6.0, rel=0.03)
    assert (usual.p05, usual.p95) == pytest.approx(stats.nbinom.ppf([0.05, 0.95], 4, 0.4), abs=1)
    assert usual.tail > 0.5
    assert far.tail < 0.005


def test_what_is_known_of_a_state_fades() -> None:
    """Excitation halves by its half-life, tension by its reversion, chains by their slowest mode."""
    numbers = {"h_H": 2.0, "kappa": 0.05, "q_M": 0.52, "q01": 1.04, "q10": 2.08, "q12": 0.0,
               "q21": 0.52}  # fmt: skip
    left = fading(numbers, 10.0)
    assert left["excitation"] == pytest.approx(2.0**-5)
    assert left["tension"] == pytest.approx(0.95**10)
    assert left["campaign"] == pytest.approx((1 - 0.005) ** 10)
    # Without a way to open, closed and wary swap at .02 and .04 a week: 1 - .06; opening fades at
    # .01 a week by itself and is the slowest.
    assert left["receptivity"] == pytest.approx((1 - 0.01) ** 10)


def one_future_each(outlook: Outlook, weeks: int) -> np.ndarray:
    """Provocations of one future of each draw, on luck that the laws of counts have not seen."""
    case = outlook.case
    design = pack_design(replace(case, calendar=window_of(case.calendar, DAY, weeks)), ("P0",))
    beliefs = in_worlds(case, [case.world("W5")], sample_beliefs(case, outlook.n_draws, 5).beliefs)
    columns = list(COUNTS["provocations"])
    return np.array(
        [
            simulate_replicates(design, Beliefs(beliefs.par[d], beliefs.ch[d]), 99, 16 * d, 16)[
                0, 0, 0, columns
            ].sum()
            for d in range(outlook.n_draws)
        ]
    )


def test_the_truth_ranks_evenly_among_beliefs_weighed_by_what_it_brought() -> None:
    """Simulation-based calibration: true beliefs draw counts of the model, posteriors rank them.

    256 draws of one school, each in turn the truth, with a count from futures on other luck. Ranks
    of the base rate are uniform if the law taken for the count is the model's; ten bins, chi-square
    with nine degrees, 0.1 % at 27.9.
    """
    outlook = Outlook(load_case("korea"), ("W5",), 5, 256, threads=2)
    truth = one_future_each(outlook, 26)
    way = sign(Modelled("provocations", "P0"))
    lam0 = outlook.number("lam0")[0]
    ranks = []
    for draw, count in enumerate(truth):
        weight = np.exp(log_likelihood(way, Seen(int(count), DAY, 26), outlook)[0])
        weight[draw] = 0.0  # the truth itself is not among the draws that judge it
        ranks.append(float(weight[lam0 < lam0[draw]].sum() / weight.sum()))
    found, _ = np.histogram(ranks, bins=10, range=(0, 1))
    assert ((found - 25.6) ** 2 / 25.6).sum() < 27.9
