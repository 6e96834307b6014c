"""Two sides' beliefs about one case, drawn from the same coordinates; and where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.common_luck import derived_seed
from openchannel.domain import Case, Draw, Parameter, Uniform, World
from openchannel.ensemble.design import sample_beliefs
from openchannel.model import Beliefs, world_beliefs
from openchannel.model.pack import get, place

__all__ = ["Difference", "Opinion", "aligned", "differences"]

F8 = NDArray[np.float64]
_LOOK = 256  # draws that are looked at to see where two sides differ
_SAME = 1e-9  # of the number's size; laws that were rescaled differ in the last digits


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one side believes: a case, the worlds it holds possible, and whether ranges are drawn.

    Several worlds are a mixture by their weights: each draw of beliefs falls to one of them.
    """

    case: Case
    worlds: tuple[World, ...]
    ranges: bool

    def draw(self, n_draws: int, seed: int) -> Beliefs:
        """Draws of beliefs: par float64[draw, Scalar], ch float64[draw, channel, Column]."""
        sample = sample_beliefs(self.case, n_draws, seed, ranges=self.ranges).beliefs
        if not self.ranges:
            sample = Beliefs(np.repeat(sample.par, n_draws, 0), np.repeat(sample.ch, n_draws, 0))
        mine = sample.copy()
        held = _shared_out(np.array([w.weight for w in self.worlds]), n_draws, seed)
        for w, world in enumerate(self.worlds):
            rows = held == w
            view = world_beliefs(self.case, world, Beliefs(sample.par[rows], sample.ch[rows]))
            mine.par[rows], mine.ch[rows] = view.par, view.ch
        return mine


def _shared_out(weights: F8, n_draws: int, seed: int) -> NDArray[np.int64]:
    """The world of each draw: as near to the weights as whole numbers allow, in a random order."""
    total = weights.sum()
    shares = weights / total if total > 0 else np.full(len(weights), 1.0 / len(weights))
    draw = np.random.default_rng(derived_seed(seed, "worlds"))
    places = (np.arange(n_draws) + draw.random()) / n_draws
    worlds = np.minimum(np.searchsorted(np.cumsum(shares), places, "right"), len(weights) - 1)
    return draw.permutation(worlds)


@dataclass(frozen=True, slots=True)
class Difference:
    """One parameter of which two sides believe different things.

    mine, yours : by element that differs, the 5 %, 50 % and 95 % points of each side's draws
    """

    parameter: Parameter
    mine: dict[str, tuple[float, float, float]]
    yours: dict[str, tuple[float, float, float]]


def differences(mine: Opinion, yours: Opinion, seed: int) -> tuple[Difference, ...]:
    """Parameters of which two sides believe different things, in the order of their keys."""
    mine, yours = aligned(mine, yours)
    a, b = mine.draw(_LOOK, seed), yours.draw(_LOOK, seed)
    found = []
    for key in sorted(mine.case.parameters):
        parameter = mine.case.parameters[key]
        here: dict[str, tuple[float, float, float]] = {}
        there: dict[str, tuple[float, float, float]] = {}
        for element in parameter.elements:
            where = place(mine.case, key, element)
            if where is None:
                continue
            x, y = get(a, where), get(b, where)
            if not np.allclose(x, y, rtol=_SAME, atol=0.0, equal_nan=True):
                here[element], there[element] = _points(x), _points(y)
        if here:
            found.append(Difference(parameter, here, there))
    return tuple(found)


def _points(x: F8) -> tuple[float, float, float]:
    low, middle, high = np.quantile(x, (0.05, 0.5, 0.95))
    return float(low), float(middle), float(high)


def aligned(mine: Opinion, yours: Opinion) -> tuple[Opinion, Opinion]:
    """Both with as many coordinates of the sample for each parameter, so that they share them.

    Shifts by nothing are added where one side draws fewer numbers than the other.
    """
    keys = set(mine.case.parameters) & set(yours.case.parameters)
    most = {k: max(_width(o.case.parameters[k]) for o in (mine, yours)) for k in keys}
    return _padded(mine, most), _padded(yours, most)


def _width(parameter: Parameter) -> int:
    return sum(len(d.elements) if d.how == "dirichlet" else 1 for d in parameter.draws)


def _padded(side: Opinion, most: Mapping[str, int]) -> Opinion:
    parameters = dict(side.case.parameters)
    for key, width in most.items():
        parameter = parameters[key]
        still = Draw(parameter.elements[:1], "plus", Uniform(0.0, 0.0))
        extra = (still,) * (width - _width(parameter))
        if extra:
            parameters[key] = replace(parameter, draws=(*parameter.draws, *extra))
    return replace(side, case=replace(side.case, parameters=parameters))
