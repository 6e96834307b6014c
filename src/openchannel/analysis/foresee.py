"""Which signs could change an answer most: how far each may be expected to move the gain.

Nothing has been seen yet. Every count that a sign may show has its chance, and its gain given that
count; how these gains differ is what waiting may bring. Squares of noisy gains would make every
sign look telling, so no draw is multiplied with itself, and a policy that one half of the draws
chooses is valued on the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief import BeliefDraws, Index, first_order, size_of_difference
from openchannel.analysis.draws import LUCK, Draws
from openchannel.analysis.measured import Measured

__all__ = ["Foreseen", "Predicted", "Showing", "drivers", "foresee", "predicted"]

F8 = NDArray[np.float64]
#: A value that may be seen, and its log-chance under each world and draw: float64[world, draw].
Showing = tuple[float, F8]
_LOSS = "composite_loss"
_BLOCKS = 32  # for errors, one left out at a time
_LEFT_OUT = 1e-4  # chance of counts above the largest that is looked at
_MOST = 2000


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What waiting for one sign may bring.

    variance : of the gain given the sign, in squared units of loss: zero for one that says nothing
    saves : what choosing the best policy after seeing it would save, in units of loss
    low, high : what one draw in ten would show less than, and one in ten more than
    """

    sign: str
    variance: Measured
    saves: Measured
    low: float
    high: float

    @property
    def move(self) -> Measured:
        """Typical size of the move of the gain; unknown where it is not told from nothing."""
        if not (self.variance.is_measurable and self.variance.mean > 0.0):
            return Measured(float("nan"), float("nan"))
        size = float(np.sqrt(self.variance.mean))
        return Measured(size, self.variance.mcse / (2.0 * size))


def foresee(draws: Draws, policy: str, sign: str, showing: Iterable[Showing]) -> Foreseen:
    """What a sign may bring that can show these values, from the lowest up; it ends by itself."""
    loss = draws.metrics[_LOSS]
    relative = loss - loss[:, :, [draws.base]]
    at = draws.policies.index(policy)
    before = np.repeat(draws.weights[:, None], draws.n_draws, axis=1)
    values: list[float] = []
    kept: list[_Sums] = []
    total = 0.0
    for value, log_chance in showing:
        values.append(value)
        chance = before * np.exp(log_chance)
        kept.append(_Sums.of(chance, relative, at))
        total += float(chance.sum()) / draws.n_draws
        if total > 1.0 - _LEFT_OUT or len(values) > _MOST:
            break
    # Last of all stands what is believed without looking.
    kept.append(_Sums.of(before, relative, at))
    sums = _Sums(*(np.stack([getattr(s, f) for s in kept]) for f in _Sums.__slots__))
    below = np.cumsum(sums.weight[:-1].sum(axis=(1, 2))) / draws.n_draws
    places = np.minimum(np.searchsorted(below, (0.1, 0.9)), len(values) - 1)
    low, high = (values[int(p)] for p in places)
    return Foreseen(sign, _with_error(_variance, sums), _with_error(_saves, sums), low, high)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over the draws of each block and half, once what may be seen is given.

    weight, own : chances, and the policy's loss times them: float64[..., block, half]
    squares, crossed : own squared and weight squared, draw by draw
    loss : of every policy, times the chances: float64[..., block, half, policy]

    Worlds share the luck of their draw, so they are added up before draws are held apart.
    """

    weight: F8
    own: F8
    squares: F8
    crossed: F8
    loss: F8

    @classmethod
    def of(cls, chance: F8, relative: F8, at: int) -> _Sums:
        """From chances float64[world, draw] and losses float64[world, draw, policy]."""
        weight = chance.sum(axis=0)
        loss = np.einsum("wd,wdp->dp", chance, relative)
        own = loss[:, at]
        return cls(*(_parted(x) for x in (weight, own, own**2, weight**2, loss)))

    def without(self, block: int) -> _Sums:
        """The same with one block left out."""
        return _Sums(*(np.delete(getattr(self, f), block, axis=1) for f in self.__slots__))


def _parted(values: F8) -> F8:
    """Sums over the draws of each block and half: float64[draw, ...] to [block, half, ...]."""
    draw = np.arange(len(values))
    place = 2 * (draw * min(_BLOCKS, len(values)) // len(values)) + draw % 2
    found = np.zeros((2 * min(_BLOCKS, len(values)), *values.shape[1:]))
    np.add.at(found, place, values)
    return found.reshape(-1, 2, *values.shape[1:])


def _variance(sums: _Sums) -> float:
    """Variance of the mean loss given what is seen.

    Squares of means from products of different draws alone: the square of a draw's own luck tells
    nothing.
    """
    over = (1, 2)
    weight, own = sums.weight.sum(over), sums.own.sum(over)
    pairs = weight**2 - sums.crossed.sum(over)
    square = (own**2 - sums.squares.sum(over)) / np.maximum(pairs, 1e-300)
    chance = weight[:-1] / weight[:-1].sum()
    return float(chance @ square[:-1] - square[-1])


def _saves(sums: _Sums) -> float:
    """Loss saved by choosing after the sign, on draws that had no part in the choice."""
    saved = 0.0
    loss, weight = sums.loss[:-1].sum(axis=1), sums.weight[:-1].sum(axis=1)
    for own, other in ((0, 1), (1, 0)):
        usual = int(np.argmin(loss[:, own].sum(axis=0)))
        chosen = np.argmin(loss[:, own], axis=1)
        paid = loss[:, other]
        gap = paid[:, usual] - paid[np.arange(len(chosen)), chosen]
        saved += float(gap.sum() / weight[:, other].sum()) / 2.0
    return saved


def _with_error(measure: Callable[[_Sums], float], sums: _Sums) -> Measured:
    """A measure of sums with its error by the jackknife over blocks of neighbouring draws."""
    n = sums.weight.shape[1]
    parts = np.array([measure(sums.without(b)) for b in range(n)])
    spread = ((parts - parts.mean()) ** 2).sum() * (n - 1) / n
    return Measured(measure(sums), float(np.sqrt(spread)))


@dataclass(frozen=True, slots=True)
class Predicted:
    """What was to be expected of a sign before it was looked at.

    p05, p95 : of the counts ; tail : chance of a count at least as far out as that seen, both ways
    """

    mean: float
    p05: float
    p95: float
    tail: float


def predicted(weights: F8, seen: float, showing: Iterable[Showing]) -> Predicted:
    """What a sign was expected to show, over all worlds and draws, and how far out it came."""
    values, chances = [], []
    for value, log_chance in showing:
        values.append(value)
        chances.append(float(weights @ np.exp(log_chance).mean(axis=1)))
        if (sum(chances) > 1.0 - _LEFT_OUT and value >= seen) or len(values) > _MOST:
            break
    shown, chance = np.array(values), np.array(chances) / sum(chances)
    low, high = (float(shown[np.searchsorted(np.cumsum(chance), q)]) for q in (0.05, 0.95))
    # Half of what is as far out counts on each side, so that a sure count is no surprise.
    below = float(chance[shown < seen].sum() + 0.5 * chance[shown == seen].sum())
    return Predicted(float(shown @ chance), low, high, 2.0 * min(below, 1.0 - below))


def drivers(draws: Draws, policy: str, seed: int) -> tuple[Index, ...]:
    """Beliefs on which the size of the gain turns, told from zero, the largest share first.

    Schools of thought are mixed by their weights, each draw in one of them.
    """
    world, draw = draws.mixed(seed)
    loss = draws.metrics[_LOSS][world, draw]
    at = draws.policies.index(policy)
    luck = np.nan_to_num(draws.metrics[LUCK][world, draw, at]) ** 2
    target = size_of_difference(loss[:, at] - loss[:, draws.base], luck)
    beliefs = BeliefDraws(draws.quantities, draws.beliefs[world, draw], {})
    told = [i for i in first_order(beliefs, target) if not i.covers_zero]
    return tuple(sorted(told, key=lambda i: -i.value))
