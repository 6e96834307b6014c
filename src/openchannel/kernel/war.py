"""A4, nuclear stability: false alarms, pre-emption, and what a war does.

Also owns the Rao-Blackwell sums: the chance of war just before each draw that could start one.
Their expectation equals that of the event itself, with far less noise.
"""

from __future__ import annotations

from openchannel.kernel.numerics import FAR, USUAL, lognormal_size, normal_cdf, usual_normal_cdf
from openchannel.kernel.philox import draw
from openchannel.kernel.records import LANES
from openchannel.kernel.step import call, step
from openchannel.kernel.streams import Stream


@step
def use_in_war(par, rel24):
    """Chance of nuclear use in a war that did not begin with one."""
    return par.p_nw * (1.0 - par.e_w * rel24)


@step
def weigh_war(par, wk, out, l, p_conventional, p_preemptive):
    """Add one conditional chance of war to the Rao-Blackwell sums.

    `p_conventional` is war without a pre-emptive strike, `p_preemptive` war begun by one; they
    exclude each other.
    """
    p_nuclear = p_preemptive + p_conventional * use_in_war(par, wk.rel24[l])
    _weigh(par, wk, out, l, p_conventional + p_preemptive, p_preemptive, p_nuclear)


@step
def _weigh(par, wk, out, l, p_war, p_preemptive, p_nuclear):
    out.rb_war[l] += p_war
    out.rb_pre[l] += p_preemptive
    out.rb_nuc[l] += p_nuclear
    out.rb_econ[l] += p_war * par.econ_war * wk.discount


@call
def steady(par, wk, out):
    """Book the week's control variate: what was expected of each draw less what it brought.

    `wk.surprise` is a sum of changes of the rough danger of war (`danger`), each with mean zero
    given all that was known before its draw, so it has mean zero whatever that danger is worth;
    added to the Rao-Blackwell sum it takes out most of the luck of single crises.
    """
    loss = par.econ_war * wk.discount
    p_nw, e_w = par.p_nw, par.e_w
    for l in range(LANES):
        surprise = wk.alive[l] * wk.surprise[l]
        out.cv_war[l] += surprise
        out.cv_nuc[l] += surprise * (p_nw * (1.0 - e_w * wk.rel24[l]))
        out.cv_econ[l] += surprise * loss


@step
def danger(par, wk, rung, rel24):
    """Rough chance of war from here to the horizon, at a rung; none is left after a war."""
    if rung > 4:
        return 0.0
    ends_badly = par.danger0[rung] + par.danger1[rung] * rel24
    return ends_badly + (1.0 - ends_badly) * wk.calm


@step
def weigh_instability(par, wk, out, l, p_war):
    """The same for a succession war, whose nuclear draw a case may leave out."""
    nuclear = par.nuc_instability * use_in_war(par, wk.rel24[l])
    _weigh(par, wk, out, l, p_war, 0.0, p_war * nuclear)


@step
def strike_chance(par, rung, arsenal, reassured):
    """Chance that an alarm at this rung is answered by a first strike (probit around pi*)."""
    return normal_cdf(_strike_score(par, rung, arsenal, reassured))


@step
def _strike_score(par, rung, arsenal, reassured):
    odds = par.logit[rung]
    if reassured:
        odds += par.ln_lm
    # logit pi* = -ln((1 - v) B) with 1 - v = exp(-W / Ws), so no exponential is needed.
    return (odds + par.ln_stake - arsenal / par.Ws) / par.sigma_d


@call
def alarms_in_quiet(par, f, wk, out, luck, t, u):
    """Step 12 of the lanes at rung 0, whose sums wait for the alarm.

    That is as unbiased as weighing every week, and spares most weeks.
    """
    p_alarm = par.alarm[0]
    gain = par.danger_alarm * (1.0 - wk.calm)
    raised = False
    for l in range(LANES):
        quiet = wk.in_crisis[l] == 0.0
        alarm = u[l] < p_alarm
        expected = (p_alarm - (1.0 if alarm else 0.0)) * gain
        wk.surprise[l] += expected if quiet else 0.0
        raised |= quiet & alarm
    if not raised:
        return
    for l in range(LANES):
        if u[l] < p_alarm and wk.in_crisis[l] == 0.0 and f.alive[l] > 0.0:
            told = strike_chance(par, 0, f.W[l], True)
            untold = strike_chance(par, 0, f.W[l], False)
            decide(par, f, wk, out, luck, t, l, 1.0, True, told, untold)


@call
def alarm_in_crisis(par, f, wk, k, l, u):
    """Step 12 of a lane in a crisis, or in one that has ended this week: whether it comes to that.

    If so, it is the `k`-th lane to decide: scores of a strike go to places 2 k and 2 k + 1 of the
    first two rows of `wk.strike`, with a message and without.
    """
    rung = int(f.r[l])
    if rung == 0:
        p_alarm = par.alarm[0]
        alarm = u < p_alarm
        gain = par.danger_alarm * (1.0 - wk.calm)
        wk.surprise[l] += (p_alarm - (1.0 if alarm else 0.0)) * gain
        if not alarm:
            return False
    wk.who[k] = l
    told, untold = 2 * k, 2 * k + 1
    wk.strike[told // LANES, told % LANES] = _strike_score(par, rung, f.W[l], True)
    wk.strike[untold // LANES, untold % LANES] = _strike_score(par, rung, f.W[l], False)
    return True


@call
def decide_in_crises(par, f, wk, out, luck, t, i, n):
    """Take the decisions of the `n` lanes in `wk.who`, with chances of a strike in vectors."""
    for row in range((2 * n + LANES - 1) // LANES):
        for l in range(LANES):
            wk.strike[2 + row, l] = usual_normal_cdf(wk.strike[row, l])
    for k in range(n):
        l = int(wk.who[k])
        rung, u = int(f.r[l]), luck.alarm[i, l]
        told, untold = _strike(wk, 2 * k), _strike(wk, 2 * k + 1)
        p_alarm = par.alarm[rung] if rung > 0 else 1.0
        decide(par, f, wk, out, luck, t, l, p_alarm, u < par.alarm[rung], told, untold)


@step
def _strike(wk, at):
    row, l = at // LANES, at % LANES
    z = wk.strike[row, l]
    return wk.strike[2 + row, l] if USUAL <= abs(z) < FAR else normal_cdf(z)


@call
def decide(par, f, wk, out, luck, t, l, p_alarm, alarm, told, untold):
    """A false alarm answered by a strike, or an allied Kill-Chain strike; sets the cause of war.

    `told` and `untold` are the chances of a strike after an alarm, with a message and without.
    """
    rung = int(f.r[l])
    p_kc = 0.0
    if rung >= 3:
        p_kc = par.lam_KC * (1.0 - par.e_KC * wk.rel_KC[l])
    rel = wk.rel_nuc[l]
    p_pre = p_alarm * (rel * told + (1.0 - rel) * untold)
    weigh_war(par, wk, out, l, (1.0 - p_pre) * p_kc, p_pre)
    if alarm:
        reassured = draw(luck, l, Stream.message, 0, t) < rel
        if draw(luck, l, Stream.strike, 0, t) < (told if reassured else untold):
            wk.cause[l] = 2.0
    if wk.cause[l] == 0.0 and p_kc > 0.0 and draw(luck, l, Stream.kill_chain, 0, t) < p_kc:
        wk.cause[l] = 3.0
    p_war = p_pre + (1.0 - p_pre) * p_kc
    survives = 0.0 if wk.cause[l] > 0.0 else 1.0
    wk.surprise[l] += ((1.0 - p_war) - survives) * danger(par, wk, rung, wk.rel24[l])


@call
def wage(par, f, wk, out, luck, t, l):
    """Step 13: the war, nuclear use in it, its dead and its cost. The future ends here."""
    cause = wk.cause[l]
    nuclear = cause == 2.0
    if not nuclear and (cause != 4.0 or par.nuc_instability > 0.0):
        nuclear = draw(luck, l, Stream.nuclear, 0, t) < use_in_war(par, wk.rel24[l])
    out.war[l] = 1.0
    out.war_cause[l] = cause
    out.fat_war[l] += lognormal_size(
        draw(luck, l, Stream.fat_war, 0, t),
        par.fat_war_med,
        par.fat_war_sd,
        par.fat_war_cap,
    )
    out.econ_war[l] += par.econ_war * wk.discount
    if nuclear:
        _exchange(par, out, luck, t, l)
        out.nuc_pre[l] = 1.0 if cause == 2.0 else 0.0
    f.alive[l] = 0.0


@call
def _exchange(par, out, luck, t, l):
    """Nuclear use: limited or large, and its further dead."""
    out.nuc[l] = 1.0
    median, log_sd = par.fat_lim_med, par.fat_lim_sd
    if draw(luck, l, Stream.large, 0, t) < par.p_large:
        out.large[l] = 1.0
        median, log_sd = par.fat_large_med, par.fat_large_sd
    size = draw(luck, l, Stream.fat_nuclear, 0, t)
    out.fat_nuc[l] += lognormal_size(size, median, log_sd, par.fat_nuc_cap)
