"""H23: a model held to the record's states meets about as often as the record says."""

from __future__ import annotations

import numpy as np
import pytest

from openchannel.calibration.negotiations import receptivity_shares, simulated_meetings
from openchannel.evidence import Record
from openchannel.model import central_beliefs
from openchannel.usecases.cases import load


def test_states_of_a_period_are_shares() -> None:
    """Each period has three shares with the sum 1; talks of 1993-94 left fewer weeks closed."""
    with Record.open(load("korea").evidence_folder) as record:
        shares = receptivity_shares(record)
    assert list(shares) == [f"H23.{y}" for y in (1990, 1993, 1994, 2001, 2009, 2017, 2019)]
    assert all(s.sum() == pytest.approx(1.0) for s in shares.values())
    assert shares["H23.1993"][0] < shares["H23.1990"][0] < shares["H23.2019"][0]


def test_meetings_follow_the_states() -> None:
    """Closed, wary and open in turn: each step more meetings, and a mixture lies between."""
    case = load("korea")
    beliefs = central_beliefs(case)
    rate = [
        simulated_meetings(case, beliefs, 1, {"H23.1993": np.eye(3)[state]})["H23.1993"]
        for state in (0, 1, 2)
    ]
    half = simulated_meetings(case, beliefs, 1, {"H23.1993": np.array([0.5, 0.0, 0.5])})
    assert rate[0][0] < rate[1][0] < rate[2][0]
    assert half["H23.1993"][0] == pytest.approx((rate[0][0] + rate[2][0]) / 2)
    # New York's line is open from the start and asked for 24 times a year: closed, a tenth of it.
    assert rate[0][0] == pytest.approx(2.4, abs=0.3)
