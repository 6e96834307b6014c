"""Exact oracles of the specification (E2.4 to E2.10, E3.5, E3.6), step by step on the kernel.

Expected numbers are those printed in the specification, to their last printed digit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive import reference_values as ref
from unit.kernel.lab import Bench, bench, columns, lanes

from openchannel.kernel.bargaining import collapse_rate
from openchannel.kernel.crisis import move_chances
from openchannel.kernel.numerics import chance
from openchannel.kernel.ties import receptivity, reliability, settle
from openchannel.kernel.war import strike_chance

RUNGS = (1, 2, 3, 4)


# E2.4 ------------------------------------------------------------------------------------------


def steady_tie(channel: str, per_year: float, *, turnover: bool) -> float:
    """Closed form of the mean tie of an open channel, from the kernel's own derived fields."""
    b = bench()
    c = ref.CHANNELS.index(channel)
    k = math.exp(-b.par["g"][c] * per_year / 52)
    p = b.par["p_D"][c] if turnover else 0.0
    f = 1 - p * (1 - b.par["iota_D"][c])
    return float(f * (1 - k) / (1 - f * b.par["s_keep"][c] * k))


@pytest.mark.parametrize(
    ("channel", "per_year", "plain", "with_turnover"),
    [("INT", 6, 0.6118, 0.5301), ("GOT", 6, 0.5118, 0.4310), ("NYC", 24, 0.6381, 0.5958),
     ("UNC", 150, 0.6360, 0.6100), ("DEF", 4, 0.4110, 0.3139)],
)  # fmt: skip
def test_steady_tie(channel: str, per_year: float, plain: float, with_turnover: float) -> None:
    """E2.4: retention and turnover derived by the kernel give the printed means."""
    assert plain == pytest.approx(steady_tie(channel, per_year, turnover=False), abs=0.6e-4)
    assert with_turnover == pytest.approx(steady_tie(channel, per_year, turnover=True), abs=0.6e-4)


# E2.5 ------------------------------------------------------------------------------------------


def chances(b: Bench, rel: float) -> dict[int, tuple[float, float]]:
    """Chance of a move up and of a move down at each rung."""
    return {rung: move_chances(b.par, rung, 0.0, 0.0, rel) for rung in RUNGS}


def reach(moves: dict[int, tuple[float, float]], start: int, goal: int) -> float:
    """Chance that the chain of moves gets from `start` to `goal` before the crisis ends."""
    n = goal - 1
    stay = np.zeros((n, n))
    arrive = np.zeros(n)
    for rung in range(1, goal):
        up, down = moves[rung]
        stay[rung - 1, rung - 1] = 1 - up - down
        if rung > 1:
            stay[rung - 1, rung - 2] = down
        if rung < n:
            stay[rung - 1, rung] = up
        else:
            arrive[rung - 1] = up
    return float(np.linalg.solve(np.eye(n) - stay, arrive)[start - 1])


@pytest.mark.parametrize(
    ("rel", "printed", "from_1", "from_3", "reach_3", "reach_4"),
    [
        (0.0, [(0.12400, 0.09500), (0.03520, 0.09240), (0.02380, 0.17440), (0.02160, 0.16400)],
         0.007668, 0.028966, 0.26475, (0.05401, 0.20402)),
        (0.1, [(0.12276, 0.09617), (0.03492, 0.09349), (0.02370, 0.17627), (0.02159, 0.16556)],
         0.007190, 0.027903, 0.25769, (0.05135, 0.19925)),
        (0.4, [(0.11904, 0.09968), (0.03409, 0.09677), (0.02342, 0.18189), (0.02155, 0.17024)],
         0.005935, 0.025011, 0.23729, (0.04410, 0.18586)),
    ],
)  # fmt: skip
def test_crisis_chain(
    rel: float,
    printed: list[tuple[float, float]],
    from_1: float,
    from_3: float,
    reach_3: float,
    reach_4: tuple[float, float],
) -> None:
    """E2.5: moves at every rung, and the chances of war and of each rung that follow."""
    moves = chances(bench(), rel)
    assert np.array(printed) == pytest.approx(np.array(list(moves.values())), abs=0.6e-5)
    assert from_1 == pytest.approx(reach(moves, 1, 5), abs=0.6e-6)
    assert from_3 == pytest.approx(reach(moves, 3, 5), abs=0.6e-6)
    assert reach_3 == pytest.approx(reach(moves, 1, 3), abs=0.6e-5)
    assert reach_4 == pytest.approx((reach(moves, 1, 4), reach(moves, 3, 4)), abs=0.6e-5)


def war_ratio(zeta: float, start: int) -> float:
    """P(war | Rel = 0.4) over P(war | Rel = 0)."""
    b = bench(zeta=zeta)
    return reach(chances(b, 0.4), start, 5) / reach(chances(b, 0.0), start, 5)


@pytest.mark.parametrize(
    ("zeta", "from_1", "from_3"),
    [(0.0, 0.704, 0.807), (0.1, 0.774, 0.863), (0.3, 0.928, 0.983), (0.4, 1.013, 1.047),
     (0.6, 1.198, 1.181)],
)  # fmt: skip
def test_clarity_calms_or_emboldens(zeta: float, from_1: float, from_3: float) -> None:
    """E2.5: the ratio of war chances at each strength of emboldening."""
    assert from_1 == pytest.approx(war_ratio(zeta, 1), abs=0.6e-3)
    assert from_3 == pytest.approx(war_ratio(zeta, 3), abs=0.6e-3)


def test_a_wrong_firebreak_is_found_out() -> None:
    """Power of the table: a firebreak off by one in a hundred misses the printed chance of war."""
    moves = chances(bench(fb3=0.14 * 1.01), 0.0)
    assert 0.007668 != pytest.approx(reach(moves, 1, 5), abs=0.6e-6)


def test_two_rungs_are_gamblers_ruin() -> None:
    """E2.5: with one rung to climb the chance is u / (u + d)."""
    moves = chances(bench(), 0.1)
    up, down = moves[1]
    assert up / (up + down) == pytest.approx(reach(moves, 1, 2), rel=1e-14)


def test_friction_raises_hostile_intent_up_to_its_cap() -> None:
    """h' = min(h_cap, h (1 + f_F F)), and knowledge lowers the chance to miss it."""
    par = bench(h4=0.85, f_F=0.4).par
    calm = move_chances(par, 4, 0.0, 0.0, 0.2)
    tense = move_chances(par, 4, 1.0, 0.0, 0.2)
    assert tense == move_chances(par, 4, 100.0, 0.0, 0.2)  # both at the cap of 0.9
    assert calm[0] < tense[0]
    assert calm[0] < move_chances(par, 4, 0.0, 1.0, 0.2)[0]


# E3.6 ------------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(rel=st.floats(0, 1), e_f=st.floats(0, 0.8))
def test_without_false_hostility_its_reduction_is_irrelevant(rel: float, e_f: float) -> None:
    """E3.6: f0 = 0 makes e_f irrelevant at every reliability."""
    assert chances(bench(f0=0.0), rel) == chances(bench(f0=0.0, e_f=e_f), rel)


def test_reliability_calms_without_emboldening() -> None:
    """E3.6: zeta = 0 and F = 0 make war given onset fall with Rel; zeta = 0.6 makes it rise."""
    for start in (1, 3):
        for zeta, sign in ((0.0, -1), (0.6, 1)):
            b = bench(zeta=zeta)
            war = [reach(chances(b, rel), start, 5) for rel in np.linspace(0, 0.65, 14)]
            assert (sign * np.diff(war) >= 0).all()


# E2.6 ------------------------------------------------------------------------------------------


def strikes(b: Bench, *, reassured: bool, rungs: Sequence[int] = (2, 3, 4)) -> list[float]:
    return [strike_chance(b.par, rung, 55.0, reassured) for rung in rungs]


def test_pre_emption() -> None:
    """E2.6: strike chances by rung, without and with a message."""
    b = bench()
    without = strikes(b, reassured=False)
    reassured = strikes(b, reassured=True)
    assert [1.77e-6, 1.303e-3, 5.923e-2] == pytest.approx(without, rel=3e-3)
    assert [1.41e-8, 4.30e-5, 6.615e-3] == pytest.approx(reassured, rel=3e-3)


def test_posterior_of_an_attack() -> None:
    """E2.6: posterior by rung; with Lambda_s = 1 it is the prior."""
    posterior = 1 / (1 + np.exp(-bench().par["logit"]))
    assert [0.0006, 0.0060, 0.0235, 0.1091, 0.3429] == pytest.approx(posterior, abs=0.6e-4)
    b = bench(LR_s=1.0, l_m=1.0)
    assert b.par["pi"] == pytest.approx(1 / (1 + np.exp(-b.par["logit"])), rel=1e-12)
    assert strikes(b, reassured=True) == strikes(b, reassured=False)


def test_limits_of_pre_emption() -> None:
    """E2.6: no stake or full survivability, no strike; without noise a step at the threshold."""
    assert [0.0] * 3 == strikes(bench(B_stake=0.0), reassured=False)
    assert [0.0] * 3 == strikes(bench(Ws=0.01), reassured=False)
    sharp = {"sigma_d": 1e-9}
    assert [0.0] == strikes(bench(**sharp), reassured=False, rungs=[4])  # .3429 < .7131
    assert [1.0] == strikes(bench(pi4=0.5, **sharp), reassured=False, rungs=[4])


def test_more_warheads_make_a_first_strike_less_likely() -> None:
    """The sign built in: survivability raises the threshold."""
    par = bench().par
    struck = [strike_chance(par, 4, float(n), False) for n in (0, 20, 55, 150, 400)]
    assert (np.diff(struck) < 0).all()


# E2.7, E3.5 ------------------------------------------------------------------------------------


def measure(b: Bench, R: int) -> Bench:
    """Run step 6 at a receptivity."""
    b.f["R"] = R
    settle(b.par, b.plan, b.f)
    reliability(b.par, b.plan, b.f, b.wk)
    return b


def first(b: Bench, *names: str) -> tuple[float, ...]:
    """Numbers of the week by name, in the first lane."""
    return tuple(float(b.wk[name][0]) for name in names)


def rel24(b: Bench, R: int) -> float:
    return first(measure(b, R), "rel24")[0]


@pytest.mark.parametrize(
    ("R", "at_start", "all_open"),
    [(0, 0.0624, 0.2018), (1, 0.1212, 0.3522), (2, 0.1690, 0.4489)],
)
def test_reliability(R: int, at_start: float, all_open: float) -> None:
    """E2.7: Rel(24) of the start state, and with every channel open at half strength."""
    b = bench()
    b.f["s"], b.f["open"] = b.par["s0"][:, None], b.par["O0"][:, None]
    assert at_start == pytest.approx(rel24(b, R), abs=0.6e-4)
    b.f["s"], b.f["open"] = 0.5, 1.0
    assert all_open == pytest.approx(rel24(b, R), abs=0.6e-4)
    in_6, in_24, in_72, q = first(b, "rel6", "rel24", "rel72", "q")
    assert in_6 < in_24 < in_72 < 1 - q


def test_equal_independent_channels() -> None:
    """E2.7: (1 - q)(1 - (1 - p)^k) for p = 0.2, k = 5, q = 0.35; five equal ties count as five."""
    b = bench(columns(auth=1.0, rho=1.0, tau=1e-3), q_tie=0.0, b0=0.2, b1=0.2, psi1=1.0)
    b.f["s"], b.f["open"][:5] = 0.3, 1.0
    measure(b, 1)
    assert (0.43701, 5.0) == pytest.approx(first(b, "rel24", "K_eff"), abs=0.6e-5)


unit_list = st.lists(st.floats(0, 1), min_size=11, max_size=11)
open_list = st.lists(st.booleans(), min_size=11, max_size=11)


@settings(max_examples=60, deadline=None)
@given(s=unit_list, opened=open_list, R=st.integers(0, 2), c=st.integers(0, 10))
def test_more_never_lowers_reliability(s: list[float], opened: list[bool], R: int, c: int) -> None:
    """E3.5: opening a channel, or strengthening a tie, never lowers Rel; 1 - q bounds it."""
    b = bench(q_tie=0.0)
    b.f["s"], b.f["open"] = np.array(s)[:, None], np.array(opened)[:, None]
    before = rel24(b, R)
    b.f["open"][c] = 1.0
    opened_up = rel24(b, R)
    b.f["s"][c] = 1.0
    stronger = rel24(b, R)
    assert 0.0 <= before <= opened_up + 1e-15 <= stronger + 2e-15 < 1 - 0.35 + 1e-12
    in_6, in_24, in_72 = first(b, "rel6", "rel24", "rel72")
    assert in_6 <= in_24 <= in_72


def test_all_closed_is_defined() -> None:
    """E3.5: with every channel closed Rel and K_eff are zero, not undefined."""
    b = bench()
    b.f["s"] = 0.7
    measure(b, 2)
    assert (0.0, 0.0, 0.0, 0.0) == first(b, "rel6", "rel24", "rel72", "K_eff")
    b.f["open"], b.f["s"] = 1.0, 0.0
    assert (0.0,) == first(measure(b, 2), "K_eff")


# E2.8 ------------------------------------------------------------------------------------------


def receptivity_after(R: int, u: float, theta: float = 0.0, **changes: float) -> int:
    b = bench(**changes)
    b.f["R"], b.f["theta"] = R, theta
    settle(b.par, b.plan, b.f)
    receptivity(b.par, b.plan, b.f, lanes(u))
    return int(b.f["R"][0])


def test_receptivity_steps() -> None:
    """E2.8: one uniform, a step up in its lower part, a step down above it; rates over 52."""
    edges = [(0, 0.35, 1, 0), (1, 0.6, 2, 0), (1, 0.6 + 1.0, 0, 1), (2, 0.9, 1, 2)]
    for R, rate, below, above in edges:
        assert below == receptivity_after(R, rate / 52 - 1e-9, b_off=0.0)
        assert above == receptivity_after(R, rate / 52 + 1e-9, b_off=0.0)


def test_offer_and_tension_move_receptivity() -> None:
    """An offer of .1 raises .35 by e^{.5 x .1}; tension lowers steps up and raises steps down."""
    for theta in (-2.5, 0.0, 3.0):
        up = 0.35 * math.exp(0.5 * 0.1 - 0.3 * theta) / 52
        assert (1, 0) == tuple(receptivity_after(0, up + d, theta) for d in (-1e-9, 1e-9))
        down = 0.9 * math.exp(-0.5 * 0.5 * 0.1 + 0.3 * theta) / 52
        assert (1, 2) == tuple(receptivity_after(2, down + d, theta) for d in (-1e-9, 1e-9))


def test_stationary_receptivity() -> None:
    """E2.8: the chain of these steps rests at (.6316, .2211, .1474)."""
    b = bench()
    up, down = [b.par["q01"], b.par["q12"]], [b.par["q10"], b.par["q21"]]
    weights = np.cumprod([1.0, up[0] / down[0], up[1] / down[1]])
    assert [0.6316, 0.2211, 0.1474] == pytest.approx(weights / weights.sum(), abs=0.6e-4)


# E2.9, E2.10 -----------------------------------------------------------------------------------


def test_agreement_lifetimes() -> None:
    """E2.9: hazard .26 a year in calm; mean 3.85 years, four years with chance .353."""
    par = bench().par
    rate = collapse_rate(par, 1.0, 0.0, 0.0, 0.0)
    assert 3.85 == pytest.approx(1 / rate, abs=0.005)
    assert 0.353 == pytest.approx((1 - chance(rate)) ** 208, abs=0.6e-3)
    assert 1.6 * rate == pytest.approx(collapse_rate(par, 2.0, 0.0, 0.0, 0.0), rel=1e-14)
    expected = 1.6 * rate * math.exp(0.4 - 0.25)
    assert expected == pytest.approx(collapse_rate(par, 2.0, 0.0, 1.0, 0.5), rel=1e-14)


def test_falling_hazard_of_an_agreement() -> None:
    """Weibull of shape .7: at an age of one year the hazard is .7 h_A^.7."""
    par = bench(h_A_shape=0.7).par
    rate = collapse_rate(par, 1.0, 51.0, 0.0, 0.0)
    assert 0.26 * 0.7 * 0.26**-0.3 == pytest.approx(rate, rel=1e-12)


def test_an_agreement_that_cannot_collapse_has_no_hazard_whatever_its_shape() -> None:
    """h_A = 0 gives a hazard of zero, not an undefined one, under a Weibull shape too."""
    assert 0.0 == collapse_rate(bench(h_A=0.0, h_A_shape=0.7).par, 1.0, 0.0, 0.0, 0.0)


def test_survival_over_two_inaugurations() -> None:
    """E2.10: .755^2 = .570 at persist .65, .297 at .35; .467 and .243 with ten years at .02."""
    par = bench().par
    for persist, alone, with_termination in ((0.65, 0.570, 0.467), (0.35, 0.297, 0.243)):
        kept = (persist + par["keep_base"] * (1 - persist)) ** 2
        assert alone == pytest.approx(kept, abs=0.6e-3)
        lived = kept * (1 - chance(par["h_term"])) ** 520
        assert with_termination == pytest.approx(lived, abs=0.6e-3)
