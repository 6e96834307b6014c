"""Rows of the record as dictionaries that JSON can hold, and the channels that a row names."""

from __future__ import annotations

from typing import Any

from openchannel.evidence.channels import Placement
from openchannel.evidence.entry import Entry
from openchannel.evidence.tables import TABLE_OF

__all__ = ["TIMELINE", "channels_of", "moment_dict", "row_dict"]

#: Tables whose rows stand in the timeline, in the order of one day, with what a row is called.
TIMELINE = {
    "contacts": "contact",
    "provocations": "provocation",
    "crises": "crisis",
    "exercises": "exercise",
    "agreements": "agreement",
    "detentions": "detention",
}


def row_dict(entry: Entry, placed: Placement | None) -> dict[str, Any]:
    """A row with its place in time and in the files; a contact also with its channel."""
    placement = {"channel_code": placed.code or None, "standing": placed.standing} if placed else {}
    return {
        "id": entry.id,
        "table": entry.table,
        **entry.values,
        **placement,
        **_span(entry),
        "precision": entry.precision,
        **_place(entry),
    }


def moment_dict(entry: Entry, placed: Placement | None) -> dict[str, Any]:
    """A row as an entry of the timeline."""
    table = TABLE_OF[entry.table]
    kind = TIMELINE[entry.table]
    return {
        "date": str(entry.values.get(table.start) or entry.values.get("year")),
        "end": str(entry.values.get(table.end) or ""),
        "precision": entry.precision,
        **_span(entry),
        "kind": kind,
        "id": entry.id,
        "label": entry[table.label],
        "severity": entry["severity"] if kind == "provocation" else None,
        "rung": entry["peak_rung"] if kind == "crisis" else None,
        "channel": "; ".join(channels_of(entry, placed)) or None,
        "confidence": entry.values.get("confidence"),
        "source": entry.values.get("source") or entry.values.get("sources"),
        **_place(entry),
    }


def channels_of(entry: Entry, placed: Placement | None) -> tuple[str, ...]:
    """Codes of the channels that a row names; `placed` is the placement of a contact."""
    if placed is not None:
        return (placed.code,) if placed.code else ()
    if entry.table == "channels":
        return (entry.id,)
    if entry.table == "channel_spells":
        return (str(entry["channel"]),)
    if entry.table == "detentions":
        return tuple(c.strip() for c in str(entry["channel_used"]).split(";") if c.strip())
    return ()


def _span(entry: Entry) -> dict[str, Any]:
    return {
        "first": entry.first.isoformat() if entry.first else None,
        "last": entry.last.isoformat() if entry.last else None,
    }


def _place(entry: Entry) -> dict[str, Any]:
    return {"file": entry.file, "file_line": entry.line}
