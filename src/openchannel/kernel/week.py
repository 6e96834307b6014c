"""One week of one future, in the order of operations of the specification (0.7, H5)."""

from __future__ import annotations

from openchannel.kernel.bargaining import negotiate
from openchannel.kernel.crisis import deception, moves, onset, toll
from openchannel.kernel.opportunities import opportunities
from openchannel.kernel.step import step
from openchannel.kernel.stocks import (
    arsenal,
    compromises,
    home_front,
    programme_cost,
    standing,
)
from openchannel.kernel.tension import campaign, lethal_incident, provocations, tension
from openchannel.kernel.ties import (
    contacts_and_ties,
    in_force,
    inauguration,
    lines,
    live_channels,
    receptivity,
    reliability,
)
from openchannel.kernel.war import pre_emption, steady, wage

_YEAR = 52


@step
def one_week(par, plan, f, wk, out, luck, t):
    """Advance a living future by week `t` (from 0).

    Records: `par` what is believed, `plan` the policy, `f` the future, `wk` scratch of the week
    (cleared, with calendar and discount set), `out` the account, `luck` covering week `t`.
    """
    i = t - luck.first_week
    if wk.inauguration > 0.0:
        inauguration(par, plan, f, out, luck, t)
    wk.row = in_force(f)
    if plan.surge > 0.0 and f.pe > 0.0 and f.r >= 2.0:
        wk.surge = 1.0
    pe_at_start = f.pe
    receptivity(par, plan, f, wk, luck.receptivity[i])
    lines(par, plan, f, wk, out, luck, i)
    contacts_and_ties(par, plan, f, wk, luck, i)
    reliability(par, f, wk)
    campaign(par, f, luck.campaign[i])
    provocations(par, plan, f, wk, out, luck, t, luck.events[i])
    tension(par, plan, f, wk, luck.noise[i])
    lethal_incident(par, f, wk, out, luck, t, luck.lethal[i])
    onset(par, f, wk, out, luck, t, luck.onset[i])
    moves(par, f, wk, out, luck, t, luck.move1[i])
    deception(par, f, wk, out, luck.deception[i])
    toll(par, f, wk, out, luck, t)
    cause = 1 if f.r >= 5.0 else pre_emption(par, f, wk, out, luck, t, luck.alarm[i])
    steady(par, wk, out)
    if cause > 0:
        wage(par, f, wk, out, luck, t, cause)
    else:
        negotiate(par, plan, f, wk, out, luck, t, i)
        opportunities(par, plan, f, wk, out, luck, t, i)
    if f.alive > 0.0:
        arsenal(par, plan, f, wk)
        standing(par, plan, f, wk, t)
        home_front(par, plan, f, wk, luck.termination[i])
        compromises(par, plan, f, wk, out, luck, t)
        programme_cost(par, plan, wk, out)
        _record(par, plan, f, wk, out, pe_at_start)
    out.contacts += wk.contacts
    _trigger_and_review(par, plan, f, wk, t)


@step
def _record(par, plan, f, wk, out, pe_at_start):
    """Step 17: sums over weeks completed without general war."""
    out.weeks += 1.0
    out.rel6 += wk.rel6
    out.rel24 += wk.rel24
    out.rel72 += wk.rel72
    if wk.in_crisis > 0.0:
        out.crisis_weeks += 1.0
        out.rel24_crisis += wk.rel24
    if wk.rel24 < 0.1:
        out.rel24_low += 1.0
    out.K_eff += wk.K_eff
    out.S += wk.S
    if live_channels(par, f) >= 3.0:
        out.live3 += 1.0
    if f.ag == 1.0:
        out.ag_real += 1.0
    elif f.ag == 2.0:
        out.ag_paper += 1.0
    out.pe_weeks += pe_at_start
    out.K_index += f.K
    out.Pd += f.Pd
    out.L += f.L
    out.F += f.F
    if f.F > 0.25:
        out.F_high += 1.0
    if f.x > par.engaged_x:
        out.engaged += 1.0
        out.engaged_rights += plan.rights[int(wk.row)]
    if f.R == 0.0:
        out.closed += 1.0
    out.theta += f.theta


@step
def _trigger_and_review(par, plan, f, wk, t):
    """End of the week: a shock starts a plan on demand; every 52nd week a policy is reviewed."""
    if plan.on_demand > 0.0 and f.stage == 0.0 and f.pe > 0.0:
        if wk.onset > 0.0 or wk.succession > 0.0:
            f.stage = 1.0
    if plan.exit_deception > 0.0 and wk.deceived > 0.0:
        f.pe = 0.0
    if plan.scale_up == 0.0 and plan.exit_review == 0.0:
        return
    f.year_rel += wk.rel24
    f.year_K += wk.K_eff
    f.year_weeks += 1.0
    if t % _YEAR != _YEAR - 1:
        return
    weeks = f.year_weeks
    good = (
        f.year_rel >= par.up_rel * weeks and f.year_K >= par.up_K * weeks and f.year_ci <= par.up_ci
    )
    f.year_rel = 0.0
    f.year_K = 0.0
    f.year_weeks = 0.0
    f.year_ci = 0.0
    if f.pe == 0.0:
        return
    if good and plan.scale_up > 0.0:
        f.stage = 1.0
    f.failures = 0.0 if good else f.failures + 1.0
    if plan.exit_review > 0.0 and f.failures >= par.exit_failures:
        f.pe = 0.0


@step
def note(f, wk, row, line):
    """Write one week of the trace."""
    line.onset = wk.onset
    line.in_crisis = wk.in_crisis
    for c in range(line.s.shape[0]):
        line.s[c] = f.s[c]
        line.open[c] = f.open[c]
    row.R = f.R
    row.M = f.M
    row.theta = f.theta
    row.events = wk.n_sev[0] + wk.n_sev[1] + wk.n_sev[2] + wk.n_sev[3]
    row.worst = wk.worst
    row.lethal = wk.lethal
    row.r = f.r
    row.rel24 = wk.rel24
    row.K_eff = wk.K_eff
    row.contacts = wk.contacts
    row.nw = f.nw
    row.ag = f.ag
    row.pe = f.pe
    row.W = f.W
