"""The record of a case, found and asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from openchannel.errors import UserError
from openchannel.usecases.evidence import record
from openchannel.usecases.evidence.ties import draw_ties, ties


def test_the_record_of_a_case_that_extends_another_is_its_parents(tmp_path: Path) -> None:
    """Until it has one of its own."""
    (tmp_path / "case.yaml").write_text("id: mine\nextends: korea\n", encoding="utf-8")
    assert record.record_folder("korea") == record.record_folder(tmp_path)
    (tmp_path / "evidence").mkdir()
    assert tmp_path / "evidence" == record.record_folder(tmp_path)


def test_a_record_can_be_asked_while_the_case_is_faulty(tmp_path: Path) -> None:
    """Who mends a policy may still look up a meeting."""
    (tmp_path / "case.yaml").write_text("id: mine\nextends: korea\nbogus: 1\n", encoding="utf-8")
    assert "C214" == record.show_row(tmp_path, "c214")["id"]


def test_a_case_without_a_record_says_so(tmp_path: Path) -> None:
    """And names the cases that have one."""
    (tmp_path / "case.yaml").write_text("id: mine\n", encoding="utf-8")
    with pytest.raises(UserError) as raised:
        record.list_tables(tmp_path)
    (problem,) = raised.value.problems
    assert "the case has no record" == problem.wrong
    assert "korea" in problem.mend


def test_the_timeline_is_narrowed_before_it_is_cut() -> None:
    """The limit counts rows of the kinds asked for; channels are told by name."""
    entries = record.timeline("korea", since="2018", kinds=["contact", "agreement"], limit=3)
    assert 3 == len(entries)
    assert {"contact", "agreement"} >= {e["kind"] for e in entries}
    named = [e for e in entries if e["channel"]]
    assert all(e["channel_name"] and e["channel_name"] != e["channel"] for e in named)


def test_a_listing_knows_what_its_columns_mean() -> None:
    """Label, dates, and the names of channels, for whoever shows it."""
    listing = record.list_rows("korea", "crises", limit=2)
    assert ("name", "trigger_date", "end_date") == (listing.label, listing.start, listing.end)
    assert "" == record.list_rows("korea", "provocations", limit=1).end
    assert "New York channel" == listing.channels["NYC"]


def test_ties_are_told_by_year_and_channel() -> None:
    """The years sum to the contacts of the channels; shares and strengths lie within bounds."""
    report = ties("korea")
    assert 1988 == report.years[0].year
    assert [report.record_end.year] == [y.year for y in report.years if not y.is_whole]
    assert sum(y.contacts for y in report.years) <= sum(c.contacts for c in report.channels)
    assert all(0 <= y.reliability_24h <= 1 for y in report.years)
    assert all(0 <= c.strength <= 1 and c.name != c.id for c in report.channels)
    assert ["closed", "wary", "open"] == list(report.now.reliability_24h)
    assert report.now.reliability_24h_now == report.now.reliability_24h[report.now.receptivity]
    assert report.now.live_channels == sum(c.is_live for c in report.channels)


@pytest.mark.parametrize("name", ["ties.svg", "ties.png", "deep/er/ties.html"])
def test_ties_are_drawn_in_the_format_that_the_name_says(tmp_path: Path, name: str) -> None:
    """Whole, with words for who cannot see it on a page, and nothing beside it."""
    path = draw_ties(ties("korea"), tmp_path / name)
    content = path.read_bytes()
    begins = {".svg": b"<svg", ".png": b"\x89PNG", ".html": b"<!doctype html>"}[path.suffix]
    assert begins == content[: len(begins)]
    assert [path] == list(path.parent.iterdir())
    if path.suffix == ".html":
        assert b"aria-label" in content
        assert b"Effective channels" in content


def test_ties_need_a_record(tmp_path: Path) -> None:
    """A case whose record has been emptied of outcomes has no end to count to."""
    folder = tmp_path / "evidence"
    record.export_record("korea", folder, "csv")
    for name in ("provocations", "incidents_lethal", "crises", "detentions"):
        path = folder / f"{name}.csv"
        path.write_text(path.read_text("utf-8").partition("\n")[0] + "\n", encoding="utf-8")
    (tmp_path / "case.yaml").write_text(
        f"id: {tmp_path.name.replace('_', '-')}\nextends: korea\n", encoding="utf-8"
    )
    with pytest.raises(UserError):
        ties(tmp_path)
