"""Steps 1 to 6 of a week: calendar, receptivity, channels, contacts, reliability (A1)."""

from __future__ import annotations

import math
from types import SimpleNamespace

from .draws import keep, poisson, weekly
from .record import STATUS_QUO, Future, Inputs, Week, cannot_lapse, put_in_force

__all__ = ["calendar", "channels", "contacts", "receptivity", "reliability"]

MOST_CONTACTS = 64
MOST_RHO = 0.95


def calendar(inp: Inputs, f: Future, w: Week) -> None:
    """Step 1: an inauguration tests the policy, moves staff and may break an agreement."""
    if w.t in inp.calendar.inaugurations:
        _policy_survival(inp, f, w)
        for c in inp.channels:
            if w.u(2, inp.slots[c]) < inp.p.p_staff:
                f.s[c] *= inp.ch.iota_U[c]
        if f.st.ag > 0 and w.u(3) < inp.p.p_adm:
            _broken_agreement(inp, f, w)
    put_in_force(inp, f, w)
    named = inp.rules.surge and f.st.r >= 2
    w.surge = bool(f.st.pe and (named or f.st.surging > 0))


def _policy_survival(inp: Inputs, f: Future, w: Week) -> None:
    p0 = inp.stages[STATUS_QUO][0]["persist"]
    own = inp.stages[1 + f.st.stage][0]["persist"]
    persist = p0 + inp.p.persist_scale * (own - p0)
    survives = persist + inp.p.keep_base * (1.0 - persist)
    if w.u(1) >= survives and not cannot_lapse(inp, f):
        f.st.pe = 0


def _broken_agreement(inp: Inputs, f: Future, w: Week) -> None:
    f.st.ag = f.st.ag_age = 0
    f.st.theta += inp.p.j_col
    f.out["collapses"] += 1
    if inp.p.adm_full:
        f.st.fail = int(inp.p.fail_wk)
        if w.u(63) < inp.p.p_close:
            f.st.R = 0


def receptivity(inp: Inputs, f: Future, w: Week) -> None:
    """Step 3: at most one move between closed, wary and open; rates over 52, not hazards."""
    p, st = inp.p, f.st
    off = w.levers.offer - w.levers.irritant * p.irritant_scale
    rise = math.exp(p.b_off * off - p.b_theta_R * st.theta) / 52.0
    fall = math.exp(-p.off_down * p.b_off * off + p.b_theta_R * st.theta) / 52.0
    up = (p.q01, p.q12, 0.0)[st.R] * rise
    down = (0.0, p.q10, p.q21)[st.R] * fall
    u = w.u(4)
    if u < up:
        st.R += 1
    elif u < up + down:
        st.R -= 1


def channels(inp: Inputs, f: Future, w: Week) -> None:
    """Step 4: open lines may be cut by the other side, closed ones that are wanted may open."""
    p = inp.p
    strain = math.exp(p.cut_theta * f.st.theta) * (p.cut_closed if f.st.R == 0 else 1.0)
    opening = weekly(p.open_hi if f.st.R >= 1 else p.open_lo)
    for c in inp.channels:
        u = w.u(5, inp.slots[c])
        if f.O[c]:
            if u < weekly(inp.ch.lam_cut[c] * strain):
                f.O[c] = 0
                f.out["cuts"] += 1
        elif w.cadence[c] > 0 and u < opening:
            f.O[c] = 1


def contacts(inp: Inputs, f: Future, w: Week) -> None:
    """Step 5: contacts, growth and decay of ties, turnover of counterparts, dialogue activity."""
    p, ch = inp.p, inp.ch
    w.n = [_contact_count(inp, f, w, c) for c in inp.channels]
    for c in inp.channels:
        s = f.s[c] * keep(ch.HL[c])
        s += (1.0 - s) * (1.0 - (1.0 - ch.g[c]) ** w.n[c])
        f.s[c] = s * _turnover(inp, f, w, c)
    f.out["contacts"] += sum(n for n, counts in zip(w.n, ch.contact_counts, strict=True) if counts)
    kept = keep(p.hl_x)
    weight = sum(n * a for n, a in zip(w.n, ch.w_act, strict=True))
    f.st.x = f.st.x * kept + (1.0 - kept) * weight
    w.A = 1.0 - math.exp(-f.st.x / p.A_scale)


def _contact_count(inp: Inputs, f: Future, w: Week, c: int) -> int:
    ch = inp.ch
    allowed = ch.x_susp[c] if f.st.susp > 0 else 1.0
    willing = (ch.mR0[c], ch.mR1[c], ch.mR2[c])[f.st.R]
    mean = w.cadence[c] / 52.0 * willing * f.O[c] * allowed
    return poisson(w.u(6, inp.slots[c]), mean, MOST_CONTACTS)


def _turnover(inp: Inputs, f: Future, w: Week, c: int) -> float:
    """Share of the tie that outlives this week's changes of office."""
    p, ch, inst = inp.p, inp.ch, w.levers.inst
    u = w.u(7, inp.slots[c])
    if u < weekly(ch.lam_D[c] * (1.0 + (p.chi if f.st.fail > 0 else 0.0))):
        return float(ch.iota_D[c] + (1.0 - ch.iota_D[c]) * p.inst_D * inst)
    if 0.5 <= u < 0.5 + weekly(ch.lam_U[c]):
        return float(ch.iota_U[c] + (1.0 - ch.iota_U[c]) * p.inst_U * inst)
    return 1.0


def reliability(inp: Inputs, f: Future, w: Week) -> None:
    """Step 6: mean tie, effective number of channels, chance of an answer within each deadline."""
    p, auth = inp.p, inp.ch.auth
    w.S = sum(auth[c] * f.s[c] for c in inp.channels) / sum(auth)
    y = [f.O[c] * f.s[c] * auth[c] for c in inp.channels]
    squares = sum(v * v for v in y)
    w.K_eff = sum(y) ** 2 / squares if squares > 0 else 0.0
    hours = {"d6": 6.0, "d24": 24.0, "d72": 72.0}
    hours |= {"bargain": p.D_bargain, "nuc": p.D_nuc, "kc": p.D_KC}
    w.rel = SimpleNamespace(**{name: answered(inp, f, w, d) for name, d in hours.items()})


def answered(inp: Inputs, f: Future, w: Week, deadline_hours: float) -> float:
    """Rel(D): chance that some channel brings an authoritative, believed answer in time."""
    p, ch = inp.p, inp.ch
    psi = (p.psi0, p.psi1, p.psi2)[f.st.R]
    none = 1.0
    for c in inp.channels:
        rho = ch.rho[c]
        if w.surge and ch.surge[c]:
            rho = min(MOST_RHO, rho * p.surge_mult)
        belief = p.b0 + (p.b1 - p.b0) * f.s[c]
        in_time = 1.0 - 2.0 ** (-deadline_hours / ch.tau[c])
        none *= 1.0 - f.O[c] * rho * psi * ch.auth[c] * belief * in_time
    silence = p.q_cc * (1.0 - p.q_tie * w.S)
    return float((1.0 - silence) * (1.0 - none))
