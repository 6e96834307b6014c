"""A1, the tie network: receptivity, lines, contacts, ties, and the reliability they give."""

from __future__ import annotations

import math

from openchannel.kernel.numerics import happens, poisson_count
from openchannel.kernel.philox import draw
from openchannel.kernel.step import call, step
from openchannel.kernel.streams import Stream


@step
def in_force(f):
    """Row of the levers in force: the status quo once the policy has lapsed."""
    if f.pe == 0.0:
        return 0
    return 1 + int(f.stage)


@step
def may_lapse(plan, f):
    """False for a plan on demand that has not started and has nothing to lapse."""
    waiting = plan.on_demand == 1.0 and f.stage == 0.0
    return not (waiting and plan.on_demand_lapses == 0.0)


@call
def inauguration(par, plan, f, out, luck, t):
    """Step 1: a new administration may drop the policy, the staff and the agreement."""
    row = 1 + int(f.stage)
    usual = plan.persist[0]
    persist = usual + par.persist_scale * (plan.persist[row] - usual)
    keep = persist + par.keep_base * (1.0 - persist)
    if may_lapse(plan, f) and draw(luck.key, Stream.kept, 0, t) >= keep:
        f.pe = 0.0
    for c in range(luck.slot.shape[0]):
        if draw(luck.key, Stream.staff, luck.slot[c], t) < par.p_staff:
            f.s[c] *= par.iota_U[c]
    if f.ag > 0.0 and draw(luck.key, Stream.adm_break, 0, t) < par.p_adm:
        f.ag = 0.0
        f.theta += par.j_col
        out.collapses += 1.0
        if par.adm_full > 0.0:
            f.fail = par.fail_wk
            if draw(luck.key, Stream.closure, 0, t) < par.p_close:
                f.R = 0.0


@step
def receptivity(par, plan, f, wk, u):
    """Step 3: at most one step up or down; rates rise with the offer and fall with tension."""
    row = int(wk.row)
    r = int(f.R)
    up = 0.0
    down = 0.0
    if r == 0:
        up = par.q01 * plan.pull[row, 0]
    elif r == 1:
        up = par.q12 * plan.pull[row, 1]
        down = par.q10 * plan.pull[row, 2]
    else:
        down = par.q21 * plan.pull[row, 3]
    # Most weeks are far from any step: the bound spares the exponential.
    if u >= (up + down) * par.step_most:
        return
    tilt = math.exp(par.b_theta_R * f.theta)
    up = up / (tilt * 52.0)
    down = down * tilt / 52.0
    if u < up:
        f.R = r + 1.0
    elif u < up + down:
        f.R = r - 1.0


@step
def lines(par, plan, f, wk, out, luck, i):
    """Step 4: they cut an open line, or one that the policy wants opens again."""
    row = int(wk.row)
    closed = f.R == 0.0
    p_open = par.p_open_lo if closed else par.p_open_hi
    # Most weeks no line moves: a first pass without branches says whether one may.
    movable = False
    for c in range(f.s.shape[0]):
        wanted = p_open if plan.cadence[row, c] > 0.0 else 0.0
        bound = par.cut_bound[c] if f.open[c] > 0.0 else wanted
        movable |= luck.line[c, i] < bound
    if not movable:
        return
    factor = -1.0
    for c in range(f.s.shape[0]):
        u = luck.line[c, i]
        if f.open[c] == 0.0:
            if u < p_open and plan.cadence[row, c] > 0.0:
                f.open[c] = 1.0
        elif u < par.cut_bound[c]:
            if factor < 0.0:
                factor = math.exp(par.cut_theta * f.theta) * (par.cut_closed if closed else 1.0)
            if happens(u, par.lam_cut[c] * factor):
                f.open[c] = 0.0
                out.cuts += 1.0


@step
def contacts_and_ties(par, plan, f, wk, luck, i):
    """Step 5: contacts of the week, growth and decay of each tie, turnover on both sides."""
    row = int(wk.row)
    r = int(f.R)
    suspended = 1 if f.susp > 0.0 else 0
    for c in range(f.s.shape[0]):
        f.s[c] *= par.s_keep[c]
    mean, none = plan.mean[row, r, suspended], plan.none[row, r, suspended]
    for c in range(f.s.shape[0]):
        u = luck.contacts[c, i]
        if u >= none[c] and f.open[c] > 0.0:
            _meet(par, f, wk, c, poisson_count(u, mean[c], none[c], 64))
    _turnover(par, f, luck, i, plan.inst[row])
    f.x = f.x * par.x_keep + (1.0 - par.x_keep) * wk.activity


@step
def _meet(par, f, wk, c, n):
    """What `n` contacts on one channel do to its tie and add to the week's sums."""
    miss = 1.0
    for _ in range(n):
        miss *= 1.0 - par.g[c]
    f.s[c] += (1.0 - f.s[c]) * (1.0 - miss)
    wk.contacts += n * par.contact_counts[c]
    wk.activity += n * par.w_act[c]
    wk.L_in += n * par.L_contact[c]
    wk.F_in += n * par.F_contact[c]
    wk.Pd_in += n * par.Pd_contact[c]
    wk.know_in += n * par.know[c]
    wk.ci_in += n * par.ci[c]
    wk.cost_in += n * par.u_cost[c]
    wk.conc += par.conc_any[c] + n * par.conc_contact[c]


@step
def _turnover(par, f, luck, i, inst):
    """Counterparts replaced, theirs or ours; institutions keep part of the tie."""
    p_them = par.p_D_fail if f.fail > 0.0 else par.p_D
    some = False
    for c in range(f.s.shape[0]):
        u = luck.turnover[c, i]
        some |= (u < p_them[c]) | ((u >= 0.5) & (u < 0.5 + par.p_U[c]))
    if not some:
        return
    for c in range(f.s.shape[0]):
        u = luck.turnover[c, i]
        if u < p_them[c]:
            iota = par.iota_D[c]
            f.s[c] *= iota + (1.0 - iota) * par.inst_D * inst
        elif 0.5 <= u < 0.5 + par.p_U[c]:
            iota = par.iota_U[c]
            f.s[c] *= iota + (1.0 - iota) * par.inst_U * inst


# Sums and products over channels run in two lanes that meet at the end: one chain of dependent
# operations would wait on itself. A closed line has open = 0, which takes it out without a branch.


@step
def reliability(par, f, wk):
    """Step 6: thickness, and reliability within 6, 24 and 72 hours."""
    s, auth, is_open = f.s, par.auth, f.open
    ties = 0.0
    total = 0.0
    squares = 0.0
    for c in range(0, s.shape[0], 2):
        tie0 = auth[c] * s[c]
        tie1 = auth[c + 1] * s[c + 1]
        ties += tie0 + tie1
        tie0 *= is_open[c]
        tie1 *= is_open[c + 1]
        total += tie0 + tie1
        squares += tie0 * tie0 + tie1 * tie1
    wk.S = ties / par.auth_sum
    wk.K_eff = total * total / squares if squares > 0.0 else 0.0
    wk.q = par.q_cc * (1.0 - par.q_tie * wk.S)
    _reliability_by_deadline(par, f, wk)
    wk.rel_nuc = -1.0
    wk.rel_KC = -1.0
    wk.rel_bargain = -1.0


@step
def _reliability_by_deadline(par, f, wk):
    """One less the chance that no channel gets an answer through, within 6, 24 and 72 hours."""
    voice = par.voice_surge if wk.surge > 0.0 else par.voice
    psi = par.psi[int(f.R)]
    b0, gain = par.b0, par.b1 - par.b0
    s, is_open = f.s, f.open
    even6 = 1.0
    even24 = 1.0
    even72 = 1.0
    odd6 = 1.0
    odd24 = 1.0
    odd72 = 1.0
    for c in range(0, s.shape[0], 2):
        p = is_open[c] * voice[c] * psi * (b0 + gain * s[c])
        even6 *= 1.0 - p * par.late_6[c]
        even24 *= 1.0 - p * par.late_24[c]
        even72 *= 1.0 - p * par.late_72[c]
        p = is_open[c + 1] * voice[c + 1] * psi * (b0 + gain * s[c + 1])
        odd6 *= 1.0 - p * par.late_6[c + 1]
        odd24 *= 1.0 - p * par.late_24[c + 1]
        odd72 *= 1.0 - p * par.late_72[c + 1]
    wk.rel6 = (1.0 - wk.q) * (1.0 - even6 * odd6)
    wk.rel24 = (1.0 - wk.q) * (1.0 - even24 * odd24)
    wk.rel72 = (1.0 - wk.q) * (1.0 - even72 * odd72)


@step
def live_channels(par, f):
    """Open channels with a tie and authority enough to matter, at the end of the week."""
    live = 0.0
    for c in range(f.s.shape[0]):
        if f.s[c] >= par.live_s and par.auth[c] >= par.live_a:
            live += f.open[c]
    return live


@call
def _reliability_within(par, f, wk, late):
    """Reliability within the deadline that `late` [channel] stands for."""
    voice = par.voice_surge if wk.surge > 0.0 else par.voice
    psi = par.psi[int(f.R)]
    miss = 1.0
    for c in range(f.s.shape[0]):
        belief = par.b0 + (par.b1 - par.b0) * f.s[c]
        miss *= 1.0 - f.open[c] * voice[c] * psi * belief * late[c]
    return (1.0 - wk.q) * (1.0 - miss)


# Few weeks need the deadlines below, so each is computed at the first question of a week.


@step
def reliability_bargaining(par, f, wk):
    """Reliability within the crisis-bargaining deadline, this week."""
    if wk.rel_bargain < 0.0:
        wk.rel_bargain = _reliability_within(par, f, wk, par.late_bargain)
    return wk.rel_bargain


@step
def reliability_alarm(par, f, wk):
    """Reliability within the deadline of a pre-emption decision, this week."""
    if wk.rel_nuc < 0.0:
        wk.rel_nuc = _reliability_within(par, f, wk, par.late_nuc)
    return wk.rel_nuc


@step
def reliability_kill_chain(par, f, wk):
    """Reliability within the deadline of a Kill-Chain decision, this week."""
    if wk.rel_KC < 0.0:
        wk.rel_KC = _reliability_within(par, f, wk, par.late_KC)
    return wk.rel_KC


@step
def freeze_reliability(par, f, wk):
    """Fix this week's reliability before a deception halves the ties."""
    reliability_alarm(par, f, wk)
    reliability_kill_chain(par, f, wk)
