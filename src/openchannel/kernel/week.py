"""One week of a batch of futures, in the order of operations of the specification (0.7, H5)."""

from __future__ import annotations

from openchannel.kernel.bargaining import negotiate
from openchannel.kernel.crisis import crises, onsets
from openchannel.kernel.opportunities import opportunities
from openchannel.kernel.records import LANES
from openchannel.kernel.rules import trigger_and_review
from openchannel.kernel.step import call, step
from openchannel.kernel.stocks import (
    arsenal,
    compromises,
    home_front,
    programme_cost,
    standing,
)
from openchannel.kernel.tension import campaign, lethal_incidents, provocations, tension
from openchannel.kernel.ties import channels, inauguration, receptivity, reliability, settle
from openchannel.kernel.war import alarms_in_quiet, steady, wage


@call
def one_week(par, plan, f, wk, out, luck, day, t):
    """Advance the living futures by week `t` (from 0).

    Records: `par` what is believed, `plan` the policy, `f` the futures, `wk` scratch of the week,
    `out` the account, `luck` covering week `t`; `day` is float64[4], the week's row of the
    calendar: inauguration, exercise, discount, rough danger left in quiet.
    """
    i = t - luck.first_week
    wk.exercise, wk.discount, wk.calm = day[1], day[2], day[3]
    if day[0] > 0.0:
        inauguration(par, plan, f, out, luck, t)
    settle(par, plan, f)
    _begin(f, wk)
    if plan.surge > 0.0 or plan.n_triggers > 0.0:
        _reinforce(plan, f, wk)
    receptivity(par, plan, f, luck.receptivity[i])
    channels(par, plan, f, wk, out, luck, i)
    reliability(par, plan, f, wk)
    campaign(par, f, luck.campaign[i])
    provocations(par, f, wk, out, luck, t, i)
    tension(par, plan, f, wk, luck.noise[i])
    lethal_incidents(par, f, wk, out, luck, t, luck.lethal[i])
    onsets(par, f, wk, out, luck.onset[i])
    crises(par, f, wk, out, luck, t, i)
    alarms_in_quiet(par, f, wk, out, luck, t, luck.alarm[i])
    steady(par, wk, out)
    for l in range(LANES):
        if wk.cause[l] > 0.0:
            wage(par, f, wk, out, luck, t, l)
    negotiate(par, plan, f, wk, out, luck, t, i)
    opportunities(par, plan, f, wk, out, luck, t, i)
    arsenal(par, f)
    standing(par, plan, f, wk, t)
    home_front(par, plan, f, wk, luck.termination[i])
    compromises(par, plan, f, wk, out, luck, t)
    programme_cost(par, f, wk, out)
    _record(par, f, wk, out)
    trigger_and_review(par, plan, f, wk, t)


@call
def _reinforce(plan, f, wk):
    """Whether marked channels are reinforced this week: by the named rule, or by a trigger."""
    for l in range(LANES):
        named = plan.surge > 0.0 and f.r[l] >= 2.0
        if f.pe[l] > 0.0 and (named or f.surging[l] > 0.0):
            wk.surge[l] = 1.0


@step
def _begin(f, wk):
    for l in range(LANES):
        wk.alive[l] = f.alive[l]
        wk.pe[l] = f.pe[l]
        wk.surge[l] = 0.0
        wk.contacts[l] = 0.0
        wk.activity[l] = 0.0
        wk.L_in[l] = 0.0
        wk.F_in[l] = 0.0
        wk.Pd_in[l] = 0.0
        wk.know_in[l] = 0.0
        wk.ci_in[l] = 0.0
        wk.cost_in[l] = 0.0
        wk.conc[l] = 0.0
        wk.deceived[l] = 0.0
        wk.cause[l] = 0.0


@call
def _record(par, f, wk, out):
    """Step 17: sums over weeks completed without general war."""
    engaged_x = par.engaged_x
    for l in range(LANES):
        lives = f.alive[l]
        out.contacts[l] += wk.alive[l] * wk.contacts[l]
        out.weeks[l] += lives
        out.rel6[l] += lives * wk.rel6[l]
        out.rel24[l] += lives * wk.rel24[l]
        out.rel72[l] += lives * wk.rel72[l]
        in_crisis = lives * wk.in_crisis[l]
        out.crisis_weeks[l] += in_crisis
        out.rel24_crisis[l] += in_crisis * wk.rel24[l]
        out.rel24_low[l] += lives if wk.rel24[l] < 0.1 else 0.0
        out.K_eff[l] += lives * wk.K_eff[l]
        out.S[l] += lives * wk.S[l]
    for l in range(LANES):
        lives = f.alive[l]
        out.ag_real[l] += lives if f.ag[l] == 1.0 else 0.0
        out.ag_paper[l] += lives if f.ag[l] == 2.0 else 0.0
        out.pe_weeks[l] += lives * wk.pe[l]
        out.K_index[l] += lives * f.K[l]
        out.Pd[l] += lives * f.Pd[l]
        out.L[l] += lives * f.L[l]
        out.F[l] += lives * f.F[l]
        out.F_high[l] += lives if f.F[l] > 0.25 else 0.0
        engaged = lives if f.x[l] > engaged_x else 0.0
        out.engaged[l] += engaged
        out.engaged_rights[l] += engaged * f.rights[l]
        out.closed[l] += lives if f.R[l] == 0.0 else 0.0
        out.theta[l] += lives * f.theta[l]
    _count_live_channels(par, f, wk, out)


@step
def _count_live_channels(par, f, wk, out):
    """Weeks with three open channels whose tie and authority are enough to matter."""
    for l in range(LANES):
        wk.count[l] = 0.0
    live_s = par.live_s
    for c in range(f.s.shape[0]):
        if par.auth[c] >= par.live_a:
            for l in range(LANES):
                wk.count[l] += f.open[c, l] if f.s[c, l] >= live_s else 0.0
    for l in range(LANES):
        out.live3[l] += f.alive[l] if wk.count[l] >= 3.0 else 0.0


@call
def note(f, wk, row, line):
    """Write one week of the first lane into the trace."""
    line.onset = wk.onset[0]
    line.in_crisis = wk.in_crisis[0]
    for c in range(line.s.shape[0]):
        line.s[c] = f.s[c, 0]
        line.open[c] = f.open[c, 0]
    row.R = f.R[0]
    row.M = f.M[0]
    row.theta = f.theta[0]
    row.events = wk.events[0]
    row.worst = wk.worst[0]
    row.lethal = wk.lethal[0]
    row.r = f.r[0]
    row.rel24 = wk.rel24[0]
    row.K_eff = wk.K_eff[0]
    row.contacts = wk.contacts[0]
    row.nw = f.nw[0]
    row.ag = f.ag[0]
    row.pe = f.pe[0]
    row.W = f.W[0]
