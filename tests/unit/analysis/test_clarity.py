"""Directions of clarity in the simulator's crisis and in a small game."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit.kernel.lab import bench

from openchannel.analysis.clarity import clarity_of
from openchannel.casefile import load_case
from openchannel.casefile.games import load_games
from openchannel.domain import Case
from openchannel.kernel.crisis import move_chances


def _escalates(case: Case, rung: str, reliability: float) -> float:
    """Chance that a move at a rung escalates, by the simulator itself, without contact."""
    at = {k: case.parameters[k].value for k in ("f0", "m0", "e_f", "zeta", "uH", "uB")}
    at |= {f"{k}{rung}": case.parameters[k][rung] for k in ("h", "fb")}
    return float(move_chances(bench(**at).par, int(rung), 0.0, 0.0, reliability)[0])


def _with(case: Case, key: str, value: float) -> Case:
    changed = replace(case.parameters[key], values=(value,))
    return replace(case, parameters={**case.parameters, key: changed})


def test_reliability_calms_at_the_defaults() -> None:
    """At every rung fewer moves escalate under full reliability than under none.

    The change is that of the simulator's own chance of a move up.
    """
    case = load_case("korea")
    rungs = clarity_of(case, load_games("korea", case).crisis)
    assert [c.rung for c in rungs] == ["1", "2", "3", "4"]
    for rung in rungs:
        change = _escalates(case, rung.rung, 1.0) - _escalates(case, rung.rung, 0.0)
        assert rung.simulator == pytest.approx(change)
        assert rung.simulator < 0.0 < rung.turns


def test_reliability_harms_above_the_turning_point_and_only_there() -> None:
    """At the turn it changes nothing; a little above it escalates, a little below it calms.

    At rung 1 the turn is .75 x .4 x .3 x .25 of calm over .25 x .28 of hostility.
    """
    case = load_case("korea")
    payoffs = load_games("korea", case).crisis
    rungs = clarity_of(case, payoffs)
    assert rungs[0].turns == pytest.approx(0.0225 / 0.07)
    for i, rung in enumerate(rungs):
        below, there, above = (
            clarity_of(_with(case, "zeta", rung.turns + by), payoffs)[i].simulator
            for by in (-0.01, 0.0, 0.01)
        )
        assert below < 0.0 < above
        assert there == pytest.approx(0.0, abs=1e-12)


def test_agreement_counts_payoffs_in_their_ranges() -> None:
    """With ranges of no width it is all or nothing, and without payoffs there is no check."""
    case = load_case("korea")
    payoffs = load_games("korea", case).crisis
    point = {name: replace(p, low=p.value, high=p.value) for name, p in payoffs.items()}
    for rung in clarity_of(case, point):
        assert rung.agreement == float(rung.agrees)
    assert all(0.0 < c.agreement <= 1.0 for c in clarity_of(case, payoffs))
    assert clarity_of(case, {}) == ()
