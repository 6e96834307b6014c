"""Signs of a case: formulas, the built-in file, and what both must agree on."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from openchannel.casefile import load_case
from openchannel.casefile.formulas import FormulaError, parse_formula
from openchannel.casefile.signs import Vocabulary, load_signs
from openchannel.domain import Judged, Modelled, Succeeded
from openchannel.errors import UserError
from openchannel.usecases.signs.needs import vocabulary


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("a + b.NYC", ("a", "b.NYC", "+")),
        ("-a * 2", ("a", "neg", 2.0, "*")),
        ("exp(0.5 * a) / (1 - a)", (0.5, "a", "*", "exp", 1.0, "a", "-", "/")),
    ],
)
def test_a_formula_is_worked_out_operands_first(text: str, steps: tuple[float | str, ...]) -> None:
    """Signs bind as on paper; every name is listed once."""
    found = parse_formula(text, ("a", "b.NYC"))
    assert found.steps == steps
    assert sorted(found.names) == sorted({s for s in steps if s in ("a", "b.NYC")})


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a +", "no formula"),
        ("aa", "no number of the case"),
        ("a ** 2", "cannot stand"),
        ("print(a)", "cannot stand"),
        ("a if a else a", "cannot stand"),
        ("__import__('os').system('x')", "cannot stand"),
        ("a" + " + a" * 400, "signs"),
    ],
)
def test_what_is_no_formula_is_refused(text: str, word: str) -> None:
    """Nothing but numbers, names, four signs, brackets and exp; nothing is ever run."""
    with pytest.raises(FormulaError, match=word) as told:
        parse_formula(text, ("a",))
    assert told.value.mend


def test_the_built_in_signs_are_sound() -> None:
    """Every kind is there, grades and reasons too; numbers named exist in the case."""
    case = load_case("korea")
    signs = load_signs("korea", vocabulary(case))
    kinds = {type(s.likelihood) for s in signs}
    assert {Modelled, Succeeded, Judged} <= kinds
    assert len({s.id for s in signs}) == len(signs) >= 10
    for sign in signs:
        assert len(sign.reasoning) > 60
        if isinstance(sign.likelihood, Judged):
            assert sign.grade == "C"
            low, high = sign.likelihood.at
            assert math.isfinite(low) and low < high
        assert set(sign.sources) <= set(case.sources)


def test_a_case_without_the_file_has_no_signs(tmp_path: Path, tiny_names: Vocabulary) -> None:
    """It is optional; a case that extends another has the other's."""
    (tmp_path / "case.yaml").write_text("id: mine\ntitle: x\n", "utf-8")
    assert load_signs(tmp_path, tiny_names) == ()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "case.yaml").write_text("id: mine\nextends: korea\n", "utf-8")
    names = vocabulary(load_case("korea"))
    assert load_signs(tmp_path / "mine", names) == load_signs("korea", names)


@pytest.fixture
def tiny_names() -> Vocabulary:
    return Vocabulary({}, (), (), (), (), (), "N0")


def test_all_problems_of_the_file_are_told_at_once(tmp_path: Path, tiny_names: Vocabulary) -> None:
    """Each with its line."""
    (tmp_path / "case.yaml").write_text("id: mine\ntitle: x\n", "utf-8")
    (tmp_path / "signs.yaml").write_text(
        "- {id: a, title: A, reasoning: R., likelihood: {modelled: {what: x}}}\n"
        "- {id: a, title: A, reasoning: R., likelihood: {}}\n",
        "utf-8",
    )
    with pytest.raises(UserError) as told:
        load_signs(tmp_path, tiny_names)
    assert [p.line for p in told.value.problems] == [1, 2, 2]
