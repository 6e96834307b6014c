"""What follows from a belief or a policy before the first week.

Kept apart from the weeks, so that nothing that is the same in every week is computed in one.
"""

from __future__ import annotations

import math

from numba import njit

from openchannel.kernel.numerics import chance, log_odds, lognormal_mean


@njit
def _keep(half_life):
    """Weekly retention 2^(-1 / half-life in weeks)."""
    return 2.0 ** (-1.0 / half_life)


@njit
def tension_centre(par):
    """Centre of tension such that its mean stays near -0.19 whatever the event rates (A2)."""
    severity = 0.0
    for kind in range(4):
        severity += par.p_sev[kind] * par.j[kind]
    campaigns = (par.m_low + 1.0 + par.m_high) / 3.0
    rate = par.lam0 * campaigns / (1.0 - par.n_H)
    return par.mu_centre - (rate * severity / par.kappa - par.mu_drive)


@njit
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
    _derive_toll(par)
    _derive_ties(par)


@njit
def _derive_bounds(par):
    """Upper bounds that let a week skip an exponential; exact, because they only reject."""
    # Theta is clipped once a week; collapse, succession and inauguration may lift it after that.
    top = par.theta_max + 2.0 * abs(par.j_col) + abs(par.j_suc)
    span = max(top, abs(par.theta_min))
    par.step_most = math.exp(abs(par.b_theta_R) * span) / 52.0
    par.cut_most = math.exp(abs(par.cut_theta) * span) * max(1.0, par.cut_closed)
    par.lethal_most = par.lam_leth * math.exp(abs(par.beta_on) * span) / 52.0


@njit
def _derive_alarm(par):
    for rung in range(5):
        par.alarm[rung] = chance(par.lam_FA * par.M[rung])
        par.logit[rung] = log_odds(par.pi[rung]) + math.log(par.LR_s)
    par.ln_lm = math.log(par.l_m) if par.l_m > 0.0 else -math.inf


@njit
def _derive_toll(par):
    par.fat_conventional = lognormal_mean(par.fat_war_med, par.fat_war_sd, par.fat_war_cap)
    limited = lognormal_mean(par.fat_lim_med, par.fat_lim_sd, par.fat_nuc_cap)
    large = lognormal_mean(par.fat_large_med, par.fat_large_sd, par.fat_nuc_cap)
    par.fat_nuclear = par.p_large * large + (1.0 - par.p_large) * limited


@njit
def _derive_ties(par):
    par.auth_sum = 0.0
    for c in range(par.auth.shape[0]):
        par.auth_sum += par.auth[c]
        par.s_keep[c] = _keep(par.HL[c])
        par.voice[c] = par.auth[c] * par.rho[c]
        par.p_D[c] = chance(par.lam_D[c])
        par.p_D_fail[c] = chance(par.lam_D[c] * (1.0 + par.chi))
        par.p_U[c] = chance(par.lam_U[c])
        par.late_bargain[c] = _share_within(par.D_bargain, par.tau[c])
        par.late_6[c] = _share_within(6.0, par.tau[c])
        par.late_24[c] = _share_within(24.0, par.tau[c])
        par.late_72[c] = _share_within(72.0, par.tau[c])
        par.late_nuc[c] = _share_within(par.D_nuc, par.tau[c])
        par.late_KC[c] = _share_within(par.D_KC, par.tau[c])


@njit
def _share_within(hours, median_hours):
    """Share of answers that come within `hours` when half come within `median_hours`."""
    return 1.0 - 2.0 ** (-hours / median_hours)


@njit
def derive_plan(par, plan):
    """Fill the fields of a plan record that depend on a belief."""
    for row in range(3):
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
                plan.mean[row, r, 1, c] = usual * par.x_susp[c]
                plan.none[row, r, 0, c] = math.exp(-usual)
                plan.none[row, r, 1, c] = math.exp(-usual * par.x_susp[c])


@njit
def _welcome(par, r, c):
    """Share of the wanted contacts that happen at receptivity `r`."""
    if r == 0:
        return par.mR0[c]
    if r == 1:
        return par.mR1[c]
    return par.mR2[c]
