"""Inverse distribution functions of the kernel against SciPy and numerical integrals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, special, stats

from openchannel.kernel.numerics import (
    chance,
    exponential,
    log_odds,
    lognormal_mean,
    lognormal_size,
    normal_cdf,
    normal_quantile,
    poisson_count,
    poisson_counts,
)
from openchannel.kernel.records import LANES, WEEK

#: Uniforms as the generator gives them: its extremes and a spread between.
UNIFORMS = np.concatenate(
    [[2.0**-33, 1 - 2.0**-33, 1e-9, 0.074, 0.075, 0.076, 0.5, 0.925, 1 - 1e-9],
     (np.arange(200) + 0.5) / 200]
)  # fmt: skip


def test_normal_quantile() -> None:
    """Equal to SciPy's to 1e-13, in the body and in both tails."""
    expected = special.ndtri(UNIFORMS)
    got = [normal_quantile(u) for u in UNIFORMS]
    assert expected == pytest.approx(got, rel=1e-13, abs=1e-15)
    deep = [1e-20, 1e-100, 1e-300]
    assert special.ndtri(deep) == pytest.approx([normal_quantile(u) for u in deep], rel=1e-13)


def test_normal_distribution_function() -> None:
    """Equal to SciPy's, with full relative accuracy far out on the left."""
    z = np.linspace(-37.0, 8.5, 911)
    assert special.ndtr(z) == pytest.approx([normal_cdf(x) for x in z], rel=1e-13, abs=0.0)
    assert [0.0, 0.5, 1.0] == [normal_cdf(x) for x in (-math.inf, 0.0, math.inf)]


@pytest.mark.parametrize(("most", "means"), [(64, (0.0, 1e-7, 0.02, 1.3, 7.0, 30.0)),
                                             (24, (0.2, 4.0)), (8, (1e-4, 2.0, 50.0))])  # fmt: skip
def test_poisson_count(most: int, means: tuple[float, ...]) -> None:
    """The least n with u < F(n), stopped at the cap of its stream."""
    for mean in means:
        expected = np.minimum(stats.poisson.ppf(UNIFORMS, mean) if mean else 0.0 * UNIFORMS, most)
        assert expected.tolist() == [
            poisson_count(u, mean, math.exp(-mean), most) for u in UNIFORMS
        ], mean


@pytest.mark.parametrize("mean", [0.0, 1e-7, 0.02, 1.3, 7.0])
def test_poisson_counts_of_all_lanes(mean: float) -> None:
    """Lane by lane the count of `poisson_count`, and a power of that count; the most is returned.

    A lane whose chance of none is 2, a closed line, counts nothing.
    """
    wk = np.zeros(1, WEEK)[0]
    none = np.full(LANES, math.exp(-mean))
    none[3] = 2.0
    for first in range(0, len(UNIFORMS) - LANES, LANES):
        u = UNIFORMS[first : first + LANES]
        most = poisson_counts(u, np.full(LANES, mean), none, 64, 0.9, wk)
        expected = [poisson_count(x, mean, math.exp(-mean), 64) for x in u]
        expected[3] = 0
        assert expected == wk["count"].tolist()
        assert [0.9**n for n in expected] == pytest.approx(wk["miss"].tolist(), rel=1e-14)
        assert max(expected) == most


def test_exponential() -> None:
    """Equal to the library's to 5e-16 over the range, exactly 1 at 0, and held at +-700."""
    x = np.concatenate([np.linspace(-699.0, 699.0, 4001), np.linspace(-3.0, 3.0, 4001)])
    assert np.exp(x) == pytest.approx([exponential(v) for v in x], rel=5e-16)
    assert 1.0 == exponential(0.0)
    assert exponential(-1e9) == exponential(-700.0) < 1e-300
    assert exponential(1e9) == exponential(700.0)


def test_poisson_count_at_its_steps() -> None:
    """A uniform equal to F(n) gives n + 1: the comparison is strict."""
    for n in range(4):
        edge = sum(math.exp(-1.0) / math.factorial(k) for k in range(n + 1))
        assert n + 1 == poisson_count(edge + 1e-15, 1.0, math.exp(-1.0), 64)
        assert n == poisson_count(edge - 1e-15, 1.0, math.exp(-1.0), 64)
    assert 0 == poisson_count(0.999, 0.0, 1.0, 64)


@pytest.mark.parametrize(
    ("median", "log_sd", "cap"),
    [(150e3, 1.3, 5e6), (1.5e6, 0.7, 15e6), (8.0, 1.0, 9.0), (3.0, 0.5, 1.0)],
)
def test_mean_of_a_capped_size(median: float, log_sd: float, cap: float) -> None:
    """Equal to the integral of the size over the uniform."""
    edge = float(special.ndtr(math.log(cap / median) / log_sd))
    below, _ = integrate.quad(
        lambda z: median * math.exp(log_sd * z) * stats.norm.pdf(z), -12, special.ndtri(edge),
        epsabs=0.0, epsrel=1e-11,
    )  # fmt: skip
    assert below + cap * (1 - edge) == pytest.approx(lognormal_mean(median, log_sd, cap), rel=1e-9)


def test_mean_of_a_size_without_spread_or_cap() -> None:
    """No spread: the median or the cap. No cap in reach: the lognormal mean."""
    assert (5.0, 4.0) == (lognormal_mean(5.0, 0.0, 9.0), lognormal_mean(5.0, 0.0, 4.0))
    assert 5.0 * math.exp(0.5) == pytest.approx(lognormal_mean(5.0, 1.0, 1e30), rel=1e-12)


def test_sizes_average_to_their_mean() -> None:
    """Sizes at evenly spread uniforms average to the closed form; the median is at one half."""
    sizes = [lognormal_size(u, 150e3, 1.3, 5e6) for u in (np.arange(20000) + 0.5) / 20000]
    assert lognormal_mean(150e3, 1.3, 5e6) == pytest.approx(np.mean(sizes), rel=1e-3)
    assert 150e3 == pytest.approx(lognormal_size(0.5, 150e3, 1.3, 5e6), rel=1e-12)
    assert 5e6 == lognormal_size(1 - 1e-9, 150e3, 1.3, 5e6)
    assert math.inf > lognormal_size(1 - 2.0**-33, 8.0, 1.0, math.inf)


def test_chance_of_a_yearly_rate() -> None:
    """1 - exp(-rate / 52), accurate for tiny rates, one for a certain event."""
    assert 1e-12 / 52 == pytest.approx(chance(1e-12), rel=1e-12)
    assert 1 - math.exp(-2.5 / 52) == pytest.approx(chance(2.5), rel=1e-13)
    assert (0.0, 1.0) == (chance(0.0), chance(math.inf))


def test_log_odds() -> None:
    """Infinite at the ends, zero at one half."""
    assert (-math.inf, 0.0, math.inf) == (log_odds(0.0), log_odds(0.5), log_odds(1.0))
    assert math.log(0.02 / 0.98) == pytest.approx(log_odds(0.02), rel=1e-14)
