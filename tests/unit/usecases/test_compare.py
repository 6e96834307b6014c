"""Two run folders compared, one of them with beliefs of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from openchannel.casefile import load_case
from openchannel.casefile.own_beliefs import parse_own
from openchannel.domain import Case
from openchannel.errors import UserError
from openchannel.report import as_data
from openchannel.usecases import cases
from openchannel.usecases.runs import assessment
from openchannel.usecases.runs.finished_run import open_run
from openchannel.usecases.runs.compare import compare, write_comparison
from openchannel.usecases.runs.comparison import Comparison, ResultRow
from openchannel.usecases.runs.own_beliefs import beliefs_text, case_of_run, with_own

OWN = "title: Mine\nbeliefs: {gamma_D: -0.12, e_f: 0.05 to 0.1}\n"


@pytest.fixture(scope="module")
def case() -> Case:
    """Five years of the built-in case; runs name `korea` as their source."""
    whole = load_case("korea")
    return replace(whole, calendar=replace(whole.calendar, horizon_weeks=260))


@pytest.fixture(scope="module")
def folders(case: Case, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A run of the default world, and one of beliefs of one's own kept in its manifest."""
    root = tmp_path_factory.mktemp("runs")
    small = {"futures": 64, "policies": ["P7"], "threads": 2}
    assessment.assess(case, beliefs="W5", folder=root / "a", seed=1, **small)
    (root / "mine.yaml").write_text(OWN, encoding="utf-8")
    assessment.assess(case, own=root / "mine.yaml", folder=root / "b", seed=2, **small)
    return root / "a", root / "b"


@pytest.fixture(scope="module")
def found(case: Case, folders: tuple[Path, Path]) -> Comparison:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cases, "load", lambda _: case)
        return compare(*folders, futures=32, seed=4, threads=2)


def test_the_beliefs_that_differ_are_named_with_both_sides(found: Comparison):
    """Two are stated, so two differ, with the points of either side."""
    assert [d.parameter.key for d in found.differences] == ["e_f", "gamma_D"]
    assert found.differences[1].yours[""] == (-0.12, -0.12, -0.12)
    low, _, high = found.differences[0].yours[""]
    assert 0.04 < low < high < 0.11


def test_what_carries_the_disagreement_adds_up(found: Comparison):
    """The contributions of the beliefs are the whole gap, to rounding."""
    assert found.disagreement is not None
    for metric, steps in found.disagreement.steps.items():
        total = sum(s.shapley.mean for s in steps.values())
        assert total == pytest.approx(found.disagreement.total[metric].mean, rel=1e-9)


def test_the_page_names_the_beliefs_that_carry_it(found: Comparison, tmp_path: Path):
    """In words of the case, with the sides' names, and every share of the figure in its table."""
    page = found.page()
    text = json.dumps(as_data(page), ensure_ascii=False)
    assert f"First: {found.case.world('W5').title}" in text
    assert "Second: Mine" in text
    assert "gamma_D" in text
    assert found.disagreement is not None
    total = found.disagreement.total["p_war"]
    answer = "".join(span.text for span in page.sections[0].blocks[0].text)
    assert ("no measurably different" in answer) != total.is_measurable
    for figure in page.figures:
        assert len(figure.spec["data"]["values"]) == len(figure.numbers.rows)
        ends = figure.spec["data"]["values"]
        for before, after in pairwise(ends[1:-1]):
            assert before["end"] == pytest.approx(after["start"])
        assert ends[-2]["end"] == pytest.approx(ends[-1]["end"], rel=1e-6, abs=1e-9)
    names = [p.name for p in write_comparison(found, tmp_path / "out", ("html",))]
    assert names == ["compare.html", "compare.json"]
    assert json.loads((tmp_path / "out" / "compare.json").read_text("utf-8")) == found.as_dict()


def test_settings_that_differ_are_told(found: Comparison):
    """Seed, school and own beliefs differ, the number of futures does not."""
    told = {s.name: (s.first, s.second) for s in found.settings}
    assert told["seed"] == ("1", "2")
    assert told["beliefs sampled"] == ("W5", "ranges")
    assert told["own beliefs"][0] == "none"
    assert told["own beliefs"][1].startswith("Mine (")
    assert "futures" not in told
    assert found.notes == ()


def test_results_of_both_runs_stand_side_by_side(found: Comparison, folders: tuple[Path, Path]):
    """As the summaries of the two runs have them."""
    row = next(r for r in found.results if r.metric == "p_war")
    summaries = [json.loads((f / "summary.json").read_text("utf-8")) for f in folders]
    paired = [s["policies"]["P7"]["versus_baseline"]["p_war"]["mean"] for s in summaries]
    assert [row.first, row.second] == paired
    json.dumps(found.as_dict(), allow_nan=False)


def test_a_gap_is_claimed_from_two_standard_errors():
    """Exactly at two it is, just below it is not; nothing is no gap, even without error."""
    row = ResultRow("P7", "p_war", 0.0, 0.3, 1.0, 0.4, "better", "worse")
    assert (row.gap, row.error) == (1.0, pytest.approx(0.5))
    assert row.differs
    assert not replace(row, second=0.99).differs
    assert not replace(row, first=1.0, first_error=0.0, second_error=0.0).differs


def test_a_run_agrees_with_itself(case: Case, folders, monkeypatch: pytest.MonkeyPatch):
    """No belief, no setting, and nothing to carry."""
    monkeypatch.setattr(cases, "load", lambda _: case)
    same = compare(folders[1], folders[1], futures=16)
    assert same.disagreement is None
    assert same.as_dict()["disagreement"] is None
    assert same.settings == ()


def test_a_case_that_has_changed_since_is_told(case: Case, folders, monkeypatch):
    """Results are as they were, beliefs as the case is now; a reader must know."""
    monkeypatch.setattr(cases, "load", lambda _: replace(case, fingerprint="other"))
    notes = compare(folders[0], folders[0], futures=16).notes
    assert any("has changed since it ran" in n for n in notes)


def test_cases_of_other_parameters_cannot_be_swapped(case: Case, folders, monkeypatch):
    """A belief that means nothing on the other side is the user's problem to mend."""
    fewer = {k: p for k, p in case.parameters.items() if k != "e_f"}
    read = iter([case, replace(case, parameters=fewer)])
    monkeypatch.setattr(cases, "load", lambda _: next(read))
    with pytest.raises(UserError, match="other parameters or channels"):
        compare(folders[0], folders[0], futures=16)


def test_a_folder_without_a_run_and_sizes_out_of_bounds_are_problems(tmp_path: Path):
    """Also files that are JSON but no run; sizes are told together."""
    with pytest.raises(UserError, match="not the folder of a finished run"):
        compare(tmp_path, tmp_path, futures=16)
    (tmp_path / "summary.json").write_text("{}", encoding="utf-8")
    (tmp_path / "manifest.json").write_text("[]", encoding="utf-8")
    with pytest.raises(UserError, match="lacks policies, wager, worlds"):
        compare(tmp_path, tmp_path, futures=16)
    with pytest.raises(UserError) as caught:
        compare(tmp_path, tmp_path, futures=1, seed=-1)
    assert [p.field for p in caught.value.problems] == ["--futures", "--seed"]


# --- beliefs of one's own ----------------------------------------------------------------------


def test_a_run_of_own_beliefs_is_run_again_to_the_byte_from_its_manifest(
    case: Case, folders, tmp_path: Path
):
    """The manifest holds the text of the file; the file itself is not needed again."""
    kept = json.loads((folders[1] / "manifest.json").read_text("utf-8"))
    own = parse_own(kept["own"]["text"], case)
    assessment.assess(
        case,
        own=own,
        folder=tmp_path,
        seed=kept["seed"],
        futures=kept["futures"],
        policies=kept["policies"],
        beliefs=kept["beliefs"],
        threads=1,
    )
    for name in ("summary.json", "draws.parquet", "manifest.json"):
        assert (tmp_path / name).read_bytes() == (folders[1] / name).read_bytes(), name


def test_beliefs_can_be_given_as_a_mapping(case: Case):
    """From Python, with the same meaning and the same complaints as a file."""
    text = {"title": "Mine", "beliefs": {"gamma_D": -0.12, "e_f": "0.05 to 0.1"}}
    given, _ = with_own(case, text)
    read, _ = with_own(case, parse_own(OWN, case))
    assert given.parameters == read.parameters
    with pytest.raises(UserError, match="no parameter `gama_D`"):
        with_own(case, {"beliefs": {"gama_D": 1}})


def test_switches_of_the_ledger_start_from_own_beliefs(case: Case):
    """A school chosen for a module holds in the runs with a side of the ledger off, too."""
    small = {"futures": 16, "policies": ["P7"], "threads": 2, "beliefs": "modes"}
    own = {"modules": {p.module: "W2" for p in case.parameters.values()}}
    mine = assessment.assess(case, own=own, **small).summary["ledger"]["both_on"]
    plain = assessment.assess(case, **small).summary["ledger"]["both_on"]
    assert mine["policies"]["P7"]["p_war"]["mean"] != plain["policies"]["P7"]["p_war"]["mean"]


def test_a_run_with_own_beliefs_gives_its_case_back(case: Case, folders, monkeypatch):
    """With the fingerprint that its manifest has."""
    monkeypatch.setattr(cases, "load", lambda _: case)
    manifest = json.loads((folders[1] / "manifest.json").read_text("utf-8"))
    back = case_of_run(manifest, folders[1])
    assert back.fingerprint == manifest["case_fingerprint"]
    assert [w.id for w in back.worlds] == ["OWN"]
    assert case_of_run(manifest | {"own": None}, folders[1]) is case


def test_beliefs_written_are_read_again(case: Case):
    """What the red team writes says the same when `--own` reads it."""
    held = [
        (case.parameters["gamma_D"], ("",), "set", -0.131),
        (case.parameters["rho"], case.parameters["rho"].elements, "times", 0.72),
        (case.parameters["lam_cut"], ("UNC",), "set", 0.02),
        (case.parameters["lam_cut"], ("T15", "THP"), "times", 1.5),
    ]
    text = beliefs_text('A "title": x', "", case, held)
    believed, own = with_own(case, parse_own(text, case))
    assert own is not None
    assert own.title == 'A "title": x'
    assert believed.parameters["gamma_D"].value == -0.131
    assert believed.parameters["rho"]["INT"] == pytest.approx(0.65 * 0.72)
    assert believed.parameters["lam_cut"]["UNC"] == 0.02
    assert believed.parameters["lam_cut"]["THP"] == pytest.approx(0.15 * 1.5)
    assert with_own(case, parse_own(beliefs_text("x", "", case, []), case))[0].parameters == (
        case.parameters
    )


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda p: None, "there is no such folder"),
        (lambda p: p.write_bytes(b"x"), "it is a file"),
        (lambda p: p.mkdir(), "it has no summary.json"),
        (lambda p: (p.mkdir(), (p / "summary.json").write_bytes(b"")), "not JSON text"),
        (lambda p: (p.mkdir(), (p / "summary.json").write_bytes(b"\x88\xff")), "not JSON text"),
    ],
)
def test_a_folder_that_holds_no_run_is_told_why(tmp_path, make, reason: str) -> None:
    """The reason is in plain words, not in those of the machine."""
    make(tmp_path / "run")
    with pytest.raises(UserError, match=reason):
        open_run(tmp_path / "run")
