"""The ledger measured: its table, its page, and the brief that takes it in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from openchannel.casefile import load_case
from openchannel.domain import Case
from openchannel.errors import UserError
from openchannel.report.model import Figure
from openchannel.usecases import cases
from openchannel.usecases.runs import assessment
from openchannel.usecases.runs.brief import findings_of, write_brief
from openchannel.usecases.belief.claims import ClaimTable, ledger, write_ledger


@pytest.fixture(scope="module")
def case() -> Case:
    """Five years of the built-in case; runs name `korea` as their source."""
    whole = load_case("korea")
    return replace(whole, calendar=replace(whole.calendar, horizon_weeks=260))


@pytest.fixture(scope="module")
def told() -> list[tuple[int, int]]:
    return []


@pytest.fixture(scope="module")
def found(case: Case, told: list[tuple[int, int]]) -> ClaimTable:
    return ledger(case, futures=64, seed=2, threads=2, told=lambda d, n: told.append((d, n)))


def test_the_table_holds_every_claim_and_a_closed_waterfall(
    case: Case, found: ClaimTable, told: list[tuple[int, int]]
):
    """All off, the measurable shares and the rest add up to all on."""
    table = found.as_dict()
    assert list(table["claims"]) == [p.id for p in case.propositions]
    assert not table["claims"]["R11"]["modelled"]
    assert table["claims"]["R17"]["idle"]
    for metric, fall in table["waterfall"].items():
        shares = [table["claims"][c][metric]["shapley"] for c in fall["steps"]]
        assert all(abs(s["mean"]) >= 2 * s["mcse"] for s in shares)
        end = fall["all_off"]["mean"] + sum(s["mean"] for s in shares) + fall["rest"]["mean"]
        assert end == pytest.approx(fall["all_on"]["mean"], rel=1e-9, abs=1e-12), metric
    assert told[-1] == (16, 16)
    json.dumps(table, allow_nan=False)


def figures(found: ClaimTable) -> Iterator[Figure]:
    yield from found.page().figures


def test_the_chart_closes_and_shows_every_error(found: ClaimTable):
    """Each bar begins where the last one ended; lines are two standard errors about its end."""
    table = found.as_dict()
    for figure, metric in zip(figures(found), table["waterfall"], strict=True):
        first, *steps, last = figure.spec["data"]["values"]
        at = first["end"]
        for row in steps:
            assert row["start"] == pytest.approx(at)
            assert row["high2"] - row["end"] == pytest.approx(row["end"] - row["low2"])
            at = row["end"]
        assert at == pytest.approx(last["end"], rel=1e-9, abs=1e-9)
        assert [r["row"] for r in steps if r["role"] == "same"][0].endswith("others together")
        assert len(steps) == len(table["waterfall"][metric]["steps"]) + 1
        assert len(figure.numbers.rows) == len(steps) + 2


def test_own_beliefs_and_central_values(case: Case, tmp_path: Path):
    """With `gamma_D` at nought B6 has nothing to switch; the page names whose beliefs they are."""
    (tmp_path / "mine.yaml").write_text("title: Mine\nbeliefs: {gamma_D: 0}\n", encoding="utf-8")
    mine = ledger(case, futures=16, own=tmp_path / "mine.yaml", beliefs="modes")
    table = mine.as_dict()
    assert table["claims"]["B6"]["idle"]
    assert table["beliefs"] == "modes"
    assert table["own"]["title"] == "Mine"
    words = "".join(s.text for s in mine.page().sections[0].blocks[0].text)
    assert "the beliefs of “Mine”" in words


def test_unknown_names_are_told_at_once(case: Case):
    """All four problems together, and the baseline is no policy to compare with itself."""
    with pytest.raises(UserError) as caught:
        ledger(case, policy="P77", overlay="three", beliefs="W2", futures=2)
    fields = [p.field for p in caught.value.problems]
    assert fields == ["--futures", "--policy", "--overlay", "--beliefs"]
    with pytest.raises(UserError, match="P0"):
        ledger(case, policy="P0")


def test_the_brief_of_the_same_run_takes_the_ledger_in(
    case: Case, found: ClaimTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Only where case, code and overlay are the same; a broken file is left aside."""
    monkeypatch.setattr(cases, "load", lambda _: case)
    run = assessment.assess(case, folder=tmp_path, futures=16, policies=["P7"], threads=2)
    write_brief(run, tmp_path, ("html",))
    assert "What lowers the chance of war most" not in (tmp_path / "brief.html").read_text("utf-8")
    files = [p.name for p in write_ledger(found, tmp_path, ("html",))]
    assert files == ["ledger.html", "ledger.json", "brief.html"]
    assert "What lowers the chance of war most" in (tmp_path / "brief.html").read_text("utf-8")
    for broken in (json.dumps({**found.as_dict(), "overlay": "other"}), "{", "[]"):
        (tmp_path / "ledger.json").write_text(broken, encoding="utf-8")
        assert findings_of(run).claims is None


def test_a_brief_of_another_case_is_left_alone(
    case: Case, found: ClaimTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Byte for byte, though the ledger is written beside it."""
    other = replace(case, fingerprint="0" * 64)
    monkeypatch.setattr(cases, "load", lambda _: other)
    run = assessment.assess(other, folder=tmp_path, futures=16, policies=["P7"], threads=2)
    write_brief(run, tmp_path, ("html",))
    before = (tmp_path / "brief.html").read_bytes()
    assert [p.name for p in write_ledger(found, tmp_path, ())] == ["ledger.json"]
    assert (tmp_path / "brief.html").read_bytes() == before
