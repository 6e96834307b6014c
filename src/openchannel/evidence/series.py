"""Counts by week, for calibration and charts.

Owns which rows count once and in which week. What the counts mean belongs to `calibration`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from openchannel.errors import Problem, UserError

if TYPE_CHECKING:
    from openchannel.evidence.entry import Entry

__all__ = [
    "CAMPAIGN_GAP_DAYS",
    "Selection",
    "campaigns",
    "selected_provocations",
    "weekly_contacts",
    "weekly_provocations",
]

CAMPAIGN_GAP_DAYS = 45
"""Marked days of one kind this close belong to one campaign: the longest pause inside a campaign of
the built-in record is 36 days (manhunt of 1996), the shortest between two is years."""

HIGHEST_SEVERITY = 5


@dataclass(frozen=True, slots=True)
class Selection:
    """Which provocations count.

    `project` takes every row with the severities of the codebook; `csis` only rows that the older
    list has too, with the same severities. `drop_campaign_days` keeps one event for each campaign
    (on its first day, with its highest severity), `exclude` leaves out rows marked so.
    """

    min_severity: int = 2
    coding: str = "project"
    drop_campaign_days: bool = True
    exclude: bool = True


def campaigns(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Rows that form one decision: marked days of one kind with short pauses, in order of dates."""
    groups: list[list[Entry]] = []
    open_group: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda e: (e.first or dt.date.min, e.id)):
        kind = str(entry["kind"])
        group = open_group.get(kind)
        if _is_campaign_day(entry) and group is not None and _follows(group[-1], entry):
            group.append(entry)
            continue
        groups.append([entry])
        if _is_campaign_day(entry):
            open_group[kind] = groups[-1]
    return groups


def _is_campaign_day(entry: Entry) -> bool:
    return any(part.strip().startswith("campaign") for part in str(entry["note"]).split(";"))


def _follows(earlier: Entry, later: Entry) -> bool:
    if earlier.first is None or later.first is None:
        return False
    return (later.first - earlier.first).days <= CAMPAIGN_GAP_DAYS


def selected_provocations(
    entries: Sequence[Entry], selection: Selection
) -> list[tuple[dt.date, int]]:
    """Day and severity of each event that counts, in order of dates."""
    if selection.coding not in ("project", "csis"):
        raise UserError(
            Problem(
                "evidence",
                "coding",
                f"'{selection.coding}' is not a coding of the record",
                "project, csis",
                "the severities of the older list are not part of the record",
            )
        )
    if not 1 <= selection.min_severity <= HIGHEST_SEVERITY:
        raise UserError(
            Problem(
                "evidence",
                "min_severity",
                f"{selection.min_severity} is not a severity",
                "a whole number from 1 to 5",
                "write 2 for the events of the model",
            )
        )
    kept = [
        e
        for e in entries
        if not (selection.exclude and e["exclude"] == "yes")
        and not (selection.coding == "csis" and "csis" not in _sources(e))
    ]
    groups = campaigns(kept) if selection.drop_campaign_days else [[e] for e in kept]
    events = [(group[0].middle, max(int(e["severity"]) for e in group)) for group in groups]
    return sorted((d, s) for d, s in events if d is not None and s >= selection.min_severity)


def _sources(entry: Entry) -> set[str]:
    return {s.strip() for s in str(entry["sources"]).split(";")}


def weekly_provocations(
    entries: Sequence[Entry], start: dt.date, end: dt.date, selection: Selection
) -> tuple[NDArray[np.datetime64], NDArray[np.int64]]:
    """Provocations by week and severity.

    Parameters
    ----------
    start, end
        First and last day. Weeks are runs of seven days from `start`; days after the last whole
        week are left out. Start on a Monday to have calendar weeks.

    Returns
    -------
    weeks : datetime64[D][n_weeks]
        First day of each week.
    counts : int64[n_weeks, 6 - min_severity]
        Events of severity `min_severity` to 5, in that order.
    """
    weeks = _weeks(start, end)
    counts = np.zeros((len(weeks), HIGHEST_SEVERITY + 1 - selection.min_severity), np.int64)
    for day, severity in selected_provocations(entries, selection):
        week = (day - start).days // 7
        if 0 <= week < len(weeks):
            counts[week, severity - selection.min_severity] += 1
    return weeks, counts


def weekly_contacts(
    contacts: Iterable[Entry], start: dt.date, end: dt.date
) -> tuple[NDArray[np.datetime64], NDArray[np.int64]]:
    """Contacts by week, each in the week of its first day or of the middle of its month or year.

    Returns
    -------
    weeks : datetime64[D][n_weeks]
    counts : int64[n_weeks]
    """
    weeks = _weeks(start, end)
    counts = np.zeros(len(weeks), np.int64)
    for entry in contacts:
        day = entry.middle
        if day is not None and 0 <= (week := (day - start).days // 7) < len(weeks):
            counts[week] += 1
    return weeks, counts


def _weeks(start: dt.date, end: dt.date) -> NDArray[np.datetime64]:
    n_weeks = ((end - start).days + 1) // 7
    if n_weeks < 1:
        raise UserError(
            Problem(
                "evidence",
                "end",
                f"from {start} to {end} there is no whole week",
                f"{start + dt.timedelta(days=6)} or later",
                "choose a later end",
            )
        )
    return np.datetime64(start, "D") + 7 * np.arange(n_weeks)
