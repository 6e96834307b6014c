"""Steps 7 to 13 of a week for a whole batch: provocations, tension, crises, warning, war."""

from __future__ import annotations

import numpy as np
from numpy_batch import Batch, Tables
from numpy_draws import Array, Rng, hazard, keep, lognormal, poisson
from scipy.special import ndtr

from openchannel.kernel.keys import Lever, Out

__all__ = [
    "crisis",
    "crisis_onset",
    "expect",
    "expected_fatalities",
    "provocations",
    "tension",
    "wage_war",
    "warning",
]

ESCALATION, PRE_EMPTION, KILL_CHAIN, INSTABILITY = 1, 2, 3, 4


def provocations(k: Tables, f: Batch, rng: Rng, exercise: bool) -> None:
    p, n = k.p, len(f)
    u = rng.random(n) * 104.0
    f.M += (u < p.q_M).astype(np.intp) - ((u >= p.q_M) & (u < 2.0 * p.q_M))
    np.clip(f.M, 1, 3, out=f.M)
    log_rate = p.beta_theta * f.theta - p.gamma_D * (1.0 - np.exp(f.x * (-1.0 / p.A_scale)))
    log_rate += p.gamma_L * f.L + p.gamma_MH * f.G
    if exercise:
        log_rate += p.beta_X * f.lever[Lever.exlev]
    rate = k.campaign[f.M] * np.exp(log_rate)
    rate[f.ag > 0] *= p.eta_A
    rate = np.minimum(rate + f.E, p.lam_cap)
    u = rng.random(n)
    hit = np.flatnonzero(u >= np.exp(-rate))
    count = poisson(u[hit], rate[hit], 24)
    d = keep(p.h_H)
    f.E *= d
    f.E[hit] += p.n_H * (1.0 - d) * count
    whose = np.repeat(hit, count.astype(np.intp))
    severity = np.searchsorted(k.severity, rng.random(whose.size), side="right")
    f.ev = np.bincount(severity * n + whose, minlength=4 * n).reshape(4, n).astype(float)
    f.busy = np.zeros(n, bool)
    f.busy[hit] = True
    f.grave = f.ev[2] + f.ev[3] > 0
    f.since4 = np.where(f.grave, 0, np.minimum(f.since4 + 1, 127))
    f.out[Out.ev2 : Out.ev5 + 1] += f.ev


def tension(k: Tables, f: Batch, rng: Rng) -> None:
    p, n = k.p, len(f)
    noise = rng.standard_normal(n)
    f.theta = f.theta * (1.0 - p.kappa) + (p.kappa * k.mu) + p.sigma * noise + k.jump @ f.ev
    np.clip(f.theta, p.theta_min, p.theta_max, out=f.theta)
    f.susp = np.maximum(f.susp - 1, 0)
    if k.has_suspension:
        worst = np.max((f.ev > 0) * np.array([[2], [3], [4], [5]]), axis=0)
        hit = np.flatnonzero(worst >= f.lever[Lever.susp])
        f.susp[hit] = f.lever[Lever.susp_wk, hit].astype(np.intp)


def crisis_onset(k: Tables, f: Batch, rng: Rng) -> None:
    p, n = k.p, len(f)
    heat = np.exp(p.beta_on * f.theta)
    lethal = np.flatnonzero(rng.standard_exponential(n) * 52.0 < p.lam_leth * heat)
    f.out[Out.lethal, lethal] += 1
    f.out[Out.fat_inc, lethal] += lognormal(rng, lethal.size, p.fat_inc_med, p.fat_inc_sd)
    chance = np.full(n, hazard(p.lam_acc))
    busy = np.flatnonzero(f.busy)
    risk = np.minimum(1.0, k.q_on * heat[busy])
    chance[busy] += 1.0 - np.multiply.reduce((1.0 - risk) ** f.ev[:, busy], axis=0)
    calm = f.r == 0
    onset = calm & (rng.random(n) < chance)
    clash = lethal[calm[lethal] & (rng.random(lethal.size) < p.p_leth)]
    f.r[onset] = 1
    f.r[clash] = 3
    onset[clash] = True
    new = np.flatnonzero(onset)
    f.r_max[new] = f.r[new]
    f.out[Out.crises, new] += 1
    f.out[Out.crises_r3, clash] += 1
    f.out[Out.r_max, new] = np.maximum(f.out[Out.r_max, new], f.r[new])
    f.in_crisis = f.r > 0
    f.onset = onset


def hostile_share(k: Tables, f: Batch, i: Array) -> Array:
    return np.asarray(np.minimum(k.p.h_cap, k.h[f.r[i]] * (1.0 + k.p.f_F * f.F[i])))


def crisis(k: Tables, f: Batch, rng: Rng, discount: float, p_war: Array, p_nuclear: Array) -> None:
    """Steps 10 and 11 where a crisis runs."""
    p = k.p
    f.deceived = np.zeros(len(f), bool)
    i = np.flatnonzero(f.r > 0)
    if i.size == 0:
        return
    before = f.r[i]
    move(k, f, rng, i, p_war, p_nuclear)
    entered = (before < 3) & (f.r[i] == 3)
    move(k, f, rng, i[f.r[i] == 4], p_war, p_nuclear)
    rel = f.rel[p.D_bargain][i]
    lulled = (f.r[i] == 2) | (f.r[i] == 3)
    lulled &= rng.random(i.size) < p.p_dec * rel * hostile_share(k, f, i)
    entered |= lulled & (f.r[i] == 2)
    hit = i[lulled]
    f.r[hit] += 1
    f.s[:, hit] *= 0.5
    f.out[Out.deceptions, hit] += 1
    f.deceived[hit] = True
    dead = i[entered]
    f.out[Out.fat_inc, dead] += lognormal(rng, dead.size, p.fat_inc_med, p.fat_inc_sd)
    at4 = i[f.r[i] == 4]
    f.out[Out.fat_r4, at4] += lognormal(rng, at4.size, p.fat_r4_med, p.fat_r4_sd)
    f.out[Out.econ_r4, at4] += p.econ_r4 * discount
    peak, now = f.r_max[i], np.maximum(f.r_max[i], f.r[i])
    f.out[Out.crises_r3, i] += (peak < 3) & (now >= 3)
    f.out[Out.crises_r4, i] += (peak < 4) & (now >= 4)
    f.out[Out.r_max, i] = np.maximum(f.out[Out.r_max, i], now)
    f.r_max[i] = now


def move(k: Tables, f: Batch, rng: Rng, i: Array, p_war: Array, p_nuclear: Array) -> None:
    if i.size == 0:
        return
    p, r, rel = k.p, f.r[i], f.rel[k.p.D_bargain][i]
    h = hostile_share(k, f, i)
    false_alarm, missed = p.f0 * (1.0 - p.e_f * rel), p.m0 * (1.0 - p.e_K * f.K[i])
    hostile = h * (1.0 - missed) + (1.0 - h) * false_alarm
    up = k.firebreak[r] * (hostile * p.uH + (1.0 - hostile) * p.uB + h * p.zeta * rel * p.uH)
    down = k.relax[r] * (hostile * p.dH + (1.0 - hostile) * p.dB)
    at4 = i[r == 4]
    p_war[at4] += up[r == 4]
    p_nuclear[at4] += up[r == 4] * p.p_nw * (1.0 - p.e_w * f.rel[24.0][at4])
    u = rng.random(i.size)
    rises = u < up
    f.r[i] += rises.astype(np.intp) - (~rises & (u > 1.0 - down))


def warning(k: Tables, f: Batch, rng: Rng, p_war: Array, p_nuclear: Array) -> tuple[Array, Array]:
    """Steps 12 and 13: who is at war now, and by which path (1, 2, 3)."""
    p, n = k.p, len(f)
    score = k.strike[f.r] - f.W / (p.Ws * p.sigma_d)
    heard = f.rel[p.D_nuc]
    alarm = k.alarm[f.r]
    strikes = heard * ndtr(score + k.message) + (1.0 - heard) * ndtr(score)
    p_pre = alarm * strikes
    f.out[Out.rb_pre] += p_pre
    p_war += p_pre
    p_nuclear += p_pre
    cause = np.zeros(n, np.intp)
    high = np.flatnonzero((f.r == 3) | (f.r == 4))
    if high.size:
        p_kc = p.lam_KC * (1.0 - p.e_KC * f.rel[p.D_KC][high])
        alone = (1.0 - p_pre[high]) * p_kc
        p_war[high] += alone
        p_nuclear[high] += alone * p.p_nw * (1.0 - p.e_w * f.rel[24.0][high])
        cause[high[rng.random(high.size) < p_kc]] = KILL_CHAIN
    alarmed = np.flatnonzero(rng.random(n) < alarm)
    cause[alarmed[rng.random(alarmed.size) < strikes[alarmed]]] = PRE_EMPTION
    cause[f.r == 5] = ESCALATION
    dead = np.flatnonzero(cause)
    return dead, cause[dead]


def expect(k: Tables, f: Batch, p_war: Array, p_nuclear: Array, discount: float) -> None:
    """Compensators; the one of fatalities is made of these two at the end of the run."""
    f.out[Out.rb_war] += p_war
    f.out[Out.rb_nuc] += p_nuclear
    f.out[Out.rb_econ] += p_war * (k.p.econ_war * discount)


def expected_fatalities(k: Tables, result: Array) -> None:
    """Expected war fatalities from the two compensators and the capped means."""
    p = k.p

    def capped_mean(median: float, sd: float, cap: float) -> float:
        z = np.log(cap / median) / sd
        return float(median * np.exp(0.5 * sd * sd) * ndtr(z - sd) + cap * ndtr(-z))

    large = capped_mean(p.fat_large_med, p.fat_large_sd, p.fat_nuc_cap)
    limited = capped_mean(p.fat_lim_med, p.fat_lim_sd, p.fat_nuc_cap)
    nuclear = p.p_large * large + (1.0 - p.p_large) * limited
    conventional = capped_mean(p.fat_war_med, p.fat_war_sd, p.fat_war_cap)
    result[Out.rb_large] = p.p_large * result[Out.rb_nuc]
    result[Out.rb_fat] = conventional * result[Out.rb_war] + nuclear * result[Out.rb_nuc]


def wage_war(k: Tables, f: Batch, rng: Rng, i: Array, cause: Array, discount: float) -> None:
    p, out, m = k.p, f.out, i.size
    out[Out.war, i], out[Out.war_cause, i] = 1, cause
    out[Out.econ_war, i] = p.econ_war * discount
    out[Out.fat_war, i] = np.minimum(lognormal(rng, m, p.fat_war_med, p.fat_war_sd), p.fat_war_cap)
    used = rng.random(m) < p.p_nw * (1.0 - p.e_w * f.rel[24.0][i])
    used &= (cause != INSTABILITY) | (p.nuc_instability > 0)
    used |= cause == PRE_EMPTION
    large = rng.random(m) < p.p_large
    median = np.where(large, p.fat_large_med, p.fat_lim_med)
    log_sd = np.where(large, p.fat_large_sd, p.fat_lim_sd)
    size = np.minimum(lognormal(rng, m, median, log_sd), p.fat_nuc_cap)
    out[Out.nuc, i], out[Out.nuc_pre, i] = used, cause == PRE_EMPTION
    out[Out.large, i], out[Out.fat_nuc, i] = used & large, used * size
