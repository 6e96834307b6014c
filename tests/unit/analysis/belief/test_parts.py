"""The parts that the questions share: draws, splines, predictions, PAWN."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from openchannel.analysis.belief import BeliefDraws, chance_worse, pawn, rank
from openchannel.analysis.belief.projection import additive, folds, project, spline
from openchannel.analysis.estimates import ByDraw

from .known import belief, ishigami, table


def test_a_table_that_does_not_fit_its_names_is_refused():
    with pytest.raises(ValueError, match="2 names"):
        BeliefDraws(("a", "b"), np.zeros((3, 1)), {})
    with pytest.raises(ValueError, match="finite"):
        BeliefDraws(("a",), np.array([[np.nan]]), {})


def test_modules_keep_their_beliefs_and_strangers_stand_alone():
    draws = BeliefDraws(("a", "b", "c"), np.zeros((2, 3)), {"a": "m", "c": "m"})
    assert draws.by_module == {"m": (0, 2), "b": (1,)}
    assert draws.held.all()


def test_dependence_is_said_where_it_is_and_not_where_it_is_not():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((2000, 40))
    assert not table(x).dependence.misleads
    x[:, 1] = 0.5 * x[:, 0] + x[:, 1]
    found = table(x).dependence
    assert found.misleads
    assert found.strongest[0][:2] == ("x1", "x2")
    assert not table(np.ones((10, 2))).dependence.misleads


def test_predictions_leave_the_predicted_draw_out():
    """The closed form equals refitting without each draw, and without each fold."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal((60, 2))
    y = rng.standard_normal((60, 3))
    columns = additive(x, 3, [(0, 1)])
    surface = project(columns)
    full = np.concatenate([np.ones((60, 1)), columns], axis=1)

    def refit(unseen: np.ndarray) -> np.ndarray:
        slope = np.linalg.lstsq(full[~unseen], y[~unseen], rcond=None)[0]
        return full[unseen] @ slope

    rows = np.arange(60)
    assert surface.without_own(y)[7] == pytest.approx(refit(rows == 7)[0])
    fold = folds(60, 0, 5)
    assert surface.out_of_fold(y, fold)[fold == 3] == pytest.approx(refit(fold == 3))


def test_a_spline_is_a_line_beyond_its_knots_and_bends_between():
    x = np.linspace(-1.0, 1.0, 401)
    columns = np.concatenate([np.ones((401, 1)), spline(x, 8)], axis=1)
    fitted = columns @ np.linalg.lstsq(columns, np.sin(3 * x), rcond=None)[0]
    assert np.abs(fitted - np.sin(3 * x))[20:-20].max() < 0.015
    assert np.abs(np.diff(fitted[-15:], 2)).max() < 1e-12


def test_few_values_give_few_columns():
    assert spline(np.array([0.0, 1.0] * 20), 5).shape == (40, 1)
    assert spline(np.array([0.0, 1.0, 5.0] * 20), 5).shape == (60, 2)
    assert spline(np.full(10, 2.0), 5).shape == (10, 0)


def test_too_few_draws_for_a_projection_are_refused():
    with pytest.raises(ValueError, match="12 draws are too few for 10 columns; at least 22"):
        project(np.random.default_rng(7).standard_normal((12, 10)))


def test_columns_that_say_the_same_count_once():
    x = np.random.default_rng(2).standard_normal((50, 1))
    assert project(np.concatenate([x, 2 * x, np.zeros((50, 1))], axis=1)).basis.shape == (50, 2)


def test_the_chance_to_be_worse_is_the_posterior_of_two_normals():
    """Belief and luck of variance one about zero: at y = 2 the chance is that of N(1, 1/2) > 0."""
    from scipy.stats import norm

    rng = np.random.default_rng(3)
    y = rng.standard_normal(20_000) + rng.standard_normal(20_000)
    y[0] = 2.0
    chance = chance_worse(y, np.ones(20_000))
    assert chance[0] == pytest.approx(norm.cdf(1.0 / np.sqrt(0.5)), abs=0.01)
    assert chance.mean() == pytest.approx(0.5, abs=0.02)


def test_without_luck_the_chance_is_the_label():
    y = np.array([-2.0, -1.0, 1.0, 3.0])
    assert chance_worse(y, np.zeros(4)) == pytest.approx([0.0, 0.0, 1.0, 1.0], abs=1e-6)


def test_a_policy_that_changes_nothing_is_not_worse():
    """No future differed in a draw: the chance that it does worse there is zero."""
    y, luck = np.array([0.0, 1.0, -1.0, 0.0]), np.array([0.0, 1.0, 1.0, 0.0])
    assert chance_worse(y, luck)[[0, 3]] == pytest.approx([0.0, 0.0])


def test_shares_and_chances_agree():
    rng = np.random.default_rng(4)
    view = ByDraw(rng.normal(-1.0, 1.5, 500), np.ones(500), np.ones(500))
    assert view.shares().above == pytest.approx(view.chance_above(np.zeros(500)).mean())


def test_pawn_agrees_with_salib_but_for_the_dummy():
    """Ishigami: the mean KS distance over ten bins, less the same of a dummy; x2 beside x1, x3 low."""
    u = np.random.default_rng(5).random((3000, 4))
    y = ishigami(u)
    found = pawn(table(u), y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from SALib.analyze import pawn as theirs

        problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4}
        other = np.asarray(theirs.analyze(problem, u, y, S=10)["mean"], float)
    ours = np.array([i.value for i in found])
    # The dummy's score is taken off all alike; SALib's own dummy is the fourth input.
    assert ours - ours[3] == pytest.approx(other - other[3], abs=0.015)
    assert [i.name for i in rank(found).unranked] == ["x4"]


def test_a_dummy_scores_zero_on_pawn():
    """Twenty beliefs without influence: by their intervals about one in forty is told from zero."""
    rng = np.random.default_rng(6)
    found = pawn(table(rng.random((1000, 20))), rng.standard_normal(1000))
    assert np.mean([i.value for i in found]) == pytest.approx(0.0, abs=0.005)
    assert len(rank(found).ranked) <= 3


def test_every_question_has_an_answer_on_few_draws():
    """Sixteen draws of thirty beliefs: undefined or uncertain, but no mistake and no warning."""
    from openchannel.analysis import belief as b

    rng = np.random.default_rng(7)
    draws = table(rng.random((16, 30)))
    losses = np.stack([np.zeros(16), rng.standard_normal(16), rng.standard_normal(16)], axis=1)
    difference, luck = losses[:, 1], np.ones(16)
    expected = b.expected_difference(draws, difference)
    chance = chance_worse(difference, luck, expected=expected)
    box = b.discover(draws, chance).box
    for target in (b.size_of_difference(difference, luck), b.sign_of_difference(chance)):
        assert len(b.first_order(draws, target)) == 30
        assert len(b.shapley_effects(draws, target).effects) == 30
    assert len(pawn(draws, difference)) == len(b.regional(draws, chance)) == 30
    assert b.stability(draws, chance, box).coverage >= 0.0
    assert b.grow(draws, chance).leaves
    halves = np.stack([losses, losses + rng.standard_normal(losses.shape)])
    assert np.isfinite(b.value_of_certainty(draws, halves).at_least.value)
    assert b.chance_best(draws, halves).shape == (16, 3)
    assert len(b.value_of_knowing(draws, losses)) == len(b.value_of_control(draws, losses)) == 30
    question = b.measured("q", belief("x1"), 1.0)
    assert b.value_of_asking(draws, losses, question).name == "q"
