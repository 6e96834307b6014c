"""Every way in which a folder can be wrong, all said at once, with file and line."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from openchannel.errors import Problem, UserError
from openchannel.evidence import Record
from openchannel.evidence.content import content_of
from openchannel.evidence.reading import MAX_BYTES

from .conftest import MakeFolder


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(UserError) as caught:
        Record.open(folder)
    return caught.value.problems


def test_small_record_opens(make_folder: MakeFolder) -> None:
    """The untouched fixture has no problem, so that each test below has only its own."""
    with Record.open(make_folder()) as record:
        assert [t.rows for t in record.tables()] == [3, 2, 1, 2, 1, 1, 3, 3, 1, 1]


def test_folder_without_evidence_is_one_problem(tmp_path: Path) -> None:
    """Not ten missing files, but one sentence."""
    (problem,) = problems_of(tmp_path)
    assert "none of the files" in problem.wrong
    assert "contacts.csv" in problem.allowed


def test_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    """A wrong path is named."""
    (problem,) = problems_of(tmp_path / "nowhere")
    assert problem.wrong == "there is no such folder"


def test_all_problems_of_all_files_come_together(make_folder: MakeFolder) -> None:
    """A missing file, a bad date, a bad choice and a bad number in one message."""

    def spoil(rows: dict[str, list[dict[str, str]]]) -> None:
        rows["contacts"][1]["start"] = "1993-13"
        rows["provocations"][0]["kind"] = "balistic_missile"
        rows["provocations"][1]["severity"] = "6"
        rows["crises"][0]["confidence"] = "sure"
        rows["detentions"][0]["initials"] = ""

    folder = make_folder(spoil)
    (folder / "exercises.csv").unlink()
    found = {(Path(p.file).name, p.line, p.field): p for p in problems_of(folder)}
    assert {
        ("contacts.csv", 3, "start"),
        ("provocations.csv", 2, "kind"),
        ("provocations.csv", 3, "severity"),
        ("crises.csv", 2, "confidence"),
        ("detentions.csv", 2, "initials"),
        ("exercises.csv", 0, "file"),
    } == set(found)
    assert "no such month" in found["contacts.csv", 3, "start"].wrong
    assert "nearest is 'ballistic_missile'" in found["provocations.csv", 2, "kind"].wrong
    assert found["provocations.csv", 3, "severity"].allowed == "a whole number from 1 to 5"
    assert "exercise,year,start" in found["exercises.csv", 0, "file"].mend
    assert all(p.wrong and p.mend for p in found.values())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"\x89PNG\r\n\0\0\0", "binary"),
        ("id,start\nC001,Pyöngyang\n".encode("latin-1"), "not UTF-8"),
        ("id,start\n".encode("utf-16"), "binary"),
    ],
)
def test_files_that_hold_no_text_of_ours(
    make_folder: MakeFolder, content: bytes, words: str
) -> None:
    """Empty, binary and foreign encodings are told apart."""
    folder = make_folder()
    (folder / "contacts.csv").write_bytes(content)
    (problem,) = problems_of(folder)
    assert words in problem.wrong


def test_wrong_encoding_names_the_line(make_folder: MakeFolder) -> None:
    """The line of the first byte that is not UTF-8."""
    folder = make_folder()
    path = folder / "contacts.csv"
    path.write_bytes(path.read_bytes().replace(b"Follow", b"F\xf6llow"))
    (problem,) = problems_of(folder)
    assert problem.line == 3


def test_huge_files_are_not_read(make_folder: MakeFolder) -> None:
    """The bound is checked before the file is read."""
    folder = make_folder()
    with (folder / "contacts.csv").open("r+b") as file:
        file.truncate(MAX_BYTES + 1)
    assert any("MB" in p.wrong for p in problems_of(folder))


def test_the_same_bytes_are_read_once_and_others_anew(make_folder: MakeFolder) -> None:
    """Records of the same files share what was read; a change of one letter is seen at once."""
    folder = make_folder()
    with Record.open(folder) as one, Record.open(folder) as other:
        assert one.verify() is other.verify()
    path = folder / "contacts.csv"
    stamp = path.stat()
    text = path.read_text()
    path.write_text(text.replace("Round 1", "Round 7"))
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert path.stat().st_size == stamp.st_size and text != path.read_text()
    with Record.open(folder) as changed:
        assert any(row["subject"] == "Round 7" for row in changed.list("contacts"))


def test_rows_of_a_ledger_stay_in_their_own_record(make_folder: MakeFolder) -> None:
    """What is added to one record is not met in the next."""
    folder = make_folder()
    with Record.open(folder) as plain:
        (first, *_) = content_of(folder).rows["contacts"]
        n_rows = len(plain.entries("contacts"))
    with Record.open(folder, ledger=[replace(first, id="L001")]) as added:
        assert len(added.entries("contacts")) == n_rows + 1
    with Record.open(folder) as plain:
        assert len(plain.entries("contacts")) == n_rows


def test_missing_and_repeated_columns(make_folder: MakeFolder) -> None:
    """A column that is nearly right is named."""
    folder = make_folder()
    path = folder / "contacts.csv"
    text = path.read_text().replace("us_principal", "us_principals", 1)
    path.write_text(text.replace("subject", "place", 1))
    fields = {p.field: p for p in problems_of(folder)}
    assert {"us_principal", "subject", "place"} == set(fields)
    assert fields["us_principal"].mend == "rename 'us_principals' to 'us_principal'"
    assert fields["place"].wrong == "the column stands twice"


def test_rows_of_wrong_width_and_open_quotes(make_folder: MakeFolder) -> None:
    """An unquoted comma and a quote that never closes are both found, with their lines."""
    folder = make_folder()
    path = folder / "contacts.csv"
    path.write_text(path.read_text() + "C004,1995,1995,year,a, b\n")
    crises = folder / "crises.csv"
    crises.write_text(crises.read_text() + 'K02,"open\n')
    found = {(Path(p.file).name, p.line): p.wrong for p in problems_of(folder)}
    assert "6 cells" in found["contacts.csv", 5]
    assert any(name == "crises.csv" and "not CSV" in w for (name, _), w in found.items())


def test_ids_name_one_row_of_the_whole_record(make_folder: MakeFolder) -> None:
    """The same id in two tables is refused, with both places."""

    def spoil(rows: dict[str, list[dict[str, str]]]) -> None:
        rows["crises"][0]["id"] = "C001"

    (problem,) = problems_of(make_folder(spoil))
    assert problem.wrong == "'C001' stands at contacts.csv:2 too"


def test_lines_count_breaks_inside_cells(make_folder: MakeFolder) -> None:
    """A cell with a line break does not shift the lines of the rows below."""

    def stretch(rows: dict[str, list[dict[str, str]]]) -> None:
        rows["contacts"][0]["subject"] = "two\nlines"

    with Record.open(make_folder(stretch)) as record:
        assert [e.line for e in record.entries("contacts")] == [2, 4, 5]


def test_byte_mark_windows_lines_and_blank_rows_are_fine(make_folder: MakeFolder) -> None:
    """What a spreadsheet writes is read."""
    folder = make_folder()
    with Record.open(folder) as record:
        before = record.fingerprint
    path = folder / "contacts.csv"
    text = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text + b",,,,,,,,,,\r\n\r\n")
    with Record.open(folder) as record:
        assert before == record.fingerprint


def test_a_flood_of_problems_is_cut(make_folder: MakeFolder) -> None:
    """A file in a wrong dialect says so some two hundred times, not more."""

    def spoil(rows: dict[str, list[dict[str, str]]]) -> None:
        rows["contacts"] = [{"id": f"C{i:03d}"} for i in range(300)]

    problems = problems_of(make_folder(spoil))
    assert len(problems) == 201
    assert "further problems" in problems[-1].wrong
