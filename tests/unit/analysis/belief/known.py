"""Functions whose sensitivity is known on paper."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief import BeliefDraws, Target

F8 = NDArray[np.float64]


def table(values: F8, **modules: str) -> BeliefDraws:
    """Draws with the names x1, x2, ..."""
    return BeliefDraws(tuple(f"x{i + 1}" for i in range(values.shape[1])), values, modules)


def belief(name: str) -> Callable[[BeliefDraws], F8]:
    """A belief itself as a quantity that can be asked about."""
    return lambda draws: draws.column(name)


def ishigami(u: F8) -> F8:
    """Ishigami & Homma (1990) with a = 7, b = 0.1, on the unit cube."""
    x = np.pi * (2.0 * u - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices() -> tuple[list[float], list[float], list[float]]:
    """First-order, total and Shapley indices: V1, V2, V13 and their division."""
    a, b = 7.0, 0.1
    v1 = (1.0 + b * np.pi**4 / 5.0) ** 2 / 2.0
    v2 = a**2 / 8.0
    v13 = b**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    v = v1 + v2 + v13
    return (
        [v1 / v, v2 / v, 0.0],
        [(v1 + v13) / v, v2 / v, v13 / v],
        [(v1 + v13 / 2.0) / v, v2 / v, v13 / 2.0 / v],
    )


G_WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])


def sobol_g(u: F8) -> F8:
    """Sobol's G function with the weights of Saltelli et al. (2008)."""
    return ((np.abs(4.0 * u - 2.0) + G_WEIGHTS) / (1.0 + G_WEIGHTS)).prod(axis=1)


def sobol_g_indices() -> tuple[F8, F8]:
    """First-order and total indices: V_i = 1/3 / (1 + a_i)^2."""
    part = 1.0 / 3.0 / (1.0 + G_WEIGHTS) ** 2
    whole = (1.0 + part).prod() - 1.0
    return part / whole, part * (1.0 + part).prod() / (1.0 + part) / whole


def linear_gaussian_shapley(slope: F8, covariance: F8) -> F8:
    """Shapley effects of b'X for normal X, by all subsets (Owen & Prieur 2017).

    The worth of a set u is Var(E[b'X | X_u]) = b' C_u C_uu^-1 C_u' b.
    """
    from itertools import combinations
    from math import comb

    d = len(slope)
    cross = covariance @ slope

    def worth(u: tuple[int, ...]) -> float:
        if not u:
            return 0.0
        inner = covariance[np.ix_(u, u)]
        return float(cross[list(u)] @ np.linalg.solve(inner, cross[list(u)]))

    effects = np.zeros(d)
    for j in range(d):
        rest = [i for i in range(d) if i != j]
        for k in range(d):
            for u in combinations(rest, k):
                gain = worth(tuple(sorted((*u, j)))) - worth(u)
                effects[j] += gain / d / comb(d - 1, k)
    return effects / float(slope @ cross)


def exact(y: F8) -> Target:
    """Target without luck."""
    from openchannel.analysis.belief import size_of_difference

    return size_of_difference(y, np.zeros_like(y))
