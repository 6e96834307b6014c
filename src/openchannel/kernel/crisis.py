"""A3, crises: onset, moves up and down the rungs, deception."""

from __future__ import annotations

import math

from openchannel.kernel.numerics import lognormal_size
from openchannel.kernel.philox import draw
from openchannel.kernel.step import call, step
from openchannel.kernel.streams import Stream
from openchannel.kernel.ties import freeze_reliability, reliability_bargaining
from openchannel.kernel.war import danger, weigh_war


@step
def onset(par, f, wk, out, luck, t, u):
    """Step 9, second half: a crisis starts at rung 1 from events or accident, at 3 from a clash."""
    if f.r == 0.0:
        factor = math.exp(par.beta_on * f.theta)
        p_calm = onset_chance(par, wk, factor)
        x = par.lam_leth * factor / 52.0
        # 1 - exp(-x) to 1e-10 of itself at the rates of lethal incidents; only a control variate.
        p_clash = par.p_leth * x * (1.0 - x * (0.5 - x * (1.0 / 6.0 - x / 24.0)))
        wk.surprise += _expected_events(par, f, wk)
        calm = p_calm * danger(par, wk, 1) + (1.0 - p_calm) * danger(par, wk, 0)
        expected = p_clash * danger(par, wk, 3) + (1.0 - p_clash) * calm
        if wk.lethal > 0.0 and draw(luck.key, Stream.lethal_crisis, 0, t) < par.p_leth:
            _start(f, wk, out, 3.0)
        elif u < p_calm:
            _start(f, wk, out, 1.0)
        wk.surprise += expected - danger(par, wk, int(f.r))
        f.onset_factor = factor
    wk.in_crisis = 1.0 if f.r > 0.0 else 0.0


@step
def _expected_events(par, f, wk):
    """Danger that this week's events were expected to bring less what they bring."""
    weighed = 0.0
    for kind in range(4):
        weighed += par.q_on[kind] * wk.n_sev[kind]
    surplus = wk.rate * par.q_mean - weighed
    gain = danger(par, wk, 1) - danger(par, wk, 0)
    return surplus * f.onset_factor * gain


@step
def onset_chance(par, wk, factor):
    """Chance that this week's events or an accident start a crisis; `factor` is exp(beta theta)."""
    p = par.p_acc
    if wk.worst > 0.0:
        quiet = 1.0
        for kind in range(4):
            spared = 1.0 - min(1.0, par.q_on[kind] * factor)
            for _ in range(int(wk.n_sev[kind])):
                quiet *= spared
        p += 1.0 - quiet
    return p


@step
def _start(f, wk, out, rung):
    f.r = rung
    f.r_max = 0.0
    f.cw = 0.0
    wk.onset = 1.0
    out.crises += 1.0
    _note_peak(f, out)


@step
def _note_peak(f, out):
    """Count a crisis once when its peak first reaches a clash and once when it reaches strikes."""
    if f.r > f.r_max:
        if f.r >= 3.0 and f.r_max < 3.0:
            out.crises_r3 += 1.0
        if f.r >= 4.0 and f.r_max < 4.0:
            out.crises_r4 += 1.0
        f.r_max = f.r
        out.r_max = max(out.r_max, f.r)


@step
def hostile_share(par, f):
    """Chance that the other side's intent is hostile at this rung, with alliance friction."""
    h = par.h[int(f.r) - 1]
    return min(par.h_cap, h * (1.0 + par.f_F * f.F))


@step
def move_chances(par, f, rel):
    """Chances of one move up and one move down, given reliability `rel` within the deadline."""
    missed = par.m0 * par.e_K * f.K
    return chances_at(par, int(f.r) - 1, hostile_share(par, f), missed, rel)


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
def _move(par, f, wk, out, u):
    """One move; at rung 4 it also weighs the chance that this very move is war."""
    rel = reliability_bargaining(par, f, wk)
    up, down = move_chances(par, f, rel)
    rung = int(f.r)
    if rung == 4:
        weigh_war(par, wk, out, up, 0.0)
    expected = (
        up * danger(par, wk, rung + 1)
        + down * danger(par, wk, rung - 1)
        + (1.0 - up - down) * danger(par, wk, rung)
    )
    if u < up:
        if rung == 2:
            wk.entry3 = 1.0
        f.r += 1.0
    elif u > 1.0 - down:
        f.r -= 1.0
    wk.surprise += expected - danger(par, wk, int(f.r))


@call
def moves(par, f, wk, out, luck, t, u):
    """Step 10: one move a week, a second at rung 4."""
    if f.r < 1.0:
        return
    _move(par, f, wk, out, u)
    if f.r == 4.0:
        _move(par, f, wk, out, draw(luck.key, Stream.move2, 0, t))


@call
def deception(par, f, wk, out, u):
    """Step 11, first half: the channel is used to lull; rung up, ties halved."""
    if f.r != 2.0 and f.r != 3.0:
        return
    p = par.p_dec * reliability_bargaining(par, f, wk) * hostile_share(par, f)
    rung = int(f.r)
    step_up = danger(par, wk, rung + 1) - danger(par, wk, rung)
    wk.surprise += (p - (1.0 if u < p else 0.0)) * step_up
    if u >= p:
        return
    freeze_reliability(par, f, wk)
    if f.r == 2.0:
        wk.entry3 = 1.0
    f.r += 1.0
    wk.deceived = 1.0
    out.deceptions += 1.0
    for c in range(f.s.shape[0]):
        f.s[c] *= 0.5


@step
def toll(par, f, wk, out, luck, t):
    """Step 11, second half: the dead of an entry into rung 3 and of a week at rung 4."""
    _note_peak(f, out)
    if wk.entry3 > 0.0:
        size = draw(luck.key, Stream.fat_incident, 1, t)
        out.fat_inc += lognormal_size(size, par.fat_inc_med, par.fat_inc_sd, math.inf)
    if f.r == 4.0:
        size = draw(luck.key, Stream.fat_rung4, 0, t)
        out.fat_r4 += lognormal_size(size, par.fat_r4_med, par.fat_r4_sd, math.inf)
        out.econ_r4 += par.econ_r4 * wk.discount
    f.cw += wk.in_crisis
