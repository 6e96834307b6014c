"""Forecasts of the built-in record: dated, logged, resolved by the query that was logged."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from openchannel.calibration import forecast_questions
from openchannel.calibration.forecast_questions import QUESTIONS, dated_events
from openchannel.errors import UserError
from openchannel.evidence.keeping.forecast_log import logged, write_forecasts
from openchannel.usecases import forecast as use
from openchannel.usecases.record import open_record
from openchannel.usecases.store import opened_store

DAY = dt.date(2018, 1, 1)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two questions and two windows, for speed."""
    monkeypatch.setattr(forecast_questions, "QUESTIONS", (QUESTIONS[1], QUESTIONS[4]))
    monkeypatch.setattr(forecast_questions, "WEEKS", (4, 13))


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


@pytest.mark.usefixtures("few")
def test_forecasts_are_dated_logged_and_scored_when_due(tmp_path: Path) -> None:
    """Windows begin on the day; the log keeps them twice if told twice; those due are scored."""
    store = tmp_path / "own.duckdb"
    table = use.forecast("korea", as_of=DAY, log=True, store=store, who="tester")
    assert table.n_logged == len(table.rows) == 4
    assert table.evidence_end == dt.date(2017, 12, 31)
    assert {f.first for f in table.rows} == {DAY}
    assert {f.last for f in table.rows} == {dt.date(2018, 1, 28), dt.date(2018, 4, 1)}
    for first, second in (table.rows[:2], table.rows[2:]):
        assert 0 < first.probability < second.probability < 1
    waiting = replace(table.rows[0], last=dt.date(2099, 1, 1))
    with opened_store(store, writing=True) as database:
        write_forecasts(database, [waiting], who="tester")
        assert [f.entry for f in logged(database)] == [1, 2, 3, 4, 5]
    scored = use.score("korea", store=store)
    assert (len(scored.due), scored.n_waiting) == (4, 1)
    for due in scored.due:
        assert due.came == 0  # a quiet winter of talks
        assert due.brier == pytest.approx(due.forecast.probability**2)
    assert scored.as_dict()["waiting"] == 1


@pytest.mark.usefixtures("few")
def test_old_evidence_is_told_and_used(tmp_path: Path) -> None:
    """A day long after the record ends: the age in weeks, and models trained at that age."""
    table = use.forecast("korea", as_of=dt.date(2026, 7, 1))
    assert table.gap == (dt.date(2026, 7, 1) - table.evidence_end).days // 7
    assert {t.gap for t in table.tests} == {table.gap}
    assert use.score("korea", store=tmp_path / "none.duckdb").due == ()


def test_bad_days_and_ages_are_refused() -> None:
    """Too early a day for a back-test, and an age below nothing."""
    with pytest.raises(UserError, match="too short"):
        use.forecast("korea", as_of=dt.date(1996, 1, 1))
    with pytest.raises(UserError, match="out of bounds"):
        use.score("korea", gap=-1)
