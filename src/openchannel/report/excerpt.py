"""A brief with fewer parts: those that a reader chose, and those that no brief may lack."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from openchannel.report.model import Brief, Span

__all__ = ["ALWAYS", "excerpt"]

#: Parts that stay whatever is chosen, with the appendix: an answer without its limits is none, and
#: a number without its trail neither.
ALWAYS = ("section-answer", "section-limits", "section-made")

Value = TypeVar("Value")


def excerpt(brief: Brief, chosen: Collection[str]) -> Brief:
    """The chosen parts by anchor, numbered anew; claims that lead to a part left out do not."""
    kept = [s for s in brief.sections if s.is_appendix or s.anchor in {*chosen, *ALWAYS}]
    body = [s for s in kept if not s.is_appendix]
    numbered = [replace(s, number=str(i)) for i, s in enumerate(body, 1)]
    sections = (*numbered, *(s for s in kept if s.is_appendix))
    known = {*_anchors(sections)}
    parts = {s.anchor for s in brief.sections}
    marks = {k: v for k, v in brief.marks.items() if k not in parts}
    marks |= {s.anchor: f"§{s.number}" for s in sections}
    return replace(brief, sections=_leading_to(sections, known), marks=marks)


def _anchors(value: Any) -> Iterator[str]:
    """Every place in a value that a trail may lead to."""
    if isinstance(value, tuple):
        for part in value:
            yield from _anchors(part)
    elif is_dataclass(value) and not isinstance(value, type):
        if anchor := getattr(value, "anchor", ""):
            yield anchor
        for field in fields(value):
            yield from _anchors(getattr(value, field.name))


def _leading_to(value: Value, known: Collection[str]) -> Value:
    """The same value without trails that lead nowhere."""
    changed: Any = value
    if isinstance(value, Span):
        changed = value if not value.trail or value.trail in known else replace(value, trail="")
    elif isinstance(value, tuple):
        changed = tuple(_leading_to(v, known) for v in value)
    elif is_dataclass(value) and not isinstance(value, type):
        changed = replace(
            value, **{f.name: _leading_to(getattr(value, f.name), known) for f in fields(value)}
        )
    return changed  # type: ignore[no-any-return]
