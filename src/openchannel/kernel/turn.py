"""One process compiles at a time: whoever needs the same code meanwhile waits, and loads it.

On a fresh machine several processes need the simulator at once: the web app has a worker and a
sketcher, tests have several workers. Each would compile it, a minute on a core each.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from numba.core.caching import FunctionCache

__all__ = ["KeptOnce", "Turn"]


class Turn:
    """The right to compile into a folder, of which there is one; whoever has it may take it again.

    Where it cannot be had, because files cannot be locked there, everybody has it. It ends with
    the process at the latest. Numba compiles on one thread at a time, so this counts for one.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "compiling"
        self._file: IO[bytes] | None = None
        self.depth = 0

    def take(self) -> None:
        """Wait for the turn."""
        self.depth += 1
        if self._file is not None:
            return
        with suppress(OSError, ImportError):
            import fcntl  # noqa: PLC0415 - not on every system

            self._file = self._path.open("ab")
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def give_back(self, depth: int) -> None:
        """Go back to a depth; at none the turn is another's."""
        self.depth = depth
        if depth == 0 and self._file is not None:
            self._file.close()
            self._file = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """The turn for what is compiled in the block, if anything is."""
        depth = self.depth
        try:
            yield
        finally:
            self.give_back(depth)


class KeptOnce(FunctionCache):
    """Numba's file of compiled code, which takes the turn before it says that something is missing.

    The turn is given back by the `held` block around what asks.
    """

    def __init__(self, function: Any, turn: Turn) -> None:
        super().__init__(function)
        self._turn = turn

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What is kept, after a wait if another is compiling it; None where the caller must."""
        found = super().load_overload(sig, target_context)
        if found is None:
            self._turn.take()
            found = super().load_overload(sig, target_context)
        return found
