"""A4 arsenal, A7 slow stocks and A8 cost: what contact leaves behind, good and bad.

A future that a war has ended keeps its stocks.
"""

from __future__ import annotations

import math

from openchannel.kernel.numerics import exponential, happens, lognormal_size, poisson_count
from openchannel.kernel.philox import draw
from openchannel.kernel.records import LANES
from openchannel.kernel.step import call
from openchannel.kernel.streams import Stream
from openchannel.kernel.ties import may_lapse

_COMPROMISES_MOST = 8


@call
def arsenal(par, f):
    """Warheads grow unless capped; faster while talks buy time or sanctions erode."""
    free_T, free_B = 1.0 - par.cap_T, 1.0 - par.cap_B
    xi_TB, xi_L, growth = par.xi_TB, par.xi_L, par.gW / 52.0
    for l in range(LANES):
        ag = f.ag[l]
        free = free_T if ag == 1.0 else (free_B if ag == 2.0 else 1.0)
        buying = f.trade[l] == 0.0 and (f.nw[l] > 0.0 or ag == 2.0)
        pace = 1.0 + (xi_TB if buying else 0.0) + xi_L * (f.L[l] + f.Sigma[l])
        grown = f.W[l] + growth * free * pace * f.restraint[l]
        f.W[l] = grown if f.alive[l] > 0.0 else f.W[l]


@call
def concessions(par, f, wk):
    """Material concession of the week, 0 to conc_scale, into `wk.conc`.

    Summit, exercise cut, aid, deal.
    """
    scale, deal, exercise = par.conc_scale, par.conc_deal, par.conc_ex * wk.exercise
    for l in range(LANES):
        total = wk.conc[l] + deal * wk.signed[l] + exercise * max(0.0, 1.0 - f.exlev[l])
        wk.conc[l] = scale * min(1.0, total)


@call
def standing(par, plan, f, wk, t):
    """Legitimation, concession memory, friction with allies, sanctions, knowledge."""
    concessions(par, f, wk)
    L_keep, G_keep, F_keep, K_keep = par.L_keep, par.G_keep, par.F_keep, par.K_keep
    G_window, F_ex = par.G_window, par.F_ex * wk.exercise
    for l in range(LANES):
        lives = f.alive[l] > 0.0
        L = f.L[l] * L_keep + wk.L_in[l]
        f.L[l] = L if lives else f.L[l]
        remembered = wk.conc[l] * f.conceding[l] if f.since4[l] < G_window else 0.0
        G = f.G[l] * G_keep + remembered
        f.G[l] = G if lives else f.G[l]
        F = f.F[l] * F_keep + (f.unconsulted[l] * wk.F_in[l] + F_ex * (1.0 - f.exlev[l]))
        f.F[l] = F if lives else f.F[l]
        K = f.K[l]
        known = min(1.0, K * K_keep + (1.0 - K) * wk.know_in[l])
        f.K[l] = known if lives else K
    Sigma_keep, by_concession, by_status = par.Sigma_keep, par.Sig_conc, par.Sig_L / 52.0
    for l in range(LANES):
        Sigma = f.Sigma[l] * Sigma_keep + by_concession * wk.conc[l] + by_status * f.L[l]
        f.Sigma[l] = Sigma if f.alive[l] > 0.0 else f.Sigma[l]
    if t == 0:
        for l in range(LANES):
            f.F[l] += par.F_eow * plan.eow[int(f.row[l])]


@call
def home_front(par, plan, f, wk, u):
    """Political cost at home, and the policy's end when it grows too large."""
    keep, after, outrage, engaged = par.Pd_keep, par.Pd_sev, par.Pd_s5, par.engaged_x
    near = False
    for l in range(LANES):
        worst = wk.worst[l]
        price = wk.Pd_in[l] * (after if worst >= 4.0 else 1.0)
        exposed = worst >= 5.0 and f.susp_at[l] > 5.0 and f.pe[l] > 0.0 and f.x[l] > engaged
        Pd = f.Pd[l] * keep + price + (outrage if exposed else 0.0)
        f.Pd[l] = Pd if f.alive[l] > 0.0 else f.Pd[l]
        near |= u[l] < par.term_most
    if not near or plan.status_quo > 0.0:
        return
    for l in range(LANES):
        if u[l] >= par.term_most or f.pe[l] == 0.0 or f.alive[l] == 0.0:
            continue
        weight = exponential(par.term_slope * min(f.Pd[l], par.term_cap))
        if may_lapse(plan, f.stage[l]) and happens(u[l], par.h_term * weight):
            f.pe[l] = 0.0


@call
def compromises(par, plan, f, wk, out, luck, t):
    """Expected intelligence compromises; the realised ones only where a review reads them."""
    scale = par.ci_mult
    for l in range(LANES):
        out.ci[l] += scale * wk.ci_in[l] if f.alive[l] > 0.0 else 0.0
    if plan.scale_up == 0.0 and plan.exit_review == 0.0 and plan.n_triggers == 0.0:
        return
    for l in range(LANES):
        mean = scale * wk.ci_in[l]
        if mean > 0.0 and f.alive[l] > 0.0:
            _compromise(par, f, luck, t, l, mean)


@call
def _compromise(par, f, luck, t, l, mean):
    u = draw(luck, l, Stream.compromises, 0, t)
    for event in range(poisson_count(u, mean, math.exp(-mean), _COMPROMISES_MOST)):
        v = draw(luck, l, Stream.compromise_size, event, t)
        size = lognormal_size(v, par.ci_sev_mu, par.ci_sev_sd, math.inf)
        f.year_ci[l] = max(f.year_ci[l], size)


@call
def programme_cost(par, f, wk, out):
    """Standing staff, contacts and surge of the week, discounted, in million dollars."""
    discount, surge_cost = wk.discount, par.surge_cost
    for l in range(LANES):
        week_cost = f.standing_cost[l] + wk.cost_in[l] + surge_cost * wk.surge[l]
        out.cost[l] += week_cost * discount if f.alive[l] > 0.0 else 0.0
