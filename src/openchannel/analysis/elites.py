"""Bargaining inside a capital: what comes of it, and whom contact could move.

A probabilistic Condorcet election between the positions of the players. In a duel of two positions
each player backs the nearer one with influence times salience times how much nearer it is; the
chance of winning goes by the strength behind each. The status quo is challenged by every other
position in turn, without end; the chances are how often each then holds. The surer the stronger
side wins, the nearer is the outcome to the median of Black (1948), weighted by strength.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from openchannel.domain import Capital, Player

__all__ = ["Bargain", "Pull", "bargain_of", "election"]

F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pull:
    """One player: his part of the strength, and what his moving as far as contact could would do.

    could_move_to : his position at the farther end of `moves`; his own where no channel reaches him
    moved : change of the expected outcome if he alone stood there
    """

    id: str
    strength: float
    could_move_to: float
    moved: float


@dataclass(frozen=True, slots=True)
class Bargain:
    """What is expected of a capital.

    outcome, median : expected position, and the median weighted by strength
    moved : the outcome if all whom channels reach stood at the lower end of `moves`, and at the
        upper
    out_of_reach : part of the strength that no channel reaches
    """

    id: str
    outcome: float
    median: float
    moved: tuple[float, float]
    out_of_reach: float
    pulls: tuple[Pull, ...]


def election(positions: F8, strength: F8, decisiveness: float) -> F8:
    """Chance that each position holds, in a contest without end: float64[player].

    Parameters
    ----------
    positions, strength : float64[player]
    """
    n = len(positions)
    distance = np.abs(positions[:, None] - positions)  # player, position
    nearer = distance[:, None, :] - distance[:, :, None]  # player, position, its rival
    backing = np.einsum("i,ijk->jk", strength, np.maximum(nearer, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = decisiveness * (np.log(backing) - np.log(backing.T))
    # Two equal positions have no backing against each other: either may stand.
    wins = special.expit(np.nan_to_num(odds, nan=0.0, posinf=700.0, neginf=-700.0))
    moves = wins.T / max(n - 1, 1)  # from a position to its rival, where the rival wins
    np.fill_diagonal(moves, 0.0)
    np.fill_diagonal(moves, 1.0 - moves.sum(axis=1))
    balance = np.vstack([moves.T - np.eye(n), np.ones(n)])
    return np.asarray(np.linalg.lstsq(balance, np.r_[np.zeros(n), 1.0], rcond=None)[0])


def bargain_of(capital: Capital) -> Bargain:
    """The expected outcome of a capital, and how contact could move it."""
    players = capital.players
    positions = np.array([p.position for p in players])
    strength = np.array([p.salience * p.influence for p in players])
    part = strength / strength.sum()

    def outcome(at: F8) -> float:
        at = np.clip(at, 0.0, 1.0)
        return float(election(at, strength, capital.decisiveness) @ at)

    now = outcome(positions)
    moves = np.array([p.moves if p.reached_by else (0.0, 0.0) for p in players])
    least, most = moves.T
    farthest = np.clip(positions + np.where(-least > most, least, most), 0.0, 1.0)

    def pull(i: int, player: Player) -> Pull:
        alone = positions.copy()
        alone[i] = farthest[i]
        return Pull(player.id, float(part[i]), float(farthest[i]), outcome(alone) - now)

    return Bargain(
        capital.id,
        now,
        _weighted_median(positions, strength),
        (outcome(positions + least), outcome(positions + most)),
        float(part[[not p.reached_by for p in players]].sum()),
        tuple(pull(i, p) for i, p in enumerate(players)),
    )


def _weighted_median(positions: F8, strength: F8) -> float:
    order = np.argsort(positions, kind="stable")
    reached = np.cumsum(strength[order]) >= strength.sum() / 2.0
    return float(positions[order][reached.argmax()])
