"""The record checked against itself: each fault is found once, benign things are not."""

import datetime as dt
import json
from collections.abc import Callable

import pytest

from openchannel.evidence import Record, Verification

from .conftest import MakeFolder

TODAY = dt.date(2026, 11, 24)
Rows = dict[str, list[dict[str, str]]]


def verified(make_folder: MakeFolder, change: Callable[[Rows], None]) -> Verification:
    with Record.open(make_folder(change)) as record:
        return record.verify(TODAY)


def test_built_in_record_has_no_error(korea: Record) -> None:
    """Doubtful rows are listed, none is impossible, every reference resolves."""
    result = korea.verify(TODAY)
    assert result.ok
    assert {
        "contact on a closed channel": {"warning": 23},
        "incident and provocation": {"note": 7},
        "no source read": {"note": 118},
        "two endings": {"note": 5},
    } == result.counts
    assert all(f.file and f.line > 1 and f.wrong and f.mend for f in result.findings)
    json.dumps(result.as_dict())


def test_built_in_disagreements_are_those_of_the_second_reading(korea: Record) -> None:
    """Dead of the 1999 clash, and endings that differ between conduct and declaration."""
    found = {(f.id, f.check): f.wrong for f in korea.verify(TODAY).findings}
    assert "17 to 80 here, blank in P0244" in found["LI12", "incident and provocation"]
    assert "2022-03-24 by conduct, 2019-12-31" in found["AG20", "two endings"]


def test_small_record_is_clean(make_folder: MakeFolder) -> None:
    """Nothing to say about a record in which nothing is wrong."""
    assert verified(make_folder, lambda _rows: None).findings == ()


def put(table: str, row: int, **cells: str) -> Callable[[Rows], None]:
    return lambda rows: rows[table][row].update(cells)


def again(table: str, row: int, **cells: str) -> Callable[[Rows], None]:
    return lambda rows: rows[table].append({**rows[table][row], **cells})


@pytest.mark.parametrize(
    ("change", "level", "check", "where"),
    [
        (put("contacts", 0, end="1993-06-01"), "error", "impossible date", "contacts.csv:2"),
        (put("contacts", 0, start="2093-06-02", end="2093-06-02"), "error", "impossible date",
         "contacts.csv:2"),
        (put("agreements", 0, end_declared="1992"), "error", "impossible date",
         "agreements.csv:2"),
        (put("channel_spells", 0, channel="SEM"), "error", "dangling reference",
         "channel_spells.csv:2"),
        (put("detentions", 0, channel_used="SEN; XYZ"), "error", "dangling reference",
         "detentions.csv:2"),
        (put("incidents_lethal", 0, crisis_file_id="K99"), "error", "dangling reference",
         "incidents_lethal.csv:2"),
        (put("crises", 0, sources="contacts C777"), "warning", "dangling reference",
         "crises.csv:2"),
        (put("contacts", 0, source=""), "warning", "no source", "contacts.csv:2"),
        (put("contacts", 1, source="general knowledge"), "warning", "grade without source",
         "contacts.csv:3"),
        (again("contacts", 0, id="C009", start="1993-06-03"), "warning", "duplicate",
         "contacts.csv:5"),
        (again("provocations", 1, id="P0009", label="Other"), "warning", "duplicate",
         "provocations.csv:4"),
        (put("agreements", 0, duration_days="400"), "warning", "length and dates",
         "agreements.csv:2"),
        (put("agreements", 0, end_declared="1996"), "note", "two endings", "agreements.csv:2"),
        (again("channel_spells", 1, id="SP09", open_from="1990"), "warning",
         "overlapping spells", "channel_spells.csv:5"),
        (put("channel_spells", 0, open_from="1994-01-01", open_days=""), "warning",
         "contact on a closed channel", "contacts.csv:2"),
        (put("incidents_lethal", 0, rok_us_dead="3"), "warning", "incident and provocation",
         "incidents_lethal.csv:2"),
        (put("provocations", 1, deaths=""), "note", "incident and provocation",
         "incidents_lethal.csv:2"),
        (put("crises", 0, trigger_date="1994-12-20"), "warning", "incident and crisis",
         "incidents_lethal.csv:2"),
        (put("contacts", 0, channel="semaphore"), "warning", "unplaced contact",
         "contacts.csv:2"),
        (put("detentions", 0, start="1995-01-05", end="1995-01-18"), "warning",
         "after the record's end", "detentions.csv:2"),
    ],
)  # fmt: skip
def test_each_fault_is_found_where_it_stands(
    make_folder: MakeFolder, change: Callable[[Rows], None], level: str, check: str, where: str
) -> None:
    """One change, a finding of its kind at its line; only errors make the record unfit."""
    result = verified(make_folder, change)
    assert (level, check, where) in {(f.level, f.check, f.where) for f in result.findings}
    assert (level != "error") == result.ok


def test_announced_exercises_may_lie_ahead(make_folder: MakeFolder) -> None:
    """A plan is a note, not an error."""
    change = put("exercises", 0, start="2027-03", end="2027-03", year="2027", status="announced")
    result = verified(make_folder, change)
    assert result.ok
    assert [f.level for f in result.findings] == ["note"]


def test_part_graded_rows_count_as_b(make_folder: MakeFolder) -> None:
    """`A month` and `A year` are B in the shares."""
    shares = verified(make_folder, lambda _rows: None).shares["contacts"]
    assert {"A": 0.0, "B": 1.0, "C": 0.0} == shares


def test_findings_speak_as_problems(make_folder: MakeFolder) -> None:
    """Every face can show them as it shows the problems of a case."""
    (finding,) = verified(make_folder, put("contacts", 0, source="")).findings
    problem = finding.as_problem()
    assert finding.where == problem.where
