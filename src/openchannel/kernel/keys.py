"""Where each number lies in the arrays that the kernel reads and writes.

Owns the order of arrays and nothing else. The names of `Scalar` are the parameter keys of the
case files (a vector parameter is flattened: `fb` at rung 3 is `fb3`), those of `Column` the
channel-indexed parameters, those of `Lever` the levers of a policy. Enumerations, because Numba
takes their members as constant indices: `par[S.kappa]` costs what `par[52]` costs.
Order is not part of any contract; names are.
"""

from __future__ import annotations

from enum import IntEnum, auto


class _Index(IntEnum):
    """Members count from 0 in the order written."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[int]) -> int:
        return count


class Scalar(_Index):
    """Belief vector: one float64 per scalar parameter."""

    # ties (A1)
    q01 = auto()
    q10 = auto()
    q12 = auto()
    q21 = auto()
    b_off = auto()
    b_theta_R = auto()
    off_down = auto()
    R0_0 = auto()
    R0_1 = auto()
    R0_2 = auto()
    cut_theta = auto()
    cut_closed = auto()
    open_hi = auto()
    open_lo = auto()
    chi = auto()
    inst_D = auto()
    inst_U = auto()
    p_staff = auto()
    keep_base = auto()
    persist_scale = auto()
    fail_wk = auto()
    hl_x = auto()
    A_scale = auto()
    q_cc = auto()
    q_tie = auto()
    psi0 = auto()
    psi1 = auto()
    psi2 = auto()
    b0 = auto()
    b1 = auto()
    D_bargain = auto()
    D_nuc = auto()
    D_KC = auto()
    engaged_x = auto()
    live_s = auto()
    live_a = auto()
    # tension (A2)
    theta0 = auto()
    theta_min = auto()
    theta_max = auto()
    lam0 = auto()
    m_low = auto()
    m_high = auto()
    q_M = auto()
    n_H = auto()
    h_H = auto()
    lam_cap = auto()
    beta_theta = auto()
    beta_X = auto()
    gamma_D = auto()
    gamma_L = auto()
    gamma_MH = auto()
    eta_A = auto()
    kappa = auto()
    sigma = auto()
    mu_centre = auto()
    mu_drive = auto()
    j2 = auto()
    j3 = auto()
    j4 = auto()
    j5 = auto()
    j_col = auto()
    j_suc = auto()
    p_sev2 = auto()
    p_sev3 = auto()
    p_sev4 = auto()
    p_sev5 = auto()
    lam_leth = auto()
    hl_G = auto()
    G_window = auto()
    conc_scale = auto()
    conc_ex = auto()
    conc_deal = auto()
    # crisis (A3)
    q_on2 = auto()
    q_on3 = auto()
    q_on4 = auto()
    q_on5 = auto()
    beta_on = auto()
    lam_acc = auto()
    p_leth = auto()
    h1 = auto()
    h2 = auto()
    h3 = auto()
    h4 = auto()
    h_cap = auto()
    f0 = auto()
    m0 = auto()
    e_f = auto()
    e_K = auto()
    zeta = auto()
    uH = auto()
    uB = auto()
    dH = auto()
    dB = auto()
    fb1 = auto()
    fb2 = auto()
    fb3 = auto()
    fb4 = auto()
    k1 = auto()
    k2 = auto()
    k3 = auto()
    k4 = auto()
    lam_KC = auto()
    e_KC = auto()
    fat_inc_med = auto()
    fat_inc_sd = auto()
    fat_r4_med = auto()
    fat_r4_sd = auto()
    # nuclear (A4)
    W0 = auto()
    gW = auto()
    Ws = auto()
    lam_FA = auto()
    M0 = auto()
    M1 = auto()
    M2 = auto()
    M3 = auto()
    M4 = auto()
    pi0 = auto()
    pi1 = auto()
    pi2 = auto()
    pi3 = auto()
    pi4 = auto()
    LR_s = auto()
    l_m = auto()
    B_stake = auto()
    sigma_d = auto()
    p_nw = auto()
    e_w = auto()
    p_large = auto()
    fat_war_med = auto()
    fat_war_sd = auto()
    fat_war_cap = auto()
    fat_lim_med = auto()
    fat_lim_sd = auto()
    fat_large_med = auto()
    fat_large_sd = auto()
    fat_nuc_cap = auto()
    econ_war = auto()
    econ_r4 = auto()
    nuc_instability = auto()
    cap_T = auto()
    cap_B = auto()
    xi_TB = auto()
    xi_L = auto()
    g_press = auto()
    # bargaining (A5)
    p_trade = auto()
    n0 = auto()
    nw_mult = auto()
    nw_wk = auto()
    b_n = auto()
    p_d = auto()
    p_tb = auto()
    deal_base = auto()
    b_Rel = auto()
    h_A = auto()
    h_A_shape = auto()
    coll_theta = auto()
    b_A = auto()
    paper_mult = auto()
    p_close = auto()
    p_adm = auto()
    adm_full = auto()
    acc_base = auto()
    acc_K = auto()
    signal_wk = auto()
    # opportunities (A6)
    lam_det = auto()
    lam_det_noban = auto()
    lam_open = auto()
    lam_hum = auto()
    lam_suc = auto()
    lam_def = auto()
    c0_det = auto()
    c0_open = auto()
    c0_hum = auto()
    c0_suc = auto()
    c0_def = auto()
    c_gain_det = auto()
    c_gain_open = auto()
    c_gain_hum = auto()
    c_gain_suc = auto()
    c_gain_def = auto()
    H_tie = auto()
    H_cap = auto()
    det_med = auto()
    det_mult = auto()
    det_sd = auto()
    det_pc_captured = auto()
    det_pc_missed = auto()
    loose_captured = auto()
    loose_missed = auto()
    s_open = auto()
    p_hum = auto()
    hum_s = auto()
    suc_theta = auto()
    suc_keep_base = auto()
    suc_keep_iota = auto()
    p_inst = auto()
    p_IW = auto()
    e_inst = auto()
    # downside (A7)
    hl_L = auto()
    hl_F = auto()
    F_ex = auto()
    F_eow = auto()
    consult_scale = auto()
    hl_Pd = auto()
    Pd_sev = auto()
    Pd_s5 = auto()
    h_term = auto()
    term_slope = auto()
    term_cap = auto()
    hl_K = auto()
    hl_Sigma = auto()
    Sig_conc = auto()
    Sig_L = auto()
    p_dec = auto()
    f_F = auto()
    ci_mult = auto()
    ci_sev_mu = auto()
    ci_sev_sd = auto()
    irritant_scale = auto()
    # cost and adaptive rules (A8, B4)
    fixed_scale = auto()
    surge_mult = auto()
    surge_cost = auto()
    neg_step = auto()
    mu_hi = auto()
    mu_lo = auto()
    up_rel = auto()
    up_K = auto()
    up_ci = auto()
    exit_failures = auto()
    vsl_musd = auto()
    disc = auto()


class Column(_Index):
    """Channel table: one float64 per channel and column (A1 table, then A6-A8)."""

    auth = auto()  # authority
    rho = auto()  # answers
    tau = auto()  # median latency, hours
    g = auto()  # tie growth per contact
    HL = auto()  # tie half-life, weeks
    iota_D = auto()  # share of tie surviving their turnover
    iota_U = auto()  # share of tie surviving our turnover
    lam_D = auto()  # their turnover, per year
    lam_U = auto()  # our turnover, per year
    lam_cut = auto()  # severance by them, per year
    O0 = auto()  # open at the start
    s0 = auto()  # tie at the start
    w_act = auto()  # weight of a contact in dialogue activity
    mR0 = auto()  # contact multiplier, receptivity 0
    mR1 = auto()
    mR2 = auto()
    x_susp = auto()  # contact multiplier under suspension
    ci = auto()  # expected intelligence compromises per contact
    know = auto()  # knowledge gained per contact
    u_cost = auto()  # million dollars per contact
    L_contact = auto()  # legitimation per contact
    F_contact = auto()  # alliance friction per contact, before consultation
    Pd_contact = auto()  # domestic political cost per contact
    conc_any = auto()  # concession if there is any contact this week
    conc_contact = auto()  # concession per contact
    capture_tie = auto()  # 1 if its tie helps to use an opening
    surge = auto()  # 1 if it is reinforced in a crisis surge
    relief = auto()  # 1 if a humanitarian opening strengthens it
    contact_counts = auto()  # 1 if its contacts count as contacts in the metrics


class Lever(_Index):
    """Levers of one stage of a policy; cadences stand in an array of their own."""

    susp = auto()  # lowest severity that suspends contact; 99 for none
    susp_wk = auto()
    persist = auto()
    inst = auto()
    offer = auto()
    irritant = auto()
    neg = auto()
    exlev = auto()
    consult = auto()
    eow = auto()
    info = auto()
    rights = auto()
    fixed = auto()
    travel_ban = auto()
    conc_exempt = auto()  # 1 where no concession is tied to a provocation (three conditions)


class Rule(_Index):
    """Adaptive rules of one policy; 0 is off."""

    status_quo = auto()  # 1 for the policy that lapsed ones fall back to
    on_demand = auto()  # stage 1 from the week after the first crisis or succession
    on_demand_lapses = auto()  # 1 if the plan can lapse before its trigger
    scale_up = auto()  # review: stage 1 when ties are good enough
    exit_review = auto()  # review: status quo after failed reviews running
    exit_deception = auto()  # status quo after a deception
    surge = auto()  # crisis surge on marked channels
    belief = auto()  # bargaining effort follows the belief in a deal
    stays = auto()  # cannot lapse before stage 1


class State(_Index):
    """One future between two weeks; with `s` and `O` by channel it is all that a future is."""

    alive = auto()
    R = auto()  # receptivity 0 closed, 1 wary, 2 open
    M = auto()  # campaign regime 1 low, 2 normal, 3 high
    trade = auto()  # 1 if they would trade limits for relief
    r = auto()  # rung of the running crisis, 0 none
    r_max = auto()  # its peak
    cw = auto()  # its age, weeks
    ag = auto()  # agreement: 0 none, 1 real, 2 paper
    ag_age = auto()  # weeks since signature
    nw = auto()  # weeks left of a negotiation window
    susp = auto()  # weeks left of a suspension
    fail = auto()  # weeks left of the aftermath of a collapse
    pe = auto()  # policy in force
    stage = auto()  # 0, or 1 after a trigger or a scale-up
    since4 = auto()  # weeks since an event of severity 4 or 5; 127 at most
    theta = auto()
    E = auto()  # self-excitation
    G = auto()  # concession memory
    x = auto()  # dialogue activity stock
    L = auto()  # legitimation
    F = auto()  # alliance friction
    Pd = auto()  # domestic political cost
    K = auto()  # knowledge
    Sigma = auto()  # sanctions erosion
    W = auto()  # warheads
    mu_t = auto()  # belief that they would trade
    year_rel = auto()  # sums since the last review
    year_K = auto()
    year_weeks = auto()
    year_ci = auto()  # worst compromise since the last review
    failures = auto()  # failed reviews running
    surging = auto()  # weeks left of a surge by a trigger
    push = auto()  # weeks left of a trigger's step in bargaining; below nought, of less
    onset_factor = auto()  # exp(beta_on theta) when crises were last weighed


class Out(_Index):
    """What a future has accumulated so far; sums over weeks unless said."""

    weeks = auto()  # weeks at risk: completed without general war
    war = auto()
    war_cause = auto()  # 1 escalation, 2 pre-emption, 3 Kill Chain, 4 instability
    nuc = auto()
    nuc_pre = auto()  # pre-emptive use
    large = auto()  # large exchange
    rb_war = auto()  # compensators: summed conditional probabilities
    rb_pre = auto()
    rb_nuc = auto()
    rb_large = auto()
    rb_fat = auto()  # expected war fatalities
    rb_econ = auto()  # expected war loss, discounted, trillion dollars
    cv_war = auto()  # control variates of the five sums above: mean zero, see `war.steady`
    cv_nuc = auto()
    cv_large = auto()
    cv_fat = auto()
    cv_econ = auto()
    crises = auto()
    crises_r3 = auto()  # crises whose peak reached rung 3
    crises_r4 = auto()
    crisis_weeks = auto()
    r_max = auto()  # highest rung of the future
    fat_inc = auto()  # fatalities of incidents and entries into rung 3
    fat_r4 = auto()
    fat_war = auto()  # conventional
    fat_nuc = auto()
    econ_war = auto()  # realised war loss, discounted, trillion dollars
    econ_r4 = auto()  # loss of weeks at rung 4, discounted, trillion dollars
    rel6 = auto()
    rel24 = auto()
    rel72 = auto()
    rel24_crisis = auto()
    rel24_low = auto()  # weeks with Rel(24) below 0.1
    K_eff = auto()
    S = auto()
    live3 = auto()  # weeks with three live authoritative channels
    ev2 = auto()
    ev3 = auto()
    ev4 = auto()
    ev5 = auto()
    lethal = auto()
    ag_real = auto()
    ag_paper = auto()
    collapses = auto()
    windows = auto()
    deals = auto()
    W_T = auto()  # warheads at the end of a future without war, else 0
    arr_det = auto()
    arr_open = auto()
    arr_hum = auto()
    arr_suc = auto()
    arr_def = auto()
    cap_det = auto()
    cap_open = auto()
    cap_hum = auto()
    cap_suc = auto()
    cap_def = auto()
    det_days = auto()
    det_pc = auto()
    loose = auto()
    pe_weeks = auto()
    K_index = auto()
    ci = auto()  # expected compromises
    cost = auto()  # discounted, million dollars
    Pd = auto()
    L = auto()
    F = auto()
    F_high = auto()  # weeks with F above 0.25
    engaged = auto()
    engaged_rights = auto()
    contacts = auto()
    closed = auto()  # weeks with R = 0
    theta = auto()
    cuts = auto()
    deceptions = auto()


class Trace(_Index):
    """Weekly record of one future, where asked for."""

    R = auto()
    M = auto()
    theta = auto()
    events = auto()
    worst = auto()  # highest severity of the week, 0 without events
    lethal = auto()
    r = auto()  # rung at the end of the week
    rel24 = auto()
    K_eff = auto()
    contacts = auto()  # those that count
    nw = auto()
    ag = auto()
    pe = auto()
    W = auto()
