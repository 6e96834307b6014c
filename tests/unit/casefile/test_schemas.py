"""The published JSON Schemas: fresh, and true of the built-in cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from openchannel.casefile.layers import CASES
from openchannel.casefile.schemas import FOLDER, schema_texts, write_schemas
from openchannel.casefile.tree import plain, read_yaml

KINDS = {
    "case": "case.yaml",
    "parameter": "parameters/*/*.yaml",
    "world": "worlds/*.yaml",
    "policy": "policies/*.yaml",
    "overlay": "overlays/*.yaml",
    "propositions": "propositions.yaml",
    "signs": "signs.yaml",
}


def test_schemas_are_fresh() -> None:
    """`python -m openchannel.casefile.schemas` has been run since the forms last changed."""
    published = {p.name: p.read_text(encoding="utf-8") for p in FOLDER.glob("*.schema.json")}
    assert schema_texts() == published


@pytest.mark.parametrize("kind", KINDS)
def test_schema_is_a_schema(kind: str) -> None:
    """Editors can use it."""
    Draft202012Validator.check_schema(json.loads(schema_texts()[f"{kind}.schema.json"]))


@pytest.mark.parametrize("kind", KINDS)
def test_built_in_cases_fit(kind: str) -> None:
    """What the loader takes, the schema takes; at least one file of each kind is there."""
    validator = Draft202012Validator(json.loads(schema_texts()[f"{kind}.schema.json"]))
    files = sorted(CASES.glob(f"*/{KINDS[kind]}"))
    assert files
    for path in files:
        root, _ = read_yaml(path.read_text(encoding="utf-8"))
        assert root is not None
        assert [] == [str(e.message) for e in validator.iter_errors(plain(root))], path


def test_writing_leaves_only_schemas(tmp_path: Path) -> None:
    """Files appear whole, under their names."""
    written = write_schemas(tmp_path / "schemas")
    assert sorted(written) == sorted((tmp_path / "schemas").iterdir())
