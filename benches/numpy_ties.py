"""Steps 1 to 6 of a week for a whole batch: calendar, receptivity, channels, contacts, Rel.

A hazard `1 - e^{-x}` is met by a standard exponential below `x`, which has the same law and spares
an exponential function; rare things are done on the indices where they happen.
"""

from __future__ import annotations

import numpy as np
from numpy_batch import COUNTS, W_ACT, Batch, Tables
from numpy_draws import Rng, keep, poisson

from openchannel.kernel.keys import Lever, Out

__all__ = ["channels", "contacts", "inauguration", "receptivity", "reliability"]


def inauguration(k: Tables, f: Batch, rng: Rng) -> None:
    p, n = k.p, len(f)
    lapses = rng.random(n) >= k.survives[1 + f.stage]
    if k.plan_stands:
        lapses &= f.stage > 0
    f.pe &= ~lapses
    f.s *= np.where(rng.random(f.s.shape) < p.p_staff, k.ch["iota_U"], 1.0)
    broken = np.flatnonzero((f.ag > 0) & (rng.random(n) < p.p_adm))
    f.ag[broken] = f.ag_age[broken] = 0
    f.theta[broken] += p.j_col
    f.out[Out.collapses, broken] += 1
    if p.adm_full:
        f.fail[broken] = int(p.fail_wk)
        f.R[broken[rng.random(broken.size) < p.p_close]] = 0


def receptivity(k: Tables, f: Batch, rng: Rng) -> None:
    p = k.p
    off = p.b_off * (f.lever[Lever.offer] - p.irritant_scale * f.lever[Lever.irritant])
    u = rng.random(len(f)) * 52.0
    up = k.up[f.R] * np.exp(off - p.b_theta_R * f.theta)
    down = k.down[f.R] * np.exp(p.b_theta_R * f.theta - p.off_down * off)
    f.R += (u < up).astype(np.intp) - ((u >= up) & (u < up + down))


def channels(k: Tables, f: Batch, rng: Rng) -> None:
    p = k.p
    strain = np.exp(p.cut_theta * f.theta) * np.where(f.R == 0, p.cut_closed, 1.0)
    opening = np.where(f.R >= 1, p.open_hi, p.open_lo)
    rate = np.where(f.O, k.ch["lam_cut"] * strain, k.wanted.take(f.code, axis=1) * opening)
    flip = rng.standard_exponential(f.O.shape) * 52.0 < rate
    f.out[Out.cuts] += (flip & f.O).sum(axis=0)
    f.O ^= flip


def contacts(k: Tables, f: Batch, rng: Rng) -> None:
    p, n = k.p, len(f)
    code = 6 * f.code + 3 * (f.susp > 0) + f.R
    u = rng.random(f.s.shape)
    hit = np.flatnonzero((u >= k.none.take(code, axis=1)) & f.O)
    c = hit // n
    mean = k.mean.ravel().take(c * k.mean.shape[1] + code.take(hit - c * n))
    count = poisson(u.ravel().take(hit), mean, 64)
    f.s *= k.keep
    flat = f.s.ravel()
    flat[hit] = 1.0 - (1.0 - flat.take(hit)) * k.miss.take(c) ** count
    numbers = np.zeros(f.s.shape)
    numbers.ravel()[hit] = count
    turnover(k, f, rng)
    f.sums = k.sums @ numbers
    f.met = k.conc_any @ (numbers > 0) if p.conc_scale else np.zeros(n)
    f.out[Out.contacts] += f.sums[COUNTS]
    kept = keep(p.hl_x)
    f.x = f.x * kept + (1.0 - kept) * f.sums[W_ACT]


def turnover(k: Tables, f: Batch, rng: Rng) -> None:
    p, n, ch = k.p, len(f), k.ch
    u = rng.random(f.s.shape)
    flat, inst = f.s.ravel(), f.lever[Lever.inst]
    them = np.flatnonzero(u < k.p_D_failed)
    c = them // n
    i = them - c * n
    limit = np.where(f.fail[i] > 0, k.p_D_failed[c, 0], k.p_D[c, 0])
    real = u.ravel()[them] < limit
    them, c, i = them[real], c[real], i[real]
    iota = ch["iota_D"][c, 0]
    flat[them] *= iota + (1.0 - iota) * p.inst_D * inst[i]
    ours = np.flatnonzero((u >= 0.5) & (u < 0.5 + k.p_U))
    c = ours // n
    iota = ch["iota_U"][c, 0]
    flat[ours] *= iota + (1.0 - iota) * p.inst_U * inst[ours - c * n]


def reliability(k: Tables, f: Batch) -> None:
    p = k.p
    f.S = k.auth @ f.s / k.auth.sum()
    open_ties = f.s * f.O
    total, squares = k.auth @ open_ties, (k.auth**2) @ (open_ties * open_ties)
    f.K_eff = np.divide(total * total, squares, out=np.zeros(len(f)), where=squares > 0)
    answer = k.answer if f.surge is None else np.where(f.surge, k.surged, k.answer)
    reached = (p.b0 + (p.b1 - p.b0) * f.s) * answer
    reached *= f.O
    reached *= k.psi[f.R]
    heard = 1.0 - p.q_cc * (1.0 - p.q_tie * f.S)
    f.rel = {}
    for hours in k.deadlines:
        missed = reached * -k.in_time[hours]
        missed += 1.0
        f.rel[hours] = heard * (1.0 - np.multiply.reduce(missed, axis=0))
