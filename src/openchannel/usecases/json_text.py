"""JSON that somebody else wrote: read, or told to be unfit, whatever is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["parse_json", "read_mapping"]

#: Levels of lists and mappings; what openchannel writes has less than ten.
_DEEPEST = 64


def parse_json(text: str | bytes) -> Any:
    """The values of a JSON text.

    Raises
    ------
    ValueError
        Where it is no JSON, or is nested so deep that reading or writing it on would fail.

    Examples
    --------
    >>> parse_json('{"a": [1]}')
    {'a': [1]}
    """
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    level = [found]
    for _ in range(_DEEPEST):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return found
    raise ValueError("it is nested too deep")


def read_mapping(path: Path) -> dict[str, Any]:
    """A JSON file as a mapping; empty where it is absent or cannot be read."""
    try:
        found = parse_json(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
