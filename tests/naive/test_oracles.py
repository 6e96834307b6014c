"""Numbers the specification prints (E2), from the formulas of the twin."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from . import conflict, ties
from . import reference_values as ref
from .draws import capped_lognormal_mean, categorical, lognormal, poisson, weekly
from .future import simulate
from .philox import uniforms
from .record import Calendar, Future, Inputs, Week, begin_future, begin_week

P0_LEVERS, P0_CADENCE = ref.POLICIES["P0"]


def inputs(**changes: float) -> Inputs:
    par = SimpleNamespace(**{**ref.PARAMETERS, **changes})
    ch, rules = SimpleNamespace(**ref.COLUMNS), SimpleNamespace(**ref.RULES["P0"])
    return Inputs(par, ch, ref.SLOTS, ref.stages("P0"), rules, ref.CALENDAR, uniforms(1, 0))


def crisis(rung: int, rel: float, **changes: float) -> tuple[Inputs, Future, Week]:
    inp = inputs(**changes)
    f, w = begin_future(inp), begin_week(inp, 0)
    f.st.r, w.rel = rung, SimpleNamespace(bargain=rel, d24=rel, kc=rel, nuc=rel)
    return inp, f, w


def absorption(rel: float, **changes: float) -> tuple[np.ndarray, np.ndarray]:
    """(up, down) by rung, and the chance to end at rung `top` from rung 1.. for each top."""
    moves = np.array([conflict.move_probabilities(*crisis(r, rel, **changes)) for r in range(1, 5)])
    reach = np.full((6, 5), np.nan)
    for top in (3, 4, 5):
        up, down = moves[: top - 1].T
        inner = np.diag(1 - up - down) + np.diag(up[:-1], 1) + np.diag(down[1:], -1)
        into_top = np.zeros(top - 1)
        into_top[-1] = up[-1]
        reach[top, 1:top] = np.linalg.solve(np.eye(top - 1) - inner, into_top)
    return moves, reach


@pytest.mark.parametrize(
    ("rel", "moves", "reach"),
    [
        (0.0, [(0.12400, 0.09500), (0.03520, 0.09240), (0.02380, 0.17440), (0.02160, 0.16400)],
         (0.007668, 0.028966, 0.26475, 0.05401, 0.20402)),
        (0.1, [(0.12276, 0.09617), (0.03492, 0.09349), (0.02370, 0.17627), (0.02159, 0.16556)],
         (0.007190, 0.027903, 0.25769, 0.05135, 0.19925)),
        (0.4, [(0.11904, 0.09968), (0.03409, 0.09677), (0.02342, 0.18189), (0.02155, 0.17024)],
         (0.005935, 0.025011, 0.23729, 0.04410, 0.18586)),
    ],
)  # fmt: skip
def test_crisis_chain(
    rel: float, moves: list[tuple[float, float]], reach: tuple[float, ...]
) -> None:
    """E2.5: moves and absorption as printed, to the last digit."""
    got, absorbed = absorption(rel)
    assert np.abs(got - moves).max() < 0.6e-5
    war_1, war_3 = absorbed[5, 1], absorbed[5, 3]
    assert reach[:2] == pytest.approx((war_1, war_3), abs=0.6e-6)
    at_3, at_4, at_4_from_3 = absorbed[3, 1], absorbed[4, 1], absorbed[4, 3]
    assert reach[2:] == pytest.approx((at_3, at_4, at_4_from_3), abs=0.6e-5)


@pytest.mark.parametrize(
    ("zeta", "from_1", "from_3"),
    [(0.0, 0.704, 0.807), (0.1, 0.774, 0.863), (0.3, 0.928, 0.983), (0.4, 1.013, 1.047),
     (0.6, 1.198, 1.181)],
)  # fmt: skip
def test_clarity_calms_or_emboldens(zeta: float, from_1: float, from_3: float) -> None:
    """E2.5: ratio of war chances at Rel 0.4 and 0 for each strength of emboldening."""
    clear, dark = absorption(0.4, zeta=zeta)[1], absorption(0.0, zeta=zeta)[1]
    ratios = clear[5, [1, 3]] / dark[5, [1, 3]]
    assert (from_1, from_3) == pytest.approx(tuple(ratios), abs=0.6e-3)


def test_two_rungs_are_gamblers_ruin() -> None:
    """E2.5: from rung 1 the chance to reach 2 before 0 is u / (u + d)."""
    up, down = conflict.move_probabilities(*crisis(1, 0.0))
    rung_up = 0
    for i in range(400):
        inp, f, w = crisis(1, 0.0)
        while f.st.r == 1:
            w = begin_week(Inputs(*vars(inp).values()), w.t + 1)
            w.rel = SimpleNamespace(bargain=0.0, d24=0.0)
            conflict._move(inp, f, w, uniforms(3, i)(15, 0, w.t))
        rung_up += f.st.r == 2
    expected = up / (up + down)
    assert abs(rung_up / 400 - expected) < 3 * math.sqrt(expected * (1 - expected) / 400)


def test_pre_emption() -> None:
    """E2.6: strike chances with and without a message; limits of the stake and of the noise."""
    p = SimpleNamespace(**ref.PARAMETERS)
    without = [conflict.strike_probability(p, r, 55.0, message=False) for r in (2, 3, 4)]
    with_message = [conflict.strike_probability(p, r, 55.0, message=True) for r in (2, 3, 4)]
    assert [1.77e-6, 1.303e-3, 5.923e-2] == pytest.approx(without, rel=3e-3)
    assert [1.41e-8, 4.30e-5, 6.615e-3] == pytest.approx(with_message, rel=3e-3)
    p.B_stake = 0.0
    assert conflict.strike_probability(p, 4, 55.0, message=False) == 0.0
    p.B_stake, p.sigma_d = 0.8, 1e-6
    assert conflict.strike_probability(p, 4, 55.0, message=False) == 0.0  # .3429 < .7131
    p.pi4 = 0.5
    assert conflict.strike_probability(p, 4, 55.0, message=False) == 1.0


@pytest.mark.parametrize(
    ("R", "start", "all_open"), [(0, 0.0624, 0.2018), (1, 0.1212, 0.3522), (2, 0.1690, 0.4489)]
)
def test_reliability(R: int, start: float, all_open: float) -> None:
    """E2.7: Rel(24) of the start state, and with every channel open at half strength."""
    inp = inputs()
    f, w = begin_future(inp), begin_week(inp, 0)
    f.st.R = R
    ties.reliability(inp, f, w)
    assert start == pytest.approx(w.rel.d24, abs=0.6e-4)
    f.s, f.O = [0.5] * 11, [1] * 11
    ties.reliability(inp, f, w)
    assert all_open == pytest.approx(w.rel.d24, abs=0.6e-4)
    assert w.rel.nuc < w.rel.kc == w.rel.d6 < w.rel.d24 == w.rel.bargain < w.rel.d72 < 1 - 0.35
    f.O = [0] * 11
    ties.reliability(inp, f, w)
    assert (0.0, 0.0) == (w.rel.d24, w.K_eff)


def test_equal_independent_channels() -> None:
    """E2.7: (1 - q)(1 - (1 - p)^k) for p = 0.2, k = 5, q = 0.35."""
    inp = inputs(q_tie=0.0, b0=0.2, b1=0.2, psi1=1.0)
    one = [1.0] * 5
    ch = SimpleNamespace(auth=one, rho=one, tau=[1e-3] * 5, surge=[0] * 5)
    inp = Inputs(inp.p, ch, range(5), inp.stages, inp.rules, inp.calendar, inp.u)
    f, w = begin_future(inputs()), begin_week(inp, 0)
    f.st.R, f.s, f.O = 1, [0.3] * 5, [1] * 5
    ties.reliability(inp, f, w)
    assert pytest.approx(w.rel.d24, abs=0.6e-5) == 0.43701
    assert pytest.approx(w.K_eff) == 5.0


def test_survival_over_two_inaugurations() -> None:
    """E2.10: 0.755^2 = 0.570 at persist 0.65, 0.297 at 0.35; 0.467 and 0.243 with termination."""
    expected = {0.65: (0.570, 0.467), 0.35: (0.297, 0.243)}
    for persist, (alone, with_termination) in expected.items():
        kept = (persist + ref.PARAMETERS["keep_base"] * (1 - persist)) ** 2
        assert alone == pytest.approx(kept, abs=0.6e-3)
        assert with_termination == pytest.approx(kept * (1 - weekly(0.02)) ** 520, abs=0.6e-3)


def quiet(**changes: float) -> dict[str, float]:
    """Values with feedbacks off: events are Poisson, tension is an autoregression."""
    off = {"n_H": 0.0, "beta_theta": 0.0, "beta_X": 0.0, "gamma_D": 0.0, "gamma_L": 0.0,
           "gamma_MH": 0.0, "m_low": 1.0, "m_high": 1.0, "eta_A": 1.0, "fb4": 0.0, "lam_KC": 0.0,
           "p_IW": 0.0, "lam_FA": 0.0}  # fmt: skip
    return {**ref.PARAMETERS, **off, **changes}


def many(par: dict[str, float], n: int, **more: Any) -> list[dict[str, Any]]:
    weeks, policy = more.pop("weeks", 520), more.pop("policy", "P0")
    return [
        simulate(par, ref.COLUMNS, ref.SLOTS, ref.stages(policy), ref.RULES[policy],
                 ref.CALENDAR, weeks, uniforms(11, i), **more)
        for i in range(n)
    ]  # fmt: skip


def test_events_are_poisson_without_feedback() -> None:
    """E2.1: 117 events in ten years; no lethal incident with probability e^-2.2."""
    n = 12
    runs = many(quiet(beta_on=0.0), n)
    events = [sum(run[f"ev{k}"] for k in (2, 3, 4, 5)) for run in runs]
    assert abs(sum(events) / n - 117.0) < 3 * math.sqrt(117.0 / n)
    lethal = sum(run["lethal"] for run in runs)
    assert abs(lethal / n - 520 * weekly(0.22)) < 3 * math.sqrt(2.2 / n)


def test_tension_is_an_autoregression_without_jumps() -> None:
    """E2.3: mean mu, standard deviation 0.4804, lag-1 correlation 0.95."""
    still = dict.fromkeys(("j2", "j3", "j4", "j5", "j_col", "j_suc", "mu_drive"), 0.0)
    par = quiet(**still, theta_min=-9.0)
    theta = np.array([[row["theta"] for row in run["trace"][100:]]
                      for run in many(par, 12, trace=True)])  # fmt: skip
    assert abs(theta.mean() + 0.75) < 3 * 0.15 / 0.05 / math.sqrt(theta.size)
    assert pytest.approx(theta.std(), rel=0.12) == 0.4804
    lag_1 = np.corrcoef(theta[:, 1:].ravel(), theta[:, :-1].ravel())[0, 1]
    assert pytest.approx(lag_1, abs=0.02) == 0.95


def test_arsenal_without_limits_grows_by_the_rate() -> None:
    """E3.9: cap_B = 0, xi = 0 and p_trade = 0 give W(0) + g years exactly, for survivors."""
    (run,) = many(quiet(p_trade=0.0, cap_B=0.0, xi_TB=0.0, xi_L=0.0), 1)
    assert pytest.approx(run["W_T"], rel=1e-12) == 55.0 + 80.0
    assert run["ag_real"] == 0


def test_nothing_can_start_a_war_when_every_path_is_shut() -> None:
    """E3.7: no path, no war, and the compensators stay at zero."""
    runs = many(quiet(beta_theta=0.3), 6, policy="P7")
    assert [0.0] * 6 == [run["war"] + run["rb_war"] + run["rb_nuc"] for run in runs]


def test_ties_at_null_leave_events_to_luck() -> None:
    """E3.1: without tie effects and with equal levers two cadences meet the same events."""
    null = dict.fromkeys(
        ("e_f", "e_KC", "e_w", "q_tie", "gamma_D", "gamma_L", "gamma_MH", "b_off", "b_n", "b_Rel",
         "b_A", "zeta", "p_dec", "f_F", "xi_TB", "xi_L", "e_K", "e_inst", "chi", "n0",
         "lam_open", "lam_hum", "lam_suc", "c_gain_det", "c_gain_open", "c_gain_hum",
         "c_gain_suc", "c_gain_def"), 0.0,
    ) | {"l_m": 1.0}  # fmt: skip
    par = {**ref.PARAMETERS, **null}
    stages = [ref.POLICIES["P0"], (P0_LEVERS, ref.POLICIES["P7"][1])] * 2
    same = ("war", "crises", "crises_r3", "r_max", "ev2", "ev3", "ev4", "ev5", "fat_inc", "theta")
    for i in range(3):
        thin, thick = (
            simulate(par, ref.COLUMNS, ref.SLOTS, [s, s, s], ref.RULES["P1"], ref.CALENDAR, 300,
                     uniforms(2, i))
            for s in stages[:2]
        )  # fmt: skip
        assert [thin[name] for name in same] == [thick[name] for name in same]
        assert thin["contacts"] < thick["contacts"]


def test_suspension_stops_contact() -> None:
    """E3.11: a trigger stops the suspended channels; a threshold above 5 equals no rule."""
    levers, cadence = ref.POLICIES["P11"]
    rule_off = [(dict(levers, susp=severity), cadence) for severity in (6, 99)]
    runs = [
        simulate(ref.PARAMETERS, ref.COLUMNS, ref.SLOTS, [ref.POLICIES["P0"], s, s],
                 ref.RULES["P11"], ref.CALENDAR, 104, uniforms(4, 1))
        for s in [*rule_off, (levers, cadence)]
    ]  # fmt: skip
    assert runs[0] == runs[1]
    assert runs[2]["contacts"] < runs[1]["contacts"]


def test_persist_decides_how_long_a_policy_lives() -> None:
    """E3.10: persist 1 and no termination keep the policy; persist 0 keeps it with 0.3."""
    levers, cadence = ref.POLICIES["P7"]
    weekly_test = Calendar(frozenset(range(1, 200)), frozenset(), 0)
    par = {**quiet(), "h_term": 0.0}
    for persist, expected in ((1.0, 200.0), (0.0, 1 / 0.7)):
        stage = (dict(levers, persist=persist), cadence)
        weeks = [
            simulate(par, ref.COLUMNS, ref.SLOTS, [ref.POLICIES["P0"], stage, stage],
                     ref.RULES["P7"], weekly_test, 200 if persist else 30,
                     uniforms(5, i))["pe_weeks"]
            for i in range(1 if persist else 80)
        ]  # fmt: skip
        assert abs(sum(weeks) / len(weeks) - expected) < 3 * math.sqrt(0.3 / 0.49 / len(weeks))


def test_draws_invert_their_laws() -> None:
    """Poisson, categorical and log-normal by inversion; the capped mean in closed form."""
    points = (np.arange(20000) + 0.5) / 20000
    assert pytest.approx(np.mean([poisson(u, 2.9, 64) for u in points]), abs=1e-3) == 2.9
    assert [0, 1, 2, 2] == [categorical(u, [0.2, 0.3, 0.4]) for u in (0.1, 0.3, 0.6, 0.99)]
    assert poisson(1 - 1e-12, 50.0, 8) == 8
    capped = np.mean([min(lognormal(u, 150e3, 1.3), 5e6) for u in points])
    assert pytest.approx(capped, rel=1e-3) == capped_lognormal_mean(150e3, 1.3, 5e6)
