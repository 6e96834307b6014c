"""What is other in record and ledger than when a run was made, and how old all of it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from openchannel.analysis.fading import fading
from openchannel.calibration.history.age import evidence_age
from openchannel.domain import flatten
from openchannel.errors import UserError
from openchannel.usecases.belief.data import number
from openchannel.usecases.evidence.record import no_record
from openchannel.usecases.evidence.state import DIGITS

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.evidence import Record
    from openchannel.evidence.keeping.ledger import LedgerEntry
    from openchannel.usecases.evidence.state import RecordState
    from openchannel.usecases.runs.finished_run import Run

__all__ = ["age", "changed", "weekly_since_2012"]

_MOST_ROWS = 200
_SINCE = dt.date(2012, 1, 2)  # a Monday


def changed(
    run: Run,
    record: Record,
    state: RecordState | None,
    ledger: Sequence[LedgerEntry],
    is_same: bool | None,
) -> dict[str, Any]:
    """What is other in record and ledger than when the run was made."""
    written = _written(run)
    return {
        "record": {True: "same", False: "changed", None: "unknown"}[is_same],
        "run_record_end": state.end.isoformat() if state and state.end else None,
        "record_end": record.end.isoformat() if record.end else None,
        "last_contact": record.last_contact.isoformat() if record.last_contact else None,
        "tables": [] if state is None else _tables(record, state),
        "ledger": [_entry(e, state, written) for e in ledger],
    }


def _written(run: Run) -> dt.datetime | None:
    """When the run's files were written, UTC; a manifest has no clock, so that it can repeat.

    In whole seconds, as entries of the ledger are.
    """
    if run.folder is None:
        return None
    stamp = (run.folder / "manifest.json").stat().st_mtime
    return dt.datetime.fromtimestamp(int(stamp), dt.UTC).replace(tzinfo=None)


def _tables(record: Record, state: RecordState) -> list[dict[str, Any]]:
    """Tables of which rows were added, taken out or changed."""
    found = []
    for name, then in state.tables.items():
        known = state.known_to(name)
        rows = record.entries(name)
        newer = [e.id for e in rows if e.first and known and e.first > known]
        if len(rows) != then.rows or newer or record.digest(name)[:DIGITS] != then.digest:
            found.append(
                {"table": name, "rows_then": then.rows, "rows_now": len(rows),
                 "newer": newer[:_MOST_ROWS]}
            )  # fmt: skip
    return found


def _entry(
    entry: LedgerEntry, state: RecordState | None, written: dt.datetime | None
) -> dict[str, Any]:
    table = "contacts" if entry.sort == "contact" else "provocations"
    values = entry.values
    day = str(values.get("start") or values.get("date") or "")
    known = state.known_to(table) if state else None
    return {
        "id": entry.id,
        "sort": entry.sort,
        "date": day,
        "what": values.get("subject") or values.get("label") or "",
        "who": entry.who,
        "made": entry.made.isoformat(),
        "written_since_run": written is not None and entry.made >= written,
        "newer_than_run": known is not None and day > known.isoformat(),
    }


def weekly_since_2012(record: Record) -> dict[str, Any]:
    """What the age of the evidence is told from; no weeks where the record ends before them.

    Raises
    ------
    UserError
        Nothing in the record is dated, so that it has no end.
    """
    end = record.end or max((e.first for e in record.entries("contacts") if e.first), default=None)
    if end is None:
        wrong = "no provocation and no contact is dated"
        raise UserError(no_record(str(record.folder), wrong))
    is_there = end >= _SINCE + dt.timedelta(days=6)
    counts = record.weekly_provocations(_SINCE, end)[1].sum(axis=1) if is_there else np.empty(0)
    return {
        "end": end,
        "last_contact": record.last_contact.isoformat() if record.last_contact else None,
        "weekly_since_2012": counts.tolist(),
    }


def age(
    case: Case, record: Record, weekly: Mapping[str, Any], known_to: dt.date, day: dt.date
) -> dict[str, Any]:
    """How old the evidence is, what of the state known then is left, and ties then and now."""
    evidence = dict(weekly) | {"end": known_to.isoformat()}
    told = evidence_age(evidence, day) | {"record_end": weekly["end"].isoformat()}
    told["fading"] = fading(flatten(case.parameters), told["days"] / 7.0)
    told["ties"] = _ties(case, record, known_to, max(day, known_to))
    return told


def _ties(case: Case, record: Record, then: dt.date, now: dt.date) -> dict[str, Any]:
    """Thickness and reliability at both days, if nothing has happened in between."""
    from openchannel.calibration.tie_equations import TieInputs
    from openchannel.calibration.ties import tie_history

    history = tie_history(record, TieInputs.from_case(case), end=now)
    begun = int(np.searchsorted(history.weeks, np.datetime64(then), side="right")) - 1
    return {
        name: {
            "thickness": number(float(history.k_eff[week])),
            "reliability_24h": number(float(history.rel24_historical[week])),
            "live_channels": int(history.live_count[week]),
        }
        for name, week in (("then", max(begun, 0)), ("now", -1))
    }
