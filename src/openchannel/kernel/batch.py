"""Many futures: every world and policy of a batch of replicates on the same luck.

A batch is as many consecutive replicates as there are lanes. Their luck is drawn once for a chunk
of weeks and read by all their futures, so the cost of randomness is shared by policies and worlds.
The arithmetic of one future never depends on which others run beside it: same bytes for any block,
thread or order.
"""

from __future__ import annotations

import numpy as np

from openchannel.kernel.cache import cached
from openchannel.kernel.numerics import (
    exponential,
    greatest,
    least_beyond,
    normal_quantile,
)
from openchannel.kernel.philox import draw, fill_weeks
from openchannel.kernel.prepare import calm_danger, derive_belief, derive_plan
from openchannel.kernel.records import AHEAD, CHUNK, LANES
from openchannel.kernel.step import call
from openchannel.kernel.streams import Stream
from openchannel.kernel.week import note, one_week

_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)


@call
def set_key(luck, seed, replicate):
    """Key every draw of the batch that begins with a replicate."""
    luck.seed[0] = np.uint64(seed) & _LOW
    luck.seed[1] = np.uint64(seed) >> _SHIFT
    for l in range(LANES):
        luck.replicate[0, l] = np.uint64(replicate + l) & _LOW
        luck.replicate[1, l] = np.uint64(replicate + l) >> _SHIFT


@call
def draw_luck(luck, first_week):
    """Draw what every week needs; the rest is drawn when asked for."""
    luck.first_week = first_week
    fill_weeks(luck, Stream.receptivity, 0, luck.receptivity)
    fill_weeks(luck, Stream.campaign, 0, luck.campaign)
    fill_weeks(luck, Stream.events, 0, luck.events)
    fill_weeks(luck, Stream.noise, 0, luck.noise)
    fill_weeks(luck, Stream.lethal, 0, luck.lethal)
    fill_weeks(luck, Stream.onset, 0, luck.onset)
    fill_weeks(luck, Stream.move1, 0, luck.move1)
    fill_weeks(luck, Stream.deception, 0, luck.deception)
    fill_weeks(luck, Stream.alarm, 0, luck.alarm)
    fill_weeks(luck, Stream.window, 0, luck.window)
    fill_weeks(luck, Stream.deal, 0, luck.deal)
    fill_weeks(luck, Stream.collapse, 0, luck.collapse)
    fill_weeks(luck, Stream.termination, 0, luck.termination)
    for i in range(CHUNK):
        for l in range(LANES):
            luck.noise[i, l] = normal_quantile(luck.noise[i, l])
    for j in range(AHEAD):
        fill_weeks(luck, Stream.severity + j, 0, luck.severity[j])
    for kind in range(5):
        fill_weeks(luck, Stream.arrival + kind, 0, luck.arrival[kind])
    for c in range(luck.slot.shape[0]):
        slot = luck.slot[c]
        fill_weeks(luck, Stream.line, slot, luck.line[c])
        fill_weeks(luck, Stream.contacts, slot, luck.contacts[c])
        fill_weeks(luck, Stream.turnover, slot, luck.turnover[c])
    if LANES > 1:
        _extremes(luck)


@call
def _extremes(luck):
    """Take the extremes of the lanes' luck, once for all policies and worlds."""
    for c in range(luck.slot.shape[0]):
        for i in range(CHUNK):
            luck.contacts_most[c, i] = greatest(luck.contacts[c, i])
            luck.turnover_least[c, i] = least_beyond(luck.turnover[c, i], 0.5)


@call
def fill_danger(par, calendar):
    """Rough danger left in quiet at each week; only control variates use it."""
    n_weeks = calendar.shape[0]
    for t in range(n_weeks):
        calendar[t, 3] = calm_danger(par, n_weeks, t)


@call
def start(par, f, luck, living):
    """Put futures (cleared) into the state before the first week (0.8); the first so many live."""
    for l in range(LANES):
        f.alive[l] = 1.0 if l < living else 0.0
        f.key[l] = -1.0
        f.pe[l] = 1.0
        f.M[l] = 2.0
        f.since4[l] = 127.0
        f.theta[l] = par.theta0
        f.onset_factor[l] = exponential(par.beta_on * par.theta0)
        f.W[l] = par.W0
        f.mu_t[l] = par.p_trade
        u = draw(luck, l, Stream.start_receptivity, 0, 0)
        if u >= par.R0[0]:
            f.R[l] = 1.0 if u < par.R0[0] + par.R0[1] else 2.0
        if draw(luck, l, Stream.start_type, 0, 0) < par.p_trade:
            f.trade[l] = 1.0
        for c in range(par.auth.shape[0]):
            f.s[c, l] = par.s0[c]
            f.open[c, l] = par.O0[c]


@cached
def derive(pars, plans, calendar):
    """Fill what follows from beliefs and policies before any future: once a world.

    Arrays as in `run_replicates`.
    """
    for w in range(plans.shape[0]):
        derive_belief(pars[w])
        fill_danger(pars[w], calendar[w])
        for x in range(plans.shape[1]):
            derive_plan(pars[w], plans[w, x])


@cached
def run_replicates(
    seed, first, last, pars, plans, calendar, parents, begins, looks, fs, wks, lucks, outs, seen
):
    """Run replicates `first` to before `last` of every world and policy, start to horizon.

    Parameters
    ----------
    seed, first, last : int
        Luck is keyed by (seed, replicate).
    pars : records[world] of `belief_records`
    plans : records[world, policy] of `plan_records`, one copy a world
    calendar : float64[world, week, 4]
        Inauguration, exercise, discount factor; the last column is filled here.
    parents, begins : int64[policy]
        From the week that it begins with a policy goes on where its parent stands; one that begins
        with week 0 has no parent.
    looks : int64[look]
        Weeks, in rising order, before which the accounts are put into `seen`.
    fs : records[world, policy + 1] of `future_dtype`
        Working memory; the last policy is clear.
    wks : records[1] of `WEEK`
    lucks : records[1] of `luck_dtype`, slots set
    outs : records[batch, world, policy] of `OUT`, clear
        Filled in place; lanes beyond the last replicate hold nothing of use.
    seen : records[look, batch, world, policy] of `OUT`
        Filled in place where a policy has begun; not closed.
    """
    n_worlds, n_policies = plans.shape
    n_weeks = calendar.shape[1]
    luck = lucks[0]
    derive(pars, plans, calendar)
    for b in range(outs.shape[0]):
        replicate = first + b * LANES
        set_key(luck, seed, replicate)
        for w in range(n_worlds):
            for x in range(n_policies):
                fs[w, x] = fs[w, n_policies]
                start(pars[w], fs[w, x], luck, last - replicate)
        week = 0
        while week < n_weeks:
            if week % CHUNK == 0:
                draw_luck(luck, week)
            until = _next_stop(week, n_weeks, begins, looks)
            _fork(week, parents, begins, fs, outs[b])
            for w in range(n_worlds):
                for x in range(n_policies):
                    if begins[x] <= week:
                        advance(
                            pars[w], plans[w, x], fs[w, x], wks[0], outs[b, w, x], luck,
                            calendar[w], week, until,
                        )  # fmt: skip
            week = until
            _look(week, looks, outs[b], seen[:, b])
        for w in range(n_worlds):
            for x in range(n_policies):
                close(pars[w], fs[w, x], outs[b, w, x])


@call
def _next_stop(week, n_weeks, begins, looks):
    """The next week at which something is to be done between weeks."""
    found = min((week // CHUNK + 1) * CHUNK, n_weeks)
    for x in range(begins.shape[0]):
        if begins[x] > week:
            found = min(found, begins[x])
    for i in range(looks.shape[0]):
        if looks[i] > week:
            found = min(found, looks[i])
    return found


@call
def _fork(week, parents, begins, fs, outs):
    """Put the policies that begin with a week where their parents stand."""
    for x in range(begins.shape[0]):
        if begins[x] == week and week > 0:
            for w in range(fs.shape[0]):
                fs[w, x] = fs[w, parents[x]]
                outs[w, x] = outs[w, parents[x]]


@call
def _look(week, looks, outs, seen):
    """Keep the accounts as they stand before a week, if they are to be looked at."""
    for i in range(looks.shape[0]):
        if looks[i] == week:
            for w in range(outs.shape[0]):
                for x in range(outs.shape[1]):
                    seen[i, w, x] = outs[w, x]


@call
def advance(par, plan, f, wk, out, luck, calendar, first_week, last_week):
    """Weeks from the first to before the last, or until a war has ended every lane."""
    for t in range(first_week, last_week):
        living = 0.0
        for l in range(LANES):
            living += f.alive[l]
        if living == 0.0:
            return
        one_week(par, plan, f, wk, out, luck, calendar[t], t)


@call
def close(par, f, out):
    """Close the account at the horizon: the arsenal, and what follows from sums over weeks."""
    conventional, nuclear = par.fat_conventional, par.fat_nuclear
    for l in range(LANES):
        out.W_T[l] = f.W[l] if f.alive[l] > 0.0 else 0.0
        out.rb_large[l] = out.rb_nuc[l] * par.p_large
        out.cv_large[l] = out.cv_nuc[l] * par.p_large
        out.rb_fat[l] = out.rb_war[l] * conventional + out.rb_nuc[l] * nuclear
        out.cv_fat[l] = out.cv_war[l] * conventional + out.cv_nuc[l] * nuclear


@cached
def run_path(
    seed, replicate, first_week, last_week, par, plan, calendar, f, wks, lucks, out, trace, lines
):
    """Advance one future from `first_week` to before `last_week`, keeping a weekly trace.

    The arrays are as in `run_replicates`, with one record each and calendar float64[week, 4]; the
    future is that of the first lane. With `first_week` 0 it (clear) is first set to the start;
    otherwise it is a saved one, which goes on as if it had never stopped. `trace` and `lines` have
    a record a week and are left as they are in weeks after a war. The account is closed as if
    `last_week` were the horizon.
    """
    luck = lucks[0]
    set_key(luck, seed, replicate)
    derive_belief(par[0])
    fill_danger(par[0], calendar)
    derive_plan(par[0], plan[0])
    if first_week == 0:
        start(par[0], f[0], luck, 1)
    drawn = -1
    for t in range(first_week, last_week):
        if f[0].alive[0] == 0.0:
            break
        if t // CHUNK != drawn:
            drawn = t // CHUNK
            draw_luck(luck, drawn * CHUNK)
        one_week(par[0], plan[0], f[0], wks[0], out[0], luck, calendar[t], t)
        note(f[0], wks[0], trace[t - first_week], lines[t - first_week])
    close(par[0], f[0], out[0])
