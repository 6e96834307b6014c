"""The ledger of contacts: added to, corrected, withdrawn, and read; nothing is ever overwritten."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from openchannel.errors import Problem, UserError
from openchannel.usecases.evidence.record import open_record
from openchannel.usecases.store import opened_store

if TYPE_CHECKING:
    from openchannel.evidence.keeping.database import Database
    from openchannel.evidence.keeping.ledger import LedgerEntry, Sort
    from openchannel.evidence.reading import SourceRow

__all__ = [
    "add",
    "check_why",
    "edit",
    "ledger",
    "ledger_contacts",
    "ledger_history",
    "user_name",
    "withdraw",
]


def user_name() -> str:
    """Who writes, if nobody is named: the user of this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user is known to the system
        return "unknown"


def add(
    sort: str,
    values: Mapping[str, str],
    *,
    case: str | Path = "korea",
    store: str | Path | None = None,
    who: str = "",
    why: str = "",
) -> LedgerEntry:
    """Write a contact or an event into the ledger.

    Raises
    ------
    UserError
        With everything that is wrong with the values, against the channels and offices of the case.
    """
    from openchannel.evidence.keeping.ledger import write

    known = _sort(sort)
    complete = _checked(known, values, case)
    with opened_store(store, writing=True) as database:
        return write(
            database, "add", known, complete, who=who or user_name(), why=why or "first entry"
        )


def edit(
    about: str,
    values: Mapping[str, str],
    *,
    why: str,
    case: str | Path = "korea",
    store: str | Path | None = None,
    who: str = "",
) -> LedgerEntry:
    """Correct an entry: the values given replace those that stand, an empty one removes them.

    An end and a person that were made from the start and an office follow them.
    """
    from openchannel.evidence.keeping.ledger import write

    check_why(why)
    with opened_store(store, writing=True) as database:
        standing = _standing(database, about)
        complete = _checked(standing.sort, values, case, standing.values)
        return write(
            database, "edit", standing.sort, complete,
            who=who or user_name(), why=why, about=standing.id,
        )  # fmt: skip


def withdraw(
    about: str, *, why: str, store: str | Path | None = None, who: str = ""
) -> LedgerEntry:
    """Take an entry back; it stays in the history with the reason."""
    from openchannel.evidence.keeping.ledger import write

    check_why(why)
    with opened_store(store, writing=True) as database:
        standing = _standing(database, about)
        return write(
            database, "withdraw", standing.sort, standing.values,
            who=who or user_name(), why=why, about=standing.id,
        )  # fmt: skip


def ledger(store: str | Path | None = None) -> list[LedgerEntry]:
    """What stands in the ledger, by id."""
    from openchannel.evidence.keeping.ledger import current

    with opened_store(store) as database:
        return current(database)


def ledger_history(about: str, store: str | Path | None = None) -> list[LedgerEntry]:
    """Every entry about one id, oldest first."""
    from openchannel.evidence.keeping.ledger import every_entry

    with opened_store(store) as database:
        entries = every_entry(database)
    found = [e for e in entries if e.id == about.upper()]
    if not found:
        raise UserError(_no_entry(about, [e.id for e in entries]))
    return found


def ledger_contacts(store: str | Path | None = None) -> list[SourceRow]:
    """Contacts that stand in the ledger, as rows of the record."""
    from openchannel.evidence.keeping.entries import as_contact

    return [as_contact(e) for e in ledger(store) if e.sort == "contact"]


def _checked(
    sort: Sort,
    values: Mapping[str, str],
    case: str | Path,
    standing: Mapping[str, str] | None = None,
) -> Mapping[str, str]:
    from openchannel.evidence.keeping.entries import check, edited

    with open_record(case) as record:
        wanted = values if standing is None else edited(sort, standing, values, record)
        found = check(sort, wanted, record)
    if found.problems:
        raise UserError(found.problems)
    return found.values


def _standing(database: Database, about: str) -> LedgerEntry:
    from openchannel.evidence.keeping.ledger import current, history

    standing = {e.id: e for e in current(database)}
    if about.upper() not in standing:
        written = history(database, about.upper())
        raise UserError(
            _withdrawn(written[-1], standing) if written else _no_entry(about, list(standing))
        )
    return standing[about.upper()]


def _sort(given: str) -> Sort:
    from openchannel.evidence.keeping.entries import SORTS

    for sort in SORTS:
        if given == sort:
            return sort
    raise UserError(
        Problem(
            "command line",
            "SORT",
            f"'{given}' cannot be added",
            ", ".join(SORTS),
            "write contact for a meeting or exchange, event for an act of the other side",
        )
    )


def check_why(why: str) -> None:
    """Make sure that a change of what is kept has a reason."""
    if not why.strip():
        raise UserError(
            Problem("command line", "--why", "no reason is given", "a reason in words",
                    "say why; it is kept with the change")
        )  # fmt: skip


def _withdrawn(entry: LedgerEntry, standing: Iterable[str]) -> Problem:
    return Problem(
        "ledger",
        "id",
        f"{entry.id} was withdrawn by {entry.who} on {entry.made.date()} ({entry.why})",
        ", ".join(list(standing)[-12:]) or "nothing stands in the ledger",
        f"add it anew; what it held: openchannel evidence ledger {entry.id}",
    )


def _no_entry(about: str, known: Sequence[str]) -> Problem:
    near = get_close_matches(about.upper(), known, n=1, cutoff=0.0)
    return Problem(
        "ledger",
        "id",
        f"no entry '{about}' stands in the ledger",
        ", ".join(known[-12:]) or "the ledger is empty",
        f"write {near[0]}" if near else "add an entry first",
    )
