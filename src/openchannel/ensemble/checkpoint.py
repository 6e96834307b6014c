"""Finished work on disk, so that a stopped run goes on where it was.

A part holds groups that are complete; one more file holds the groups under way as they last stood.
Each is written whole under a temporary name and renamed, and begins with the digest of what
follows. A file that is cut short, corrupt or of another plan is left out, and what it held is
computed again.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from openchannel.ensemble.assembly import Assembly
from openchannel.ensemble.collect import GroupSums
from openchannel.ensemble.store import write_atomic

__all__ = ["Checkpoint"]

_SUMS = ("numerator", "denominator", "spread")
_COUNTS = ("counts", "deaths", "gain")
_UNDER_WAY = "under-way.npz"
_DIGEST = 64  # characters of SHA-256, at the head of a file


class Checkpoint:
    """Files of one plan in one folder.

    Sums are kept for each group; counts and bins are integers, which add up in any order, and are
    kept once for all groups of a file. So a file enters a run whole or not at all.
    """

    def __init__(self, folder: Path, plan_fingerprint: str) -> None:
        self.folder = folder
        self.plan = plan_fingerprint
        self._waiting: dict[int, GroupSums] = {}

    def restore(self, assembly: Assembly) -> int:
        """Put what all sound files hold into `assembly`; returns how many files are damaged."""
        damaged = 0
        for path in [*sorted(self.folder.glob("part-*.npz")), self.folder / _UNDER_WAY]:
            try:
                held = _read(path)
            except FileNotFoundError:
                continue
            except (OSError, _DamagedError):
                damaged += 1
                continue
            if str(held["plan"]) == self.plan:
                _put(assembly, held)
        return damaged

    def keep(self, group: int, sums: GroupSums) -> None:
        """Hold a finished group for the next `write`."""
        self._waiting[group] = sums

    def write(self, assembly: Assembly) -> None:
        """Write the groups under way, then the finished groups that are held as one part.

        In this order, as a group must never stand in both.
        """
        under_way = {g: s for g, s in assembly.open.items() if s.sums is not None}
        if under_way:
            self._write(
                self.folder / _UNDER_WAY,
                {g: s.sums for g, s in under_way.items() if s.sums is not None},
                [s.pieces for s in under_way.values()],
            )
        else:
            (self.folder / _UNDER_WAY).unlink(missing_ok=True)
        if self._waiting:
            name = f"part-{min(self._waiting):08d}-{max(self._waiting):08d}.npz"
            self._write(self.folder / name, self._waiting, [0] * len(self._waiting))
            self._waiting.clear()

    def _write(self, path: Path, held: Mapping[int, GroupSums], pieces: list[int]) -> None:
        """`pieces`: how many are in the sums of each group; 0 for all."""
        sums = list(held.values())
        arrays = {name: np.stack([getattr(s, name) for s in sums]) for name in _SUMS}
        arrays |= {name: sum(getattr(s, name) for s in sums) for name in _COUNTS}
        arrays["plan"], arrays["groups"] = np.array(self.plan), np.array(list(held))
        arrays["pieces"] = np.array(pieces)
        stream = io.BytesIO()
        np.savez(stream, allow_pickle=False, **arrays)
        write_atomic(path, lambda p: _write_synced(p, stream.getbuffer()))

    def discard(self) -> None:
        """Remove the parts once the run stands on its own."""
        shutil.rmtree(self.folder, ignore_errors=True)


class _DamagedError(Exception):
    """A file is not what was written."""


def _put(assembly: Assembly, held: Mapping[str, Any]) -> None:
    groups = held["groups"].tolist()
    if any(assembly.knows(group) for group in groups):
        return
    counts = [held[name] for name in _COUNTS]
    for i, group in enumerate(groups):
        sums = GroupSums(*(held[name][i] for name in _SUMS), *counts)
        assembly.restore(group, sums, int(held["pieces"][i]))
        counts = [np.zeros_like(c) for c in counts]


def _read(path: Path) -> dict[str, Any]:
    whole = path.read_bytes()
    body = memoryview(whole)[_DIGEST:]
    if hashlib.sha256(body).hexdigest().encode() != whole[:_DIGEST]:
        raise _DamagedError
    with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
        return dict(arrays)


def _write_synced(path: Path, body: memoryview) -> None:
    with path.open("wb") as stream:
        stream.write(hashlib.sha256(body).hexdigest().encode())
        stream.write(body)
        stream.flush()
        os.fsync(stream.fileno())
