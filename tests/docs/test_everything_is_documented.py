"""What is public is in the documents, and what they list exists."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from doc_blocks import ROOT, blocks, pages
from pydantic import BaseModel

import openchannel as oc

REFERENCE = ROOT / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


def test_generated_parts_are_fresh() -> None:
    """`make docs` would change nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "docs.generate", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"stale, run `make docs`:\n{done.stdout}{done.stderr}"


def test_readme_names_every_command() -> None:
    """A command that exists is in the table of the README, and no other."""
    import typer

    from openchannel.cli.app import app

    commands = set(typer.main.get_command(app).commands)
    table = re.findall(
        r"^\| `(\w+)[^`]*` \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )
    verdicts = {"better", "no_measurable_difference", "depends_on_beliefs"}
    assert set(table) - verdicts == commands


def test_exit_codes() -> None:
    """The page lists the codes that the program uses."""
    from openchannel.cli import exits

    used = {exits.DONE, exits.SAID_NO, exits.USER_INPUT, exits.OUR_FAULT, exits.INTERRUPTED}
    told = re.findall(r"^\| (\d+) \|", page("exit-codes-and-errors.md"), re.MULTILINE)
    assert {int(code) for code in told} == used


def test_environment_variables() -> None:
    """Every variable that the program reads is documented, and no other."""
    read: set[str] = set()
    for file in (ROOT / "src").rglob("*.py"):
        read |= set(re.findall(r"\"(OPENCHANNEL_\w+)\"", file.read_text("utf-8")))
    told = set(re.findall(r"^\| `(OPENCHANNEL_\w+)`", page("command-line.md"), re.MULTILINE))
    assert told == read


def forms() -> Iterator[type[BaseModel]]:
    from openchannel.casefile.forms import actions, beliefs, laws, overview

    for module in (actions, beliefs, laws, overview):
        yield from (getattr(module, name) for name in module.__all__ if name.endswith("Form"))


@pytest.mark.parametrize("form", list(forms()), ids=lambda f: f.__name__)
def test_every_key_of_a_case_file(form: type[BaseModel]) -> None:
    """Each field of each form stands on the page of the case folder."""
    text = page("case-file.md")
    absent = [key for key in form.model_fields if not re.search(rf"\b{key}\b", text)]
    assert absent == []


def own_forms() -> Iterator[type[BaseModel]]:
    from openchannel.casefile import own_form

    yield from (getattr(own_form, name) for name in own_form.__all__)


@pytest.mark.parametrize("form", list(own_forms()), ids=lambda f: f.__name__)
def test_every_key_of_own_beliefs(form: type[BaseModel]) -> None:
    """Each field of the file stands on the page of beliefs."""
    text = page("beliefs.md")
    absent = [key for key in form.model_fields if not re.search(rf"\b{key}\b", text)]
    assert absent == []


def keys(value: Any) -> Iterator[str]:
    """Keys of nested mappings, ids left out."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not re.fullmatch(r"[PW]\d\w*", key):
                yield key
            yield from keys(inner)


def test_every_field_of_a_run() -> None:
    """Summary, manifest and columns of the draws are on the page of the run's folder."""
    from openchannel.domain.names import METRIC_IDS
    from openchannel.model.metrics import EXTRAS

    run = oc.assess("korea", policies=["P1", "P7"], futures=4, beliefs="modes")
    metrics = {*METRIC_IDS, *(m.id for m in EXTRAS)}
    text = page("run-folder.md")
    fields = {*keys(run.summary), *keys(run.manifest), *run.draws.columns} - metrics
    assert sorted(f for f in fields if f"`{f}`" not in text) == []
    assert set(run.summary["policies"]["P7"]["metrics"]) == metrics


def test_every_field_of_the_ledger() -> None:
    """What `ledger.json` holds is on the page of beliefs."""
    found = oc.ledger("korea", futures=16, beliefs="modes").as_dict()
    text = page("beliefs.md") + page("run-folder.md")
    fields = {k for k in keys(found) if not re.fullmatch(r"[BR]\d+", k)}
    assert sorted(f for f in fields if f"`{f}`" not in text) == []


def test_every_field_of_the_file_of_beliefs() -> None:
    """What `believe.json` holds is on its page; criteria and metrics stand there or on theirs."""
    from golden.believe_example import example_believe

    text = page("believe-file.md")
    names = {"N0", "N1", "N2", "V1", "V2", "e_f", "q_on", "deaths", "cost", "pooled"}
    names |= {
        "fatalities",
        "programme_cost_usd",
        "p_war",
        "p_nuclear_use",
        "N",
        "inside",
        "outside",
    }
    fields = set(keys(example_believe())) - names
    assert sorted(f for f in fields if f"`{f}`" not in text and f"`{f}" not in text) == []


def test_every_key_of_values_questions_and_games() -> None:
    """Each field of the files beside a case stands on the page of the case folder."""
    from openchannel.casefile import games
    from openchannel.casefile.questions import QuestionForm
    from openchannel.casefile.values import ValueSetForm

    text = page("case-file.md")
    game_forms = (
        games.GamesForm, games.CrisisForm, games.PayoffForm, games.CapitalForm, games.PlayerForm,
    )  # fmt: skip
    for form in (QuestionForm, ValueSetForm, *game_forms):
        absent = [key for key in form.model_fields if not re.search(rf"\b{key}\b", text)]
        assert absent == [], form


def test_streams() -> None:
    """The page of randomness names every stream number in use."""
    from openchannel.kernel.streams import Stream

    told: set[int] = set()
    for row in re.findall(r"^\| \d.*\|$", page("randomness.md"), re.MULTILINE):
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        for cell in cells[::2]:
            for first, last in re.findall(r"(\d+)(?:–(\d+))?", cell):
                told |= set(range(int(first), int(last or first) + 1))
    assert {int(s) for s in Stream} <= told


def test_glossary_is_in_order() -> None:
    """One word, one line, in the order of the alphabet."""
    words = re.findall(r"^\| ([^|]+?) \|", page("glossary.md"), re.MULTILINE)[1:]
    assert len(set(words)) == len(words)
    assert words == sorted(words, key=str.lower)


def test_one_version() -> None:
    """Package, project file, citation and changelog name the same release."""
    version = oc.__version__
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == version
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


#: What documents take for a case: the built-in ones, those that they write, and folders.
CASES = {"korea", "korea-reference", "my-case"}


def told_commands() -> Iterator[tuple[str, list[str]]]:
    """Each command line that a document shows, in a block or within a sentence, and where."""
    for file in pages():
        for block in blocks(file):
            lines = block.text.splitlines() if block.language == "console" else []
            told = [line.removeprefix("$ ") for line in lines if line.startswith("$ openchannel ")]
            yield from ((block.where, shlex.split(line, comments=True)[1:]) for line in told)
        for line in re.findall(r"`(openchannel [^`\n]+)`", file.read_text("utf-8")):
            yield file.name, line.split()[1:]


def test_every_command_line_in_the_documents() -> None:
    """Commands that a document shows exist, and take the options that it shows."""
    import typer

    from openchannel.cli.app import app

    strays, program = [], typer.main.get_command(app)
    for where, words in told_commands():
        command, rest = program, words
        while rest and not rest[0].startswith("-") and hasattr(command, "commands"):
            # `forecast CASE` is short for `forecast issue CASE`; COMMAND stands for any.
            is_case = rest[0] in CASES or rest[0].isupper()
            short = command.commands.get("issue", command) if is_case else None
            command, rest = command.commands.get(rest[0], short), rest[1:]
            if command is None:
                break
        known = {o for p in getattr(command, "params", ()) for o in (*p.opts, *p.secondary_opts)}
        asked = {w.partition("=")[0] for w in rest if re.match(r"--?[a-z]", w)} - {"--help", "-h"}
        if command is None or not asked <= known:
            strays.append((where, " ".join(words)))
    assert strays == []


def test_make_targets() -> None:
    """Every target that the documents name exists."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for file in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        named = set(
            re.findall(r"^make ([a-z]+)|`make ([a-z]+)", file.read_text("utf-8"), re.MULTILINE)
        )
        assert {a or b for a, b in named} <= targets, file
