"""A6, opportunities and shocks: arrivals nobody chooses, captured with the ties that exist."""

from __future__ import annotations

import math

from openchannel.kernel.bargaining import bargaining_effort
from openchannel.kernel.numerics import lognormal_size
from openchannel.kernel.philox import draw
from openchannel.kernel.step import call, step
from openchannel.kernel.streams import Stream
from openchannel.kernel.war import wage, weigh_instability


@step
def readiness(par, f, wk):
    """H: reliability plus the strongest tie that helps, capped."""
    strongest = 0.0
    for c in range(f.s.shape[0]):
        if par.capture_tie[c] > 0.0:
            strongest = max(strongest, f.s[c])
    level = wk.rel24 + par.H_tie * strongest
    return min(par.H_cap, max(0.0, level))


@step
def capture_chance(par, kind, ready):
    """Chance that an opportunity of this kind is captured at readiness `ready`."""
    least = par.c0[kind]
    gain = min(1.0, least + par.c_gain[kind]) - least
    return least + gain * ready


@step
def _captured(par, out, luck, t, kind, ready):
    """Count the arrival and say whether it is captured."""
    out.arr[kind] += 1.0
    p = capture_chance(par, kind, ready)
    captured = draw(luck.key, Stream.capture + kind, 0, t) < p
    if captured:
        out.cap[kind] += 1.0
    return captured


@step
def opportunities(par, plan, f, wk, out, luck, t, i):
    """Step 15: each kind in turn; a succession war ends the future."""
    row = int(wk.row)
    ban = plan.travel_ban[row] > 0.0
    detained = luck.arrival[0, i] < (par.week_det if ban else par.week_det_noban)
    opening = luck.arrival[1, i] < par.week_open
    disaster = luck.arrival[2, i] < par.week_hum
    succession = luck.arrival[3, i] < par.week_suc
    defection = luck.arrival[4, i] < par.week_def
    if not (detained or opening or disaster or succession or defection):
        return
    ready = readiness(par, f, wk)
    if detained:
        _detention(par, out, luck, t, ready)
    if opening:
        _opening(par, plan, f, wk, out, luck, t, ready)
    if disaster:
        _disaster(par, f, out, luck, t, ready)
    if succession and _succession(par, f, wk, out, luck, t, ready):
        return
    if defection:
        _defection(par, out, luck, t, ready)


@call
def _detention(par, out, luck, t, ready):
    captured = _captured(par, out, luck, t, 0, ready)
    median = par.det_med * (par.det_mult if captured else 1.0)
    u = draw(luck.key, Stream.detention, 0, t)
    out.det_days += lognormal_size(u, median, par.det_sd, math.inf)
    out.det_pc += par.det_pc_captured if captured else par.det_pc_missed


@call
def _opening(par, plan, f, wk, out, luck, t, ready):
    if not _captured(par, out, luck, t, 1, ready):
        return
    if bargaining_effort(par, plan, f, wk) <= 0.0:
        return
    if draw(luck.key, Stream.opening_window, 0, t) < par.s_open:
        f.R = 2.0
        if f.ag == 0.0:
            if f.nw == 0.0:
                out.windows += 1.0
            f.nw = par.nw_wk


@call
def _disaster(par, f, out, luck, t, ready):
    if not _captured(par, out, luck, t, 2, ready):
        return
    if draw(luck.key, Stream.aid, 0, t) < par.p_hum:
        f.R = min(2.0, f.R + 1.0)
    for c in range(f.s.shape[0]):
        if par.relief[c] > 0.0:
            f.s[c] = min(1.0, f.s[c] + par.hum_s)


@call
def _succession(par, f, wk, out, luck, t, ready):
    """A new leader: ties thin, the type is drawn anew, instability may become war (True)."""
    wk.succession = 1.0
    p_captured = capture_chance(par, 3, ready)
    captured = _captured(par, out, luck, t, 3, ready)
    for c in range(f.s.shape[0]):
        f.s[c] *= par.suc_keep_base + par.suc_keep_iota * par.iota_D[c]
    fresh = draw(luck.key, Stream.succession_type, 0, t)
    f.trade = 1.0 if fresh < par.p_trade else 0.0
    f.mu_t = par.p_trade
    f.theta += par.j_suc * (par.suc_theta if captured else 1.0)
    war = par.p_IW
    # The sum waits for the arrival: as unbiased as weighing every week.
    expected = par.p_inst * war * (1.0 - par.e_inst * p_captured)
    weigh_instability(par, wk, out, expected)
    if captured:
        war *= 1.0 - par.e_inst
    if draw(luck.key, Stream.instability, 0, t) >= par.p_inst:
        return False
    if draw(luck.key, Stream.instability_war, 0, t) >= war:
        return False
    wage(par, f, wk, out, luck, t, 4)
    return True


@call
def _defection(par, out, luck, t, ready):
    captured = _captured(par, out, luck, t, 4, ready)
    out.loose += par.loose_captured if captured else par.loose_missed
