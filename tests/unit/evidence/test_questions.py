"""Lists, single rows, the timeline and the record as a whole."""

import datetime as dt
import json
from pathlib import Path

import pytest

from openchannel.errors import UserError
from openchannel.evidence import Record

from .conftest import BUILT_IN, MakeFolder


def test_tables_have_the_rows_and_shares_of_the_evidence_readme(korea: Record) -> None:
    """Rows and grades as printed; contacts have moved by a point since four were raised to A."""
    shares = {
        t.name: (t.rows, *(round(100 * v) for v in t.shares.values())) for t in korea.tables()
    }
    assert shares == {
        "contacts": (253, 36, 52, 12),
        "provocations": (591, 22, 36, 43),
        "crises": (30, 50, 37, 13),
        "exercises": (140, 12, 30, 58),
        "agreements": (28, 43, 46, 11),
        "offices": (193, 22, 21, 57),
        "channels": (11, 64, 36, 0),
        "channel_spells": (52, 50, 42, 8),
        "incidents_lethal": (24, 54, 25, 21),
        "detentions": (21, 81, 5, 14),
    }


def test_the_record_ends_with_the_month_of_the_last_provocation(korea: Record) -> None:
    """Outcomes stop at 2025-06-30; the last contact came five days before."""
    assert (dt.date(2025, 6, 30), dt.date(2025, 6, 25)) == (korea.end, korea.last_contact)


@pytest.mark.parametrize(
    ("row_id", "table", "line"),
    [("C001", "contacts", 2), ("P0001", "provocations", 2), ("K01", "crises", 2),
     ("AG01", "agreements", 2), ("SP27", "channel_spells", 28), ("LI01", "incidents_lethal", 2),
     ("dt01", "detentions", 2), ("SEN", "channels", 3), ("EX001", "exercises", 2),
     ("OF001", "offices", 2)],
)  # fmt: skip
def test_any_row_can_be_shown(korea: Record, row_id: str, table: str, line: int) -> None:
    """An id of any table leads to its file and line."""
    row = korea.show(row_id)
    assert (table, f"{table}.csv", line) == (row["table"], row["file"], row["file_line"])
    json.dumps(row)


def test_unknown_ids_name_the_nearest(korea: Record) -> None:
    """A slip of a digit is met with rows that exist."""
    with pytest.raises(UserError) as caught:
        korea.show("C999")
    (problem,) = caught.value.problems
    assert "no id 'C999'" in problem.wrong
    assert "C099" in problem.allowed


def test_lists_narrow_by_dates_channel_words_and_number(korea: Record) -> None:
    """Bounds may be short; a row is in the range if any of its days is."""
    summits = korea.list("contacts", since="2018", until="2019-06", channel="SUM")
    assert [r["id"] for r in summits] == [
        "C215", "C219", "C221", "C228", "C237", "C238", "C239",
    ]  # fmt: skip
    assert [r["id"] for r in korea.list("contacts", text="warmbier")] == ["C208", "C209"]
    assert len(korea.list("provocations", limit=7)) == 7
    spells = korea.list("channel_spells", since="2025-01-01", channel="UNC")
    assert [r["id"] for r in spells] == ["SP27"]  # still open
    assert [r["id"] for r in korea.list("detentions", channel="THP")] == ["DT17", "DT21"]
    json.dumps(summits)


@pytest.mark.parametrize(
    ("question", "field", "words"),
    [
        ({"table": "contact"}, "table", "write 'contacts'"),
        ({"table": "contacts", "channel": "NYCC"}, "channel", "write 'NYC'"),
        ({"table": "crises", "channel": "SEN"}, "channel", "leave the channel out"),
        ({"table": "contacts", "since": "June"}, "since", "three forms"),
        ({"table": "contacts", "since": "2001", "until": "2000"}, "until", "swap"),
        ({"table": "contacts", "limit": -1}, "limit", "leave it out"),
    ],
)
def test_questions_that_cannot_be_answered(
    korea: Record, question: dict[str, str], field: str, words: str
) -> None:
    """Each says which part of the question, and the way out."""
    with pytest.raises(UserError) as caught:
        korea.list(**question)  # type: ignore[arg-type]
    (problem,) = caught.value.problems
    assert field == problem.field
    assert words in problem.mend


def test_timeline_merges_six_tables_by_date(korea: Record) -> None:
    """Autumn 1994 as it came, each entry with its kind, precision and grade."""
    moments = korea.timeline("1994-10-20", "1994-12-31")
    assert [m["id"] for m in moments if m["kind"] != "exercise"] == [
        "AG08", "C026", "C027", "C028", "C029", "C030", "C031", "P0216", "K09", "DT01", "C032",
    ]  # fmt: skip
    helicopter = next(m for m in moments if m["id"] == "P0216")
    assert (helicopter["severity"], helicopter["precision"]) == (4, "day")
    hubbard = next(m for m in moments if m["id"] == "C032")
    assert (hubbard["channel"], hubbard["confidence"]) == ("SEN", "A month")
    assert [m["date"] for m in moments if m["id"] == "C026"] == ["1994-11"]
    json.dumps(moments)


def test_timeline_without_bounds_holds_every_dated_row(korea: Record) -> None:
    """253 contacts, 591 provocations, 30 crises, 140 exercises, 28 agreements, 21 detentions."""
    assert len(korea.timeline()) == 253 + 591 + 30 + 140 + 28 + 21


def test_fingerprint_does_not_mind_the_order_of_rows(make_folder: MakeFolder) -> None:
    """Sorting a sheet changes nothing; changing a cell does."""
    with Record.open(make_folder()) as record:
        before = record.fingerprint
    with Record.open(make_folder(lambda rows: rows["contacts"].reverse())) as record:
        assert before == record.fingerprint
    with Record.open(
        make_folder(lambda rows: rows["contacts"][0].update(subject="Round 2"))
    ) as record:
        assert before != record.fingerprint


def test_contact_days_use_the_middle_of_a_month_or_window(korea: Record) -> None:
    """Day rows keep their first day; 2013 to 2015 counts in the middle of 2014."""
    middles = {e.id: e.middle for e in korea.entries("contacts")}
    assert middles["C009"] == dt.date(1993, 6, 2)
    assert middles["C002"] == dt.date(1990, 1, 16)
    assert middles["C197"] == dt.date(2014, 7, 2)


def test_tables_without_rows_are_a_record(make_folder: MakeFolder) -> None:
    """A researcher may begin with headers only."""
    with Record.open(make_folder(lambda rows: [t.clear() for t in rows.values()])) as record:
        assert {0} == {t.rows for t in record.tables()}
        assert record.end is None
        assert record.last_contact is None
        assert record.timeline() == []
        assert record.verify().ok


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_export_writes_every_table_or_nothing(korea: Record, tmp_path: Path, format: str) -> None:
    """A copy in CSV opens as the same record; no temporary folder is left."""
    folder = tmp_path / "deep" / "copy"
    files = korea.export(folder, format)  # type: ignore[arg-type]
    korea.export(folder, format)  # type: ignore[arg-type]  # again, into a folder that exists
    assert sorted(files) == sorted(folder.iterdir())
    assert list(folder.parent.iterdir()) == [folder]
    if format == "csv":
        with Record.open(folder) as copy:
            assert korea.fingerprint == copy.fingerprint
    else:
        import pyarrow.parquet as pq  # type: ignore[import-untyped]

        table = pq.read_table(folder / "contacts.parquet")
        assert table.num_rows == 253
        assert str(table.schema.field("start_first").type) == "date32[day]"
        spells = pq.read_table(folder / "channel_spells.parquet")
        assert {"line", "file_line"} <= set(spells.column_names)


def test_export_refuses_other_formats(korea: Record, tmp_path: Path) -> None:
    """And writes nothing."""
    with pytest.raises(UserError, match="parquet, csv"):
        korea.export(tmp_path / "copy", "xlsx")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_export_onto_a_file_is_refused(korea: Record, tmp_path: Path) -> None:
    """A plain file in the way is not replaced."""
    (tmp_path / "copy").write_text("mine")
    with pytest.raises(UserError, match="cannot be written"):
        korea.export(tmp_path / "copy", "csv")
    assert [p.name for p in tmp_path.iterdir()] == ["copy"]


def test_the_database_reaches_nothing_outside(korea: Record) -> None:
    """No file, no network, no extension, whatever the query."""
    with pytest.raises(Exception, match=r"(?i)disabled|permission"):
        korea._content.store.ask(f"SELECT * FROM read_csv('{BUILT_IN / 'contacts.csv'}')")
