"""Before work begins: soundness of a case, formats, folders, and what stands there."""

from __future__ import annotations

from pathlib import Path

import pytest

from openchannel.errors import UserError
from openchannel.usecases import checking
from openchannel.usecases.runs import brief


def test_a_sound_case_is_counted() -> None:
    """What was read is told, so that an empty folder is not taken for a sound one."""
    report = checking.check("korea")
    assert report.ok
    assert 5 == report.counts["worlds"]
    assert report.counts["rows of the record"] > 1000


def test_a_case_that_is_not_there_is_an_error_and_not_a_report(tmp_path: Path) -> None:
    """There is nothing to report on."""
    for case in ("nope", tmp_path / "nope", "\0", "x" * 5000):
        with pytest.raises(UserError):
            checking.check(case)


def test_problems_of_case_and_record_are_told_together(tmp_path: Path) -> None:
    """One reading finds everything."""
    (tmp_path / "case.yaml").write_text("id: [\n", encoding="utf-8")
    (tmp_path / "evidence").mkdir()
    files = {p.file for p in checking.check(tmp_path).problems}
    assert any(f.endswith("case.yaml") for f in files)
    assert any(f.endswith("evidence") for f in files)


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("html,pdf,docx", ("html", "pdf", "docx")),
        (" PDF , html, pdf,", ("pdf", "html")),
        ("none", ()),
    ],
)
def test_formats_are_read_as_people_write_them(text: str, formats: tuple[str, ...]) -> None:
    """Order is kept; spaces, capitals and doubles do not matter."""
    assert formats == checking.check_formats(text)


def test_the_formats_are_those_that_can_be_written() -> None:
    """What is accepted before a run can be written after it."""
    assert brief.FORMATS == checking.FORMATS


@pytest.mark.parametrize("text", ["", "png", "html,none", "pdf;html"])
def test_other_formats_are_refused(text: str) -> None:
    """The nearest one is offered."""
    with pytest.raises(UserError) as raised:
        checking.check_formats(text)
    assert all(p.mend.startswith("write ") for p in raised.value.problems)


def test_a_folder_to_come_is_neither_made_nor_refused(tmp_path: Path) -> None:
    """Looking leaves no trace."""
    checking.check_output(tmp_path / "a" / "b")
    checking.check_output(Path("relative"))
    assert [] == list(tmp_path.iterdir())


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    """The file itself, however deep the folder that was asked for."""
    (tmp_path / "file").touch()
    with pytest.raises(UserError) as raised:
        checking.check_output(tmp_path / "file" / "a" / "b")
    assert [str(tmp_path / "file")] == [p.file for p in raised.value.problems]


def test_only_a_finished_run_stands(tmp_path: Path) -> None:
    """A part of one, or something else of the same names, is none."""
    assert checking.standing_run(tmp_path) is None
    (tmp_path / "manifest.json").write_text('{"case": "korea"}', encoding="utf-8")
    assert checking.standing_run(tmp_path) is None
    for name in ("summary.json", "draws.parquet"):
        (tmp_path / name).write_bytes(b"1")
    standing = checking.standing_run(tmp_path)
    assert standing is not None
    assert {"case": "korea"} == standing.manifest
    (tmp_path / "draws.parquet").write_bytes(b"2")
    changed = checking.standing_run(tmp_path)
    assert changed is not None
    assert standing.digest != changed.digest
    (tmp_path / "manifest.json").write_text("[]", encoding="utf-8")
    assert checking.standing_run(tmp_path) is None
