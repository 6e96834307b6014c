"""In the appendix: how outcomes spread over futures, beside their means."""

from __future__ import annotations

from collections.abc import Callable

from openchannel.report.findings import Findings
from openchannel.report.model import Column, Row, Table, words
from openchannel.report.numbers import Kind, Measured, level, share

__all__ = ["over_luck"]

_PERCENTILES: tuple[tuple[str, str], ...] = (
    ("Deaths, 95th percentile", "deaths_p95"),
    ("Deaths, 99th percentile", "deaths_p99"),
)
_SHARES: tuple[tuple[str, str, int | None], ...] = (
    ("More than 100 deaths", "deaths_over_100", None),
    ("More than 10,000 deaths", "deaths_over_10k", None),
    ("More than a million deaths", "deaths_over_1m", None),
    ("No crisis", "peaks", 0),
    ("Worst: a crisis in words", "peaks", 1),
    ("Worst: shows of force", "peaks", 2),
    ("Worst: a lethal clash", "peaks", 3),
    ("Worst: strikes in turn", "peaks", 4),
    ("War by escalation", "war_causes", 0),
    ("War by a strike on a false alarm", "war_causes", 1),
    ("War by an allied first strike", "war_causes", 2),
    ("War after a succession", "war_causes", 3),
)
_STOCKS: tuple[tuple[str, str], ...] = (
    ("Weeks in crisis, median", "crisis_weeks_p50"),
    ("Weeks in crisis, 95th percentile", "crisis_weeks_p95"),
    ("Warheads without war, 5th percentile", "arsenal_p05"),
    ("Warheads without war, median", "arsenal_p50"),
    ("Warheads without war, 95th percentile", "arsenal_p95"),
    ("Political cost at home, 95th percentile", "political_cost_p95"),
    ("Friction with allies, 95th percentile", "friction_p95"),
)


def over_luck(findings: Findings) -> Table:
    """Percentiles and shares of futures under the baseline, the focal policy and isolation."""
    shown = [findings.baseline]
    if findings.has_comparison:
        shown += [findings.focal, *([findings.isolation] if findings.isolation else [])]

    def row(title: str, cell: Callable[[str], str]) -> Row:
        return Row((words(title), *(words(cell(p.id)) for p in shown)))

    def read(name: str, kind: Kind) -> Callable[[str], str]:
        return lambda policy: level(_told(findings.over_luck(policy, name)), kind)

    def part(name: str, place: int | None) -> Callable[[str], str]:
        def cell(policy: str) -> str:
            found = findings.over_luck(policy, name, place)
            return share(found.mean, findings.futures, found.mcse)

        return cell

    return Table(
        "table-over-luck",
        "How futures spread: percentiles, and shares of futures, pooled",
        (
            Column(words("Over futures"), 2.4),
            *(Column(words(p.short), 1.4, "right") for p in shown),
        ),
        (
            *(row(title, read(name, "count")) for title, name in _PERCENTILES),
            *(row(title, part(name, place)) for title, name, place in _SHARES),
            *(row(title, read(name, "plain")) for title, name in _STOCKS),
        ),
        words(
            "Spread over beliefs and luck together. Percentiles are read from bins: deaths from "
            "twenty a decade, good to 12 %, warheads and weeks from bins of two. The mean of "
            "expected deaths above is ruled by the rare wars; half of the futures have far fewer."
        ),
        compact=True,
    )


def _told(found: Measured) -> Measured:
    """A percentile whose error is below the width of its bin has no error to show."""
    return Measured(found.mean, found.mcse or None)
