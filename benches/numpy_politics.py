"""Steps 14 to 17 of a week for a whole batch: bargaining, shocks, stocks, record and rules."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy_batch import CI, CONC, COST, DOMESTIC, FRICTION, KNOW, LEGIT, Batch, Tables
from numpy_conflict import expect
from numpy_draws import Array, Rng, hazard, keep, lognormal, poisson

from openchannel.kernel.keys import Lever, Out

__all__ = ["accumulate", "bargaining", "follow_rules", "opportunities", "stocks"]

NOBODY = np.empty(0, np.intp)


def effort(k: Tables, f: Batch) -> Array:
    """`neg` in force, with the belief rule."""
    p, neg = k.p, f.lever[Lever.neg]
    if not k.rules.belief:
        return np.asarray(neg)
    shift = p.neg_step * ((f.mu_t > p.mu_hi).astype(float) - (f.mu_t < p.mu_lo)) * f.pe
    return np.asarray(np.clip(neg + shift, 0.0, 1.0))


def bargaining(k: Tables, f: Batch, rng: Rng) -> None:
    p = k.p
    ripe = np.flatnonzero((f.R == 2) & (f.r == 0) & (f.nw == 0) & (f.ag == 0))
    rate = p.nw_mult * p.n0 * effort(k, f)[ripe] * (1.0 + p.b_n * f.S[ripe])
    opened = ripe[rng.standard_exponential(ripe.size) * 52.0 < rate]
    np.maximum(f.nw - 1, 0, out=f.nw)
    f.nw[opened] = int(p.nw_wk)
    f.out[Out.windows, opened] += 1
    talks = np.flatnonzero((f.nw > 0) & (f.ag == 0))
    likely = np.where(f.trade[talks], 1.0, p.p_tb) * (p.deal_base + p.b_Rel * f.rel[24.0][talks])
    deal = talks[rng.random(talks.size) < p.p_d * likely]
    f.ag[deal], f.ag_age[deal] = np.where(f.trade[deal], 1, 2), 0
    f.out[Out.deals, deal] += 1
    f.signed = np.zeros(len(f), bool)
    f.signed[deal] = True
    np.maximum(f.fail - 1, 0, out=f.fail)
    held = np.flatnonzero(f.ag)
    if held.size:
        agreements(k, f, rng, held)


def agreements(k: Tables, f: Batch, rng: Rng, held: Array) -> None:
    p = k.p
    rate = p.h_A * np.exp(p.coll_theta * f.theta[held] - p.b_A * f.S[held])
    rate *= np.where(f.ag[held] == 2, p.paper_mult, 1.0)
    if p.h_A_shape != 1.0:
        age = (f.ag_age[held] + 1) / 52.0 * p.h_A
        rate *= p.h_A_shape * age ** (p.h_A_shape - 1.0)
    falls = rng.standard_exponential(held.size) * 52.0 < rate
    lost, held = held[falls], held[~falls]
    f.ag[lost] = f.ag_age[lost] = 0
    f.theta[lost] += p.j_col
    f.fail[lost] = int(p.fail_wk)
    f.out[Out.collapses, lost] += 1
    f.R[lost[rng.random(lost.size) < p.p_close]] = 0
    age = f.ag_age[held]
    heard = held[(age > 0) & (age % int(p.signal_wk) == 0)]
    accuracy = np.minimum(0.99, p.acc_base + p.acc_K * f.K[heard])
    compliant = rng.random(heard.size) < np.where(f.trade[heard], accuracy, 1.0 - accuracy)
    for_trade = f.mu_t[heard] * np.where(compliant, accuracy, 1.0 - accuracy)
    against = (1.0 - f.mu_t[heard]) * np.where(compliant, 1.0 - accuracy, accuracy)
    f.mu_t[heard] = for_trade / (for_trade + against)
    f.ag_age[held] += 1


def opportunities(k: Tables, f: Batch, rng: Rng, discount: float) -> Array:
    """Step 15; the futures in which a succession led to war."""
    p, n = k.p, len(f)
    H = np.clip(f.rel[24.0] + p.H_tie * f.s[k.useful].max(axis=0, initial=0.0), 0.0, p.H_cap)
    p_suc = hazard(p.lam_suc) * p.p_inst * p.p_IW * (1.0 - p.e_inst * capture(p, "suc", H))
    use = p.p_nw * (1.0 - p.e_w * f.rel[24.0]) if p.nuc_instability else 0.0
    expect(k, f, p_suc, p_suc * use, discount)
    banned = f.lever[Lever.travel_ban] > 0
    arrives = rng.random((5, n))
    f.succession = np.zeros(n, bool)
    dead = np.empty(0, np.intp)
    detained = np.where(banned, hazard(p.lam_det), hazard(p.lam_det_noban))
    chances = (detained, hazard(p.lam_open), hazard(p.lam_hum), hazard(p.lam_suc))
    effects = (detainee, opening, relief, succession)
    for j, name in enumerate(("det", "open", "hum", "suc")):
        i = np.flatnonzero(arrives[j] < chances[j])
        if i.size:
            won = rng.random(i.size) < capture(p, name, H[i])
            f.out[Out[f"arr_{name}"], i] += 1
            f.out[Out[f"cap_{name}"], i] += won
            dead = np.concatenate([dead, effects[j](k, f, rng, i, won)])
    i = np.flatnonzero(arrives[4] < hazard(p.lam_def))
    i = i[~np.isin(i, dead)]  # shocks stop when a war starts
    won = rng.random(i.size) < capture(p, "def", H[i])
    f.out[Out.arr_def, i] += 1
    f.out[Out.cap_def, i] += won
    f.out[Out.loose, i] += np.where(won, p.loose_captured, p.loose_missed)
    return dead


def capture(p: Any, name: str, H: Array) -> Array:
    c0 = getattr(p, f"c0_{name}")
    return np.asarray(c0 + (min(1.0, c0 + getattr(p, f"c_gain_{name}")) - c0) * H)


def detainee(k: Tables, f: Batch, rng: Rng, i: Array, won: Array) -> Array:
    p = k.p
    median = p.det_med * np.where(won, p.det_mult, 1.0)
    f.out[Out.det_days, i] += lognormal(rng, i.size, median, p.det_sd)
    f.out[Out.det_pc, i] += np.where(won, p.det_pc_captured, p.det_pc_missed)
    return NOBODY


def opening(k: Tables, f: Batch, rng: Rng, i: Array, won: Array) -> Array:
    i = i[won & (rng.random(i.size) < k.p.s_open) & (effort(k, f)[i] > 0)]
    f.R[i] = 2
    i = i[f.ag[i] == 0]
    f.out[Out.windows, i] += f.nw[i] == 0
    f.nw[i] = int(k.p.nw_wk)
    return NOBODY


def relief(k: Tables, f: Batch, rng: Rng, i: Array, won: Array) -> Array:
    i = i[won]
    up = i[rng.random(i.size) < k.p.p_hum]
    f.R[up] = np.minimum(f.R[up] + 1, 2)
    for c in np.flatnonzero(k.ch["relief"]):
        f.s[c, i] = np.minimum(1.0, f.s[c, i] + k.p.hum_s)
    return NOBODY


def succession(k: Tables, f: Batch, rng: Rng, i: Array, won: Array) -> Array:
    p, m = k.p, i.size
    f.succession[i] = True
    f.theta[i] += p.j_suc * np.where(won, p.suc_theta, 1.0)
    f.s[:, i] *= p.suc_keep_base + p.suc_keep_iota * k.ch["iota_D"]
    f.trade[i] = rng.random(m) < p.p_trade
    f.mu_t[i] = p.p_trade
    unstable = rng.random(m) < p.p_inst
    return np.asarray(i[unstable & (rng.random(m) < p.p_IW * (1.0 - p.e_inst * won))])


def stocks(k: Tables, f: Batch, rng: Rng, t: int, exercise: bool, discount: float) -> None:
    p, lever, sums = k.p, f.lever, f.sums
    growth = 1.0 + p.xi_TB * (~f.trade & ((f.nw > 0) | (f.ag == 2))) + p.xi_L * (f.L + f.Sigma)
    growth *= np.array([1.0, 1.0 - p.cap_T, 1.0 - p.cap_B])[f.ag] * (p.gW / 52.0)
    if p.g_press:
        growth[(lever[Lever.exlev] > 1.0) & (lever[Lever.offer] == 0.0)] *= 1.0 - p.g_press
    f.W += growth
    f.L = f.L * keep(p.hl_L) + sums[LEGIT]
    concession = concede(k, f, exercise)
    rewarded = (f.since4 < p.G_window) & (lever[Lever.conc_exempt] == 0)
    f.G = f.G * keep(p.hl_G) + concession * rewarded
    f.F = f.F * keep(p.hl_F) + (1.0 - p.consult_scale * lever[Lever.consult]) * sums[FRICTION]
    if exercise:
        f.F += p.F_ex * (1.0 - lever[Lever.exlev])
    if t == 0:
        f.F += p.F_eow * lever[Lever.eow]
    domestic_cost(k, f, rng)
    f.K = np.minimum(1.0, f.K * keep(p.hl_K) + (1.0 - f.K) * sums[KNOW])
    f.Sigma = f.Sigma * keep(p.hl_Sigma) + p.Sig_conc * concession + (p.Sig_L / 52.0) * f.L
    f.out[Out.ci] += p.ci_mult * sums[CI]
    if k.rules.scale_up or k.rules.exit_review:
        compromises(k, f, rng)
    spent = (lever[Lever.fixed] * p.fixed_scale + lever[Lever.info]) / 52.0 + sums[COST]
    if f.surge is not None:
        spent = spent + p.surge_cost * f.surge
    f.out[Out.cost] += discount * spent


def concede(k: Tables, f: Batch, exercise: bool) -> Array:
    p = k.p
    if not p.conc_scale:
        return np.zeros(len(f))
    size = f.met + f.sums[CONC] + p.conc_deal * f.signed
    if exercise:
        size += p.conc_ex * np.maximum(0.0, 1.0 - f.lever[Lever.exlev])
    return np.asarray(p.conc_scale * np.minimum(1.0, size))


def domestic_cost(k: Tables, f: Batch, rng: Rng) -> None:
    p, n = k.p, len(f)
    f.Pd = f.Pd * keep(p.hl_Pd) + f.sums[DOMESTIC] * np.where(f.grave, p.Pd_sev, 1.0)
    worst = (f.ev[3] > 0) & f.pe & (f.x > p.engaged_x) & (f.lever[Lever.susp] > 5)
    f.Pd[worst] += p.Pd_s5
    if k.rules.status_quo:
        return
    rate = p.h_term * np.exp(p.term_slope * np.minimum(f.Pd, p.term_cap))
    ends = rng.standard_exponential(n) * 52.0 < rate
    if k.plan_stands:
        ends &= f.stage > 0
    f.pe &= ~ends


def compromises(k: Tables, f: Batch, rng: Rng) -> None:
    p, mean = k.p, k.p.ci_mult * f.sums[CI]
    u = rng.random(len(f))
    hit = np.flatnonzero(u >= np.exp(-mean))
    count = poisson(u[hit], mean[hit], 8).astype(np.intp)
    size = lognormal(rng, int(count.sum()), p.ci_sev_mu, p.ci_sev_sd)
    np.maximum.at(f.year_ci, np.repeat(hit, count), size)


def accumulate(k: Tables, f: Batch) -> None:
    p, out, rel24 = k.p, f.out, f.rel[24.0]
    live = ((f.s >= p.live_s) & f.O)[k.auth >= p.live_a].sum(axis=0)
    engaged = f.x > p.engaged_x
    out[Out.weeks] += 1
    out[Out.rel6] += f.rel[6.0]
    out[Out.rel24] += rel24
    out[Out.rel72] += f.rel[72.0]
    out[Out.rel24_low] += rel24 < 0.1
    out[Out.crisis_weeks] += f.in_crisis
    out[Out.rel24_crisis] += rel24 * f.in_crisis
    out[Out.K_eff] += f.K_eff
    out[Out.S] += f.S
    out[Out.live3] += live >= 3
    out[Out.ag_real] += f.ag == 1
    out[Out.ag_paper] += f.ag == 2
    out[Out.pe_weeks] += f.in_force
    out[Out.K_index] += f.K
    out[Out.Pd] += f.Pd
    out[Out.L] += f.L
    out[Out.F] += f.F
    out[Out.F_high] += f.F > 0.25
    out[Out.engaged] += engaged
    out[Out.engaged_rights] += engaged & (f.lever[Lever.rights] > 0)
    out[Out.closed] += f.R == 0
    out[Out.theta] += f.theta


def follow_rules(k: Tables, f: Batch, t: int) -> None:
    p, rules = k.p, k.rules
    if rules.on_demand:
        f.stage[(f.stage == 0) & f.pe & (f.onset | f.succession)] = 1
    if rules.exit_deception:
        f.pe &= ~f.deceived
    if not (rules.scale_up or rules.exit_review):
        return
    f.year_rel += f.rel[24.0]
    f.year_K += f.K_eff
    if t % 52 != 51:
        return
    met = (f.year_rel >= 52.0 * p.up_rel) & (f.year_K >= 52.0 * p.up_K) & (f.year_ci <= p.up_ci)
    if rules.scale_up:
        f.stage[met & f.pe & (f.stage == 0)] = 1
    if rules.exit_review:
        f.failures = np.where(met, 0, f.failures + 1)
        f.pe &= f.failures < p.exit_failures
    f.year_rel, f.year_K, f.year_ci = (np.zeros(len(f)) for _ in range(3))
