"""Words of Markdown that every block uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

__all__ = ["line", "sentences", "source_link", "table"]


def line(text: str) -> str:
    """Text as one line that a cell of a table can hold."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with its head."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(line(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def sentences(text: str) -> str:
    """One sentence a line; an abbreviation or a decimal ends none."""
    return re.sub(r"(?<=[a-z0-9)%\"'][.?!]) (?=[A-Z])", "\n", " ".join(text.split()))


def source_link(key: str) -> str:
    """A source, with a link to its entry."""
    return f"[{key}](sources.md#{key})"
