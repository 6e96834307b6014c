"""`openchannel evidence add`, `edit`, `withdraw` and `ledger`: contacts that people write down."""

# ruff: noqa: ARG001 - every command takes --seed, also those that draw nothing

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from openchannel.cli.options import AsJson, CaseOption, Quiet, UnusedSeed, Who, Why
from openchannel.cli.store import StoreOption, named_values
from openchannel.cli.tables import Column, plain_table
from openchannel.cli.voice import Voice

if TYPE_CHECKING:
    from openchannel.evidence.keeping.ledger import LedgerEntry

__all__ = ["add", "edit", "ledger", "withdraw"]

Values = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME=VALUE...", help="Such as channel=NYC; a wrong name lists the known ones."
    ),
]
Id = Annotated[str, typer.Argument(metavar="ID", help="The id of an entry, such as L0001.")]


def add(
    sort: Annotated[
        str, typer.Argument(metavar="SORT", help="contact, or event for an act of the other side.")
    ],
    values: Values,
    why: Why = "",
    who: Who = "",
    case: CaseOption = "korea",
    store: StoreOption = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """Write a contact or an event into your ledger."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence import contact_ledger as use

    given = named_values(values, "NAME=VALUE")
    entry = use.add(sort, given, case=case, store=store, who=who, why=why)
    _tell(voice, entry)


def edit(
    about: Id,
    values: Values,
    why: Why = "",
    who: Who = "",
    case: CaseOption = "korea",
    store: StoreOption = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """Correct an entry of your ledger; the old values stay in its history."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence import contact_ledger as use

    given = named_values(values, "NAME=VALUE")
    entry = use.edit(about, given, why=why, case=case, store=store, who=who)
    _tell(voice, entry)


def withdraw(
    about: Id,
    why: Why = "",
    who: Who = "",
    store: StoreOption = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """Take an entry of your ledger back; it stays in the history with the reason."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence import contact_ledger as use

    _tell(voice, use.withdraw(about, why=why, store=store, who=who))


def ledger(
    about: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="An entry, for its whole history."),
    ] = None,
    store: StoreOption = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """What stands in your ledger, or the history of one entry."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence import contact_ledger as use

    if about is None:
        entries = use.ledger(store)
        voice.give({"entries": [e.as_dict() for e in entries]})
        voice.show(_standing(entries))
        n = len(entries)
        said = "1 entry stands" if n == 1 else f"{n} entries stand"
        voice.show(f"{said}. The history of one: evidence ledger ID")
        return
    found = use.ledger_history(about, store)
    voice.give({"history": [e.as_dict() for e in found]})
    voice.show(_history(found))


# --- how it looks -----------------------------------------------------------------------------


def _tell(voice: Voice, entry: LedgerEntry) -> None:
    done = {"add": "added", "edit": "changed", "withdraw": "withdrawn"}[entry.act]
    voice.give(entry.as_dict())
    voice.show(f"{entry.id} {done} by {entry.who} (entry {entry.entry}): {_said(entry)}")


def _said(entry: LedgerEntry) -> str:
    return str(entry.values.get("subject") or entry.values.get("label") or "")


def _when(entry: LedgerEntry) -> str:
    start = entry.values.get("start") or entry.values.get("date") or ""
    end = entry.values.get("end", start)
    return start if end == start else f"{start} /\n{end}"


def _standing(entries: list[LedgerEntry]) -> Any:
    columns = (
        Column("Id", whole=True),
        Column("Date", whole=True),
        Column("Channel or kind", share=1),
        Column("What", share=2),
        Column("By", share=1),
    )
    rows = [
        (
            e.id,
            _when(e),
            e.values.get("channel") or e.values.get("kind", "").replace("_", " "),
            _said(e),
            e.who,
        )
        for e in entries
    ]
    return plain_table(columns, rows, "The ledger")


def _history(entries: list[LedgerEntry]) -> Any:
    columns = (
        Column("Entry", "right", whole=True),
        Column("When (UTC)", whole=True),
        Column("Who", share=1),
        Column("Act", whole=True),
        Column("Why", share=2),
        Column("What changed", share=3),
    )
    rows = []
    before: dict[str, str] = {}
    for entry in entries:
        now = {} if entry.act == "withdraw" else dict(entry.values)
        changed = [
            f"{name.replace('_', ' ')}: {now.get(name, 'nothing')}"
            for name in dict.fromkeys([*before, *now])
            if before.get(name) != now.get(name)
        ]
        told = "all of it" if entry.act == "withdraw" else "\n".join(changed)
        when = entry.made.isoformat(" ", "minutes")
        rows.append((str(entry.entry), when, entry.who, entry.act, entry.why, told))
        before = now
    return plain_table(columns, rows, f"History of {entries[0].id}")
