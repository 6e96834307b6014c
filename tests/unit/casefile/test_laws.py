"""Ranges as written, and the draws they become."""

from __future__ import annotations

from pathlib import Path

import pytest

from openchannel.casefile import load_case
from openchannel.domain import (
    Discrete,
    Draw,
    LogNormal,
    LogUniform,
    Parameter,
    Pert,
    TieEffect,
    Uniform,
)

SINGLE = "label: x\nunit: x\nvalue: 2\nbounds: [0, 10]\ngrade: C\nreasoning: x\nrange: "
RUNGS = (
    "label: x\nunit: x\nindex: rung\nvalue: {2: 2, 1: 1, 3: 2}\nbounds: [0, 10]\n"
    "grade: C\nreasoning: x\nrange: "
)


def written(tiny: Path, text: str) -> Parameter:
    (tiny / "parameters/cost/price.yaml").write_text(text, encoding="utf-8")
    return load_case(tiny).parameters["price"]


@pytest.mark.parametrize(
    ("text", "draw"),
    [
        ("{pert: [1, 5]}", Draw(("",), "value", Pert(1, 2, 5))),
        ("{pert: [1, 4, 5]}", Draw(("",), "value", Pert(1, 4, 5))),
        ("{uniform: [1, 5]}", Draw(("",), "value", Uniform(1, 5))),
        ("{log_uniform: [1, 5]}", Draw(("",), "value", LogUniform(1, 5))),
        ("{lognormal: {median: 2, sigma: 1}}", Draw(("",), "value", LogNormal(2, 1))),
        (
            "{discrete: {values: [2, 3], weights: [0.9, 0.1]}}",
            Draw(("",), "value", Discrete((2, 3), (0.9, 0.1))),
        ),
        ("{times: {pert: [0.5, 1, 9]}}", Draw(("",), "times", Pert(0.5, 1, 9))),
        ("{plus: {uniform: [-1, 1]}}", Draw(("",), "plus", Uniform(-1, 1))),
        ("{each: true, uniform: [1, 5]}", Draw(("",), "value", Uniform(1, 5))),
    ],
)
def test_laws_of_one_number(tiny: Path, text: str, draw: Draw) -> None:
    """One range is one draw; the value is the mode unless another one is written."""
    assert (draw,) == written(tiny, SINGLE + text + "\n").draws


def test_no_range(tiny: Path) -> None:
    """A number without a range is not varied."""
    assert written(tiny, SINGLE + "[]\n").draws == ()


@pytest.mark.parametrize(
    ("text", "draws"),
    [
        (
            "[{of: [3, 2], pert: [1, 5]}, {of: [1], uniform: [0, 2]}]",
            (
                Draw(("2", "3"), "value", Pert(1, 2, 5)),
                Draw(("1",), "value", Uniform(0, 2)),
            ),
        ),
        (
            "{each: true, pert: [0, 5]}",
            (
                Draw(("1",), "value", Pert(0, 1, 5)),
                Draw(("2",), "value", Pert(0, 2, 5)),
                Draw(("3",), "value", Pert(0, 2, 5)),
            ),
        ),
        (
            "[{times: {uniform: [0, 2]}}, {of: [1], each: true, plus: {uniform: [0, 1]}}]",
            (
                Draw(("1", "2", "3"), "times", Uniform(0, 2)),
                Draw(("1",), "plus", Uniform(0, 1)),
            ),
        ),
    ],
)
def test_laws_of_an_index(tiny: Path, text: str, draws: tuple[Draw, ...]) -> None:
    """Elements stand in the order of the index, whatever the order in the file."""
    parameter = written(tiny, RUNGS + text + "\n")
    assert draws == parameter.draws
    assert {"1": 1, "2": 2, "3": 2} == dict(zip(parameter.elements, parameter.values, strict=True))


def test_whole_parameter(tiny: Path) -> None:
    """Every field of the file arrives; the file is named in a way that holds on every machine."""
    gamma = load_case(tiny).parameters["gamma"]
    assert gamma.tie_effect == TieEffect(0, 1)
    assert (gamma.module, gamma.grade, gamma.provisional) == ("tension", "C", False)
    assert gamma.references[0].locator == "p. 4"
    assert gamma.file == "tiny/parameters/tension/gamma.yaml"


@pytest.mark.parametrize(
    ("text", "elements"), [("true", ("1", "2", "3")), ("[3]", ("3",)), ("false", ())]
)
def test_risk_factor(tiny: Path, text: str, elements: tuple[str, ...]) -> None:
    """`true` means all elements."""
    assert elements == written(tiny, f"{RUNGS}[]\nrisk_factor: {text}\n").risk_factor


def test_open_bounds(tiny: Path) -> None:
    """`null` in `bounds` means no bound on that side."""
    text = "label: x\nunit: x\nvalue: 2\nbounds: [0, null]\ngrade: C\nreasoning: x\n"
    assert (0.0, float("inf")) == written(tiny, text).bounds
