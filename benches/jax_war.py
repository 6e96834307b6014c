"""Steps 1 to 13 of the JAX version: ties, provocations, tension, crises, warning, war."""

from __future__ import annotations

import jax
from jax import numpy as jnp
from jax.scipy.special import ndtr
from jax_steps import add, hazard, keep, lever, lognormal, met, poisson, row
from numpy_batch import COUNTS, W_ACT, Tables

from openchannel.kernel.keys import Lever

__all__ = ["conflict", "contact", "end", "expect", "inauguration", "sizes_of_war"]

ESCALATION, PRE_EMPTION, KILL_CHAIN, INSTABILITY = 1, 2, 3, 4


def inauguration(k: Tables, f: dict, key: jax.Array) -> dict:
    """Step 1, in the weeks that have one."""
    p, n = k.p, f["pe"].shape[0]
    one, two = jax.random.split(key)
    u, staff = jax.random.uniform(one, (3, n)), jax.random.uniform(two, f["s"].shape)
    broken = (f["ag"] > 0) & (u[1] < p.p_adm)
    f = f | {
        "pe": f["pe"] & (u[0] < k.survives[1]),
        "s": f["s"] * jnp.where(staff < p.p_staff, k.ch["iota_U"], 1.0),
        "ag": jnp.where(broken, 0, f["ag"]),
        "ag_age": jnp.where(broken, 0, f["ag_age"]),
        "theta": f["theta"] + jnp.where(broken, p.j_col, 0.0),
        "collapses": f["collapses"] + broken,
    }
    if p.adm_full:
        f["fail"] = jnp.where(broken, int(p.fail_wk), f["fail"])
        f["R"] = jnp.where(broken & (u[2] < p.p_close), 0, f["R"])
    return f


def contact(k: Tables, f) -> None:
    """Steps 2 to 6."""
    receptivity(k, f)
    channels(k, f)
    contacts(k, f)
    turnover(k, f)
    reliability(k, f)


def receptivity(k: Tables, f) -> None:
    p = k.p
    off = p.b_off * (lever(k, f, Lever.offer) - p.irritant_scale * lever(k, f, Lever.irritant))
    u = f.u.next() * 52.0
    up = row(k.up, f.R) * jnp.exp(off - p.b_theta_R * f.theta)
    down = row(k.down, f.R) * jnp.exp(p.b_theta_R * f.theta - p.off_down * off)
    f.R = f.R + (u < up) - ((u >= up) & (u < up + down))


def channels(k: Tables, f) -> None:
    p = k.p
    strain = jnp.exp(p.cut_theta * f.theta) * jnp.where(f.R == 0, p.cut_closed, 1.0)
    opening = jnp.where(f.R >= 1, p.open_hi, p.open_lo)
    wanted = jnp.where(f.code > 0, k.wanted[:, 1:2], k.wanted[:, 0:1])
    flip = met(f.u.by_channel(), jnp.where(f.O, k.ch["lam_cut"] * strain, wanted * opening))
    add(f, "cuts", (flip & f.O).sum(axis=0))
    f.O = f.O ^ flip


def contacts(k: Tables, f) -> None:
    p = k.p
    code = 6 * f.code + 3 * (f.susp > 0) + f.R
    mean = jnp.asarray(k.mean)[:, code] * f.O
    count = poisson(f.u.by_channel(), mean, 64)
    f.s = f.s * k.keep
    f.s = 1.0 - (1.0 - f.s) * k.miss[:, None] ** count
    f.sums = k.sums @ count
    f.met = k.conc_any @ (count > 0) if p.conc_scale else jnp.zeros_like(f.x)
    add(f, "contacts", f.sums[COUNTS])
    kept = keep(p.hl_x)
    f.x = f.x * kept + (1.0 - kept) * f.sums[W_ACT]


def turnover(k: Tables, f) -> None:
    p, ch, u, inst = k.p, k.ch, f.u.by_channel(), lever(k, f, Lever.inst)
    theirs = u < jnp.where(f.fail > 0, k.p_D_failed, k.p_D)
    f.s = f.s * jnp.where(theirs, ch["iota_D"] + (1.0 - ch["iota_D"]) * p.inst_D * inst, 1.0)
    ours = (u >= 0.5) & (u < 0.5 + k.p_U)
    f.s = f.s * jnp.where(ours, ch["iota_U"] + (1.0 - ch["iota_U"]) * p.inst_U * inst, 1.0)


def reliability(k: Tables, f) -> None:
    p = k.p
    f.S = k.auth @ f.s / k.auth.sum()
    ties = f.s * f.O
    total, squares = k.auth @ ties, (k.auth**2) @ (ties * ties)
    f.K_eff = jnp.where(squares > 0, total * total / jnp.where(squares > 0, squares, 1.0), 0.0)
    reached = (p.b0 + (p.b1 - p.b0) * f.s) * k.answer * f.O * row(k.psi, f.R)
    heard = 1.0 - p.q_cc * (1.0 - p.q_tie * f.S)
    f.rel = {
        hours: heard * (1.0 - jnp.prod(1.0 - reached * in_time, axis=0))
        for hours, in_time in k.in_time.items()
    }


def conflict(k: Tables, f, week: dict) -> None:
    """Steps 7 to 13."""
    provocations(k, f, week["exercise"])
    tension(k, f)
    onset(k, f)
    f.p_war, f.p_nuclear = jnp.zeros_like(f.theta), jnp.zeros_like(f.theta)
    crisis(k, f, week["discount"])
    cause = warning(k, f)
    expect(k, f, f.p_war, f.p_nuclear, week["discount"])
    end(k, f, cause > 0, cause, week["discount"])


def provocations(k: Tables, f, exercise) -> None:
    p = k.p
    u = f.u.next() * 104.0
    f.M = jnp.clip(f.M + (u < p.q_M) - ((u >= p.q_M) & (u < 2.0 * p.q_M)), 1, 3)
    log_rate = p.beta_theta * f.theta - p.gamma_D * (1.0 - jnp.exp(f.x * (-1.0 / p.A_scale)))
    log_rate += p.gamma_L * f.L + p.gamma_MH * f.G
    log_rate += jnp.where(exercise, p.beta_X * lever(k, f, Lever.exlev), 0.0)
    rate = row(k.campaign, f.M) * jnp.exp(log_rate) * jnp.where(f.ag > 0, p.eta_A, 1.0)
    rate = jnp.minimum(rate + f.E, p.lam_cap)
    share = jnp.diff(jnp.asarray([0.0, *k.severity, 1.0]))
    # A Poisson count whose events have severities of their own is four independent counts.
    f.ev = poisson(jnp.stack([f.u.next() for _ in range(4)]), share[:, None] * rate, 24)
    count = f.ev.sum(axis=0)
    d = keep(p.h_H)
    f.E = f.E * d + p.n_H * (1.0 - d) * count
    f.busy, f.grave = count > 0, f.ev[2] + f.ev[3] > 0
    f.since4 = jnp.where(f.grave, 0, jnp.minimum(f.since4 + 1, 127))
    for i, name in enumerate(("ev2", "ev3", "ev4", "ev5")):
        add(f, name, f.ev[i])


def tension(k: Tables, f) -> None:
    p = k.p
    f.theta = f.theta * (1.0 - p.kappa) + p.kappa * k.mu + p.sigma * f.u.normal() + k.jump @ f.ev
    f.theta = jnp.clip(f.theta, p.theta_min, p.theta_max)
    f.susp = jnp.maximum(f.susp - 1, 0)
    if k.has_suspension:
        worst = jnp.max((f.ev > 0) * jnp.asarray([[2], [3], [4], [5]]), axis=0)
        length = jnp.asarray(lever(k, f, Lever.susp_wk), jnp.int32)
        f.susp = jnp.where(worst >= lever(k, f, Lever.susp), length, f.susp)


def onset(k: Tables, f) -> None:
    p = k.p
    heat = jnp.exp(p.beta_on * f.theta)
    lethal = met(f.u.next(), p.lam_leth * heat)
    add(f, "lethal", lethal)
    dead = lognormal(f.u.normal(), p.fat_inc_med, p.fat_inc_sd)
    add(f, "fat_inc", jnp.where(lethal, dead, 0.0))
    risk = jnp.minimum(1.0, k.q_on * heat)
    chance = hazard(p.lam_acc) + 1.0 - jnp.prod((1.0 - risk) ** f.ev, axis=0)
    calm = f.r == 0
    begins = calm & (f.u.next() < chance)
    clash = lethal & calm & (f.u.next() < p.p_leth)
    f.r = jnp.where(clash, 3, jnp.where(begins, 1, f.r))
    f.onset = begins | clash
    f.r_max = jnp.where(f.onset, f.r, f.r_max)
    add(f, "crises", f.onset)
    add(f, "crises_r3", clash)
    f.out["r_max"] = jnp.where(f.alive & f.onset, jnp.maximum(f.out["r_max"], f.r), f.out["r_max"])
    f.in_crisis = f.r > 0


def hostile_share(k: Tables, f):
    return jnp.minimum(k.p.h_cap, row(k.h, f.r) * (1.0 + k.p.f_F * f.F))


def crisis(k: Tables, f, discount) -> None:
    p = k.p
    running, before = f.r > 0, f.r
    move(k, f, running)
    entered = running & (before < 3) & (f.r == 3)
    move(k, f, running & (f.r == 4))
    lulled = running & ((f.r == 2) | (f.r == 3))
    lulled &= f.u.next() < p.p_dec * f.rel[p.D_bargain] * hostile_share(k, f)
    entered |= lulled & (f.r == 2)
    f.r = f.r + lulled
    f.s = jnp.where(lulled, 0.5 * f.s, f.s)
    add(f, "deceptions", lulled)
    dead = lognormal(f.u.normal(), p.fat_inc_med, p.fat_inc_sd)
    add(f, "fat_inc", jnp.where(entered, dead, 0.0))
    at4 = running & (f.r == 4)
    dead = lognormal(f.u.normal(), p.fat_r4_med, p.fat_r4_sd)
    add(f, "fat_r4", jnp.where(at4, dead, 0.0))
    add(f, "econ_r4", jnp.where(at4, p.econ_r4 * discount, 0.0))
    peak, now = f.r_max, jnp.maximum(f.r_max, f.r)
    add(f, "crises_r3", running & (peak < 3) & (now >= 3))
    add(f, "crises_r4", running & (peak < 4) & (now >= 4))
    f.out["r_max"] = jnp.where(f.alive & running, jnp.maximum(f.out["r_max"], now), f.out["r_max"])
    f.r_max = jnp.where(running, now, f.r_max)


def move(k: Tables, f, who) -> None:
    p, rel = k.p, f.rel[k.p.D_bargain]
    h = hostile_share(k, f)
    false_alarm, missed = p.f0 * (1.0 - p.e_f * rel), p.m0 * (1.0 - p.e_K * f.K)
    hostile = h * (1.0 - missed) + (1.0 - h) * false_alarm
    up = row(k.firebreak, f.r) * (hostile * p.uH + (1.0 - hostile) * p.uB + h * p.zeta * rel * p.uH)
    down = row(k.relax, f.r) * (hostile * p.dH + (1.0 - hostile) * p.dB)
    at4 = jnp.where(who & (f.r == 4), up, 0.0)
    f.p_war += at4
    f.p_nuclear += at4 * p.p_nw * (1.0 - p.e_w * f.rel[24.0])
    u = f.u.next()
    f.r = f.r + (who & (u < up)) - (who & (u >= up) & (u > 1.0 - down))


def warning(k: Tables, f):
    """Steps 12 and 13: who is at war now, and by which path (1, 2, 3; 0 for peace)."""
    p = k.p
    score = row(k.strike, f.r) - f.W / (p.Ws * p.sigma_d)
    heard, alarm = f.rel[p.D_nuc], row(k.alarm, f.r)
    strikes = heard * ndtr(score + k.message) + (1.0 - heard) * ndtr(score)
    p_pre = alarm * strikes
    add(f, "rb_pre", p_pre)
    f.p_war += p_pre
    f.p_nuclear += p_pre
    high = (f.r == 3) | (f.r == 4)
    p_kc = jnp.where(high, p.lam_KC * (1.0 - p.e_KC * f.rel[p.D_KC]), 0.0)
    f.p_war += (1.0 - p_pre) * p_kc
    f.p_nuclear += (1.0 - p_pre) * p_kc * p.p_nw * (1.0 - p.e_w * f.rel[24.0])
    cause = jnp.where(f.u.next() < p_kc, KILL_CHAIN, 0)
    struck = (f.u.next() < alarm) & (f.u.next() < strikes)
    cause = jnp.where(struck, PRE_EMPTION, cause)
    return jnp.where(f.r == 5, ESCALATION, cause)


def expect(k: Tables, f, p_war, p_nuclear, discount) -> None:
    add(f, "rb_war", p_war)
    add(f, "rb_nuc", p_nuclear)
    add(f, "rb_econ", p_war * (k.p.econ_war * discount))


def end(k: Tables, f, dead, cause, discount) -> None:
    """Wars of the week; sizes are drawn once, at the end of all weeks."""
    dead = dead & f.alive
    add(f, "war", dead)
    add(f, "war_cause", jnp.where(dead, cause, 0))
    add(f, "econ_war", jnp.where(dead, k.p.econ_war * discount, 0.0))
    add(f, "war_rel24", jnp.where(dead, f.rel[24.0], 0.0))
    f.alive = f.alive & ~dead


def sizes_of_war(k: Tables, out: dict, key: jax.Array) -> dict:
    """Deaths and nuclear use of every war."""
    p, cause = k.p, out["war_cause"]
    one, two = jax.random.split(key)
    u, z = jax.random.uniform(one, (2, *cause.shape)), jax.random.normal(two, (2, *cause.shape))
    war = cause > 0
    used = u[0] < p.p_nw * (1.0 - p.e_w * out["war_rel24"])
    used &= (cause != INSTABILITY) | (p.nuc_instability > 0)
    used = war & (used | (cause == PRE_EMPTION))
    large = u[1] < p.p_large
    median = jnp.where(large, p.fat_large_med, p.fat_lim_med)
    log_sd = jnp.where(large, p.fat_large_sd, p.fat_lim_sd)
    conventional = jnp.minimum(lognormal(z[0], p.fat_war_med, p.fat_war_sd), p.fat_war_cap)
    nuclear = jnp.minimum(lognormal(z[1], median, log_sd), p.fat_nuc_cap)
    return out | {
        "fat_war": war * conventional,
        "nuc": 1.0 * used,
        "nuc_pre": 1.0 * (cause == PRE_EMPTION),
        "large": 1.0 * (used & large),
        "fat_nuc": used * nuclear,
    }
