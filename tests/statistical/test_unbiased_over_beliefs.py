"""Sums of chances against counted events, over sampled beliefs, rules and worlds.

Null: the mean of the sharp estimate less the counted one is zero, draw by draw independent. Twenty
pairs of policy and world are looked at for each of three outcomes; four standard errors would be
passed by chance about once in two hundred seeds. The seed is fixed.
"""

from __future__ import annotations

import numpy as np
import pytest

from openchannel.casefile import load_case
from openchannel.ensemble import Collected, Ensemble, make_plan, run_plan, sample_beliefs
from openchannel.model import pack_design
from openchannel.model.metrics import metric_index

POLICIES = ("P0", "P1", "P7", "P16")
PAIRS = {
    "p_war": "p_war_raw",
    "p_nuclear_use": "p_nuclear_use_raw",
    "p_large_exchange": "p_large_exchange_raw",
    "fatalities": "fatalities_raw",
}


@pytest.fixture(scope="module")
def collected() -> Collected:
    case = load_case("korea")
    plan = make_plan(
        case_fingerprint="", seed=4, futures=2048, policies=POLICIES, baseline="P0",
        worlds=tuple(w.id for w in case.worlds), ranges=True, overlay="", horizon_weeks=520,
    )  # fmt: skip
    sample = sample_beliefs(case, plan.n_draws, plan.seed)
    return run_plan(Ensemble(case, plan, pack_design(case, POLICIES), sample, case.worlds))


def apart(collected: Collected, sharp: str, counted: str) -> np.ndarray:
    """Distance of the two means in standard errors: float64[world, policy]."""
    gap = collected.numerator[..., metric_index(sharp)]
    gap = gap - collected.numerator[..., metric_index(counted)]
    return gap.mean(axis=0) / (gap.std(axis=0, ddof=1) / np.sqrt(len(gap)))


@pytest.mark.parametrize("sharp", PAIRS)
def test_sharp_estimates_agree_with_counting(collected: Collected, sharp: str) -> None:
    """In every world and policy, adaptive rules among them."""
    assert np.abs(apart(collected, sharp, PAIRS[sharp])).max() < 4


@pytest.mark.parametrize("sharp", PAIRS)
def test_so_do_their_differences(collected: Collected, sharp: str) -> None:
    """What a policy changes is the same by counting, within the noise of counting."""
    gap = collected.numerator[..., metric_index(sharp)]
    gap = gap - collected.numerator[..., metric_index(PAIRS[sharp])]
    paired = gap[:, :, 1:] - gap[:, :, :1]
    error = paired.std(axis=0, ddof=1) / np.sqrt(len(paired))
    assert (np.abs(paired.mean(axis=0)) < 4 * error).all()


def test_a_bias_of_a_quarter_would_be_seen(collected: Collected) -> None:
    """Power: a chance of war a quarter too high is out of the band in the pooled mean."""
    war, counted = (
        collected.numerator[..., metric_index(m)].mean(axis=(1, 2)) for m in ("p_war", "p_war_raw")
    )
    gap = 1.25 * war - counted
    assert gap.mean() > 4 * gap.std(ddof=1) / np.sqrt(len(gap))
