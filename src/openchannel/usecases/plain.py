"""Findings in values that JSON can hold, and the files that hold them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.usecases.guard import disk_problems

if TYPE_CHECKING:
    from openchannel.analysis.measured import Measured
    from openchannel.analysis.shares import Contribution
    from openchannel.domain import Case

__all__ = [
    "mean_and_error",
    "plain_values",
    "quoted",
    "read_findings",
    "share_values",
    "write_data",
    "write_text",
]


def mean_and_error(found: Measured) -> dict[str, float]:
    """A mean and its Monte Carlo error by name."""
    return {"mean": found.mean, "mcse": found.mcse}


def share_values(found: Contribution) -> dict[str, Any]:
    """What one part adds: first, last, on average and by the company of others."""
    names = ("first", "last", "shapley", "interaction")
    told: dict[str, Any] = {name: mean_and_error(getattr(found, name)) for name in names}
    return told | {"depends_on_order": found.depends_on_order}


def plain_values(value: Any) -> Any:
    """Tuples to lists and undefined numbers to null, all the way down.

    Examples
    --------
    >>> plain_values({"a": (1.0, float("nan"))})
    {'a': [1.0, None]}
    """
    if isinstance(value, Mapping):
        return {k: plain_values(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [plain_values(v) for v in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def quoted(text: str) -> str:
    """A text as a YAML scalar on one line, white space drawn together."""
    return '"' + " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def read_findings(path: Path, schema_version: int, case: Case) -> dict[str, Any] | None:
    """What a command found of a case in all its schools of thought, and wrote into a file.

    None where there is no such file, or it is of another release, another case, or of a case in
    which other schools stood.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        same = (
            data["schema_version"] == schema_version
            and data["case_fingerprint"] == case.fingerprint
            and data["worlds"] == {w.id: w.weight for w in case.worlds}
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return data if same else None


def write_data(path: Path, value: Mapping[str, Any]) -> Path:
    """Findings as one JSON file, its folder made where it is missing."""
    from openchannel.ensemble.store import write_json

    with disk_problems(path.parent):
        return write_json(path, value)


def write_text(path: Path, text: str) -> Path:
    """A text as one file, its folder made where it is missing."""
    from openchannel.ensemble.store import write_atomic

    def write(temporary: Path) -> None:
        temporary.write_text(text, encoding="utf-8", newline="\n")

    with disk_problems(path.parent):
        return write_atomic(path, write)
