"""The first-reading values (science.md, parts A and B), typed again from the tables.

Owns a second, independent transcription: the case `korea-reference` is compared with it. Names are
those of `openchannel.kernel.keys`; nothing here is read from a case file.
"""

from __future__ import annotations

from .record import Calendar, Stage

__all__ = ["CALENDAR", "CHANNELS", "COLUMNS", "PARAMETERS", "POLICIES", "RULES", "SLOTS", "stages"]

CHANNELS = ("SUM", "SEN", "NYC", "DEF", "GOT", "UNC", "JRO", "INT", "T15", "HUM", "THP")
SLOTS = list(range(11))

# The E4 run: inaugurations set by hand, start on a first of January week (J2).
CALENDAR = Calendar(frozenset({110, 318}), frozenset({10, 11, 12, 33, 34}), 0)

TIES = {
    "q01": 0.35, "q10": 1.0, "q12": 0.6, "q21": 0.9, "b_off": 0.5, "b_theta_R": 0.3,
    "off_down": 0.5, "R0_0": 0.51, "R0_1": 0.46, "R0_2": 0.03, "cut_theta": 0.5,
    "cut_closed": 2.0, "open_hi": 2.5, "open_lo": 0.25, "chi": 1.5, "inst_D": 0.5, "inst_U": 0.7,
    "p_staff": 0.6, "keep_base": 0.3, "persist_scale": 1.0, "fail_wk": 26, "hl_x": 13.0,
    "A_scale": 0.15, "q_cc": 0.35, "q_tie": 0.30, "psi0": 0.35, "psi1": 0.7, "psi2": 1.0,
    "b0": 0.35, "b1": 0.90, "D_bargain": 24.0, "D_nuc": 3.0, "D_KC": 6.0, "engaged_x": 0.1,
    "live_s": 0.1, "live_a": 0.4,
}  # fmt: skip

TENSION = {
    "theta0": 0.1, "theta_min": -2.5, "theta_max": 3.0, "lam0": 0.225, "m_low": 0.4,
    "m_high": 2.0, "q_M": 0.5, "n_H": 0.38, "h_H": 2.0, "lam_cap": 4.0, "beta_theta": 0.30,
    "beta_X": 0.12, "gamma_D": 0.22, "gamma_L": 0.05, "gamma_MH": 0.10, "eta_A": 0.60,
    "kappa": 0.05, "sigma": 0.15, "mu_centre": -0.75, "mu_drive": 0.561, "j2": 0.02, "j3": 0.04,
    "j4": 0.10, "j5": 0.25, "j_col": 0.5, "j_suc": 0.5, "p_sev2": 0.24, "p_sev3": 0.46,
    "p_sev4": 0.20, "p_sev5": 0.10, "lam_leth": 0.22, "hl_G": 26.0, "G_window": 26,
    "conc_scale": 0.0, "conc_ex": 0.2, "conc_deal": 0.5,
}  # fmt: skip

CRISIS = {
    "q_on2": 0.0, "q_on3": 0.002, "q_on4": 0.015, "q_on5": 0.07, "beta_on": 0.6, "lam_acc": 0.03,
    "p_leth": 0.5, "h1": 0.25, "h2": 0.30, "h3": 0.40, "h4": 0.50, "h_cap": 0.9, "f0": 0.40,
    "m0": 0.20, "e_f": 0.30, "e_K": 0.10, "zeta": 0.10, "uH": 0.28, "uB": 0.03, "dH": 0.03,
    "dB": 0.16, "fb1": 0.8, "fb2": 0.22, "fb3": 0.14, "fb4": 0.12, "k1": 1.0, "k2": 1.0,
    "k3": 2.0, "k4": 2.0, "lam_KC": 0.001, "e_KC": 0.3, "fat_inc_med": 8.0, "fat_inc_sd": 1.0,
    "fat_r4_med": 150.0, "fat_r4_sd": 1.5,
}  # fmt: skip

NUCLEAR = {
    "W0": 55.0, "gW": 8.0, "Ws": 80.0, "lam_FA": 0.3, "M0": 1.0, "M1": 1.5, "M2": 3.0, "M3": 8.0,
    "M4": 15.0, "pi0": 1e-4, "pi1": 1e-3, "pi2": 4e-3, "pi3": 0.02, "pi4": 0.08, "LR_s": 6.0,
    "l_m": 0.40, "B_stake": 0.8, "sigma_d": 1.0, "p_nw": 0.28, "e_w": 0.15, "p_large": 0.35,
    "fat_war_med": 150e3, "fat_war_sd": 1.3, "fat_war_cap": 5e6, "fat_lim_med": 150e3,
    "fat_lim_sd": 1.0, "fat_large_med": 1.5e6, "fat_large_sd": 0.7, "fat_nuc_cap": 15e6,
    "econ_war": 4.0, "econ_r4": 0.02, "nuc_instability": 0.0, "cap_T": 0.6, "cap_B": 0.1,
    "xi_TB": 0.05, "xi_L": 0.05, "g_press": 0.0,
}  # fmt: skip

BARGAINING = {
    "p_trade": 0.35, "n0": 0.6, "nw_mult": 2.0, "nw_wk": 26, "b_n": 0.5, "p_d": 0.02, "p_tb": 0.4,
    "deal_base": 0.6, "b_Rel": 0.8, "h_A": 0.26, "h_A_shape": 1.0, "coll_theta": 0.4, "b_A": 0.5,
    "paper_mult": 1.6, "p_close": 0.5, "p_adm": 0.35, "adm_full": 0.0, "acc_base": 0.55,
    "acc_K": 0.35, "signal_wk": 13,
}  # fmt: skip

# The capture of detainees is a multiplier of the median here: 45 days against 140.
OPPORTUNITIES = {
    "lam_det": 0.30, "lam_det_noban": 0.30, "lam_open": 0.15, "lam_hum": 0.40, "lam_suc": 0.02,
    "lam_def": 0.01, "c0_det": 0.5, "c0_open": 0.15, "c0_hum": 0.1, "c0_suc": 0.05,
    "c0_def": 0.05, "c_gain_det": 0.4, "c_gain_open": 0.45, "c_gain_hum": 0.4, "c_gain_suc": 0.4,
    "c_gain_def": 0.3, "H_tie": 0.3, "H_cap": 0.95, "det_med": 140.0, "det_mult": 45.0 / 140.0,
    "det_sd": 0.7, "det_pc_captured": 0.3, "det_pc_missed": 1.0, "loose_captured": 50.0,
    "loose_missed": 100.0, "s_open": 0.8, "p_hum": 0.3, "hum_s": 0.1, "suc_theta": 0.4,
    "suc_keep_base": 0.4, "suc_keep_iota": 0.4, "p_inst": 0.13, "p_IW": 0.10, "e_inst": 0.25,
}  # fmt: skip

DOWNSIDE = {
    "hl_L": 52.0, "hl_F": 26.0, "F_ex": 0.004, "F_eow": 0.10, "consult_scale": 1.0, "hl_Pd": 26.0,
    "Pd_sev": 2.0, "Pd_s5": 0.15, "h_term": 0.02, "term_slope": 0.8, "term_cap": 4.0,
    "hl_K": 104.0, "hl_Sigma": 104.0, "Sig_conc": 0.03, "Sig_L": 0.02, "p_dec": 0.01, "f_F": 0.15,
    "ci_mult": 1.0, "ci_sev_mu": 1.0, "ci_sev_sd": 1.0, "irritant_scale": 1.0,
}  # fmt: skip

COST_AND_RULES = {
    "fixed_scale": 1.0, "surge_mult": 1.2, "surge_cost": 0.2, "neg_step": 0.2, "mu_hi": 0.5,
    "mu_lo": 0.15, "up_rel": 0.15, "up_K": 3.0, "up_ci": 3.0, "exit_failures": 2,
    "vsl_musd": 13.0, "disc": 0.03,
}  # fmt: skip

PARAMETERS: dict[str, float] = {
    **TIES, **TENSION, **CRISIS, **NUCLEAR, **BARGAINING, **OPPORTUNITIES, **DOWNSIDE,
    **COST_AND_RULES,
}  # fmt: skip


def _column(default: float = 0.0, **by_channel: float) -> list[float]:
    return [by_channel.get(c, default) for c in CHANNELS]


# The table of A1, a row a channel.
_TABLE_NAMES = (
    "auth", "rho", "tau", "g", "HL", "iota_D", "iota_U", "lam_D", "lam_U", "lam_cut", "O0", "s0",
    "w_act",
)  # fmt: skip
_TABLE = {
    "SUM": (1.00, 0.50, 72, 0.25, 104, 0.2, 0.1, 0.02, 0.00, 0.50, 0, 0.15, 3.0),
    "SEN": (0.70, 0.50, 48, 0.10, 78, 0.4, 0.4, 0.35, 0.48, 0.70, 0, 0.05, 1.5),
    "NYC": (0.45, 0.75, 24, 0.05, 52, 0.6, 0.6, 0.33, 0.40, 0.35, 1, 0.10, 0.3),
    "DEF": (0.65, 0.60, 24, 0.08, 78, 0.4, 0.5, 0.40, 0.45, 0.60, 0, 0.00, 1.2),
    "GOT": (0.50, 0.65, 36, 0.08, 78, 0.5, 0.5, 0.35, 0.50, 0.50, 0, 0.03, 0.8),
    "UNC": (0.35, 0.90, 2, 0.004, 104, 0.9, 0.9, 0.40, 0.80, 0.08, 1, 0.30, 0.0),
    "JRO": (0.25, 0.60, 72, 0.08, 52, 0.6, 0.7, 0.30, 0.40, 0.60, 0, 0.02, 0.4),
    "INT": (0.75, 0.65, 12, 0.12, 78, 0.4, 0.5, 0.30, 0.35, 0.50, 0, 0.10, 0.8),
    "T15": (0.20, 0.70, 120, 0.06, 78, 0.7, 0.9, 0.25, 0.15, 0.30, 1, 0.05, 0.2),
    "HUM": (0.15, 0.60, 120, 0.05, 52, 0.7, 0.8, 0.30, 0.30, 0.60, 0, 0.02, 0.2),
    "THP": (0.30, 0.70, 36, 0.02, 104, 0.8, 0.8, 0.30, 0.30, 0.15, 1, 0.30, 0.02),
}

COLUMNS: dict[str, list[float]] = {
    **{name: [_TABLE[c][i] for c in CHANNELS] for i, name in enumerate(_TABLE_NAMES)},
    "mR0": _column(0.03, UNC=0.5, NYC=0.1, T15=0.1, THP=0.3),
    "mR1": _column(0.4, UNC=0.8, NYC=0.5, T15=0.5, THP=0.7),
    "mR2": _column(1.0),
    "x_susp": _column(1.0, SUM=0, SEN=0, DEF=0, GOT=0, JRO=0, NYC=0.3, INT=0.5),
    "ci": _column(
        SUM=0.004, SEN=0.002, NYC=0.0005, DEF=0.003, GOT=0.002, JRO=0.002, INT=0.006, T15=0.001,
        HUM=0.001,
    ),
    "know": _column(0.003, INT=0.02, DEF=0.02, SEN=0.01, GOT=0.01, SUM=0.01),
    "u_cost": _column(
        SUM=25.0, SEN=0.6, NYC=0.03, DEF=0.25, GOT=0.15, UNC=0.002, JRO=1.5, INT=0.3, T15=0.15,
        HUM=2.0, THP=0.02,
    ),
    "L_contact": _column(SUM=0.4, SEN=0.02),
    "F_contact": _column(SUM=0.15, SEN=0.04, DEF=0.02),
    "Pd_contact": _column(SUM=0.30, SEN=0.05, DEF=0.01, GOT=0.01, INT=0.01),
    "conc_any": _column(SUM=1.0),
    "conc_contact": _column(HUM=0.1),
    "capture_tie": _column(SEN=1, DEF=1, GOT=1, INT=1),
    "surge": _column(UNC=1, INT=1, THP=1),
    "relief": _column(HUM=1),
    "contact_counts": _column(1, UNC=0),
}  # fmt: skip


def _levers(  # one argument a column of table B3
    susp: float, persist: float, inst: float, offer: float, irritant: float, neg: float,
    exlev: float, consult: float, fixed: float, *, info: float = 0.0, eow: float = 0.0,
) -> dict[str, float]:  # fmt: skip
    return {
        "susp": susp, "susp_wk": 26, "persist": persist, "inst": inst, "offer": offer,
        "irritant": irritant, "neg": neg, "exlev": exlev, "consult": consult, "eow": eow,
        "info": info, "rights": 0.0, "fixed": fixed, "travel_ban": 1.0, "conc_exempt": 0.0,
    }  # fmt: skip


NONE = 99

# Contacts a year (B2).
_P0 = _column(SUM=0.1, SEN=0.2, NYC=6, UNC=100, T15=2, THP=6)
_P5 = _column(SUM=0.1, SEN=0.2, NYC=12, DEF=4, GOT=6, UNC=150, JRO=4, T15=3, THP=6)
_P7 = _column(SUM=0.15, SEN=4, NYC=24, DEF=4, GOT=6, UNC=150, JRO=4, INT=6, T15=6, THP=6)
_P7_HEALTH = _column(
    SUM=0.15, SEN=4, NYC=24, DEF=4, GOT=6, UNC=150, JRO=4, INT=6, T15=6, HUM=4, THP=6
)

# Levers (B3) and cadence; the row of P16 is its first stage.
POLICIES: dict[str, Stage] = {
    "P0": (_levers(NONE, 0.35, 0.0, 0.10, 0.0, 0.30, 1.0, 0.8, 3), _P0),
    "P1": (_levers(NONE, 0.35, 0.0, 0.0, 0.0, 0.0, 1.2, 1.0, 2), _column(NYC=1, UNC=80, THP=4)),
    "P2": (
        _levers(NONE, 0.10, 0.0, 0.50, 0.0, 0.70, 0.6, 0.4, 8),
        _column(SUM=0.8, SEN=3, NYC=8, UNC=100, INT=2, T15=2, THP=6),
    ),
    "P3": (
        _levers(4, 0.30, 0.0, 0.30, 0.0, 0.60, 1.0, 0.8, 8),
        _column(SUM=0.1, SEN=3, NYC=12, GOT=2, UNC=100, T15=4, THP=6),
    ),
    "P4": (
        _levers(NONE, 0.50, 0.3, 0.35, 0.0, 0.60, 1.0, 0.8, 12),
        _column(SUM=0.1, SEN=4, NYC=24, UNC=100, JRO=2, T15=6, THP=6),
    ),
    "P5": (_levers(NONE, 0.60, 0.5, 0.35, 0.0, 0.40, 1.0, 0.8, 16), _P5),
    "P6": (
        _levers(NONE, 0.60, 0.3, 0.20, 0.0, 0.30, 1.0, 0.8, 7),
        _column(SUM=0.1, SEN=0.2, NYC=6, UNC=100, INT=6, T15=2, THP=6),
    ),
    "P7": (_levers(NONE, 0.65, 0.6, 0.45, 0.0, 0.60, 1.0, 0.8, 28), _P7),
    "P8": (_levers(NONE, 0.35, 0.0, 0.10, 0.30, 0.30, 1.0, 0.8, 3, info=32), _P0),
    "P9": (
        _levers(NONE, 0.25, 0.0, 0.60, 0.0, 0.70, 0.8, 0.5, 8, eow=1),
        _column(SUM=0.2, SEN=3, NYC=12, UNC=100, T15=2, THP=6),
    ),
    "P10": (
        _levers(NONE, 0.50, 0.0, 0.35, 0.0, 0.30, 1.0, 0.8, 6),
        _column(SUM=0.1, SEN=0.2, NYC=6, UNC=100, T15=4, HUM=4, THP=6),
    ),
    "P11": (_levers(4, 0.50, 0.6, 0.45, 0.0, 0.60, 1.0, 0.8, 28), _P7),
    "P12": (_levers(NONE, 0.65, 0.6, 0.45, 0.30, 0.60, 1.0, 0.8, 28, info=32), _P7),
    "P13": (_levers(NONE, 0.65, 0.6, 0.55, 0.0, 0.60, 1.0, 0.8, 32), _P7_HEALTH),
    "P14": (
        _levers(NONE, 0.45, 0.5, 0.60, 0.0, 0.60, 0.8, 0.6, 20, eow=1),
        _column(SUM=0.2, SEN=3, NYC=12, DEF=4, GOT=6, UNC=150, JRO=4, T15=3, THP=6),
    ),
    "P15": (
        _levers(NONE, 0.80, 0.8, 0.15, 0.0, 0.30, 1.0, 1.0, 4),
        _column(SUM=0.1, SEN=0.2, NYC=6, GOT=1, UNC=365, T15=2, THP=6),
    ),
    "P16": (_levers(NONE, 0.35, 0.0, 0.10, 0.0, 0.30, 1.0, 0.8, 3), _P0),
}

RULES_OFF: dict[str, float] = {
    "status_quo": 0, "on_demand": 0, "on_demand_lapses": 0, "scale_up": 0, "exit_review": 0,
    "exit_deception": 0, "surge": 0, "belief": 0, "stays": 0,
}  # fmt: skip
RULES: dict[str, dict[str, float]] = {policy: dict(RULES_OFF) for policy in POLICIES}
RULES["P0"]["status_quo"] = 1
RULES["P16"] |= {"on_demand": 1, "on_demand_lapses": 1}


def stages(policy: str, target: str = "") -> list[Stage]:
    """Status quo, the policy and its second stage (itself where it has none)."""
    second = target or ("P7" if policy == "P16" else policy)
    return [POLICIES["P0"], POLICIES[policy], POLICIES[second]]
