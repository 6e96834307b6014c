"""What a run consists of: sizes, and the fixed groups in which its sums are kept.

A group is a run of consecutive replicates of one belief draw. Groups are fixed by the sizes alone,
never by threads or chunks, so sums are added in the same order on any machine. A large group is
computed in pieces, fixed by the sizes too, and its sums are added piece by piece in order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from openchannel.kernel.records import LANES

__all__ = ["Group", "Piece", "Plan", "make_plan"]

# Groups of a single belief draw: enough for a standard error at all, and for an honest one.
_FEWEST_GROUPS, _ENOUGH_GROUPS = 4, 128
# Sums are kept for each draw, so this bounds the memory of a run of any size.
_MOST_DRAWS = 2048
# Replicates computed at once: some seconds of a core, so that little is lost with a worker.
_PIECE = 512


@dataclass(frozen=True, slots=True)
class Group:
    """Consecutive replicates of one draw; `first` is the global replicate index."""

    index: int
    draw: int
    first: int
    n: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive replicates of one group that are computed at once; `place` counts from 0."""

    group: int
    place: int
    draw: int
    first: int
    n: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that fixes the numbers of a run, besides the code."""

    case_fingerprint: str
    seed: int
    n_draws: int
    n_replicates: int
    policies: tuple[str, ...]
    baseline: str
    worlds: tuple[str, ...]
    ranges: bool
    overlay: str
    horizon_weeks: int
    groups_per_draw: int
    code: str = ""  # digest of the sources: parts made by other code are not mixed in

    @property
    def futures(self) -> int:
        """Futures of each policy in each world."""
        return self.n_draws * self.n_replicates

    @property
    def fingerprint(self) -> str:
        """Hex digest of the plan: parts of a run with another digest are not mixed in."""
        text = json.dumps({f: getattr(self, f) for f in self.__slots__}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def groups(self) -> list[Group]:
        """All groups in order."""
        groups: list[Group] = []
        size = -(-self.n_replicates // self.groups_per_draw)
        for draw in range(self.n_draws):
            for first in range(0, self.n_replicates, size):
                n = min(size, self.n_replicates - first)
                at = draw * self.n_replicates + first
                groups.append(Group(len(groups), draw, at, n))
        return groups

    def pieces(self, group: Group, begin: int = 0) -> Iterator[Piece]:
        """Pieces of a group in order, from place `begin` on."""
        for place in range(begin, n_pieces(group.n)):
            at = place * _PIECE
            n = min(_PIECE, group.n - at)
            yield Piece(group.index, place, group.draw, group.first + at, n)


def n_pieces(replicates: int) -> int:
    """How many pieces a group of so many replicates has."""
    return -(-replicates // _PIECE)


def replicates_in(pieces: int, replicates: int) -> int:
    """Replicates in the first pieces of a group of so many."""
    return min(pieces * _PIECE, replicates)


def split_futures(futures: int, *, ranges: bool) -> tuple[int, int]:
    """Draws and replicates for a wanted number of futures; never fewer than asked for.

    Draws are a power of two, for the Sobol sequence. Each has as many replicates as the kernel
    takes side by side: luck can be told from belief in its mean, and no lane is empty.
    """
    if not ranges:
        return 1, futures
    draws = 1
    while draws * 2 <= min(_MOST_DRAWS, max(1, futures // LANES)):
        draws *= 2
    return draws, -(-futures // draws)


def make_plan(
    *,
    case_fingerprint: str,
    seed: int,
    futures: int,
    policies: tuple[str, ...],
    baseline: str,
    worlds: tuple[str, ...],
    ranges: bool,
    overlay: str,
    horizon_weeks: int,
    code: str = "",
) -> Plan:
    """A plan for at least `futures` futures of each policy in each world."""
    n_draws, n_replicates = split_futures(futures, ranges=ranges)
    # Of several draws each is one group, so that its replicates fill the kernel's lanes; those of a
    # single one do so too, as long as there are a few groups left for an error.
    alone = min(_ENOUGH_GROUPS, max(n_replicates // LANES, min(n_replicates, _FEWEST_GROUPS)))
    groups_per_draw = 1 if n_draws > 1 else alone
    return Plan(
        case_fingerprint, seed, n_draws, n_replicates, policies, baseline, worlds, ranges,
        overlay, horizon_weeks, groups_per_draw,
        code,
    )  # fmt: skip
