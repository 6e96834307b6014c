"""The bibliography of a case."""

from __future__ import annotations

import re

from docs.blocks.markdown import sentences

from openchannel.domain import Case

__all__ = ["sources"]


def sources(case: Case) -> str:
    """The bibliography, and how far each work was read."""
    parts = []
    for key in sorted(case.sources, key=_natural):
        s = case.sources[key]
        who = ", ".join(filter(None, (s.author, s.year)))
        told = "\n".join(
            filter(
                None,
                (
                    f"{who}. {s.title}." if who else f"{s.title}.",
                    f"{s.publisher}." if s.publisher else "",
                    f"Read: {s.read}." if s.read else "",
                    s.note and sentences(s.note),
                    f"<{s.url}>" if s.url else "",
                ),
            )
        )
        parts.append(f'<a id="{key}"></a>\n### {key}\n\n{told}')
    return "\n\n".join(parts)


def _natural(key: str) -> tuple[str, int]:
    """S2 before S10."""
    digits = re.search(r"\d+$", key)
    return (key[: digits.start()], int(digits[0])) if digits else (key, 0)
