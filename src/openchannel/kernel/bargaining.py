"""A5, negotiation windows and agreements: openings, deals real or hollow, and their collapse."""

from __future__ import annotations

import math

from openchannel.kernel.numerics import happens
from openchannel.kernel.philox import draw
from openchannel.kernel.step import step
from openchannel.kernel.streams import Stream


@step
def bargaining_effort(par, plan, f, wk):
    """Willingness to bargain in force, moved by the belief rule where the policy has one."""
    effort = plan.neg[int(wk.row)]
    if plan.belief > 0.0 and f.pe > 0.0:
        if f.mu_t > par.mu_hi:
            effort = min(1.0, effort + par.neg_step)
        elif f.mu_t < par.mu_lo:
            effort = max(0.0, effort - par.neg_step)
    return effort


@step
def window(par, plan, f, wk, out, u):
    """A window opens in quiet, open weeks without an agreement; else it runs down."""
    quiet = f.nw == 0.0 and f.ag == 0.0 and f.r == 0.0
    if quiet and f.R == 2.0:
        effort = bargaining_effort(par, plan, f, wk)
        rate = par.nw_mult * par.n0 * effort
        if happens(u, rate * (1.0 + par.b_n * wk.S)):
            f.nw = par.nw_wk
            out.windows += 1.0
            return
    f.nw = max(0.0, f.nw - 1.0)


@step
def deal(par, f, wk, out, u):
    """A deal in an open window: real with a partner who trades, else on paper."""
    if f.nw <= 0.0 or f.ag > 0.0:
        return
    p = par.p_d * (par.deal_base + par.b_Rel * wk.rel24)
    if f.trade == 0.0:
        p *= par.p_tb
    if u < p:
        f.ag = 1.0 if f.trade > 0.0 else 2.0
        f.ag_age = 0.0
        wk.signed = 1.0
        out.deals += 1.0


@step
def collapse_rate(par, f, wk):
    """Yearly hazard of collapse; constant, or falling with age for a Weibull shape below 1."""
    rate = par.h_A * math.exp(par.coll_theta * f.theta - par.b_A * wk.S)
    if f.ag == 2.0:
        rate *= par.paper_mult
    shape = par.h_A_shape
    if shape != 1.0 and par.h_A > 0.0:
        age = (f.ag_age + 1.0) / 52.0 * par.h_A
        rate *= shape * age ** (shape - 1.0)
    return rate


@step
def collapse(par, f, wk, out, luck, t, u):
    """An agreement collapses: tension jumps, interlocutors suffer, the North may close."""
    if f.ag == 0.0 or not happens(u, collapse_rate(par, f, wk)):
        return
    f.ag = 0.0
    f.theta += par.j_col
    f.fail = par.fail_wk
    out.collapses += 1.0
    if draw(luck.key, Stream.closure, 0, t) < par.p_close:
        f.R = 0.0


@step
def compliance(par, f, luck, t):
    """Every quarter under an agreement one signal moves the belief that they would trade."""
    if f.ag == 0.0:
        return
    age = f.ag_age
    if age > 0.0 and age % par.signal_wk == 0.0:
        accuracy = min(0.99, par.acc_base + par.acc_K * f.K)
        honest = accuracy if f.trade > 0.0 else 1.0 - accuracy
        compliant = draw(luck.key, Stream.compliance, 0, t) < honest
        if_trade = accuracy if compliant else 1.0 - accuracy
        if_not = 1.0 - accuracy if compliant else accuracy
        mu = f.mu_t
        f.mu_t = mu * if_trade / (mu * if_trade + (1.0 - mu) * if_not)
    f.ag_age = age + 1.0


@step
def negotiate(par, plan, f, wk, out, luck, t, i):
    """Step 14 in order: window, deal, aftermath, collapse, compliance signal."""
    window(par, plan, f, wk, out, luck.window[i])
    deal(par, f, wk, out, luck.deal[i])
    f.fail = max(0.0, f.fail - 1.0)
    collapse(par, f, wk, out, luck, t, luck.collapse[i])
    compliance(par, f, luck, t)
