"""What an entry of the ledger may hold, checked against the channels and offices of a record."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from openchannel.errors import Problem
from openchannel.evidence.dates import PartialDate, read_date
from openchannel.evidence.keeping.ledger import LedgerEntry, Sort
from openchannel.evidence.reading import SourceRow, allowed_in, mend_of, read_cell
from openchannel.evidence.record import Record
from openchannel.evidence.tables import TABLES, Column

__all__ = ["SORTS", "Checked", "as_contact", "as_event", "check", "columns_of", "edited"]

SORTS: tuple[Sort, ...] = ("contact", "event")

_CONTACTS = next(t for t in TABLES if t.name == "contacts")
_PROVOCATIONS = next(t for t in TABLES if t.name == "provocations")
_DERIVED = ("id", "date_precision", "exclude")
_SIDES = {"us_office": "US", "dprk_office": "DPRK"}
_PERSONS = {"us_office": "us_principal", "dprk_office": "dprk_principal"}
_NEEDED = {
    "contact": ("start", "channel", "subject", "source", "confidence"),
    "event": ("date", "kind", "severity", "label", "sources"),
}
_USUAL = {"target": "none", "us_personnel_hit": "no", "dprk_initiated": "unclear"}


@dataclass(frozen=True, slots=True)
class Checked:
    """Values of an entry, completed, or what is wrong with them."""

    values: Mapping[str, str]
    problems: tuple[Problem, ...]


def columns_of(sort: Sort) -> dict[str, Column]:
    """The columns of an entry by name, those that must be filled first."""
    table = _CONTACTS if sort == "contact" else _PROVOCATIONS
    found = {c.name: c for c in table.columns if c.name not in _DERIVED}
    if sort == "contact":
        found |= {name: Column(name) for name in (*_SIDES, "note")}
    needed = _NEEDED[sort]
    ordered = [*needed, *(n for n in found if n not in needed)]
    return {
        n: Column(n, found[n].kind, n in needed, found[n].choices, found[n].bounds) for n in ordered
    }


def check(
    sort: Sort, given: Mapping[str, str], record: Record, today: dt.date | None = None
) -> Checked:
    """Complete the values of an entry and find everything that is wrong with them.

    An end that is not given is the start. A contact that names an office and no person takes the
    holder whom the record has on that day; if it has none, the person must be named.
    """
    columns = columns_of(sort)
    problems: list[Problem] = [_unknown(name, columns) for name in given if name not in columns]
    values = {name: given.get(name, "").strip() for name in columns}
    dates: dict[str, PartialDate] = {}
    if sort == "event":
        values |= {n: v for n, v in _USUAL.items() if not values[n]}
    for name, column in columns.items():
        if column.required and not values[name]:
            mend = f"add {name}=VALUE"
            problems.append(_wrong(name, "it is not given", allowed_in(column), mend))
            continue
        try:
            _, date = read_cell(column, values[name])
        except ValueError as error:
            problems.append(_wrong(name, str(error), allowed_in(column), mend_of(column)))
            continue
        if date is not None:
            dates[name] = date
    problems += _date_problems(dates, today or dt.date.today())
    if sort == "contact":
        problems += _channel_problems(values["channel"], record.channel_codes)
        for name in _SIDES:
            problems += _office_problems(name, values[name], record)
        values["end"] = values["end"] or values["start"]
    if sort == "contact" and not problems:
        problems += _fill_holders(values, dates["start"].middle, record)
    return Checked({n: v for n, v in values.items() if v}, tuple(problems))


def edited(
    sort: Sort, standing: Mapping[str, str], given: Mapping[str, str], record: Record
) -> dict[str, str]:
    """The values of an entry after an edit, without those that `check` makes anew.

    An end that was the start, and a person who was the holder of an office, follow what they were
    made from unless the edit names them.
    """
    found = {**standing, **given}
    if sort != "contact":
        return found
    if standing.get("end") == standing.get("start") and "end" not in given:
        found.pop("end", None)
    for office, person in _PERSONS.items():
        is_moved = person not in given and bool({office, "start"} & set(given))
        if is_moved and standing.get(person) and standing.get(office):
            term = record.term(standing[office], read_date(standing["start"]).middle)
            if term is not None and term["holder"] == standing[person]:
                found.pop(person)
    return found


def as_contact(entry: LedgerEntry) -> SourceRow:
    """A contact of the ledger as a row of the record's contacts; its line is its entry."""
    text = {name: entry.values.get(name, "") for name in _CONTACTS.column_names}
    start, end = read_date(text["start"]), read_date(text["end"])
    text |= {"id": entry.id, "date_precision": start.precision}
    return SourceRow(entry.id, entry.entry, text, {}, {"start": start, "end": end})


def as_event(entry: LedgerEntry) -> SourceRow:
    """An event of the ledger as a row of the record's provocations; its line is its entry."""
    text = {name: entry.values.get(name, "") for name in _PROVOCATIONS.column_names}
    date = read_date(text["date"])
    text |= {"id": entry.id, "date_precision": date.precision, "exclude": "no"}
    counts = {
        c.name: int(text[c.name]) if text[c.name] else None
        for c in _PROVOCATIONS.columns
        if c.kind == "count"
    }
    return SourceRow(entry.id, entry.entry, text, counts, {"date": date})


def _date_problems(dates: Mapping[str, PartialDate], today: dt.date) -> list[Problem]:
    problems = [
        _wrong(name, f"{date.first} lies in the future", f"a date up to {today}",
               "write it down when it has happened")
        for name, date in dates.items()
        if date.first > today
    ]  # fmt: skip
    start, end = dates.get("start"), dates.get("end")
    if start and end and end.last < start.first:
        problems.append(
            _wrong("end", f"{end.first} lies before the start, {start.first}",
                   f"a date from {start.first} on", "swap the two")
        )  # fmt: skip
    return problems


def _channel_problems(code: str, known: Collection[str]) -> list[Problem]:
    if not code or code in known:
        return []
    return [
        _wrong("channel", f"'{code}' is no channel of the case", ", ".join(known),
               f"write {_nearest(code.upper(), known)}")
    ]  # fmt: skip


def _office_problems(name: str, office: str, record: Record) -> list[Problem]:
    known = sorted(
        {str(e["office_id"]) for e in record.entries("offices") if e["side"] == _SIDES[name]}
    )
    if not office or office in known:
        return []
    return [
        _wrong(name, f"'{office}' is no office of that side", ", ".join(known),
               f"write {_nearest(office.upper(), known)}")
    ]  # fmt: skip


def _fill_holders(values: dict[str, str], day: dt.date, record: Record) -> list[Problem]:
    """Put in the holders of named offices for sides that name no person; what cannot be filled."""
    problems = []
    for office, person in _PERSONS.items():
        if not values[office] or values[person]:
            continue
        if (term := record.term(values[office], day)) is not None:
            values[person] = str(term["holder"])
        else:
            problems.append(
                _wrong(person, f"the record has nobody in {values[office]} on {day}",
                       "a name, or an office that was held on that day", f"add {person}=NAME")
            )  # fmt: skip
    return problems


def _unknown(name: str, columns: Collection[str]) -> Problem:
    near = difflib.get_close_matches(name, list(columns), n=1)
    mend = f"write {near[0]}" if near else "leave it out, or put it into note"
    return _wrong(name, "there is no such value", ", ".join(columns), mend)


def _nearest(given: str, known: Collection[str]) -> str:
    return next(iter(difflib.get_close_matches(given, list(known), n=1, cutoff=0.0)), "")


def _wrong(field: str, wrong: str, allowed: str, mend: str) -> Problem:
    return Problem("ledger", field, wrong, allowed, mend)
