"""A3, crises: onset, moves up and down the rungs, deception."""

from __future__ import annotations

import math

from openchannel.kernel.numerics import lognormal_size
from openchannel.kernel.philox import draw
from openchannel.kernel.records import LANES
from openchannel.kernel.step import call, step
from openchannel.kernel.streams import Stream
from openchannel.kernel.war import alarm_in_crisis, danger, decide_in_crises, weigh_war


@call
def onsets(par, f, wk, out, u):
    """Step 9, second half: a crisis starts at rung 1 from events or accident, at 3 from a clash."""
    _onset_chances(par, wk)
    d0 = wk.calm
    base1, slope1, base3, slope3 = (
        par.danger0[1], par.danger1[1], par.danger0[3], par.danger1[3],
    )  # fmt: skip
    p_leth, lethal_rate, q_mean = par.p_leth, par.lam_leth / 52.0, par.q_mean
    begun = False
    for l in range(LANES):
        quiet = f.r[l] == 0.0 and wk.alive[l] > 0.0
        factor = wk.factor[l]
        p_calm = wk.p_onset[l]
        x = lethal_rate * factor
        # 1 - exp(-x) to 1e-10 of itself at the rates of lethal incidents; only a control variate.
        p_clash = p_leth * x * (1.0 - x * (0.5 - x * (1.0 / 6.0 - x / 24.0)))
        rel24 = wk.rel24[l]
        bad1 = base1 + slope1 * rel24
        bad3 = base3 + slope3 * rel24
        d1 = bad1 + (1.0 - bad1) * d0
        d3 = bad3 + (1.0 - bad3) * d0
        # Danger that the week's events were expected to bring less what they bring.
        events = (wk.rate[l] * q_mean - wk.weighed[l]) * f.onset_factor[l] * (d1 - d0)
        calm = p_calm * d1 + (1.0 - p_calm) * d0
        expected = p_clash * d3 + (1.0 - p_clash) * calm
        clash = wk.clash[l] > 0.0
        accident = u[l] < p_calm
        r = 3.0 if clash else (1.0 if accident else 0.0)
        came = d3 if clash else (d1 if accident else d0)
        wk.surprise[l] = events + expected - came if quiet else 0.0
        f.onset_factor[l] = factor if quiet else f.onset_factor[l]
        wk.onset[l] = 1.0 if quiet and r > 0.0 else 0.0
        f.r[l] = r if quiet else f.r[l]
        wk.in_crisis[l] = 1.0 if f.r[l] > 0.0 else 0.0
        begun |= quiet & (r > 0.0)
    if begun:
        for l in range(LANES):
            if wk.onset[l] > 0.0:
                f.r_max[l] = 0.0
                f.cw[l] = 0.0
                out.crises[l] += 1.0
                _note_peak(f, out, l)


@call
def _onset_chances(par, wk):
    """Chance that this week's events or an accident start a crisis, into `wk.p_onset`.

    Into `wk.weighed` the events, each with its chance of one at no tension.
    """
    p_acc = par.p_acc
    for l in range(LANES):
        wk.p_onset[l] = p_acc
        wk.weighed[l] = 0.0
        wk.spared[l] = 1.0
    if wk.most == 0.0:
        return
    for kind in range(4):
        q = par.q_on[kind]
        if q == 0.0:
            continue
        for l in range(LANES):
            wk.weighed[l] += q * wk.n_sev[kind, l]
        for j in range(int(wk.most)):
            for l in range(LANES):
                spared = 1.0 - min(1.0, q * wk.factor[l])
                wk.spared[l] *= spared if wk.n_sev[kind, l] > j else 1.0
    for l in range(LANES):
        wk.p_onset[l] += 1.0 - wk.spared[l]


@step
def _note_peak(f, out, l):
    """Count a crisis once when its peak first reaches a clash and once when it reaches strikes."""
    r = f.r[l]
    if r > f.r_max[l]:
        if r >= 3.0 and f.r_max[l] < 3.0:
            out.crises_r3[l] += 1.0
        if r >= 4.0 and f.r_max[l] < 4.0:
            out.crises_r4[l] += 1.0
        f.r_max[l] = r
        out.r_max[l] = max(out.r_max[l], r)


@call
def crises(par, f, wk, out, luck, t, i):
    """Steps 10 to 12 of the lanes in a crisis: moves, deception, toll, alarms."""
    n = 0
    for l in range(LANES):
        wk.who[n] = l
        n += 1 if wk.in_crisis[l] > 0.0 and f.alive[l] > 0.0 else 0
    asked = 0
    for k in range(n):
        l = int(wk.who[k])
        wk.entry3[l] = 0.0
        _moves(par, f, wk, out, luck, t, l, luck.move1[i, l])
        _deception(par, f, wk, out, l, luck.deception[i, l])
        _toll(par, f, wk, out, luck, t, l)
        if f.r[l] >= 5.0:
            wk.cause[l] = 1.0
        elif alarm_in_crisis(par, f, wk, asked, l, luck.alarm[i, l]):
            asked += 1
    decide_in_crises(par, f, wk, out, luck, t, i, asked)


@step
def hostile_share(par, rung, friction):
    """Chance that the other side's intent is hostile at this rung, with alliance friction."""
    return min(par.h_cap, par.h[rung - 1] * (1.0 + par.f_F * friction))


@step
def move_chances(par, rung, friction, known, rel):
    """Chances of one move up and one move down at a rung, given reliability `rel` in time.

    `friction` is that among allies (F), `known` the knowledge of the other side (K).
    """
    missed = par.m0 * par.e_K * known
    return chances_at(par, rung - 1, hostile_share(par, rung, friction), missed, rel)


@step
def chances_at(par, rung, hostile, known, rel):
    """Chances of one move at rung `rung` + 1.

    `hostile` is the share of hostile intent, `known` what knowledge takes off the rate of missed
    hostility.
    """
    false_alarm = par.f0 * (1.0 - par.e_f * rel)
    read_hostile = hostile * (1.0 - (par.m0 - known)) + (1.0 - hostile) * false_alarm
    read_benign = 1.0 - read_hostile
    up = par.fb[rung] * (
        read_hostile * par.uH + read_benign * par.uB + hostile * par.zeta * rel * par.uH
    )
    down = par.k[rung] * (read_hostile * par.dH + read_benign * par.dB)
    return up, down


@step
def _moves(par, f, wk, out, luck, t, l, u):
    """Step 10: one move a week, a second at rung 4."""
    if f.r[l] > 4.0:
        return
    _move(par, f, wk, out, l, u)
    if f.r[l] == 4.0:
        _move(par, f, wk, out, l, draw(luck, l, Stream.move2, 0, t))


@call
def _move(par, f, wk, out, l, u):
    """One move; at rung 4 it also weighs the chance that this very move is war."""
    rung = int(f.r[l])
    if rung < 1:
        return
    rel, rel24 = wk.rel_bargain[l], wk.rel24[l]
    up, down = move_chances(par, rung, f.F[l], f.K[l], rel)
    if rung == 4:
        weigh_war(par, wk, out, l, up, 0.0)
    expected = (
        up * danger(par, wk, rung + 1, rel24)
        + down * danger(par, wk, rung - 1, rel24)
        + (1.0 - up - down) * danger(par, wk, rung, rel24)
    )
    if u < up:
        if rung == 2:
            wk.entry3[l] = 1.0
        f.r[l] += 1.0
    elif u > 1.0 - down:
        f.r[l] -= 1.0
    wk.surprise[l] += expected - danger(par, wk, int(f.r[l]), rel24)


@call
def _deception(par, f, wk, out, l, u):
    """Step 11, first half: the channel is used to lull; rung up, ties halved."""
    if f.r[l] != 2.0 and f.r[l] != 3.0:
        return
    rung = int(f.r[l])
    p = par.p_dec * wk.rel_bargain[l] * hostile_share(par, rung, f.F[l])
    rel24 = wk.rel24[l]
    step_up = danger(par, wk, rung + 1, rel24) - danger(par, wk, rung, rel24)
    wk.surprise[l] += (p - (1.0 if u < p else 0.0)) * step_up
    if u >= p:
        return
    if rung == 2:
        wk.entry3[l] = 1.0
    f.r[l] += 1.0
    wk.deceived[l] = 1.0
    out.deceptions[l] += 1.0
    for c in range(f.s.shape[0]):
        f.s[c, l] *= 0.5


@step
def _toll(par, f, wk, out, luck, t, l):
    """Step 11, second half: the dead of an entry into rung 3 and of a week at rung 4."""
    _note_peak(f, out, l)
    if wk.entry3[l] > 0.0:
        size = draw(luck, l, Stream.fat_incident, 1, t)
        out.fat_inc[l] += lognormal_size(size, par.fat_inc_med, par.fat_inc_sd, math.inf)
    if f.r[l] == 4.0:
        size = draw(luck, l, Stream.fat_rung4, 0, t)
        out.fat_r4[l] += lognormal_size(size, par.fat_r4_med, par.fat_r4_sd, math.inf)
        out.econ_r4[l] += par.econ_r4 * wk.discount
    f.cw[l] += 1.0
