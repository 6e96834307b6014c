"""What is wrong with a setting: names that a case does not know, numbers out of bounds."""

from __future__ import annotations

from collections.abc import Sequence

from openchannel.errors import Problem

__all__ = ["MOST_SEED", "bound_problems", "not_one_of"]

#: The largest seed of what derives seeds of its own; `assess` takes one bit more.
MOST_SEED = 2**63 - 1


def not_one_of(field: str, value: str, known: Sequence[str]) -> Problem:
    """A name that is not among those known, with the nearest one as the cure."""
    from difflib import get_close_matches

    near = get_close_matches(value, known, n=1, cutoff=0.0)
    return Problem(
        file="command line",
        field=field,
        wrong=f"'{value}' is not known in this case",
        allowed=", ".join(known) or "nothing: the case has none",
        mend=f"write {near[0]}" if near else "leave it out",
    )


def bound_problems(*settings: tuple[str, int, int, int]) -> list[Problem]:
    """Whole numbers out of bounds, each given as (field, value, lowest, highest)."""
    return [
        Problem(
            file="command line",
            field=field,
            wrong=f"{value} is out of bounds",
            allowed=f"a whole number from {low} to {high}",
            mend=f"give {field} within these bounds",
        )
        for field, value, low, high in settings
        if not low <= value <= high
    ]
