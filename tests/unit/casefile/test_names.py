"""Names that a model asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from openchannel.casefile import check_case, load_case
from openchannel.domain import flat_name, flatten

SCALARS = {"gamma", "price", "fb1", "fb2", "fb3", "fb4", "R0_0", "R0_1", "R0_2"}
REQUIRED = {"scalar": SCALARS, "column": {"rho"}}


@pytest.mark.parametrize(
    ("key", "element", "name"),
    [
        ("fb", "3", "fb3"),
        ("R0", "0", "R0_0"),
        ("c0", "det", "c0_det"),
        ("c_gain", "det", "c_gain_det"),
        ("e_f", "", "e_f"),
    ],
)
def test_flat_name(key: str, element: str, name: str) -> None:
    """The rule of the reference."""
    assert name == flat_name(key, element)


def test_flatten(tiny: Path) -> None:
    """Every number but those of the channel table."""
    flat = flatten(load_case(tiny).parameters)
    assert set(flat) == SCALARS
    assert (flat["fb3"], flat["R0_2"]) == (0.14, 0.07)


def test_required_names_are_there(tiny: Path) -> None:
    """A case that gives what is asked for has no problem."""
    assert check_case(tiny, required=REQUIRED)[1] == []


def test_missing_names(tiny: Path) -> None:
    """A parameter, an element and a column that are missing, each with its cure."""
    asked = {"scalar": SCALARS | {"kappa", "fb0"}, "column": {"rho", "tau"}}
    _, problems = check_case(tiny, required=asked)
    assert [
        "the parameter `kappa` is missing",
        "the channel-indexed parameter `tau` is missing",
        "the model asks for `fb0`, the element 0 of `fb`",
    ] == [p.wrong for p in problems]
    assert f"write {tiny}/parameters/<module>/kappa.yaml" in problems[0].mend
    assert "index: channel" in problems[1].mend
    assert problems[2].mend == "add `0: ...` to `value`"


def test_unknown_names(tiny: Path) -> None:
    """A parameter that the model does not know: the known names, nearest first."""
    asked = {"scalar": SCALARS - {"gamma"} | {"gamma_D"}, "column": {"rho"}}
    _, problems = check_case(tiny, required=asked)
    assert "the parameter `gamma_D` is missing" in [p.wrong for p in problems]
    (unknown,) = [p for p in problems if "knows no" in p.wrong]
    assert unknown.file == f"{tiny}/parameters/tension/gamma.yaml"
    assert unknown.allowed.startswith("one of gamma_D, ")


def test_faulty_file_is_not_missing(tiny: Path) -> None:
    """A parameter whose file has a problem is not called missing as well."""
    (tiny / "parameters/crisis/fb.yaml").write_text("label: x\n", encoding="utf-8")
    _, problems = check_case(tiny, required=REQUIRED)
    assert {f"{tiny}/parameters/crisis/fb.yaml"} == {p.file for p in problems}
