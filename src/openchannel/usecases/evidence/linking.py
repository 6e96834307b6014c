"""One record from many lists: acts linked across lists, decisions on them, and the record rebuilt.

Nothing is removed: links are candidates, and what people decide about them is kept with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import Problem, UserError
from openchannel.usecases.evidence.contact_ledger import check_why, user_name
from openchannel.usecases.evidence.record import open_record
from openchannel.usecases.guard import disk_problems
from openchannel.usecases.store import opened_store

if TYPE_CHECKING:
    from openchannel.evidence.keeping.database import Database
    from openchannel.evidence.keeping.decisions import Decision, Verdict
    from openchannel.evidence.linking.acts import Act
    from openchannel.evidence.linking.coverage import Coverage
    from openchannel.evidence.linking.merged import Agreement, Merged

__all__ = ["Rebuilt", "adopt", "coverage", "coverage_dicts", "decide", "linked", "rebuild"]

_VALUES = {
    "date": "a day (2018-06-12), a month or a year",
    "kind": "a kind of the codebook",
    "severity": "1 to 5",
    "count": "a whole number, or nothing",
    "deaths": "a whole number, or nothing",
}
_REBUILT_COLUMNS = ("id", "date", "date_precision", "kind", "missiles", "deaths", "severity",
                    "label", "sources", "decided")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The provocations rebuilt from the lists and decisions of a store, held against the record."""

    acts: tuple[Merged, ...]
    agreement: Agreement
    n_decisions: int

    def as_dict(self) -> dict[str, Any]:
        """Counts, and what differs or is only on one side, in values that JSON can hold."""
        found = self.agreement
        return {
            "acts": len(self.acts),
            "decisions": self.n_decisions,
            "record_rows": found.rows,
            "met": found.met,
            "same_day": found.same_day,
            "same_kind": found.same_kind,
            "same_severity": found.same_severity,
            "same": found.same,
            "only_record": [a.id for a in found.only_record],
            "only_lists": [m.id for m in found.only_lists],
            "differing": [{"record": r.id, "lists": m.as_dict()} for r, m in found.differing],
        }


def linked(*, store: str | Path | None = None, only_differing: bool = False) -> tuple[Merged, ...]:
    """Acts of the lists in a store, linked and merged, by date; those of two lists or more.

    `only_differing` leaves out acts on which the lists agree.
    """
    with opened_store(store) as database:
        found = _merged(database)
    several = (m for m in found if len(m.members) > 1)
    return tuple(m for m in several if m.differs or not only_differing)


def coverage(*, store: str | Path | None = None) -> tuple[Coverage, ...]:
    """How the lists of a store cover the decades, and whether they grow denser."""
    from openchannel.evidence.linking.coverage import coverage as covered

    with opened_store(store) as database:
        return covered(_merged(database))


def decide(
    verdict: str,
    members: Sequence[str],
    values: Mapping[str, str] | None = None,
    *,
    why: str,
    who: str = "",
    store: str | Path | None = None,
) -> Decision:
    """Decide that acts are the same, distinct, left out, or open again; with a reason.

    `values` are those of the merged act where the lists differ.

    Raises
    ------
    UserError
        With everything that is wrong: unknown acts, values that are none, no reason.
    """
    from openchannel.evidence.keeping import decisions as keeping

    check_why(why)
    with opened_store(store, writing=True) as database:
        known = {a.id for a in _acts(database)}
        problems = [_unknown_act(m, known) for m in members if m not in known]
        problems += _value_problems(verdict, values or {})
        problems += _verdict_problems(verdict, members)
        if problems:
            raise UserError(problems)
        chosen: Verdict = next(v for v in keeping.VERDICTS if v == verdict)
        return keeping.decide(database, [(chosen, members, values or {}, why)], who or user_name())[
            0
        ]


def rebuild(
    case: str | Path = "korea",
    *,
    store: str | Path | None = None,
    output: str | Path | None = None,
) -> Rebuilt:
    """The provocations that the lists and decisions of a store give, held against the record.

    `output` writes them as CSV.
    """
    from openchannel.evidence.linking.acts import acts_of_record
    from openchannel.evidence.linking.merged import agreement

    with opened_store(store) as database:
        found, n_decisions = _merged(database), len(_decided(database))
    with open_record(case) as record:
        compared = agreement(found, acts_of_record(record))
    if output is not None:
        _write(Path(output).expanduser(), found)
    return Rebuilt(tuple(found), compared, n_decisions)


def adopt(
    case: str | Path = "korea", *, store: str | Path | None = None, who: str = "", why: str
) -> int:
    """Take the coding of a record over as decisions, so that the lists give its rows; how many.

    A row that the lists give otherwise becomes a decision with the record's day, kind, severity,
    count and deaths and its note as reason; an act that the record has not is left out. `why` goes
    before each reason.
    """
    from openchannel.evidence.keeping.decisions import decide as keep
    from openchannel.evidence.linking.acts import acts_of_record
    from openchannel.evidence.linking.merged import agreement

    check_why(why)
    with open_record(case) as record:
        rows = acts_of_record(record)
        notes = {e.id: str(e["note"] or "") for e in record.entries("provocations")}
    with opened_store(store, writing=True) as database:
        found = agreement(_merged(database), rows)
        wanted: list[tuple[Verdict, Sequence[str], Mapping[str, str], str]] = [
            ("same", [a.id for a in act.members], _values_of(row),
             ": ".join(filter(None, (why, row.id, notes[row.id]))))
            for row, act in found.differing
        ]  # fmt: skip
        wanted += [
            ("out", [a.id for a in act.members], {}, f"{why}: no row of the record")
            for act in found.only_lists
        ]
        return len(keep(database, wanted, who or user_name()))


def _values_of(row: Act) -> dict[str, str]:
    size = {"day": 10, "month": 7, "year": 4}[row.precision]
    values = {
        "date": row.first.isoformat()[:size],
        "kind": row.kind,
        "severity": str(row.severity),
    }
    return values | {
        name: str(value)
        for name, value in (("count", row.count), ("deaths", row.deaths))
        if value is not None
    }


def _acts(database: Database) -> list[Act]:
    from openchannel.evidence.linking.acts import acts_of_lists

    return acts_of_lists(database)


def _decided(database: Database) -> list[Decision]:
    from openchannel.evidence.keeping.decisions import every_decision

    return every_decision(database)


def _merged(database: Database) -> list[Merged]:
    from openchannel.evidence.keeping.decisions import standing
    from openchannel.evidence.linking.merged import merged

    return merged(_acts(database), standing(_decided(database)))


def _write(path: Path, found: Iterable[Merged]) -> None:
    from openchannel.ensemble.store import write_atomic
    from openchannel.evidence.sheets import Sheet

    def write(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8", newline="") as stream:
            sheet = Sheet(stream)
            sheet.write(_REBUILT_COLUMNS)
            sheet.write_all(_row(m) for m in found)

    with disk_problems(path):
        write_atomic(path, write)


def _row(found: Merged) -> list[object]:
    told = found.as_dict()
    first = told["members"][0]
    size = {"day": 10, "month": 7, "year": 4}[found.precision]
    lists = dict.fromkeys(m["list"] for m in told["members"])
    return [
        found.id, found.date.isoformat()[:size], found.precision, found.kind, found.count,
        found.deaths, found.severity, first["text"], "; ".join(lists),
        "yes" if found.is_decided else "no",
    ]  # fmt: skip


def _value_problems(verdict: str, values: Mapping[str, str]) -> list[Problem]:
    from openchannel.evidence.dates import read_date
    from openchannel.evidence.imports.coding import kinds

    problems = []
    if values and verdict != "same":
        problems.append(
            _wrong("--set", f"a decision '{verdict}' has no values", "none", "leave --set out")
        )
    for name, value in values.items():
        allowed = _VALUES.get(name)
        if allowed is None:
            problems.append(
                _wrong("--set", f"'{name}' is no value of an act", ", ".join(_VALUES),
                       f"write {get_close_matches(name, _VALUES, n=1, cutoff=0.0)[0]}")
            )  # fmt: skip
            continue
        is_right = value in kinds() if name == "kind" else value in ("1", "2", "3", "4", "5")
        if name == "date":
            try:
                is_right = bool(read_date(value))
            except ValueError:
                is_right = False
        elif name in ("count", "deaths"):
            is_right = not value or (value.isascii() and value.isdigit() and len(value) < 8)
        if not is_right:
            problems.append(
                _wrong(f"--set {name}", f"'{value}' is not {allowed}", allowed, "write one of them")
            )
    return problems


def _verdict_problems(verdict: str, members: Sequence[str]) -> list[Problem]:
    from openchannel.evidence.keeping.decisions import VERDICTS

    if verdict not in VERDICTS:
        near = get_close_matches(verdict, VERDICTS, n=1, cutoff=0.0)[0]
        return [_wrong("VERDICT", f"'{verdict}' is no verdict", ", ".join(VERDICTS),
                       f"write {near}")]  # fmt: skip
    if verdict == "distinct" and len(set(members)) < 2:
        return [
            _wrong("ACT", "one act alone cannot be distinct", "two acts or more", "name another")
        ]
    return []


def _unknown_act(act: str, known: Iterable[str]) -> Problem:
    near = get_close_matches(act, list(known), n=3, cutoff=0.0)
    return _wrong(
        "ACT",
        f"the store has no act '{act}'",
        "ids that `openchannel evidence links` shows, such as csis/2017-07-28/ballistic_missile",
        f"write {' or '.join(near)}" if near else "import a list first",
    )


def _wrong(field: str, wrong: str, allowed: str, mend: str) -> Problem:
    return Problem("command line", field, wrong, allowed, mend)


def coverage_dicts(found: Sequence[Coverage]) -> list[dict[str, Any]]:
    """Coverage in values that JSON can hold, shares with their errors."""
    return [
        {
            **asdict(c),
            "periods": [
                {**asdict(p), "share": p.share, "share_error": p.share_error} for p in c.periods
            ],
        }
        for c in found
    ]
