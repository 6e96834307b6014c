"""Beliefs as people state them to laws: `lo to hi`, a set of quantiles, or one number.

`lo to hi` means that one is nine tenths sure: 5 % of the law lie below `lo` and 5 % above `hi`. The
law keeps the shape that the case gives the quantity, moved and stretched to those two points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

from openchannel.domain import Discrete, Law, LogNormal, LogUniform, Parameter, Pert, Uniform

__all__ = [
    "SHAPE",
    "Exactly",
    "Quantiles",
    "Spread",
    "Stated",
    "centre",
    "family_of",
    "is_holdable",
    "is_ratio",
    "law_of",
    "log_spread",
    "lognormal_between",
    "rescaled",
]

#: Shape of a number to which the case gives no range: even to both sides.
SHAPE = Pert(0.0, 0.5, 1.0)

_TAIL = 0.05
_NORMAL = NormalDist()
_N_POINTS = 1024  # a step of the tabulated law is a thousandth of its weight


@dataclass(frozen=True, slots=True)
class Exactly:
    """One number, held."""

    at: float

    @property
    def numbers(self) -> tuple[float, ...]:
        """Every number stated."""
        return (self.at,)


@dataclass(frozen=True, slots=True)
class Spread:
    """`low to high`: nine tenths sure."""

    low: float
    high: float

    @property
    def numbers(self) -> tuple[float, ...]:
        """Every number stated."""
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Numbers with the probability that the truth lies below each; both rising."""

    probabilities: tuple[float, ...]
    values: tuple[float, ...]

    @property
    def numbers(self) -> tuple[float, ...]:
        """Every number stated."""
        return self.values


Stated = Exactly | Spread | Quantiles


def is_ratio(family: Law) -> bool:
    """Whether a law is one of ratios, so that its numbers lie above 0."""
    return isinstance(family, LogUniform | LogNormal)


def family_of(parameter: Parameter, elements: Sequence[str], how: str) -> Law:
    """The shape that the case gives to a quantity: that of its own range, if it has one.

    A multiplier or a shift has the shape of the number that it makes.
    """
    for draw in parameter.draws:
        overlaps = bool(set(elements) & set(draw.elements))
        if draw.law is not None and overlaps and how in ("set", draw.how):
            return draw.law
    return LogUniform(0.5, 2.0) if how == "times" else SHAPE


def law_of(stated: Stated, family: Law) -> Law:
    """The law of a statement; a number held is a law without width.

    `family` gives the shape of a spread; for a law of ratios both ends must lie above 0.
    """
    match stated:
        case Exactly(at):
            return Uniform(at, at)
        case Quantiles(probabilities, values):
            return _tabulated(probabilities, values)
        case Spread(low, high):
            return _spread(low, high, family)


def is_holdable(stated: Stated, family: Law) -> bool:
    """Whether the law of a statement has numbers that a computer can hold."""
    try:
        law = law_of(stated, family)
        numbers = [*_numbers(law), centre(law)]
    except (OverflowError, ValueError):
        return False
    return all(map(math.isfinite, numbers))


def _numbers(law: Law) -> tuple[float, ...]:
    match law:
        case Pert(low, mode, high):
            return low, mode, high
        case Uniform(low, high) | LogUniform(low, high):
            return low, high
        case LogNormal(median, sigma):
            return median, sigma
        case Discrete(values, _):
            return values


def _spread(low: float, high: float, family: Law) -> Law:
    match family:
        case Pert(a, mode, b):
            return _pert(low, high, (mode - a) / (b - a) if b > a else 0.5)
        case LogNormal():
            return lognormal_between(low, high)
        case LogUniform():
            start, end = _widened(math.log(low), math.log(high))
            return LogUniform(math.exp(start), math.exp(end))
        case Uniform() | Discrete():
            return Uniform(*_widened(low, high))


def lognormal_between(low: float, high: float) -> LogNormal:
    """The log-normal law with 5 % below `low` and 5 % above `high`, both above 0."""
    return LogNormal(math.sqrt(low * high), log_spread(low, high))


def log_spread(low: float, high: float) -> float:
    """Standard deviation of the logarithm of a normal law with these 5 % and 95 % points."""
    return math.log(high / low) / (2.0 * _NORMAL.inv_cdf(1.0 - _TAIL))


def _widened(low: float, high: float) -> tuple[float, float]:
    """Ends of the even law that has these 5 % and 95 % points."""
    beyond = (high - low) * _TAIL / (1.0 - 2.0 * _TAIL)
    return low - beyond, high + beyond


def _pert(low: float, high: float, mode_share: float) -> Pert:
    """The PERT law with these 5 % and 95 % points and its mode at a share of its width."""
    from scipy.special import betaincinv  # noqa: PLC0415 - most files of beliefs need no inverse

    a, b = 1.0 + 4.0 * mode_share, 5.0 - 4.0 * mode_share
    first, last = float(betaincinv(a, b, _TAIL)), float(betaincinv(a, b, 1.0 - _TAIL))
    width = (high - low) / (last - first)
    start = low - first * width
    return Pert(start, start + mode_share * width, start + width)


def _tabulated(probabilities: Sequence[float], values: Sequence[float]) -> Discrete:
    """A law through the quantiles, as a fine table of equally likely numbers.

    The numbers rise along a monotone cubic through the quantiles, against the normal score of the
    probability; beyond the outermost quantiles the curve goes on straight, so that the tails are
    those of a normal law with the slope found there. A probability of 0 or 1 gives a limit instead.

    References
    ----------
    .. [FritschC80] Fritsch and Carlson 1980, Monotone piecewise cubic interpolation, SIAM Journal
       on Numerical Analysis 17: the condition on the slopes.
    """
    inner = [(p, v) for p, v in zip(probabilities, values, strict=True) if 0.0 < p < 1.0]
    lowest = values[0] if probabilities[0] == 0.0 else -math.inf
    highest = values[-1] if probabilities[-1] == 1.0 else math.inf
    curve = _Monotone([_NORMAL.inv_cdf(p) for p, _ in inner], [v for _, v in inner])
    places = ((i + 0.5) / _N_POINTS for i in range(_N_POINTS))
    table = [min(max(curve.at(_NORMAL.inv_cdf(u)), lowest), highest) for u in places]
    return Discrete(tuple(table), (1.0 / _N_POINTS,) * _N_POINTS)


class _Monotone:
    """A curve through rising points that never falls, straight beyond its ends."""

    def __init__(self, x: Sequence[float], y: Sequence[float]) -> None:
        self.x, self.y = x, y
        steps = [(b - a) / (d - c) for (a, b), (c, d) in zip(pairwise(y), pairwise(x), strict=True)]
        inner = [0.0 if a * b <= 0 else 2 * a * b / (a + b) for a, b in pairwise(steps)]
        # The harmonic mean of neighbouring steps keeps every slope below twice the smaller one,
        # which is enough for a cubic that does not fall.
        self.slopes = [steps[0], *inner, steps[-1]]

    def at(self, x: float) -> float:
        """Height of the curve."""
        if x <= self.x[0]:
            return self.y[0] + self.slopes[0] * (x - self.x[0])
        if x >= self.x[-1]:
            return self.y[-1] + self.slopes[-1] * (x - self.x[-1])
        i = max(k for k, start in enumerate(self.x) if start <= x)
        width = self.x[i + 1] - self.x[i]
        t = (x - self.x[i]) / width
        rise = (1 - t) ** 2
        return (
            self.y[i] * (1 + 2 * t) * rise
            + self.slopes[i] * width * t * rise
            + self.y[i + 1] * t * t * (3 - 2 * t)
            + self.slopes[i + 1] * width * t * t * (t - 1)
        )


def centre(law: Law) -> float:
    """The number that stands for a law where beliefs are held at central values."""
    match law:
        case Pert(_, mode, _):
            return mode
        case Uniform(low, high):
            return 0.5 * (low + high)
        case LogUniform(low, high):
            return math.sqrt(low * high)
        case LogNormal(median, _):
            return median
        case Discrete(values, _):
            return 0.5 * (values[(len(values) - 1) // 2] + values[len(values) // 2])


def rescaled(law: Law, times: float = 1.0, plus: float = 0.0) -> Law:
    """The law of the number times `times` (above 0) plus `plus` (0 for laws of ratios)."""

    def move(x: float) -> float:
        return x * times + plus

    match law:
        case Pert(low, mode, high):
            return Pert(move(low), move(mode), move(high))
        case Uniform(low, high):
            return Uniform(move(low), move(high))
        case LogUniform(low, high):
            return LogUniform(low * times, high * times)
        case LogNormal(median, sigma):
            return LogNormal(median * times, sigma)
        case Discrete(values, weights):
            return Discrete(tuple(move(v) for v in values), weights)
