"""The built-in cases load, with what the model asks for."""

from __future__ import annotations

import pytest

from openchannel.casefile import builtin_cases, load_case


def test_names() -> None:
    """The two cases of the specification are there."""
    assert {"korea", "korea-reference"} <= set(builtin_cases())


@pytest.mark.parametrize("name", builtin_cases())
def test_loads(name: str) -> None:
    """Without a problem, under its own name, with every number traceable to a file."""
    case = load_case(name)
    assert case.id == name
    assert all(p.file.endswith(f"/{p.key}.yaml") for p in case.parameters.values())
    assert {r.source for p in case.parameters.values() for r in p.references} <= set(case.sources)
