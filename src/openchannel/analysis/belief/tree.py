"""A short tree of yes-or-no questions about beliefs that tells where a policy loses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.draws import BeliefDraws
from openchannel.extras import BELIEF

__all__ = ["Leaf", "Tree", "grow"]

F8 = NDArray[np.float64]
Terms = tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """An end of the tree.

    terms : (belief, lower end, upper end) on the way to it, infinite where open
    mass, coverage, density : as for a box, on the draws that the tree was grown on
    """

    terms: Terms
    mass: float
    coverage: float
    density: float


@dataclass(frozen=True, slots=True)
class Tree:
    """Leaves from the densest on, and what the tree is worth on draws it has not seen.

    explained : share of the variance of the label that trees grown on four fifths of the draws
        explain in the fifth left out; at most zero where the tree is of no use
    """

    leaves: tuple[Leaf, ...]
    explained: float


def grow(
    draws: BeliefDraws, chance: F8, *, depth: int = 3, smallest: float = 0.05, seed: int = 0
) -> Tree:
    """A tree of at most `depth` questions by scikit-learn.

    Least squares on chances splits where Gini's measure would on labels of those chances.

    References
    ----------
    Breiman, Friedman, Olshen, Stone (1984), Classification and Regression Trees;
    Lempert, Bryant, Bankes (2008), RAND WR-557: trees beside PRIM.
    """
    library = BELIEF.module("sklearn.tree")

    def fit(rows: NDArray[np.int64]) -> Any:
        return library.DecisionTreeRegressor(
            max_depth=depth, min_samples_leaf=max(1, int(smallest * len(rows))), random_state=seed
        ).fit(draws.values[rows], chance[rows])

    fold = np.random.default_rng(seed).permutation(draws.n) % 5
    rows = np.arange(draws.n)
    predicted = np.empty(draws.n)
    for k in range(5):
        predicted[fold == k] = fit(rows[fold != k]).predict(draws.values[fold == k])
    q = float(chance.mean())
    worth = float((2.0 * chance * predicted - predicted**2).mean()) - q * q
    tree = fit(rows)
    at = tree.apply(draws.values)
    total = max(float(chance.sum()), 1e-300)
    leaves = [
        Leaf(
            terms,
            float((at == node).mean()),
            float(chance[at == node].sum()) / total,
            float(chance[at == node].mean()),
        )
        for node, terms in _paths(tree.tree_, draws.names)
    ]
    leaves.sort(key=lambda leaf: -leaf.density)
    return Tree(tuple(leaves), worth / (q * (1.0 - q)) if 0.0 < q < 1.0 else 0.0)


def _paths(tree: Any, names: tuple[str, ...]) -> Iterator[tuple[int, Terms]]:
    """Leaves of a scikit-learn tree with the limits on the way to each."""
    waiting: list[tuple[int, dict[int, tuple[float, float]]]] = [(0, {})]
    while waiting:
        node, ends = waiting.pop()
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left == right:
            yield node, tuple((names[j], low, high) for j, (low, high) in ends.items())
            continue
        j, cut = int(tree.feature[node]), float(tree.threshold[node])
        low, high = ends.get(j, (-np.inf, np.inf))
        waiting.append((left, {**ends, j: (low, min(high, cut))}))
        waiting.append((right, {**ends, j: (max(low, cut), high)}))
