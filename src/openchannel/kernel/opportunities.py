"""A6, opportunities and shocks: arrivals nobody chooses, captured with the ties that exist."""

from __future__ import annotations

import math

from openchannel.kernel.bargaining import bargaining_effort
from openchannel.kernel.numerics import lognormal_size
from openchannel.kernel.philox import draw
from openchannel.kernel.records import LANES
from openchannel.kernel.step import call, step
from openchannel.kernel.streams import Stream
from openchannel.kernel.war import wage, weigh_instability


@call
def opportunities(par, plan, f, wk, out, luck, t, i):
    """Step 15: each kind in turn; a succession war ends the future."""
    detained, opening, disaster = luck.arrival[0, i], luck.arrival[1, i], luck.arrival[2, i]
    succession, defection = luck.arrival[3, i], luck.arrival[4, i]
    p_open, p_hum, p_suc, p_def = par.week_open, par.week_hum, par.week_suc, par.week_def
    arrived = False
    for l in range(LANES):
        some = detained[l] < f.week_det[l] or opening[l] < p_open or disaster[l] < p_hum
        some = some or succession[l] < p_suc or defection[l] < p_def
        wk.count[l] = f.alive[l] if some else 0.0
        wk.succession[l] = 0.0
        arrived |= some
    if arrived:
        for l in range(LANES):
            if wk.count[l] > 0.0:
                _resolve(par, plan, f, wk, out, luck, t, i, l)


@call
def _resolve(par, plan, f, wk, out, luck, t, i, l):
    ready = readiness(par, f, wk, l)
    if luck.arrival[0, i, l] < f.week_det[l]:
        _detention(par, out, luck, t, l, ready)
    if luck.arrival[1, i, l] < par.week_open:
        _opening(par, plan, f, out, luck, t, l, ready)
    if luck.arrival[2, i, l] < par.week_hum:
        _disaster(par, f, out, luck, t, l, ready)
    if luck.arrival[3, i, l] < par.week_suc:
        _succession(par, f, wk, out, luck, t, l, ready)
        if f.alive[l] == 0.0:
            return
    if luck.arrival[4, i, l] < par.week_def:
        _defection(par, out, luck, t, l, ready)


@step
def readiness(par, f, wk, l):
    """H: reliability plus the strongest tie that helps, capped."""
    strongest = 0.0
    for c in range(f.s.shape[0]):
        if par.capture_tie[c] > 0.0:
            strongest = max(strongest, f.s[c, l])
    return min(par.H_cap, max(0.0, wk.rel24[l] + par.H_tie * strongest))


@step
def capture_chance(par, kind, ready):
    """Chance that an opportunity of this kind is captured at readiness `ready`."""
    least = par.c0[kind]
    gain = min(1.0, least + par.c_gain[kind]) - least
    return least + gain * ready


@step
def _captured(par, out, luck, t, l, kind, ready):
    """Count the arrival and say whether it is captured."""
    out.arr[kind, l] += 1.0
    captured = draw(luck, l, Stream.capture + kind, 0, t) < capture_chance(par, kind, ready)
    if captured:
        out.cap[kind, l] += 1.0
    return captured


@call
def _detention(par, out, luck, t, l, ready):
    captured = _captured(par, out, luck, t, l, 0, ready)
    median = par.det_med * (par.det_mult if captured else 1.0)
    u = draw(luck, l, Stream.detention, 0, t)
    out.det_days[l] += lognormal_size(u, median, par.det_sd, math.inf)
    out.det_pc[l] += par.det_pc_captured if captured else par.det_pc_missed


@call
def _opening(par, plan, f, out, luck, t, l, ready):
    if not _captured(par, out, luck, t, l, 1, ready):
        return
    if bargaining_effort(par, plan, f, l) <= 0.0:
        return
    if draw(luck, l, Stream.opening_window, 0, t) < par.s_open:
        f.R[l] = 2.0
        if f.ag[l] == 0.0:
            if f.nw[l] == 0.0:
                out.windows[l] += 1.0
            f.nw[l] = par.nw_wk


@call
def _disaster(par, f, out, luck, t, l, ready):
    if not _captured(par, out, luck, t, l, 2, ready):
        return
    if draw(luck, l, Stream.aid, 0, t) < par.p_hum:
        f.R[l] = min(2.0, f.R[l] + 1.0)
    for c in range(f.s.shape[0]):
        if par.relief[c] > 0.0:
            f.s[c, l] = min(1.0, f.s[c, l] + par.hum_s)


@call
def _succession(par, f, wk, out, luck, t, l, ready):
    """A new leader: ties thin, the type is drawn anew, instability may become war."""
    wk.succession[l] = 1.0
    p_captured = capture_chance(par, 3, ready)
    captured = _captured(par, out, luck, t, l, 3, ready)
    for c in range(f.s.shape[0]):
        f.s[c, l] *= par.suc_keep_base + par.suc_keep_iota * par.iota_D[c]
    fresh = draw(luck, l, Stream.succession_type, 0, t)
    f.trade[l] = 1.0 if fresh < par.p_trade else 0.0
    f.mu_t[l] = par.p_trade
    f.theta[l] += par.j_suc * (par.suc_theta if captured else 1.0)
    war = par.p_IW
    # The sum waits for the arrival: as unbiased as weighing every week.
    weigh_instability(par, wk, out, l, par.p_inst * war * (1.0 - par.e_inst * p_captured))
    if captured:
        war *= 1.0 - par.e_inst
    if draw(luck, l, Stream.instability, 0, t) >= par.p_inst:
        return
    if draw(luck, l, Stream.instability_war, 0, t) < war:
        wk.cause[l] = 4.0
        wage(par, f, wk, out, luck, t, l)


@call
def _defection(par, out, luck, t, l, ready):
    captured = _captured(par, out, luck, t, l, 4, ready)
    out.loose[l] += par.loose_captured if captured else par.loose_missed
