"""Value sets: those that come with the package, and those of a case folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from openchannel.casefile.values import load_values
from openchannel.domain import METRIC_IDS
from openchannel.errors import UserError
from openchannel.model.metrics import EXTRAS, METRICS

ALL = tuple(m.id for m in (*METRICS, *EXTRAS))


def folder(tmp_path: Path, text: str) -> Path:
    made = tmp_path / "mine"
    made.mkdir()
    (made / "case.yaml").write_text("id: mine\nextends: korea\n", "utf-8")
    (made / "values.yaml").write_text(text, "utf-8")
    return made


def test_the_sets_that_come_with_the_package_are_whole() -> None:
    """Five positions, each with reasons, judged, and weights that sum to one."""
    sets = load_values("korea", ALL)
    assert [s.id for s in sets] == [
        "fewest_deaths",
        "alliance_first",
        "arms_control_first",
        "cost_first",
        "human_rights_first",
    ]
    for one in sets:
        assert one.grade == "C"
        assert len(one.reasoning) > 80
        assert sum(one.weights.values()) == pytest.approx(1.0)


def test_a_case_has_its_own_sets(tmp_path: Path) -> None:
    """A `values.yaml` in the folder stands in place of the package's; weights are scaled."""
    text = "- {id: mine, title: Mine, reasoning: Because., weights: {p_war: 3, crises: 1}}\n"
    (found,) = load_values(folder(tmp_path, text), ALL)
    assert found.weights == {"p_war": 0.75, "crises": 0.25}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- {id: a, title: A, reasoning: B., weights: {p_wra: 1}}\n", ["p_wra", "p_war"]),
        ("- {id: a, title: A, reasoning: B., weights: {p_war: 0}}\n", ["all weights are 0"]),
        ("- {id: a, title: A, reasoning: B., weights: {p_war: -1}}\n", ["-1"]),
        (
            "- {id: a, title: A, reasoning: B., weights: {p_war: 1}}\n"
            "- {id: a, title: C, reasoning: D., weights: {p_war: 1}}\n",
            ["second set"],
        ),
        ("- {id: a, title: A, weights: {p_war: 1}}\n", ["reasoning"]),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, words: list[str]) -> None:
    """Each mistake with its file and line, and how to mend it."""
    with pytest.raises(UserError) as caught:
        load_values(folder(tmp_path, text), ALL)
    told = "\n".join(str(p) for p in caught.value.problems)
    assert "values.yaml" in told
    assert all(w in told for w in words)


def test_metrics_of_the_contract_may_be_given_weights() -> None:
    """Every metric of the run's folder is known."""
    assert set(METRIC_IDS) <= set(ALL)


def test_check_reports_both_files(tmp_path: Path) -> None:
    """`openchannel check` tells of a metric that is none and of a quantity that is not drawn."""
    from openchannel.usecases.checking import check

    made = folder(tmp_path, "- {id: a, title: A, reasoning: B., weights: {p_wra: 1}}\n")
    (made / "questions.yaml").write_text(
        "- {id: q, title: Q, how: measured, of: [gama_D], error: 0.1, reasoning: R.}\n"
        "- {id: r, title: R, how: counted, of: [gamma_D], trials: 3, reasoning: R.}\n",
        "utf-8",
    )
    told = "\n".join(str(p) for p in check(made).problems)
    assert "p_wra" in told
    assert "`gama_D` is no drawn quantity" in told
    assert "`counted` goes with `exposure`" in told


def test_the_questions_of_the_built_in_case_are_sound() -> None:
    """Ten, each with a reason, about quantities that the case draws."""
    from openchannel.casefile.questions import load_questions
    from openchannel.ensemble.design import sample_beliefs
    from openchannel.usecases.cases import load

    found = load_questions("korea", tuple(sample_beliefs(load("korea"), 1, 0).quantities))
    assert len(found) == 10
    assert all(q.reasoning for q in found)
