"""A4 arsenal, A7 slow stocks and A8 cost: what contact leaves behind, good and bad."""

from __future__ import annotations

import math

from openchannel.kernel.numerics import happens, lognormal_size, poisson_count
from openchannel.kernel.philox import draw
from openchannel.kernel.step import call, step
from openchannel.kernel.streams import Stream
from openchannel.kernel.ties import may_lapse

_COMPROMISES_MOST = 8


@step
def arsenal(par, plan, f, wk):
    """Warheads grow unless capped; faster while talks buy time or sanctions erode."""
    cap = 0.0
    if f.ag == 1.0:
        cap = par.cap_T
    elif f.ag == 2.0:
        cap = par.cap_B
    in_talks = f.nw > 0.0 or f.ag == 2.0
    buying = 1.0 if f.trade == 0.0 and in_talks else 0.0
    eroded = f.L + f.Sigma
    growth = 1.0 + par.xi_TB * buying + par.xi_L * eroded
    row = int(wk.row)
    pressure = plan.exlev[row] > 1.0 and plan.offer[row] == 0.0
    if pressure:
        growth *= 1.0 - par.g_press
    f.W += par.gW / 52.0 * (1.0 - cap) * growth


@step
def concession(par, plan, wk):
    """Material concession of the week, 0 to conc_scale: summit, exercise cut, aid, deal."""
    total = wk.conc + par.conc_deal * wk.signed
    if wk.exercise > 0.0:
        cut = max(0.0, 1.0 - plan.exlev[int(wk.row)])
        total += par.conc_ex * cut
    return par.conc_scale * min(1.0, total)


@step
def standing(par, plan, f, wk, t):
    """Legitimation, concession memory, friction with allies, sanctions, knowledge."""
    row = int(wk.row)
    f.L = f.L * par.L_keep + wk.L_in
    conceded = concession(par, plan, wk)
    f.G *= par.G_keep
    if f.since4 < par.G_window and plan.conc_exempt[row] == 0.0:
        f.G += conceded
    unconsulted = 1.0 - plan.consult[row] * par.consult_scale
    friction = unconsulted * wk.F_in
    if wk.exercise > 0.0:
        friction += par.F_ex * (1.0 - plan.exlev[row])
    if t == 0:
        friction += par.F_eow * plan.eow[row]
    f.F = f.F * par.F_keep + friction
    known = f.K
    f.K = min(1.0, known * par.K_keep + (1.0 - known) * wk.know_in)
    f.Sigma *= par.Sigma_keep
    f.Sigma += par.Sig_conc * conceded + par.Sig_L * f.L / 52.0


@step
def home_front(par, plan, f, wk, u):
    """Political cost at home, and the policy's end when it grows too large."""
    row = int(wk.row)
    price = wk.Pd_in * (par.Pd_sev if wk.worst >= 4.0 else 1.0)
    no_rule = plan.susp[row] > 5.0
    if wk.worst >= 5.0 and no_rule and f.pe > 0.0:
        if f.x > par.engaged_x:
            price += par.Pd_s5
    f.Pd = f.Pd * par.Pd_keep + price
    if plan.status_quo > 0.0 or f.pe == 0.0 or not may_lapse(plan, f):
        return
    if u >= par.term_most:
        return
    weight = min(f.Pd, par.term_cap)
    if happens(u, par.h_term * math.exp(par.term_slope * weight)):
        f.pe = 0.0


@call
def compromises(par, plan, f, wk, out, luck, t):
    """Expected intelligence compromises; the realised ones only where a review reads them."""
    mean = par.ci_mult * wk.ci_in
    out.ci += mean
    reviewed = plan.scale_up > 0.0 or plan.exit_review > 0.0
    if not reviewed or mean <= 0.0:
        return
    n = poisson_count(
        draw(luck.key, Stream.compromises, 0, t), mean, math.exp(-mean), _COMPROMISES_MOST
    )
    for event in range(n):
        u = draw(luck.key, Stream.compromise_size, event, t)
        size = lognormal_size(u, par.ci_sev_mu, par.ci_sev_sd, math.inf)
        f.year_ci = max(f.year_ci, size)


@step
def programme_cost(par, plan, wk, out):
    """Standing staff, contacts and surge of the week, discounted, in million dollars."""
    row = int(wk.row)
    standing_cost = plan.fixed[row] * par.fixed_scale + plan.info[row]
    week_cost = standing_cost / 52.0 + wk.cost_in + par.surge_cost * wk.surge
    out.cost += week_cost * wk.discount
