"""The NumPy version of the benchmark plays the kernel's game: outcomes agree in distribution."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from naive import reference_values as ref
from unit.kernel.lab import CONTROL, arm, beliefs, design, run

from openchannel.kernel.keys import Out

sys.path.insert(0, str(Path(__file__).parents[3] / "benches"))
from numpy_futures import simulate_many

# Values that make rare things common, so that every branch is visited often.
STRESS = {
    "lam_suc": 0.5, "lam_def": 0.5, "lam_open": 1.0, "p_IW": 0.3, "p_inst": 0.5, "fb4": 0.4,
    "fb3": 0.4, "fb2": 0.6, "p_dec": 0.3, "lam_KC": 0.02, "lam_FA": 1.0, "pi2": 0.03, "pi3": 0.15,
    "q_on4": 0.2, "q_on5": 0.5, "p_d": 0.3, "n0": 3.0, "q12": 3.0, "h_A": 1.0, "h_A_shape": 0.7,
    "conc_scale": 1.0, "ci_mult": 8.0, "nuc_instability": 1.0, "adm_full": 1.0, "h_term": 0.3,
    "p_nw": 0.5, "up_rel": 0.1, "up_K": 2.0, "fat_war_sd": 0.3, "fat_lim_sd": 0.3,
    "fat_large_sd": 0.3, "fat_r4_sd": 0.5, "fat_inc_sd": 0.5,
}  # fmt: skip
RULED = {"scale_up": 1, "exit_review": 1, "exit_deception": 1, "surge": 1, "belief": 1}
WEEKS, N = 130, 2500


@pytest.mark.parametrize(
    ("policy", "target", "rules"),
    [("P0", "P0", {}), ("P11", "P11", {}), ("P16", "P7", {}), ("P9", "P7", RULED)],
)
def test_numpy_version_agrees_in_distribution(
    policy: str, target: str, rules: dict[str, float]
) -> None:
    """Means of every outcome differ by less than 4.5 standard errors, rare branches made common.

    With 70 outcomes and four cases the chance of a false alarm is about one in 500.
    """
    one = arm(policy, target, **rules)
    here = run(design([one], WEEKS), beliefs(**STRESS), N)[:, 0, 0]
    par = {**ref.PARAMETERS, **STRESS}
    there = simulate_many(par, ref.COLUMNS, one.stages, one.rules, ref.CALENDAR, WEEKS, N, 3)
    apart = {}
    for name in there.keys() - CONTROL:
        ours, theirs = here[:, Out[name]], there[name]
        error = np.sqrt((ours.var() + theirs.var()) / N)
        if abs(ours.mean() - theirs.mean()) > 4.5 * error + 1e-9:
            apart[name] = (ours.mean(), theirs.mean(), error)
    assert apart == {}
