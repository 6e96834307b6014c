"""What history says, from values to page, files and cache; the models have tests of their own.

`history.json` beside this file is a finished result of the built-in case, so that nothing is
sampled here.
"""

from __future__ import annotations

import copy
import csv
import datetime as dt
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from openchannel.errors import UserError
from openchannel.report.model import Bullets, Figure, Paragraph, Table
from openchannel.usecases.history import study as use_case
from openchannel.usecases.cases import load
from openchannel.usecases.history.study import HistoryFindings, history, kept_history
from openchannel.usecases.history.files import measured_case, write_history
from openchannel.usecases.evidence.record import open_record
from openchannel.usecases.settings import DEFAULT_CHAIN_DRAWS

from .reference_pages import unnamed

Values = dict[str, Any]


@pytest.fixture(scope="module")
def data() -> Values:
    return dict(json.loads((Path(__file__).parent / "history.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def found(data: Values) -> HistoryFindings:
    return HistoryFindings(load("korea"), data, dt.date(2026, 1, 31))


def _words(found: HistoryFindings) -> str:
    told = []
    for section in found.page().sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                told.append("".join(s.text for s in block.text))
            if isinstance(block, Bullets):
                told += ["".join(s.text for s in item) for item in block.items]
    return " ".join(told)


def test_the_page_says_what_is_not_identified_and_how_old_the_evidence_is(
    found: HistoryFindings,
) -> None:
    """Contact first among what cannot be known; the end of the record, and the months since."""
    told = _words(found)
    assert "whether contact lowers provocations: both sides chose when to talk" in told
    assert "ends on 2025-06-30, 7 months before 2026-01-31" in told
    assert "a year in the place of" in told


def test_every_table_of_the_page_is_whole(found: HistoryFindings) -> None:
    """As many cells in each row as there are columns, no raw `None` or `nan` in any."""
    tables = []
    for section in found.page().sections:
        for block in section.blocks:
            if isinstance(block, Table):
                tables.append(block)
            if isinstance(block, Figure):
                tables.append(block.numbers)
    assert len(tables) >= 10
    for table in tables:
        for row in table.rows:
            cells = ["".join(s.text for s in cell) for cell in row.cells]
            assert len(cells) == len(table.columns), table.id
            assert not {"None", "nan"} & set(cells), table.id


def test_a_failed_sampler_is_told_first(found: HistoryFindings, data: Values) -> None:
    """Before any number, with what to do."""
    failed = HistoryFindings(found.case, {**data, "passes": False}, found.as_of)
    (first, *_) = failed.page().sections[0].blocks
    assert isinstance(first, Paragraph)
    assert first.style == "warning"
    assert "--draws" in first.text[0].text


def test_fits_behind_forecasts_count_for_the_verdict(data: Values) -> None:
    """Twelve models, four origins of each, two studies, the posteriors."""
    fitted = [*data["models"], *data["studies"], data]
    assert use_case._fits(fitted) == data["fits"] == {"n": 63, "passed": 62, "second_attempts": 11}
    assert _failed_behind_a_forecast(data)["fits"]["passed"] == 61


def test_a_fit_behind_a_forecast_that_fails_is_told_in_its_row(
    found: HistoryFindings, data: Values
) -> None:
    """Which origin it forecasts from; and how many fits there were, and took a second attempt."""
    failed = HistoryFindings(found.case, _failed_behind_a_forecast(data), found.as_of)
    (table,) = [t for t in failed.page().section("section-models").blocks
                if isinstance(t, Table) and t.id == "table-models"]  # fmt: skip
    told = ["".join(s.text for s in r.cells[4]) for r in table.rows]
    assert told[0] == "passes; fails from 2001"
    assert set(told[1:]) == {"passes", "fails"}
    assert "Of 63 fits 61 passed; 11 of them took a second attempt." in _words(failed)


def _failed_behind_a_forecast(data: Values) -> Values:
    """A result in which the chains of the first model before 2001 do not agree."""
    other = copy.deepcopy(data)
    other["models"][0]["log_scores"][1]["diagnostics"]["passes"] = False
    other["fits"] = use_case._fits([*other["models"], *other["studies"], other])
    return {**other, "passes": False}


def test_the_simulators_two_tests_are_reported_as_they_fall(
    found: HistoryFindings, data: Values
) -> None:
    """The verdict on 2018 and 2022 is that of the bands, whichever way it goes."""
    bands = {
        (c["origin"][:4], y["year"]): y["within95"]
        for c in data["back_casts"]
        if c["model"] == "simulator"
        for y in c["years"]
    }
    is_missed = not (bands["2012", 2018] and bands["2019", 2022])
    assert ("The simulator fails the test" in _words(found)) is is_missed


def test_the_measured_case_is_sound_and_touches_no_tie_effect(
    found: HistoryFindings, data: Values, tmp_path: Path
) -> None:
    """It loads, takes the posteriors, keeps expected onsets, and leaves every other value alone."""
    for name, text in measured_case(found.case, data).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    case, parent = load(tmp_path / "korea-measured"), found.case
    changed = {k for k, p in case.parameters.items() if p.values != parent.parameters[k].values}
    assert changed == {"lam0", "n_H", "h_H", "p_sev", "q_on"}
    assert not any(case.parameters[k].tie_effect for k in changed)
    means = {p["key"]: p["mean"] for p in data["posteriors"]}
    assert case.parameters["lam0"].value == pytest.approx(means["lam0"], rel=1e-3)

    def onsets(of: Any) -> float:
        shares, chances = (np.array(of.parameters[k].values) for k in ("p_sev", "q_on"))
        return float(of.parameters["lam0"].value * shares @ chances)

    assert onsets(case) == pytest.approx(onsets(parent), rel=2e-3)


def test_a_folder_holds_values_bins_and_the_case(found: HistoryFindings, tmp_path: Path) -> None:
    """JSON that reads back, a row for each bin and severity, and no case if the sampler failed."""
    files = write_history(found, tmp_path / "out", ())
    assert json.loads((tmp_path / "out/history.json").read_text("utf-8"))["age"]["days"] == 215
    with (tmp_path / "out/event-study.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 14
    assert {r["is_lead"] for r in rows} == {"True", "False"}
    assert tmp_path / "out/korea-measured/case.yaml" in files
    doubtful = {**found.data, "diagnostics": {**found.data["diagnostics"], "passes": False}}
    files = write_history(HistoryFindings(found.case, doubtful, found.as_of), tmp_path / "no", ())
    assert not (tmp_path / "no/korea-measured").exists()


def test_curves_are_drawn_with_their_bands_and_numbers_at_risk(found: HistoryFindings) -> None:
    """Each kind of spell begins at one, never rises, stays in its band; numbers at risk fall."""
    figures = {f.id: f for f in found.page().figures}
    for name in ("spells", "agreements"):
        figure = figures[f"figure-{name}"]
        rows = figure.spec["data"]["values"]
        for spell in found.data[name]:
            label = spell["label"][:1].upper() + spell["label"][1:]
            own = [r for r in rows if r["spell"] == label]
            curve = [r for r in own if r.get("share") is not None]
            assert (curve[0]["years"], curve[0]["share"]) == (0.0, 1.0)
            assert all(a["share"] >= b["share"] for a, b in pairwise(curve))
            assert all(r["low"] <= r["share"] <= r["high"] for r in curve if r["low"] is not None)
            risks = [r["n"] for r in own if "n" in r]
            assert risks == list(spell["at_risk"]) == sorted(risks, reverse=True)
            assert risks[0] == spell["n"]
        assert [len(r.cells) for r in figure.numbers.rows] == [6] * len(found.data[name])


def test_severity_of_crises_is_said_to_be_the_projects_own(found: HistoryFindings) -> None:
    """ICB gives which crises there were, not how bad they were."""
    assert "From the International Crisis Behavior data comes only which crises" in _words(found)


def test_a_result_is_kept_until_something_it_rests_on_changes(
    data: Values, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once computed, read again; other draws, another seed or `fresh` compute anew."""
    monkeypatch.setenv("OPENCHANNEL_CACHE", str(tmp_path))
    computed: list[tuple[int, int]] = []

    def compute(_case: Any, _record: Any, draws: int, seed: int, _tell: Any) -> Values:
        computed.append((draws, seed))
        return data

    monkeypatch.setattr(use_case, "_found", compute)
    case = load("korea")
    first = history(case, as_of="2025-12-31")
    again = history(case, as_of="2025-07-31")
    assert computed == [(DEFAULT_CHAIN_DRAWS, 1)]
    assert first.data == again.data
    assert first.age["days"] > again.age["days"]
    history(case, draws=50)
    history(case, seed=2)
    history(case, fresh=True)
    assert len(computed) == 4


def test_a_result_of_another_record_or_program_is_not_taken_for_this_ones(
    data: Values, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies in a run's folder counts where case, record and sources are those of now."""
    monkeypatch.setenv("OPENCHANNEL_CACHE", str(tmp_path / "cache"))
    case = load("korea")
    with open_record("korea") as record:
        of_now = {**data["evidence"], "fingerprint": record.fingerprint}

    def kept(found: Values) -> HistoryFindings | None:
        (tmp_path / "history.json").write_text(json.dumps(found), "utf-8")
        return kept_history(case, [tmp_path])

    code = use_case._sources()
    of_case = {**data, "case_fingerprint": case.fingerprint}
    found = kept({**of_case, "evidence": of_now, "code": code})
    assert found is not None
    assert found.data["code"] == code
    assert kept({**of_case, "evidence": of_now, "code": "0" * 16}) is None
    older = {k: v for k, v in of_case.items() if k != "code"}
    assert kept({**older, "evidence": of_now}) is None
    assert kept({**of_case, "evidence": of_now, "code": code, "case_fingerprint": "0"}) is None
    other = {**of_now, "fingerprint": "0" * 64}
    assert kept({**of_case, "evidence": other, "code": code}) is None


def test_sizes_and_days_out_of_bounds_are_refused() -> None:
    """Before any work, with what is allowed."""
    with pytest.raises(UserError, match="--draws"):
        history("korea", draws=3)
    with pytest.raises(UserError, match="--as-of"):
        history("korea", as_of="yesterday")


def test_every_field_is_on_its_page(found: HistoryFindings) -> None:
    """What `history.json` holds is documented; severities are no fields."""
    data = found.as_dict()
    assert unnamed("history-file.md", data, data["evidence"]["events"]) == []
