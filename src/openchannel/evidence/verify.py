"""The record checked against itself: what cannot be, what is doubtful, what is only noted.

Owns the result and the order of checks; the checks stand in `checks`, each a small function that
yields findings. Nothing is changed and nothing is hidden: a record with notes and warnings is fit
for use, one with errors is not.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from openchannel.evidence import checks
from openchannel.evidence.finding import LEVELS, Finding

if TYPE_CHECKING:
    from openchannel.evidence.record import Record

__all__ = ["Verification", "verify"]


@dataclass(frozen=True, slots=True)
class Verification:
    """Findings, worst first within each file, and the shares of each grade by table."""

    findings: tuple[Finding, ...]
    shares: Mapping[str, Mapping[str, float]]
    rows: Mapping[str, int]
    end: dt.date | None
    last_contact: dt.date | None
    fingerprint: str

    @property
    def ok(self) -> bool:
        """Whether there is no error; warnings and notes do not count."""
        return all(f.level != "error" for f in self.findings)

    def of(self, level: Literal["error", "warning", "note"]) -> tuple[Finding, ...]:
        """Findings of one level."""
        return tuple(f for f in self.findings if f.level == level)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many findings each check made, by level."""
        counted = Counter((f.check, f.level) for f in self.findings)
        names = sorted({f.check for f in self.findings})
        return {n: {lv: counted[n, lv] for lv in LEVELS if counted[n, lv]} for n in names}

    def as_dict(self) -> dict[str, object]:
        """The same in values that JSON can hold."""
        return {
            "ok": self.ok,
            "counts": self.counts,
            "findings": [asdict(f) for f in self.findings],
            "shares": {k: dict(v) for k, v in self.shares.items()},
            "rows": dict(self.rows),
            "end": self.end.isoformat() if self.end else None,
            "last_contact": self.last_contact.isoformat() if self.last_contact else None,
            "fingerprint": self.fingerprint,
        }


def verify(record: Record, today: dt.date | None = None) -> Verification:
    """Check dates, doubles, sources, references and what the tables say about each other.

    `today` bounds the dates that can have happened; the day of the call if not given.
    """
    day = today or dt.date.today()
    findings = [f for check in checks.CHECKS for f in check(record, day)]
    findings.sort(key=lambda f: (LEVELS.index(f.level), f.file, f.line, f.check, f.field))
    summaries = record.tables()
    return Verification(
        tuple(findings),
        {s.name: s.shares for s in summaries},
        {s.name: s.rows for s in summaries},
        record.end,
        record.last_contact,
        record.fingerprint,
    )
