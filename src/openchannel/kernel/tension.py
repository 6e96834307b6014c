"""A2, tension and provocations: campaigns, self-excitation, severities, lethal incidents."""

from __future__ import annotations

import math

from openchannel.kernel.numerics import exponential, happens, lognormal_size, poisson_counts
from openchannel.kernel.philox import draw
from openchannel.kernel.records import AHEAD, LANES
from openchannel.kernel.step import call, step
from openchannel.kernel.streams import Stream

_MOST_EVENTS = 24


@call
def campaign(par, f, u):
    """Step 7, first half: the testing campaign moves up or down one regime."""
    one = par.q_M / 104.0
    for l in range(LANES):
        M = f.M[l]
        up, down = min(3.0, M + 1.0), max(1.0, M - 1.0)
        f.M[l] = up if u[l] < one else (down if u[l] < 2.0 * one else M)


@call
def event_rate(par, f, wk):
    """Expected provocations of the week, lam0 m_M exp(...) eta_A + E, capped."""
    lam0, m_low, m_high, eta_A, cap = par.lam0, par.m_low, par.m_high, par.eta_A, par.lam_cap
    beta_theta, gamma_D, gamma_L, gamma_MH = par.beta_theta, par.gamma_D, par.gamma_L, par.gamma_MH
    per_x, exercise = -par.x_scale, wk.exercise * par.beta_X
    for l in range(LANES):
        activity = 1.0 - exponential(f.x[l] * per_x)
        score = beta_theta * f.theta[l] - gamma_D * activity + gamma_L * f.L[l] + gamma_MH * f.G[l]
        score += exercise * f.exlev[l]
        M = f.M[l]
        rate = lam0 * (m_low if M == 1.0 else (m_high if M == 3.0 else 1.0))
        rate *= exponential(score)
        rate *= eta_A if f.ag[l] > 0.0 else 1.0
        rate = min(cap, rate + f.E[l])
        wk.rate[l] = rate
        wk.none[l] = exponential(-rate)


@call
def provocations(par, f, wk, out, luck, t, i):
    """Step 7, second half: how many events, how severe; self-excitation follows."""
    event_rate(par, f, wk)
    most = poisson_counts(luck.events[i], wk.rate, wk.none, _MOST_EVENTS, 1.0, wk)
    wk.most = most
    for l in range(LANES):
        wk.events[l] = wk.count[l]
        wk.worst[l] = 0.0
    if most > 0:
        _severities(par, wk, out, luck, t, i, most)
    keep = par.E_keep
    gain = par.n_H * (1.0 - keep)
    for l in range(LANES):
        f.E[l] = keep * f.E[l] + gain * wk.events[l]
        later = min(127.0, f.since4[l] + 1.0)
        f.since4[l] = 0.0 if wk.worst[l] >= 4.0 else later


@call
def _severities(par, wk, out, luck, t, i, most):
    """Sort the events of the week by severity, 2 to 5."""
    for kind in range(4):
        for l in range(LANES):
            wk.n_sev[kind, l] = 0.0
    for j in range(most):
        if j < AHEAD:
            _sort(par, wk, luck.severity[j, i], j)
            continue
        for l in range(LANES):
            if wk.events[l] > j:
                wk.severity[l] = draw(luck, l, Stream.severity + j, 0, t)
        _sort(par, wk, wk.severity, j)
    for kind in range(4):
        for l in range(LANES):
            out.ev[kind, l] += wk.alive[l] * wk.n_sev[kind, l]
            wk.worst[l] = 2.0 + kind if wk.n_sev[kind, l] > 0.0 else wk.worst[l]


@step
def _sort(par, wk, v, j):
    """Count event `j` (from 0) of every lane that has so many, by its uniform `v`."""
    to_2 = par.p_sev[0]
    to_3 = to_2 + par.p_sev[1]
    to_4 = to_3 + par.p_sev[2]
    for l in range(LANES):
        one = 1.0 if wk.events[l] > j else 0.0
        u = v[l]
        wk.n_sev[0, l] += one if u < to_2 else 0.0
        wk.n_sev[1, l] += one if u >= to_2 and u < to_3 else 0.0
        wk.n_sev[2, l] += one if u >= to_3 and u < to_4 else 0.0
        wk.n_sev[3, l] += one if u >= to_4 else 0.0


@call
def tension(par, plan, f, wk, noise):
    """Step 8: tension reverts to its centre, jumps with events; the suspension rule reads them."""
    kappa, mu, sigma, low, high = par.kappa, par.mu, par.sigma, par.theta_min, par.theta_max
    for l in range(LANES):
        theta = f.theta[l]
        f.theta[l] = theta + kappa * (mu - theta) + sigma * noise[l]
    if wk.most > 0.0:
        for kind in range(4):
            jump = par.j[kind]
            for l in range(LANES):
                f.theta[l] += jump * wk.n_sev[kind, l]
    beta_on = par.beta_on
    for l in range(LANES):
        theta = min(high, max(low, f.theta[l]))
        f.theta[l] = theta
        wk.factor[l] = exponential(beta_on * theta)
    if plan.suspends > 0.0:
        for l in range(LANES):
            left = max(0.0, f.susp[l] - 1.0)
            f.susp[l] = f.susp_length[l] if wk.worst[l] >= f.susp_at[l] else left


@call
def lethal_incidents(par, f, wk, out, luck, t, u):
    """Step 9, first half: torpedo, shelling, mine or clash, on an arrival of its own."""
    most = par.lethal_most
    near = False
    for l in range(LANES):
        wk.lethal[l] = 0.0
        wk.clash[l] = 0.0
        near |= u[l] < most
    if not near:
        return
    for l in range(LANES):
        if u[l] < most and f.alive[l] > 0.0 and happens(u[l], par.lam_leth * wk.factor[l]):
            wk.lethal[l] = 1.0
            out.lethal[l] += 1.0
            size = draw(luck, l, Stream.fat_incident, 0, t)
            out.fat_inc[l] += lognormal_size(size, par.fat_inc_med, par.fat_inc_sd, math.inf)
            if draw(luck, l, Stream.lethal_crisis, 0, t) < par.p_leth:
                wk.clash[l] = 1.0
