"""`manifest.json`: enough to run an assessment again to the byte."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openchannel
from openchannel.casefile import case_source
from openchannel.domain import Case
from openchannel.ensemble import Plan
from openchannel.ensemble.code import LIBRARIES, code_digest
from openchannel.errors import Problem, UserError
from openchannel.usecases.evidence.state import record_state

if TYPE_CHECKING:
    from openchannel.casefile.own_beliefs import OwnBeliefs
    from openchannel.casefile.own_policy import OwnPolicy

__all__ = [
    "check_file",
    "checksums",
    "code_digest",
    "code_version",
    "evidence_digest",
    "make_manifest",
]


def code_version() -> str:
    """Release of the package."""
    return openchannel.__version__


def evidence_digest(case: Case) -> str | None:
    """Digest of the evidence files that stand with the case."""
    if not case.evidence_folder:
        return None
    digest = hashlib.sha256()
    for path in sorted(Path(case.evidence_folder).glob("*.csv")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def checksums(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """SHA-256 of files of a folder, by name."""
    return {name: _sha256(folder / name) for name in names}


def check_file(folder: Path, name: str, manifest: Mapping[str, Any]) -> Path:
    """A file of a run, if it is still what the run wrote; raises `UserError` where it is not."""
    path = folder / name
    written = manifest.get("files", {}).get(name)
    try:
        wrong = "is damaged: its checksum is not that of the manifest"
        if written is None or _sha256(path) == written:
            return path
    except OSError as error:
        wrong = f"cannot be read ({error.strerror})"
    raise UserError(
        Problem(
            file=str(path),
            field="",
            wrong=wrong,
            allowed="the file as the run wrote it",
            mend="take it from a copy, or run the same settings again: they give the same bytes",
        )
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def make_manifest(
    case: Case,
    plan: Plan,
    beliefs: str,
    own: OwnBeliefs | None = None,
    card: str = "",
    own_policy: OwnPolicy | None = None,
) -> dict[str, Any]:
    """What fixes the numbers of a run: code, case, beliefs, evidence, seed, sizes and platform.

    `card` names the GPU that played the futures, if one did.
    """
    return {
        "openchannel": code_version(),
        "code": code_digest(),
        "case": case.id,
        "case_source": case_source(case),
        "case_fingerprint": case.fingerprint,
        "evidence_fingerprint": evidence_digest(case),
        "record": record_state(case.evidence_folder),
        "seed": plan.seed,
        "futures": plan.futures,
        "n_draws": plan.n_draws,
        "n_replicates": plan.n_replicates,
        "beliefs": beliefs,
        "own": None if own is None else own.as_dict(),
        "own_policy": None if own_policy is None else own_policy.as_dict(),
        "policies": list(plan.policies),
        "baseline": plan.baseline,
        "worlds": list(plan.worlds),
        "overlay": plan.overlay,
        "horizon_weeks": plan.horizon_weeks,
        "platform": {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "system": platform.system(),
            **{name: metadata.version(name) for name in (*LIBRARIES, "pyarrow")},
        },
        **({"gpu": {"card": card, "numba-cuda": metadata.version("numba-cuda")}} if card else {}),
    }
