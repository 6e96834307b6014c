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

from openchannel.ensemble.collect import Collected, GroupSums

__all__ = ["Checkpoint"]

_FIELDS = ("numerator", "denominator", "spread", "counts", "deaths", "gain")


class Checkpoint:
    """Parts of one plan in one folder."""

    def __init__(self, folder: Path, plan_fingerprint: str) -> None:
        self.folder = folder
        self.plan = plan_fingerprint
        self._waiting: dict[int, GroupSums] = {}

    def restore(self, collected: Collected) -> int:
        """Put the groups of all sound parts into `collected`; returns how many."""
        restored = 0
        for path in sorted(self.folder.glob("part-*.npz")):
            try:
                with path.open("rb") as stream, np.load(stream, allow_pickle=False) as part:
                    if str(part["plan"]) != self.plan:
                        continue
                    arrays = {name: part[name] for name in _FIELDS}
                    groups = part["groups"]
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
                continue
            for i, group in enumerate(groups):
                if not collected.done[group]:
                    collected.add(int(group), GroupSums(*(arrays[n][i] for n in _FIELDS)))
                    restored += 1
        return restored

    def keep(self, group: int, sums: GroupSums) -> None:
        """Hold a finished group for the next `write`."""
        self._waiting[group] = sums

    def write(self) -> None:
        """Write what is held as one part."""
        if not self._waiting:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        groups = sorted(self._waiting)
        sums = [self._waiting[g] for g in groups]
        arrays = {name: np.stack([getattr(s, name) for s in sums]) for name in _FIELDS}
        target = self.folder / f"part-{groups[0]:08d}-{groups[-1]:08d}.npz"
        temporary = target.with_suffix(".tmp")
        try:
            with temporary.open("wb") as stream:
                arrays["plan"], arrays["groups"] = np.array(self.plan), np.array(groups)
                np.savez(stream, allow_pickle=False, **arrays)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(target)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        self._waiting.clear()

    def discard(self) -> None:
        """Remove the parts once the run stands on its own."""
        shutil.rmtree(self.folder, ignore_errors=True)
