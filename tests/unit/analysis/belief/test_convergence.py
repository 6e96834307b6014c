"""Enough draws or not, and how many more."""

import numpy as np
import pytest

from openchannel.analysis.belief import Index, enough, enough_for_sign


def test_a_mean_converges_with_the_root_of_the_draws():
    """Standard deviation 2: error 2/sqrt(n), and four times the draws for half of it.

    The error is read off overlapping parts, with about 50 degrees of freedom: good to a third.
    """
    x = 2.0 * np.random.default_rng(0).standard_normal(4000)
    found = enough(lambda rows: float(x[rows].mean()), 4000, wanted=0.0158)
    assert found.error == pytest.approx(2.0 / np.sqrt(4000), rel=0.33)
    assert found.rate == 0.5
    assert not found.enough
    assert found.needed == pytest.approx(4000 * (found.error / 0.0158) ** 2, abs=1)
    assert found.more == found.needed - 4000
    done = enough(lambda rows: float(x[rows].mean()), 4000, wanted=0.1)
    assert (done.enough, done.more, done.needed) == (True, 0, 4000)


def test_a_faster_law_is_seen_as_such():
    """Grid means of a smooth function fall off as 1/n, so twice the draws do for half the error."""
    x = np.random.default_rng(1).random(4096)
    y = np.sin(3.0 * x)

    def stratified(rows: np.ndarray) -> float:
        # The mean over cells of equal width, as many as there are draws for: error near 1/n.
        cells = max(1, len(rows) // 16)
        sums = np.bincount((x[rows] * cells).astype(int), y[rows], cells)
        counts = np.bincount((x[rows] * cells).astype(int), minlength=cells)
        return float((sums / np.maximum(counts, 1)).mean())

    found = enough(stratified, 4096, wanted=1e-6)
    assert found.rate > 0.7


def test_an_estimator_without_scatter_has_converged():
    assert enough(lambda rows: 1.0, 100, wanted=0.0).enough


def test_a_sign_needs_two_standard_errors():
    """An estimate at one standard error needs four times the draws if it stays where it is."""
    once = enough_for_sign(Index("x", 1.0, 1.0), 1000)
    assert (once.enough, once.needed, once.more) == (False, 4000, 3000)
    assert enough_for_sign(Index("x", -3.0, 1.0), 1000).enough
    assert enough_for_sign(Index("x", 0.0, 1.0), 1000).more is None
    assert enough_for_sign(Index("x", float("nan"), float("nan")), 1000).more is None
