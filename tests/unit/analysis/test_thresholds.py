"""Thresholds on gains whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from openchannel.analysis.thresholds import Profile, adjusted, root, threshold

PLACES = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])


def profile(gain, *, noise: float = 1.0, groups: int = 64, seed: int = 0, places=PLACES) -> Profile:
    """Means as given; luck of `noise` a group, the same at every place."""
    luck = np.random.default_rng(seed).normal(size=(groups, 1)) * noise
    luck -= luck.mean()
    zero = np.zeros(len(places))
    return Profile(places, np.asarray(gain, float), np.repeat(luck, len(places), 1), zero)


def test_a_straight_line_crosses_where_it_is_nought() -> None:
    """Gain 10 + 20 x passes nought at -0.5, with the error of the gain over the slope."""
    found = threshold(profile(10 + 20 * PLACES))
    assert (found.status, found.crossings) == ("crosses", 1)
    assert found.place == pytest.approx(-0.5)
    error = profile(10 + 20 * PLACES).error[0]
    assert found.error == pytest.approx(error / 20)
    assert found.better_above


def test_one_sign_everywhere_is_no_threshold() -> None:
    """Measurably better at every place run: `none`, and no number is made up."""
    found = threshold(profile([3, 4, 5, 6, 7]))
    assert found.status == "none"
    assert np.isnan(found.place)


def test_an_end_within_its_error_is_not_told() -> None:
    """A gain of half a standard error at one end is neither a threshold nor the lack of one."""
    found = threshold(profile([0.05, 4, 5, 6, 7]))
    assert found.status == "not_told"


def test_a_change_of_sign_that_luck_could_make_is_not_claimed() -> None:
    """The mean is below nought at an end, but by less than two standard errors."""
    assert threshold(profile([-0.1, 4, 5, 6, 7])).status == "not_told"


def test_the_crossing_nearest_to_the_default_is_given_and_all_are_counted() -> None:
    """Worse in the middle of both sides: two crossings below the default, one above."""
    found = threshold(profile([5, -5, 5, 2.5, -5]))
    assert found.crossings == 3
    assert found.place == pytest.approx(-0.25)


def test_errors_of_thresholds_cover_the_truth() -> None:
    """Over 400 noisy lines the threshold lies within two errors in about 95 % (binomial bounds)."""
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(400):
        luck = rng.normal(size=(64, 5)) + rng.normal(size=(64, 1))
        gains = 4 + 8 * PLACES + 4 * luck
        mean = gains.mean(axis=0)
        found = root(Profile(PLACES, mean, gains - mean, np.zeros(5)).part((-1.0, 0.5)))
        hits += abs(found.place + 0.5) <= 2 * found.error
    assert 0.92 * 400 <= hits <= 0.98 * 400


def test_luck_shared_with_the_default_is_taken_out() -> None:
    """A short run that shares luck with the default, and a default known from elsewhere: the mean
    moves to the truth and the error falls to a small part."""
    rng = np.random.default_rng(2)
    luck = 10 * rng.normal(size=(64, 1)) + 3.0
    by_group = np.array([5.0, 9.0]) + luck * np.array([1.0, 0.8]) + 0.1 * rng.normal(size=(64, 2))
    mean, influence, shared = adjusted(by_group, 5.0, 0.02)
    assert mean[0] == pytest.approx(5.0)
    assert mean[1] == pytest.approx(9.0, abs=0.1)
    assert influence[:, 1].std() < 0.05 * by_group[:, 1].std()
    assert shared[0] == pytest.approx(0.02)


def test_what_is_known_of_the_default_is_in_every_error() -> None:
    """However long the short run, the error is not below that of the known level."""
    by_group = np.repeat(np.random.default_rng(3).normal(size=(64, 1)), 2, axis=1)
    mean, influence, shared = adjusted(by_group, 1.0, 0.5)
    found = Profile(np.array([0.0, 1.0]), mean, influence, shared)
    assert found.error == pytest.approx([0.5, 0.5])


def test_without_any_luck_nothing_is_adjusted() -> None:
    """Means that do not vary are what they are."""
    mean, _, shared = adjusted(np.full((8, 3), 2.0), 9.0, 1.0)
    assert mean.tolist() == [2.0, 2.0, 2.0]
    assert shared.tolist() == [0.0, 0.0, 0.0]
