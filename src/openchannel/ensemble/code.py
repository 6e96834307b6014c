"""What fixes the numbers besides a plan: the sources, and the libraries that touch them."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib import metadata
from pathlib import Path

__all__ = ["LIBRARIES", "code_digest", "makings"]

#: Libraries whose release may change the last digit of a number of the simulation.
LIBRARIES = ("numba", "numpy", "scipy")


@cache
def code_digest() -> str:
    """Digest of the package's Python sources: tells runs of a changed checkout apart."""
    digest = hashlib.sha256()
    root = Path(__file__).parents[1]
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def makings() -> dict[str, str]:
    """Code, machine and libraries of this process: processes that agree in it agree to the byte."""
    return {
        "openchannel": f"{metadata.version('openchannel')} (code {code_digest()})",
        "machine": platform.machine(),
        **{name: metadata.version(name) for name in LIBRARIES},
    }
