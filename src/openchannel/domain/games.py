"""Small games beside the simulator: payoffs of a crisis, and who bargains inside each capital."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openchannel.domain.case import Grade

__all__ = ["Capital", "Games", "Payoff", "Player"]


@dataclass(frozen=True, slots=True)
class Payoff:
    """One payoff of the crisis game, with its range and what it rests on; the pie is 1."""

    value: float
    low: float
    high: float
    grade: Grade
    reasoning: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Player:
    """One who bargains inside a capital.

    position : from 0, none of what the issue is about, to 1, all of it
    salience, influence : how much the issue matters to him, and how much he matters; 0 to 1
    reached_by : channels on which the other side meets him
    moves : how far contact on them could move his position, from and to
    """

    id: str
    name: str
    position: float
    salience: float
    influence: float
    reached_by: tuple[str, ...]
    moves: tuple[float, float]
    grade: Grade
    reasoning: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Capital:
    """A capital, the issue that it bargains about, and its players.

    decisiveness : 1 where the stronger side wins in proportion to its strength; the larger, the
        more surely it does
    """

    id: str
    title: str
    issue: str
    decisiveness: float
    players: tuple[Player, ...]


@dataclass(frozen=True, slots=True)
class Games:
    """What `games.yaml` says; either part may be empty."""

    crisis: Mapping[str, Payoff]
    capitals: tuple[Capital, ...]
