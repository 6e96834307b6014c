"""Every mistake in `signs.yaml` is found, in its place, in words that help."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from openchannel.casefile.signs import SIGNS, Vocabulary, load_signs
from openchannel.errors import UserError

TINY = Path(__file__).parent / "tiny"
NAMES = Vocabulary(
    tables={"provocations": {"severity": (), "exclude": ("yes", "no")}},
    counts=("provocations", "crises"),
    numbers=("lam0", "psi0", "rho.OFF"),
    quantities=("rho_times", "gamma"),
    policies=("N0", "N1"),
    sources=("Ash20",),
    status_quo="N0",
)
GOOD = """- id: days
  title: Days of provocation
  rows:
    table: provocations
    where: {severity: [2, 3], exclude: ["no"]}
  likelihood: {modelled: {what: provocations, recorded: 0.5}}
  grade: A
  reasoning: The model's own equation.
  sources: [Ash20]
- id: share
  title: Share of severe ones
  rows:
    table: provocations
    where: {severity: 3}
    among: {severity: [2, 3]}
  likelihood: {succeeded: {chance: psi0 * rho.OFF, trials: 4}}
  reasoning: Drawn one by one.
- id: reply
  title: A reply
  likelihood: {judged: {belief: gamma, at: [0, 1], chance: [0.1, 0.5], weeks: 26}}
  reasoning: Assumed.
- id: shots
  title: Shots
  likelihood: {counted: {rate: 2 * lam0}}
  reasoning: A rate.
"""

FAULTS = {
    "unknown table": ("    table: provocations\n    where: {severity: [2", "    table: provoc\n    where: {severity: [2", "4:12", ("no table `provoc`", "provocations")),
    "unknown column": ("{severity: [2, 3], exclude", "{severty: [2, 3], exclude", "5:13", ("no column `severty`", "write severity")),
    "unknown value": ('exclude: ["no"]', 'exclude: ["never"]', "5:41", ("value of exclude", "yes")),
    "two ways": ("{modelled: {what: provocations, recorded: 0.5}}", "{modelled: {what: crises}, counted: {rate: lam0}}", "6:15", ("modelled and counted are given", "keep one")),
    "no way": ("{modelled: {what: provocations, recorded: 0.5}}", "{}", "6:15", ("no likelihood is given",)),
    "unknown count": ("what: provocations", "what: provokations", "6:33", ("no count of the model", "write provocations")),
    "unknown policy": ("what: provocations, recorded: 0.5", "what: provocations, under: N9", "6:54", ("no policy `N9`", "N0")),
    "another policy in the record": ("what: provocations, recorded: 0.5", "what: provocations, under: N1", "6:54", ("the record shows the status quo",)),
    "recorded out of bounds": ("recorded: 0.5", "recorded: 0", "6:57", ("out of bounds", "at most 5")),
    "grade": ("grade: A", "grade: D", "7:10", ("A, B or C",)),
    "source": ("[Ash20]", "[Ash21]", "9:13", ("no source `Ash21`", "write Ash20")),
    "share without among": ("    among: {severity: [2, 3]}\n", "", "13:5", ("a share needs", "add `among`")),
    "formula": ("psi0 * rho.OFF", "psi0 ** 2", "16:36", ("cannot stand in a formula", "exp()")),
    "number": ("psi0 * rho.OFF", "psi1 * rho.OFF", "16:36", ("`psi1` is no number", "write psi0")),
    "trials": ("trials: 4", "trials: 0", "16:60", ("out of bounds",)),
    "belief": ("belief: gamma", "belief: gama", "20:33", ("no drawn quantity `gama`", "write gamma")),
    "places": ("at: [0, 1]", "at: [1, 0]", "20:44", ("rising order", "swap")),
    "chance": ("chance: [0.1, 0.5]", "chance: [0.1, 1]", "20:66", ("a chance, above 0 and below 1",)),
    "unknown field": ("reasoning: Assumed.", "reasoning: Assumed.\n  beleif: gamma", "22:3", ("no field `beleif`",)),
    "missing reason": ("\n  reasoning: A rate.", "", "22:3", ("`reasoning` is missing",)),
    "twice": ("id: reply", "id: share", "18:7", ("a second sign", "another id")),
}  # fmt: skip


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def test_the_file_to_be_spoilt_is_good(tiny: Path) -> None:
    """Without a mistake four signs are read."""
    (tiny / SIGNS).write_text(GOOD, "utf-8")
    assert [s.id for s in load_signs(tiny, NAMES)] == ["days", "share", "reply", "shots"]


@pytest.mark.parametrize("name", FAULTS)
def test_fault(tiny: Path, name: str) -> None:
    """One mistake gives one problem: where, what is wrong, what is allowed, how to mend it."""
    old, new, where, parts = FAULTS[name]
    assert GOOD.count(old) == 1
    (tiny / SIGNS).write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(UserError) as told:
        load_signs(tiny, NAMES)
    (problem,) = told.value.problems
    assert problem.where == f"{tiny}/{SIGNS}:{where}"
    for part in parts:
        assert part in str(problem)
    assert problem.wrong and problem.allowed and problem.mend
