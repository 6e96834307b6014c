"""Small games against closed forms, independent fixed points, and textbook equilibria."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

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


def test_logit_choices_are_the_fixed_point_of_the_tree() -> None:
    """The chance of war equals that of an iteration over every branch, written another way.

    All chances of all moves are improved together from equal ones until they no longer change.
    """
    win, own, weak, firm, resolute, precision = 0.5, 0.1, 0.3, 0.05, 0.35, 7.0
    false_alarm, missed = 0.2, 0.3
    types = {"weak": (1 - resolute, weak, false_alarm), "firm": (resolute, firm, 1 - missed)}
    demands = (win + firm, win + weak)
    refuse = {(t, d): 0.5 for t in types for d in demands}
    ask = {(s, d): 0.5 for s in ("firm", "weak") for d in demands}

    def chance(kind: str, signal: str) -> float:
        prior, _, looks_firm = types[kind]
        return prior * (looks_firm if signal == "firm" else 1 - looks_firm)

    for _ in range(50):
        for kind, d in refuse:
            fight, grant = 1 - win - types[kind][1], 1 - d
            refuse[kind, d] = float(special.expit(precision * (fight - grant)))
        for signal in ("firm", "weak"):
            seen = sum(chance(t, signal) for t in types)
            worth = [
                sum(
                    chance(t, signal) / seen * (refuse[t, d] * (win - own) + (1 - refuse[t, d]) * d)
                    for t in types
                )
                for d in demands
            ]
            for d, p in zip(demands, special.softmax(precision * np.array(worth)), strict=True):
                ask[signal, d] = float(p)
    war = sum(
        chance(t, s) * ask[s, d] * refuse[t, d]
        for t in types
        for s in ("firm", "weak")
        for d in demands
    )
    game = CrisisGame(win, own, weak, firm, resolute, precision)
    assert game.chance_of_war(false_alarm, missed) == pytest.approx(war, abs=1e-12)


def test_the_demander_trades_risk_for_return() -> None:
    """Fearon's closed form with two kinds of rival: ask much where the resolute are rare enough.

    Asking much brings (1 - r)(w + b) + r(w - a), asking little w + f; so it is better where r is
    under (b - f) / (b + a), and then war comes as often as the rival is resolute.
    """
    win, own, weak, firm = 0.5, 0.1, 0.3, 0.05
    turn = (weak - firm) / (weak + own)
    for resolute in (0.1, turn - 0.01, turn + 0.01, 0.9):
        war = CrisisGame(win, own, weak, firm, resolute).chance_of_war(0.5, 0.5)
        assert war == pytest.approx(resolute if resolute < turn else 0.0)


@pytest.mark.parametrize(("win", "weak", "firm"), [(0.5, 0.3, 0.05), (0.2, 0.6, 0.1)])
@pytest.mark.parametrize("resolute", [0.0, 1.0])
def test_who_knows_the_rival_asks_what_war_would_leave_him(
    win: float, weak: float, firm: float, resolute: float
) -> None:
    """Complete information: the demand leaves the rival his worth of war, and is granted.

    Fearon's first result: with one kind of rival the range of bargains is not empty, so no war
    comes whatever the signals. The rival is left 1 - w - c, his share less his cost.
    """
    game = CrisisGame(win, 0.1, weak, firm, resolute)
    (demand,) = game.demands[game.asked(resolute) == 1.0]
    assert 1.0 - demand == pytest.approx(1.0 - win - (firm if resolute else weak))
    for wrong in (0.0, 0.3, 1.0):
        assert game.chance_of_war(wrong, wrong) == 0.0


def test_the_ultimatum_takes_the_whole_pie() -> None:
    """Where war leaves the rival nothing, best replies are those of the ultimatum: ask for all."""
    game = CrisisGame(0.6, 0.1, weak_cost=0.4, firm_cost=0.05, resolute=0.0)
    assert game.asked(0.0) @ game.demands == pytest.approx(1.0)
    assert game.chance_of_war(0.5, 0.5) == 0.0


def test_without_precision_every_move_is_as_likely() -> None:
    """The other end of the logit game: all moves at even chances, so half of the demands fail."""
    for resolute in (0.0, 0.4, 1.0):
        game = CrisisGame(0.5, 0.1, 0.3, 0.05, resolute, precision=0.0)
        assert game.asked(resolute).tolist() == [0.5, 0.5]
        assert game.chance_of_war(0.1, 0.2) == pytest.approx(0.5)
