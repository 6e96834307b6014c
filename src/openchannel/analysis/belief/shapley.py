"""Shapley effects: a fair division of the variance among beliefs that depend on each other.

The worth of a set of beliefs is the variance explained by a surface of them. The surfaces of a
belief order are nested, so one orthogonal decomposition gives the worth of all of them; averages
over random orders, each with its reverse, give the effects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from openchannel.analysis.belief.draws import BeliefDraws
from openchannel.analysis.belief.explained import terms_for
from openchannel.analysis.belief.index import Index, ratio, undefined
from openchannel.analysis.belief.projection import spline, without_own_mean
from openchannel.analysis.belief.surface import strongest
from openchannel.analysis.belief.targets import Target

__all__ = ["ShapleyEffects", "shapley_effects"]

F8 = NDArray[np.float64]
_DEPENDENT = 1e-6


@dataclass(frozen=True, slots=True)
class ShapleyEffects:
    """Effects that add up to what the surface explains; the players are beliefs or modules.

    effects : one a belief or module
    explained : their sum, the share of the variance that the surface holds
    """

    effects: tuple[Index, ...]
    explained: Index


@dataclass(frozen=True)
class _Block:
    """Columns that enter the surface once all their members have entered."""

    members: tuple[int, ...]
    columns: F8


def shapley_effects(
    draws: BeliefDraws,
    target: Target,
    *,
    by_module: bool = False,
    terms: int | None = None,
    n_products: int = 6,
    product_terms: int = 1,
    n_orders: int = 32,
    seed: int = 0,
) -> ShapleyEffects:
    """Shapley effect of each belief, or of each module, with its error.

    Undefined (NaN) where there are fewer than two draws for each column of the surface.

    Parameters
    ----------
    terms : spline columns a belief; default as many as the draws can carry, at most 3
    n_products : products are formed between this many of the strongest beliefs
    product_terms : spline columns of each partner of a product
    n_orders : random orders, half of them the reverse of the others

    References
    ----------
    Owen (2014) and Owen & Prieur (2017), SIAM/ASA J. Uncertainty Quantification 2 and 5;
    Song, Nelson, Staum (2016), same journal, 4: random orders.
    """
    players = (
        tuple(draws.by_module.items())
        if by_module
        else tuple((name, (i,)) for i, name in enumerate(draws.names))
    )
    blocks = _blocks(draws, target, [c for _, c in players], terms, n_products, product_terms)
    if draws.n < 2 * (1 + sum(block.columns.shape[1] for block in blocks)):
        return ShapleyEffects(tuple(undefined(n) for n, _ in players), undefined("all beliefs"))
    worth, each, between = _average(blocks, target, len(players), n_orders, seed)
    bottom, bottom_each = target.variance, target.spread - target.spread.mean()
    effects = []
    for g, (name, _) in enumerate(players):
        index = ratio(name, worth[g], bottom, each[:, g], bottom_each)
        of_orders = between[g] / bottom if bottom > 0 else float("nan")
        effects.append(Index(name, index.value, float(np.hypot(index.error, of_orders))))
    total = ratio("all beliefs", float(worth.sum()), bottom, each.sum(axis=1), bottom_each)
    return ShapleyEffects(tuple(effects), total)


def _blocks(
    draws: BeliefDraws,
    target: Target,
    players: Sequence[tuple[int, ...]],
    terms: int | None,
    n_products: int,
    product_terms: int,
) -> list[_Block]:
    each = terms or terms_for(draws.n, len(draws.names))
    bases = [spline(x, each) for x in draws.values.T]
    home = {column: g for g, columns in enumerate(players) for column in columns}
    blocks = [
        _Block((g,), np.concatenate([bases[c] for c in columns], axis=1))
        for g, columns in enumerate(players)
    ]
    loudest = int(np.argmax(target.values.var(axis=0)))
    for a, b in combinations(strongest(draws.values, target.values[:, loudest], n_products), 2):
        left, right = bases[a][:, :product_terms], bases[b][:, :product_terms]
        columns = (left[:, :, None] * right[:, None, :]).reshape(draws.n, -1)
        columns = columns - columns.mean(axis=0)
        blocks.append(_Block(tuple({home[a], home[b]}), columns / np.linalg.norm(columns, axis=0)))
    return blocks


def _average(
    blocks: Sequence[_Block], target: Target, n_players: int, n_orders: int, seed: int
) -> tuple[F8, F8, F8]:
    """Mean gain of each player over orders, what each draw adds to it, and the error of the orders.

    Returns float64[player], float64[draw, player], float64[player].
    """
    generator = np.random.default_rng(seed)
    n_pairs = max(1, n_orders // 2)
    each = np.zeros((len(target.values), n_players))
    gains = np.zeros((n_pairs, n_players))
    for pair in range(n_pairs):
        order = generator.permutation(n_players)
        for way in (order, order[::-1]):
            value, influence = _worths(blocks, target, way)
            gains[pair, way] += np.diff(value, prepend=0.0) / 2.0
            each[:, way] += np.diff(influence, axis=1, prepend=0.0) / (2.0 * n_pairs)
    worth = gains.mean(axis=0)
    between = gains.std(axis=0, ddof=1) / np.sqrt(n_pairs) if n_pairs > 1 else np.zeros(n_players)
    return worth, np.asarray(each - each.mean(axis=0)), np.asarray(between)


def _worths(blocks: Sequence[_Block], target: Target, order: NDArray[np.int64]) -> tuple[F8, F8]:
    """Variance explained by the first 1, 2, ... players of an order: float64[player].

    And what each draw adds to it: float64[draw, player].
    """
    rank = np.argsort(order)
    entry = [max(rank[g] for g in block.members) for block in blocks]
    queue = sorted(range(len(blocks)), key=lambda b: (entry[b], b))
    columns = np.concatenate([blocks[b].columns for b in queue], axis=1)
    widths = np.zeros(len(order), int)
    for b in queue:
        widths[entry[b]] += blocks[b].columns.shape[1]
    ends = np.cumsum(widths)
    q, r = linalg.qr(columns, mode="economic", check_finite=False)
    # A column that the earlier ones hold already adds nothing but noise.
    q[:, np.abs(np.diag(r)) <= _DEPENDENT] = 0.0
    leverage = 1.0 / len(columns) + _at_ends(q * q, ends)
    value = np.zeros(len(order))
    influence = np.zeros((len(columns), len(order)))
    for k in range(target.values.shape[1]):
        y = target.values[:, k]
        fitted = y.mean() + _at_ends(q * (q.T @ y), ends)
        m = (fitted - leverage * y[:, None]) / (1.0 - leverage) - without_own_mean(y)[:, None]
        value += (y[:, None] * m).mean(axis=0)
        influence += 2.0 * y[:, None] * m - m * m
    return value, influence


def _at_ends(x: F8, ends: NDArray[np.int64]) -> F8:
    """Sums of the first columns up to each end: float64[draw, player]."""
    sums = np.concatenate([np.zeros((len(x), 1)), np.cumsum(x, axis=1)], axis=1)
    return np.asarray(sums[:, ends])
