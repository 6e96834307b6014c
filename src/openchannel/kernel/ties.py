"""A1, the tie network: receptivity, lines, contacts, ties, and the reliability they give.

Channels are taken one by one, and in each all lanes at once; a change of line, a contact or a
turnover in any lane sends the channel through the step that handles it.
"""

from __future__ import annotations

from openchannel.kernel.numerics import exponential, happens, least, poisson_counts
from openchannel.kernel.philox import draw
from openchannel.kernel.records import LANES
from openchannel.kernel.step import call, step
from openchannel.kernel.streams import Stream

_MOST_CONTACTS = 64


@step
def may_lapse(plan, stage):
    """False for a plan that waits for its second stage and has nothing to lapse."""
    kept = plan.on_demand == 1.0 and plan.on_demand_lapses == 0.0
    return not ((kept or plan.stays == 1.0) and stage == 0.0)


@call
def inauguration(par, plan, f, out, luck, t):
    """Step 1: a new administration may drop the policy, the staff and the agreement."""
    for l in range(LANES):
        if f.alive[l] > 0.0:
            _inaugurate(par, plan, f, out, luck, t, l)


@call
def _inaugurate(par, plan, f, out, luck, t, l):
    usual = plan.persist[0]
    persist = usual + par.persist_scale * (plan.persist[1 + int(f.stage[l])] - usual)
    keep = persist + par.keep_base * (1.0 - persist)
    if may_lapse(plan, f.stage[l]) and draw(luck, l, Stream.kept, 0, t) >= keep:
        f.pe[l] = 0.0
    for c in range(luck.slot.shape[0]):
        if draw(luck, l, Stream.staff, luck.slot[c], t) < par.p_staff:
            f.s[c, l] *= par.iota_U[c]
    if f.ag[l] > 0.0 and draw(luck, l, Stream.adm_break, 0, t) < par.p_adm:
        f.ag[l] = 0.0
        f.theta[l] += par.j_col
        out.collapses[l] += 1.0
        if par.adm_full > 0.0:
            f.fail[l] = par.fail_wk
            if draw(luck, l, Stream.closure, 0, t) < par.p_close:
                f.R[l] = 0.0


@call
def settle(par, plan, f):
    """Derive anew what is kept of lanes whose stage, receptivity or suspension has changed."""
    changed = False
    for l in range(LANES):
        row = 1.0 + f.stage[l] if f.pe[l] > 0.0 else 0.0
        suspended = 1.0 if f.susp[l] > 0.0 else 0.0
        changed |= row * 6.0 + f.R[l] * 2.0 + suspended != f.key[l]
    if changed:
        for l in range(LANES):
            row = 1.0 + f.stage[l] if f.pe[l] > 0.0 else 0.0
            suspended = 1.0 if f.susp[l] > 0.0 else 0.0
            key = row * 6.0 + f.R[l] * 2.0 + suspended
            if key != f.key[l]:
                f.key[l] = key
                f.row[l] = row
                bring_into_force(par, plan, f, l)


@call
def bring_into_force(par, plan, f, l):
    """What the levers in force, receptivity and suspension fix for a future."""
    row = int(f.row[l])
    _levers(par, plan, f, row, l)
    r = int(f.R[l])
    f.up[l] = 0.0
    f.down[l] = 0.0
    if r == 0:
        f.up[l] = par.q01 * plan.pull[row, 0]
    elif r == 1:
        f.up[l] = par.q12 * plan.pull[row, 1]
        f.down[l] = par.q10 * plan.pull[row, 2]
    else:
        f.down[l] = par.q21 * plan.pull[row, 3]
    f.psi[l] = par.psi[r]
    suspended = 1 if f.susp[l] > 0.0 else 0
    f.stale = 1.0
    for c in range(par.auth.shape[0]):
        f.mean[c, l] = plan.mean[row, r, suspended, c]
        _set_line(par, plan, f, c, l)


@step
def _may_push(plan):
    """Whether a rule of the policy may raise the bargaining effort."""
    return plan.belief > 0.0 or plan.n_triggers > 0.0


@step
def _levers(par, plan, f, row, l):
    f.inst[l] = plan.inst[row]
    f.exlev[l] = plan.exlev[row]
    f.neg_most[l] = plan.neg[row] + (par.neg_step if _may_push(plan) else 0.0)
    f.unconsulted[l] = 1.0 - plan.consult[row] * par.consult_scale
    f.susp_at[l] = plan.susp[row]
    f.susp_length[l] = plan.susp_wk[row]
    f.conceding[l] = 1.0 if plan.conc_exempt[row] == 0.0 else 0.0
    pressure = plan.exlev[row] > 1.0 and plan.offer[row] == 0.0
    f.restraint[l] = 1.0 - par.g_press if pressure else 1.0
    f.standing_cost[l] = (plan.fixed[row] * par.fixed_scale + plan.info[row]) / 52.0
    f.rights[l] = plan.rights[row]
    f.week_det[l] = par.week_det if plan.travel_ban[row] > 0.0 else par.week_det_noban


@step
def _set_line(par, plan, f, c, l):
    """Whether a closed line may open again, and which draw brings a contact on an open one."""
    row, r = int(f.row[l]), int(f.R[l])
    if f.open[c, l] > 0.0:
        f.reopen[c, l] = 0.0
        f.none[c, l] = plan.none[row, r, 1 if f.susp[l] > 0.0 else 0, c]
    else:
        p_open = par.p_open_lo if r == 0 else par.p_open_hi
        f.reopen[c, l] = p_open if plan.cadence[row, c] > 0.0 else 0.0
        f.none[c, l] = 2.0


@call
def receptivity(par, plan, f, u):
    """Step 3: at most one step up or down; rates rise with the offer and fall with tension."""
    # Most weeks are far from any step: the bound spares the exponential.
    near = False
    for l in range(LANES):
        near |= u[l] < (f.up[l] + f.down[l]) * par.step_most
    if not near:
        return
    for l in range(LANES):
        if u[l] < (f.up[l] + f.down[l]) * par.step_most:
            _step(par, plan, f, u[l], l)


@call
def _step(par, plan, f, u, l):
    tilt = exponential(par.b_theta_R * f.theta[l])
    up = f.up[l] / (tilt * 52.0)
    down = f.down[l] * tilt / 52.0
    if u < up:
        f.R[l] += 1.0
    elif u < up + down:
        f.R[l] -= 1.0
    else:
        return
    f.key[l] = f.row[l] * 6.0 + f.R[l] * 2.0 + (1.0 if f.susp[l] > 0.0 else 0.0)
    bring_into_force(par, plan, f, l)


@call
def channels(par, plan, f, wk, out, luck, i):
    """Steps 4 and 5: lines, contacts, ties and turnover of each channel.

    Most weeks bring most channels nothing but decay, and extremes of the lanes show which.
    """
    _strain(par, f, wk)
    if LANES > 1 and f.stale > 0.0:
        f.stale = 0.0
        for c in range(luck.slot.shape[0]):
            f.none_least[c] = least(f.none[c])
    for c in range(luck.slot.shape[0]):
        s_keep, cut, line = par.s_keep[c], par.cut[c], luck.line[c, i]
        moved = False
        for l in range(LANES):
            f.s[c, l] *= s_keep
            moved |= line[l] < _line_bound(f, wk, cut, c, l)
        if moved:
            _move_lines(par, plan, f, wk, out, line, c)
        if LANES == 1 or luck.contacts_most[c, i] >= f.none_least[c]:
            _meet(par, f, wk, luck.contacts[c, i], c)
        bound = max(par.p_D_fail[c] if wk.failing > 0.0 else par.p_D[c], par.p_U[c])
        if LANES == 1 or luck.turnover_least[c, i] < bound:
            _turn_over(par, f, luck.turnover[c, i], c)
    keep = par.x_keep
    for l in range(LANES):
        f.x[l] = f.x[l] * keep + (1.0 - keep) * wk.activity[l]


@step
def _line_bound(f, wk, cut, c, l):
    """Bound on the chance that a line moves: an open one is cut, or a closed one opens, never both.

    `cut` is a weekly hazard, which bounds its chance.
    """
    return f.reopen[c, l] + f.open[c, l] * (cut * wk.strain[l])


@step
def _strain(par, f, wk):
    """What tension and closure do to the severance of lines."""
    cut_theta, cut_closed = par.cut_theta, par.cut_closed
    failing = False
    for l in range(LANES):
        wk.strain[l] = exponential(cut_theta * f.theta[l]) * (cut_closed if f.R[l] == 0.0 else 1.0)
        failing |= f.fail[l] > 0.0
    wk.failing = 1.0 if failing else 0.0


@call
def _move_lines(par, plan, f, wk, out, line, c):
    """Step 4: they cut an open line, or one that the policy wants opens again."""
    cut = par.cut[c]
    for l in range(LANES):
        u = line[l]
        if u >= _line_bound(f, wk, cut, c, l) or f.alive[l] == 0.0:
            continue
        if f.open[c, l] == 0.0:
            if u >= f.reopen[c, l]:
                continue
            f.open[c, l] = 1.0
        else:
            if not happens(u, par.lam_cut[c] * wk.strain[l]):
                continue
            f.open[c, l] = 0.0
            out.cuts[l] += 1.0
        _set_line(par, plan, f, c, l)
    if LANES > 1:
        f.none_least[c] = least(f.none[c])


@call
def _meet(par, f, wk, u, c):
    """Step 5: what the contacts of a week do to a tie and add to the week's sums."""
    if poisson_counts(u, f.mean[c], f.none[c], _MOST_CONTACTS, 1.0 - par.g[c], wk) == 0:
        return
    n = wk.count
    for l in range(LANES):
        s = f.s[c, l]
        f.s[c, l] = s + (1.0 - s) * (1.0 - wk.miss[l])
    _add(wk.contacts, n, par.contact_counts[c])
    _add(wk.activity, n, par.w_act[c])
    _add(wk.L_in, n, par.L_contact[c])
    _add(wk.F_in, n, par.F_contact[c])
    _add(wk.Pd_in, n, par.Pd_contact[c])
    _add(wk.know_in, n, par.know[c])
    _add(wk.ci_in, n, par.ci[c])
    _add(wk.cost_in, n, par.u_cost[c])
    _add(wk.conc, n, par.conc_contact[c])
    if par.conc_any[c] != 0.0:
        for l in range(LANES):
            wk.conc[l] += par.conc_any[c] if n[l] > 0.0 else 0.0


@step
def _add(total, n, each):
    if each != 0.0:
        for l in range(LANES):
            total[l] += n[l] * each


@call
def _turn_over(par, f, turnover, c):
    """Counterparts replaced, theirs or ours; institutions keep part of the tie."""
    iota_D, iota_U = par.iota_D[c], par.iota_U[c]
    saved_D, saved_U = (1.0 - iota_D) * par.inst_D, (1.0 - iota_U) * par.inst_U
    p_D, p_D_fail, p_U = par.p_D[c], par.p_D_fail[c], 0.5 + par.p_U[c]
    for l in range(LANES):
        u = turnover[l]
        p = p_D_fail if f.fail[l] > 0.0 else p_D
        ours = iota_U + saved_U * f.inst[l] if u >= 0.5 and u < p_U else 1.0
        f.s[c, l] *= iota_D + saved_D * f.inst[l] if u < p else ours


@call
def reliability(par, plan, f, wk):
    """Step 6: thickness, and reliability within each deadline."""
    for l in range(LANES):
        wk.ties[l] = 0.0
        wk.total[l] = 0.0
        wk.squares[l] = 0.0
        wk.rel6[l] = 1.0
        wk.rel24[l] = 1.0
        wk.rel72[l] = 1.0
        wk.rel_bargain[l] = 1.0
        wk.rel_nuc[l] = 1.0
        wk.rel_KC[l] = 1.0
    for c in range(f.s.shape[0]):
        _connect(par, f, wk, c)
    if plan.surge > 0.0 or plan.n_triggers > 0.0:
        _reinforce(par, f, wk)
    q_cc, q_tie, share = par.q_cc, par.q_tie, par.share
    for l in range(LANES):
        thick = wk.squares[l]
        wk.K_eff[l] = wk.total[l] * wk.total[l] / thick if thick > 0.0 else 0.0
        wk.S[l] = wk.ties[l] * share
        q = q_cc * (1.0 - q_tie * wk.S[l])
        wk.q[l] = q
        clear = 1.0 - q
        wk.rel6[l] = clear * (1.0 - wk.rel6[l])
        wk.rel24[l] = clear * (1.0 - wk.rel24[l])
        wk.rel72[l] = clear * (1.0 - wk.rel72[l])
        wk.rel_bargain[l] = clear * (1.0 - wk.rel_bargain[l])
        wk.rel_nuc[l] = clear * (1.0 - wk.rel_nuc[l])
        wk.rel_KC[l] = clear * (1.0 - wk.rel_KC[l])


@step
def _connect(par, f, wk, c):
    """Add a channel to thickness, and to the chance that no answer comes in time (`wk.rel...`)."""
    auth, voice = par.auth[c], par.voice[c]
    late_6, late_24, late_72 = par.late_6[c], par.late_24[c], par.late_72[c]
    late_bargain, late_nuc, late_KC = par.late_bargain[c], par.late_nuc[c], par.late_KC[c]
    b0, gain = par.b0, par.b1 - par.b0
    for l in range(LANES):
        s, is_open = f.s[c, l], f.open[c, l]
        tie = auth * s
        wk.ties[l] += tie
        tie *= is_open
        wk.total[l] += tie
        wk.squares[l] += tie * tie
        p = is_open * voice * f.psi[l] * (b0 + gain * s)
        wk.rel6[l] *= 1.0 - p * late_6
        wk.rel24[l] *= 1.0 - p * late_24
        wk.rel72[l] *= 1.0 - p * late_72
        wk.rel_bargain[l] *= 1.0 - p * late_bargain
        wk.rel_nuc[l] *= 1.0 - p * late_nuc
        wk.rel_KC[l] *= 1.0 - p * late_KC


@call
def _reinforce(par, f, wk):
    """The same chances anew for lanes whose channels are reinforced in a crisis."""
    for l in range(LANES):
        if wk.surge[l] > 0.0:
            wk.rel6[l] = _miss(par, f, par.late_6, l)
            wk.rel24[l] = _miss(par, f, par.late_24, l)
            wk.rel72[l] = _miss(par, f, par.late_72, l)
            wk.rel_bargain[l] = _miss(par, f, par.late_bargain, l)
            wk.rel_nuc[l] = _miss(par, f, par.late_nuc, l)
            wk.rel_KC[l] = _miss(par, f, par.late_KC, l)


@call
def _miss(par, f, late, l):
    """Chance of no answer within the deadline that `late` [channel] stands for, in a surge."""
    miss = 1.0
    for c in range(f.s.shape[0]):
        belief = par.b0 + (par.b1 - par.b0) * f.s[c, l]
        miss *= 1.0 - f.open[c, l] * par.voice_surge[c] * f.psi[l] * belief * late[c]
    return miss
