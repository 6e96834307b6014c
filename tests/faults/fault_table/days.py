"""Days and weeks of the calendar."""

from __future__ import annotations

from fault_table.fault import CASE, edit

CALENDAR = (
    edit(
        "no such day", f"{CASE}:11:10", CASE, "2027-01-04", "2027-02-30", "not a day", "2027-01-04"
    ),
    edit("year out of bounds", f"{CASE}:11:10", CASE, "2027-01-04", "1492-01-04", "year 1492"),
    edit(
        "date unlike a date",
        f"{CASE}:11:10",
        CASE,
        '"2027-01-04"',
        "4 January 2027",
        "`4 January 2027` does not fit",
        "year-month-day",
    ),
    edit("inauguration by half", f"{CASE}:13:18", CASE, ', first: "2029-01-20"', "", "by half"),
    edit(
        "inaugurations in two ways",
        f"{CASE}:13:18",
        CASE,
        "every_years: 4",
        "every_years: 4, weeks: [106]",
        "two ways",
    ),
    edit(
        "weeks out of order",
        f"{CASE}:13:32",
        CASE,
        'every_years: 4, first: "2029-01-20"',
        "weeks: [315, 106]",
        "week 106 does not come after week 315",
    ),
    edit(
        "week beyond the horizon",
        f"{CASE}:13:32",
        CASE,
        'every_years: 4, first: "2029-01-20"',
        "weeks: [106, 520]",
        "week 520 is not within the horizon",
        "from 0 to 519",
    ),
    edit(
        "record counted from no day",
        f"{CASE}:15:30",
        CASE,
        "baseline: N0",
        'counted_from: {provocations: "1984-02-30"}\nbaseline: N0',
        "`1984-02-30` is not a day",
    ),
    edit(
        "record counted from for an unknown table",
        f"{CASE}:15:16",
        CASE,
        "baseline: N0",
        'counted_from: {provocation: "1984-01-02"}\nbaseline: N0',
        "provocation",
        "provocations",
    ),
    edit("exercise in week 52", f"{CASE}:14:32", CASE, "[10, 11]", "[10, 52]", "`52` is out"),
    edit("exercise repeated", f"{CASE}:14:32", CASE, "[10, 11]", "[10, 10]", "does not come after"),
)
