"""A policy of one's own in a file beside the case."""

from __future__ import annotations

from pathlib import Path

import pytest

from openchannel.casefile.own_policy import apply_policy, parse_policy, read_policy
from openchannel.domain import Case
from openchannel.errors import UserError
from openchannel.usecases.cases import load

_P7 = "policies/P7.yaml"


@pytest.fixture(scope="module")
def case() -> Case:
    return load("korea")


def text_of(case: Case) -> str:
    """A policy file of the case under another id."""
    return (Path(case.folder) / _P7).read_text("utf-8").replace("id: P7", "id: MINE")


def test_a_policy_file_of_the_case_is_one_of_ones_own(case: Case, tmp_path: Path) -> None:
    """The same file gives the same policy, wherever it lies; the case is then about it."""
    path = tmp_path / "mine.yaml"
    path.write_text(text_of(case), "utf-8")
    own = read_policy(path, case)
    there = case.policy("P7")
    assert own.policy.cadence == there.cadence
    assert own.policy.levers == there.levers
    seen = apply_policy(case, own)
    assert [p.id for p in seen.policies] == [*(p.id for p in case.policies), "MINE"]
    assert seen.focal == "MINE"
    assert seen.fingerprint != case.fingerprint


def test_every_problem_is_told_at_once(case: Case) -> None:
    """A taken id, an unknown channel and an unknown target, each at its own line."""
    text = (
        text_of(case)
        .replace("id: MINE", "id: P3")
        .replace("SUM: 0.15", "SUMM: 0.15")
        .replace("rules: {}", "rules: {scale_up: {to: P99}}")
    )
    with pytest.raises(UserError) as told:
        parse_policy(text, case, "mine.yaml")
    problems = told.value.problems
    assert [p.field for p in problems] == ["id", "cadence.SUMM", "rules.scale_up.to"]
    assert [p.line for p in problems] == sorted(p.line for p in problems)
    assert all(p.file == "mine.yaml" and p.mend for p in problems)


def test_what_is_no_policy_is_refused(case: Case, tmp_path: Path) -> None:
    """Broken YAML, a missing field and a missing file say what to mend."""
    for text in ("id: [", "id: MINE\ntitle: x\n"):
        with pytest.raises(UserError):
            parse_policy(text, case)
    with pytest.raises(UserError):
        read_policy(tmp_path / "absent.yaml", case)
