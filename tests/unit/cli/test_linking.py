"""`openchannel evidence links`, `decide`, `rebuild` and `coverage` as a person meets them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from .conftest import problems

Run = Callable[..., Result]
CSIS = (
    "date,type,event,description,resources\n"
    "2017-07-28,Missile Provocation,Inter-continental Ballistic Missile Launch,x,page\n"
    "2017-09-03,Nuclear Provocation,Nuclear Test,x,page\n"
)
ROK = (
    "Type,Date,Case,Latitude,Longtitude\n"
    "미사일,2017-07-28,Hwasong-14,40.6,126.4\n미사일,2017-07-28,Hwasong-14,40.6,126.4\n"
    "핵실험,2017-09-04,6차 핵실험,41.3,129.0\n"
)


@pytest.fixture(autouse=True)
def _two_lists(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run: Run) -> None:
    monkeypatch.setenv("OPENCHANNEL_STORE", str(tmp_path / "store.duckdb"))
    (tmp_path / "csis.csv").write_text(CSIS, encoding="utf-8")
    (tmp_path / "rok.csv").write_text(ROK, encoding="utf-8")
    assert 0 == run("evidence", "import", "csis-provocations", "csis.csv").exit_code
    assert 0 == run("evidence", "import", "rok-compilation", "rok.csv").exit_code


def test_acts_stand_side_by_side(run: Run) -> None:
    """Two missiles of one list and a launch of the other are one act; a day apart is marked."""
    shown = run("evidence", "links")
    assert 0 == shown.exit_code
    assert "2017-09-03*" in shown.stdout
    assert all(len(line) <= 80 for line in shown.stdout.splitlines())
    acts = json.loads(run("evidence", "links", "--json").stdout)["acts"]
    assert [[], ["date"]] == [a["differs"] for a in acts]
    assert [1, 2] == [m["rows"] for m in acts[0]["members"]]
    assert 1 == len(json.loads(run("evidence", "links", "--differing", "--json").stdout)["acts"])


def test_a_decision_is_kept_and_followed(run: Run) -> None:
    """Decided distinct, the two tests stand alone; taken back, they are linked again."""
    ids = ("csis/2017-09-03/nuclear_test", "rok/2017-09-04/nuclear_test")
    made = run("evidence", "decide", "distinct", *ids, "--why", "for the test", "--who", "ana")
    assert "Decision 1 by ana: distinct" in made.stdout
    assert 1 == len(json.loads(run("evidence", "links", "--json").stdout)["acts"])
    run("evidence", "decide", "open", *ids, "--why", "no more")
    assert 2 == len(json.loads(run("evidence", "links", "--json").stdout)["acts"])


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("same", "csis/2017-09-03/nuclear_test"), "--why"),
        (("same", "csis/2017-09-04/nuclear_test", "--why", "x"), "ACT"),
        (("equal", "csis/2017-09-03/nuclear_test", "--why", "x"), "VERDICT"),
        (("distinct", "csis/2017-09-03/nuclear_test", "--why", "x"), "ACT"),
        (("same", "csis/2017-09-03/nuclear_test", "--why", "x", "--set", "severity=6"),
         "--set severity"),
        (("same", "csis/2017-09-03/nuclear_test", "--why", "x", "--set", "knd=hybrid"), "--set"),
        (("out", "csis/2017-09-03/nuclear_test", "--why", "x", "--set", "date=2017"), "--set"),
        (("same", "csis/2017-09-03/nuclear_test", "--why", "x", "--set", "date=20x"), "--set date"),
    ],
)  # fmt: skip
def test_mistakes_are_told(run: Run, arguments: tuple[str, ...], field: str) -> None:
    """Exit code 2 and the field; nothing is decided."""
    found = run("evidence", "decide", *arguments, "--json")
    assert (2, field) == (found.exit_code, problems(found)[0]["field"])


def test_the_rebuilt_record_is_written_and_compared(run: Run) -> None:
    """Two rows of the record come back; a decision changes a value of the file."""
    found = json.loads(run("evidence", "rebuild", "-o", "acts.csv", "--json").stdout)
    assert (2, 2, 2, 0) == tuple(found[k] for k in ("acts", "met", "same_kind", "decisions"))
    run("evidence", "decide", "same", "rok/2017-09-04/nuclear_test", "csis/2017-09-03/nuclear_test",
        "--set", "deaths=0", "--why", "none known")  # fmt: skip
    assert 0 == run("evidence", "rebuild", "-o", "acts.csv").exit_code
    with Path("acts.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [("", "no"), ("0", "yes")] == [(r["deaths"], r["decided"]) for r in rows]


def test_coverage_is_shown_with_errors(run: Run) -> None:
    """By list and decade, and what is too little to say."""
    shown = run("evidence", "coverage")
    assert 0 == shown.exit_code
    assert "±" in shown.stdout
    assert "too few" in shown.stdout
    found = json.loads(run("evidence", "coverage", "--json").stdout)["lists"]
    assert ["csis", "rok"] == [c["source"] for c in found]
