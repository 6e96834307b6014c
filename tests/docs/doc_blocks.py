"""The fenced blocks of the documents, and what a comment above each says about running it.

`<!-- test: run -->` runs it, `<!-- test: skip (why) -->` does not, `<!-- test: file PATH -->`
writes it to a file that later blocks of the page use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(
    r"(?:^<!-- test: (?P<mark>[^\n]*?) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    """One fenced block; `line` counts from 1."""

    page: Path
    line: int
    language: str
    mark: str
    text: str

    @property
    def action(self) -> str:
        return self.mark.split(" ", 1)[0]

    @property
    def where(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """README and its neighbours, and everything under docs/."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text("utf-8")
    for match in _FENCE.finditer(text):
        line = text.count("\n", 0, match.start("language")) + 1
        yield Block(page, line, match["language"], match["mark"] or "", match["text"])
