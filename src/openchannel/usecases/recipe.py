"""How to make a run again: the same run from Python and on the command line."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Recipe", "build_recipe", "chart_recipe", "further_recipe", "recipe", "record_recipe"]

_OWN_FILE = "own.yaml"
_POLICY_FILE = "policy.yaml"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Python lines and a command, and what the files that they name must hold, if any.

    own : text of `own.yaml`, beliefs ; policy : text of `policy.yaml`
    """

    python: str
    command: str
    own: str = ""
    policy: str = ""


def recipe(manifest: Mapping[str, Any]) -> Recipe:
    """What gives the run of a manifest again, byte for byte, with the same release."""
    own = str((manifest.get("own") or {}).get("text", ""))
    policy = str((manifest.get("own_policy") or {}).get("text", ""))
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
    if policy:
        settings["own_policy"] = _POLICY_FILE
    if manifest.get("baseline"):
        settings["baseline"] = str(manifest["baseline"])
    given = "".join(f"    {key}={value!r},\n" for key, value in settings.items())
    python = f"import openchannel as oc\n\nrun = oc.assess(\n    {source!r},\n{given})\n"
    words = ["openchannel", "assess", source, "-o", "again"]
    for key in (
        "futures", "seed", "beliefs", "overlay", "sharpen", "own", "own_policy", "baseline",
    ):  # fmt: skip
        if settings.get(key) not in (None, ""):
            words += [f"--{key.replace('_', '-')}", str(settings[key])]
    for name in policies:
        words += ["--policy", name]
    return Recipe(python, shlex.join(words), own, policy)


def chart_recipe(manifest: Mapping[str, Any], chart: str) -> Recipe:
    """What gives the numbers of one chart of a run again, to the byte: its CSV file."""
    from openchannel.usecases.figures import CHARTS

    whole = recipe(manifest)
    python = f'{whole.python}path = run.chart({chart!r}, "csv")\nprint(path.read_text())\n'
    command = f"{whole.command} --charts csv\ncat again/{CHARTS}/{chart}.csv"
    return Recipe(python, command, whole.own, whole.policy)


def further_recipe(kind: str, manifest: Mapping[str, Any], settings: Mapping[str, Any]) -> Recipe:
    """What gives `believe.json` or `ledger.json` of a run again: the run, then the question."""
    whole = recipe(manifest)
    about = "run.case, run=run" if kind == "believe" else "run.case"
    given = "".join(f", {key}={value!r}" for key, value in settings.items())
    told = "found.data" if kind == "believe" else "found.as_dict()"
    python = f"{whole.python}found = oc.{kind}({about}{given})\nprint({told})\n"
    words = ["openchannel", kind, str(manifest["case_source"]), "-o", "again"]
    words += ["--from", "again"] if kind == "believe" else []
    for key, value in settings.items():
        words += [f"--{key}", str(value)]
    command = f"{whole.command}\n{shlex.join(words)}\ncat again/{kind}.json"
    return Recipe(python, command, whole.own, whole.policy)


def build_recipe(kind: str, data: Mapping[str, Any], source: str) -> Recipe:
    """What gives a design or a hedge of a case again: its JSON file, to the byte."""
    settings: dict[str, Any] = {"futures": _test_size(data), "seed": int(data["seed"])}
    if kind == "design":
        limits, sizes, worlds = data["limits"], data["sizes"], list(data["worlds"])
        settings = {
            "budget_usd": limits["budget_usd"],
            **({"people": limits["people"]} if limits["people"] is not None else {}),
            "people_a_year": limits["people_a_year"],
            **({"world": worlds[0]} if len(worlds) == 1 else {}),
            "searches": sizes["searches"],
            "generations": sizes["generations"],
            **settings,
        }
    else:
        settings |= {name: asked for name, asked in data.get("chosen", {}).items() if asked}
    given = "".join(f"    {key}={value!r},\n" for key, value in settings.items())
    told = "found.data" if kind == "design" else "found.as_dict()"
    asked = f"found = oc.{kind}(\n    {source!r},\n{given})"
    python = f"import openchannel as oc\n\n{asked}\nprint({told})\n"
    words = ["openchannel", kind, source, "-o", "again"]
    for key, value in settings.items():
        flag = "budget" if key == "budget_usd" else key.replace("_", "-")
        for one in value if isinstance(value, list) else [value]:
            words += [f"--{flag}", f"{one:.15g}" if isinstance(one, float) else str(one)]
    return Recipe(python, f"{shlex.join(words)}\ncat again/{kind}.json")


def _test_size(data: Mapping[str, Any]) -> int:
    """Futures asked for: those of the final test of a design."""
    return int(data["sizes"]["test"] if "sizes" in data else data["futures"])


#: How each question about a record is asked: words of the command, and whether the case is named
#: by an option; then what of the answer Python prints.
_QUESTIONS: Mapping[str, tuple[tuple[str, ...], bool, str]] = {
    "timeline": (("evidence", "timeline"), True, "found"),
    "ties": (("ties",), False, "found.as_dict()"),
    "history": (("calibrate", "--history"), False, "found.as_dict()"),
    "forecast": (("forecast", "issue", "--no-log"), False, "found.as_dict()"),
}


def record_recipe(question: str, source: str, settings: Mapping[str, Any]) -> Recipe:
    """What gives an answer of the record again: the same entries and numbers."""
    command, by_option, told = _QUESTIONS[question]
    given = "".join(f", {key}={value!r}" for key, value in settings.items())
    asked = f"found = oc.{question}({source!r}{given})"
    python = f"import openchannel as oc\n\n{asked}\nprint({told})\n"
    words = ["openchannel", *command]
    words += ["--case", source] if by_option else [source]
    for key, value in settings.items():
        for one in value if isinstance(value, list) else [value]:
            words += [f"--{_OPTIONS.get(key, key.replace('_', '-'))}", str(one)]
    return Recipe(python, f"{shlex.join(words)} --json")


_OPTIONS = {"kinds": "kind"}
