"""Rao-Blackwell sums against what they stand for (E2.14), and absorption of crises (E2.5).

Null: the paired difference between a sum of conditional chances and the event itself has mean
zero. Threshold: three standard errors of that difference, at fixed seeds.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from unit.kernel.lab import (
    CONTROL,
    alike,
    arm,
    beliefs,
    cadence,
    columns,
    design,
    levers,
    pick,
    run,
)

from openchannel.model import Beliefs, simulate_path

F8 = NDArray[np.float64]

#: Everything on, and wars of all four causes common enough to be counted.
COMMON_WARS = {
    "fb3": 0.35, "fb4": 0.3, "lam_leth": 0.6, "lam_KC": 0.01, "e_KC": 0.8, "lam_FA": 2.0,
    "LR_s": 20.0, "sigma_d": 1.5, "pi0": 0.004, "pi1": 0.01, "lam_suc": 0.2, "p_inst": 0.4,
    "p_IW": 0.4, "e_inst": 0.6, "p_dec": 0.05, "e_w": 0.5, "e_f": 0.6, "zeta": 0.3,
    "nuc_instability": 1.0,
}  # fmt: skip
PAIRS = {
    "war": ("rb_war", ("war",)),
    "nuclear use": ("rb_nuc", ("nuc",)),
    "large exchange": ("rb_large", ("large",)),
    "pre-emptive use": ("rb_pre", ("nuc_pre",)),
    "deaths": ("rb_fat", ("fat_war", "fat_nuc")),
    "loss": ("rb_econ", ("econ_war",)),
}


def apart(difference: F8) -> float:
    """Mean of a paired difference in its standard errors."""
    return float(difference.mean() / (difference.std(ddof=1) / math.sqrt(difference.size)))


@pytest.fixture(scope="module")
def stormy() -> F8:
    return run(design([arm("P7"), arm("P0")]), beliefs(**COMMON_WARS), 6000, seed=5)


@pytest.mark.parametrize("outcome", PAIRS)
@pytest.mark.parametrize("policy", [0, 1])
def test_compensators_equal_their_events(stormy: F8, outcome: str, policy: int) -> None:
    """E2.14: with everything on, summed chances and events agree in the mean."""
    weighed, counted = PAIRS[outcome]
    one = stormy[:, 0, policy]
    assert abs(apart(pick(one, weighed) - pick(one, *counted))) < 3


@pytest.mark.parametrize("control", sorted(CONTROL))
def test_control_variates_have_mean_zero(stormy: F8, control: str) -> None:
    """What is added to the sums to steady them has mean zero, under either policy."""
    for policy in (0, 1):
        assert pick(stormy[:, 0, policy], control).any()
        assert abs(apart(pick(stormy[:, 0, policy], control))) < 3
        difference = pick(stormy[:, 0, 0], control) - pick(stormy[:, 0, 1], control)
        assert abs(apart(difference)) < 3


def test_every_cause_of_war_is_in_the_sample(stormy: F8) -> None:
    """Escalation, pre-emption, Kill Chain and instability each begin at least fifty wars."""
    causes = pick(stormy, "war_cause").astype(int).ravel()
    assert np.bincount(causes, minlength=5)[1:].min() >= 50


@pytest.mark.parametrize("lost", ["lam_KC", "p_IW", "lam_FA"])
def test_a_forgotten_path_to_war_is_found_out(stormy: F8, lost: str) -> None:
    """Power: sums that leave one path to war out are far from the wars counted."""
    without = run(design([arm("P7")]), beliefs(**{**COMMON_WARS, lost: 0.0}), 6000, seed=5)
    assert abs(apart(pick(without[:, 0, 0], "rb_war") - pick(stormy[:, 0, 0], "war"))) > 3


def test_reference_values_too() -> None:
    """The same at reference values, where wars are one in twenty."""
    out = run(design([arm("P7")]), beliefs(), 4000, seed=9)[:, 0, 0]
    for weighed, counted in PAIRS.values():
        assert abs(apart(pick(out, weighed) - pick(out, *counted))) < 3, weighed
    for control in CONTROL:
        assert abs(apart(pick(out, control))) < 3, control
    # The reason to have them: far less noise than the events.
    assert 2 * pick(out, "rb_war").std() < pick(out, "war").std()
    assert 2 * pick(out, "rb_fat").std() < pick(out, "fat_war", "fat_nuc").std()


# The frozen chain: Rel, F and K at zero, no other path to war.
FROZEN = {
    "q_cc": 1.0, "q_tie": 0.0, "F_ex": 0.0, "lam_FA": 0.0, "lam_KC": 0.0, "p_IW": 0.0,
    "p_dec": 0.0,
}  # fmt: skip
FROM_RUNG_1 = {"lam_acc": 2.0, "lam_leth": 0.0, "q_on3": 0.0, "q_on4": 0.0, "q_on5": 0.0}
FROM_RUNG_3 = {
    "lam_acc": 0.0, "lam_leth": 4.0, "p_leth": 1.0, "q_on3": 0.0, "q_on4": 0.0, "q_on5": 0.0
}  # fmt: skip
NO_ONSETS = {"lam_acc": 0.0, "lam_leth": 0.0, "q_on3": 0.0, "q_on4": 0.0, "q_on5": 0.0}


def frozen_wars(onsets: dict[str, float], n: int, printed: float, **changes: float) -> F8:
    """War less the sum over onsets of B[start, war], future by future.

    No onset falls in the last 200 weeks, so that every crisis has come to its end.
    """
    still = columns(F_contact=0.0, know=0.0)
    plan = design([alike("P0", levers("P0", eow=0.0), cadence("P0"))], 520)
    begin = beliefs(still, **{**FROZEN, **onsets, **changes})
    end = beliefs(still, **{**FROZEN, **NO_ONSETS, **changes})
    differences = np.empty(n)
    for i in range(n):
        path = simulate_path(plan, Beliefs(begin.par[0], begin.ch[0]), 77, i, "P0", until=320)
        path = simulate_path(plan, Beliefs(end.par[0], end.ch[0]), 77, i, "P0", resume=path)
        differences[i] = path.total("war") - printed * path.total("crises")
    return differences


@pytest.mark.parametrize(
    ("onsets", "printed"), [(FROM_RUNG_1, 0.007668), (FROM_RUNG_3, 0.028966)], ids=["1", "3"]
)
def test_frozen_crises_end_in_war_as_often_as_the_chain_says(
    onsets: dict[str, float], printed: float
) -> None:
    """E2.14 and E2.5: B[start, war] summed over onsets equals the wars counted."""
    assert abs(apart(frozen_wars(onsets, 1500, printed))) < 3


def test_a_wrong_chain_is_found_out() -> None:
    """Power: firebreaks of .17 and .15 for .14 and .12 are seen from rung 3."""
    assert abs(apart(frozen_wars(FROM_RUNG_3, 1500, 0.028966, fb3=0.17, fb4=0.15))) > 3
