"""Acts of several lists merged into one, with what the lists say differently side by side.

A merged act takes each value from the first list that has it, in the order of `PRECEDENCE`, unless
a decision gives another; so the same lists and decisions always give the same acts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openchannel.evidence.dates import read_date
from openchannel.evidence.keeping.decisions import Standing
from openchannel.evidence.linking.acts import RECORD, Act
from openchannel.evidence.linking.links import clusters, link

__all__ = ["FIELDS", "PRECEDENCE", "Agreement", "Merged", "agreement", "differences", "merged"]

PRECEDENCE = ("csis", "cns", "rok", "cow-midip", "severity-coder")
"""The order in which the built-in record was coded; lists that are not named come after, by name.

The list of a single coder comes last, because its labels follow another scale.
"""

FIELDS = ("date", "kind", "severity", "count", "deaths")
_CLASS_LISTS = ("cns",)  # what it says of the class of a missile wins, by the codebook


@dataclass(frozen=True, slots=True)
class Merged:
    """One act from one list or several; `differs` names the values on which they disagree."""

    members: tuple[Act, ...]
    date: dt.date
    precision: str
    kind: str
    severity: int | None
    count: int | None
    deaths: int | None
    differs: tuple[str, ...]
    is_decided: bool

    @property
    def id(self) -> str:
        """The id of the member that gave the day."""
        return _ordered(self.members)[0].id

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold, members side by side."""
        return {
            "id": self.id,
            "date": self.date.isoformat(),
            "precision": self.precision,
            "kind": self.kind,
            "severity": self.severity,
            "count": self.count,
            "deaths": self.deaths,
            "differs": list(self.differs),
            "is_decided": self.is_decided,
            "members": [_member(a) for a in _ordered(self.members)],
        }


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far merged acts give the record back: rows that were met, and how many values agree.

    only_record : rows that no list has; only_lists : merged acts that the record has not
    differing : pairs of a row of the record and a merged act that differ in day, kind or severity
    """

    rows: int
    met: int
    same_day: int
    same_kind: int
    same_severity: int
    same: int
    only_record: tuple[Act, ...]
    only_lists: tuple[Merged, ...]
    differing: tuple[tuple[Act, Merged], ...]


def merged(acts: Sequence[Act], standing: Standing) -> list[Merged]:
    """Acts of all lists, linked and merged, by date; without those decided to be left out."""
    kept = [a for a in acts if a.id not in standing.out]
    found = clusters(kept, link(kept, standing.ruling), standing.ruling)
    return sorted((_merge(c, standing) for c in found), key=lambda m: (m.date, m.id))


def differences(members: Iterable[Act]) -> tuple[str, ...]:
    """Values that the members know and disagree on."""
    ours = list(members)
    told: dict[str, set[object]] = {
        "date": {(a.first, a.last) for a in ours if a.precision == "day"},
        "kind": {a.kind for a in ours},
        "severity": {a.severity for a in ours},
        "count": {a.count for a in ours},
        "deaths": {a.deaths for a in ours},
    }
    return tuple(name for name in FIELDS if len(told[name] - {None}) > 1)


def agreement(found: Sequence[Merged], record: Sequence[Act]) -> Agreement:
    """Merged acts held against the rows of the record."""
    by_id = {m.id: m for m in found}
    as_acts = [_as_act(m) for m in found]
    partner = {}
    for pair in link([*as_acts, *record]):
        row, act = (pair.one, pair.other) if pair.one.source == RECORD else (pair.other, pair.one)
        partner[row.id] = by_id[act.id]
    met = [(row, partner[row.id]) for row in record if row.id in partner]
    day = {r.id for r, m in met if r.first == m.date}
    kind = {r.id for r, m in met if r.kind == m.kind}
    severity = {r.id for r, m in met if r.severity == m.severity}
    same = day & kind & severity
    taken = {m.id for m in partner.values()}
    return Agreement(
        len(record),
        len(met),
        len(day),
        len(kind),
        len(severity),
        len(same),
        tuple(r for r in record if r.id not in partner),
        tuple(m for m in found if m.id not in taken),
        tuple((r, m) for r, m in met if r.id not in same),
    )


def _merge(members: Sequence[Act], standing: Standing) -> Merged:
    ordered = _ordered(members)
    ids = {a.id for a in members}
    given: dict[str, str] = {}
    for decided, values in standing.values.items():
        if decided <= ids:
            given |= values
    first = next((a for a in ordered if a.precision == "day"), ordered[0])
    date = read_date(given["date"]) if "date" in given else None
    classed = [a for a in ordered if a.source in _CLASS_LISTS] or ordered
    return Merged(
        tuple(ordered),
        date.first if date else first.first,
        date.precision if date else first.precision,
        given.get("kind") or classed[0].kind,
        _number(given, "severity", (a.severity for a in [*classed, *ordered])),
        _number(given, "count", (a.count for a in ordered)),
        _number(given, "deaths", (a.deaths for a in ordered)),
        differences(members),
        any(decided <= ids for decided in standing.values),
    )


def _number(given: Mapping[str, str], name: str, told: Iterable[int | None]) -> int | None:
    if name in given:
        return int(given[name]) if given[name] else None
    return next((n for n in told if n is not None), None)


def _ordered(members: Iterable[Act]) -> list[Act]:
    def place(act: Act) -> tuple[int, str, str]:
        known = PRECEDENCE.index(act.source) if act.source in PRECEDENCE else len(PRECEDENCE)
        return known, act.source, act.id

    return sorted(members, key=place)


def _as_act(found: Merged) -> Act:
    """A merged act as one of the list `lists`, to be linked with the record."""
    span = read_date(found.date.isoformat()[: {"day": 10, "month": 7, "year": 4}[found.precision]])
    return Act(
        found.id, "lists", span.first, span.last, span.precision, found.kind, found.severity,
        len(found.members), found.count, found.deaths,
    )  # fmt: skip


def _member(act: Act) -> dict[str, Any]:
    day = act.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[act.precision]]
    return {
        "id": act.id, "list": act.source, "date": day, "kind": act.kind, "severity": act.severity,
        "count": act.count, "deaths": act.deaths, "rows": act.rows, "text": act.text,
    }  # fmt: skip
