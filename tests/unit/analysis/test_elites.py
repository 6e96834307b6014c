"""Bargaining inside a capital against what can be known: duels, symmetry, and the median voter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from openchannel.analysis.elites import bargain_of, election
from openchannel.casefile import load_case
from openchannel.casefile.games import load_games
from openchannel.domain import Capital, Player


def _player(name: str, position: float, strength: float, **more: object) -> Player:
    given = {"reached_by": (), "moves": (0.0, 0.0), "grade": "C", "reasoning": "made up"} | more
    return Player(name, name, position, 1.0, strength, **given)  # type: ignore[arg-type]


def _capital(*players: Player, decisiveness: float = 1.0) -> Capital:
    return Capital("made", "Made", "An issue", decisiveness, players)


def test_a_duel_goes_by_strength() -> None:
    """Two players, three to one: three quarters of the time; nine to one if twice as decisive."""
    at, strength = np.array([0.2, 0.8]), np.array([3.0, 1.0])
    assert election(at, strength, 1.0) == pytest.approx([0.75, 0.25])
    assert election(at, strength, 2.0) == pytest.approx([0.9, 0.1])


def test_equal_players_on_a_mirror_are_expected_in_the_middle() -> None:
    """Chances are symmetric and sum to one; the middle position is the likeliest."""
    at, strength = np.array([0.0, 0.5, 1.0]), np.ones(3)
    chances = election(at, strength, 3.0)
    assert chances.sum() == pytest.approx(1.0)
    assert chances[0] == pytest.approx(chances[2])
    assert chances.argmax() == 1
    assert chances @ at == pytest.approx(0.5)


def test_a_decisive_contest_ends_with_the_median_voter() -> None:
    """Black (1948): with single-peaked wishes the weighted median beats every other position."""
    rng = np.random.default_rng(4)
    for _ in range(20):
        at, strength = rng.random(7), rng.random(7)
        order = np.argsort(at)
        middle = order[(np.cumsum(strength[order]) >= strength.sum() / 2).argmax()]
        chances = election(at, strength, 1e4)
        assert chances.argmax() == middle
        assert chances[middle] == pytest.approx(1.0, abs=1e-6)


def test_two_at_one_place_are_as_one_of_their_strength() -> None:
    """Equal positions have no quarrel; the expected outcome is that of a duel of three to one."""
    at, strength = np.array([0.2, 0.2, 0.8]), np.array([1.5, 1.5, 1.0])
    outcome = election(at, strength, 1.0) @ at
    # Two seats at one place are drawn as challengers twice as often: 6 to 1 of the time.
    assert outcome == pytest.approx(0.2 * 6 / 7 + 0.8 / 7)


def test_contact_moves_only_whom_it_reaches() -> None:
    """One without a channel moves nothing, however far it is said that he could move."""
    open_ = _player("open", 0.2, 1.0, reached_by=("NYC",), moves=(0.1, 0.3))
    shut = _player("shut", 0.8, 1.0, moves=(0.0, 0.0))
    found = bargain_of(_capital(open_, shut))
    assert found.outcome == pytest.approx(0.5)
    assert found.moved == pytest.approx((0.55, 0.65))
    assert found.out_of_reach == pytest.approx(0.5)
    assert [p.moved for p in found.pulls] == pytest.approx([0.15, 0.0])
    unreached = bargain_of(_capital(replace(open_, reached_by=()), shut))
    assert unreached.moved == pytest.approx((0.5, 0.5))


def test_who_could_only_move_down_moves_the_outcome_down() -> None:
    """The farther end of `moves` counts, whichever it is; no position leaves 0 to 1."""
    open_ = _player("open", 0.2, 1.0, reached_by=("NYC",), moves=(-0.1, 0.0))
    shut = _player("shut", 0.8, 1.0, moves=(0.0, 0.5))
    found = bargain_of(_capital(open_, shut))
    assert [p.could_move_to for p in found.pulls] == pytest.approx([0.1, 0.8])
    assert [p.moved for p in found.pulls] == pytest.approx([-0.05, 0.0])
    assert found.moved == pytest.approx((0.45, 0.5))
    down = replace(open_, moves=(-0.5, 0.1))
    assert bargain_of(_capital(down, shut)).pulls[0].could_move_to == 0.0


def test_the_capitals_of_the_built_in_case() -> None:
    """Both are bargains of players with reasons; what no channel reaches is told and stays."""
    case = load_case("korea")
    capitals = load_games("korea", case).capitals
    assert [c.id for c in capitals] == ["washington", "pyongyang"]
    for capital in capitals:
        found = bargain_of(capital)
        positions = [p.position for p in capital.players]
        assert min(positions) < found.outcome < max(positions)
        assert found.outcome < found.moved[1]
        assert 0.0 < found.out_of_reach < 1.0
        assert all(p.reasoning and p.grade == "C" for p in capital.players)
