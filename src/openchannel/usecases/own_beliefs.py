"""Beliefs of one's own: a case as their writer sees it, and the case that a run was made from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openchannel.casefile.own_beliefs import OwnBeliefs, parse_own, read_own
from openchannel.casefile.own_case import apply_own
from openchannel.domain import Case, Parameter

__all__ = ["Own", "OwnBeliefs", "beliefs_text", "case_of_run", "with_own"]

#: A file, what such a file says as a mapping, or beliefs that were read already.
Own = OwnBeliefs | Mapping[str, Any] | str | Path


def with_own(case: Case, own: Own | None) -> tuple[Case, OwnBeliefs | None]:
    """The case under one's own beliefs, and the beliefs; the case itself where there are none.

    Raises
    ------
    UserError
        With every problem of the file.
    """
    if own is None:
        return case, None
    if isinstance(own, Mapping):
        own = parse_own(json.dumps(own, indent=1, ensure_ascii=False) + "\n", case)
    elif not isinstance(own, OwnBeliefs):
        own = read_own(own, case)
    return apply_own(case, own), own


def case_of_run(manifest: Mapping[str, Any], folder: Path) -> Case:
    """The case of a run as its maker saw it: the case now at its source, under the kept beliefs."""
    from openchannel.usecases.assessment import load

    case = load(manifest["case_source"])
    kept = manifest.get("own")
    if not kept:
        return case
    return apply_own(case, parse_own(str(kept["text"]), case, f"{folder}: own beliefs"))


def beliefs_text(
    title: str, note: str, case: Case, held: Iterable[tuple[Parameter, tuple[str, ...], str, float]]
) -> str:
    """A file of beliefs that holds numbers: (parameter, elements, set, times or plus, number)."""
    lines = [f"title: {_quoted(title)}", f"note: {_quoted(note)}", f"case: {case.id}", "beliefs:"]
    said: dict[str, list[tuple[Parameter, tuple[str, ...], str, float]]] = {}
    for entry in held:
        said.setdefault(entry[0].key, []).append(entry)
    for key, entries in said.items():
        parts = [_entry(*e) for e in entries]
        lines += (
            [f"  {key}: {parts[0]}"]
            if len(parts) == 1
            else [f"  {key}:", *(f"    - {part}" for part in parts)]
        )
    if not said:
        lines[-1] = "beliefs: {}"
    return "\n".join(lines) + "\n"


def _entry(parameter: Parameter, elements: tuple[str, ...], how: str, number: float) -> str:
    fields = [] if elements == parameter.elements else [f"of: [{', '.join(elements)}]"]
    return "{" + ", ".join([*fields, f"{how}: {number:.6g}"]) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
