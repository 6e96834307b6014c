"""`openchannel evidence add`, `edit`, `withdraw`, `ledger`, and `ties` with a ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from openchannel.usecases.evidence import contact_ledger as ledger
from openchannel.usecases.evidence import ties
from openchannel.usecases.evidence.watch_list import watch_list

from .conftest import problems

Run = Callable[..., Result]
CONTACT = ("start=2018-06-12", "channel=NYC", "subject=Asked for a date", "source=own notes",
           "confidence=A")  # fmt: skip


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENCHANNEL_STORE", str(tmp_path / "store.duckdb"))
    monkeypatch.setenv("LOGNAME", "ana")


def test_a_contact_is_added_edited_and_withdrawn(run: Run) -> None:
    """Each act says what it did; the history shows who, when, why and what changed."""
    added = run("evidence", "add", "contact", *CONTACT)
    assert (0, "L0001 added by ana (entry 1): Asked for a date\n") == (
        added.exit_code,
        added.stdout,
    )
    edited = run("evidence", "edit", "l0001", "end=2018-06-13", "--why", "two days", "--who", "ben")
    assert "L0001 changed by ben" in edited.stdout
    assert 0 == run("evidence", "withdraw", "L0001", "--why", "not ours").exit_code
    shown = run("evidence", "ledger", "L0001")
    assert all(w in shown.stdout for w in ("two days", "not ours", "end: 2018-06-13"))
    assert all(len(line) <= 80 for line in shown.stdout.splitlines())
    found = json.loads(run("evidence", "ledger", "L0001", "--json").stdout)["history"]
    assert found == [e.as_dict() for e in ledger.ledger_history("L0001")]
    assert [] == json.loads(run("evidence", "ledger", "--json").stdout)["entries"]


def test_what_stands_is_listed(run: Run) -> None:
    """Contacts with their channel, events with their kind."""
    run("evidence", "add", "contact", *CONTACT)
    run("evidence", "add", "event", "date=2024-05-28", "kind=hybrid", "severity=1",
        "label=Balloons", "sources=a page")  # fmt: skip
    shown = run("evidence", "ledger").stdout
    assert "NYC" in shown
    assert "hybrid" in shown
    assert "2 entries stand" in shown


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("add", "meeting", *CONTACT), "SORT"),
        (("add", "contact", "start"), "NAME=VALUE"),
        (("add", "contact", *CONTACT, "us_office=POTUS"), "us_office"),
        (("edit", "L0001", "end=2018-06-13"), "--why"),
        (("edit", "L0001", "end=2018-06-11", "--why", "x"), "end"),
        (("edit", "L0009", "end=2018-06-13", "--why", "x"), "id"),
        (("withdraw", "L0009", "--why", "x"), "id"),
        (("ledger", "L0009"), "id"),
    ],
)
def test_mistakes_are_told_and_change_nothing(
    run: Run, arguments: tuple[str, ...], field: str
) -> None:
    """Exit code 2, the field, and the ledger as it was."""
    run("evidence", "add", "contact", *CONTACT)
    found = run("evidence", *arguments, "--json")
    assert (2, field) == (found.exit_code, problems(found)[0]["field"])
    assert [1] == [e.entry for e in ledger.ledger()]


def test_what_is_not_given_or_was_withdrawn_is_told_as_such(run: Run) -> None:
    """Values to add by name; an entry taken back with who, why and how to see what it held."""
    missing = problems(run("evidence", "add", "event", "date=2024-05-28", "--json"))
    assert [("kind", "add kind=VALUE"), ("severity", "add severity=VALUE")] == [
        (p["field"], p["mend"]) for p in missing
    ][:2]
    run("evidence", "add", "contact", *CONTACT)
    run("evidence", "withdraw", "L0001", "--why", "not ours", "--who", "ben")
    for again in (("withdraw", "L0001"), ("edit", "l0001", "end=2018-06-13")):
        (told,) = problems(run("evidence", *again, "--why", "x", "--json"))
        assert "L0001 was withdrawn by ben" in told["wrong"]
        assert "not ours" in told["wrong"]
        assert "evidence ledger L0001" in told["mend"]


def test_a_value_given_twice_is_refused(run: Run) -> None:
    """Neither of the two is dropped in silence."""
    (told,) = problems(run("evidence", "add", "contact", *CONTACT, "start=2018-06-13", "--json"))
    assert "'start' is given 2 times" in told["wrong"]


def test_ties_count_the_ledger_only_when_asked(run: Run) -> None:
    """The built-in answer does not depend on what a person has written down."""
    without = json.loads(run("ties", "korea", "--as-of", "2018-06-12", "--json").stdout)
    run("evidence", "add", "contact", "start=2018-06-01", *CONTACT[1:])
    assert without == json.loads(run("ties", "korea", "--as-of", "2018-06-12", "--json").stdout)
    with_it = json.loads(run("ties", "korea", "--as-of", "2018-06-12", "--ledger", "--json").stdout)
    before, after = ({c["id"]: c for c in r["channels"]} for r in (without, with_it))
    assert 1 == with_it["ledger_contacts"]
    assert after["NYC"]["contacts"] == before["NYC"]["contacts"] + 1
    assert after["NYC"]["strength"] > before["NYC"]["strength"]


def test_the_watch_list_fits_one_page(run: Run) -> None:
    """Every channel, the urgent first, in under sixty lines of eighty signs."""
    shown = run("ties", "korea", "--watch")
    assert 0 == shown.exit_code
    lines = shown.stdout.splitlines()
    assert len(lines) < 60
    assert all(len(line) <= 80 for line in lines)
    report = ties.ties("korea")
    urgencies = [i.urgency for i in watch_list(report)]
    assert urgencies == sorted(urgencies, key=("act", "look", "quiet").index)
    assert {w.id for w in report.watch} == {i.channel for i in watch_list(report)}
    page = run("ties", "korea", "-o", "ties.html")
    assert 0 == page.exit_code
    assert "Watch list on 2025-06-30" in Path("ties.html").read_text("utf-8")


@pytest.mark.parametrize("day", ["20x", "1980", "2999-01-01"])
def test_a_day_that_the_record_does_not_reach_is_refused(run: Run, day: str) -> None:
    """Not a date, before any tie, or in the future."""
    found = run("ties", "korea", "--as-of", day, "--json")
    assert (2, "--as-of") == (found.exit_code, problems(found)[0]["field"])


def test_a_contact_on_a_closed_line_is_pointed_out(run: Run) -> None:
    """The record has the New York channel closed in 2026; a contact there is worth a look."""
    run("evidence", "add", "contact", *CONTACT)
    run("evidence", "edit", "L0001", "start=2026-05-02", "end=", "--why", "another year")
    report = ties.ties("korea", ledger=True, as_of="2026-06-01")
    found = next(i for i in watch_list(report) if i.channel == "NYC")
    assert ("look", "used on 2026-05-02, though channel_spells.csv has the line closed") == (
        found.urgency, found.says[0],
    )  # fmt: skip
