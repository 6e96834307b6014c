"""Beliefs in range units: each uncertain quantity as an axis from -1 through 0 to 1.

0 is the central value, and -1 and 1 are the two ends of the range, beyond which few informed
critics would put the truth. Between, an axis is even in the number, or in its logarithm where the
law is a law of ratios.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from openchannel.domain import (
    Case,
    Discrete,
    Draw,
    Law,
    LogNormal,
    LogUniform,
    Override,
    Parameter,
    Pert,
    Uniform,
    World,
)
from openchannel.ensemble.design import quantile

__all__ = ["Axis", "axes_of", "world_at"]

_CUT = 0.025  # a law without ends is cut where this share of it lies beyond
_CENTRE = {"value": 0.0, "times": 1.0, "plus": 0.0}


@dataclass(frozen=True, slots=True)
class Axis:
    """One quantity of the case that may be believed otherwise.

    low, central, high : in the quantity's own number (a multiplier for `times`)
    how : what the number does to the elements
    """

    name: str
    parameter: Parameter
    elements: tuple[str, ...]
    how: Literal["value", "times", "plus"]
    low: float
    central: float
    high: float
    is_ratio: bool

    def value(self, place: float) -> float:
        """The quantity at a place from -1 to 1 of the axis."""
        end = self.high if place >= 0 else self.low
        share = min(1.0, abs(place))
        if self.is_ratio:
            return float(self.central * (end / self.central) ** share)
        return self.central + share * (end - self.central)

    def place(self, value: float) -> float:
        """Where on the axis a value lies; beyond 1 in size where it is outside the range."""
        end = self.high if value >= self.central else self.low
        if self.central in (end, value):
            return 0.0
        if self.is_ratio:
            share = math.log(value / self.central) / math.log(end / self.central)
        else:
            share = (value - self.central) / (end - self.central)
        return share if end == self.high else -share

    def overrides(self, place: float) -> tuple[Override, ...]:
        """What a world that holds this belief sets or scales; nothing at place 0."""
        if place == 0.0:
            return ()
        x = self.value(place)
        if self.how == "times":
            return (Override(self.parameter.key, self.elements, "times", x),)
        if self.how == "value":
            return (Override(self.parameter.key, self.elements, "set", x),)
        return self.held(place)

    def held(self, place: float) -> tuple[Override, ...]:
        """The same, as numbers that do not move with a draw of the rest."""
        if place == 0.0:
            return ()
        x, (low, high) = self.value(place), self.parameter.bounds
        made = {
            e: {"value": x, "times": self.parameter[e] * x, "plus": self.parameter[e] + x}[self.how]
            for e in self.elements
        }
        return tuple(
            Override(self.parameter.key, (e,), "set", min(max(number, low), high))
            for e, number in made.items()
        )

    @property
    def limits(self) -> tuple[float, float]:
        """Places that the axis offers: an end where the range does not go is closed."""
        return (
            -1.0 if self.low < self.central else 0.0,
            1.0 if self.high > self.central else 0.0,
        )


def axes_of(case: Case) -> tuple[Axis, ...]:
    """Every quantity that the case varies by a law of its own, in the order of their keys.

    Shares that are drawn together (Dirichlet) have no single number to move and are left out, as
    are the common factors, which move many beliefs at once.
    """
    return tuple(_axes(case))


def _axes(case: Case) -> Iterator[Axis]:
    for key in sorted(case.parameters):
        parameter = case.parameters[key]
        for draw in parameter.draws:
            if draw.how == "dirichlet" or draw.law is None:
                continue
            central = parameter[draw.elements[0]] if draw.how == "value" else _CENTRE[draw.how]
            low, high = _ends(draw.law)
            ratio = isinstance(draw.law, LogUniform | LogNormal) and central > 0
            low, high = min(low, central), max(high, central)
            yield Axis(
                _name(parameter, draw), parameter, draw.elements, draw.how,
                low, central, high, ratio,
            )  # fmt: skip


def _name(parameter: Parameter, draw: Draw) -> str:
    name = parameter.key
    if len(parameter.draws) > 1:
        name += "_" + draw.elements[0]
    return name if draw.how == "value" else f"{name}_{draw.how}"


def _ends(law: Law) -> tuple[float, float]:
    match law:
        case LogNormal() | Discrete():
            low, high = quantile(law, np.array([_CUT, 1.0 - _CUT])).tolist()
            return low, high
        case Pert(low, _, high) | Uniform(low, high) | LogUniform(low, high):
            return low, high


def world_at(axes: Sequence[Axis], places: Sequence[float], *, held: bool = False) -> World:
    """The defaults with each belief moved to its place; numbers are set before any are scaled.

    With `held` nothing is scaled, so that moved beliefs stay where they are while others are drawn.
    """
    changes = [
        o
        for axis, p in zip(axes, places, strict=True)
        for o in (axis.held(float(p)) if held else axis.overrides(float(p)))
    ]
    changes.sort(key=lambda o: o.how)  # "set" stands before "times"; the sort keeps the rest
    return World("", "", "", 0.0, tuple(changes))
