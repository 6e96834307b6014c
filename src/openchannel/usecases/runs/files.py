"""The files of a run that pages and brief are made from, and how to tell that one changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

__all__ = ["FILES", "digests", "stamp"]

#: The file of each kind of answer; that of an assessment holds the checksums of all its others.
FILES: Mapping[str, str] = {
    "assess": "manifest.json",
    "design": "design.json",
    "hedge": "hedge.json",
    "history": "history.json",
    "believe": "believe.json",
    "ledger": "ledger.json",
    "redteam": "redteam.json",
}


def stamp(folder: Path) -> tuple[tuple[int, int], ...]:
    """When each file of a run was written, and its size; zeros for one that is not there.

    Quick to take, for what is kept in memory; `digests` is for what outlives the program.
    """
    found = [(folder / name).stat() if (folder / name).is_file() else None for name in _NAMES]
    return tuple((s.st_mtime_ns, s.st_size) if s else (0, 0) for s in found)


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a run that is there."""
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in _NAMES
        if (folder / name).is_file()
    }


_NAMES = tuple(FILES.values())
