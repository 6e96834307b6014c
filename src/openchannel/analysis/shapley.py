"""Fair shares of a total among parts that act together: first, last, and Shapley's average.

A game gives a value to every set of parts that is switched on. Owns the sets to evaluate and the
arithmetic on their values; knows nothing of claims or beliefs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

__all__ = ["Everything", "Split", "Walks", "exact_split", "orders_of", "subsets", "waterfall_order"]

F8 = NDArray[np.float64]
Part = frozenset[int]

_FEW = 4


@dataclass(frozen=True, slots=True)
class Split:
    """What each part contributes to the step from none to all.

    shapley, first, last : float64[part]
        Average over orders; alone on top of none; as the last one added to all others.
    none, all : value with every part off, and with every part on
    """

    shapley: F8
    first: F8
    last: F8
    none: F8
    all: F8


class Walks:
    """A few random orders, each with its reverse, and the sets met on the way from none to all.

    An order and its reverse add a part early in one and late in the other, so that the error of
    their mean is smaller where parts act together.

    References
    ----------
    .. [Shapley53] the value that is the average of marginal contributions over all orders.
    .. [CastroGT09] Castro, Gomez and Tejada 2009, Polynomial calculation of the Shapley value
       based on sampling, Computers and Operations Research 36: the estimate by random orders.
    .. [MitchellCFH22] Mitchell, Cooper, Frank and Holmes 2022, Sampling permutations for Shapley
       value estimation, Journal of Machine Learning Research 23: orders in antithetic pairs.
    """

    def __init__(self, n_parts: int, n_pairs: int, seed: int) -> None:
        """`seed` fixes the orders; with no part at all there is nothing to walk."""
        self.n_parts = n_parts
        draw = np.random.default_rng(seed)
        orders = [draw.permutation(n_parts) for _ in range(n_pairs)]
        self.orders = [o for order in orders for o in (order, order[::-1])]
        whole = frozenset(range(n_parts))
        wanted: list[Part] = [frozenset(), whole]
        wanted += [frozenset({i}) for i in range(n_parts)]
        wanted += [whole - {i} for i in range(n_parts)]
        wanted += [frozenset(o[:k].tolist()) for o in self.orders for k in range(1, n_parts)]
        self.coalitions: tuple[Part, ...] = tuple(dict.fromkeys(wanted))
        self._place = {part: i for i, part in enumerate(self.coalitions)}

    def split(self, values: F8) -> Split:
        """Shares from the values of `coalitions`.

        Parameters
        ----------
        values : float64[coalition] or float64[coalition, k]
            Several games at once stand side by side; every field then has their axis too.
        """
        whole = frozenset(range(self.n_parts))
        none, full = values[self._place[frozenset()]], values[self._place[whole]]
        shapley = np.zeros((self.n_parts, *values.shape[1:]))
        for order in self.orders:
            path = [values[self._place[frozenset(order[:k].tolist())]] for k in range(len(order))]
            shapley[order] += np.diff(np.array([*path, full]), axis=0)
        alone = [values[self._place[frozenset({i})]] - none for i in range(self.n_parts)]
        ending = [full - values[self._place[whole - {i}]] for i in range(self.n_parts)]
        shape = shapley.shape
        return Split(
            shapley / max(1, len(self.orders)),
            np.reshape(alone, shape),
            np.reshape(ending, shape),
            np.asarray(none),
            np.asarray(full),
        )


class Everything:
    """Every set of parts, for a game of few: shares without an error of their own."""

    def __init__(self, n_parts: int) -> None:
        """There are 2^n sets, so keep `n_parts` small."""
        self.n_parts = n_parts
        self.coalitions: tuple[Part, ...] = tuple(subsets(n_parts))

    def split(self, values: F8) -> Split:
        """Shares from the values of `coalitions`, as `Walks.split` gives them."""
        place = {part: i for i, part in enumerate(self.coalitions)}
        whole = frozenset(range(self.n_parts))
        none, full = values[0], values[-1]
        shape = (self.n_parts, *values.shape[1:])
        alone = [values[place[frozenset({i})]] - none for i in range(self.n_parts)]
        ending = [full - values[place[whole - {i}]] for i in range(self.n_parts)]
        return Split(
            exact_split(self.n_parts, values),
            np.reshape(alone, shape),
            np.reshape(ending, shape),
            np.asarray(none),
            np.asarray(full),
        )


def orders_of(n_parts: int, seed: int) -> Walks | Everything:
    """All sets where a pair of walks would meet nearly as many; else a pair of random walks."""
    return Everything(n_parts) if n_parts <= _FEW else Walks(n_parts, 1, seed)


def subsets(n_parts: int) -> Iterator[Part]:
    """Every set of parts, the smaller first; 2^n of them."""
    for size in range(n_parts + 1):
        for chosen in combinations(range(n_parts), size):
            yield frozenset(chosen)


def exact_split(n_parts: int, values: F8) -> F8:
    """Shapley's shares from the values of all `subsets`, in their order.

    `values` is float64[subset] or float64[subset, k]; the shares are float64[part] or [part, k].

    Examples
    --------
    >>> exact_split(2, np.array([0.0, 1.0, 2.0, 5.0]))
    array([2., 3.])
    """
    place = {part: i for i, part in enumerate(subsets(n_parts))}
    shares = np.zeros((n_parts, *values.shape[1:]))
    total = factorial(n_parts)
    for part, at in place.items():
        left = set(range(n_parts)) - part
        if not left:
            continue
        weight = factorial(len(part)) * factorial(len(left) - 1) / total
        for i in left:
            shares[i] += weight * (values[place[part | {i}]] - values[at])
    return shares


def waterfall_order(shapley: Sequence[float]) -> list[int]:
    """Parts in the order of a waterfall, the largest fall first and the largest rise last.

    Examples
    --------
    >>> waterfall_order([0.5, -1.0, 0.1, -2.0])
    [3, 1, 2, 0]
    """
    return sorted(range(len(shapley)), key=lambda i: shapley[i])
