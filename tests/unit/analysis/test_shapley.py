"""Fair shares: games whose shares are known, and what holds in every game."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from openchannel.analysis.shapley import (
    Everything,
    Walks,
    exact_split,
    orders_of,
    subsets,
    waterfall_order,
)

Game = Callable[[frozenset[int]], float]


def gloves(on: frozenset[int]) -> float:
    """One left glove (0) and two right ones (1, 2); a pair is worth 1."""
    return float(0 in on and bool(on & {1, 2}))


def additive(on: frozenset[int]) -> float:
    return sum((1.0, -2.0, 0.5, 4.0, 0.0, 3.0)[i] for i in on)


def tangled(on: frozenset[int]) -> float:
    """Six parts of which some act only together, and one (5) not at all."""
    a, b, c = 0 in on, {1, 2} <= on, {2, 3, 4} <= on
    return 1.0 * a - 2.0 * b + 5.0 * c + 3.0 * (a and c)


def values(game: Game, coalitions: tuple[frozenset[int], ...]) -> np.ndarray:
    return np.array([game(c) for c in coalitions])


def test_the_glove_game_has_its_published_shares():
    """2/3, 1/6, 1/6: the scarce glove is worth most, and first and last are not."""
    game = Everything(3)
    split = game.split(values(gloves, game.coalitions))
    assert split.shapley == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert split.first.tolist() == [0.0, 0.0, 0.0]
    assert split.last.tolist() == [1.0, 0.0, 0.0]


def test_walks_are_exact_where_parts_do_not_interact():
    """First, last and average are then the same."""
    walks = Walks(6, 1, seed=5)
    split = walks.split(values(additive, walks.coalitions))
    for shares in (split.shapley, split.first, split.last):
        assert shares == pytest.approx([1.0, -2.0, 0.5, 4.0, 0.0, 3.0])


@pytest.mark.parametrize("seed", range(5))
def test_shares_sum_to_the_total_in_every_walk(seed: int):
    """Efficiency, whatever the orders; a part that never matters gets exactly nothing."""
    walks = Walks(6, 1, seed)
    split = walks.split(values(tangled, walks.coalitions))
    assert split.shapley.sum() == pytest.approx(float(split.all - split.none), abs=1e-12)
    assert split.shapley[5] == 0.0


def test_many_walks_come_to_the_exact_shares():
    """Within four standard errors of the exact shares; a biased order would fail (see below)."""
    exact = exact_split(6, values(tangled, tuple(subsets(6))))
    found = []
    for seed in range(400):
        walks = Walks(6, 1, seed)
        found.append(walks.split(values(tangled, walks.coalitions)).shapley)
    mean, error = np.mean(found, axis=0), np.std(found, axis=0) / 20
    assert (np.abs(mean - exact) <= 4 * error + 1e-12).all()
    biased = np.array([tangled(frozenset(range(i + 1))) - tangled(frozenset(range(i)))
                       for i in range(6)])  # fmt: skip
    assert (np.abs(biased - exact) > 4 * error + 1e-12).any()


def test_several_games_are_split_side_by_side():
    """A game of twice the value has twice the shares."""
    game = Everything(3)
    both = np.stack([values(gloves, game.coalitions), 2 * values(gloves, game.coalitions)], axis=-1)
    split = game.split(both)
    assert split.shapley[:, 1] == pytest.approx(2 * split.shapley[:, 0])


@pytest.mark.parametrize("n", [0, 1, 4, 5, 30])
def test_any_number_of_parts_can_be_split(n: int):
    """None and one among them; equal parts get equal shares."""
    orders = orders_of(n, seed=1)
    split = orders.split(np.array([float(len(c)) for c in orders.coalitions]))
    assert split.shapley.tolist() == [1.0] * n
    assert split.last.shape == (n,)


def test_a_waterfall_falls_first_and_rises_last():
    """By size, with the places of the parts."""
    assert waterfall_order([0.2, -3.0, 5.0, -0.1]) == [1, 3, 0, 2]
