"""`watch` from end to end: what is new, what it moves, what it refuses, and its page."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from openchannel.analysis.measured import CLEAR
from openchannel.casefile import load_case
from openchannel.domain import Case
from openchannel.errors import UserError
from openchannel.report import as_data
from openchannel.report.model import Brief
from openchannel.report.wording import in_sentence
from openchannel.usecases import cases
from openchannel.usecases.runs import assessment
from openchannel.usecases.evidence import contact_ledger
from openchannel.usecases.runs.finished_run import Run, open_run
from openchannel.usecases.signs.watch import Watch, watch, write_watch

from .reference_pages import unnamed

POLICY = ["P7"]
DAY = "2026-06-30"
QUARTER = "2025-09-28"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The built-in case over two years, with a copy of its record that may be changed."""
    whole = load_case("korea")
    folder = tmp_path_factory.mktemp("record") / "evidence"
    shutil.copytree(whole.evidence_folder, folder)
    calendar = replace(whole.calendar, horizon_weeks=104, inauguration_weeks=())
    return replace(whole, calendar=calendar, evidence_folder=str(folder))


@pytest.fixture(scope="module", autouse=True)
def _case_of_the_run(case: Case) -> Iterator[None]:
    """Runs name `korea` as their source; here that is the case above."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cases, "load", lambda _: case)
        yield


@pytest.fixture(scope="module")
def run(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """128 belief draws; everything below is weighed on these."""
    folder = tmp_path_factory.mktemp("run") / "a"
    assessment.assess(case, futures=2048, policies=POLICY, folder=folder, threads=2)
    return open_run(folder)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of this test's own."""
    monkeypatch.setenv("OPENCHANNEL_STORE", str(tmp_path / "store.duckdb"))
    return tmp_path / "store.duckdb"


def look(run: Run, **more: Any) -> Watch:
    return watch(run.case, run, **{"as_of": DAY, "threads": 2, "weeks": 13} | more)


def by_id(found: Watch) -> dict[str, Any]:
    return {s["id"]: s for s in found.data["signs"]}


def text_of(page: Brief) -> str:
    return " ".join(json.dumps(as_data(page), ensure_ascii=False).split())


@pytest.mark.usefixtures("store")
def test_without_a_new_row_nothing_moves(run: Run, tmp_path: Path) -> None:
    """The assessment stands, and the page says that silence is no evidence."""
    found = look(run)
    assert found.data["changed"]["record"] == "same"
    assert found.data["changed"]["tables"] == []
    assert found.data["seen"] is None
    assert found.data["age"]["days"] == 365
    assert all(s["seen"] is None and s["why_not"] for s in found.data["signs"])
    assert "not that nothing happened" in text_of(found.page())
    names = [p.name for p in write_watch(found, tmp_path, ("html",))]
    assert names == ["watch.html", "watch.json"]
    assert json.loads((tmp_path / "watch.json").read_text("utf-8")) == found.as_dict()


@pytest.mark.usefixtures("store")
def test_a_complete_quiet_quarter_is_evidence(run: Run) -> None:
    """With --until, weeks without a row speak against busy beliefs; the manifest says since when.

    The last contact of the record is of February 2026, so contacts have a window of their own.
    """
    found = look(run, until=QUARTER)
    signs = by_id(found)
    assert signs["provocations"]["seen"] == {
        "count": 0, "trials": None, "first": "2025-07-01", "last": "2025-09-22", "weeks": 12,
    }  # fmt: skip
    assert signs["contacts"]["why_not"] == "nothing newer than 2026-02-26"
    assert signs["severe_share"]["why_not"] == "no rows out of which the share could be"
    assert signs["provocations"]["expected"]["mean"] > 2
    assert signs["provocations"]["alone"]["enough"] is True
    assert found.data["counted_twice"] is False
    beliefs = {b["quantity"]: b for b in found.data["seen"]["beliefs"]}
    assert beliefs["lam0"]["change_in_sd"]["mean"] < -0.2
    assert beliefs["lam0"]["after"]["mean"] < beliefs["lam0"]["before"]["mean"]
    worlds = found.data["seen"]["worlds"]
    assert sum(w["after"]["mean"] for w in worlds.values()) == pytest.approx(1.0, abs=1e-4)
    assert found.data["age"]["days"] == 275


@pytest.mark.usefixtures("store")
def test_contacts_have_a_window_of_their_own(run: Run) -> None:
    """It begins after the last contact that the run has read."""
    seen = by_id(look(run, until="2026-06-29"))["contacts"]["seen"]
    assert (seen["first"], seen["weeks"]) == ("2026-02-27", 17)


def test_rows_of_the_ledger_count_once(run: Run, store: Path) -> None:
    """An event of the ledger is a provocation; entered in the order of dates or not, the same.

    What was written in the second in which the run ended, of which either may be first, is told.
    """
    days = ("2025-08-02", "2026-01-04")
    value = {"kind": "ballistic_missile", "severity": "4", "label": "Launch", "sources": "own"}
    for day in days:
        contact_ledger.add("event", {**value, "date": day}, store=store)
    first = contact_ledger.ledger(store)[0].made.replace(tzinfo=dt.UTC)
    os.utime(run.folder / "manifest.json", (first.timestamp() + 0.9,) * 2)
    forth = look(run, until=DAY, store=store)
    assert by_id(forth)["provocations"]["seen"]["count"] == 2
    assert by_id(forth)["provocations"]["rows"] == ["L0001", "L0002"]
    assert (by_id(forth)["severe_share"]["seen"]["count"],
            by_id(forth)["severe_share"]["seen"]["trials"]) == (2, 2)  # fmt: skip
    ledger = forth.data["changed"]["ledger"]
    assert [e["newer_than_run"] for e in ledger] == [True] * 2
    assert [e["written_since_run"] for e in ledger] == [True] * 2

    other = store.with_name("other.duckdb")
    for day in reversed(days):
        contact_ledger.add("event", {**value, "date": day}, store=other)
    back = look(run, until=DAY, store=other)
    assert back.data["seen"] == forth.data["seen"]
    # Without a day up to which it is complete, the ledger is told of and moves nothing.
    silent = look(run, store=store)
    assert silent.data["seen"] is None
    assert "--until" in text_of(silent.page())


@pytest.mark.usefixtures("store")
def test_a_row_of_the_record_that_is_in_the_ledger_too_counts_once(run: Run, store: Path) -> None:
    """The last row of the record, written into the ledger as well."""
    contact_ledger.add(
        "event",
        {"date": "2025-06-19", "kind": "artillery_fire", "severity": "2", "label": "x",
         "sources": "own"},
        store=store,
    )  # fmt: skip
    found = look(run, since="2025-06-01", store=store)
    assert by_id(found)["provocations"]["seen"]["count"] == 1
    assert found.data["counted_twice"] is True
    assert "counted here once more" in text_of(found.page())


@pytest.mark.usefixtures("store")
def test_suppositions_stand_on_what_was_seen(run: Run) -> None:
    """A reading of one belief moves that belief to it; several are weighed together."""
    found = look(run, suppose=["false_readings_game=0.7", "allied_protest=no"])
    supposed = found.data["supposed"]
    assert [w["id"] for w in supposed["what"]] == ["false_readings_game", "allied_protest"]
    beliefs = {b["quantity"]: b for b in supposed["moved"]["beliefs"]}
    assert beliefs["e_f"]["after"]["mean"] > beliefs["e_f"]["before"]["mean"] + 0.1
    assert supposed["moved"]["worlds"]["W1"]["change"]["mean"] > 0
    page = text_of(found.page())
    assert "is not seen" in page
    assert "gives 0.7" in page


@pytest.mark.usefixtures("store")
def test_a_sign_that_hardly_tells_is_not_called_telling(run: Run) -> None:
    """Those told come first, in the order of their moves; the others have no number."""
    found = look(run)
    foreseen = found.data["foreseen"]
    by_name = {f["id"]: f for f in foreseen}
    # What a run of 128 draws can tell: whether talks embolden, but not whether there is a war.
    assert by_name["emboldening_game"]["told"]
    assert not by_name["general_war"]["told"]
    told = [f["move"]["mean"] for f in foreseen if f["told"]]
    assert told == sorted(told, reverse=True)
    assert [f["told"] for f in foreseen] == sorted((f["told"] for f in foreseen), reverse=True)
    assert all(f["move"]["mean"] is None for f in foreseen if not f["told"])
    assert all(f["move"]["mean"] >= CLEAR * f["move"]["mcse"] for f in foreseen if f["told"])
    (paragraph,) = re.findall(r"Not told from signs that say nothing: [^.]*", text_of(found.page()))
    titles = {f["id"]: in_sentence(f["title"]) for f in foreseen}
    assert titles["general_war"] in paragraph
    assert titles["emboldening_game"] not in paragraph
    assert {f["kind"] for f in foreseen} == {"sign", "question"}


@pytest.mark.usefixtures("store")
def test_what_changed_in_the_record_is_named(run: Run, case: Case) -> None:
    """A new row by its id, an older row by the count of its table; then the row is evidence."""
    path = Path(case.evidence_folder) / "provocations.csv"
    before = path.read_text("utf-8")
    row = "P9999,2025-09-10,day,ballistic_missile,SRBM,1,none,no,0,0,3,Launch,csis,,yes,no\n"
    try:
        path.write_text(before.rstrip("\n") + "\n" + row, "utf-8")
        found = look(run)
    finally:
        path.write_text(before, "utf-8")
    assert found.data["changed"]["record"] == "changed"
    (table,) = found.data["changed"]["tables"]
    assert (table["table"], table["rows_now"] - table["rows_then"], table["newer"]) == (
        "provocations", 1, ["P9999"],
    )  # fmt: skip
    # The record now ends with September: thirteen weeks in which one row came.
    assert by_id(found)["provocations"]["seen"]["count"] == 1
    assert by_id(found)["provocations"]["seen"]["weeks"] == 13


@pytest.mark.usefixtures("store")
def test_a_run_of_an_earlier_release_needs_a_day(run: Run) -> None:
    """Its manifest says nothing of the record; if that changed, --since must say what is new."""
    manifest = {k: v for k, v in run.manifest.items() if k != "record"}
    old = replace(run, manifest=manifest)
    assert look(old).data["changed"]["run_record_end"] == "2025-06-30"
    changed = replace(run, manifest=manifest | {"evidence_fingerprint": "0" * 64})
    with pytest.raises(UserError, match="--since"):
        look(changed)


@pytest.mark.usefixtures("store")
def test_beliefs_that_are_no_longer_drawn_as_they_were_are_refused(run: Run) -> None:
    """The case of the run is another now."""
    other = replace(run, case=replace(run.case, fingerprint="0" * 64))
    with pytest.raises(UserError, match="has changed since"):
        look(other)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"suppose": ["crisis=1"]}, "'crisis' is not known"),
        ({"suppose": ["crises"]}, "nothing that crises could show"),
        ({"suppose": ["crises=1.5"]}, "a whole number"),
        ({"suppose": ["crises=1/2"]}, "a whole number"),
        ({"suppose": ["severe_share=3"]}, "successes out of trials"),
        ({"suppose": ["severe_share=3/2"]}, "successes out of trials"),
        ({"suppose": ["allied_protest=2"]}, "yes or no"),
        ({"suppose": ["emboldening_game=nan"]}, "a number"),
        ({"suppose": ["deception_audit=201"]}, "up to 200"),
        ({"until": "2026-07-01"}, "2026-07-01 is out of bounds"),
        ({"since": "May"}, "'May' is not a date"),
        ({"weeks": 0}, "out of bounds"),
        ({"seed": 2**63}, "out of bounds"),
        ({"policy": "P9"}, "is not a policy of the run"),
    ],
)
def test_what_cannot_be_asked_is_told(run: Run, more: dict[str, Any], words: str) -> None:
    """Each with what is allowed."""
    with pytest.raises(UserError, match=words):
        look(run, **more)


def test_all_wrong_suppositions_are_told_at_once(run: Run) -> None:
    """Nobody mends one to meet the next."""
    with pytest.raises(UserError) as told:
        look(run, suppose=["crisis=1", "crises=x", "allied_protest=maybe"])
    assert len(told.value.problems) == 3


@pytest.mark.usefixtures("store")
def test_a_case_without_signs_is_still_told_what_is_new(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changed, how old it is, and that signs would have to be written."""
    monkeypatch.setattr("openchannel.casefile.signs.load_signs", lambda *_: ())
    found = look(run, until=QUARTER)
    assert (found.data["signs"], found.data["seen"]) == ([], None)
    assert found.data["age"]["days"] == 275
    assert "write signs.yaml" in text_of(found.page())


@pytest.mark.usefixtures("store")
def test_every_field_is_on_its_page(run: Run) -> None:
    """What `watch.json` holds is documented; ids of schools, policies and tables are not fields."""
    data = look(run, until=QUARTER, suppose=["allied_protest=yes"]).data
    ids = {*data["seen"]["worlds"], *data["seen"]["policies"], "mean", "mcse"}
    assert unnamed("watch-file.md", data, ids) == []
