"""Decisions on acts of several lists: the same, distinct, left out; kept with who, when and why.

A later decision about the same acts stands in place of an earlier one, and `open` takes it back;
all of them stay.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations
from typing import Any, Literal

from openchannel.evidence.keeping.database import Database
from openchannel.evidence.linking.links import Ruling

__all__ = ["VERDICTS", "Decision", "Standing", "decide", "every_decision", "standing"]

Verdict = Literal["same", "distinct", "out", "open"]
VERDICTS: tuple[Verdict, ...] = ("same", "distinct", "out", "open")


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision; `values` are those that the merged act has, where the lists differ."""

    entry: int
    made: dt.datetime
    who: str
    why: str
    verdict: Verdict
    members: tuple[str, ...]
    values: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        return {**asdict(self), "made": self.made.isoformat(), "members": list(self.members)}


@dataclass(slots=True)
class Standing:
    """What all decisions together say.

    out : acts that are left out
    values : for each set of acts decided to be one, the values of the merged act
    """

    ruling: Ruling = field(default_factory=Ruling)
    out: set[str] = field(default_factory=set)
    values: dict[frozenset[str], Mapping[str, str]] = field(default_factory=dict)


def decide(
    database: Database,
    decisions: Iterable[tuple[Verdict, Sequence[str], Mapping[str, str], str]],
    who: str,
) -> list[Decision]:
    """Keep decisions (verdict, acts, values, reason), all or none; as they were kept."""
    made = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    kept = []
    with database.whole():
        number = int(database.one("SELECT coalesce(max(entry), 0) FROM decisions"))
        for verdict, members, values, why in decisions:
            number += 1
            kept.append(
                Decision(number, made, who, why, verdict, tuple(sorted(members)), dict(values))
            )
        if kept:
            columns: dict[str, list[object]] = {
                "entry": [d.entry for d in kept],
                "made": [made] * len(kept),
                "who": [who] * len(kept),
                "why": [d.why for d in kept],
                "verdict": [d.verdict for d in kept],
                "members": [json.dumps(d.members) for d in kept],
                "values": [json.dumps(d.values) for d in kept],
            }
            database.load("decisions", columns)
    return kept


def every_decision(database: Database) -> list[Decision]:
    """All decisions in the order they were made."""
    return [
        Decision(
            **{
                **row,
                "members": tuple(json.loads(row["members"])),
                "values": json.loads(row["values"]),
            }
        )
        for row in database.ask("SELECT * FROM decisions ORDER BY entry")
    ]


def standing(decisions: Iterable[Decision]) -> Standing:
    """What stands after all decisions, the later before the earlier."""
    pairs: dict[frozenset[str], Verdict] = {}
    found = Standing()
    for decision in decisions:
        members = frozenset(decision.members)
        found.out -= members
        found.values.pop(members, None)
        if decision.verdict == "out":
            found.out |= members
        if decision.verdict == "same":
            found.values[members] = decision.values
        for pair in combinations(sorted(members), 2):
            pairs[frozenset(pair)] = decision.verdict
    found.ruling = Ruling(
        frozenset(p for p, v in pairs.items() if v == "same"),
        frozenset(p for p, v in pairs.items() if v == "distinct"),
    )
    return found
