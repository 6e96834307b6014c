"""The sampler: recovery, the same draws for the same seed, known leave-one-out scores, ranks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit

from openchannel.calibration.history.counts import CountModel
from openchannel.calibration.history.sampler import (
    Diagnostics,
    Sizes,
    diagnose,
    library,
    psis_loo,
    sample,
    sample_well,
)
from openchannel.errors import UserError

SMALL = Sizes(chains=2, tune=150, draws=100)


def _model(weeks: int) -> CountModel:
    return CountModel(
        "m", "m", np.zeros(weeks, np.int64), np.zeros((weeks, 0)), (), (), is_exciting=True
    )


def _with(model: CountModel, x: np.ndarray, seed: int) -> CountModel:
    events = model.simulate(x[None], np.random.default_rng(seed))[0]
    return CountModel("m", "m", events, model.columns, (), (), is_exciting=True)


def test_what_a_series_was_made_from_is_found_again() -> None:
    """600 weeks of known base, size, branching and half-life: truth within four posterior errors.

    A near-normal posterior misses so by chance less than once in ten thousand; that its intervals
    are neither too wide nor too narrow is what the ranks below and in `benches.sbc` show.
    """
    truth = np.array([np.log(0.2), np.log(3.0), 0.0, np.log(2.5)])
    chains = sample(_with(_model(600), truth, 11), seed=1, sizes=SMALL)
    assert (np.abs(chains.flat.mean(axis=0) - truth) < 4.0 * chains.flat.std(axis=0)).all()
    branching = expit(chains.named("logit_branching"))
    assert branching.std() < 0.19  # and it has learnt something: the prior's is 0.2


def test_the_same_seed_gives_the_same_draws_on_one_core_and_on_two() -> None:
    """To the bit; another seed gives others."""
    model = _with(_model(150), np.array([-1.0, 1.0, 0.0, 0.7]), 3)
    short = Sizes(2, 50, 50)
    one, two = (sample(model, 7, short, cores=c).values for c in (1, 2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, sample(model, 8, short).values)


def test_chains_that_fail_are_drawn_once_more_and_longer() -> None:
    """Too few effective draws, then enough, said to be a second attempt; too few anyway stay."""
    model = _with(_model(150), np.array([-1.0, 1.0, 0.0, 0.7]), 3)
    sizes = Sizes(2, 300, 300)
    assert not sample(model, 7, sizes).diagnostics.passes
    found = sample_well(model, 7, sizes).diagnostics
    assert (found.passes, found.attempts, found.draws) == (True, 2, 1200)
    hopeless = Sizes(2, 50, 50)
    few = sample_well(model, 7, hopeless)
    assert few.diagnostics.attempts == 1
    np.testing.assert_array_equal(few.values, sample(model, 7, hopeless).values)


def test_chains_that_disagree_fail() -> None:
    """One chain elsewhere raises R-hat; a divergence alone fails as well; good draws pass."""
    rng = np.random.default_rng(1)
    good = rng.normal(size=(4, 500, 2))
    assert diagnose(good).passes
    assert not diagnose(good, divergences=1).passes
    bad = good.copy()
    bad[0, :, 1] += 3.0
    found = diagnose(bad)
    assert found.worst_r_hat > 1.1
    assert not found.passes


def test_shorter_chains_are_held_to_their_number() -> None:
    """Two chains need half the effective draws that four need."""
    for chains in (2, 4):
        enough = Diagnostics(1.0, 100.0 * chains, 0, 300 * chains, chains)
        assert enough.passes
        assert not replace(enough, least_ess=100.0 * chains - 1).passes


def test_leaving_one_out_gives_the_exact_score_of_a_normal_mean() -> None:
    """Mean of 30 draws of known variance: each point has a normal predictive law without it."""
    rng = np.random.default_rng(9)
    y = rng.normal(size=30)
    means = rng.normal(y.mean(), 1 / np.sqrt(30), (4, 1000))  # flat prior
    found = psis_loo(stats.norm.logpdf(y, means[:, :, None], 1.0))
    rest = (y.sum() - y) / 29
    exact = stats.norm.logpdf(y, rest, np.sqrt(1 + 1 / 29))
    assert found.elpd == pytest.approx(exact.sum(), abs=0.1)
    np.testing.assert_allclose(found.pointwise, exact, atol=0.03)
    assert found.unstable == 0


def test_ranks_of_the_truth_among_draws_are_uniform() -> None:
    """Simulation-based calibration, the small form: 25 series of 60 weeks from the prior.

    Ranks among 20 thinned draws, in five boxes, for each of four parameters. The chi-square has
    four degrees of freedom; 18.5 is passed by chance once in a thousand, four times that for four.
    The large form is `python -m benches.sbc`.
    """
    rng = np.random.default_rng(21)
    boxes = np.zeros((4, 5))
    model = _model(60)
    for i in range(25):
        truth = model.draw_prior(rng)
        truth[0] = min(truth[0], 2.0)  # keeps a series from running away; 1 % of the prior
        chains = sample(_with(model, truth, 100 + i), i, Sizes(1, 120, 100), cores=1)
        thinned = chains.flat[::5]
        for j, rank in enumerate((thinned < truth).sum(axis=0)):
            boxes[j, min(4, rank * 5 // 21)] += 1
    chi = ((boxes - 5.0) ** 2 / 5.0).sum(axis=1)
    assert (chi < 18.5).all(), boxes


def test_a_missing_library_says_how_to_install_it() -> None:
    """The extra is named, and the command."""
    with pytest.raises(UserError, match=r"openchannel\[bayes\]"):
        library("no_such_library_at_all")
