"""A3, crises: onset, moves up and down the rungs, deception."""

from __future__ import annotations

import math

from numba import njit

from openchannel.kernel.keys import Stream
from openchannel.kernel.numerics import lognormal_size
from openchannel.kernel.philox import draw
from openchannel.kernel.ties import freeze_reliability, reliability_bargaining
from openchannel.kernel.war import weigh_war


@njit
def onset(par, f, wk, out, luck, t, u):
    """Step 9, second half: a crisis starts at rung 1 from events or accident, at 3 from a clash."""
    if f.r == 0.0:
        if wk.lethal > 0.0 and draw(luck.key, Stream.lethal_crisis, 0, t) < par.p_leth:
            _start(f, wk, out, 3.0)
        elif u < onset_chance(par, f, wk):
            _start(f, wk, out, 1.0)
    wk.in_crisis = 1.0 if f.r > 0.0 else 0.0


@njit
def onset_chance(par, f, wk):
    """Chance that this week's events or an accident start a crisis."""
    p = par.p_acc
    if wk.worst > 0.0:
        factor = math.exp(par.beta_on * f.theta)
        quiet = 1.0
        for kind in range(4):
            spared = 1.0 - min(1.0, par.q_on[kind] * factor)
            for _ in range(int(wk.n_sev[kind])):
                quiet *= spared
        p += 1.0 - quiet
    return p


@njit
def _start(f, wk, out, rung):
    f.r = rung
    f.r_max = 0.0
    f.cw = 0.0
    wk.onset = 1.0
    out.crises += 1.0
    _note_peak(f, out)


@njit
def _note_peak(f, out):
    """Count a crisis once when its peak first reaches a clash and once when it reaches strikes."""
    if f.r > f.r_max:
        if f.r >= 3.0 and f.r_max < 3.0:
            out.crises_r3 += 1.0
        if f.r >= 4.0 and f.r_max < 4.0:
            out.crises_r4 += 1.0
        f.r_max = f.r
        out.r_max = max(out.r_max, f.r)


@njit
def hostile_share(par, f):
    """Chance that the other side's intent is hostile at this rung, with alliance friction."""
    h = par.h[int(f.r) - 1]
    return min(par.h_cap, h * (1.0 + par.f_F * f.F))


@njit
def move_chances(par, f, rel):
    """Chances of one move up and one move down, given reliability `rel` within the deadline."""
    rung = int(f.r) - 1
    hostile = hostile_share(par, f)
    false_alarm = par.f0 * (1.0 - par.e_f * rel)
    missed = par.m0 * (1.0 - par.e_K * f.K)
    read_hostile = hostile * (1.0 - missed) + (1.0 - hostile) * false_alarm
    read_benign = 1.0 - read_hostile
    up = par.fb[rung] * (
        read_hostile * par.uH
        + read_benign * par.uB
        + hostile * par.zeta * rel * par.uH
    )
    down = par.k[rung] * (
        read_hostile * par.dH + read_benign * par.dB
    )
    return up, down


@njit
def _move(par, f, wk, out, u):
    """One move; at rung 4 it also weighs the chance that this very move is war."""
    rel = reliability_bargaining(par, f, wk)
    up, down = move_chances(par, f, rel)
    if f.r == 4.0:
        weigh_war(par, wk, out, up, 0.0)
    if u < up:
        if f.r == 2.0:
            wk.entry3 = 1.0
        f.r += 1.0
        _note_peak(f, out)
    elif u > 1.0 - down:
        f.r -= 1.0


@njit
def moves(par, f, wk, out, luck, t, u):
    """Step 10: one move a week, a second at rung 4."""
    if f.r < 1.0:
        return
    _move(par, f, wk, out, u)
    if f.r == 4.0:
        _move(par, f, wk, out, draw(luck.key, Stream.move2, 0, t))


@njit
def deception(par, f, wk, out, u):
    """Step 11, first half: the channel is used to lull; rung up, ties halved."""
    if f.r != 2.0 and f.r != 3.0:
        return
    rel = reliability_bargaining(par, f, wk)
    if u >= par.p_dec * rel * hostile_share(par, f):
        return
    freeze_reliability(par, f, wk)
    if f.r == 2.0:
        wk.entry3 = 1.0
    f.r += 1.0
    _note_peak(f, out)
    wk.deceived = 1.0
    out.deceptions += 1.0
    for c in range(f.s.shape[0]):
        f.s[c] *= 0.5


@njit
def toll(par, f, wk, out, luck, t):
    """Step 11, second half: the dead of an entry into rung 3 and of a week at rung 4."""
    if wk.entry3 > 0.0:
        size = draw(luck.key, Stream.fat_incident, 1, t)
        out.fat_inc += lognormal_size(
            size, par.fat_inc_med, par.fat_inc_sd, math.inf
        )
    if f.r == 4.0:
        size = draw(luck.key, Stream.fat_rung4, 0, t)
        out.fat_r4 += lognormal_size(
            size, par.fat_r4_med, par.fat_r4_sd, math.inf
        )
        out.econ_r4 += par.econ_r4 * wk.discount
    f.cw += wk.in_crisis
