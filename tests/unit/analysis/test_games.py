"""Small games against closed forms, independent fixed points, and textbook equilibria."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special

from openchannel.analysis.games import CrisisGame, optimal_demand, quantal_response


def test_matching_pennies_is_even_at_any_precision() -> None:
    """The equilibrium of the symmetric game is one half, whatever the precision."""
    row = np.array([[1.0, -1.0], [-1.0, 1.0]])
    for precision in (0.5, 3.0, 10.0):
        mine, theirs = quantal_response(row, -row, precision)
        assert mine == pytest.approx([0.5, 0.5], abs=1e-9)
        assert theirs == pytest.approx([0.5, 0.5], abs=1e-9)


def test_asymmetric_pennies_agree_with_a_root_found_otherwise() -> None:
    """One payoff is 9: the equilibrium is the root of a single equation in the row's chance."""
    row = np.array([[9.0, 0.0], [0.0, 1.0]])
    column = np.array([[0.0, 1.0], [1.0, 0.0]])
    precision = 1.5

    def gap(p: float) -> float:
        q = special.expit(precision * (1.0 - 2.0 * p))
        return p - float(special.expit(precision * (10.0 * q - 1.0)))

    p = optimize.brentq(gap, 0.0, 1.0, xtol=1e-13)
    mine, theirs = quantal_response(row, column, precision)
    assert mine[0] == pytest.approx(p, abs=1e-8)
    assert theirs[0] == pytest.approx(special.expit(precision * (1.0 - 2.0 * p)), abs=1e-8)


def test_prisoners_defect_as_precision_grows() -> None:
    """The prisoner's dilemma has one equilibrium, to which the logit equilibrium tends."""
    row = np.array([[3.0, 0.0], [5.0, 1.0]])
    mine, theirs = quantal_response(row, row.T, 12.0)
    assert mine[1] > 0.999
    assert theirs[1] > 0.999


def test_the_best_demand_is_the_maximum_of_what_it_brings() -> None:
    """Fearon's trade-off: the closed form is where a fine grid of demands is best."""
    win, own, most = 0.4, 0.1, 0.3
    demand, war = optimal_demand(win, own, most)
    grid = np.linspace(win, win + most, 100_001)
    refused = (grid - win) / most
    best = grid[(grid * (1 - refused) + (win - own) * refused).argmax()]
    assert demand == pytest.approx(best, abs=1e-5)
    assert war == pytest.approx((most - own) / (2 * most))
    assert optimal_demand(win, 0.5, most) == (win, 0.0), "who fears war more runs no risk"


def test_clearer_signals_end_wars_of_the_bold() -> None:
    """Where the prior makes the demander ask much, war falls from .2 to 0 as signals clear.

    With a tenth of certainty lacking, only resolute rivals taken for weak fight.
    """
    bold = CrisisGame(0.5, 0.1, 0.3, 0.05, resolute=0.2)
    assert bold.chance_of_war(0.5, 0.5) == pytest.approx(0.2)
    assert bold.chance_of_war(0.1, 0.1) == pytest.approx(0.2 * 0.1)
    assert bold.chance_of_war(0.0, 0.0) == 0.0


def test_a_half_clear_signal_can_cause_wars_of_the_cautious() -> None:
    """Where the prior makes the demander ask little there is no war, until a signal emboldens.

    Clarity harms up to where it persuades, then helps.
    """
    cautious = CrisisGame(0.5, 0.1, 0.3, 0.05, resolute=0.7)
    assert cautious.chance_of_war(0.5, 0.5) == 0.0
    assert cautious.chance_of_war(0.2, 0.2) == pytest.approx(0.7 * 0.2)
    assert cautious.chance_of_war(0.0, 0.0) == 0.0


def test_choices_tend_to_best_replies() -> None:
    """At high precision the logit game is the game of best replies, but where both are as good."""
    game = CrisisGame(0.5, 0.1, 0.3, 0.05, resolute=0.2, precision=200.0)
    # Who is offered exactly what war brings refuses half of the time: .5 of the weak.
    assert game.chance_of_war(0.0, 0.0) == pytest.approx(0.5, abs=0.02)
