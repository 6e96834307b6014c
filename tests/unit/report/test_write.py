"""The use case writes whole files, or leaves what stood there."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden.example import MANIFEST, example_case, example_summary
from openchannel.errors import UserError
from openchannel.usecases.runs.finished_run import Run
from openchannel.usecases.runs.brief import write_brief


@pytest.fixture
def run() -> Run:
    """A finished run of the small example."""
    return Run(example_case(), example_summary(), MANIFEST)


def test_forms_are_written_in_their_order_and_once(run: Run, tmp_path: Path) -> None:
    """Names follow the form; asking twice changes nothing; no temporary file is left."""
    written = write_brief(run, tmp_path / "new", ("docx", "pdf", "docx"))
    assert [p.name for p in written] == ["brief.pdf", "brief.docx"]
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == ["brief.docx", "brief.pdf"]
    assert written[0].read_bytes().startswith(b"%PDF-")
    assert written[1].read_bytes().startswith(b"PK")


def test_an_unknown_form_is_told_before_anything_is_written(run: Run, tmp_path: Path) -> None:
    """Every unknown form at once, with what is allowed."""
    with pytest.raises(UserError) as caught:
        write_brief(run, tmp_path, ("html", "odt", "rtf"))
    assert [p.wrong for p in caught.value.problems] == [
        "'odt' is not a form of the brief",
        "'rtf' is not a form of the brief",
    ]
    assert caught.value.problems[0].allowed == "html, pdf, docx"
    assert list(tmp_path.iterdir()) == []


def test_a_brief_that_cannot_be_written_leaves_the_old_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is the user's to mend, and costs nothing that was there."""
    old = tmp_path / "brief.pdf"
    old.write_bytes(b"old")

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UserError, match="disk is full"):
        write_brief(run, tmp_path, ("pdf",))
    assert old.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["brief.pdf"]
