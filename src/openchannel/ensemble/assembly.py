"""Groups put together from their pieces, in the order of the plan, whatever order they come in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from openchannel.ensemble.collect import Collected, GroupSums
from openchannel.ensemble.plan import Piece, Plan, n_pieces, replicates_in

__all__ = ["Assembly", "Open"]


@dataclass(slots=True)
class Open:
    """A group under way: its first pieces summed, and later pieces that came too early.

    `held` is the sums and how many pieces are in them: one value, so that Ctrl-C cannot part them.
    """

    held: tuple[GroupSums | None, int] = (None, 0)
    early: dict[int, GroupSums] = field(default_factory=dict)

    @property
    def pieces(self) -> int:
        """How many pieces are in the sums."""
        return self.held[1]

    def put(self, place: int, sums: GroupSums) -> None:
        """Take in one piece; a piece counts once."""
        self.early.setdefault(place, sums)
        while (follows := self.early.get(self.pieces)) is not None:
            so_far, pieces = self.held
            self.held = (follows if so_far is None else so_far.plus(follows), pieces + 1)
            del self.early[pieces]


class Assembly:
    """What is collected of a plan, and the groups still under way.

    Floating-point sums depend on their order, so the pieces of a group are added in order: one that
    comes early waits. Executors bound how early that can be (see `executors.line`).
    """

    def __init__(self, plan: Plan, collected: Collected) -> None:
        self.collected = collected
        self._plan = plan
        self._groups = plan.groups()
        self.open: dict[int, Open] = {}

    @property
    def futures(self) -> int:
        """Replicates done, those of groups under way among them."""
        sizes, done = self.collected.sizes, self.collected.done
        under_way = (replicates_in(s.pieces, self._groups[g].n) for g, s in self.open.items())
        return int(sizes[done].sum()) + sum(under_way)

    def waiting(self) -> Iterator[Piece]:
        """Pieces that are not done yet, in the order of the plan."""
        for group in self._groups:
            if not self.collected.done[group.index]:
                state = self.open.get(group.index)
                yield from self._plan.pieces(group, state.pieces if state else 0)

    def knows(self, group: int) -> bool:
        """Whether anything of a group is done."""
        return group in self.open or bool(self.collected.done[group])

    def restore(self, group: int, sums: GroupSums, pieces: int) -> None:
        """Take in sums from before: of the first pieces of a group, or of all (0)."""
        if pieces:
            self.open[group] = Open((sums, pieces))
        else:
            self.collected.add(group, sums)

    def put(self, piece: Piece, sums: GroupSums) -> GroupSums | None:
        """Take in one piece; the sums of its group if that is now complete."""
        if self.collected.done[piece.group]:
            return None
        state = self.open.setdefault(piece.group, Open())
        state.put(piece.place, sums)
        if state.pieces < n_pieces(self._groups[piece.group].n):
            return None
        whole, _ = state.held
        assert whole is not None
        self.collected.add(piece.group, whole)
        del self.open[piece.group]
        return whole
