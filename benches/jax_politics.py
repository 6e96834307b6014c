"""Steps 14 to 17 of the JAX version: bargaining, shocks, stocks, and what is added up."""

from __future__ import annotations

from jax import numpy as jnp
from jax_steps import add, hazard, keep, lever, lognormal, met, row
from jax_war import expect
from numpy_batch import CI, CONC, COST, DOMESTIC, FRICTION, KNOW, LEGIT, Tables

from openchannel.kernel.keys import Lever

__all__ = ["accumulate", "bargaining", "opportunities", "stocks"]


def bargaining(k: Tables, f) -> None:
    p = k.p
    ripe = (f.R == 2) & (f.r == 0) & (f.nw == 0) & (f.ag == 0)
    opened = ripe & met(f.u.next(), p.nw_mult * p.n0 * lever(k, f, Lever.neg) * (1.0 + p.b_n * f.S))
    f.nw = jnp.where(opened, int(p.nw_wk), jnp.maximum(f.nw - 1, 0))
    add(f, "windows", opened)
    likely = jnp.where(f.trade, 1.0, p.p_tb) * (p.deal_base + p.b_Rel * f.rel[24.0])
    f.signed = (f.nw > 0) & (f.ag == 0) & (f.u.next() < p.p_d * likely)
    f.ag = jnp.where(f.signed, jnp.where(f.trade, 1, 2), f.ag)
    f.ag_age = jnp.where(f.signed, 0, f.ag_age)
    add(f, "deals", f.signed)
    f.fail = jnp.maximum(f.fail - 1, 0)
    agreements(k, f)


def agreements(k: Tables, f) -> None:
    p, held = k.p, f.ag > 0
    rate = p.h_A * jnp.exp(p.coll_theta * f.theta - p.b_A * f.S)
    rate *= jnp.where(f.ag == 2, p.paper_mult, 1.0)
    if p.h_A_shape != 1.0:
        age = (f.ag_age + 1) / 52.0 * p.h_A
        rate *= p.h_A_shape * age ** (p.h_A_shape - 1.0)
    lost = held & met(f.u.next(), rate)
    held = held & ~lost
    f.ag, f.ag_age = jnp.where(lost, 0, f.ag), jnp.where(lost, 0, f.ag_age)
    f.theta = f.theta + jnp.where(lost, p.j_col, 0.0)
    f.fail = jnp.where(lost, int(p.fail_wk), f.fail)
    add(f, "collapses", lost)
    f.R = jnp.where(lost & (f.u.next() < p.p_close), 0, f.R)
    heard = held & (f.ag_age > 0) & (f.ag_age % int(p.signal_wk) == 0)
    accuracy = jnp.minimum(0.99, p.acc_base + p.acc_K * f.K)
    compliant = f.u.next() < jnp.where(f.trade, accuracy, 1.0 - accuracy)
    for_trade = f.mu_t * jnp.where(compliant, accuracy, 1.0 - accuracy)
    against = (1.0 - f.mu_t) * jnp.where(compliant, 1.0 - accuracy, accuracy)
    f.mu_t = jnp.where(heard, for_trade / (for_trade + against), f.mu_t)
    f.ag_age = f.ag_age + held


def capture(p, name: str, H):
    c0 = getattr(p, f"c0_{name}")
    return c0 + (min(1.0, c0 + getattr(p, f"c_gain_{name}")) - c0) * H


def opportunities(k: Tables, f, discount):
    """Step 15; the futures in which a succession led to war."""
    p = k.p
    tie = f.s[k.useful].max(axis=0) if k.useful.size else 0.0
    H = jnp.clip(f.rel[24.0] + p.H_tie * tie, 0.0, p.H_cap)
    p_suc = hazard(p.lam_suc) * p.p_inst * p.p_IW * (1.0 - p.e_inst * capture(p, "suc", H))
    use = p.p_nw * (1.0 - p.e_w * f.rel[24.0]) if p.nuc_instability else 0.0
    expect(k, f, p_suc, p_suc * use, discount)
    banned = lever(k, f, Lever.travel_ban) > 0
    chances = {
        "det": jnp.where(banned, hazard(p.lam_det), hazard(p.lam_det_noban)),
        "open": hazard(p.lam_open), "hum": hazard(p.lam_hum), "suc": hazard(p.lam_suc),
    }  # fmt: skip
    came, won = {}, {}
    for name, chance in chances.items():
        came[name] = f.u.next() < chance
        won[name] = came[name] & (f.u.next() < capture(p, name, H))
        add(f, f"arr_{name}", came[name])
        add(f, f"cap_{name}", won[name])
    detainee(k, f, came["det"], won["det"])
    opening(k, f, won["open"])
    relief(k, f, won["hum"])
    dead = succession(k, f, came["suc"], won["suc"])
    came_def = (f.u.next() < hazard(p.lam_def)) & ~dead  # shocks stop when a war starts
    won_def = came_def & (f.u.next() < capture(p, "def", H))
    add(f, "arr_def", came_def)
    add(f, "cap_def", won_def)
    add(f, "loose", jnp.where(won_def, p.loose_captured, jnp.where(came_def, p.loose_missed, 0.0)))
    return dead


def detainee(k: Tables, f, came, won) -> None:
    p = k.p
    median = p.det_med * jnp.where(won, p.det_mult, 1.0)
    add(f, "det_days", jnp.where(came, lognormal(f.u.normal(), median, p.det_sd), 0.0))
    cost = jnp.where(won, p.det_pc_captured, p.det_pc_missed)
    add(f, "det_pc", jnp.where(came, cost, 0.0))


def opening(k: Tables, f, won) -> None:
    used = won & (f.u.next() < k.p.s_open) & (lever(k, f, Lever.neg) > 0)
    f.R = jnp.where(used, 2, f.R)
    used = used & (f.ag == 0)
    add(f, "windows", used & (f.nw == 0))
    f.nw = jnp.where(used, int(k.p.nw_wk), f.nw)


def relief(k: Tables, f, won) -> None:
    up = won & (f.u.next() < k.p.p_hum)
    f.R = jnp.where(up, jnp.minimum(f.R + 1, 2), f.R)
    helped = (k.ch["relief"] > 0) & won
    f.s = jnp.where(helped, jnp.minimum(1.0, f.s + k.p.hum_s), f.s)


def succession(k: Tables, f, came, won):
    p = k.p
    f.theta = f.theta + jnp.where(came, p.j_suc * jnp.where(won, p.suc_theta, 1.0), 0.0)
    f.s = jnp.where(came, f.s * (p.suc_keep_base + p.suc_keep_iota * k.ch["iota_D"]), f.s)
    f.trade = jnp.where(came, f.u.next() < p.p_trade, f.trade)
    f.mu_t = jnp.where(came, p.p_trade, f.mu_t)
    unstable = came & (f.u.next() < p.p_inst)
    return unstable & (f.u.next() < p.p_IW * (1.0 - p.e_inst * won))


def stocks(k: Tables, f, week: dict) -> None:
    p, sums, exercise = k.p, f.sums, week["exercise"]
    growth = 1.0 + p.xi_TB * (~f.trade & ((f.nw > 0) | (f.ag == 2))) + p.xi_L * (f.L + f.Sigma)
    growth *= row([1.0, 1.0 - p.cap_T, 1.0 - p.cap_B], f.ag) * (p.gW / 52.0)
    if p.g_press:
        pressed = (lever(k, f, Lever.exlev) > 1.0) & (lever(k, f, Lever.offer) == 0.0)
        growth *= jnp.where(pressed, 1.0 - p.g_press, 1.0)
    f.W = f.W + growth
    f.L = f.L * keep(p.hl_L) + sums[LEGIT]
    given = concede(k, f, exercise)
    rewarded = (f.since4 < p.G_window) & (lever(k, f, Lever.conc_exempt) == 0)
    f.G = f.G * keep(p.hl_G) + given * rewarded
    consulted = 1.0 - p.consult_scale * lever(k, f, Lever.consult)
    f.F = f.F * keep(p.hl_F) + consulted * sums[FRICTION]
    f.F = f.F + jnp.where(exercise, p.F_ex * (1.0 - lever(k, f, Lever.exlev)), 0.0)
    f.F = f.F + jnp.where(week["first"], p.F_eow * lever(k, f, Lever.eow), 0.0)
    domestic_cost(k, f)
    f.K = jnp.minimum(1.0, f.K * keep(p.hl_K) + (1.0 - f.K) * sums[KNOW])
    f.Sigma = f.Sigma * keep(p.hl_Sigma) + p.Sig_conc * given + (p.Sig_L / 52.0) * f.L
    add(f, "ci", p.ci_mult * sums[CI])
    spent = (lever(k, f, Lever.fixed) * p.fixed_scale + lever(k, f, Lever.info)) / 52.0
    add(f, "cost", week["discount"] * (spent + sums[COST]))


def concede(k: Tables, f, exercise):
    p = k.p
    if not p.conc_scale:
        return jnp.zeros_like(f.x)
    size = f.met + f.sums[CONC] + p.conc_deal * f.signed
    fewer = p.conc_ex * jnp.maximum(0.0, 1.0 - lever(k, f, Lever.exlev))
    return p.conc_scale * jnp.minimum(1.0, size + jnp.where(exercise, fewer, 0.0))


def domestic_cost(k: Tables, f) -> None:
    p = k.p
    f.Pd = f.Pd * keep(p.hl_Pd) + f.sums[DOMESTIC] * jnp.where(f.grave, p.Pd_sev, 1.0)
    worst = (f.ev[3] > 0) & f.pe & (f.x > p.engaged_x) & (lever(k, f, Lever.susp) > 5)
    f.Pd = f.Pd + jnp.where(worst, p.Pd_s5, 0.0)
    if k.rules.status_quo:
        return
    rate = p.h_term * jnp.exp(p.term_slope * jnp.minimum(f.Pd, p.term_cap))
    f.pe = f.pe & ~met(f.u.next(), rate)


def accumulate(k: Tables, f) -> None:
    p, rel24 = k.p, f.rel[24.0]
    live = ((f.s >= p.live_s) & f.O)[k.auth >= p.live_a].sum(axis=0)
    engaged = f.x > p.engaged_x
    for name, value in {
        "weeks": 1.0, "rel6": f.rel[6.0], "rel24": rel24, "rel72": f.rel[72.0],
        "rel24_low": rel24 < 0.1, "crisis_weeks": f.in_crisis, "rel24_crisis": rel24 * f.in_crisis,
        "K_eff": f.K_eff, "S": f.S, "live3": live >= 3, "ag_real": f.ag == 1, "ag_paper": f.ag == 2,
        "pe_weeks": f.in_force, "K_index": f.K, "Pd": f.Pd, "L": f.L, "F": f.F, "F_high": f.F > 0.25,
        "engaged": engaged, "engaged_rights": engaged & (lever(k, f, Lever.rights) > 0),
        "closed": f.R == 0, "theta": f.theta,
    }.items():  # fmt: skip
        add(f, name, value)
