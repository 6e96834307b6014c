"""How to make a run again: the same run from Python and on the command line."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Any

__all__ = [
    "Recipe",
    "answer_recipe",
    "believe_recipe",
    "build_recipe",
    "chart_recipe",
    "claims_recipe",
    "compare_recipe",
    "curve_recipe",
    "recipe",
    "record_recipe",
    "steps_recipe",
]

_OWN_FILE = "own.yaml"
_POLICY_FILE = "policy.yaml"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Python lines and a command, and what the files that they name must hold, if any.

    command : empty where the command line cannot ask for the same; then `refused` says why
    own : text of `own.yaml`, beliefs ; policy : text of `policy.yaml`
    """

    python: str
    command: str
    own: str = ""
    policy: str = ""
    refused: str = ""


def recipe(manifest: Mapping[str, Any]) -> Recipe:
    """What gives the run of a manifest again, byte for byte, with the same release."""
    source, settings, own, policy = _asked(manifest)
    python = f"import openchannel as oc\n\n{_assess_call(source, settings)}\n"
    return Recipe(python, _assess_line(source, settings, "again"), own, policy)


def _asked(manifest: Mapping[str, Any]) -> tuple[str, dict[str, Any], str, str]:
    """What a run was asked: its case, its settings, and texts of beliefs and policy of its own."""
    own = str((manifest.get("own") or {}).get("text", ""))
    policy = str((manifest.get("own_policy") or {}).get("text", ""))
    settings: dict[str, Any] = {
        "futures": int(manifest["futures"]),
        "seed": int(manifest["seed"]),
        "policies": [str(p) for p in manifest["policies"]],
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
    return str(manifest["case_source"]), settings, own, policy


def _assess_call(source: str, settings: Mapping[str, Any], **names: str) -> str:
    """A call of `assess`; `names` are settings that hold what a name stands for at the time."""
    told = {key: names.get(key, repr(value)) for key, value in settings.items()}
    given = "".join(f"    {key}={value},\n" for key, value in told.items())
    return f"run = oc.assess(\n    {source!r},\n{given})"


def _assess_line(source: str, settings: Mapping[str, Any], folder: str) -> str:
    words = ["openchannel", "assess", source, "-o", folder]
    for key in (
        "futures", "seed", "beliefs", "overlay", "sharpen", "own", "own_policy", "baseline",
    ):  # fmt: skip
        if settings.get(key) not in (None, ""):
            words += [f"--{key.replace('_', '-')}", str(settings[key])]
    for name in settings["policies"]:
        words += ["--policy", name]
    return shlex.join(words)


def answer_recipe(manifest: Mapping[str, Any], policy: str) -> Recipe:
    """What gives the change of loss of one policy again, as a run would find it."""
    source, settings, own, text = _asked(manifest)
    python = f"import openchannel as oc\n\n{_assess_call(source, settings)}\n"
    told = f"found = {_LOSS.format(policy)}\nprint(found)\n"
    command = f"{_assess_line(source, settings, 'again')} --format none --json"
    return Recipe(python + told, command, own, text)


def steps_recipe(manifest: Mapping[str, Any], policy: str, sizes: Sequence[int]) -> Recipe:
    """The same after each of several numbers of futures: one run a size."""
    source, settings, own, text = _asked(manifest)
    call = _assess_call(source, settings, futures="futures")
    body = f"{call}\nfound[futures] = {_LOSS.format(policy)}\n"
    python = (
        f"import openchannel as oc\n\nfound = {{}}\nfor futures in {tuple(sizes)}:\n"
        f"{indent(body, '    ')}print(found)\n"
    )
    commands = [
        f"{_assess_line(source, {**settings, 'futures': n}, f'again-{n}')} --format none --json"
        for n in sizes
    ]
    return Recipe(python, "\n".join(commands), own, text)


#: The change of loss of a policy, in what a run says.
_LOSS = 'run.summary["policies"][{!r}]["versus_baseline"]["composite_loss"]'


def curve_recipe(
    source: str, belief: str, start: str, ends: tuple[float, float] | None = None
) -> Recipe:
    """What gives the curve of a belief again; ends only where it was moved."""
    settings: dict[str, Any] = {"start": start} if start else {}
    settings |= {} if ends is None else dict(zip(("low", "high"), ends, strict=True))
    asked = f"found = oc.curve({source!r}, {belief!r}{_given(settings)})"
    python = f"import openchannel as oc\n\n{asked}\nprint(found.as_dict())\n"
    return Recipe(python, f"{_line(['curve', source, belief], settings)} --json")


def chart_recipe(manifest: Mapping[str, Any], chart: str) -> Recipe:
    """What gives the numbers of one chart of a run again, to the byte: its CSV file."""
    from openchannel.usecases.runs.figures import CHARTS

    whole = recipe(manifest)
    python = f'{whole.python}path = run.chart({chart!r}, "csv")\nprint(path.read_text())\n'
    command = f"{whole.command} --charts csv\ncat again/{CHARTS}/{chart}.csv"
    return Recipe(python, command, whole.own, whole.policy)


def believe_recipe(manifest: Mapping[str, Any], settings: Mapping[str, Any]) -> Recipe:
    """What gives `believe.json` of a run again: the run, then the question about it."""
    whole = recipe(manifest)
    asked = f"found = oc.believe(run.case, run=run{_given(settings)})"
    python = f"{whole.python}{asked}\nprint(found.data)\n"
    words = ["believe", str(manifest["case_source"]), "-o", "again", "--from", "again"]
    command = f"{whole.command}\n{_line(words, settings)}\ncat again/believe.json"
    return Recipe(python, command, whole.own, whole.policy)


def claims_recipe(
    manifest: Mapping[str, Any], settings: Mapping[str, Any], refused: str = ""
) -> Recipe:
    """What gives `ledger.json` of a run again, which needs the case of the run, not its futures.

    refused : why the command line cannot be told of that case; then Python asks by way of the run
    """
    whole, source = recipe(manifest), str(manifest["case_source"])
    told = "\nprint(found.as_dict())\n"
    if refused:
        python = f"{whole.python}found = oc.ledger(run.case{_given(settings)}){told}"
        return Recipe(python, "", whole.own, whole.policy, refused)
    asked = {**settings, **({"own": _OWN_FILE} if whole.own else {})}
    python = f"import openchannel as oc\n\nfound = oc.ledger({source!r}{_given(asked)}){told}"
    words = ["ledger", source, "-o", "again"]
    return Recipe(python, f"{_line(words, asked)}\ncat again/ledger.json", whole.own)


def _given(settings: Mapping[str, Any]) -> str:
    """Settings as the further arguments of a call."""
    return "".join(f", {key}={value!r}" for key, value in settings.items())


def _line(words: Sequence[str], settings: Mapping[str, Any]) -> str:
    """A command with settings as its options."""
    options = [part for key, value in settings.items() for part in (f"--{key}", str(value))]
    return shlex.join(["openchannel", *words, *options])


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


def compare_recipe(first: str, second: str, settings: Mapping[str, Any]) -> Recipe:
    """What holds the folders of two runs against each other again, and swaps their beliefs."""
    asked = f"found = oc.compare({first!r}, {second!r}{_given(settings)})"
    python = f"import openchannel as oc\n\n{asked}\nprint(found.as_dict()['results'])\n"
    return Recipe(python, f"{_line(['compare', first, second], settings)} --json")


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
    asked = f"found = oc.{question}({source!r}{_given(settings)})"
    python = f"import openchannel as oc\n\n{asked}\nprint({told})\n"
    words = ["openchannel", *command]
    words += ["--case", source] if by_option else [source]
    for key, value in settings.items():
        option = f"--{_OPTIONS.get(key, key.replace('_', '-'))}"
        for one in value if isinstance(value, list) else [value]:
            words += [option] if one is True else [option, str(one)]
    return Recipe(python, f"{shlex.join(words)} --json")


_OPTIONS = {"kinds": "kind"}
