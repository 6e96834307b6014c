"""A5, negotiation windows and agreements: openings, deals real or hollow, and their collapse."""

from __future__ import annotations

from openchannel.kernel.numerics import exponential, happens
from openchannel.kernel.philox import draw
from openchannel.kernel.records import LANES
from openchannel.kernel.step import call, step
from openchannel.kernel.streams import Stream


@call
def negotiate(par, plan, f, wk, out, luck, t, i):
    """Step 14: window, deal, aftermath, collapse, signal.

    Lanes in which a bound shows that nothing can happen only let their clocks run down; the others
    go through the steps in order.
    """
    opens, sealed = luck.window[i], luck.deal[i]
    window_rate, b_n = par.nw_mult * par.n0 / 52.0, par.b_n
    p_d, base, b_Rel, p_tb = par.p_d, par.deal_base, par.b_Rel, par.p_tb
    near = False
    for l in range(LANES):
        rate = window_rate * f.neg_most[l] * (1.0 + b_n * wk.S[l])
        open_soon = f.R[l] == 2.0 and f.nw[l] == 0.0 and opens[l] < rate
        p = p_d * (base + b_Rel * wk.rel24[l]) * (1.0 if f.trade[l] > 0.0 else p_tb)
        in_play = f.ag[l] > 0.0 or open_soon or (f.nw[l] > 0.0 and sealed[l] < p)
        in_play = in_play and f.alive[l] > 0.0
        wk.count[l] = 1.0 if in_play else 0.0
        near |= in_play
        goes_on = not in_play and f.alive[l] > 0.0
        nw, fail = max(0.0, f.nw[l] - 1.0), max(0.0, f.fail[l] - 1.0)
        f.nw[l] = nw if goes_on else f.nw[l]
        f.fail[l] = fail if goes_on else f.fail[l]
        wk.signed[l] = 0.0
    if near:
        for l in range(LANES):
            if wk.count[l] > 0.0:
                _at_the_table(par, plan, f, wk, out, luck, t, i, l)


@call
def _at_the_table(par, plan, f, wk, out, luck, t, i, l):
    _window(par, plan, f, wk, out, l, luck.window[i, l])
    _deal(par, f, wk, out, l, luck.deal[i, l])
    f.fail[l] = max(0.0, f.fail[l] - 1.0)
    _collapse(par, f, wk, out, luck, t, l, luck.collapse[i, l])
    _compliance(par, f, luck, t, l)


@step
def bargaining_effort(par, plan, f, l):
    """Willingness to bargain in force, moved by the belief rule or a trigger of the policy."""
    effort = plan.neg[int(f.row[l])]
    if f.pe[l] == 0.0:
        return effort
    named = plan.belief > 0.0
    if f.push[l] > 0.0 or (named and f.mu_t[l] > par.mu_hi):
        return min(1.0, effort + par.neg_step)
    if f.push[l] < 0.0 or (named and f.mu_t[l] < par.mu_lo):
        return max(0.0, effort - par.neg_step)
    return effort


@step
def _window(par, plan, f, wk, out, l, u):
    """A window opens in quiet, open weeks without an agreement; else it runs down."""
    quiet = f.nw[l] == 0.0 and f.ag[l] == 0.0 and f.r[l] == 0.0
    if quiet and f.R[l] == 2.0:
        rate = par.nw_mult * par.n0 * bargaining_effort(par, plan, f, l)
        if happens(u, rate * (1.0 + par.b_n * wk.S[l])):
            f.nw[l] = par.nw_wk
            out.windows[l] += 1.0
            return
    f.nw[l] = max(0.0, f.nw[l] - 1.0)


@step
def _deal(par, f, wk, out, l, u):
    """A deal in an open window: real with a partner who trades, else on paper."""
    if f.nw[l] <= 0.0 or f.ag[l] > 0.0:
        return
    p = par.p_d * (par.deal_base + par.b_Rel * wk.rel24[l])
    if f.trade[l] == 0.0:
        p *= par.p_tb
    if u < p:
        f.ag[l] = 1.0 if f.trade[l] > 0.0 else 2.0
        f.ag_age[l] = 0.0
        wk.signed[l] = 1.0
        out.deals[l] += 1.0


@step
def collapse_rate(par, ag, age_weeks, theta, ties):
    """Yearly hazard of collapse; constant, or falling with age for a Weibull shape below 1.

    `ag` is 1 for a real and 2 for a paper agreement, `ties` the mean tie S.
    """
    rate = par.h_A * exponential(par.coll_theta * theta - par.b_A * ties)
    if ag == 2.0:
        rate *= par.paper_mult
    shape = par.h_A_shape
    if shape != 1.0 and par.h_A > 0.0:
        age = (age_weeks + 1.0) / 52.0 * par.h_A
        rate *= shape * age ** (shape - 1.0)
    return rate


@step
def _collapse(par, f, wk, out, luck, t, l, u):
    """An agreement collapses: tension jumps, interlocutors suffer, the North may close."""
    if f.ag[l] == 0.0 or u >= par.collapse_most:
        return
    if not happens(u, collapse_rate(par, f.ag[l], f.ag_age[l], f.theta[l], wk.S[l])):
        return
    f.ag[l] = 0.0
    f.theta[l] += par.j_col
    f.fail[l] = par.fail_wk
    out.collapses[l] += 1.0
    if draw(luck, l, Stream.closure, 0, t) < par.p_close:
        f.R[l] = 0.0


@step
def _compliance(par, f, luck, t, l):
    """Every quarter under an agreement one signal moves the belief that they would trade."""
    if f.ag[l] == 0.0:
        return
    age = f.ag_age[l]
    if age > 0.0 and age % par.signal_wk == 0.0:
        accuracy = min(0.99, par.acc_base + par.acc_K * f.K[l])
        honest = accuracy if f.trade[l] > 0.0 else 1.0 - accuracy
        compliant = draw(luck, l, Stream.compliance, 0, t) < honest
        if_trade = accuracy if compliant else 1.0 - accuracy
        if_not = 1.0 - accuracy if compliant else accuracy
        mu = f.mu_t[l]
        f.mu_t[l] = mu * if_trade / (mu * if_trade + (1.0 - mu) * if_not)
    f.ag_age[l] = age + 1.0
