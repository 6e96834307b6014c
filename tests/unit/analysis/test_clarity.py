"""Directions of clarity in the simulator's crisis and in a small game."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openchannel.analysis.clarity import clarity_of
from openchannel.casefile import load_case
from openchannel.casefile.games import load_games


def test_reliability_harms_above_the_turning_point() -> None:
    """At the defaults it calms at every rung; with emboldening past the turn it escalates there."""
    case = load_case("korea")
    payoffs = load_games("korea", case).crisis
    rungs = clarity_of(case, payoffs)
    assert [c.rung for c in rungs] == ["1", "2", "3", "4"]
    # .75 x .4 x .3 x .25 of calm against .25 x .28 of hostility.
    assert rungs[0].turns == pytest.approx(0.0225 / 0.07)
    for rung in rungs:
        assert (rung.simulator > 0.0) == (case.parameters["zeta"].value > rung.turns)
    zeta = replace(case.parameters["zeta"], values=(rungs[0].turns + 0.01,))
    bolder = replace(case, parameters={**case.parameters, "zeta": zeta})
    assert clarity_of(bolder, payoffs)[0].simulator > 0.0


def test_agreement_counts_payoffs_in_their_ranges() -> None:
    """With ranges of no width it is all or nothing, and without payoffs there is no check."""
    case = load_case("korea")
    payoffs = load_games("korea", case).crisis
    point = {name: replace(p, low=p.value, high=p.value) for name, p in payoffs.items()}
    for rung in clarity_of(case, point):
        assert rung.agreement == float(rung.agrees)
    assert all(0.0 < c.agreement <= 1.0 for c in clarity_of(case, payoffs))
    assert clarity_of(case, {}) == ()
