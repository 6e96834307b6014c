"""Steps 14 to 17 of a week: bargaining, openings and shocks, stocks, record (A5 to A8, B4, D)."""

from __future__ import annotations

import math

from . import triggers
from .conflict import INSTABILITY, count_expected_war, nuclear_use_share, wage_war
from .draws import keep, lognormal, poisson, weekly
from .record import Future, Inputs, Week, cannot_lapse, has_triggers

__all__ = ["bargaining", "bargaining_effort", "belief_shift", "opportunities", "record", "stocks"]

MOST_COMPROMISES = 8
NO_SUSPENSION_ABOVE = 5
SHOCKS = ("det", "open", "hum", "suc", "def")


def belief_shift(inp: Inputs, f: Future) -> float:
    """How far a rule moves the bargaining lever: the belief in a deal (B4), or a trigger."""
    p, st = inp.p, f.st
    if not st.pe:
        return 0.0
    if st.push > 0 or (inp.rules.belief and st.mu_t > p.mu_hi):
        return float(p.neg_step)
    less = st.push < 0 or (inp.rules.belief and st.mu_t < p.mu_lo)
    return -float(p.neg_step) if less else 0.0


def bargaining_effort(inp: Inputs, f: Future, w: Week) -> float:
    """`neg` in force, with what rules make of it."""
    return float(min(max(w.levers.neg + belief_shift(inp, f), 0.0), 1.0))


def bargaining(inp: Inputs, f: Future, w: Week) -> None:
    """Step 14: windows, deals, collapse, and what compliance teaches."""
    p, st = inp.p, f.st
    _window(inp, f, w)
    likely = (1.0 if st.trade else p.p_tb) * (p.deal_base + p.b_Rel * w.rel.d24)
    if st.nw > 0 and st.ag == 0 and w.u(61) < p.p_d * likely:
        st.ag, st.ag_age = (1 if st.trade else 2), 0
        w.signed = True
        f.out["deals"] += 1
    st.fail = max(st.fail - 1, 0)
    if st.ag > 0 and w.u(62) < weekly(_collapse_rate(inp, f, w)):
        st.ag = st.ag_age = 0
        st.theta += p.j_col
        st.fail = int(p.fail_wk)
        f.out["collapses"] += 1
        if w.u(63) < p.p_close:
            st.R = 0
    if st.ag > 0:
        if st.ag_age > 0 and st.ag_age % int(p.signal_wk) == 0:
            _learn(inp, f, w)
        st.ag_age += 1


def _window(inp: Inputs, f: Future, w: Week) -> None:
    p, st = inp.p, f.st
    rate = p.nw_mult * p.n0 * bargaining_effort(inp, f, w) * (1.0 + p.b_n * w.S)
    ripe = st.nw == 0 and st.ag == 0 and st.R == 2 and st.r == 0
    if ripe and w.u(60) < weekly(rate):
        st.nw = int(p.nw_wk)
        f.out["windows"] += 1
    else:
        st.nw = max(st.nw - 1, 0)


def _collapse_rate(inp: Inputs, f: Future, w: Week) -> float:
    """Collapses a year; with a Weibull shape other than 1 it depends on the age in years."""
    p, st = inp.p, f.st
    rate: float = p.h_A * math.exp(p.coll_theta * st.theta - p.b_A * w.S)
    if st.ag == 2:
        rate *= p.paper_mult
    k = p.h_A_shape
    if k != 1.0 and p.h_A > 0.0:
        mean_years = 1.0 / p.h_A
        rate *= k * ((st.ag_age + 1) / 52.0 / mean_years) ** (k - 1.0)
    return rate


def _learn(inp: Inputs, f: Future, w: Week) -> None:
    """Bayes on a compliance signal that is right with probability `accuracy`."""
    p, st = inp.p, f.st
    accuracy = min(0.99, p.acc_base + p.acc_K * st.K)
    compliant = w.u(98) < (accuracy if st.trade else 1.0 - accuracy)
    if_trade, if_not = (accuracy, 1.0 - accuracy) if compliant else (1.0 - accuracy, accuracy)
    st.mu_t = st.mu_t * if_trade / (st.mu_t * if_trade + (1.0 - st.mu_t) * if_not)


def opportunities(inp: Inputs, f: Future, w: Week) -> None:
    """Step 15: arrivals in table order; ties at the start of the step decide what is captured."""
    p = inp.p
    useful = [f.s[c] for c in inp.channels if inp.ch.capture_tie[c]]
    reach = w.rel.d24 + p.H_tie * max(useful, default=0.0)
    H = min(max(reach, 0.0), p.H_cap)
    rates = (
        p.lam_det if w.levers.travel_ban else p.lam_det_noban,
        p.lam_open,
        p.lam_hum,
        p.lam_suc,
        p.lam_def,
    )
    effects = (_detainee, _opening, _relief, _succession, _defection)
    for j, name in enumerate(SHOCKS):
        if f.st.alive and w.u(70 + j) < weekly(rates[j]):
            captured = w.u(80 + j) < _capture_chance(inp, name, H)
            f.out[f"arr_{name}"] += 1
            f.out[f"cap_{name}"] += captured
            if name == "suc":
                _expect_instability(inp, f, w, H)
            effects[j](inp, f, w, captured)


def _capture_chance(inp: Inputs, name: str, H: float) -> float:
    c0 = getattr(inp.p, f"c0_{name}")
    c1 = min(1.0, c0 + getattr(inp.p, f"c_gain_{name}"))
    return float(c0 + (c1 - c0) * H)


def _expect_instability(inp: Inputs, f: Future, w: Week, H: float) -> None:
    """Compensator of a war that follows a succession.

    Added in the week of the arrival alone and without its chance `1 - e^(-lam_suc / 52)`: as
    unbiased as a term in every week, and the kernel's reading.
    """
    p = inp.p
    eased = 1.0 - p.e_inst * _capture_chance(inp, "suc", H)
    chance = p.p_inst * p.p_IW * eased
    nuclear = nuclear_use_share(inp, w) if p.nuc_instability else 0.0
    count_expected_war(inp, f, w, chance, chance * nuclear)


def _detainee(inp: Inputs, f: Future, w: Week, captured: bool) -> None:
    p = inp.p
    median = p.det_med * (p.det_mult if captured else 1.0)
    f.out["det_days"] += lognormal(w.u(97), median, p.det_sd)
    f.out["det_pc"] += p.det_pc_captured if captured else p.det_pc_missed


def _opening(inp: Inputs, f: Future, w: Week, captured: bool) -> None:
    p, st = inp.p, f.st
    if captured and w.u(86) < p.s_open and bargaining_effort(inp, f, w) > 0.0:
        st.R = 2
        if st.ag == 0:
            f.out["windows"] += st.nw == 0
            st.nw = int(p.nw_wk)


def _relief(inp: Inputs, f: Future, w: Week, captured: bool) -> None:
    p, st = inp.p, f.st
    if not captured:
        return
    if w.u(87) < p.p_hum:
        st.R = min(st.R + 1, 2)
    for c in inp.channels:
        if inp.ch.relief[c]:
            f.s[c] = min(1.0, f.s[c] + p.hum_s)


def _succession(inp: Inputs, f: Future, w: Week, captured: bool) -> None:
    p, st = inp.p, f.st
    w.succession = True
    st.theta += p.j_suc * (p.suc_theta if captured else 1.0)
    for c in inp.channels:
        f.s[c] *= p.suc_keep_base + p.suc_keep_iota * inp.ch.iota_D[c]
    st.trade = int(w.u(93) < p.p_trade)
    st.mu_t = p.p_trade
    if w.u(88) < p.p_inst and w.u(89) < p.p_IW * (1.0 - p.e_inst * captured):
        wage_war(inp, f, w, INSTABILITY)


def _defection(inp: Inputs, f: Future, w: Week, captured: bool) -> None:
    f.out["loose"] += inp.p.loose_captured if captured else inp.p.loose_missed


def stocks(inp: Inputs, f: Future, w: Week) -> None:
    """Step 16: arsenal, legitimation, concessions, friction, politics, knowledge, cost."""
    p, st = inp.p, f.st
    _arsenal(inp, f, w)
    st.L = st.L * keep(p.hl_L) + _by_contact(w, inp.ch.L_contact)
    concession = _concession(inp, w)
    rewarded = st.since4 < p.G_window and not w.levers.conc_exempt
    st.G = st.G * keep(p.hl_G) + (concession if rewarded else 0.0)
    _friction(inp, f, w)
    _domestic_cost(inp, f, w)
    learned = (1.0 - st.K) * _by_contact(w, inp.ch.know)
    st.K = min(1.0, st.K * keep(p.hl_K) + learned)
    st.Sigma = st.Sigma * keep(p.hl_Sigma) + p.Sig_conc * concession + p.Sig_L * st.L / 52.0
    _compromises(inp, f, w)
    standing = (w.levers.fixed * p.fixed_scale + w.levers.info) / 52.0
    surge = p.surge_cost if w.surge else 0.0
    f.out["cost"] += w.discount * (standing + _by_contact(w, inp.ch.u_cost) + surge)


def _by_contact(w: Week, column: list[float]) -> float:
    return sum(n * x for n, x in zip(w.n, column, strict=True))


def _arsenal(inp: Inputs, f: Future, w: Week) -> None:
    p, st = inp.p, f.st
    cap = (0.0, p.cap_T, p.cap_B)[st.ag]
    buys_time = not st.trade and (st.nw > 0 or st.ag == 2)
    pressed = w.levers.exlev > 1.0 and w.levers.offer == 0.0
    growth = p.gW / 52.0 * (1.0 - cap)
    growth *= 1.0 + (p.xi_TB if buys_time else 0.0) + p.xi_L * (st.L + st.Sigma)
    st.W += growth * (1.0 - p.g_press if pressed else 1.0)


def _concession(inp: Inputs, w: Week) -> float:
    """Size of this week's material concession, derived from what the policy did (A2)."""
    p, ch = inp.p, inp.ch
    size = sum(a for a, n in zip(ch.conc_any, w.n, strict=True) if n > 0)
    size += _by_contact(w, ch.conc_contact)
    if w.exercise:
        size += p.conc_ex * max(0.0, 1.0 - w.levers.exlev)
    if w.signed:
        size += p.conc_deal
    return float(p.conc_scale * min(1.0, size))


def _friction(inp: Inputs, f: Future, w: Week) -> None:
    p, st, levers = inp.p, f.st, w.levers
    unconsulted = 1.0 - levers.consult * p.consult_scale
    st.F = st.F * keep(p.hl_F) + unconsulted * _by_contact(w, inp.ch.F_contact)
    if w.exercise:
        st.F += p.F_ex * (1.0 - levers.exlev)
    if w.t == 0:
        st.F += p.F_eow * levers.eow


def _domestic_cost(inp: Inputs, f: Future, w: Week) -> None:
    """Political cost at home, and whether it ends the policy."""
    p, st = inp.p, f.st
    grave = p.Pd_sev if w.events[4] + w.events[5] > 0 else 1.0
    st.Pd = st.Pd * keep(p.hl_Pd) + grave * _by_contact(w, inp.ch.Pd_contact)
    no_rule = w.levers.susp > NO_SUSPENSION_ABOVE
    if w.events[5] > 0 and st.x > p.engaged_x and st.pe and no_rule:
        st.Pd += p.Pd_s5
    hazard = weekly(p.h_term * math.exp(p.term_slope * min(st.Pd, p.term_cap)))
    exempt = inp.rules.status_quo or cannot_lapse(inp, f)
    if st.pe and not exempt and w.u(94) < hazard:
        st.pe = 0


def _compromises(inp: Inputs, f: Future, w: Week) -> None:
    """Expected intelligence compromises; realised ones only where a review asks for them."""
    p = inp.p
    expected = p.ci_mult * _by_contact(w, inp.ch.ci)
    f.out["ci"] += expected
    if inp.rules.scale_up or inp.rules.exit_review or has_triggers(inp):
        for event in range(poisson(w.u(95), expected, MOST_COMPROMISES)):
            severity = lognormal(w.u(96, event), p.ci_sev_mu, p.ci_sev_sd)
            w.ci_worst = max(w.ci_worst, severity)


def record(inp: Inputs, f: Future, w: Week) -> None:
    """Step 17: weekly averages of a completed week, then the rules that act from next week."""
    if f.st.alive:
        _accumulate(inp, f, w)
        _rules(inp, f, w)


def _accumulate(inp: Inputs, f: Future, w: Week) -> None:
    p, st, out = inp.p, f.st, f.out
    live = sum(
        bool(f.O[c]) and f.s[c] >= p.live_s and inp.ch.auth[c] >= p.live_a for c in inp.channels
    )
    engaged = st.x > p.engaged_x
    sums = {
        "weeks": 1,
        "rel6": w.rel.d6,
        "rel24": w.rel.d24,
        "rel72": w.rel.d72,
        "rel24_low": w.rel.d24 < 0.1,
        "crisis_weeks": w.in_crisis,
        "rel24_crisis": w.rel.d24 if w.in_crisis else 0.0,
        "K_eff": w.K_eff,
        "S": w.S,
        "live3": live >= 3,
        "ag_real": st.ag == 1,
        "ag_paper": st.ag == 2,
        "pe_weeks": w.pe,
        "K_index": st.K,
        "Pd": st.Pd,
        "L": st.L,
        "F": st.F,
        "F_high": st.F > 0.25,
        "engaged": engaged,
        "engaged_rights": engaged and w.levers.rights > 0,
        "closed": st.R == 0,
        "theta": st.theta,
    }
    for name, value in sums.items():
        out[name] += value


def _rules(inp: Inputs, f: Future, w: Week) -> None:
    """Triggers, exits and reviews (B3, B4); none acts once the policy has lapsed."""
    st, rules = f.st, inp.rules
    st.year_rel += w.rel.d24
    st.year_K += w.K_eff
    st.year_weeks += 1
    st.year_ci = max(st.year_ci, w.ci_worst)
    if rules.on_demand and st.stage == 0 and st.pe and (w.onset or w.succession):
        st.stage = 1
    if rules.exit_deception and w.deception:
        st.pe = 0
    review = None
    if w.t % 52 == 51:
        if st.pe:
            review = _review(inp, f)
        st.year_rel = st.year_K = st.year_weeks = st.year_ci = 0.0
    if has_triggers(inp):
        triggers.act(inp, f, w, review)


def _review(inp: Inputs, f: Future) -> dict[str, float]:
    """Judge the year; gives what was seen of it."""
    p, st, rules = inp.p, f.st, inp.rules
    year = {
        "reliability_24h": st.year_rel / st.year_weeks,
        "thickness": st.year_K / st.year_weeks,
        "compromise": st.year_ci,
    }
    met = (
        year["reliability_24h"] >= p.up_rel
        and year["thickness"] >= p.up_K
        and year["compromise"] <= p.up_ci
    )
    if rules.scale_up and met and st.stage == 0:
        st.stage = 1
    if rules.exit_review or has_triggers(inp):
        st.failures = 0 if met else st.failures + 1
    if rules.exit_review and st.failures >= p.exit_failures:
        st.pe = 0
    return year | {"failed_reviews": st.failures}
