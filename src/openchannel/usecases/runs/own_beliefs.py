"""Beliefs and a policy of one's own: the case with them, and the case that a run was made from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from openchannel.casefile.own_beliefs import OwnBeliefs, parse_own, read_own
from openchannel.casefile.own_case import apply_own
from openchannel.casefile.own_policy import OwnPolicy, apply_policy, parse_policy, read_policy
from openchannel.domain import Case, Parameter
from openchannel.usecases.plain import quoted

__all__ = [
    "Own",
    "OwnBeliefs",
    "OwnPolicy",
    "Said",
    "beliefs_text",
    "case_of_run",
    "seen_by_run",
    "with_baseline",
    "with_own",
    "with_policy",
]

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


def with_policy(case: Case, own: OwnPolicy | str | Path | None) -> tuple[Case, OwnPolicy | None]:
    """The case with a policy of one's own, and the policy; raises `UserError` with its problems."""
    if own is None:
        return case, None
    if not isinstance(own, OwnPolicy):
        own = read_policy(own, case)
    return apply_policy(case, own), own


def with_baseline(case: Case, policy: str) -> Case:
    """The case with another policy as the one that all are compared with."""
    return case if policy == case.baseline else replace(case, baseline=policy)


def case_of_run(manifest: Mapping[str, Any], folder: Path) -> Case:
    """The case of a run as its maker saw it: the case now at its source, under the kept beliefs."""
    from openchannel.usecases.cases import load

    return seen_by_run(load(manifest["case_source"]), manifest, str(folder))


def seen_by_run(case: Case, manifest: Mapping[str, Any], where: str = "run") -> Case:
    """A case under the policy, the baseline and the beliefs that a run keeps.

    Raises
    ------
    UserError
        Where what is kept does not fit the case any more.
    """
    if policy := manifest.get("own_policy"):
        case = apply_policy(case, parse_policy(policy["text"], case, f"{where}: own policy"))
    case = with_baseline(case, str(manifest.get("baseline") or case.baseline))
    if kept := manifest.get("own"):
        case = apply_own(case, parse_own(str(kept["text"]), case, f"{where}: own beliefs"))
    return case


#: A parameter, its elements, `set`, `times` or `plus`, and a number or (low, high).
Said = tuple[Parameter, tuple[str, ...], str, float | tuple[float, float]]


def beliefs_text(
    title: str,
    note: str,
    case: Case,
    held: Iterable[Said],
    modules: Mapping[str, str] | None = None,
) -> str:
    """A file of beliefs that holds numbers or ranges, and schools by module where given."""
    lines = [f"title: {quoted(title)}", f"note: {quoted(note)}", f"case: {case.id}", "beliefs:"]
    said: dict[str, list[Said]] = {}
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
    if modules:
        lines += ["modules:", *(f"  {module}: {world}" for module, world in modules.items())]
    return "\n".join(lines) + "\n"


def _entry(
    parameter: Parameter,
    elements: tuple[str, ...],
    how: str,
    number: float | tuple[float, float],
) -> str:
    # One number for elements that differ is a slip of the pen unless they are named.
    differ = how == "set" and len(set(parameter.values)) > 1
    is_all = elements == parameter.elements and not differ
    fields = [] if is_all else [f"of: [{', '.join(elements)}]"]
    stated = f"{number:.6g}" if isinstance(number, float) else f"{number[0]:.6g} to {number[1]:.6g}"
    return "{" + ", ".join([*fields, f"{how}: {stated}"]) + "}"
