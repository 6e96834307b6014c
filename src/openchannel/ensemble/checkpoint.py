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
_MOST_WAITING = 256  # finished groups: bounds memory, and what a part holds
_DIGEST = 64  # characters of SHA-256, at the head of a file


class Checkpoint:
    """Files of one plan in one folder.

    Sums are kept for each group; counts and bins are integers, which add up in any order, and are
    kept once for all groups of a file. So a file enters a run whole or not at all.
    """

    def __init__(self, folder: Path, plan_fingerprint: str) -> None:
        self.folder = folder
        self.plan = plan_fingerprint
        self._waiting: list[int] = []
        self._counts: list[Any] = [0] * len(_COUNTS)

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
        """Remember a finished group for the next `write`; its sums stand in what is collected."""
        self._waiting.append(group)
        self._counts = [
            c + getattr(sums, name) for c, name in zip(self._counts, _COUNTS, strict=True)
        ]

    @property
    def is_due(self) -> bool:
        """Whether so many groups wait that they should be written now."""
        return len(self._waiting) >= _MOST_WAITING

    def write(self, assembly: Assembly) -> None:
        """Write the groups under way, then the finished groups that are held as one part.

        In this order, as a group must never stand in both.
        """
        self._write_under_way(assembly)
        if not self._waiting:
            return
        groups = np.array(sorted(self._waiting))
        sums = {name: getattr(assembly.collected, name)[groups] for name in _SUMS}
        counts = dict(zip(_COUNTS, self._counts, strict=True))
        name = f"part-{groups[0]:08d}-{groups[-1]:08d}.npz"
        self._write(name, groups=groups, pieces=np.zeros_like(groups), **sums, **counts)
        self._waiting.clear()
        self._counts = [0] * len(_COUNTS)

    def _write_under_way(self, assembly: Assembly) -> None:
        under_way = [(g, s.pieces, s.sums) for g, s in assembly.open.items() if s.sums is not None]
        if not under_way:
            (self.folder / _UNDER_WAY).unlink(missing_ok=True)
            return
        groups, pieces, sums = zip(*under_way, strict=True)
        arrays = {name: np.stack([getattr(s, name) for s in sums]) for name in _SUMS}
        arrays |= {name: sum(getattr(s, name) for s in sums) for name in _COUNTS}
        self._write(_UNDER_WAY, groups=np.array(groups), pieces=np.array(pieces), **arrays)

    def _write(self, name: str, **arrays: Any) -> None:
        """`pieces`: how many are in the sums of each group; 0 for all."""
        stream = io.BytesIO()
        np.savez(stream, allow_pickle=False, plan=np.array(self.plan), **arrays)
        write_atomic(self.folder / name, lambda p: _write_synced(p, stream.getbuffer()))

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
