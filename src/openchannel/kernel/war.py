"""A4, nuclear stability: false alarms, pre-emption, and what a war does.

Also owns the Rao-Blackwell sums: the chance of war just before each draw that could start one.
Their expectation equals that of the event itself, with far less noise.
"""

from __future__ import annotations

from openchannel.kernel.numerics import lognormal_size, normal_cdf
from openchannel.kernel.philox import draw
from openchannel.kernel.step import call, step
from openchannel.kernel.streams import Stream
from openchannel.kernel.ties import reliability_alarm, reliability_kill_chain


@step
def use_in_war(par, wk):
    """Chance of nuclear use in a war that did not begin with one."""
    return par.p_nw * (1.0 - par.e_w * wk.rel24)


@step
def weigh_war(par, wk, out, p_conventional, p_preemptive):
    """Add one conditional chance of war to the Rao-Blackwell sums.

    `p_conventional` is war without a pre-emptive strike, `p_preemptive` war begun by one; they
    exclude each other.
    """
    p_nuclear = p_preemptive + p_conventional * use_in_war(par, wk)
    _weigh(par, wk, out, p_conventional + p_preemptive, p_preemptive, p_nuclear)


@step
def _weigh(par, wk, out, p_war, p_preemptive, p_nuclear):
    out.rb_war += p_war
    out.rb_pre += p_preemptive
    out.rb_nuc += p_nuclear
    out.rb_fat += p_war * par.fat_conventional + p_nuclear * par.fat_nuclear
    out.rb_econ += p_war * par.econ_war * wk.discount


@step
def steady(par, wk, out):
    """Book the week's control variate: what was expected of each draw less what it brought.

    `wk.surprise` is a sum of changes of the rough danger of war (`danger`), each with mean zero
    given all that was known before its draw, so it has mean zero whatever that danger is worth;
    added to the Rao-Blackwell sum it takes out most of the luck of single crises.
    """
    nuclear = wk.surprise * use_in_war(par, wk)
    out.cv_war += wk.surprise
    out.cv_nuc += nuclear
    out.cv_fat += wk.surprise * par.fat_conventional + nuclear * par.fat_nuclear
    out.cv_econ += wk.surprise * par.econ_war * wk.discount


@step
def danger(par, wk, rung):
    """Rough chance of war from here to the horizon, at a rung; none is left after a war."""
    if rung > 4:
        return 0.0
    ends_badly = par.danger0[rung] + par.danger1[rung] * wk.rel24
    return ends_badly + (1.0 - ends_badly) * wk.calm


@step
def weigh_instability(par, wk, out, p_war):
    """The same for a succession war, whose nuclear draw a case may leave out."""
    nuclear = par.nuc_instability * use_in_war(par, wk)
    _weigh(par, wk, out, p_war, 0.0, p_war * nuclear)


@step
def strike_chance(par, f, reassured):
    """Chance that an alarm at this rung is answered by a first strike (probit around pi*)."""
    odds = par.logit[int(f.r)]
    if reassured:
        odds += par.ln_lm
    # logit pi* = -ln((1 - v) B) with 1 - v = exp(-W / Ws), so no exponential is needed.
    return normal_cdf((odds + par.ln_stake - f.W / par.Ws) / par.sigma_d)


@step
def pre_emption(par, f, wk, out, luck, t, u):
    """Step 12: a false alarm answered by a strike, or an allied Kill-Chain strike.

    Returns the cause: 0 none, 2 pre-emption, 3 Kill Chain.
    """
    rung = int(f.r)
    if rung > 4:
        return 0
    p_alarm = par.alarm[rung]
    alarm = u < p_alarm
    p_kc = 0.0
    if rung >= 3:
        rel_kc = reliability_kill_chain(par, f, wk)
        p_kc = par.lam_KC * (1.0 - par.e_KC * rel_kc)
    if rung == 0:
        # In quiet weeks the sum waits for the alarm, which is as unbiased and spares most weeks.
        gain = par.danger_alarm * (1.0 - wk.calm)
        wk.surprise += (p_alarm - (1.0 if alarm else 0.0)) * gain
        if not alarm:
            return 0
    rel = reliability_alarm(par, f, wk)
    told = strike_chance(par, f, True)
    untold = strike_chance(par, f, False)
    p_pre = (1.0 if rung == 0 else p_alarm) * (rel * told + (1.0 - rel) * untold)
    weigh_war(par, wk, out, (1.0 - p_pre) * p_kc, p_pre)
    cause = 0
    if alarm:
        reassured = draw(luck.key, Stream.message, 0, t) < rel
        if draw(luck.key, Stream.strike, 0, t) < (told if reassured else untold):
            cause = 2
    if cause == 0 and p_kc > 0.0 and draw(luck.key, Stream.kill_chain, 0, t) < p_kc:
        cause = 3
    p_war = p_pre + (1.0 - p_pre) * p_kc
    survives = 0.0 if cause > 0 else 1.0
    wk.surprise += ((1.0 - p_war) - survives) * danger(par, wk, rung)
    return cause


@call
def wage(par, f, wk, out, luck, t, cause):
    """Step 13: the war, nuclear use in it, its dead and its cost. The future ends here."""
    nuclear = cause == 2
    if not nuclear and (cause != 4 or par.nuc_instability > 0.0):
        nuclear = draw(luck.key, Stream.nuclear, 0, t) < use_in_war(par, wk)
    out.war = 1.0
    out.war_cause = cause
    out.fat_war += lognormal_size(
        draw(luck.key, Stream.fat_war, 0, t),
        par.fat_war_med,
        par.fat_war_sd,
        par.fat_war_cap,
    )
    out.econ_war += par.econ_war * wk.discount
    if nuclear:
        _exchange(par, out, luck, t)
        out.nuc_pre = 1.0 if cause == 2 else 0.0
    f.alive = 0.0


@call
def _exchange(par, out, luck, t):
    """Nuclear use: limited or large, and its further dead."""
    out.nuc = 1.0
    median, log_sd = par.fat_lim_med, par.fat_lim_sd
    if draw(luck.key, Stream.large, 0, t) < par.p_large:
        out.large = 1.0
        median, log_sd = par.fat_large_med, par.fat_large_sd
    size = draw(luck.key, Stream.fat_nuclear, 0, t)
    out.fat_nuc += lognormal_size(size, median, log_sd, par.fat_nuc_cap)
