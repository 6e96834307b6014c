"""Steps 7 to 13 of a week: provocations, tension, crises, deception, warning, war (A2 to A4)."""

from __future__ import annotations

import math
from types import SimpleNamespace

from .draws import (
    capped_lognormal_mean,
    categorical,
    keep,
    lognormal,
    normal_cdf,
    normal_quantile,
    poisson,
    weekly,
)
from .record import Future, Inputs, Week

__all__ = [
    "count_expected_war",
    "crisis_moves",
    "crisis_onset",
    "deception",
    "nuclear_use_share",
    "provocations",
    "tension",
    "wage_war",
    "warning",
]

MOST_EVENTS = 24
ESCALATION, PRE_EMPTION, KILL_CHAIN, INSTABILITY = 1, 2, 3, 4


def provocations(inp: Inputs, f: Future, w: Week) -> None:
    """Step 7: campaign regime, count of events, their severities, self-excitation."""
    p, st = inp.p, f.st
    u = w.u(8)
    if u < p.q_M / 104.0:
        st.M = min(st.M + 1, 3)
    elif u < p.q_M / 52.0:
        st.M = max(st.M - 1, 1)
    count = poisson(w.u(9), _intensity(inp, f, w), MOST_EVENTS)
    shares = [p.p_sev2, p.p_sev3, p.p_sev4, p.p_sev5]
    for event in range(count):
        w.events[2 + categorical(w.u(20 + event), shares)] += 1
    d = keep(p.h_H)
    st.E = d * st.E + p.n_H * (1.0 - d) * count
    st.since4 = 0 if w.events[4] + w.events[5] > 0 else min(st.since4 + 1, 127)
    for severity in (2, 3, 4, 5):
        f.out[f"ev{severity}"] += w.events[severity]


def _intensity(inp: Inputs, f: Future, w: Week) -> float:
    """Expected events this week, capped."""
    p, st = inp.p, f.st
    exercise = w.levers.exlev if w.exercise else 0.0
    log_rate = (
        p.beta_theta * st.theta
        + p.beta_X * exercise
        - p.gamma_D * w.A
        + p.gamma_L * st.L
        + p.gamma_MH * st.G
    )
    campaign = (p.m_low, 1.0, p.m_high)[st.M - 1]
    restraint = p.eta_A if st.ag > 0 else 1.0
    rate = p.lam0 * campaign * math.exp(log_rate) * restraint + st.E
    return float(min(rate, p.lam_cap))


def tension(inp: Inputs, f: Future, w: Week) -> None:
    """Step 8: mean reversion, noise, jumps of events; then the suspension rule."""
    p, st = inp.p, f.st
    jumps = p.j2 * w.events[2] + p.j3 * w.events[3] + p.j4 * w.events[4] + p.j5 * w.events[5]
    noise = p.sigma * normal_quantile(w.u(10))
    theta = st.theta + p.kappa * (_centre(p) - st.theta) + noise + jumps
    st.theta = min(max(theta, p.theta_min), p.theta_max)
    triggered = any(w.events[k] for k in (2, 3, 4, 5) if k >= w.levers.susp)
    st.susp = int(w.levers.susp_wk) if triggered else max(st.susp - 1, 0)


def _centre(p: SimpleNamespace) -> float:
    """mu: the centre before jumps that keeps mean tension where it was calibrated."""
    mean_m = (p.m_low + 1.0 + p.m_high) / 3.0
    jump = p.p_sev2 * p.j2 + p.p_sev3 * p.j3 + p.p_sev4 * p.j4 + p.p_sev5 * p.j5
    drive: float = p.lam0 * mean_m / (1.0 - p.n_H) * jump / p.kappa
    centre: float = p.mu_centre - (drive - p.mu_drive)
    return centre


def crisis_onset(inp: Inputs, f: Future, w: Week) -> None:
    """Step 9: a lethal incident, and the start of a crisis where none runs."""
    p, st = inp.p, f.st
    heat = math.exp(p.beta_on * st.theta)
    w.lethal = w.u(11) < weekly(p.lam_leth * heat)
    if w.lethal:
        f.out["lethal"] += 1
        f.out["fat_inc"] += lognormal(w.u(54, 0), p.fat_inc_med, p.fat_inc_sd)
    if st.r == 0:
        calm = 1.0
        for severity in (2, 3, 4, 5):
            q_on = (p.q_on2, p.q_on3, p.q_on4, p.q_on5)[severity - 2]
            calm *= (1.0 - min(1.0, q_on * heat)) ** w.events[severity]
        if w.lethal and w.u(13) < p.p_leth:
            st.r = 3
        elif w.u(12) < 1.0 - calm + weekly(p.lam_acc):
            st.r = 1
        if st.r > 0:
            w.onset = True
            f.out["crises"] += 1
            st.cw = st.r_max = 0
            _raise_peak(f)
    w.in_crisis = st.r > 0


def _raise_peak(f: Future) -> None:
    """Peak of the running crisis; each crisis counts once at rung 3 and once at rung 4."""
    before, f.st.r_max = f.st.r_max, max(f.st.r_max, f.st.r)
    f.out["crises_r3"] += before < 3 <= f.st.r_max
    f.out["crises_r4"] += before < 4 <= f.st.r_max
    f.out["r_max"] = max(f.out["r_max"], f.st.r_max)


def hostile_share(inp: Inputs, f: Future) -> float:
    """h': chance that the other side means harm at this rung, more where the alliance is strained."""
    p = inp.p
    h = (p.h1, p.h2, p.h3, p.h4)[f.st.r - 1]
    return float(min(p.h_cap, h * (1.0 + p.f_F * f.st.F)))


def move_probabilities(inp: Inputs, f: Future, w: Week) -> tuple[float, float]:
    """Chances of one rung up and one rung down in a move."""
    p, r, rel = inp.p, f.st.r, w.rel.bargain
    h = hostile_share(inp, f)
    false_alarm = p.f0 * (1.0 - p.e_f * rel)
    missed = p.m0 * (1.0 - p.e_K * f.st.K)
    reads_hostile = h * (1.0 - missed) + (1.0 - h) * false_alarm
    firebreak = (p.fb1, p.fb2, p.fb3, p.fb4)[r - 1]
    relax = (p.k1, p.k2, p.k3, p.k4)[r - 1]
    embolden = h * p.zeta * rel * p.uH
    up = firebreak * (reads_hostile * p.uH + (1.0 - reads_hostile) * p.uB + embolden)
    down = relax * (reads_hostile * p.dH + (1.0 - reads_hostile) * p.dB)
    return up, down


def crisis_moves(inp: Inputs, f: Future, w: Week) -> None:
    """Step 10: one move at rungs 1 to 4, a second one if the first left it at rung 4."""
    if 1 <= f.st.r <= 4:
        _move(inp, f, w, w.u(15))
        if f.st.r == 4:
            _move(inp, f, w, w.u(16))


def _move(inp: Inputs, f: Future, w: Week, u: float) -> None:
    up, down = move_probabilities(inp, f, w)
    if f.st.r == 4:
        count_expected_war(inp, f, w, up, up * nuclear_use_share(inp, w))
    if u < up:
        f.st.r += 1
        w.entered_r3 = w.entered_r3 or f.st.r == 3
    elif u > 1.0 - down:
        f.st.r -= 1


def deception(inp: Inputs, f: Future, w: Week) -> None:
    """Step 11: a channel used to lull; then what the week's fighting cost, and the peak."""
    p, st = inp.p, f.st
    if st.r in (2, 3) and w.u(17) < p.p_dec * w.rel.bargain * hostile_share(inp, f):
        st.r += 1
        w.entered_r3 = w.entered_r3 or st.r == 3
        w.deception = True
        f.out["deceptions"] += 1
        f.s = [0.5 * s for s in f.s]
    if w.entered_r3:
        f.out["fat_inc"] += lognormal(w.u(54, 1), p.fat_inc_med, p.fat_inc_sd)
    if st.r == 4:
        f.out["fat_r4"] += lognormal(w.u(55), p.fat_r4_med, p.fat_r4_sd)
        f.out["econ_r4"] += p.econ_r4 * w.discount
    if w.in_crisis:
        st.cw += 1
        _raise_peak(f)


def warning(inp: Inputs, f: Future, w: Week) -> bool:
    """Steps 12 and 13: false alarm and pre-emption, Kill Chain, and war. True if war began."""
    p, r = inp.p, f.st.r
    if r == 5:
        wage_war(inp, f, w, ESCALATION)
        return True
    alarm = weekly(p.lam_FA * (p.M0, p.M1, p.M2, p.M3, p.M4)[r])
    with_message = strike_probability(p, r, f.st.W, message=True)
    without = strike_probability(p, r, f.st.W, message=False)
    # In quiet weeks (rung 0) the compensator waits for the alarm: it is added only in a week with
    # one, without the chance of the alarm. That is as unbiased, and it is the kernel's reading.
    alarmed = w.u(18) < alarm
    weight = alarm if r > 0 else float(alarmed)
    p_pre = weight * (w.rel.nuc * with_message + (1.0 - w.rel.nuc) * without)
    p_kc = p.lam_KC * (1.0 - p.e_KC * w.rel.kc) if r in (3, 4) else 0.0
    kc_only = (1.0 - p_pre) * p_kc
    f.out["rb_pre"] += p_pre
    nuclear = p_pre + kc_only * nuclear_use_share(inp, w)
    count_expected_war(inp, f, w, 1.0 - (1.0 - p_pre) * (1.0 - p_kc), nuclear)
    if alarmed and w.u(50) < (with_message if w.u(19) < w.rel.nuc else without):
        wage_war(inp, f, w, PRE_EMPTION)
        return True
    if w.u(51) < p_kc:
        wage_war(inp, f, w, KILL_CHAIN)
        return True
    return False


def strike_probability(p: SimpleNamespace, r: int, warheads: float, *, message: bool) -> float:
    """Pr(strike | alarm): a noisy Bayes decision to use warheads or risk losing them."""
    at_stake = math.exp(-warheads / p.Ws) * p.B_stake
    if at_stake <= 0.0:
        return 0.0
    prior = (p.pi0, p.pi1, p.pi2, p.pi3, p.pi4)[r]
    belief = math.log(prior / (1.0 - prior)) + math.log(p.LR_s)
    if message:
        belief += math.log(p.l_m)
    threshold = -math.log(at_stake)  # logit of 1 / (1 + (1 - v) B)
    return normal_cdf((belief - threshold) / p.sigma_d)


def nuclear_use_share(inp: Inputs, w: Week) -> float:
    """Chance of nuclear use in a war that did not begin with it."""
    return float(inp.p.p_nw * (1.0 - inp.p.e_w * w.rel.d24))


def count_expected_war(inp: Inputs, f: Future, w: Week, p_war: float, p_nuclear: float) -> None:
    """Add a conditional probability of war to the compensators (Rao-Blackwell form, D)."""
    p, out = inp.p, f.out
    conventional = capped_lognormal_mean(p.fat_war_med, p.fat_war_sd, p.fat_war_cap)
    large = capped_lognormal_mean(p.fat_large_med, p.fat_large_sd, p.fat_nuc_cap)
    limited = capped_lognormal_mean(p.fat_lim_med, p.fat_lim_sd, p.fat_nuc_cap)
    size = p.p_large * large + (1.0 - p.p_large) * limited
    out["rb_war"] += p_war
    out["rb_nuc"] += p_nuclear
    out["rb_large"] += p_nuclear * p.p_large
    out["rb_fat"] += p_war * conventional + p_nuclear * size
    out["rb_econ"] += p_war * p.econ_war * w.discount


def wage_war(inp: Inputs, f: Future, w: Week, cause: int) -> None:
    """Step 13: nuclear use, sizes and losses of a war; the future ends."""
    p, out = inp.p, f.out
    f.st.alive = 0
    out["war"], out["war_cause"] = 1, cause
    out["econ_war"] += p.econ_war * w.discount
    out["fat_war"] = min(lognormal(w.u(56), p.fat_war_med, p.fat_war_sd), p.fat_war_cap)
    may_use = cause != INSTABILITY or p.nuc_instability
    used = cause == PRE_EMPTION or (may_use and w.u(52) < nuclear_use_share(inp, w))
    if not used:
        return
    out["nuc"], out["nuc_pre"] = 1, int(cause == PRE_EMPTION)
    large = w.u(53) < p.p_large
    out["large"] = int(large)
    size = (p.fat_large_med, p.fat_large_sd) if large else (p.fat_lim_med, p.fat_lim_sd)
    out["fat_nuc"] = min(lognormal(w.u(57), *size), p.fat_nuc_cap)
