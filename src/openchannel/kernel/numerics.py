"""Inverse distribution functions: how a uniform becomes a count, a normal or a size.

Inversion only, one uniform a draw, so that policies that share a uniform stay coupled.

References
----------
.. [Wichura88] Algorithm AS 241 (PPND16), Applied Statistics 37: the normal quantile.
"""

from __future__ import annotations

import math
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic as _untyped

from openchannel.kernel.records import LANES
from openchannel.kernel.step import call, step

intrinsic: Any = _untyped  # it gives the function its first argument itself

_SQRT2 = math.sqrt(2.0)
_LOG2_E = 1.4426950408889634
_LN2_HIGH = 0.6931471803691238  # 32 bits, so that its product with a whole number is exact
_LN2_LOW = 1.9082149292705877e-10
_ROUNDER = 1.5 * 2.0**52


@intrinsic
def _float_of_bits(typingctx, bits):
    """The float64 whose bits an int64 holds."""

    def generate(_context, builder, _signature, arguments):
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


@intrinsic
def _bits_of_float(typingctx, x):
    """The bits of a float64 as an int64."""

    def generate(_context, builder, _signature, arguments):
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


@step
def exponential(x):
    """exp(x) to 2e-16 relative, by plain arithmetic, so that a loop of them fills vectors.

    For -700 < x < 700; below, next to nothing, above, next to infinity. x = n ln 2 + r with
    |r| <= ln 2 / 2; exp(r) is the polynomial of degree 10 that errs least (Chebyshev). It asks no
    mathematical library, so its bytes are the same wherever floating point is that of IEEE 754.
    """
    x = min(700.0, max(-700.0, x))
    shifted = x * _LOG2_E + _ROUNDER  # the sum rounds to a whole number in the lowest bits
    n = shifted - _ROUNDER
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    # By Estrin's scheme, which waits less on itself than Horner's.
    r2 = r * r
    r4 = r2 * r2
    low = (1.0 + 1.0000000000000067 * r) + r2 * (0.5000000000000006 + 0.16666666666554314 * r)
    middle = (0.041666666666573066 + 0.008333333385699212 * r) + r2 * (
        0.001388888893251478 + 0.00019841170230570286 * r
    )
    high = (2.480150431378554e-05 + 2.764019739169484e-06 * r) + r2 * 2.7626371065696354e-07
    p = low + r4 * (middle + r4 * high)
    return p * _float_of_bits((_bits_of_float(shifted) + 1023) << 52)


@step
def chance(rate_per_year):
    """Weekly probability of a hazard given per year: 1 - exp(-rate / 52)."""
    return -math.expm1(-rate_per_year / 52.0)


@step
def happens(u, rate_per_year):
    """Whether a hazard strikes this week; the exponential is spared where it surely does not."""
    return u * 52.0 < rate_per_year and u < chance(rate_per_year)


@step
def normal_cdf(z):
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-z / _SQRT2)


@call
def normal_quantile(p):
    """Standard normal quantile of p in (0, 1), to about 1e-16 relative [Wichura88]_."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        num = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r
            + 67265.770927008700853) * r + 45921.953931549871457) * r
            + 13731.693765509461125) * r + 1971.5909503065514427) * r
            + 133.14166789178437745) * r + 3.387132872796366608)  # fmt: skip
        den = (((((((5226.495278852545925 * r + 28729.085735721942674) * r
            + 39307.89580009271061) * r + 21213.794301586595867) * r
            + 5394.1960214247511077) * r + 687.1870074920579083) * r
            + 42.313330701600911252) * r + 1.0)  # fmt: skip
        return q * num / den
    r = p if q < 0.0 else 1.0 - p
    r = math.sqrt(-math.log(r))
    if r <= 5.0:
        r -= 1.6
        num = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r
            + 0.24178072517745061177) * r + 1.27045825245236838258) * r
            + 3.64784832476320460504) * r + 5.7694972214606914055) * r
            + 4.6303378461565452959) * r + 1.42343711074968357734)  # fmt: skip
        den = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r
            + 0.0151986665636164571966) * r + 0.14810397642748007459) * r
            + 0.68976733498510000455) * r + 1.6763848301838038494) * r
            + 2.05319162663775882187) * r + 1.0)  # fmt: skip
    else:
        r -= 5.0
        num = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
            + 0.0012426609473880784386) * r + 0.026532189526576123093) * r
            + 0.29656057182850489123) * r + 1.7848265399172913358) * r
            + 5.4637849111641143699) * r + 6.6579046435011037772)  # fmt: skip
        den = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
            + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r
            + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
            + 0.59983220655588793769) * r + 1.0)  # fmt: skip
    z = num / den
    return -z if q < 0.0 else z


@step
def poisson_count(u, mean, none, most):
    """Smallest n with u < F(n) for a Poisson law, at most `most`; `none` is exp(-mean)."""
    term = none
    cumulative = none
    n = 0
    while u >= cumulative and n < most:
        n += 1
        term *= mean / n
        cumulative += term
    return n


@call
def poisson_counts(u, mean, none, most, keep, wk):
    """`poisson_count` of every lane, into `wk.count`; into `wk.miss`, `keep` to that power.

    u, mean, none : float64[LANES]. Returns the largest count of a lane.
    """
    some, pending = 0, 0
    for l in range(LANES):
        first = none[l]
        term = first * mean[l]
        more = u[l] >= first
        wk.count[l] = 1.0 if more else 0.0
        wk.miss[l] = keep if more else 1.0
        wk.term[l] = term
        wk.cumulative[l] = first + term
        some += 1 if more else 0
        pending += 1 if u[l] >= first + term else 0
    n = 1 if some > 0 else 0
    while pending > 0 and n < most:
        n += 1
        share = 1.0 / n
        pending = 0
        for l in range(LANES):
            before = wk.cumulative[l]
            more = u[l] >= before
            wk.count[l] += 1.0 if more else 0.0
            wk.miss[l] *= keep if more else 1.0
            term = wk.term[l] * (mean[l] * share)
            wk.term[l] = term
            cumulative = before + term
            wk.cumulative[l] = cumulative
            pending += 1 if u[l] >= cumulative else 0
    return n


@call
def lognormal_size(u, median, log_sd, cap):
    """Size with the given median and standard deviation of the logarithm, capped."""
    return min(cap, median * math.exp(log_sd * normal_quantile(u)))


@call
def lognormal_mean(median, log_sd, cap):
    """Expectation of a capped lognormal size: what `lognormal_size` averages to."""
    if log_sd <= 0.0:
        return min(cap, median)
    z = (math.log(cap) - math.log(median)) / log_sd
    body = median * math.exp(0.5 * log_sd * log_sd) * normal_cdf(z - log_sd)
    return body + cap * normal_cdf(-z)


@step
def log_odds(p):
    """Logarithm of the odds of p; infinite at 0 and 1."""
    if p <= 0.0:
        return -math.inf
    if p >= 1.0:
        return math.inf
    return math.log(p / (1.0 - p))
