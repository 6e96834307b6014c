"""How bad crises get by the record's own rungs, and how long they last.

The project ships its own coded table; whether a crisis stands in the International Crisis Behavior
data, version 14, is read from the sources of its row. The highest rung is the project's coding;
ICB's own scales, where the user has the list, belong to `icb`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openchannel.calibration.record_moment import share_interval
from openchannel.evidence import Entry, Record

__all__ = ["CrisisSeverity", "crisis_severity"]

_RUNGS = {
    2: "signals and threats",
    3: "shows of force",
    4: "use of force",
    5: "serious clashes",
    6: "war",
}


@dataclass(frozen=True, slots=True)
class CrisisSeverity:
    """Crises of one set, by the highest rung reached.

    shares : rung, crises that reached it or a higher one, of all, and the exact 95 % interval
    """

    id: str
    label: str
    n: int
    shares: tuple[tuple[int, str, int, float, float], ...]
    median_weeks: float | None
    mean_weeks: float | None
    quartiles: tuple[float, float] | None
    spread_log: float | None


def crisis_severity(record: Record) -> list[CrisisSeverity]:
    """The crises that ICB codes, those it does not, and all since 1990."""
    every = [e for e in record.entries("crises") if e.first is not None]
    coded = [e for e in every if "icb14" in str(e["sources"])]
    since = [e for e in every if e.first and e.first.year >= 1990]
    sets = (
        ("icb", "coded by ICB, 1966 on", coded),
        ("icb.1990", "coded by ICB, 1990 on", [e for e in coded if e in since]),
        ("all.1990", "every row of the record, 1990 on", since),
    )
    return [_severity(name, label, rows) for name, label, rows in sets if rows]


def _severity(name: str, label: str, rows: list[Entry]) -> CrisisSeverity:
    n = len(rows)
    shares = []
    for rung, words in _RUNGS.items():
        k = sum(int(e["peak_rung"]) >= rung for e in rows)
        shares.append((rung, words, k, *share_interval(k, n)))
    weeks = np.array([((e.last - e.first).days + 1) / 7 for e in rows if e.first and e.last])
    if not len(weeks):
        return CrisisSeverity(name, label, n, tuple(shares), None, None, None, None)
    low, middle, high = np.percentile(weeks, [25, 50, 75])
    return CrisisSeverity(
        name,
        label,
        n,
        tuple(shares),
        float(middle),
        float(weeks.mean()),
        (float(low), float(high)),
        float(np.log(weeks).std(ddof=1)) if len(weeks) > 1 else None,
    )
