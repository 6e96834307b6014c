"""A run handed on: its manifest as a file or in a link, what stands against it here, and whether
the bytes agree once it was made again.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openchannel.errors import Problem, UserError
from openchannel.usecases.json_text import parse_json

if TYPE_CHECKING:
    from openchannel.domain import Case

__all__ = [
    "LONGEST_LINK",
    "Agreement",
    "agreement",
    "doubts",
    "read_link",
    "read_run_file",
    "settings_of",
    "write_link",
]

#: Characters of a link; browsers and servers take eight times as many, e-mail programs do not.
LONGEST_LINK = 8_000
#: What each field of a manifest must be, of those that a run is made again from.
_FIELDS: Mapping[str, type] = {
    "openchannel": str,
    "code": str,
    "case": str,
    "case_fingerprint": str,
    "baseline": str,
    "policies": list,
    "beliefs": str,
    "overlay": str,
    "futures": int,
    "seed": int,
    "files": dict,
}
_ALSO = ("sharpen", "own", "own_policy", "evidence_fingerprint", "platform")


def settings_of(manifest: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The fields of an order that makes the run of a manifest again, as a form holds them."""
    own, policy = (manifest.get(key) or {} for key in ("own", "own_policy"))
    return {
        "name": name,
        "policies": [str(p) for p in manifest["policies"]],
        "futures": str(manifest["futures"]),
        "seed": str(manifest["seed"]),
        "beliefs": str(manifest["beliefs"]),
        "overlay": str(manifest["overlay"]),
        "own": str(own.get("text", "")),
        "own_policy": str(policy.get("text", "")),
        "baseline": str(manifest["baseline"]),
        "sharpen": str(manifest.get("sharpen") or 0),
        "expects": json.dumps(manifest["files"]),
    }


def read_run_file(text: str, where: str = "file") -> dict[str, Any]:
    """A manifest that somebody handed over; raises `UserError` with everything wrong with it."""
    try:
        data = parse_json(text)
    except ValueError as error:
        raise UserError(_no_run(where, f"is not JSON that can be read: {error}")) from None
    if not isinstance(data, dict):
        raise UserError(_no_run(where, "holds no mapping"))
    problems = [
        Problem(where, field, "is missing" if field not in data else "is of another kind",
                _KINDS[kind], "take the file as `assess` or the web app wrote it")
        for field, kind in _FIELDS.items()
        if not isinstance(data.get(field), kind) or isinstance(data.get(field), bool)
    ]  # fmt: skip
    if type(data.get("sharpen", 0)) is not int:
        problems.append(_no_run(where, "holds further futures that are no whole number", "sharpen"))
    problems += [
        _no_run(where, f"holds {what} that is no text", field)
        for field, what in (("own", "a file of beliefs"), ("own_policy", "a policy"))
        if data.get(field) is not None and not _is_own(data[field])
    ]
    if problems:
        raise UserError(problems)
    return {k: data[k] for k in (*_FIELDS, *_ALSO) if k in data}


def write_link(manifest: Mapping[str, Any]) -> str:
    """The manifest as a part of an address; empty where it would be too long for one."""
    kept = {k: manifest[k] for k in (*_FIELDS, *_ALSO) if k in manifest}
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    link = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return link if len(link) <= LONGEST_LINK else ""


def read_link(link: str) -> dict[str, Any]:
    """The manifest of a link; raises `UserError` where it was cut or changed."""
    try:
        text = base64.b64decode(link + "=" * (-len(link) % 4), altchars=b"-_", validate=True)
        return read_run_file(text.decode("utf-8"), "link")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise UserError(_no_run("link", "was cut or changed on its way")) from None


def doubts(manifest: Mapping[str, Any], case: Case, evidence: str | None) -> list[str]:
    """Why the run may come out otherwise here: each difference from where it was made."""
    from openchannel.usecases.runs.manifest import code_digest, code_version

    here = {
        "case": case.id,
        "openchannel": code_version(),
        "code": code_digest(),
        "case_fingerprint": _fingerprint(case, manifest),
        "evidence_fingerprint": evidence,
    }
    names = {
        "case": "case",
        "openchannel": "release",
        "code": "code of the program",
        "case_fingerprint": "content of the case",
        "evidence_fingerprint": "evidence",
    }
    return [
        f"the {names[key]} is {_head(here[key])} here, and was {_head(manifest.get(key))} there"
        for key in names
        if key in manifest and manifest[key] != here[key]
    ]


def _fingerprint(case: Case, manifest: Mapping[str, Any]) -> str:
    """The fingerprint of the case under the beliefs and the policy that a run keeps."""
    from openchannel.usecases.runs.own_beliefs import seen_by_run

    try:
        return seen_by_run(case, manifest).fingerprint
    except UserError:
        return case.fingerprint  # what is kept does not fit; the form says why


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether a run gave the bytes that a file promised, and the same in words."""

    same: bool
    words: str


def agreement(expects: Mapping[str, str], manifest: Mapping[str, Any]) -> Agreement:
    """Hold the checksums of a run against those promised, file by file."""
    made: Mapping[str, str] = manifest.get("files", {})
    other = [name for name, digest in expects.items() if made.get(name) != digest]
    if not other:
        return Agreement(
            True, f"Made again to the byte: {_listed(list(expects))} are those of the file."
        )
    return Agreement(
        False,
        f"Not the same bytes: {_listed(other)} differ from those that the file promised. "
        "Another release, another case or another kind of machine gives other digits.",
    )


def _is_own(own: Any) -> bool:
    return isinstance(own, dict) and isinstance(own.get("text"), str)


_KINDS: Mapping[type, str] = {
    str: "a text",
    list: "a list",
    int: "a whole number",
    dict: "a mapping",
}


def _head(value: object) -> str:
    text = str(value or "none")
    return text[:12] if len(text) > 16 else text


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names)


def _no_run(where: str, wrong: str, field: str = "") -> Problem:
    return Problem(
        where,
        field,
        wrong,
        "the manifest.json of a run, as `assess` or the web app wrote it",
        "ask for the file once more",
    )
