"""Days, tables and names as a question gives them, and what is said where they mean nothing."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Sequence

from openchannel.errors import Problem, UserError
from openchannel.evidence.dates import DATE_FORMS, Day, day_given
from openchannel.evidence.tables import TABLE_OF, Table

__all__ = ["bound", "day_of", "faulty", "table_named", "unknown"]


def table_named(name: str) -> Table:
    """A table by its name; raises `UserError` with the known ones."""
    if name not in TABLE_OF:
        raise UserError(unknown("table", name, list(TABLE_OF)))
    return TABLE_OF[name]


def bound(day: Day | None, field: str) -> dt.date | None:
    """A day, or the last day of a month or year that ends a range and the first that begins it."""
    if day is None:
        return None
    try:
        date = day_given(day)
    except ValueError as error:
        raise UserError(
            faulty(
                field,
                str(error),
                DATE_FORMS,
                "write the date in one of the three forms",
            )
        ) from error
    return date.last if field in ("until", "end") else date.first


def day_of(day: Day, field: str) -> dt.date:
    """A day that must be given."""
    found = bound(day, field)
    assert found is not None
    return found


def faulty(field: str, wrong: str, allowed: str, mend: str) -> Problem:
    """What is wrong with one field of a question."""
    return Problem("evidence", field, wrong, allowed, mend)


def unknown(field: str, name: str, known: Sequence[str]) -> Problem:
    """A name that the record does not have, with the nearest of those it has."""
    near = difflib.get_close_matches(name, known, n=5, cutoff=0.5)
    if not near:
        near = difflib.get_close_matches(name.upper(), known, n=5, cutoff=0.3)
    rest = [k for k in known if k not in near][: 12 - len(near)]
    more = ", ..." if len(known) > len(near) + len(rest) else ""
    return faulty(
        field,
        f"the record has no {field} '{name}'",
        ", ".join([*near, *rest]) + more,
        f"write '{near[0]}'" if near else "list the tables to see what there is",
    )
