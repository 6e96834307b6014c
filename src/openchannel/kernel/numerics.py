"""Inverse distribution functions: how a uniform becomes a count, a normal or a size.

Inversion only, one uniform a draw, so that policies that share a uniform stay coupled.

References
----------
.. [Moshier89] Cephes mathematical library, ndtr: rational approximations of erf and erfc.
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

_HALF_SQRT2 = math.sqrt(0.5)
_LOG2_E = 1.4426950408889634
_LN2_HIGH = 0.6931471803691238  # 32 bits, so that its product with a whole number is exact
_LN2_LOW = 1.9082149292705877e-10
_ROUNDER = 1.5 * 2.0**52
USUAL, FAR = math.sqrt(2.0), 8.0 * math.sqrt(2.0)  # where parts of the normal law meet

# Rational approximations: coefficients of numerator and denominator, highest power first. First
# those of erf below 1, of erfc to 8 and beyond, then those of the normal quantile by distance from
# the middle.
_ERF_TOP = (
    9.604973739870516,
    90.02601972038427,
    2232.005345946843,
    7003.325141128051,
    55592.30130103949,
)
_ERF_BOTTOM = (
    1.0,
    33.56171416475031,
    521.3579497801527,
    4594.323829709801,
    22629.000061389095,
    49267.39426086359,
)
_ERFC_TOP = (
    2.461969814735305e-10,
    0.5641895648310689,
    7.463210564422699,
    48.63719709856814,
    196.5208329560771,
    526.4451949954773,
    934.5285271719576,
    1027.5518868951572,
    557.5353353693994,
)
_ERFC_BOTTOM = (
    1.0,
    13.228195115474499,
    86.70721408859897,
    354.9377788878199,
    975.7085017432055,
    1823.9091668790973,
    2246.3376081871097,
    1656.6630919416134,
    557.5353408177277,
)
_FAR_ERFC_TOP = (
    0.5641895835477551,
    1.275366707599781,
    5.019050422511805,
    6.160210979930536,
    7.4097426995044895,
    2.9788666537210022,
)
_FAR_ERFC_BOTTOM = (
    1.0,
    2.2605286322011726,
    9.396035249380015,
    12.048953980809666,
    17.08144507475659,
    9.608968090632859,
    3.369076451000815,
)
_CENTRE_TOP = (
    2509.0809287301227,
    33430.57558358813,
    67265.7709270087,
    45921.95393154987,
    13731.69376550946,
    1971.5909503065513,
    133.14166789178438,
    3.3871328727963665,
)
_CENTRE_BOTTOM = (
    5226.495278852546,
    28729.085735721943,
    39307.89580009271,
    21213.794301586597,
    5394.196021424751,
    687.1870074920579,
    42.31333070160091,
    1.0,
)
_TAIL_TOP = (
    0.0007745450142783414,
    0.022723844989269184,
    0.2417807251774506,
    1.2704582524523684,
    3.6478483247632045,
    5.769497221460691,
    4.630337846156546,
    1.4234371107496835,
)
_TAIL_BOTTOM = (
    1.0507500716444169e-09,
    0.0005475938084995345,
    0.015198666563616457,
    0.14810397642748008,
    0.6897673349851,
    1.6763848301838038,
    2.053191626637759,
    1.0,
)
_FAR_TOP = (
    2.0103343992922881e-07,
    2.7115555687434876e-05,
    0.0012426609473880784,
    0.026532189526576124,
    0.29656057182850487,
    1.7848265399172913,
    5.463784911164114,
    6.657904643501103,
)
_FAR_BOTTOM = (
    2.0442631033899397e-15,
    1.421511758316446e-07,
    1.8463183175100548e-05,
    0.0007868691311456133,
    0.014875361290850615,
    0.1369298809227358,
    0.599832206555888,
    1.0,
)


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


# Extremes of the lanes, none of which is below nought or NaN: such numbers are ordered as their
# bits are, and the extreme of whole numbers fills vectors.


@step
def least(x):
    """Least of `x` (float64[LANES], not negative)."""
    return least_beyond(x, math.inf)


@step
def greatest(x):
    """Greatest of `x` (float64[LANES], not negative)."""
    found = _bits_of_float(x[0])
    for l in range(LANES):
        bits = _bits_of_float(x[l])
        found = max(found, bits)
    return _float_of_bits(found)


@step
def least_beyond(x, middle):
    """Least of what each of `x` (float64[LANES], not negative) exceeds 0 or `middle` by."""
    found = _bits_of_float(x[0])
    for l in range(LANES):
        bits = _bits_of_float(x[l] - middle if x[l] >= middle else x[l])
        found = min(found, bits)
    return _float_of_bits(found)


@step
def chance(rate_per_year):
    """Weekly probability of a hazard given per year: 1 - exp(-rate / 52)."""
    return -math.expm1(-rate_per_year / 52.0)


@step
def happens(u, rate_per_year):
    """Whether a hazard strikes this week; the exponential is spared where it surely does not."""
    return u * 52.0 < rate_per_year and u < chance(rate_per_year)


@step
def _polynomial(x, coefficients):
    """Value at `x`; the coefficient of the highest power stands first."""
    total = 0.0
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


@step
def usual_normal_cdf(z):
    """`normal_cdf` for USUAL <= |z| < FAR: without branches, so that a loop of it fills vectors."""
    x = abs(z) * _HALF_SQRT2
    ratio = _polynomial(x, _ERFC_TOP) / _polynomial(x, _ERFC_BOTTOM)
    tail = 0.5 * exponential(-x * x) * ratio
    return 1.0 - tail if z > 0.0 else tail


@call
def normal_cdf(z):
    """Standard normal distribution function, to 1e-13 relative on either side [Moshier89]_."""
    if abs(z) > 37.4:  # infinity among them; exp(-z z / 2) ends here
        return 1.0 if z > 0.0 else 0.0
    x = abs(z) * _HALF_SQRT2
    if abs(z) < USUAL:
        half = 0.5 * x * _polynomial(x * x, _ERF_TOP) / _polynomial(x * x, _ERF_BOTTOM)
        return 0.5 + half if z > 0.0 else 0.5 - half
    if abs(z) < FAR:
        return usual_normal_cdf(z)
    ratio = _polynomial(x, _FAR_ERFC_TOP) / _polynomial(x, _FAR_ERFC_BOTTOM)
    tail = 0.5 * exponential(-x * x) * ratio
    return 1.0 - tail if z > 0.0 else tail


@call
def normal_quantile(p):
    """Standard normal quantile of p in (0, 1), to about 1e-16 relative [Wichura88]_."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _polynomial(r, _CENTRE_TOP) / _polynomial(r, _CENTRE_BOTTOM)
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        z = _polynomial(r - 1.6, _TAIL_TOP) / _polynomial(r - 1.6, _TAIL_BOTTOM)
    else:
        z = _polynomial(r - 5.0, _FAR_TOP) / _polynomial(r - 5.0, _FAR_BOTTOM)
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
    some, pending = False, False
    for l in range(LANES):
        first = none[l]
        term = first * mean[l]
        more = u[l] >= first
        wk.count[l] = 1.0 if more else 0.0
        wk.miss[l] = keep if more else 1.0
        wk.term[l] = term
        wk.cumulative[l] = first + term
        some |= more
        pending |= u[l] >= first + term
    n = 1 if some else 0
    while pending and n < most:
        n += 1
        share = 1.0 / n
        pending = False
        for l in range(LANES):
            before = wk.cumulative[l]
            more = u[l] >= before
            wk.count[l] += 1.0 if more else 0.0
            wk.miss[l] *= keep if more else 1.0
            term = wk.term[l] * (mean[l] * share)
            wk.term[l] = term
            cumulative = before + term
            wk.cumulative[l] = cumulative
            pending |= u[l] >= cumulative
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
