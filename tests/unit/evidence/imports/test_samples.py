"""Real lists, read from where they lie: how many rows become what, and what they mean."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest

from openchannel.evidence.imports.meaning import Choice
from openchannel.evidence.keeping.database import Database

from .conftest import DYAD, Bring, rows, sample

CSIS = "csis-provocations/north_korea_provocations_1958_to_2025-06-30.csv"

# Format, file, rows in the file, rows of the dyad, rejected. Rows are those of PROVENANCE.md (for
# the 2018 table of provocations those of a CSV reader, 176, which the note undercounts by one).
# The one rejected row of the ROK list has its longitude in both columns.
SAMPLES = (
    ("csis-provocations", CSIS, 462, 462, 0),
    ("csis-provocations", "csis-provocations-severity/records_severity_1958_to_2025-06-30.csv",
     522, 522, 0),
    ("csis-provocations", "csis-us-dprk-negotiations/Provocations.csv", 176, 176, 0),
    ("csis-negotiations", "csis-us-dprk-negotiations/Negotiations.csv", 214, 198, 0),
    ("csis-negotiations", "csis-us-dprk-negotiations/negotiations_parsed_derived.csv",
     214, 198, 0),
    ("cns-missiles", "cns-missile-tests/north_korea_missile_test_database.csv", 245, 245, 0),
    ("rok-compilation", "rok-provocation-compilation/provocation.csv", 735, 734, 1),
    ("icb", "icb14/icb1v14.csv", 487, 13, 0),
    ("icb", "icb14/icb2v14.csv", 1078, 15, 0),
    ("cow-mid", "cow-mid5/MIDA 5.0.csv", 2436, 24, 0),
    ("cow-mid", "cow-mid5/MIDB 5.0.csv", 5883, 48, 0),
    ("cow-mid", "cow-mid5/MIDI 5.0.csv", 4483, 36, 0),
    ("cow-mid", "cow-mid5/MIDIP 5.0.csv", 9619, 72, 0),
    ("icews-quads", "icews14-daily/icews14-daily_north_korea_events.csv", 2193, 254, 0),
    ("icews-quads", "icews18-daily/icews18-daily_north_korea_events.csv", 2616, 851, 0),
)  # fmt: skip


@pytest.mark.parametrize("listed", SAMPLES, ids=lambda s: s[1].rpartition("/")[2])
def test_every_row_of_a_sample_is_accounted_for_and_the_second_time_adds_nothing(
    bring: Bring, listed: tuple[str, str, int, int, int]
) -> None:
    """Rows in are rows stored, known, outside or rejected; twice the same file is once."""
    format_, name, n_rows, n_dyad, n_rejected = listed
    path = sample(name)
    first, second = bring(path, format_, DYAD), bring(path, format_, DYAD)
    assert (n_rows, n_dyad, 0, n_rejected) == (first.read, first.added, first.known, first.rejected)
    assert (n_rows, 0, n_dyad, n_rejected) == (
        second.read, second.added, second.known, second.rejected,
    )  # fmt: skip
    assert first.is_balanced
    assert second.is_balanced


def test_disputes_with_north_korea_are_those_of_the_list(bring: Bring, database: Database) -> None:
    """24 disputes of the two states, as PROVENANCE.md counts them; the first is the Korean War."""
    bring(sample("cow-mid5/MIDA 5.0.csv"), "cow-mid", DYAD)
    assert [(24, dt.date(1950, 6, 24))] == rows(database, "count(DISTINCT key), min(date)", "1")


def test_nuclear_tests_are_six_of_severity_five(bring: Bring, database: Database) -> None:
    """The six tests on their days, whatever the language of the list."""
    days = ["2006-10-09", "2009-05-25", "2013-02-12", "2016-01-06", "2016-09-09", "2017-09-03"]
    for format_, name in (
        ("csis-provocations", CSIS),
        ("rok-compilation", "rok-provocation-compilation/nuclear.csv"),
    ):
        bring(sample(name), format_, DYAD)
    found = database.ask(
        "SELECT source, date::VARCHAR AS day, severity FROM current_events "
        "WHERE kind = 'nuclear_test' ORDER BY source, date"
    )
    expected = [(s, d, 5) for s in ("csis", "rok") for d in days]
    assert expected == [(r["source"], r["day"], r["severity"]) for r in found]


def test_json_says_the_same_as_csv(bring: Bring, database: Database, tmp_path: Path) -> None:
    """The CSIS table as an array of objects is the list already known."""
    path = sample(CSIS)
    table = list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))
    (tmp_path / "csis.json").write_text(json.dumps(table, indent=1), encoding="utf-8")
    bring(path, "csis-provocations", DYAD)
    again = bring(tmp_path / "csis.json", "csis-provocations", DYAD)
    assert (462, 0, 0, 462) == (again.read, again.added, again.changed, again.known)


def test_files_of_one_list_overlap(bring: Bring) -> None:
    """The four files of the ROK compilation are the rows of the fifth again."""
    folder = "rok-provocation-compilation"
    parts = [bring(sample(f"{folder}/{n}.csv"), "rok-compilation", DYAD)
             for n in ("attack", "missile", "balloon", "nuclear")]  # fmt: skip
    whole = bring(sample(f"{folder}/provocation.csv"), "rok-compilation", DYAD)
    assert sum(p.added for p in parts) == whole.known == 734


def test_all_actors_takes_every_row_that_can_be_read(bring: Bring) -> None:
    """Of 9,619 participants two end before they begin, and say so."""
    found = bring(sample("cow-mid5/MIDIP 5.0.csv"), "cow-mid", Choice())
    assert (9617, 2, 0) == (found.added, found.rejected, found.outside)
    assert found.reasons == (("it ends on 1997-10-03, before it begins on 1997-10-10", 2),)


def test_short_dates_stay_short(bring: Bring, database: Database) -> None:
    """A month is kept as a month: eight missile dates, and every negotiation."""
    bring(sample("cns-missile-tests/north_korea_missile_test_database.csv"), "cns-missiles", DYAD)
    bring(sample("csis-us-dprk-negotiations/Negotiations.csv"), "csis-negotiations", DYAD)
    found = database.ask(
        "SELECT source, precision, count(*)::INTEGER AS n FROM current_events "
        "GROUP BY ALL ORDER BY ALL"
    )
    assert [("cns", "day", 237), ("cns", "month", 8), ("csis-negotiations", "month", 198)] == [
        tuple(r.values()) for r in found
    ]
