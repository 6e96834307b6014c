"""Sentences about a design that a small run need not reach."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from openchannel.analysis.measured import Measured
from openchannel.analysis.portfolio import examine
from openchannel.analysis.portfolio.trial import _METRICS, RISK, Outcomes
from openchannel.analysis.portfolio.workshop import Chosen
from openchannel.casefile import load_case
from openchannel.domain import Case
from openchannel.report.building.view import View
from openchannel.report.building.words import equal_words, next_words, rollout_words
from openchannel.usecases.building.design_data import _against_policies, _answer


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("korea")


@pytest.mark.parametrize(
    ("mean", "answer"),
    [(-5.0, "better"), (5.0, "worse"), (-1.9, "no_measurable_difference"),
     (1.9, "no_measurable_difference"), (0.0, "no_measurable_difference")],
)  # fmt: skip
def test_an_answer_needs_two_errors(mean: float, answer: str) -> None:
    """Less risk is better, more is worse; under two standard errors there is no difference."""
    assert _answer(Measured(mean, 1.0)) == answer


def test_a_policy_without_a_portfolio_at_its_cost_is_told(case: Case) -> None:
    """P5 has one, chosen for its cost and a tenth safer; for P1 none was cheap enough."""
    rivals = (case.policy("P5"), case.policy("P1"))
    sums = np.ones((8, 1, 3, len(_METRICS), 2))
    sums[..., 0] *= np.linspace(1.0, 1.1, 8)[:, None, None, None]
    sums[:, :, 0, _METRICS.index(RISK), 0] *= 0.9
    outcomes = Outcomes(("D1", "P5", "P1"), sums, np.ones(1))
    tested = examine.Tested((Chosen("D1", (), ("at the cost of P5",)),), rivals, outcomes)
    found = _against_policies(tested, rivals)
    assert [(e["policy"], e["portfolio"], e["answer"]) for e in found["equal_cost"]] == [
        ("P5", "D1", "better")
    ]
    assert found["cheaper_than_all"] == ["P1"]


def _told(case: Case, answers: dict[str, str], cheaper: tuple[str, ...], fits: bool) -> str:
    data: dict[str, Any] = {
        "equal_cost": [{"policy": p, "answer": a} for p, a in answers.items()],
        "cheaper_than_all": list(cheaper),
        "policies": [{"id": p, "fits": fits} for p in answers],
    }
    return equal_words(View(case, data))


def test_better_worse_and_no_difference_are_told_apart(case: Case) -> None:
    """Each policy by the answer at its cost, and those that the limits forbid by name."""
    answers = {"P5": "better", "P6": "no_measurable_difference", "P7": "worse"}
    told = _told(case, answers, (), fits=True)
    assert told == (
        "Held against the policies of the case: at no more than its cost, a portfolio has "
        "measurably less risk than defence diplomacy (P5); measurably more than full engagement "
        "(P7); for one of three no difference in risk is measurable."
    )
    told = _told(case, answers, (), fits=False)
    assert "measurably more than full engagement (P7), which the limits do not allow;" in told
    assert "Policies that would break the limits: " in told
    none = _told(case, {"P6": "no_measurable_difference"}, (), fits=True)
    assert (
        "no portfolio has measurably less risk than a policy of the case of the same cost" in none
    )
    assert "for one of one no difference" in none


def test_policies_cheaper_than_every_portfolio_are_named(case: Case) -> None:
    """They are not passed over in silence."""
    told = _told(case, {"P7": "better"}, ("P1",), fits=True)
    name = View(case, {}).named("P1").partition(" (")[0].lower()
    assert told.endswith(
        f"Every portfolio costs more than {name} (P1), so none is held against it."
    )
    assert "so none is held against them." in _told(case, {}, ("P1", "P5"), fits=True)


def test_a_roll_out_says_in_which_year_its_order_first_differs(case: Case) -> None:
    """The first year kept, or what it has begun by then; or that the usual order stands."""
    gap = {m: {"mean": -10.0, "mcse": 1.0} for m in
           ("composite_loss", "opportunity_capture", "programme_cost_usd")}  # fmt: skip
    found = {"steps": [{"year": 3}], "tried": 12, "delay": gap, "gain": gap}
    view = {
        "limits": {"people_a_year": 30.0},
        "portfolios": [{"id": "D1", "metrics": {"composite_loss": {"mean": 1000.0}}}],
    }
    told = {
        d: rollout_words(View(case, view | {"rollouts": {"D2": found | {"differs": d}}}))
        for d in (1, 2)
    }
    assert "on fresh futures the first year kept changes expected loss by" in told[1]
    assert "what it has begun after two years, where it first differs, changes" in told[2]
    same = found | {"differs": None, "gain": None}
    usual = rollout_words(View(case, view | {"rollouts": {"D2": same}}))
    assert "none was measured to lower the risk" in usual


def test_what_begins_at_once_is_told_once(case: Case) -> None:
    """Portfolios whose every channel begins in the first year share a sentence."""
    at_once = {"steps": [{"year": 1}], "tried": 0, "differs": None, "delay": None, "gain": None}
    data = {"limits": {"people_a_year": 30.0}, "rollouts": {"D2": at_once, "D3": at_once}}
    assert rollout_words(View(case, data)) == (
        "At most 30 people can be added in a year, so the roll-out takes one year for portfolio D2 "
        "and one year for portfolio D3. Every channel of portfolio D2 and portfolio D3 begins in "
        "the first year."
    )


def test_the_next_dollar_counts_only_what_could_be_met_more_often(case: Case) -> None:
    """All, some and none of the channels below the top of their ladder."""

    def row(mean: float | None, contacts: float | None = 4.0) -> dict[str, Any]:
        gain = {"mean": mean, "mcse": 1.0}
        return {"contacts_per_year": contacts, "per_million_usd": {"risk": gain, "capture": gain}}

    top, some, none = row(None, None), row(-5.0), row(None)
    every = next_words(View(case, {"next_dollar": [top, some, some]}))
    assert every == (
        "The next dollar: for each channel that could be met more often, one more step changes risk "
        "or the use of openings measurably."
    )
    told = next_words(View(case, {"next_dollar": [top, some, none]}))
    assert "for one of two channels that could be met more often" in told
    assert told.endswith("for the others the value of a dollar is not measurable in this run.")
    assert "for no channel was the gain" in next_words(View(case, {"next_dollar": [top, none]}))
