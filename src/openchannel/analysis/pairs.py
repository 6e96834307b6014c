"""Two beliefs moved together: where the gain of a policy is nought, and what the evidence allows.

The grid reaches beyond the ranges, so that the rectangle of the evidence can be seen against the
line at which the answer turns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief_axes import Axis
from openchannel.analysis.one_way import OneWay
from openchannel.analysis.sweeps import Sweeps, widened
from openchannel.analysis.thresholds import CLEAR
from openchannel.extras import BELIEF

__all__ = ["PairMap", "choose_pairs", "contour", "map_pairs"]

F8 = NDArray[np.float64]
Say = Callable[[str], None]

_REACH = 1.35  # how far beyond the range a grid goes, as a share of it
_SIDE = 7
_MOST_PAIRS = 3
_AMONG = 6


@dataclass(frozen=True, slots=True)
class PairMap:
    """Gain over one rival at every place of two beliefs; the axes reach beyond the ranges.

    x, y : beliefs with their own ranges ; xs, ys : float64[point], values in the beliefs' units
    gain, error : float64[y, x]
    lines : polylines of gain nought, float64[point, 2] in the beliefs' units
    """

    x: Axis
    y: Axis
    xs: F8
    ys: F8
    gain: F8
    error: F8
    lines: tuple[F8, ...]

    @property
    def share_worse(self) -> float:
        """Share of the rectangle of the evidence in which the policy is measurably worse."""
        inside = np.outer(
            (self.ys >= self.y.low) & (self.ys <= self.y.high),
            (self.xs >= self.x.low) & (self.xs <= self.x.high),
        )
        worse = self.gain <= -CLEAR * self.error
        return float((worse & inside).sum() / max(1, inside.sum()))


def choose_pairs(beliefs: Sequence[OneWay]) -> list[tuple[OneWay, OneWay]]:
    """The pairs that come nearest to turning the answer when both are at their worse ends.

    Each belief is counted by the share of the gain that its worse end takes away; shares multiply,
    as effects do.
    """
    losses = []
    for belief in beliefs:
        profile = belief.central[0].profile
        at_default = profile.at(0.0)[0]
        left = float(profile.mean.min()) / at_default if at_default > 0 else 1.0
        losses.append((left, belief))
    losses.sort(key=lambda pair: pair[0])
    pairs = list(combinations([b for _, b in losses[:_AMONG]], 2))
    share = {id(b): left for left, b in losses}
    pairs.sort(key=lambda p: share[id(p[0])] + share[id(p[1])])
    return pairs[:_MOST_PAIRS]


def map_pairs(
    sweeps: Sweeps, beliefs: Sequence[OneWay], say: Say = lambda _: None
) -> tuple[PairMap, ...]:
    """Maps of the most important pairs, against the first rival."""
    pairs = choose_pairs(beliefs)
    say(f"moving {len(pairs)} pairs of beliefs together...")
    return tuple(_map(sweeps, one.axis, other.axis) for one, other in pairs)


def _map(sweeps: Sweeps, x: Axis, y: Axis) -> PairMap:
    wide_x, wide_y = widened(x, _REACH), widened(y, _REACH)
    xs, ys = _places(wide_x), _places(wide_y)
    gain, error = sweeps.grid(wide_x, wide_y, xs, ys, f"pair {x.name} {y.name}")
    x_values = np.array([wide_x.value(p) for p in xs])
    y_values = np.array([wide_y.value(p) for p in ys])
    lines = contour(x_values, y_values, gain[0])
    return PairMap(x, y, x_values, y_values, gain[0], error[0], lines)


def _places(axis: Axis) -> F8:
    """Even places over what the axis offers; an end at the default itself is not passed."""
    low, high = axis.limits
    half = _SIDE // 2
    below = np.linspace(low, 0.0, half + 1)[:-1] if low < 0 else np.array([])
    above = np.linspace(0.0, high, half + 1)[1:] if high > 0 else np.array([])
    return np.concatenate([below, [0.0], above])


def contour(xs: F8, ys: F8, gain: F8) -> tuple[F8, ...]:
    """Lines of gain nought over a grid: float64[point, 2] each."""
    lines = BELIEF.module("contourpy").contour_generator(xs, ys, gain).lines(0.0)
    return tuple(np.asarray(line, np.float64) for line in lines)
