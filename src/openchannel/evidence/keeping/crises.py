"""Crises of the ICB list in a store, with the levels that the list gives them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from openchannel.evidence.keeping.database import Database

__all__ = ["ListedCrisis", "listed_crises"]

_LIST = "icb14"


@dataclass(frozen=True, slots=True)
class ListedCrisis:
    """A crisis as ICB codes it.

    number : of the list; states : those that the list names as its sides
    levels : by scale, as far as they are given
    """

    number: int
    name: str
    first: dt.date
    states: frozenset[str]
    levels: Mapping[str, int]


def listed_crises(database: Database) -> list[ListedCrisis]:
    """The crises of the list by number; without levels where they were not kept at their import."""
    rows = database.ask("SELECT * FROM current_events WHERE source = ?", (_LIST,))
    found = [
        ListedCrisis(
            int(row["key"]),
            str(row["text"]),
            row["date"],
            frozenset(s for side in ("actor1", "actor2") for s in row[side].split(";") if s),
            _levels(row.get("scales") or ""),
        )
        for row in rows
        if row["key"].isdigit()
    ]
    return sorted(found, key=lambda c: c.number)


def _levels(text: str) -> dict[str, int]:
    """Levels from `viol=2 gravcr=4`."""
    pairs = (part.partition("=") for part in text.split())
    return {name: int(level) for name, _, level in pairs}
