"""Severity of crises by ICB's list, as it lies in the user's store; never shipped."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.usecases.store import opened_store, store_path

if TYPE_CHECKING:
    from openchannel.evidence import Record

__all__ = ["NO_STORE", "UNREAD", "icb_values"]

NO_STORE, NO_LIST, NO_SCALES, READ, UNREAD = "no store", "no list", "no scales", "read", "unread"
"""Of the list: no store yet; not in it; kept before scales were; read; store not to be read."""


def icb_values(
    record: Record, store: str | Path | None = None, scales: str | Path | None = None
) -> dict[str, Any]:
    """What the list says of the record's crises, or under `state` why it says nothing.

    Raises
    ------
    UserError
        The store is locked or damaged, or the table of scales has problems.
    """
    from openchannel.calibration.history.icb import icb_severity
    from openchannel.evidence.imports.scales import builtin_scales, load_scales
    from openchannel.evidence.keeping.crises import listed_crises

    meanings = load_scales(Path(scales).expanduser()) if scales else builtin_scales()
    if not store_path(store).is_file():
        return {"state": NO_STORE}
    with opened_store(store) as database:
        listed = listed_crises(database)
    if not listed:
        return {"state": NO_LIST}
    if not any(c.levels for c in listed):
        return {"state": NO_SCALES}
    found = asdict(icb_severity(record, listed, meanings))
    for pair in found["pairs"]:
        pair["first"] = pair["first"].isoformat()
    return {"state": READ, "listed": len(listed), **found}
