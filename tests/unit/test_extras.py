"""Optional parts of the installation: each is told as a whole where it is missing."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from openchannel.errors import UserError
from openchannel.extras import BAYES, BELIEF, OPTIMISE, WEB, Part

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
LACKING = Part("lacking", "this", ("json", "no_such_library", "nor_this"))


def test_every_library_that_is_missing_is_told_at_once() -> None:
    """None of them is loaded for it; what is there is not named; the way to get the part is."""
    with pytest.raises(UserError, match=r"pip install 'openchannel\[lacking\]'") as caught:
        LACKING.check()
    assert ["no_such_library", "nor_this"] == [p.field for p in caught.value.problems]


def test_a_module_that_cannot_be_loaded_is_told_by_its_library() -> None:
    """What there is comes as it is."""
    assert LACKING.module("json").dumps([1]) == "[1]"
    with pytest.raises(UserError, match="this needs a library that cannot be loaded") as caught:
        LACKING.module("no_such_library.part")
    assert caught.value.problems[0].field == "no_such_library"


@pytest.mark.parametrize("part", [BAYES, BELIEF, OPTIMISE, WEB])
def test_parts_are_those_that_the_project_offers(part: Part) -> None:
    """As many libraries as `pip` would bring under that name."""
    offered = tomllib.loads(PROJECT.read_text("utf-8"))["project"]["optional-dependencies"]
    assert len(offered[part.name]) == len(part.libraries)
