"""What follows from a belief or a policy before the first week.

Kept apart from the weeks, so that nothing that is the same in every week is computed in one.
"""

from __future__ import annotations

import math

from openchannel.kernel.crisis import chances_at
from openchannel.kernel.numerics import chance, exponential, log_odds, lognormal_mean, normal_cdf
from openchannel.kernel.step import call

# Reliability at which the slope of the danger is taken: about that of a thick network.
_DANGER_AT = 0.3
# Mean of log-tension to which the model is centred.
_USUAL_TENSION = -0.19


@call
def _keep(half_life):
    """Weekly retention 2^(-1 / half-life in weeks)."""
    return 2.0 ** (-1.0 / half_life)


@call
def tension_centre(par):
    """Centre of tension such that its mean stays near -0.19 whatever the event rates (A2)."""
    severity = 0.0
    for kind in range(4):
        severity += par.p_sev[kind] * par.j[kind]
    campaigns = (par.m_low + 1.0 + par.m_high) / 3.0
    rate = par.lam0 * campaigns / (1.0 - par.n_H)
    return par.mu_centre - (rate * severity / par.kappa - par.mu_drive)


@call
def derive_belief(par):
    """Fill the derived fields of a belief record."""
    par.E_keep = _keep(par.h_H)
    par.G_keep = _keep(par.hl_G)
    par.x_keep = _keep(par.hl_x)
    par.L_keep = _keep(par.hl_L)
    par.F_keep = _keep(par.hl_F)
    par.Pd_keep = _keep(par.hl_Pd)
    par.K_keep = _keep(par.hl_K)
    par.Sigma_keep = _keep(par.hl_Sigma)
    par.mu = tension_centre(par)
    par.p_acc = chance(par.lam_acc)
    par.x_scale = 1.0 / par.A_scale
    par.p_open_hi = chance(par.open_hi)
    par.p_open_lo = chance(par.open_lo)
    par.week_det = chance(par.lam_det)
    par.week_det_noban = chance(par.lam_det_noban)
    par.week_open = chance(par.lam_open)
    par.week_hum = chance(par.lam_hum)
    par.week_suc = chance(par.lam_suc)
    par.week_def = chance(par.lam_def)
    _derive_bounds(par)
    _derive_alarm(par)
    _derive_danger(par)
    _derive_toll(par)
    _derive_ties(par)


@call
def _derive_bounds(par):
    """Upper bounds that let a week skip an exponential; exact, because they only reject."""
    # Theta is clipped once a week; collapse, succession and inauguration may lift it after that.
    top = par.theta_max + 2.0 * abs(par.j_col) + abs(par.j_suc)
    span = max(top, abs(par.theta_min))
    par.step_most = math.exp(abs(par.b_theta_R) * span) / 52.0
    par.term_most = par.h_term * math.exp(abs(par.term_slope) * par.term_cap) / 52.0
    par.lethal_most = par.lam_leth * math.exp(abs(par.beta_on) * span) / 52.0
    par.collapse_most = math.inf  # of a hazard that falls or rises with age
    if par.h_A_shape == 1.0:
        tilt = abs(par.coll_theta) * span + abs(par.b_A)
        par.collapse_most = par.h_A * math.exp(tilt) * max(1.0, par.paper_mult) / 52.0


@call
def _derive_alarm(par):
    for rung in range(5):
        par.alarm[rung] = chance(par.lam_FA * par.M[rung])
        par.logit[rung] = log_odds(par.pi[rung]) + math.log(par.LR_s)
    par.ln_lm = math.log(par.l_m) if par.l_m > 0.0 else -math.inf
    par.ln_stake = math.log(par.B_stake) if par.B_stake > 0.0 else -math.inf


@call
def _derive_danger(par):
    """Chance of war from each rung, linear in reliability; only control variates use it."""
    _absorb(par, 0.0, par.danger0)
    _absorb(par, _DANGER_AT, par.danger1)
    for rung in range(5):
        par.danger1[rung] = (par.danger1[rung] - par.danger0[rung]) / _DANGER_AT
    last = 1.0 - par.p_sev[0] - par.p_sev[1] - par.p_sev[2]
    par.q_mean = par.q_on[3] * last
    for kind in range(3):
        par.q_mean += par.q_on[kind] * par.p_sev[kind]
    par.danger_alarm = _rough_strike(par, 0, 0.0)
    par.calm_hazard = _calm_hazard(par)


@call
def _calm_hazard(par):
    """Rough weekly chance, in quiet, of something that ends in war."""
    campaigns = (par.m_low + 1.0 + par.m_high) / 3.0
    events = par.lam0 * campaigns / (1.0 - par.n_H)
    factor = math.exp(par.beta_on * _USUAL_TENSION)
    starts = par.p_acc + events * par.q_mean * factor
    clashes = par.lam_leth / 52.0 * factor * par.p_leth
    alarms = par.alarm[0] * par.danger_alarm
    return starts * par.danger0[1] + clashes * par.danger0[3] + alarms


@call
def calm_danger(par, n_weeks, t):
    """Rough chance of war after week `t`, from quiet, to the horizon."""
    return -math.expm1(-par.calm_hazard * (n_weeks - 1 - t))


@call
def _absorb(par, rel, danger):
    """Chance that a crisis at each rung ends in war by moves, alarms or Kill Chain.

    Reliability is frozen, so the moves are a chain and the chances solve a tridiagonal system:
    (up + down + kill) h_r = up h_(r+1) + down h_(r-1) + kill, with h_0 = 0 and h_5 = 1.
    """
    slope = 0.0
    constant = 0.0
    # Forward sweep: h_r = slope h_(r+1) + constant, kept in `danger` and par.danger_slope.
    for rung in range(1, 5):
        up, down = chances_at(par, rung - 1, par.h[rung - 1], 0.0, rel)
        kill = par.alarm[rung] * _rough_strike(par, rung, rel)
        if rung >= 3:
            kill += par.lam_KC * (1.0 - par.e_KC * rel)
        if rung == 4:
            kill *= 0.5  # two moves a week
        scale = up + down + kill - down * slope
        constant = (kill + down * constant) / scale if scale > 0.0 else 0.0
        slope = up / scale if scale > 0.0 else 0.0
        danger[rung] = constant
        par.danger_slope[rung] = slope
    above = 1.0
    for back in range(4):
        rung = 4 - back
        danger[rung] += par.danger_slope[rung] * above
        above = danger[rung]
    danger[0] = 0.0


@call
def _rough_strike(par, rung, rel):
    """Chance that an alarm is answered by a strike, with the arsenal of three years on."""
    arsenal = par.W0 + 3.0 * par.gW
    odds = par.logit[rung] + par.ln_stake - arsenal / par.Ws
    told = normal_cdf((odds + par.ln_lm) / par.sigma_d)
    return rel * told + (1.0 - rel) * normal_cdf(odds / par.sigma_d)


@call
def _derive_toll(par):
    par.fat_conventional = lognormal_mean(par.fat_war_med, par.fat_war_sd, par.fat_war_cap)
    limited = lognormal_mean(par.fat_lim_med, par.fat_lim_sd, par.fat_nuc_cap)
    large = lognormal_mean(par.fat_large_med, par.fat_large_sd, par.fat_nuc_cap)
    par.fat_nuclear = par.p_large * large + (1.0 - par.p_large) * limited


@call
def _derive_ties(par):
    total = 0.0
    for c in range(par.auth.shape[0]):
        total += par.auth[c]
        par.cut[c] = par.lam_cut[c] / 52.0
        par.s_keep[c] = _keep(par.HL[c])
        par.voice[c] = par.auth[c] * par.rho[c]
        par.voice_surge[c] = par.voice[c]
        if par.surge[c] > 0.0:
            par.voice_surge[c] = par.auth[c] * min(0.95, par.rho[c] * par.surge_mult)
        par.p_D[c] = chance(par.lam_D[c])
        par.p_D_fail[c] = chance(par.lam_D[c] * (1.0 + par.chi))
        par.p_U[c] = chance(par.lam_U[c])
        par.late_bargain[c] = _share_within(par.D_bargain, par.tau[c])
        par.late_6[c] = _share_within(6.0, par.tau[c])
        par.late_24[c] = _share_within(24.0, par.tau[c])
        par.late_72[c] = _share_within(72.0, par.tau[c])
        par.late_nuc[c] = _share_within(par.D_nuc, par.tau[c])
        par.late_KC[c] = _share_within(par.D_KC, par.tau[c])
    par.share = 1.0 / total


@call
def _share_within(hours, median_hours):
    """Share of answers that come within `hours` when half come within `median_hours`."""
    return 1.0 - 2.0 ** (-hours / median_hours)


@call
def derive_plan(par, plan):
    """Fill the fields of a plan record that depend on a belief."""
    plan.suspends = 1.0 if plan.n_triggers > 0.0 else 0.0  # one of them may suspend
    for row in range(3):
        if plan.susp[row] <= 5.0:
            plan.suspends = 1.0
        offer = plan.offer[row] - plan.irritant[row] * par.irritant_scale
        up = math.exp(par.b_off * offer)
        down = math.exp(-par.off_down * par.b_off * offer)
        plan.pull[row, 0] = up
        plan.pull[row, 1] = up
        plan.pull[row, 2] = down
        plan.pull[row, 3] = down
        for c in range(par.auth.shape[0]):
            for r in range(3):
                usual = plan.cadence[row, c] / 52.0 * _welcome(par, r, c)
                plan.mean[row, r, 0, c] = usual
                reached = 1.0 if plan.exempt[row, c] > 0.0 else par.x_susp[c]
                plan.mean[row, r, 1, c] = usual * reached
                plan.none[row, r, 0, c] = exponential(-usual)
                plan.none[row, r, 1, c] = exponential(-usual * reached)


@call
def _welcome(par, r, c):
    """Share of the wanted contacts that happen at receptivity `r`."""
    if r == 0:
        return par.mR0[c]
    if r == 1:
        return par.mR1[c]
    return par.mR2[c]
