"""Overrides, worlds and metrics: what a school of thought does to numbers, and what sums mean."""

from __future__ import annotations

import numpy as np
import pytest

from openchannel.casefile import load_case
from openchannel.domain import METRIC_IDS, Case, Override
from openchannel.kernel.keys import Column, Out, Scalar
from openchannel.model import (
    METRICS,
    Beliefs,
    central_beliefs,
    metric_values,
    override,
    pack_design,
    simulate_replicates,
    world_beliefs,
)
from openchannel.model.metrics import EXTRAS, divisor_of, metric_index


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("korea-reference")


def test_overrides_set_and_scale_within_bounds(case: Case) -> None:
    """`set` replaces, `times` multiplies and is clipped; the beliefs given stay as they were."""
    before = central_beliefs(case)
    kept = before.copy()
    after = override(
        case, before,
        [Override("e_f", (), "set", 0.5), Override("rho", (), "times", 0.5),
         Override("fb", ("4",), "times", 1e9)],
    )  # fmt: skip
    assert 0.5 == after.par[Scalar.e_f]
    assert np.array_equal(0.5 * before.ch[:, Column.rho], after.ch[:, Column.rho])
    assert case.parameters["fb"].bounds[1] == after.par[Scalar.fb4]
    assert before.par[Scalar.fb3] == after.par[Scalar.fb3]
    assert np.array_equal(kept.par, before.par)
    assert np.array_equal(kept.ch, before.ch)


WORLDS = {
    "W1": {"gamma_D": 0.6, "e_f": 0.5, "zeta": 0.0, "b_off": 0.9, "gamma_L": 0.0, "p_trade": 0.55},
    "W2": {"gamma_D": -0.05, "e_f": 0.10, "zeta": 0.4, "gamma_L": 0.25, "gamma_MH": 0.3,
           "p_trade": 0.05, "xi_TB": 0.15, "f_F": 0.3, "p_dec": 0.02},
    "W3": {"e_f": 0, "e_KC": 0, "e_w": 0, "l_m": 1, "q_tie": 0, "gamma_D": 0, "gamma_L": 0,
           "gamma_MH": 0, "b_off": 0, "b_n": 0, "b_Rel": 0, "b_A": 0, "zeta": 0, "p_dec": 0,
           "f_F": 0, "xi_TB": 0, "xi_L": 0, "e_K": 0, "c_gain_det": 0, "c_gain_open": 0,
           "c_gain_hum": 0, "c_gain_suc": 0, "c_gain_def": 0, "e_inst": 0, "chi": 0},
    "W4": {"q01": 0.08, "b_off": 0.0},
    "W5": {},
}  # fmt: skip


@pytest.mark.parametrize("world", WORLDS)
def test_worlds_are_the_printed_ones(case: Case, world: str) -> None:
    """0.5: each world overrides what the table says, and nothing else."""
    central = central_beliefs(case)
    view = world_beliefs(case, case.world(world), central)
    changed = dict(zip(Scalar.__members__, view.par, strict=True))
    expected = {**dict(zip(Scalar.__members__, central.par, strict=True)), **WORLDS[world]}
    assert expected == changed
    halved = central.ch.copy()
    halved[:, Column.rho] *= 0.5 if world == "W4" else 1.0
    assert np.array_equal(halved, view.ch)
    assert (0.25, 0.20, 0.20, 0.15, 0.20) == tuple(w.weight for w in case.worlds)


def account(**values: float) -> np.ndarray:
    out = np.zeros((1, 1, 1, len(Out)))
    for name, value in values.items():
        out[..., Out[name]] = value
    return out


def measured(metric: str, out: np.ndarray, **weights: float) -> float:
    top, bottom = metric_values(out, weights, np.array([13.0]))
    return float(top[0, 0, 0, metric_index(metric)] / bottom[0, 0, 0, divisor_of(metric)])


def test_metric_order_is_the_contract() -> None:
    """The metric axis begins with the ids of the outcome table, each once."""
    assert METRIC_IDS == tuple(m.id for m in METRICS)
    ids = [m.id for m in METRICS + EXTRAS]
    assert len(ids) == len(set(ids))
    assert list(range(len(ids))) == [metric_index(i) for i in ids]


def test_metrics_follow_their_definitions() -> None:
    """Averages run over weeks at risk, rates over years at risk, shares over their events."""
    out = account(
        weeks=260, rel24=65, K_eff=520, ev2=10, ev3=5, ev4=3, ev5=2, lethal=2, crises=4,
        crises_r3=1, ag_real=52, cap_det=1, rb_nuc=0.5, rb_pre=0.125, arr_det=2, arr_hum=2, det_days=140, cost=13,
        fat_inc=8, fat_r4=150, rb_fat=1000, rel24_crisis=3, crisis_weeks=12, contacts=50,
    )  # fmt: skip
    expected = {
        "reliability_24h": 0.25, "thickness_channels": 2.0, "provocations_per_year": 4.0,
        "lethal_incidents_per_year": 0.4, "share_crises_lethal": 0.25, "agreement_years_real": 1.0,
        "opportunity_capture": 0.25, "detainee_days": 70.0, "programme_cost_usd": 13e6,
        "severity_2_per_year": 2.0, "severity_5_per_year": 0.4, "capture_detainee": 0.5,
        "capture_humanitarian": 0.0, "cost_per_contact_usd": 260e3, "years_at_risk": 5.0,
        "crises_per_year": 0.8, "p_nuclear_use_in_war": 0.375, "p_preemptive_use": 0.125,
        "fatalities": 1158.0, "reliability_crisis_24h": 0.25, "contacts_per_year": 10.0,
    }  # fmt: skip
    assert expected == {name: pytest.approx(measured(name, out)) for name in expected}


def test_war_by_a_year_is_read_from_the_weeks_at_risk() -> None:
    """F1.12: a war in the third year counts within four and eight years, one in the sixth not."""
    third, sixth = account(war=1, weeks=150), account(war=1, weeks=300)
    assert [1, 1] == [measured(f"p_war_{n}y_raw", third) for n in (4, 8)]
    assert [0, 1] == [measured(f"p_war_{n}y_raw", sixth) for n in (4, 8)]
    assert 0 == measured("p_war_8y_raw", account(weeks=520))


def test_deaths_up_to_a_million_are_capped_future_by_future() -> None:
    """F1.10: the capped mean leaves out what a future has beyond a million deaths."""
    assert 1e6 == measured("fatalities_capped_raw", account(fat_war=4e6, fat_inc=8))
    assert 8 == measured("fatalities_capped_raw", account(fat_inc=8))


def test_composite_loss() -> None:
    """D19: deaths count one, 13 million dollars one, any other metric its own weight."""
    out = account(weeks=52, rb_fat=100, cost=26, W_T=80)
    assert 100 + 2 == measured("composite_loss", out, fatalities=1, programme_cost=1)
    assert 100 == measured("composite_loss", out, fatalities=1)
    weighted = measured("composite_loss", out, fatalities=1, arsenal_warheads=0.5)
    assert 100 + 40 == pytest.approx(weighted)
    loose = account(rb_fat=100, loose=50, engaged=10, engaged_rights=5)
    assert 110 == measured("composite_loss", loose, fatalities=1, loose_weapons_index=0.2)
    assert 80 == measured("composite_loss", loose, fatalities=1, rights_share=-40)


def test_an_empty_account_has_no_division_by_nothing() -> None:
    """A future with war in its first week gives zeros, not errors."""
    top, bottom = metric_values(account(war=1), {"fatalities": 1.0}, np.array([13.0]))
    assert np.isfinite(top).all()
    assert np.isfinite(bottom).all()


def test_every_seed_of_64_bits_plays(case: Case) -> None:
    """The largest seed is as good as any, and is another than the smallest."""
    central = central_beliefs(case)
    beliefs = Beliefs(central.par[None], central.ch[None])
    design = pack_design(case, ("P0",))
    first, last = (simulate_replicates(design, beliefs, s, 0, 2) for s in (0, 2**64 - 1))
    assert first.shape == last.shape
    assert np.isfinite(last).all()
    assert not np.array_equal(first, last)
