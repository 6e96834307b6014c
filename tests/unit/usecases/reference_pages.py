"""Whether a page of the reference names every field of what a command found."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

_PAGES = Path(__file__).parents[3] / "docs" / "reference"


def unnamed(page: str, data: Any, ids: Collection[str] = ()) -> list[str]:
    """Fields of `data` that the page does not name; keys among `ids` are no fields but names."""
    text = (_PAGES / page).read_text("utf-8")
    found = sorted(_fields(data) - set(ids))
    assert len(found) > 10, "hardly a field: is it data at all?"
    return [f for f in found if not re.search(rf"`(\S+\.)?{re.escape(f)}(\[\])?`", text)]


def _fields(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(_fields, value.values()))
    return set().union(*map(_fields, value)) if isinstance(value, list) else set()
