"""Cells of the tables of what history says."""

from __future__ import annotations

from openchannel.report.model import Column, Row, words
from openchannel.report.numbers import NOT_DEFINED, plain

__all__ = ["band", "columns", "number", "row"]

_DIGITS = 2


def number(value: float | None, digits: int = _DIGITS) -> str:
    """A number of a table, as many digits as its interval bears."""
    return plain(value, digits)


def band(low: float | None, high: float | None, digits: int = _DIGITS) -> str:
    """An interval in words; a dash where there is none."""
    if low is None or high is None:
        return NOT_DEFINED
    return f"{plain(low, digits)} to {plain(high, digits)}"


def columns(*titles: tuple[str, float] | tuple[str, float, str]) -> tuple[Column, ...]:
    """Titles with their widths; a third word sets numbers to the right."""
    return tuple(Column(words(t[0]), t[1], "right" if len(t) > 2 else "left") for t in titles)


def row(*cells: str) -> Row:
    """A row of plain texts."""
    return Row(tuple(words(c) for c in cells))
