"""The verdict rule reaches each of its four words, and only for the stated reason."""

import pytest

from openchannel.analysis.estimates import Estimate, Shares
from openchannel.analysis.verdict import VERDICT_RULE, Verdict, WorldView, judge

LOSS = 30_000.0


def diff(mean: float, mcse: float = 50.0) -> Estimate:
    return Estimate(mean, mcse, mean, mean, mean)


AGREED_BETTER = Shares(below=0.95, above=0.05, equal=0.0)
AGREED_WORSE = Shares(below=0.05, above=0.95, equal=0.0)


def test_a_lower_loss_that_beliefs_agree_on_is_better():
    assert judge(diff(-1500.0), AGREED_BETTER, LOSS) is Verdict.BETTER


def test_a_higher_loss_that_beliefs_agree_on_is_worse():
    assert judge(diff(1500.0), AGREED_WORSE, LOSS) is Verdict.WORSE


def test_a_difference_below_two_standard_errors_is_no_difference():
    assert judge(diff(-1500.0, mcse=800.0), AGREED_BETTER, LOSS) is Verdict.NONE


def test_a_difference_that_is_measurable_but_immaterial_is_no_difference():
    assert judge(diff(-50.0, mcse=1.0), AGREED_BETTER, LOSS) is Verdict.NONE


def test_a_fifth_of_the_beliefs_against_makes_it_depend_on_beliefs():
    split = Shares(below=0.78, above=0.22, equal=0.0)
    assert judge(diff(-1500.0), split, LOSS) is Verdict.DEPENDS


def test_worlds_that_disagree_make_it_depend_on_beliefs():
    worlds = (WorldView(0.8, diff(-2500.0)), WorldView(0.2, diff(2000.0)))
    assert judge(diff(-1500.0), AGREED_BETTER, LOSS, worlds) is Verdict.DEPENDS


def test_a_dissenting_world_of_small_weight_does_not_decide():
    worlds = (WorldView(0.9, diff(-2500.0)), WorldView(0.1, diff(2000.0)))
    assert judge(diff(-1500.0), AGREED_BETTER, LOSS, worlds) is Verdict.BETTER


def test_worlds_that_cancel_are_not_called_no_difference():
    worlds = (WorldView(0.5, diff(-2500.0)), WorldView(0.5, diff(2500.0)))
    assert judge(diff(0.0), AGREED_BETTER, LOSS, worlds) is Verdict.DEPENDS


def test_a_policy_against_itself_is_no_difference():
    assert judge(diff(0.0, 0.0), Shares(0.0, 0.0, 1.0), LOSS) is Verdict.NONE


@pytest.mark.parametrize("word", ["20 %", "0.2 %", "two standard errors"])
def test_the_rule_in_words_names_its_thresholds(word: str):
    assert word in VERDICT_RULE
