"""Grades of evidence and how they are shown: measured, published by others, or assumed."""

from __future__ import annotations

from collections.abc import Iterable

from openchannel.domain import Case

__all__ = ["GRADE_WORDS", "marker", "shares_by_grade", "worst"]

_MARKERS = {"A": "\N{BLACK CIRCLE}", "B": "\N{WHITE CIRCLE}", "C": "\N{WHITE UP-POINTING TRIANGLE}"}

#: What each grade means, in the words that go beside its marker.
GRADE_WORDS = {"A": "measured", "B": "published estimate", "C": "assumed"}


def marker(grade: str) -> str:
    """A solid, a hollow or a warning marker."""
    return _MARKERS.get(grade, "")


def worst(grades: Iterable[str]) -> str:
    """The weakest of several grades; nothing for none."""
    return max(grades, default="")


def shares_by_grade(case: Case) -> dict[str, tuple[int, float]]:
    """How many parameters carry each grade, and their share."""
    total = len(case.parameters)
    counts = {g: sum(p.grade == g for p in case.parameters.values()) for g in GRADE_WORDS}
    return {g: (n, n / total if total else 0.0) for g, n in counts.items()}
