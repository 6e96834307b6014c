"""Closed forms that the kernel must reach in the mean (E2.1 to E2.4, E2.8 to E2.11).

Each null: the simulated mean equals the closed form. Threshold: three Monte-Carlo standard errors,
with fixed seeds. Where a test is named `..._found_out`, the same comparison is made with one
parameter off, and must fail: that is its power.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from naive import reference_values as ref
from numpy.typing import NDArray
from unit.kernel.lab import alike, arm, beliefs, cadence, columns, design, levers, many, pick, run

from openchannel.model import Beliefs, simulate_path

F8 = NDArray[np.float64]

#: No war, so that every future lasts to the horizon.
PEACE = {"fb4": 0.0, "lam_KC": 0.0, "p_IW": 0.0, "lam_FA": 0.0}
#: No feedback on the rate of events.
PLAIN = {
    **PEACE, "n_H": 0.0, "beta_theta": 0.0, "beta_X": 0.0, "gamma_D": 0.0, "gamma_L": 0.0,
    "gamma_MH": 0.0, "m_low": 1.0, "m_high": 1.0, "eta_A": 1.0,
}  # fmt: skip
STILL = dict.fromkeys(("j2", "j3", "j4", "j5", "j_col", "j_suc", "mu_drive"), 0.0)


def errors_apart(values: F8, expected: float) -> float:
    """Distance of the mean of `values` from `expected`, in standard errors."""
    return float((values.mean() - expected) / (values.std(ddof=1) / math.sqrt(values.size)))


def chance(rate: float) -> float:
    return -math.expm1(-rate / 52)


def events(n: int, weeks: int = 520, **changes: float) -> F8:
    out = run(design([arm("P0")], weeks), beliefs(**changes), n)
    return pick(out, "ev2", "ev3", "ev4", "ev5").ravel()


# E2.1 ------------------------------------------------------------------------------------------


def test_events_are_poisson_without_feedback() -> None:
    """E2.1: 117 events in ten years, with a variance of 117 too."""
    counts = events(1000, **PLAIN)
    assert abs(errors_apart(counts, 117.0)) < 3
    assert abs(counts.var(ddof=1) / 117.0 - 1) < 3 * math.sqrt(2 / 999)


def test_a_little_self_excitation_is_found_out() -> None:
    """Power of E2.1: a branching ratio of .05 moves mean and variance out of the band."""
    counts = events(1000, **{**PLAIN, "n_H": 0.05})
    assert abs(errors_apart(counts, 117.0)) > 3


def test_severities_follow_their_shares() -> None:
    """Shares of severities 2 to 5 are those of the table: chi-square below its .001 point."""
    out = run(design([arm("P0")]), beliefs(**PLAIN), 300)
    counts = np.array([pick(out, f"ev{k}").sum() for k in (2, 3, 4, 5)])
    expected = counts.sum() * np.array([0.24, 0.46, 0.20, 0.10])
    assert ((counts - expected) ** 2 / expected).sum() < 16.3  # 3 degrees of freedom


def test_lethal_incidents() -> None:
    """E2.1: none in ten years with probability e^-2.2 = .1108 where tension does not matter."""
    lethal = pick(run(design([arm("P0")]), beliefs(**PLAIN, beta_on=0.0), 4000), "lethal").ravel()
    none = (lethal == 0).astype(float)
    assert 0.1108 == pytest.approx(math.exp(-2.2), abs=0.5e-4)
    assert abs(errors_apart(none, math.exp(-2.2))) < 3
    assert abs(errors_apart(lethal, 520 * chance(0.22))) < 3


# E2.2 ------------------------------------------------------------------------------------------


def linear_hawkes(weeks: int, lam0: float, branching: float, half_life: float) -> tuple[F8, F8]:
    """Mean and variance of the count over `weeks` from rest, by exact recursion of moments.

    With E' = dE + cN, S' = S + N and N Poisson of mean lam0 + E.
    """
    d = 2 ** (-1 / half_life)
    c = branching * (1 - d)
    e = v_e = cov = v_s = mean_s = 0.0
    for _ in range(weeks):
        m = lam0 + e
        v_n = v_e + m
        v_s, cov = v_s + 2 * cov + v_n, (d + c) * cov + d * v_e + c * v_n
        v_e = (d * d + 2 * d * c) * v_e + c * c * v_n
        mean_s += m
        e = d * e + c * m
    return np.float64(mean_s), np.float64(v_s)


def test_the_recursion_has_the_printed_limits() -> None:
    """E2.2: .3629 a week and a variance of 2.601 times the mean, in the long run."""
    long_mean, long_var = linear_hawkes(200_000, 0.225, 0.38, 2.0)
    assert 0.3629 == pytest.approx(long_mean / 200_000, abs=0.6e-4)
    assert 2.601 == pytest.approx(long_var / long_mean, abs=0.6e-3)


def excited(n: int, **changes: float) -> F8:
    return events(n, 1040, **{**PLAIN, "n_H": 0.38, "lam_cap": 1e9, **changes})


def test_self_excitation() -> None:
    """E2.2: mean and variance of twenty years of counts equal those of the linear recursion."""
    mean, var = linear_hawkes(1040, 0.225, 0.38, 2.0)
    counts = excited(1200)
    assert abs(errors_apart(counts, float(mean))) < 3
    assert abs(counts.var(ddof=1) / var - 1) < 3 * math.sqrt(2 / 1199)


def test_a_wrong_branching_ratio_is_found_out() -> None:
    """Power of E2.2: .36 in place of .38 is seen in the mean."""
    mean, _ = linear_hawkes(1040, 0.225, 0.38, 2.0)
    assert abs(errors_apart(excited(1200, n_H=0.36), float(mean))) > 3


# E2.3 ------------------------------------------------------------------------------------------


def tension_paths(n: int, **changes: float) -> F8:
    """Weekly tension of `n` futures after its start is forgotten: float64[future, week]."""
    free = {"theta_min": -50.0, "theta_max": 50.0, "theta0": -0.75}
    world = beliefs(**{**PLAIN, **STILL, **free, **changes})
    plan = design([arm("P0")], 416)
    one = Beliefs(world.par[0], world.ch[0])
    paths = [simulate_path(plan, one, 31, i, "P0").column("theta")[156:] for i in range(n)]
    return np.array(paths)


def moments_apart(theta: F8) -> list[float]:
    """Mean, variance and lag products against E2.3, in standard errors between futures."""
    gap = theta + 0.75
    var = 0.15**2 / (1 - 0.95**2)
    tests = [errors_apart(gap.mean(axis=1), 0.0), errors_apart((gap**2).mean(axis=1), var)]
    for lag in (1, 4, 13):
        product = (gap[:, lag:] * gap[:, :-lag]).mean(axis=1)
        tests.append(errors_apart(product, var * 0.95**lag))
    return tests


def test_tension_without_jumps_is_an_autoregression() -> None:
    """E2.3: mean mu, standard deviation .4804, correlation .95^k at lags 1, 4 and 13."""
    assert 0.4804 == pytest.approx(0.15 / math.sqrt(1 - 0.95**2), abs=0.6e-4)
    assert np.abs(moments_apart(tension_paths(250))).max() < 3


def test_a_faster_reversion_is_found_out() -> None:
    """Power of E2.3: kappa of .06 in place of .05."""
    assert np.abs(moments_apart(tension_paths(250, kappa=0.06))).max() > 3


def test_tension_centre_follows_the_event_rate() -> None:
    """Mean tension of the status quo stays near -.19 when the base rate is halved or doubled."""
    for lam0 in (0.12, 0.225, 0.36):
        out = run(design([arm("P0")]), beliefs(**PEACE, lam0=lam0), 200)
        assert -0.19 == pytest.approx(pick(out, "theta").mean() / 520, abs=0.2)


# E2.4 ------------------------------------------------------------------------------------------

TIES = {"INT": 6.0, "GOT": 6.0, "NYC": 24.0, "UNC": 150.0, "DEF": 4.0}
PRINTED = {
    False: {"INT": 0.6118, "GOT": 0.5118, "NYC": 0.6381, "UNC": 0.6360, "DEF": 0.4110},
    True: {"INT": 0.5301, "GOT": 0.4310, "NYC": 0.5958, "UNC": 0.6100, "DEF": 0.3139},
}


def mean_ties(n: int, *, turnover: bool, g: float = 1.0) -> dict[str, F8]:
    """Mean tie of each channel over ten years, begun at its printed mean, R = 2 and all open.

    Only the channel looked at has authority, so that the mean tie of the account is its own.
    """
    open_sky = {
        **PLAIN, "q01": 0.0, "q10": 0.0, "q12": 0.0, "q21": 0.0, "R0_0": 0.0, "R0_1": 0.0,
        "R0_2": 1.0, "p_staff": 0.0, "lam_suc": 0.0, "lam_hum": 0.0, "p_dec": 0.0, "chi": 0.0, "p_d": 0.0,
    }  # fmt: skip
    one = alike("all", levers("P0"), cadence("P1", **TIES))
    worlds = []
    for channel, printed in PRINTED[turnover].items():
        changes: dict[str, Any] = {"O0": 1.0, "lam_cut": 0.0, "lam_U": 0.0, "auth": 0.0}
        table = columns(**changes)
        c = ref.CHANNELS.index(channel)
        table["auth"][c], table["s0"][c] = 1.0, printed
        table["g"] = [g * x for x in table["g"]]
        if not turnover:
            table["lam_D"] = [0.0] * 11
        worlds.append(beliefs(table, **open_sky))
    ties = pick(run(design([one], inaugurations=[]), many(*worlds), n), "S")[:, :, 0] / 520
    return {channel: ties[:, w] for w, channel in enumerate(TIES)}


@pytest.mark.parametrize("turnover", [False, True])
def test_steady_ties(turnover: bool) -> None:
    """E2.4: the mean tie of an open channel, without and with turnover of their counterpart."""
    for channel, ties in mean_ties(300, turnover=turnover).items():
        # The printed mean is rounded; half its last digit is no error of the kernel.
        allowed = 3 * ties.std(ddof=1) / math.sqrt(ties.size) + 0.6e-4
        assert PRINTED[turnover][channel] == pytest.approx(ties.mean(), abs=allowed), channel


def test_a_wrong_growth_of_ties_is_found_out() -> None:
    """Power of E2.4: growth a contact off by a twentieth is seen on every channel."""
    for channel, ties in mean_ties(300, turnover=True, g=1.05).items():
        assert abs(errors_apart(ties, PRINTED[True][channel])) > 3, channel


# E2.8 ------------------------------------------------------------------------------------------


def test_receptivity_rests_at_its_stationary_law() -> None:
    """E2.8: begun at (.6316, .2211, .1474), the share of closed weeks stays .6316."""
    law = np.cumprod([1.0, 0.35, 0.6 / 0.9])
    law /= law.sum()
    calm = {
        **PLAIN, "b_off": 0.0, "b_theta_R": 0.0, "R0_0": law[0], "R0_1": law[1], "R0_2": law[2],
        "p_close": 0.0, "lam_open": 0.0, "lam_hum": 0.0,
    }  # fmt: skip
    closed = pick(run(design([arm("P0")]), beliefs(**calm), 2000), "closed").ravel() / 520
    assert 0.6316 == pytest.approx(law[0], abs=0.6e-4)
    assert abs(errors_apart(closed, law[0])) < 3


# E2.9 ------------------------------------------------------------------------------------------

DEALS = {
    **PLAIN, "coll_theta": 0.0, "b_A": 0.0, "paper_mult": 1.0, "q01": 26.0, "q12": 26.0,
    "n0": 20.0, "p_d": 0.5, "lam_suc": 0.0,
}  # fmt: skip


def collapse_excess(n: int, **changes: float) -> F8:
    """Collapses less the hazard over the weeks exposed to it: mean zero if the hazard is right."""
    out = run(design([arm("P7")], inaugurations=[]), beliefs(**{**DEALS, **changes}), n)
    exposed = pick(out, "ag_real", "ag_paper", "collapses")
    return (pick(out, "collapses") - chance(0.26) * exposed).ravel()


def test_agreements_last_exponentially() -> None:
    """E2.9: the chance of collapse is 1 - e^{-.26/52} in every week, whatever came before."""
    assert abs(errors_apart(collapse_excess(1000), 0.0)) < 3


def test_a_wrong_hazard_of_agreements_is_found_out() -> None:
    """Power of E2.9: a hazard of .3 a year in place of .26."""
    assert abs(errors_apart(collapse_excess(1000, h_A=0.3), 0.0)) > 3


# E2.10 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("persist", "alone", "with_end"), [(0.65, 0.570, 0.467), (0.35, 0.297, 0.243)]
)
def test_policies_survive_inaugurations(persist: float, alone: float, with_end: float) -> None:
    """E2.10: share of policies in force to the last week, without and with domestic ends."""
    table = columns(Pd_contact=0.0)
    stages = ref.stages("P7")
    stages[1] = (levers("P7", persist=persist), cadence("P7"))
    stages[2] = stages[1]
    tested = arm("P7")
    tested = type(tested)("P7", stages, tested.rules)
    calm = {**PEACE, "Pd_s5": 0.0}
    worlds = many(beliefs(table, **calm, h_term=0.0), beliefs(table, **calm))
    kept = pick(run(design([tested]), worlds, 4000), "pe_weeks")[:, :, 0] == 520
    exact = (persist + 0.3 * (1 - persist)) ** 2
    assert (alone, with_end) == pytest.approx((exact, exact * math.exp(-0.2)), abs=0.6e-3)
    assert abs(errors_apart(kept[:, 0].astype(float), exact)) < 3
    # The last week's end shows only in the week after it.
    assert abs(errors_apart(kept[:, 1].astype(float), exact * (1 - chance(0.02)) ** 519)) < 3


# E2.11 -----------------------------------------------------------------------------------------


def test_arrivals() -> None:
    """E2.11: 8.8 arrivals in ten years; a little fewer, since a kind arrives once a week at most."""
    rates = (0.30, 0.15, 0.40, 0.02, 0.01)
    out = run(design([arm("P0")]), beliefs(**PEACE), 3000)
    arrivals = [pick(out, f"arr_{kind}").ravel() for kind in ("det", "open", "hum", "suc", "def")]
    for values, rate in zip(arrivals, rates, strict=True):
        assert abs(errors_apart(values, 520 * chance(rate))) < 3, rate
    total = sum(arrivals, np.zeros(3000))
    assert 8.8 == pytest.approx(sum(520 * chance(rate) for rate in rates), rel=0.005)
    assert abs(errors_apart(total, sum(520 * chance(rate) for rate in rates))) < 3
    assert total.var(ddof=1) == pytest.approx(8.8, rel=3 * math.sqrt(2 / 2999))


def test_captures_follow_their_chance_at_null() -> None:
    """With ties worth nothing the share captured is c0 of each kind."""
    gains = dict.fromkeys(("c_gain_det", "c_gain_open", "c_gain_hum"), 0.0)
    out = run(design([arm("P7")]), beliefs(**PEACE, **gains), 2000)
    for kind, c0 in (("det", 0.5), ("open", 0.15), ("hum", 0.1)):
        excess = pick(out, f"cap_{kind}") - c0 * pick(out, f"arr_{kind}")
        assert abs(errors_apart(excess.ravel(), 0.0)) < 3, kind
