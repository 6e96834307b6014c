"""Where compiled kernels are kept between runs.

Numba's own cache looks only at the file that holds the entry point, so a change in a module that
it calls would go unseen. Here the folder is named after a digest of every kernel source, of Numba
and of Python: what is found in it is never stale. Folders of older digests are removed.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core import config as _numba_config

from openchannel.kernel.step import call

_settings: Any = _numba_config

__all__ = ["cache_folder", "cached", "clear_cache"]

_KEPT = 3  # digests kept: this one and two older, for people who switch between versions


def _root() -> Path:
    chosen = os.environ.get("OPENCHANNEL_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "openchannel"


def _digest() -> str:
    digest = hashlib.sha256()
    for text in (numba.__version__, sys.version, platform.machine()):
        digest.update(text.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Folder of the compiled kernels of these sources; it need not exist yet."""
    return _root() / f"kernel-{_digest()}"


def clear_cache() -> int:
    """Remove every folder of compiled kernels; returns how many there were."""
    folders = list(_root().glob("kernel-*"))
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return len(folders)


def _prepare() -> Path | None:
    """The cache folder, made and writable, with older ones pruned; None where that fails."""
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.touch()
        others = sorted(
            (f for f in folder.parent.glob("kernel-*") if f != folder),
            key=lambda f: f.stat().st_mtime,
            reverse=True,
        )
        for old in others[_KEPT - 1 :]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def cached(function: Callable[..., Any]) -> Any:
    """Compile an entry point without the interpreter lock, and keep the result between runs."""
    folder = _prepare()
    if folder is None:
        return call(nogil=True)(function)
    before = _settings.CACHE_DIR
    _settings.CACHE_DIR = str(folder)
    try:
        return call(nogil=True, cache=True)(function)
    finally:
        _settings.CACHE_DIR = before
