"""`manifest.json`: enough to run an assessment again to the byte."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openchannel
from openchannel.casefile import builtin_cases
from openchannel.domain import Case
from openchannel.ensemble import Plan

if TYPE_CHECKING:
    from openchannel.casefile.own_beliefs import OwnBeliefs

__all__ = ["code_digest", "code_version", "make_manifest"]

_LIBRARIES = ("numba", "numpy", "scipy", "pyarrow")


def code_version() -> str:
    """Release of the package."""
    return openchannel.__version__


@cache
def code_digest() -> str:
    """Digest of the package's Python sources: tells runs of a changed checkout apart."""
    digest = hashlib.sha256()
    root = Path(openchannel.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _evidence_digest(case: Case) -> str | None:
    """Digest of the evidence files that stand with the case."""
    if not case.evidence_folder:
        return None
    digest = hashlib.sha256()
    for path in sorted(Path(case.evidence_folder).glob("*.csv")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def make_manifest(
    case: Case, plan: Plan, beliefs: str, own: OwnBeliefs | None = None
) -> dict[str, Any]:
    """What fixes the numbers of a run: code, case, beliefs, evidence, seed, sizes and platform."""
    return {
        "openchannel": code_version(),
        "code": code_digest(),
        "case": case.id,
        "case_source": case.id if case.id in builtin_cases() else case.folder,
        "case_fingerprint": case.fingerprint,
        "evidence_fingerprint": _evidence_digest(case),
        "seed": plan.seed,
        "futures": plan.futures,
        "n_draws": plan.n_draws,
        "n_replicates": plan.n_replicates,
        "beliefs": beliefs,
        "own": None if own is None else own.as_dict(),
        "policies": list(plan.policies),
        "worlds": list(plan.worlds),
        "overlay": plan.overlay,
        "horizon_weeks": plan.horizon_weeks,
        "platform": {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "system": platform.system(),
            **{name: metadata.version(name) for name in _LIBRARIES},
        },
    }
