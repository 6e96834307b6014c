"""Acts of several lists: linked by points, merged, decided on, and held against the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from openchannel.evidence import Record
from openchannel.evidence.keeping.database import Database
from openchannel.evidence.keeping.decisions import Standing, decide, every_decision, standing
from openchannel.evidence.linking.acts import Act, acts_of_lists, acts_of_record
from openchannel.evidence.linking.coverage import Period, coverage, drift
from openchannel.evidence.linking.links import Ruling, clusters, link, points
from openchannel.evidence.linking.merged import agreement, merged
from openchannel.usecases.evidence import imports
from openchannel.usecases.evidence import linking

from .imports.conftest import sample

DAY = dt.date(2017, 7, 28)
SAMPLES = (
    ("csis-provocations", "csis-provocations/north_korea_provocations_1958_to_2025-06-30.csv"),
    ("csis-provocations", "csis-provocations-severity/records_severity_1958_to_2025-06-30.csv"),
    ("cns-missiles", "cns-missile-tests/north_korea_missile_test_database.csv"),
    ("rok-compilation", "rok-provocation-compilation/provocation.csv"),
)


def act(
    source: str = "csis", day: dt.date = DAY, kind: str = "ballistic_missile", **more: object
) -> Act:
    """An act of one day."""
    known = {"severity": 3} | more
    return Act(f"{source}/{day}/{kind}", source, day, day, "day", kind, **known)  # type: ignore[arg-type]


def later(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty store."""
    with Database(tmp_path / "store.duckdb", writing=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the four lists that the record was coded from."""
    path = tmp_path_factory.mktemp("lists") / "store.duckdb"
    for format_, name in SAMPLES:
        imports.import_lists(format_, [sample(name)], store=path)
    return path


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (act("cns"), 6),
        (act("cns", later(1)), 5),
        (act("cns", later(-3)), 4),
        (act("cns", later(4)), 0),
        (act("cns", kind="cruise_missile"), 5),
        (act("cns", kind="other"), 4),
        (act("cns", kind="ground_clash"), 0),
        (act("cns", count=2), 6),
        (act("cns", count=1), 7),
        (act("cns", lat=40.0, lon=125.0), 7),
        (act("cns", lat=35.0, lon=129.0), 5),
        (replace(act("cns"), first=dt.date(2017, 7, 1), last=dt.date(2017, 7, 31),
                 precision="month"), 4),
    ],
    ids=["same", "one-day", "three-days", "four-days", "family", "other", "no-family",
         "other-count", "count", "near", "far", "month"],
)  # fmt: skip
def test_points(other: Act, expected: int) -> None:
    """Day, kind, count and place add up as the rule says, whichever act comes first."""
    one = act(count=1, lat=40.3, lon=125.3)
    assert (expected, expected) == (points(one, other), points(other, one))


def test_each_act_takes_the_best_partner_and_no_other() -> None:
    """Two days running in both lists: the same days go together, not one day with two."""
    acts = [act(), act(day=later(1)), act("cns"), act("cns", later(1))]
    found = {frozenset((x.one.first, x.other.first)) for x in link(acts)}
    assert {frozenset({DAY}), frozenset({later(1)})} == found


def test_a_cluster_holds_one_act_of_a_list() -> None:
    """A chain through a third list does not join two acts of the first."""
    acts = [act("a"), act("a", later(3)), act("b", later(1)), act("c", later(2))]
    for members in clusters(acts, link(acts)):
        assert len({a.source for a in members}) == len(members)


def test_links_do_not_depend_on_the_order_of_acts() -> None:
    """The same acts in another order give the same clusters."""
    rng = np.random.default_rng(1)
    kinds = ("ballistic_missile", "cruise_missile", "other", "ground_clash")
    acts = [
        act(s, later(int(rng.integers(40))), str(rng.choice(kinds)))
        for s in "abcd"
        for _ in range(15)
    ]
    acts = list({a.id: a for a in acts}.values())
    shuffled = [acts[i] for i in rng.permutation(len(acts))]
    first, second = (
        {frozenset(a.id for a in c) for c in clusters(x, link(x))} for x in (acts, shuffled)
    )
    assert first == second


def test_decisions_come_before_points() -> None:
    """Acts decided distinct stay apart, acts decided the same go together."""
    one, two, far = act(), act("cns"), act("cns", later(90))
    apart = Ruling(distinct=frozenset({frozenset({one.id, two.id})}))
    assert [] == link([one, two], apart)
    together = Ruling(same=frozenset({frozenset({one.id, far.id})}))
    assert [(one.id, far.id)] == [
        tuple(sorted((x.one.id, x.other.id), reverse=True)) for x in link([one, far], together)
    ]


def test_acts_decided_distinct_do_not_meet_through_a_third() -> None:
    """Both are like a third act of another list; only one of them may go with it."""
    acts = [act("a"), act("b"), act("c")]
    apart = Ruling(distinct=frozenset({frozenset({acts[0].id, acts[1].id})}))
    found = clusters(acts, link(acts, apart), apart)
    assert [1, 2] == sorted(map(len, found))
    assert {acts[0].id, acts[1].id} not in [{a.id for a in members} for members in found]


def test_a_merged_act_shows_what_differs_and_keeps_the_decided_values(database: Database) -> None:
    """Values side by side; a decision with a reason sets them, `open` takes it back."""
    acts = [act(severity=3, count=None), act("cns", later(1), severity=5, count=2)]
    (found,) = merged(acts, Standing())
    assert (("date", "severity"), DAY, 5) == (found.differs, found.date, found.severity)
    ids = [a.id for a in acts]
    decide(database, [("same", ids, {"date": "2017-07-29", "severity": "4"}, "text")], "ana")
    (decided,) = merged(acts, standing(every_decision(database)))
    assert (later(1), 4, True) == (decided.date, decided.severity, decided.is_decided)
    assert ("date", "severity") == decided.differs
    decide(database, [("open", ids, {}, "second thoughts")], "ben")
    assert [found] == merged(acts, standing(every_decision(database)))
    decide(database, [("out", ids[:1], {}, "a claim only")], "ben")
    assert [ids[1]] == [m.id for m in merged(acts, standing(every_decision(database)))]
    assert [("ana", "text"), ("ben", "second thoughts"), ("ben", "a claim only")] == [
        (d.who, d.why) for d in every_decision(database)
    ]


def test_links_find_what_the_coder_found(store: Path, korea: Record) -> None:
    """Against the `sources` column: of 450 rows coded from CSIS 440 are met, and no wrong one.

    Of 128 rows with a CNS source 127 are. The rest were coded by reading a text that the label
    contradicts, or lie on another day.
    """
    with Database(store) as database:
        lists = acts_of_lists(database)
    rows = acts_of_record(korea)
    told = {e.id: e["sources"] for e in korea.entries("provocations")}
    found = link([*lists, *rows])
    for source, n_told, n_met in (("csis", 450, 440), ("cns", 128, 127)):
        coded = {r.id for r in rows if source in told[r.id].split("; ")}
        met = {a.id for x in found if source in (x.one.source, x.other.source)
               for a in (x.one, x.other) if a.source == "record"}  # fmt: skip
        assert (n_told, n_met, set()) == (len(coded), len(coded & met), met - coded)


def test_the_record_is_rebuilt_from_lists_and_decisions(store: Path, korea: Record) -> None:
    """Lists alone give most rows; with the coding taken over as decisions all that a list has.

    What remains are rows that no list holds, and they are named.
    """
    alone = linking.rebuild("korea", store=store).agreement
    assert 582 == alone.rows
    assert alone.same / alone.rows > 0.5
    assert 0 < linking.adopt("korea", store=store, why="coded by hand", who="ana")
    found = linking.rebuild("korea", store=store).agreement
    assert (found.met, found.met) == (found.same, found.same_day)
    assert found.met == alone.met
    assert () == found.only_lists
    assert found.rows - found.met == len(found.only_record)
    assert 0 == linking.adopt("korea", store=store, why="again", who="ana")


def test_drift_is_recovered() -> None:
    """Odds that double by the decade are found within three errors, and no drift is not clear."""
    rng = np.random.default_rng(7)
    years = rng.uniform(1960, 2025, 3000)
    for factor in (2.0, 1.0):
        odds = factor ** ((years - 1992.5) / 10)
        severity = np.where(rng.random(3000) < odds / (1 + odds), 2, 4)
        acts = [
            act(
                day=dt.date(1960, 1, 1) + dt.timedelta(days=float(y - 1960) * 365.25),
                severity=int(s),
            )
            for y, s in zip(years, severity, strict=True)
        ]
        found = drift(acts)
        assert found is not None
        error = (np.log(found.high) - np.log(found.low)) / 4
        assert abs(np.log(found.factor / factor)) < 3 * error
        assert found.is_clear == (factor > 1)


def test_drift_says_nothing_where_little_is_known() -> None:
    """Few acts of one size, or sizes divided by a date, give no number."""
    assert None is drift([act(severity=2)] * 50)
    divided = [act(day=later(i), severity=2 if i < 30 else 5) for i in range(60)]
    assert None is drift(divided)


def test_coverage_counts_what_others_have() -> None:
    """Three acts of one list, of which the other has one: a third, with its error."""
    acts = [act("a", later(10 * i)) for i in range(3)] + [act("b"), act("b", later(20), "hybrid")]
    found = {c.source: c for c in coverage(merged(acts, Standing()))}
    assert [Period(2010, 2, 0, 3, 1)] == list(found["b"].periods)
    assert found["b"].periods[0].share == pytest.approx(1 / 3)
    assert found["b"].periods[0].share_error == pytest.approx(np.sqrt(3 / 7 * 4 / 7 / 7))


def test_nothing_agrees_with_an_empty_store(korea: Record) -> None:
    """No list: every row of the record is in no list."""
    found = agreement([], acts_of_record(korea))
    assert (582, 0, 582) == (found.rows, found.met, len(found.only_record))
