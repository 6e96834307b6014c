"""The ledger: what it takes, what it keeps, and that nothing written is ever lost."""

from __future__ import annotations

import datetime as dt
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import pytest

from openchannel.errors import UserError
from openchannel.evidence import Record
from openchannel.evidence.keeping.database import Database
from openchannel.evidence.keeping.entries import as_contact, check, edited
from openchannel.evidence.keeping.ledger import current, every_entry, history, write

TODAY = dt.date(2026, 11, 25)
CONTACT = {"start": "2018-06-12", "channel": "NYC", "subject": "Asked for a date",
           "source": "own notes", "confidence": "A"}  # fmt: skip

WRITER = """
import sys, time
from pathlib import Path
from openchannel.errors import UserError
from openchannel.evidence.keeping.database import Database
from openchannel.evidence.keeping.ledger import write
path, who, wanted = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
written = 0
while written < wanted:
    try:
        with Database(path, writing=True) as database:
            entry = write(database, "add", "contact", {"subject": f"{who} {written}"}, who=who, why="x")
    except UserError as error:
        assert "another program has the store open" in error.problems[0].wrong, error
        time.sleep(0.01)
        continue
    written += 1
    print(entry.id, who, flush=True)
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new store."""
    with Database(tmp_path / "store.duckdb", writing=True) as opened:
        yield opened


def test_an_entry_is_completed_from_the_record(korea: Record) -> None:
    """The end is the start, and an office names its holder of that day."""
    found = check(
        "contact", CONTACT | {"us_office": "U-POTUS", "dprk_office": "D-FM"}, korea, TODAY
    )
    assert found.problems == ()
    assert found.values == CONTACT | {
        "end": "2018-06-12", "us_office": "U-POTUS", "dprk_office": "D-FM",
        "us_principal": "D. Trump", "dprk_principal": "Y.H. Ri",
    }  # fmt: skip


def test_everything_wrong_with_an_entry_is_told_at_once(korea: Record) -> None:
    """Names, dates, channels, offices and grades, each with a remedy."""
    given = {"start": "2027-01-01", "end": "2026-01-01", "chanel": "NYC", "channel": "NYK",
             "us_office": "D-SL", "confidence": "D", "subject": "x", "source": "y"}  # fmt: skip
    told = [(p.field, p.mend) for p in check("contact", given, korea, TODAY).problems]
    assert [f for f, _ in told] == ["chanel", "confidence", "start", "end", "channel", "us_office"]
    assert ("chanel", "write channel") in told
    assert ("channel", "write NYC") in told


def test_what_was_made_from_a_value_follows_its_edit(korea: Record) -> None:
    """A new start moves the end and the holder; what a person wrote stays as it is written."""
    standing = check("contact", CONTACT | {"us_office": "U-POTUS"}, korea, TODAY).values
    assert standing["us_principal"] == "D. Trump"

    def after(given: dict[str, str], before: Mapping[str, str] = standing) -> Mapping[str, str]:
        found = check("contact", edited("contact", before, given, korea), korea, TODAY)
        assert found.problems == ()
        return found.values

    moved = after({"start": "2000-10-23"})
    assert (moved["end"], moved["us_principal"]) == ("2000-10-23", "W. Clinton")
    assert after({"subject": "Asked again"}) == {**standing, "subject": "Asked again"}
    assert after({"us_office": ""}).get("us_principal") is None
    own = {**standing, "us_principal": "an envoy", "end": "2018-06-13"}
    assert after({"start": "2018-06-11"}, own) == {**own, "start": "2018-06-11"}
    assert after({"us_principal": "an envoy"})["us_office"] == "U-POTUS"


def test_an_empty_office_asks_for_a_name(korea: Record) -> None:
    """The post of special representative was vacant in May 2018."""
    given = CONTACT | {"start": "2018-05-02", "us_office": "U-SRNK"}
    (problem,) = check("contact", given, korea, TODAY).problems
    assert ("us_principal", "add us_principal=NAME") == (problem.field, problem.mend)
    assert () == check("contact", given | {"us_principal": "S. Kim"}, korea, TODAY).problems


def test_an_event_is_held_to_the_codebook(korea: Record) -> None:
    """Kind and severity are those of the record's provocations."""
    given = {"date": "2026-06", "kind": "baloon", "severity": "7", "label": "x", "sources": "y"}
    told = check("event", given, korea, TODAY).problems
    assert ["kind", "severity"] == [p.field for p in told]
    assert "nearest is" in told[0].wrong or "ballistic_missile" in told[0].allowed


def test_nothing_is_overwritten(database: Database) -> None:
    """An edit and a withdrawal are entries; the history holds every value with who and why."""
    first = write(database, "add", "contact", CONTACT, who="ana", why="first entry")
    write(database, "edit", "contact", CONTACT | {"end": "2018-06-13"}, who="ben",
          why="two days", about=first.id)  # fmt: skip
    other = write(database, "add", "event", {"label": "x"}, who="ana", why="first entry")
    assert ["2018-06-13", None] == [e.values.get("end") for e in current(database)]
    write(database, "withdraw", "contact", CONTACT, who="ana", why="not ours", about=first.id)
    assert [other.id] == [e.id for e in current(database)]
    assert [("add", "ana", "first entry"), ("edit", "ben", "two days"),
            ("withdraw", "ana", "not ours")] == [
        (e.act, e.who, e.why) for e in history(database, first.id)
    ]  # fmt: skip
    assert [1, 2, 3, 4] == [e.entry for e in every_entry(database)]


def test_a_contact_of_the_ledger_is_a_contact_of_the_record(
    database: Database, tmp_path: Path, korea: Record
) -> None:
    """It is counted on its channel and says that it comes from the ledger."""
    values = check("contact", CONTACT, korea, TODAY).values
    entry = write(database, "add", "contact", values, who="ana", why="first entry")
    with Record.open(korea.folder, [as_contact(entry)]) as record:
        found = record.list("contacts", channel="NYC", since="2018-06-12", until="2018-06-12")
    assert ["L0001"] == [row["id"] for row in found]


def test_a_killed_writer_loses_nothing_that_it_had_reported(tmp_path: Path) -> None:
    """Killed without warning, mid-write, three times: what was said to be written is there."""
    path, reported = tmp_path / "store.duckdb", 0
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), "ana", "1000000"],
            stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            for _line in range(5):
                process.stdout.readline()
                reported += 1
            time.sleep(0.02)
            os.kill(process.pid, signal.SIGKILL)
            reported += len(process.stdout.read().splitlines())
    with Database(path, writing=True) as database:
        entries = every_entry(database)
        assert [*range(1, len(entries) + 1)] == [e.entry for e in entries]
        # A write may be whole and its report cut off by the signal, once each time.
        assert reported <= len(entries) <= reported + 3
        write(database, "add", "contact", CONTACT, who="ana", why="after the crash")


def test_two_writers_lose_no_row(tmp_path: Path) -> None:
    """Each waits for the other's lock; all rows of both are there, numbered without gaps."""
    path = tmp_path / "store.duckdb"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), who, "12"],
                         stdout=subprocess.PIPE, text=True)
        for who in ("ana", "ben")
    ]  # fmt: skip
    told = [w.communicate(timeout=120)[0].split("\n")[:-1] for w in writers]
    assert [0, 0] == [w.returncode for w in writers]
    with Database(path) as database:
        found = [f"{e.id} {e.who}" for e in every_entry(database)]
    assert sorted(found) == sorted(told[0] + told[1])
    assert 24 == len(set(found))


def test_of_two_first_writers_neither_wipes_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both find no store; one begins it and writes before the other comes to it: both rows stay.

    DuckDB by itself would begin the file anew and lose the first row without a word.
    """
    path, link = tmp_path / "store.duckdb", os.link

    def late(made: Path, store: Path) -> None:
        monkeypatch.setattr(os, "link", link)
        with Database(path, writing=True) as other:
            write(other, "add", "contact", CONTACT, who="ben", why="first")
        link(made, store)

    monkeypatch.setattr(os, "link", late)
    with Database(path, writing=True) as database:
        write(database, "add", "contact", CONTACT, who="ana", why="second")
        assert [(1, "ben"), (2, "ana")] == [(e.entry, e.who) for e in every_entry(database)]
    assert [path] == list(tmp_path.iterdir())


def test_a_disk_without_links_holds_a_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk refuses links the store is put in its place."""

    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refused)
    with Database(tmp_path / "store.duckdb", writing=True) as database:
        write(database, "add", "contact", CONTACT, who="ana", why="first")
        assert [1] == [e.entry for e in every_entry(database)]


def test_a_file_that_is_no_store_is_told(tmp_path: Path) -> None:
    """A text file, and a store of a later version, are refused in words."""
    (tmp_path / "text.duckdb").write_text("not a database, but long enough to be looked at" * 300)
    with pytest.raises(UserError, match="not a store of openchannel"):
        Database(tmp_path / "text.duckdb", writing=True)
    with Database(tmp_path / "late.duckdb", writing=True) as database:
        database.do("UPDATE store_version SET version = 99")
    with pytest.raises(UserError, match="another version"):
        Database(tmp_path / "late.duckdb")


def test_a_full_disk_is_told_in_words(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the database refuses for want of room is the user's to mend, and changes nothing."""

    class Full:
        def execute(self, sql: str, *_values: object) -> None:
            if sql.startswith("INSERT"):
                raise duckdb.IOException("IO Error: No space left on device\nmore")

    with monkeypatch.context() as patch:
        patch.setattr(database, "_connection", Full())
        with pytest.raises(UserError, match="No space left on device") as caught:
            database.do("INSERT INTO ledger VALUES (1)")
    assert "free some space" in caught.value.problems[0].mend
    assert [] == every_entry(database)
