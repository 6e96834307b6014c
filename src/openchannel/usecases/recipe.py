"""How to make a run again: the same run from Python and on the command line."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Recipe", "recipe"]

_OWN_FILE = "own.yaml"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Python lines and a command; `own` is the text that `own.yaml` must hold, if any."""

    python: str
    command: str
    own: str = ""


def recipe(manifest: Mapping[str, Any]) -> Recipe:
    """What gives the run of a manifest again, byte for byte, with the same release."""
    own = str((manifest.get("own") or {}).get("text", ""))
    policies = [str(p) for p in manifest["policies"]]
    source = str(manifest["case_source"])
    settings: dict[str, Any] = {
        "futures": int(manifest["futures"]),
        "seed": int(manifest["seed"]),
        "policies": policies,
        "beliefs": str(manifest["beliefs"]),
        "overlay": str(manifest["overlay"]),
    }
    if manifest.get("sharpen"):
        settings["sharpen"] = int(manifest["sharpen"])
    if own:
        settings["own"] = _OWN_FILE
    given = "".join(f"    {key}={value!r},\n" for key, value in settings.items())
    python = f"import openchannel as oc\n\nrun = oc.assess(\n    {source!r},\n{given})\n"
    words = ["openchannel", "assess", source, "-o", "again"]
    for key in ("futures", "seed", "beliefs", "overlay", "sharpen", "own"):
        if settings.get(key) not in (None, ""):
            words += [f"--{key}", str(settings[key])]
    for policy in policies:
        words += ["--policy", policy]
    return Recipe(python, shlex.join(words), own)
