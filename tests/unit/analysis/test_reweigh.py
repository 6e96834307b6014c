"""Bayes' rule by weights against posteriors known on paper."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from openchannel.analysis.draws import LUCK, Draws
from openchannel.analysis.measured import CLEAR
from openchannel.analysis.reassess import Stake, reassess
from openchannel.analysis.reweigh import Reweighed
from openchannel.analysis.signs import log_count, log_share
from openchannel.analysis.verdict import Verdict

F8 = NDArray[np.float64]
ONE = np.ones(1)


def spread_over(law: stats.rv_continuous, n: int) -> F8:
    """Even quantiles of a law, so that the draws stand for it without luck."""
    return np.asarray(law.ppf((np.arange(n) + 0.5) / n))


def test_gamma_and_poisson_agree_with_the_conjugate_posterior() -> None:
    """A gamma(4, rate 2) belief about a rate, 9 events in 3 years: gamma(13, rate 5) follows."""
    rate = spread_over(stats.gamma(4, scale=1 / 2), 8192)[None]
    held = Reweighed(ONE, log_count(9, 3 * rate, 3 * rate))
    after, true = held.spread(rate, after=True), stats.gamma(13, scale=1 / 5)
    # Even quantiles of 8,192 draws: what is left is the step between neighbours, under 0.2 %.
    assert after.mean == pytest.approx(true.mean(), rel=2e-3)
    assert after.sd == pytest.approx(true.std(), rel=5e-3)
    assert (after.p05, after.p50, after.p95) == pytest.approx(true.ppf([0.05, 0.5, 0.95]), rel=5e-3)
    moved = held.mean(rate)
    assert moved.before.mean == pytest.approx(2.0, rel=2e-3)
    assert moved.change.is_measurable


def test_beta_and_binomial_agree_with_the_conjugate_posterior() -> None:
    """A beta(2, 3) belief about a chance, 7 of 10: beta(9, 6) follows."""
    chance = spread_over(stats.beta(2, 3), 8192)[None]
    held = Reweighed(ONE, log_share(7, 10, chance))
    assert held.spread(chance, after=True).mean == pytest.approx(9 / 15, rel=2e-3)


def test_two_hypotheses_by_hand() -> None:
    """Prior 0.3 and 0.7, chances 0.8 and 0.2 of what was seen: 0.24 to 0.14, so 12/19."""
    seen = np.log(np.repeat([[0.8], [0.2]], 64, axis=1))
    held = Reweighed(np.array([0.3, 0.7]), seen)
    assert held.world(0).after.mean == pytest.approx(12 / 19, abs=1e-12)
    assert held.world(0).change.mean == pytest.approx(12 / 19 - 0.3, abs=1e-12)
    assert held.effective == pytest.approx(64)


@pytest.mark.parametrize("level", [0.0, -750.0])
def test_a_sign_that_says_nothing_moves_nothing(level: float) -> None:
    """The same chance everywhere, however small: no move, no error of a move, all draws carry."""
    values = np.random.default_rng(1).normal(size=(2, 100))
    held = Reweighed(np.array([0.4, 0.6]), np.full((2, 100), level))
    moved = held.mean(values)
    assert moved.change.mean == pytest.approx(0.0, abs=1e-15)
    assert moved.change.mcse == pytest.approx(0.0, abs=1e-15)
    assert held.effective == pytest.approx(100)


def test_the_order_of_evidence_does_not_matter() -> None:
    """Counts one by one, or at once as their sum, give the same weights."""
    rate = np.random.default_rng(2).gamma(3, size=(1, 500))
    each = [log_count(n, rate, rate) for n in (2, 0, 5)]
    forth, back = (Reweighed(ONE, sum(e, start=np.zeros_like(rate))) for e in (each, each[::-1]))
    whole = Reweighed(ONE, log_count(7, 3 * rate, 3 * rate))
    assert forth.mean(rate).after.mean == pytest.approx(back.mean(rate).after.mean, rel=1e-12)
    assert forth.mean(rate).after.mean == pytest.approx(whole.mean(rate).after.mean, rel=1e-12)


def test_the_error_of_a_move_covers_the_truth() -> None:
    """Of 200 runs on draws of their own, the true posterior mean lies within two errors in 95 %.

    With a chance of 0.95 a run, fewer than 180 of 200 has a chance below 0.002.
    """
    true, inside = 13 / 5, 0
    generator = np.random.default_rng(3)
    for _ in range(200):
        rate = generator.gamma(4, 1 / 2, size=(1, 400))
        found = Reweighed(ONE, log_count(9, 3 * rate, 3 * rate)).mean(rate).after
        inside += abs(found.mean - true) <= CLEAR * found.mcse
    assert inside >= 180


def test_what_no_draw_could_bring_is_told() -> None:
    """Nothing is divided by nothing."""
    held = Reweighed(ONE, np.full((1, 400), -np.inf))
    assert (held.possible, held.effective, held.is_enough) == (False, 0.0, False)
    assert reassess(Stake.of(toy(np.linspace(-1, 3, 400)), "B"), held).changes == "cannot be said"


def toy(gain: F8) -> Draws:
    """Two policies under 400 draws without luck; the second saves `gain` out of 100."""
    loss = np.stack([np.full((1, 400), 100.0), 100.0 - gain[None]], axis=-1)
    return Draws(
        ("A", "B"), ("W",), "A", ONE, ("x",), gain[None, :, None],
        {"composite_loss": loss, LUCK: np.zeros_like(loss)},
    )  # fmt: skip


def test_a_verdict_turns_when_the_evidence_says_so() -> None:
    """A belief of which a third makes the policy worse; evidence against that third."""
    gain = np.where(np.arange(400) % 3 == 0, -4.0, 6.0) + 0.01 * (np.arange(400) % 7)
    stake = Stake.of(toy(gain), "B")
    nothing = reassess(stake, Reweighed(ONE, np.zeros((1, 400))))
    assert (nothing.before, nothing.after, nothing.changes) == (
        Verdict.DEPENDS, Verdict.DEPENDS, "no",
    )  # fmt: skip
    likely = np.where(gain > 0, 0.0, np.log(0.05))[None]
    found = reassess(stake, Reweighed(ONE, likely))
    assert (found.before, found.after, found.changes) == (Verdict.DEPENDS, Verdict.BETTER, "yes")
    third = 134 / 400
    assert found.worse.after.mean == pytest.approx(
        third * 0.05 / (third * 0.05 + 1 - third), rel=0.02
    )


def test_nothing_is_said_of_too_few_draws() -> None:
    """A sharp sign that leaves five draws of 400."""
    likely = np.where(np.arange(400) < 5, 0.0, -50.0)[None]
    held = Reweighed(ONE, likely)
    assert held.effective == pytest.approx(5.0)
    assert reassess(Stake.of(toy(np.linspace(-1, 3, 400)), "B"), held).changes == "cannot be said"
