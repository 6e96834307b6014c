"""Finished groups on disk, so that a stopped run goes on where it was.

One file a checkpoint, written whole under a temporary name and renamed. A file that is cut short,
corrupt or of another plan is left out and its groups are computed again.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openchannel.ensemble.collect import Collected, GroupSums
from openchannel.ensemble.store import write_atomic

__all__ = ["Checkpoint"]

I8 = NDArray[np.int64]

_FIELDS = ("numerator", "divisors", "spread", "counts")  # by group; bins are added over the part


class Checkpoint:
    """Parts of one plan in one folder."""

    def __init__(self, folder: Path, plan_fingerprint: str) -> None:
        self.folder = folder
        self.plan = plan_fingerprint
        # Groups since the last part, and their bins: one value, so that Ctrl-C cannot part them.
        self._waiting: tuple[tuple[int, ...], I8 | None] = ((), None)

    def restore(self, collected: Collected) -> int:
        """Put the groups of all sound parts into `collected`; returns how many."""
        restored = 0
        for path in sorted(self.folder.glob("part-*.npz")):
            try:
                with path.open("rb") as stream, np.load(stream, allow_pickle=False) as part:
                    if str(part["plan"]) != self.plan:
                        continue
                    groups, bins = part["groups"], part["bins"]
                    arrays = {name: part[name] for name in _FIELDS}
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
                continue
            # A part stands or falls as a whole, because its bins are of all its groups.
            if collected.done[groups].any():
                continue
            for name, array in arrays.items():
                getattr(collected, name)[groups] = array
            collected.bins += bins
            collected.done[groups] = True
            restored += len(groups)
        return restored

    def keep(self, group: int, sums: GroupSums) -> None:
        """Mark a finished group for the next `write`."""
        groups, bins = self._waiting
        self._waiting = ((*groups, group), sums.bins if bins is None else bins + sums.bins)

    def write(self, collected: Collected) -> None:
        """Write the groups marked since the last time as one part."""
        groups, bins = self._waiting
        if not groups:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / f"part-{min(groups):08d}-{max(groups):08d}.npz"
        write_atomic(target, lambda path: self._fill(path, collected, np.array(groups), bins))
        self._waiting = ((), None)

    def _fill(self, path: Path, collected: Collected, groups: I8, bins: I8 | None) -> None:
        assert bins is not None
        arrays = {name: getattr(collected, name)[groups] for name in _FIELDS}
        arrays |= {"plan": np.array(self.plan), "groups": groups, "bins": bins}
        with path.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays)
            stream.flush()
            os.fsync(stream.fileno())

    def discard(self) -> None:
        """Remove the parts once the run stands on its own."""
        shutil.rmtree(self.folder, ignore_errors=True)
