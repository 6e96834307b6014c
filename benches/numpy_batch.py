"""Tables and arrays of the NumPy version: constants of a run, state of a batch of futures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy_draws import Array

from openchannel.kernel.keys import Lever, Out

__all__ = ["CONTACT_SUMS", "Batch", "Tables"]

MOST_RHO = 0.95
CONTACT_SUMS = (
    "w_act", "contact_counts", "L_contact", "F_contact", "Pd_contact", "conc_contact", "ci",
    "know", "u_cost",
)  # fmt: skip
W_ACT, COUNTS, LEGIT, FRICTION, DOMESTIC, CONC, CI, KNOW, COST = range(9)


class Tables:
    """Constants of a run in the shape that array steps want them."""

    def __init__(
        self,
        par: Mapping[str, float],
        ch: Mapping[str, Sequence[float]],
        stages: Sequence[tuple[Mapping[str, float], Sequence[float]]],
        rules: Mapping[str, float],
        calendar: Any,
    ) -> None:
        self.p = p = SimpleNamespace(**par)
        self.rules = SimpleNamespace(**rules)
        self.calendar = calendar
        self.ch = {name: np.array(column, float)[:, None] for name, column in ch.items()}
        self.levers = np.array([[s[0][key.name] for s in stages] for key in Lever])
        self._contacts(stages)
        self._crisis()
        self._ties()
        persist = self.levers[Lever.persist]
        persist = persist[0] + p.persist_scale * (persist - persist[0])
        self.survives = persist + p.keep_base * (1.0 - persist)
        self.has_suspension = bool(self.levers[Lever.susp].min() <= 5)
        self.plan_stands = bool(rules["on_demand"] and not rules["on_demand_lapses"])

    def _contacts(self, stages: Sequence[tuple[Mapping[str, float], Sequence[float]]]) -> None:
        """Mean contacts a week by channel and code: 6 x stage + 3 x suspended + receptivity."""
        willing = np.hstack([self.ch[f"mR{r}"] for r in range(3)])
        cadence = np.array([s[1] for s in stages], float).T
        self.wanted = (cadence > 0).astype(float)
        self.mean = np.hstack(
            [
                cadence[:, [stage]] / 52.0 * willing * allowed
                for stage in range(3)
                for allowed in (1.0, self.ch["x_susp"])
            ]
        )
        self.none = np.exp(-self.mean)
        names = CONTACT_SUMS
        self.sums = np.hstack([self.ch[name] for name in names]).T.copy()
        self.conc_any = self.ch["conc_any"].ravel()

    def _crisis(self) -> None:
        """Values by rung; rung 0 and rung 5 pad the ends."""
        p = self.p
        self.h = np.array([0.0, p.h1, p.h2, p.h3, p.h4, 0.0])
        self.firebreak = np.array([0.0, p.fb1, p.fb2, p.fb3, p.fb4, 0.0])
        self.relax = np.array([0.0, p.k1, p.k2, p.k3, p.k4, 0.0])
        multipliers = np.array([p.M0, p.M1, p.M2, p.M3, p.M4, 0.0])
        self.alarm = -np.expm1(-p.lam_FA * multipliers / 52.0)
        prior = np.array([p.pi0, p.pi1, p.pi2, p.pi3, p.pi4, p.pi4])
        stake = math.log(p.B_stake) if p.B_stake > 0 else -math.inf
        # Strike if this, less W / Ws, is above the noise; see strike_probability of the twin.
        self.strike = (np.log(prior / (1.0 - prior)) + math.log(p.LR_s) + stake) / p.sigma_d
        self.message = math.log(p.l_m) / p.sigma_d
        self.q_on = np.array([[p.q_on2], [p.q_on3], [p.q_on4], [p.q_on5]])
        self.jump = np.array([p.j2, p.j3, p.j4, p.j5])
        shares = np.array([p.p_sev2, p.p_sev3, p.p_sev4, p.p_sev5])
        self.severity = np.cumsum(shares)[:3]
        mean_m = (p.m_low + 1.0 + p.m_high) / 3.0
        drive = p.lam0 * mean_m / (1.0 - p.n_H) * float(shares @ self.jump) / p.kappa
        self.mu = p.mu_centre - (drive - p.mu_drive)
        self.campaign = p.lam0 * np.array([0.0, p.m_low, 1.0, p.m_high])

    def _ties(self) -> None:
        """Retention, answer within each deadline, authority."""
        p, ch = self.p, self.ch
        self.keep = np.exp2(-1.0 / ch["HL"])
        self.miss = (1.0 - ch["g"]).ravel()
        self.up, self.down = np.array([p.q01, p.q12, 0.0]), np.array([0.0, p.q10, p.q21])
        self.psi = np.array([p.psi0, p.psi1, p.psi2])
        self.p_U = -np.expm1(-ch["lam_U"] / 52.0)
        self.p_D = -np.expm1(-ch["lam_D"] / 52.0)
        self.p_D_failed = -np.expm1(-ch["lam_D"] * (1.0 + p.chi) / 52.0)
        self.deadlines = {6.0, 24.0, 72.0, float(p.D_bargain), float(p.D_nuc), float(p.D_KC)}
        self.in_time = {d: 1.0 - np.exp2(-d / ch["tau"]) for d in self.deadlines}
        self.auth = ch["auth"].ravel()
        self.answer = ch["rho"] * ch["auth"]
        surged = np.minimum(MOST_RHO, ch["rho"] * p.surge_mult)
        self.surged = np.where(ch["surge"] > 0, surged, ch["rho"]) * ch["auth"]
        self.useful = np.flatnonzero(ch["capture_tie"])


class Batch:
    """State of the futures still without war; every array ends in the axis of futures."""

    r: Array
    r_max: Array
    ag: Array
    ag_age: Array
    nw: Array
    susp: Array
    fail: Array
    stage: Array
    failures: Array
    E: Array
    G: Array
    x: Array
    L: Array
    F: Array
    Pd: Array
    K: Array
    Sigma: Array
    year_rel: Array
    year_K: Array
    year_ci: Array
    # Of the week.
    in_force: Array  # policy in force after the inauguration step
    surge: Array | None
    sums: Array  # contacts weighted by each of CONTACT_SUMS
    met: Array  # concession by contacts that took place at all
    S: Array
    K_eff: Array
    rel: dict[float, Array]  # by deadline, hours
    ev: Array  # events by severity 2 to 5
    busy: Array
    grave: Array
    onset: Array
    in_crisis: Array
    deceived: Array
    signed: Array
    succession: Array

    def __init__(self, k: Tables, ids: Array, rng: np.random.Generator) -> None:
        n, p = len(ids), k.p
        self.id = ids
        self.R = np.searchsorted(np.cumsum([p.R0_0, p.R0_1]), rng.random(n), side="right")
        self.trade = rng.random(n) < p.p_trade
        for name in ("r", "r_max", "ag", "ag_age", "nw", "susp", "fail", "stage", "failures"):
            setattr(self, name, np.zeros(n, np.intp))
        for name in ("E", "G", "x", "L", "F", "Pd", "K", "Sigma"):
            setattr(self, name, np.zeros(n))
        for name in ("year_rel", "year_K", "year_ci"):
            setattr(self, name, np.zeros(n))
        self.M = np.full(n, 2, np.intp)
        self.pe = np.ones(n, bool)
        self.since4 = np.full(n, 127, np.intp)
        self.theta = np.full(n, p.theta0)
        self.W = np.full(n, p.W0)
        self.mu_t = np.full(n, p.p_trade)
        self.s = np.repeat(k.ch["s0"], n, axis=1)
        self.O = np.repeat(k.ch["O0"] > 0, n, axis=1)
        self.out = np.zeros((len(Out), n))
        self.code = np.ones(n, np.intp)  # row of the levers in force: 0 status quo, 1, 2
        self.lever = np.repeat(k.levers[:, 1:2], n, axis=1)

    def __len__(self) -> int:
        return len(self.id)

    def put_in_force(self, k: Tables) -> None:
        """Levers of the week; copied only where they changed."""
        code = np.where(self.pe, 1 + self.stage, 0)
        changed = np.flatnonzero(code != self.code)
        if changed.size:
            self.code[changed] = code[changed]
            self.lever[:, changed] = k.levers[:, code[changed]]

    def drop(self, dead: Array, result: Array) -> None:
        """Hand in the outcomes of futures that ended in war, and keep the others."""
        result[:, self.id[dead]] = self.out[:, dead]
        alive = np.ones(len(self), bool)
        alive[dead] = False
        kept = np.flatnonzero(alive)
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                setattr(self, name, value.take(kept, axis=-1))
            elif isinstance(value, dict):
                setattr(self, name, {key: row.take(kept) for key, row in value.items()})
