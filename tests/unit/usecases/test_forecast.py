"""Forecasts of the built-in record: dated, logged, resolved by the query that was logged."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from openchannel.calibration import forecast_backtest, forecast_questions
from openchannel.calibration.forecast_questions import QUESTIONS, dated_events
from openchannel.casefile.new import new_case
from openchannel.errors import UserError
from openchannel.evidence.keeping.forecast_log import logged, write_forecasts
from openchannel.report.model import Paragraph, Table
from openchannel.report.pages.forecast_tables import chance
from openchannel.usecases.forecasts.forecast import ForecastTable, forecast, write_forecast
from openchannel.usecases.forecasts.score import (
    ScoreTable,
    forecast_score,
    write_forecast_score,
)
from openchannel.usecases.evidence.record import open_record, record_folder
from openchannel.usecases.settings import MOST_SEED
from openchannel.usecases.store import opened_store

from .reference_pages import unnamed

DAY = dt.date(2018, 1, 1)


@pytest.fixture(scope="module", autouse=True)
def _few() -> Iterator[None]:
    """Two questions and two windows, for speed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forecast_questions, "QUESTIONS", (QUESTIONS[1], QUESTIONS[4]))
        patch.setattr(forecast_questions, "WEEKS", (4, 13))
        yield


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the log of `made`."""
    return tmp_path_factory.mktemp("log") / "own.duckdb"


@pytest.fixture(scope="module")
def made(_few: None, store: Path) -> ForecastTable:
    """A forecast that is logged."""
    return forecast("korea", as_of=DAY, log=True, store=store, who="tester")


@pytest.fixture(scope="module")
def scored(made: ForecastTable, store: Path) -> ScoreTable:
    """Scores, with the logged forecasts come due and one that waits."""
    waiting = replace(made.rows[0], last=dt.date(2099, 1, 1))
    with opened_store(store, writing=True) as database:
        write_forecasts(database, [waiting], who="tester")
    return forecast_score("korea", store=store)


def test_queries_find_the_rows_that_the_rules_name() -> None:
    """Six nuclear tests; the Singapore summit counts as contact, a refused letter does not."""
    with open_record("korea") as record:
        found = {q.id: dated_events(record, q) for q in QUESTIONS}
        officials = {row for _, row in found["official_contact"]}
        channels = {e.id: str(e["channel"]) for e in record.entries("contacts")}
    assert [d.year for d, _ in found["nuclear_test"]] == [2006, 2009, 2013, 2016, 2016, 2017]
    assert any(d == dt.date(2018, 6, 12) for d, _ in found["official_contact"])
    assert not any(channels[i].startswith(("letter (refused)", "track")) for i in officials)
    sizes = [len(found[f"provocation_{s}"]) for s in (2, 3, 4, 5)]
    assert sizes == sorted(sizes, reverse=True)


def test_forecasts_are_dated_logged_and_scored_when_due(
    made: ForecastTable, scored: ScoreTable, store: Path
) -> None:
    """Windows begin on the day; what is told is logged; what is due is scored, the rest waits."""
    assert made.n_logged == len(made.rows) == 4
    assert made.evidence_end == dt.date(2017, 12, 31)
    assert {f.first for f in made.rows} == {DAY}
    assert {f.last for f in made.rows} == {dt.date(2018, 1, 28), dt.date(2018, 4, 1)}
    for first, second in (made.rows[:2], made.rows[2:]):
        assert 0 < first.probability < second.probability < 1
    for grave, nuclear in zip(made.rows[:2], made.rows[2:], strict=True):
        assert nuclear.probability <= grave.probability
        assert (nuclear.low, nuclear.high) <= (grave.low, grave.high)
    with opened_store(store) as database:
        assert [f.entry for f in logged(database)] == [1, 2, 3, 4, 5]
    assert (len(scored.due), scored.n_waiting) == (4, 1)
    for due in scored.due:
        assert due.came == 0  # a quiet winter of talks
        assert due.brier == pytest.approx(due.forecast.probability**2)
        assert due.interval_score == due.forecast.high - due.forecast.low + 10 * due.forecast.low
    assert scored.as_dict()["waiting"] == 1


def test_old_evidence_is_told_and_used() -> None:
    """A day long after the record ends: the age in weeks, and models trained at that age."""
    table = forecast("korea", as_of=dt.date(2026, 7, 1))
    assert table.gap == (dt.date(2026, 7, 1) - table.evidence_end).days // 7
    assert {t.gap for t in table.tests} == {table.gap}
    assert forecast("korea", as_of="2026-07").as_dict() == table.as_dict()


def test_bad_days_and_ages_are_refused() -> None:
    """Too early or too late a day for a back-test, and an age below nothing."""
    with pytest.raises(UserError, match="too short"):
        forecast("korea", as_of=dt.date(1996, 1, 1))
    with pytest.raises(UserError, match="too short"):
        forecast("korea", as_of=dt.date(2090, 1, 1))  # evidence older than what it was learnt from
    with pytest.raises(UserError, match="out of bounds"):
        forecast_score("korea", gap=-1)


@pytest.mark.parametrize("seed", [-1, MOST_SEED + 1])
def test_seeds_out_of_bounds_are_refused(seed: int) -> None:
    """Before any work, with what is allowed, and an age out of bounds in the same breath."""
    with pytest.raises(UserError, match="--seed"):
        forecast("korea", as_of=DAY, seed=seed)
    with pytest.raises(UserError) as told:
        forecast_score("korea", gap=-1, seed=seed)
    assert [p.field for p in told.value.problems] == ["--gap", "--seed"]


def test_every_field_is_on_its_page(made: ForecastTable, scored: ScoreTable) -> None:
    """What the two files hold is documented; names of models are no fields."""
    assert scored.due
    for found in (made, scored):
        data = found.as_dict()
        names = {m["model"] for m in data["back_tests"][0]["models"]}
        assert unnamed("forecast-file.md", data, names) == []


def own_case(folder: Path, first_year: int) -> Path:
    """A case of one's own as `openchannel new` makes it, with a record that begins late."""
    new_case(folder)
    evidence = Path(shutil.copytree(record_folder("korea"), folder / "evidence"))
    kept = {"provocations": "date", "crises": "trigger_date", "contacts": "start",
            "incidents_lethal": ""}  # fmt: skip
    for name, column in kept.items():
        path = evidence / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        with path.open("w", encoding="utf-8", newline="") as stream:
            out = csv.DictWriter(stream, rows[0].keys(), lineterminator="\n")
            out.writeheader()
            # Lethal incidents name crises that are gone; forecasts do not read them.
            out.writerows(r for r in rows if r.get(column, "")[:4] >= str(first_year))
    return folder


def test_a_new_case_is_forecast_from_the_record_it_extends(
    made: ForecastTable, tmp_path: Path
) -> None:
    """Chances are those of its parent, under its own name."""
    folder = new_case(tmp_path / "mine")
    found = forecast(folder, as_of=DAY)
    assert found.case.id == "mine"
    assert [r.probability for r in found.rows] == [r.probability for r in made.rows]


def test_a_record_of_ones_own_is_counted_from_its_own_first_days(tmp_path: Path) -> None:
    """Begun in 2003 it is scored from 2014 on; with `counted_from` of its own, from eleven later."""
    folder = own_case(tmp_path / "mine", 2003)
    fared = forecast_score(folder)
    assert {t.first.year for t in fared.tests} == {2014}
    (told,) = [b for b in fared.page().sections[0].blocks[:1] if isinstance(b, Paragraph)]
    assert "The record is counted from 2003" in told.text[0].text
    with (folder / "case.yaml").open("a", encoding="utf-8") as stream:
        stream.write('counted_from: {provocations: "2005-01-03", crises: "2005-01-03", '
                     'contacts: "2005-01-03"}\n')  # fmt: skip
    assert {t.first.year for t in forecast_score(folder).tests} == {2016}


def test_the_same_past_is_tested_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked again it is kept; another day, seed, question or window is tested anew."""
    monkeypatch.setattr(forecast_questions, "QUESTIONS", QUESTIONS[1:2])
    monkeypatch.setattr(forecast_questions, "WEEKS", (13,))
    find, asked = forecast_backtest.back_tests, []

    def counted(*given: Any, **settings: Any) -> Any:
        asked.append(settings)
        return find(*given, **settings)

    monkeypatch.setattr(forecast_backtest, "back_tests", counted)
    first = forecast("korea", as_of=DAY, seed=77).as_dict()
    assert forecast("korea", as_of=DAY, seed=77).as_dict() == first
    assert 1 == len(asked)
    forecast("korea", as_of=DAY, seed=78)
    forecast("korea", as_of=DAY - dt.timedelta(days=400), seed=77)
    monkeypatch.setattr(forecast_questions, "WEEKS", (13, 26))
    forecast("korea", as_of=DAY, seed=77)
    monkeypatch.setattr(forecast_questions, "QUESTIONS", QUESTIONS[:1])
    forecast("korea", as_of=DAY, seed=77)
    assert 5 == len(asked)


def test_a_table_too_short_to_test_on_is_left_out_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Crises listed from 2015 on: no forecast of crises, the others stand."""
    few = (QUESTIONS[1], next(q for q in QUESTIONS if q.id == "crisis"))
    monkeypatch.setattr(forecast_questions, "QUESTIONS", few)
    monkeypatch.setattr(forecast_questions, "WEEKS", (13,))
    folder = new_case(tmp_path / "mine")
    with (folder / "case.yaml").open("a", encoding="utf-8") as stream:
        stream.write('counted_from: {provocations: "1984-01-02", crises: "2015-01-05"}\n')
    found = forecast(folder, as_of=DAY)
    assert {r.question for r in found.rows} == {"provocation_3"}
    assert found.left_out == ("Start of a crisis",)
    told = [b for s in found.page().sections for b in s.blocks if isinstance(b, Paragraph)]
    assert any("start of a crisis" in p.text[0].text for p in told if p.style == "warning")


def test_pages_hold_forecasts_scores_and_what_is_due(
    made: ForecastTable, scored: ScoreTable, tmp_path: Path
) -> None:
    """Each file is whole; chances of the data are those of the page; rows fit their columns."""
    names = [p.name for p in write_forecast(made, tmp_path / "out", ("html",))]
    names += [p.name for p in write_forecast_score(scored, tmp_path / "out", ("html",))]
    assert names == ["forecast.html", "forecast.json", "forecast-score.html", "forecast-score.json"]
    data = json.loads((tmp_path / "out" / "forecast.json").read_text("utf-8"))
    tables = {b.id: b for p in (made.page(), scored.page()) for b in p.blocks() if is_table(b)}
    tables |= {b.numbers.id: b.numbers for p in (made.page(), scored.page()) for b in p.figures}
    for table in tables.values():
        assert {len(r.cells) for r in table.rows} == {len(table.columns)}, table.id
    said = [c[0].text for c in tables["table-forecasts"].rows[0].cells[1:]]
    assert [t.partition(";")[0] for t in said] == [
        chance(f["probability"]) for f in data["forecasts"][:2]
    ]
    assert [r.cells[1][0].text for r in tables["table-due"].rows] == ["2", "2"]
    assert "Expected to come" in (tmp_path / "out" / "forecast-score.html").read_text("utf-8")


def is_table(block: object) -> bool:
    """Whether a block of a page is a table."""
    return isinstance(block, Table)


def test_a_page_says_no_model_wins_only_where_none_does(scored: ScoreTable) -> None:
    """The sentence on richer models counts what the back-tests say."""
    first = scored.tests[0].question
    tests = tuple(replace(t, chosen="pool") if t.question == first else t for t in scored.tests)
    for given, word in ((scored.tests, "none"), (tests, "one")):
        page = replace(scored, tests=given).page()
        (rivals,) = [s for s in page.sections if s.anchor == "section-rivals"]
        assert isinstance(rivals.blocks[0], Paragraph)
        assert f"The pool wins by three errors in {word} of 2" in rivals.blocks[0].text[0].text


WRITER = """
import sys, time
from dataclasses import replace
from pathlib import Path
from openchannel.errors import UserError
from openchannel.evidence.keeping.database import Database
from openchannel.evidence.keeping.forecast_log import LoggedForecast, write_forecasts
import datetime as dt
day = dt.date(2018, 1, 1)
row = LoggedForecast("korea", "e", day, "q", "r", "SELECT id FROM crises", day, day, .5, .7, 0, 2, "m")
path, who, wanted = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
written = 0
while written < wanted:
    try:
        with Database(path, writing=True) as database:
            n = write_forecasts(database, [row] * 8, who=f"{who} {written}")
    except UserError as error:
        assert "another program has the store open" in error.problems[0].wrong, error
        time.sleep(0.01)
        continue
    written += 1
    print(written, flush=True)
"""


def writer(path: Path, who: str, wanted: int) -> subprocess.Popen[str]:
    """A process that logs forecasts, eight at a time."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), who, str(wanted)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_a_killed_writer_leaves_whole_forecasts_or_none(tmp_path: Path) -> None:
    """Killed mid-write: all that was reported is there, in whole eights, numbered without gaps."""
    path, reported = tmp_path / "store.duckdb", 0
    for _ in range(2):
        with writer(path, "ana", 1_000_000) as process:
            assert process.stdout is not None
            for _line in range(3):
                process.stdout.readline()
                reported += 1
            time.sleep(0.02)
            os.kill(process.pid, signal.SIGKILL)
            reported += len(process.stdout.read().splitlines())
    with opened_store(path, writing=True) as database:
        entries = logged(database)
        assert [f.entry for f in entries] == [*range(1, len(entries) + 1)]
        assert len(entries) % 8 == 0
        # A write may be whole and its report cut off by the signal, once each time.
        assert reported <= len(entries) // 8 <= reported + 2
        assert write_forecasts(database, entries[:1], who="after the crash") == 1


def test_two_writers_lose_no_forecast(tmp_path: Path) -> None:
    """Each waits for the other's lock; the forecasts of both are there, each eight together."""
    path = tmp_path / "store.duckdb"
    both = [writer(path, who, 5) for who in ("ana", "ben")]
    for process in both:
        process.communicate(timeout=120)
    assert [0, 0] == [process.returncode for process in both]
    with opened_store(path) as database:
        entries = logged(database)
    assert [f.entry for f in entries] == [*range(1, 81)]
    names = [f.who for f in entries]
    assert all(len(set(names[i : i + 8])) == 1 for i in range(0, 80, 8))
    assert len(set(names)) == 10


def test_a_log_that_another_has_open_is_told(tmp_path: Path) -> None:
    """Nothing is written, and the forecast is not given as logged."""
    path = tmp_path / "store.duckdb"
    held = "import sys, time; from pathlib import Path\n"
    held += "from openchannel.evidence.keeping.database import Database\n"
    held += "with Database(Path(sys.argv[1]), writing=True): print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", held, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(UserError, match="another program has the store open"):
            forecast("korea", as_of=DAY, log=True, store=path)
        process.communicate()
    with opened_store(path) as database:
        assert logged(database) == []
