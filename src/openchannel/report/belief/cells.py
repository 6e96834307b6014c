"""Cells and columns that the tables of the page share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openchannel.report.belief.view import View
from openchannel.report.belief.words import value_text
from openchannel.report.model import (
    Column,
    Span,
    Text,
    words,
)

__all__ = ["belief_name", "columns", "ends"]


def columns(*titles: tuple[str, float, str]) -> tuple[Column, ...]:
    """Columns given as (title, share of the width, side)."""
    return tuple(
        Column(words(t), share, "right" if side == "right" else "left") for t, share, side in titles
    )


def belief_name(view: View, quantity: str) -> Text:
    """The name of a belief, with its trail."""
    return (Span(view.label(quantity), view.trail(quantity)),)


def ends(term: Mapping[str, Any]) -> str:
    """The limits of a box in words."""
    if term["low"] is None:
        return f"below {value_text(term['high'])}"
    if term["high"] is None:
        return f"above {value_text(term['low'])}"
    return f"{value_text(term['low'])} to {value_text(term['high'])}"
