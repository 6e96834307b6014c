"""JSON Schemas of the case files, and of a file of one's own beliefs, for editors.

`python -m openchannel.casefile.schemas` writes them. The schemas come from the forms and
say what one file may hold. What files must agree on is beyond them; `openchannel check` says it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openchannel.casefile.forms import (
    CaseForm,
    OverlayForm,
    ParameterForm,
    PolicyForm,
    PropositionForm,
    WorldForm,
)
from openchannel.casefile.forms.signs import SignForm
from openchannel.casefile.own_form import OwnForm
from openchannel.casefile.wording import adapter

__all__ = ["FOLDER", "schema_texts", "write_schemas"]

FOLDER = Path(__file__).resolve().parent.parent / "schemas"

_KINDS: Mapping[str, Any] = {
    "case": CaseForm,
    "parameter": ParameterForm,
    "world": WorldForm,
    "policy": PolicyForm,
    "overlay": OverlayForm,
    "propositions": list[PropositionForm],
    "signs": list[SignForm],
    "own": OwnForm,
}


def schema_texts() -> dict[str, str]:
    """The text of every schema by file name."""
    return {f"{name}.schema.json": _text(name, kind) for name, kind in _KINDS.items()}


def write_schemas(folder: Path = FOLDER) -> list[Path]:
    """Writes the schemas into a folder and names the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in schema_texts().items():
        temporary = folder / f".{name}.new"
        temporary.write_text(text, encoding="utf-8", newline="\n")
        written.append(temporary.replace(folder / name))
    return written


def _text(name: str, kind: Any) -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | adapter(
        kind
    ).json_schema()
    schema["title"] = f"openchannel {name}"
    if name == "case":
        # A case that extends another needs to say only what differs.
        required = schema.pop("required")
        schema["anyOf"] = [{"required": required}, {"required": ["id", "extends"]}]
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    for path in write_schemas():
        print(path)
