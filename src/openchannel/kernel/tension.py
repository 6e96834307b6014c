"""A2, tension and provocations: campaigns, self-excitation, severities, lethal incidents."""

from __future__ import annotations

import math

from openchannel.kernel.numerics import happens, lognormal_size, poisson_count
from openchannel.kernel.philox import draw
from openchannel.kernel.step import step
from openchannel.kernel.streams import Stream


@step
def campaign(par, f, u):
    """Step 7, first half: the testing campaign moves up or down one regime."""
    step = par.q_M / 104.0
    if u < step:
        f.M = min(3.0, f.M + 1.0)
    elif u < 2.0 * step:
        f.M = max(1.0, f.M - 1.0)


@step
def event_rate(par, plan, f, wk):
    """Expected provocations of the week, lam0 m_M exp(...) eta_A + E, capped."""
    rate = par.lam0
    if f.M == 1.0:
        rate *= par.m_low
    elif f.M == 3.0:
        rate *= par.m_high
    x = f.x
    activity = 1.0 - math.exp(-x / par.A_scale) if x > 0.0 else 0.0
    score = (
        par.beta_theta * f.theta - par.gamma_D * activity + par.gamma_L * f.L + par.gamma_MH * f.G
    )
    if wk.exercise > 0.0:
        score += par.beta_X * plan.exlev[int(wk.row)]
    rate *= math.exp(score)
    if f.ag > 0.0:
        rate *= par.eta_A
    return min(par.lam_cap, rate + f.E)


@step
def provocations(par, plan, f, wk, out, luck, t, u):
    """Step 7, second half: how many events, how severe; self-excitation follows."""
    rate = event_rate(par, plan, f, wk)
    wk.rate = rate
    # exp(-rate) >= 1 - rate, so below that bound the count is surely zero.
    n = 0 if u < 1.0 - rate else poisson_count(u, rate, math.exp(-rate), 24)
    for j in range(n):
        v = draw(luck.key, Stream.severity + j, 0, t)
        kind = 0
        cumulative = par.p_sev[0]
        while v >= cumulative and kind < 3:
            kind += 1
            cumulative += par.p_sev[kind]
        wk.n_sev[kind] += 1.0
        out.ev[kind] += 1.0
        wk.worst = max(wk.worst, 2.0 + kind)
    keep = par.E_keep
    f.E = keep * f.E + par.n_H * (1.0 - keep) * n
    f.since4 = 0.0 if wk.worst >= 4.0 else min(127.0, f.since4 + 1.0)


@step
def tension(par, plan, f, wk, noise):
    """Step 8: tension reverts to its centre, jumps with events; the suspension rule reads them."""
    theta = f.theta
    theta += par.kappa * (par.mu - theta) + par.sigma * noise
    for kind in range(4):
        theta += par.j[kind] * wk.n_sev[kind]
    f.theta = min(par.theta_max, max(par.theta_min, theta))
    row = int(wk.row)
    if wk.worst >= plan.susp[row]:
        f.susp = plan.susp_wk[row]
    else:
        f.susp = max(0.0, f.susp - 1.0)


@step
def lethal_incident(par, f, wk, out, luck, t, u):
    """Step 9, first half: torpedo, shelling, mine or clash, on an arrival of its own."""
    if u >= par.lethal_most:
        return
    rate = par.lam_leth * math.exp(par.beta_on * f.theta)
    if happens(u, rate):
        wk.lethal = 1.0
        out.lethal += 1.0
        size = draw(luck.key, Stream.fat_incident, 0, t)
        out.fat_inc += lognormal_size(size, par.fat_inc_med, par.fat_inc_sd, math.inf)
