"""Taking the luck of few replicates out of expected losses."""

from __future__ import annotations

import numpy as np

from openchannel.analysis.smoothing import Smoother, normal_scores, ridge


def made_up(seed: int, *, noise: float, effect: float, n: int = 1024):
    """Two worlds, three policies; truth is log-linear in three of six beliefs, luck is multiplied.

    Returns losses as a run would have them, the true losses, and the beliefs.
    """
    rng = np.random.default_rng(seed)
    beliefs = np.tile(rng.normal(size=(1, n, 6)), (2, 1, 1))
    level = 1000.0 * np.exp(0.5 * beliefs[..., 0] + 0.3 * beliefs[..., 1])
    share = effect * np.stack(
        [np.zeros((2, n)), 0.05 + 0.1 * beliefs[..., 2], -0.02 + 0.0 * beliefs[..., 2]], axis=-1
    )
    truth = level[..., None] * (1.0 - share)
    common = np.exp(0.8 * rng.normal(size=(1, n, 1)) - 0.32)
    own = noise * level[..., None] * rng.normal(size=(2, n, 3))
    own[..., 0] = 0.0
    return truth * common + own, truth, beliefs


def smooth(loss, beliefs, base):
    return Smoother(loss, beliefs, base).fit(np.ones(loss.shape[1]))


def halves(loss, beliefs, base):
    return Smoother(loss, beliefs, base).halves(np.ones(loss.shape[1]))


def test_smoothing_brings_gains_closer_to_the_truth() -> None:
    """With luck three times the effect, the error of the gains falls to less than a quarter."""
    loss, truth, beliefs = made_up(1, noise=0.3, effect=1.0)
    found = smooth(loss, beliefs, 0)

    def error(of) -> float:
        gain, true = of[..., :1] - of, truth[..., :1] - truth
        return float(np.sqrt(((gain - true)[..., 1] ** 2).mean()))

    assert error(found) < 0.25 * error(loss)


def test_mean_gains_are_those_of_the_run() -> None:
    """In every world, for every policy, whatever the fit says."""
    loss, _, beliefs = made_up(2, noise=0.3, effect=1.0)
    found = smooth(loss, beliefs, 0)
    np.testing.assert_allclose(
        (found[..., :1] - found).mean(axis=1), (loss[..., :1] - loss).mean(axis=1), rtol=1e-9
    )


def test_halves_share_no_luck() -> None:
    """Changing the losses of every other pair of draws changes nothing of what they choose by."""
    loss, _, beliefs = made_up(3, noise=0.3, effect=1.0)
    before = halves(loss, beliefs, 0)
    changed = loss.copy()
    first = np.arange(loss.shape[1]) // 2 % 2 == 0
    changed[:, first] *= np.random.default_rng(0).uniform(0.5, 2.0, size=changed[:, first].shape)
    after = halves(changed, beliefs, 0)
    assert np.array_equal(before.choose[:, first], after.choose[:, first])
    assert not np.array_equal(before.value[:, first], after.value[:, first])
    assert np.array_equal(before.value[:, ~first], after.value[:, ~first])


def test_choosing_by_noise_gains_nothing_on_the_other_half() -> None:
    """Where no policy differs, the best by one half is no better on the other: over 40 made-up
    runs the mean gain lies within 3 standard errors of nought, while on its own half it does not.
    """
    own, other = [], []
    for seed in range(40):
        loss, _, beliefs = made_up(seed, noise=0.2, effect=0.0, n=256)
        found = halves(loss, beliefs, 0)
        for kept, by in ((own, found.value), (other, found.choose)):
            best = np.argmin(by, axis=-1)[..., None]
            gain = found.value[..., 0] - np.take_along_axis(found.value, best, -1)[..., 0]
            kept.append(gain.mean() - (found.value[..., :1] - found.value).mean())
    own, other = np.array(own), np.array(other)
    error = other.std(ddof=1) / np.sqrt(len(other))
    assert abs(other.mean()) < 3 * error
    assert own.mean() > 6 * error


def test_ridge_recovers_a_line_and_shrinks_noise() -> None:
    """A clear slope is kept within 2 %; a target of pure noise is fitted nearly flat."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=(2000, 4))
    line, noise = 2.0 + 3.0 * x[:, 0] + 0.1 * rng.normal(size=2000), rng.normal(size=2000)
    found = ridge(x, np.stack([line, noise], axis=1), np.ones(2000))
    assert abs(found[0, 0] - 2.0) < 0.04
    assert abs(found[1, 0] - 3.0) < 0.06
    assert np.abs(found[1:, 1]).max() < 0.05


def test_a_row_counted_twice_is_a_row_given_twice() -> None:
    """Weights are counts, with the same penalty and all."""
    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(300, 3)), rng.normal(size=(300, 1))
    counts = rng.integers(0, 3, size=300)
    twice = np.repeat(np.arange(300), counts)
    held = counts > 0
    np.testing.assert_allclose(
        ridge(x[held], y[held], counts[held].astype(float)),
        ridge(x[twice], y[twice], np.ones(len(twice))),
        rtol=1e-9,
    )


def test_scores_of_a_constant_are_nought() -> None:
    """A belief that no world varies says nothing."""
    scores = normal_scores(np.c_[np.full(8, 3.0), np.arange(8.0)])
    assert np.array_equal(scores[:, 0], np.zeros(8))
    assert np.all(np.diff(scores[:, 1]) > 0)
