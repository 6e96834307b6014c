"""Many futures: every world and policy of a replicate on the same luck.

The luck of a replicate is drawn once a year of weeks and read by all its futures, so the cost of
randomness is shared by policies and worlds. The arithmetic of one future never depends on which
others run beside it: same bytes for any block, thread or order.
"""

from __future__ import annotations

import math

import numpy as np

from openchannel.kernel.cache import cached
from openchannel.kernel.numerics import normal_quantile
from openchannel.kernel.philox import draw, fill_weeks
from openchannel.kernel.prepare import calm_danger, derive_belief, derive_plan
from openchannel.kernel.records import CHUNK
from openchannel.kernel.step import call, step
from openchannel.kernel.streams import Stream
from openchannel.kernel.week import note, one_week

_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)


@call
def set_key(luck, seed, replicate):
    """Key every draw of a replicate."""
    luck.key[0] = np.uint64(seed) & _LOW
    luck.key[1] = np.uint64(seed) >> _SHIFT
    luck.key[2] = np.uint64(replicate) & _LOW
    luck.key[3] = np.uint64(replicate) >> _SHIFT


@call
def draw_luck(luck, first_week):
    """Draw what every week needs; the rest is drawn when asked for."""
    luck.first_week = first_week
    key = luck.key
    fill_weeks(key, Stream.receptivity, 0, first_week, luck.receptivity)
    fill_weeks(key, Stream.campaign, 0, first_week, luck.campaign)
    fill_weeks(key, Stream.events, 0, first_week, luck.events)
    fill_weeks(key, Stream.noise, 0, first_week, luck.noise)
    fill_weeks(key, Stream.lethal, 0, first_week, luck.lethal)
    fill_weeks(key, Stream.onset, 0, first_week, luck.onset)
    fill_weeks(key, Stream.move1, 0, first_week, luck.move1)
    fill_weeks(key, Stream.deception, 0, first_week, luck.deception)
    fill_weeks(key, Stream.alarm, 0, first_week, luck.alarm)
    fill_weeks(key, Stream.window, 0, first_week, luck.window)
    fill_weeks(key, Stream.deal, 0, first_week, luck.deal)
    fill_weeks(key, Stream.collapse, 0, first_week, luck.collapse)
    fill_weeks(key, Stream.termination, 0, first_week, luck.termination)
    for i in range(CHUNK):
        luck.noise[i] = normal_quantile(luck.noise[i])
    for kind in range(5):
        fill_weeks(key, Stream.arrival + kind, 0, first_week, luck.arrival[kind])
    for c in range(luck.slot.shape[0]):
        slot = luck.slot[c]
        fill_weeks(key, Stream.line, slot, first_week, luck.line[c])
        fill_weeks(key, Stream.contacts, slot, first_week, luck.contacts[c])
        fill_weeks(key, Stream.turnover, slot, first_week, luck.turnover[c])


@call
def fill_danger(par, calendar):
    """Rough danger left in quiet at each week; only control variates use it."""
    n_weeks = calendar.shape[0]
    for t in range(n_weeks):
        calendar[t, 3] = calm_danger(par, n_weeks, t)


@call
def start(par, f, luck):
    """Put a future (cleared) into the state before the first week (0.8)."""
    f.alive = 1.0
    f.pe = 1.0
    f.M = 2.0
    f.since4 = 127.0
    f.theta = par.theta0
    f.onset_factor = math.exp(par.beta_on * par.theta0)
    f.W = par.W0
    f.mu_t = par.p_trade
    u = draw(luck.key, Stream.start_receptivity, 0, 0)
    if u >= par.R0[0]:
        f.R = 1.0 if u < par.R0[0] + par.R0[1] else 2.0
    if draw(luck.key, Stream.start_type, 0, 0) < par.p_trade:
        f.trade = 1.0
    for c in range(par.auth.shape[0]):
        f.s[c] = par.s0[c]
        f.open[c] = par.O0[c]


@step
def _live(par, plan, f, wks, out, luck, calendar, t):
    """One week on a clean sheet; `wks[1]` is the clean one."""
    wks[0] = wks[1]
    wk = wks[0]
    wk.inauguration = calendar[t, 0]
    wk.exercise = calendar[t, 1]
    wk.discount = calendar[t, 2]
    wk.calm = calendar[t, 3]
    one_week(par, plan, f, wk, out, luck, t)


@cached
def run_replicates(seed, first, last, pars, plans, calendar, fs, wks, lucks, outs):
    """Run replicates `first` to before `last` of every world and policy, start to horizon.

    Parameters
    ----------
    seed, first, last : int
        Luck is keyed by (seed, replicate).
    pars : records[world] of `belief_records`
    plans : records[world, policy] of `plan_records`, one copy a world
    calendar : float64[world, week, 4]
        Inauguration, exercise, discount factor; the last column is filled here.
    fs : records[world, policy + 1] of `future_dtype`
        Working memory; the last policy is clear.
    wks : records[2] of `WEEK`, the second clear
    lucks : records[1] of `luck_dtype`, slots set
    outs : records[replicate, world, policy] of `OUT`, clear
        Filled in place.
    """
    n_worlds, n_policies = plans.shape
    n_weeks = calendar.shape[1]
    luck = lucks[0]
    for w in range(n_worlds):
        derive_belief(pars[w])
        fill_danger(pars[w], calendar[w])
        for x in range(n_policies):
            derive_plan(pars[w], plans[w, x])
    for i in range(last - first):
        set_key(luck, seed, first + i)
        for w in range(n_worlds):
            for x in range(n_policies):
                fs[w, x] = fs[w, n_policies]
                start(pars[w], fs[w, x], luck)
        for begin in range(0, n_weeks, CHUNK):
            draw_luck(luck, begin)
            end = min(n_weeks, begin + CHUNK)
            for w in range(n_worlds):
                for x in range(n_policies):
                    _advance(
                        pars[w], plans[w, x], fs[w, x], wks, outs[i, w, x], luck, calendar[w], end
                    )
        for w in range(n_worlds):
            for x in range(n_policies):
                _close(fs[w, x], outs[i, w, x])


@call
def _advance(par, plan, f, wks, out, luck, calendar, end):
    """Weeks from the first of the luck to before `end`, or to a war."""
    for t in range(luck.first_week, end):
        if f.alive == 0.0:
            return
        _live(par, plan, f, wks, out, luck, calendar, t)


@call
def _close(f, out):
    """Close the account of a future at the horizon."""
    out.W_T = f.W if f.alive > 0.0 else 0.0


@cached
def run_path(
    seed, replicate, first_week, last_week, par, plan, calendar, f, wks, lucks, out, trace, lines
):
    """Advance one future from `first_week` to before `last_week`, keeping a weekly trace.

    The arrays are as in `run_replicates`, with one record each and calendar float64[week, 4].
    With `first_week` 0 the future (clear) is first set to the start; otherwise it is a saved one,
    which goes on as if it had never stopped. `trace` and `lines` have a record a week and are
    left as they are in weeks after a war. The account is closed as if `last_week` were the horizon.
    """
    luck = lucks[0]
    set_key(luck, seed, replicate)
    derive_belief(par[0])
    fill_danger(par[0], calendar)
    derive_plan(par[0], plan[0])
    if first_week == 0:
        start(par[0], f[0], luck)
    drawn = -1
    for t in range(first_week, last_week):
        if f[0].alive == 0.0:
            break
        if t // CHUNK != drawn:
            drawn = t // CHUNK
            draw_luck(luck, drawn * CHUNK)
        _live(par[0], plan[0], f[0], wks, out[0], luck, calendar, t)
        note(f[0], wks[0], trace[t - first_week], lines[t - first_week])
    _close(f[0], out[0])
