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
from numpy.typing import NDArray

from openchannel.ensemble.assembly import Assembly
from openchannel.ensemble.collect import GroupSums
from openchannel.ensemble.store import write_atomic

__all__ = ["Checkpoint"]

I8 = NDArray[np.int64]

_SUMS = ("numerator", "divisors", "spread", "counts")  # of each group; bins of the whole file
_UNDER_WAY = "under-way.npz"
_MOST_WAITING = 256  # finished groups: bounds memory, and what a part holds
_DIGEST = 64  # characters of SHA-256, at the head of a file


class Checkpoint:
    """Files of one plan in one folder.

    Sums are kept for each group; bins are integers, which add up in any order, and are kept once
    for all groups of a file. So a file enters a run whole or not at all.
    """

    def __init__(self, folder: Path, plan_fingerprint: str) -> None:
        self.folder = folder
        self.plan = plan_fingerprint
        # Groups since the last part, and their bins: one value, so that Ctrl-C cannot part them.
        self._waiting: tuple[tuple[int, ...], I8 | None] = ((), None)

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
        groups, bins = self._waiting
        self._waiting = ((*groups, group), sums.bins if bins is None else bins + sums.bins)

    @property
    def is_due(self) -> bool:
        """Whether so many groups wait that they should be written now."""
        return len(self._waiting[0]) >= _MOST_WAITING

    def write(self, assembly: Assembly) -> None:
        """Write the groups under way, then the finished groups that are held as one part.

        In this order, as a group must never stand in both.
        """
        self._write_under_way(assembly)
        waiting, bins = self._waiting
        if bins is None:
            return
        groups = np.array(sorted(waiting))
        sums = {name: getattr(assembly.collected, name)[groups] for name in _SUMS}
        name = f"part-{groups[0]:08d}-{groups[-1]:08d}.npz"
        self._write(name, groups=groups, pieces=np.zeros_like(groups), bins=bins, **sums)
        self._waiting = ((), None)

    def _write_under_way(self, assembly: Assembly) -> None:
        states = {g: state.held for g, state in assembly.open.items()}
        held = [(g, pieces, sums) for g, (sums, pieces) in states.items() if sums is not None]
        if not held:
            (self.folder / _UNDER_WAY).unlink(missing_ok=True)
            return
        groups, pieces, sums = zip(*held, strict=True)
        arrays = {name: np.stack([getattr(s, name) for s in sums]) for name in _SUMS}
        bins = sum(s.bins for s in sums)
        self._write(
            _UNDER_WAY, groups=np.array(groups), pieces=np.array(pieces), bins=bins, **arrays
        )

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
    bins, none = held["bins"], np.zeros_like(held["bins"])
    for i, group in enumerate(groups):
        sums = GroupSums(**{name: held[name][i] for name in _SUMS}, bins=bins if i == 0 else none)
        assembly.restore(group, sums, int(held["pieces"][i]))


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
