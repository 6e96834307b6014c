"""The historical moments that a simulation of the status quo must meet, as the specification prints
them (E1, with the values that part J revised).

A table; what the record gives for each stands in `record`. Moments H1 to H6 use the severities of
the older event list (source S1), which are not part of the record.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TARGETS", "Target", "target"]


@dataclass(frozen=True, slots=True)
class Target:
    """One target with its band; `low` and `high` are `None` where the target has no numeric band.

    `band` says what must lie in the band. `value` is the printed number, `None` where the target is
    a range or a list.
    """

    id: str
    label: str
    text: str
    value: float | None
    low: float | None
    high: float | None
    source: str
    band: str = "mean"


TARGETS: tuple[Target, ...] = (
    Target(
        "H1",
        "Provocations a year, severity 2 to 5",
        "17 (2012-25), 22 (May 2019-25), 31 (2022-25)",
        17.0,
        14.0,
        28.0,
        "S1",
    ),
    Target("H2.2", "Share of severity 2", ".24, within .05", 0.24, 0.19, 0.29, "S1", "share"),
    Target("H2.3", "Share of severity 3", ".46, within .05", 0.46, 0.41, 0.51, "S1", "share"),
    Target("H2.4", "Share of severity 4", ".20, within .05", 0.20, 0.15, 0.25, "S1", "share"),
    Target("H2.5", "Share of severity 5", ".10, within .05", 0.10, 0.05, 0.15, "S1", "share"),
    Target(
        "H3",
        "Weekly variance over mean",
        "1.23 (2012-25) to 1.34 (1990-2025)",
        None,
        1.1,
        1.7,
        "S1",
        "ratio",
    ),
    Target(
        "H4.1",
        "Autocorrelation of weekly counts, 1 week",
        ".26 (2012-25), .25 (1990-2025)",
        0.26,
        0.15,
        0.32,
        "S1",
        "correlation",
    ),
    Target(
        "H4.2",
        "Autocorrelation of weekly counts, 2 weeks",
        ".26 (2012-25), .23 (1990-2025)",
        0.26,
        0.12,
        0.30,
        "S1",
        "correlation",
    ),
    Target(
        "H4.4",
        "Autocorrelation of weekly counts, 4 weeks",
        ".09 (2012-25), .13 (1990-2025)",
        0.09,
        0.04,
        0.18,
        "S1",
        "correlation",
    ),
    Target(
        "H5",
        "Annual variance over mean",
        "7.8 (2012-25), 10.0 (1990-2025)",
        7.8,
        4.0,
        12.0,
        "S1",
        "ratio",
    ),
    Target(
        "H6",
        "Severity 5 events a year",
        "1.8 (2012-17), 3.3 (2022-25)",
        None,
        1.0,
        3.5,
        "S1",
    ),
    Target(
        "H7",
        "Crises a decade",
        "11 in 1990-2017 = 3.9, 95 % interval 2.0-7.0",
        3.9,
        2.5,
        5.5,
        "S30",
    ),
    Target(
        "H8",
        "Share of crises with a lethal clash",
        "4 of 11 = .36, 95 % interval .11-.69",
        0.36,
        0.25,
        0.50,
        "S30",
        "share",
    ),
    Target(
        "H9",
        "Crisis length, median in weeks",
        "median 210 days (30 weeks)",
        30.0,
        10.0,
        40.0,
        "S30",
        "median",
    ),
    Target(
        "H9.spread",
        "Crisis length, third quartile over first",
        "4 or more",
        None,
        4.0,
        None,
        "S30",
        "ratio",
    ),
    Target(
        "H10",
        "General wars per crisis",
        "0 of 14 since 1953 (one-sided 95 % bound .19); 7.0 % of 329 in a wider set",
        0.0,
        None,
        0.04,
        "S30",
    ),
    Target(
        "H11",
        "Longest gaps of the general officer talks, years",
        "6.5 y to March 2009, 9.3 y to July 2018",
        None,
        0.5,
        None,
        "S21, S22",
        "P(gap of 5 y or more) under the status quo",
    ),
    Target(
        "H12",
        "Duty-officer line while all else is closed",
        "98 messages and two checks a day in 2022",
        None,
        0.3,
        None,
        "S10",
        "strength of the UNC tie while receptivity is 0",
    ),
    Target(
        "H13",
        "Recovery operations a year",
        "33 in 9 y; 4.0 a year while open",
        4.0,
        2.0,
        5.0,
        "S51",
        "rate while receptivity is 1 or 2",
    ),
    Target(
        "H14",
        "Spells of the intelligence channel, years",
        "a decade of contacts, dormant late under Obama, revived August 2017",
        None,
        1.0,
        6.0,
        "S11",
        "length of a spell",
    ),
    Target(
        "H15",
        "Open spells of a political line, years",
        "mean about 1.6 y",
        1.6,
        0.8,
        3.0,
        "S14, S13",
    ),
    Target(
        "H15.closed",
        "Closed spells of a political line, years",
        ".06-4.0 y, the current one above 2.2 y",
        None,
        None,
        None,
        "S14, S13",
        "range",
    ),
    Target(
        "H16",
        "Term of a special representative, years",
        "mean 2.09 y",
        2.09,
        1.6,
        2.8,
        "S19",
    ),
    Target(
        "H17",
        "Bargaining rounds a decade",
        "5 in 1994-2019",
        2.0,
        1.0,
        3.0,
        "S24",
        "windows a decade at neg .6",
    ),
    Target(
        "H18",
        "Agreement lifetime, years",
        "mean 3.9 y, least .12, most 8.1",
        3.9,
        2.5,
        5.0,
        "specification A5",
    ),
    Target(
        "H19",
        "Detentions a year",
        "16 in 1996-2016; .26 a year under the travel ban",
        None,
        0.15,
        0.8,
        "S47; second reading 25",
    ),
    Target(
        "H20",
        "Warheads in 2025 from 10 in 2016",
        "10 (2016), 30-40 (2020), 30 (2023), 50 (2024 and 2025)",
        50.0,
        25.0,
        70.0,
        "S34, S67",
    ),
    Target(
        "H21",
        "Share of time in which the other side is closed",
        ".5-.65 over 1990-2025",
        None,
        0.4,
        0.75,
        "S24, S25",
        "share",
    ),
    Target(
        "H22",
        "P(nuclear use in 10 years) under the status quo",
        ".5-2 % by elicitation",
        None,
        0.003,
        0.05,
        "S31",
        "pooled probability",
    ),
    Target(
        "H23.1990",
        "Negotiation meetings a year, Jan 1990 to Jan 1993",
        "2.3, within a factor 2",
        2.3,
        1.15,
        4.6,
        "S71",
        "senior and New York contacts",
    ),
    Target(
        "H23.1993",
        "Negotiation meetings a year, Jan 1993 to Jul 1994",
        "12.7, within a factor 2",
        12.7,
        6.35,
        25.4,
        "S71",
        "senior and New York contacts",
    ),
    Target(
        "H23.2019",
        "Negotiation meetings a year, Nov 2019 to 2025",
        "none",
        0.0,
        None,
        None,
        "S25",
        "senior and New York contacts",
    ),
)


def target(moment_id: str) -> Target | None:
    """The target of a moment; a variant (`H1.2022`) has that of the whole, some have none."""
    by_id = {t.id: t for t in TARGETS}
    return by_id.get(moment_id) or by_id.get(moment_id.partition(".")[0])
