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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openchannel.kernel.turn import Turn

__all__ = ["cache_folder", "cache_root", "cached", "clear_cache", "compiling"]

_KEPT = 3  # digests kept: this one and two older, for people who switch between versions


def cache_root() -> Path:
    """Folder of everything that is kept between runs and can be made again."""
    chosen = os.environ.get("OPENCHANNEL_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "openchannel"


def _digest() -> str:
    digest = hashlib.sha256()
    for text in (metadata.version("numba"), sys.version, platform.machine()):
        digest.update(text.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Folder of the compiled kernels of these sources; it need not exist yet."""
    return cache_root() / f"kernel-{_digest()}"


def clear_cache() -> int:
    """Remove every folder of compiled kernels; returns how many there were."""
    folders = list(cache_root().glob("kernel-*"))
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


@cache
def _turn(folder: Path) -> Turn:
    from openchannel.kernel.turn import Turn  # noqa: PLC0415 - see `cached`

    return Turn(folder)


@contextmanager
def compiling() -> Iterator[None]:
    """While the block runs, other processes wait with what they would compile and keep."""
    folder = _prepare()
    if folder is None:
        yield
        return
    turn = _turn(folder)
    with turn.held():
        turn.take()
        yield


def cached(function: Callable[..., Any]) -> Any:
    """Compile an entry point without the interpreter lock, and keep the result between runs."""
    # Numba takes half a second to load, and whoever only asks for a folder should not wait for it.
    from numba.core import config  # noqa: PLC0415

    from openchannel.kernel.step import call  # noqa: PLC0415
    from openchannel.kernel.turn import KeptOnce  # noqa: PLC0415

    settings: Any = config
    entry: Any = call(nogil=True)(function)
    folder = _prepare()
    if folder is None:
        return entry
    turn, compile_it = _turn(folder), entry.compile
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder)
    try:
        entry._cache = KeptOnce(function, turn)  # noqa: SLF001 - Numba offers one kind only
    finally:
        settings.CACHE_DIR = before

    def in_turn(signature: Any) -> Any:
        with turn.held():
            return compile_it(signature)

    entry.compile = in_turn
    return entry
