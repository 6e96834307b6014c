"""Small games against closed forms, independent fixed points, and textbook equilibria."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special

from openchannel.analysis.games import CrisisGame


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
