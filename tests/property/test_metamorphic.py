"""What must stay, rise or fall when one thing is changed (E3.1, E3.3, E3.4, E3.7 to E3.15).

Futures are compared replicate by replicate on the same luck; nothing here is statistical, but for
E3.12.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from naive import reference_values as ref
from numpy.typing import NDArray
from unit.kernel.lab import (
    CONTROL,
    Arm,
    alike,
    arm,
    beliefs,
    cadence,
    columns,
    design,
    levers,
    many,
    pick,
    run,
)

from openchannel.kernel.keys import Column, Lever, Out, Scalar
from openchannel.model import Beliefs, Design, simulate_path

F8 = NDArray[np.float64]

E_TIE = (
    "e_f", "e_KC", "e_w", "q_tie", "gamma_D", "gamma_L", "gamma_MH", "b_off", "b_n", "b_Rel",
    "b_A", "zeta", "p_dec", "f_F", "xi_TB", "xi_L", "e_K", "c_gain_det", "c_gain_open",
    "c_gain_hum", "c_gain_suc", "c_gain_def", "e_inst", "chi",
)  # fmt: skip
NULL = {**dict.fromkeys(E_TIE, 0.0), "l_m": 1.0}
#: Windows depend on `neg`, captured openings start them: E3.1 sets these to zero too.
UNMOVED = {"n0": 0.0, "lam_open": 0.0, "lam_hum": 0.0, "lam_suc": 0.0}
LOUD = {
    "fb3": 0.4, "fb4": 0.2, "lam_leth": 0.6, "lam_FA": 2.0, "LR_s": 20.0, "lam_KC": 0.01,
    "conc_scale": 1.0, "pi1": 0.01,
}  # fmt: skip
PEACE = {"fb4": 0.0, "lam_KC": 0.0, "p_IW": 0.0, "lam_FA": 0.0}

#: Outcomes of contact, ties, indices and cost: all that may differ without tie effects.
OF_CONTACT = {
    "rel6", "rel24", "rel72", "rel24_crisis", "rel24_low", "K_eff", "S", "live3", "pe_weeks",
    "K_index", "ci", "cost", "Pd", "L", "F", "F_high", "engaged", "engaged_rights", "contacts",
    "cuts",
}  # fmt: skip
#: Sums of chances: they weigh reliability by equal amounts, which rounds differently.
WEIGHED = {"rb_war", "rb_pre", "rb_nuc", "rb_large", "rb_fat", "rb_econ"} | CONTROL
EVENTS = [name for name in Out.__members__ if name not in OF_CONTACT | WEIGHED]


def indices(names: list[str] | set[str]) -> list[int]:
    return [int(Out[name]) for name in sorted(names)]


def with_levers_of_p0(policy: str) -> tuple[dict[str, float], list[float]]:
    """A policy's contacts, staffing and charters with the status quo's stance."""
    stance = ("offer", "irritant", "neg", "exlev", "eow", "susp", "susp_wk", "travel_ban")
    own, usual = levers(policy), levers("P0")
    return {**own, **{name: usual[name] for name in stance}}, cadence(policy)


def null_arms(names: tuple[str, ...]) -> list[Arm]:
    arms = []
    for name in names:
        stage = with_levers_of_p0(name)
        arms.append(replace(arm(name), stages=[ref.POLICIES["P0"], stage, stage]))
    return arms


# E3.1 ------------------------------------------------------------------------------------------


def test_without_tie_effects_policies_meet_the_same_events() -> None:
    """E3.1: events, crises, rungs, war, nuclear use, agreements are equal to the bit."""
    plan = design(null_arms(("P0", "P1", "P2", "P5", "P7", "P13", "P15")))
    out = run(plan, beliefs(**{**LOUD, **NULL, **UNMOVED}), 60)[:, 0]
    assert pick(out, "war").sum() > 10
    for x in range(1, len(plan.policies)):
        assert np.array_equal(out[:, x, indices(EVENTS)], out[:, 0, indices(EVENTS)])
        for name in WEIGHED:
            one, other = pick(out[:, x], name), pick(out[:, 0], name)
            assert one == pytest.approx(other, rel=1e-9, abs=1e-12 * np.abs(other).max()), name
        for name in ("cost", "contacts", "rel24"):
            assert not np.array_equal(pick(out[:, x], name), pick(out[:, 0], name))


@pytest.mark.parametrize(
    "left_on",
    ["e_f", "e_w", "e_KC", "gamma_D", "f_F", "e_K", "b_A", "zeta", "p_dec", "xi_L", "l_m"],
)
def test_each_tie_effect_tells_policies_apart(left_on: str) -> None:
    """Power of E3.1: with any one effect left on, some event or sum differs."""
    null = {**NULL, **UNMOVED, "n0": 3.0, "p_d": 0.3, "q12": 3.0}
    null[left_on] = 0.4
    out = run(design(null_arms(("P0", "P7"))), beliefs(**{**LOUD, **null}), 60)[:, 0]
    both = indices(EVENTS) + indices(WEIGHED)
    assert not np.allclose(out[:, 0, both], out[:, 1, both], rtol=1e-9)


# E3.3 ------------------------------------------------------------------------------------------


def test_more_contact_makes_stronger_ties() -> None:
    """E3.3: raising every cadence raises contacts and mean ties weakly, future by future."""
    arms = [
        alike(f"x{k}", with_levers_of_p0("P7")[0], [k * n for n in cadence("P7")])
        for k in (1.0, 1.3, 2.0, 5.0)
    ]
    out = run(design(arms), beliefs(**{**LOUD, **NULL, **UNMOVED}), 60)[:, 0]
    for name in ("contacts", "S"):
        assert (np.diff(pick(out, name), axis=1) >= 0).all()
        assert (np.diff(pick(out, name).sum(axis=0)) > 0).all()


@pytest.mark.parametrize("channel", ["SEN", "NYC", "DEF", "INT", "UNC"])
def test_more_contact_on_one_channel(channel: str) -> None:
    """E3.3: the same for one cadence at a time, the other ties untouched."""
    arms = [
        alike(f"x{k}", with_levers_of_p0("P7")[0], cadence("P7", **{channel: k}))
        for k in (2.0, 12.0, 50.0)
    ]
    auth = columns(auth=0.0)
    auth["auth"][ref.CHANNELS.index(channel)] = 1.0
    calm = {**NULL, **UNMOVED, "lam_acc": 0.0}
    out = run(design(arms), beliefs(auth, **{**calm, **PEACE}), 40)[:, 0]
    assert (np.diff(pick(out, "S"), axis=1) >= 0).all()
    assert (np.diff(pick(out, "S").sum(axis=0)) > 0).all()


# E3.4 ------------------------------------------------------------------------------------------


def test_total_silence_leaves_reliability_without_effect() -> None:
    """E3.4: q_cc = 1 and q_tie = 0 give Rel = 0; what works through Rel then changes nothing."""
    through_rel = {"e_f": 0.8, "e_KC": 0.8, "e_w": 0.5, "zeta": 0.6, "b_Rel": 1.5, "p_dec": 0.05}
    world = {**LOUD, **NULL, **UNMOVED, **through_rel, "l_m": 0.2, "q_cc": 1.0}
    out = run(design(null_arms(("P0", "P2", "P7"))), beliefs(**world), 40)[:, 0]
    assert not pick(out, "rel6", "rel24", "rel72", "rel24_crisis").any()
    for x in (1, 2):
        assert np.array_equal(out[:, x, indices(EVENTS)], out[:, 0, indices(EVENTS)])
        assert np.array_equal(out[:, x, indices(WEIGHED)], out[:, 0, indices(WEIGHED)])


# E3.7 ------------------------------------------------------------------------------------------


def test_no_path_no_event() -> None:
    """E3.7: without alarms no pre-emptive use; without use none; without any path no war."""
    everything = {**LOUD, "lam_suc": 0.5, "p_inst": 0.5, "p_IW": 0.5, "nuc_instability": 1.0}
    worlds = many(
        beliefs(**{**everything, "lam_FA": 0.0}),
        beliefs(**{**everything, "lam_FA": 0.0, "p_nw": 0.0}),
        beliefs(**{**everything, **PEACE}),
    )
    out = run(design([arm("P7"), arm("P1")]), worlds, 80)
    assert pick(out[:, 0], "nuc").sum() > 0
    assert not pick(out[:, 0], "nuc_pre", "rb_pre").any()
    assert pick(out[:, 1], "war").sum() > 0
    assert not pick(out[:, 1], "nuc", "rb_nuc", "large", "fat_nuc").any()
    assert not pick(out[:, 2], "war", "rb_war", "nuc", "rb_nuc", "rb_fat", "econ_war").any()


# E3.8, E3.14, E3.15: money ---------------------------------------------------------------------


def money(share_contacts: float = 1.0, share_fixed: float = 1.0, **changes: float) -> Beliefs:
    table = columns()
    table["u_cost"] = [share_contacts * x for x in table["u_cost"]]
    scaled = {"fixed_scale": share_fixed, "surge_cost": 0.2 * share_fixed}
    return beliefs(table, **{**LOUD, **scaled, **changes})


def test_doubling_unit_costs() -> None:
    """E3.8: the variable cost doubles, to the bit, and nothing else changes."""
    plan = design([arm("P7", surge=1), arm("P2")])
    out = run(plan, many(money(1.0, 0.0), money(2.0, 0.0)), 30)
    assert np.array_equal(2 * pick(out[:, 0], "cost"), pick(out[:, 1], "cost"))
    others = [i for name, i in Out.__members__.items() if name != "cost"]
    assert np.array_equal(out[:, 0][..., others], out[:, 1][..., others])


def test_money_units() -> None:
    """E3.14: counting in another unit of money rescales the cost alone."""
    plan = design([arm("P7", surge=1), arm("P13")])
    out = run(plan, many(money(), money(1e3, 1e3)), 20)
    assert 1e3 * pick(out[:, 0], "cost") == pytest.approx(pick(out[:, 1], "cost"), rel=1e-12)
    others = [i for name, i in Out.__members__.items() if name != "cost"]
    assert np.array_equal(out[:, 0][..., others], out[:, 1][..., others])


def test_without_discounting_cost_is_the_plain_sum() -> None:
    """E3.15: at rate zero ten years of staff, and so much for every contact."""
    table = columns(u_cost=0.5, contact_counts=1.0)
    plan = design([alike("P7", levers("P7", info=4.0), cadence("P7"))])
    worlds = many(beliefs(table, **PEACE, disc=0.0), beliefs(table, **PEACE))
    out = run(plan, worlds, 20)[:, :, 0]
    expected = (28 + 4) * 10 + 0.5 * pick(out[:, 0], "contacts")
    assert expected == pytest.approx(pick(out[:, 0], "cost"), rel=1e-12)
    assert (pick(out[:, 1], "cost") < expected).all()


def test_discount_factor() -> None:
    """Without contacts the discounted cost is the sum of 1.03^(-t/52) of the weekly staff."""
    plan = design([alike("desk", levers("P7"), [0.0] * 11)])
    cost = pick(run(plan, beliefs(**PEACE), 1), "cost")[0, 0, 0]
    expected = sum(28 / 52 * 1.03 ** (-t / 52) for t in range(520))
    assert expected == pytest.approx(cost, rel=1e-12)


# E3.9 ------------------------------------------------------------------------------------------


def test_a_partner_who_never_trades_signs_nothing_real() -> None:
    """E3.9: p_trade = 0 gives no real agreement, paper ones only; p_trade = 1 the reverse."""
    eager = {**LOUD, "n0": 5.0, "p_d": 0.3, "q12": 4.0, "q01": 4.0}
    out = run(design([arm("P7")]), many(*(beliefs(**eager, p_trade=p) for p in (0.0, 1.0))), 40)
    assert not pick(out[:, 0], "ag_real").any()
    assert pick(out[:, 0], "ag_paper").any()
    assert pick(out[:, 1], "ag_real").any()
    assert not pick(out[:, 1], "ag_paper").any()


def test_arsenal_grows_by_its_rate() -> None:
    """E3.9: without caps and side effects W(T) = W(0) + g years in every future without war."""
    plain = {**LOUD, "p_trade": 0.0, "cap_B": 0.0, "xi_TB": 0.0, "xi_L": 0.0}
    out = run(design([arm("P7"), arm("P2")]), beliefs(**plain), 60)[:, 0]
    survived = pick(out, "war") == 0
    assert pick(out, "W_T")[survived] == pytest.approx(55.0 + 80.0, rel=1e-12)
    assert not pick(out, "W_T")[~survived].any()
    assert (~survived).any()


# E3.10 -----------------------------------------------------------------------------------------


def test_a_policy_that_cannot_end_is_always_in_force() -> None:
    """E3.10: persist = 1 and h_term = 0, inaugurations in every fourth week."""
    tested = replace(arm("P7"), stages=[ref.POLICIES["P0"]] + [
        (levers("P7", persist=1.0), cadence("P7"))] * 2)  # fmt: skip
    plan = design([tested], inaugurations=range(0, 520, 4))
    out = run(plan, beliefs(**LOUD, h_term=0.0), 40)
    assert np.array_equal(pick(out, "pe_weeks"), pick(out, "weeks"))


def test_nothing_persists_by_less_than_its_base() -> None:
    """E3.10: persist = 0 keeps .3 an inauguration; mean life is geometric."""
    stage = (levers("P7", persist=0.0), cadence("P7"))
    status_quo = (levers("P0", persist=0.0), cadence("P0"))
    tested = replace(arm("P7"), stages=[status_quo, stage, stage])
    plan = design([tested], 40, inaugurations=range(1, 40))
    lived = pick(run(plan, beliefs(**PEACE, h_term=0.0), 2000), "pe_weeks").ravel()
    # In force when its first week and the weeks of inauguration survived are counted: 1 / 0.7,
    # the week of the lapse itself not among them.
    assert abs(lived.mean() - 1 / 0.7) < 3 * math.sqrt(0.3) / 0.7 / math.sqrt(2000)


# E3.11 -----------------------------------------------------------------------------------------


def test_a_threshold_above_every_severity_is_no_rule() -> None:
    """E3.11: severity 6 equals never; severity 4 means fewer contacts in every future."""
    arms = [alike(f"{k}", levers("P11", susp=k), cadence("P11")) for k in (6, 99, 4)]
    out = run(design(arms), beliefs(**{**LOUD, **NULL, **UNMOVED}), 40)[:, 0]
    assert np.array_equal(out[:, 0], out[:, 1])
    assert (pick(out[:, 2], "contacts") <= pick(out[:, 1], "contacts")).all()
    assert pick(out[:, 2], "contacts").sum() < 0.8 * pick(out[:, 1], "contacts").sum()


def test_suspended_channels_are_silent_for_26_weeks() -> None:
    """E3.11: no contact on a suspended channel in the 26 weeks after an event of severity 4."""
    suspended = {"SUM": 20.0, "SEN": 50.0, "DEF": 50.0, "GOT": 50.0, "JRO": 50.0}
    quiet = dict.fromkeys(ref.CHANNELS, 0.0)
    plan = design([alike("P11", levers("P11"), cadence("P11", **{**quiet, **suspended}))])
    world = beliefs(columns(O0=1.0, lam_cut=0.0), **{**PEACE, "p_sev4": 0.02, "p_sev5": 0.01})
    silent = busy = 0.0
    for i in range(6):
        path = simulate_path(plan, Beliefs(world.par[0], world.ch[0]), 3, i, "P11")
        contacts, worst = path.column("contacts"), path.column("worst")
        hushed = np.zeros(520, bool)
        for t in np.flatnonzero(worst >= 4):
            hushed[t + 1 : t + 27] = True
        silent += contacts[hushed].sum()
        busy += contacts[~hushed].sum()
    assert silent == 0.0
    assert busy > 0.0


# E3.12 -----------------------------------------------------------------------------------------


SHUT = {
    "R0_0": 1.0, "R0_1": 0.0, "R0_2": 0.0, "q01": 0.0, "q10": 0.0, "q12": 0.0, "q21": 0.0,
    "lam_open": 0.0, "lam_hum": 0.0,
}  # fmt: skip


def test_a_closed_country_stays_closed() -> None:
    """E3.12: from R = 0 with all rates 0, contacts happen at the closed multipliers only."""
    table = columns(O0=1.0, lam_cut=0.0)
    plan = design([alike("P7", levers("P7"), cadence("P7"))])
    out = run(plan, beliefs(table, **PEACE, **SHUT), 400)[:, 0, 0]
    assert (pick(out, "closed") == 520).all()
    per_year = sum(
        n * m
        for c, n, m in zip(ref.CHANNELS, cadence("P7"), table["mR0"], strict=True)
        if c != "UNC"
    )
    contacts = pick(out, "contacts")
    assert abs(contacts.mean() - 10 * per_year) < 3 * contacts.std() / math.sqrt(400)


def test_little_is_left_of_engagement_in_a_closed_country() -> None:
    """E3.12: shut, full engagement is about as good as the two lines that still answer.

    What the other channels do at their closed multipliers moves the chance of war by less than a
    hundredth of its level, and the whole change is less than a sixth of that in a country that
    opens. Ten standard errors lie between either and its bound.
    """
    stance, full = with_levers_of_p0("P7")
    usual = cadence("P0")
    lines = [
        f if c in ("UNC", "INT") else u for c, f, u in zip(ref.CHANNELS, full, usual, strict=True)
    ]
    plan = design([alike("P0", levers("P0"), usual), alike("lines", stance, lines),
                   alike("P7", levers("P7"), full)])  # fmt: skip
    war = [
        pick(run(plan, beliefs(**world), 1500)[:, 0], "rb_war", "cv_war").mean(axis=0)
        for world in (SHUT, {})
    ]
    shut, free = war[0] - war[0][0], war[1] - war[1][0]
    assert free[2] < -0.002
    assert abs(shut[2] - shut[1]) < 0.01 * war[0][0]
    assert abs(shut[2]) < abs(free[2]) / 6.0


# E3.14: channels -------------------------------------------------------------------------------


def test_the_order_of_channels_is_no_matter() -> None:
    """E3.14: channels in another order, each with its own slot, give the same futures."""
    order = np.array([10, 3, 7, 0, 9, 1, 5, 8, 2, 6, 4])
    plan = design([arm("P7"), arm("P13", surge=1), arm("P16")])
    world = beliefs(**LOUD, lam_hum=2.0)
    turned = replace(plan, cadence=plan.cadence[:, :, order], slot=plan.slot[order])
    expected = run(plan, world, 30)
    got = run(turned, Beliefs(world.par, np.ascontiguousarray(world.ch[:, order])), 30)
    assert expected == pytest.approx(got, rel=1e-9, abs=1e-12)
    counts = indices(
        ["war", "nuc", "crises", "r_max", "ev3", "lethal", "deals", "cuts", "contacts"]
    )
    assert np.array_equal(expected[..., counts], got[..., counts])


def test_slots_are_what_keys_a_channel_s_luck() -> None:
    """Power of E3.14: channels in another order without their slots meet other luck."""
    order = np.arange(10, -1, -1)
    plan, world = design([arm("P7")]), beliefs(**LOUD)
    turned = replace(plan, cadence=plan.cadence[:, :, order])
    got = run(turned, Beliefs(world.par, np.ascontiguousarray(world.ch[:, order])), 5)
    assert not np.array_equal(pick(run(plan, world, 5), "contacts"), pick(got, "contacts"))


# E3.15: horizon --------------------------------------------------------------------------------


def test_longer_horizons_only_add() -> None:
    """E3.15: war, nuclear use, crises and what is counted never fall with the horizon."""
    world = beliefs(**LOUD)
    arms = [arm("P7"), arm("P0"), arm("P16")]
    counted = indices(["war", "nuc", "crises", "crises_r3", "crises_r4", "r_max", "weeks", "cost",
                       "contacts", "rb_war", "fat_inc", "cuts", "deals", "collapses"])  # fmt: skip
    before = run(design(arms, 60), world, 40)[..., counted]
    for weeks in (61, 160, 520):
        after = run(design(arms, weeks), world, 40)[..., counted]
        assert (after >= before).all()
        before = after


def test_a_future_that_ended_does_not_change() -> None:
    """A war before the shorter horizon leaves every outcome as it is at the longer one."""
    world, arms = beliefs(**LOUD), [arm("P7"), arm("P1")]
    short, long = run(design(arms, 260), world, 60), run(design(arms), world, 60)
    ended = pick(short, "war") == 1
    assert ended.any()
    counted = indices(set(Out.__members__) - CONTROL)  # the control variates know the horizon
    assert np.array_equal(short[ended][:, counted], long[ended][:, counted])


# Nothing is read in vain ------------------------------------------------------------------------

BUSY = {
    "lam_suc": 0.5, "lam_def": 0.5, "lam_open": 0.6, "lam_hum": 2.0, "p_inst": 0.4, "p_IW": 0.2,
    "fb3": 0.4, "fb4": 0.05, "p_dec": 0.3, "lam_KC": 0.006, "lam_FA": 1.0, "LR_s": 20.0,
    "p_d": 0.05, "n0": 3.0, "q12": 3.0, "q01": 2.0, "h_A": 1.0, "h_A_shape": 0.7,
    "conc_scale": 1.0, "ci_mult": 8.0, "adm_full": 1.0, "h_term": 0.1, "up_rel": 0.12,
    "up_K": 2.5, "up_ci": 4.0, "lam_leth": 0.6, "q_on2": 0.01, "nuc_instability": 1.0,
    "pi0": 0.003, "pi1": 0.006, "lam_det_noban": 1.2,
}  # fmt: skip
#: Changes that a fraction would not show: switches, caps and limits far from what is usual.
SET = {
    "theta_max": 0.2, "theta_min": -0.3, "lam_cap": 0.5, "h_cap": 0.3, "H_cap": 0.2,
    "term_cap": 0.0, "fat_war_cap": 1e5, "fat_nuc_cap": 1e5, "g_press": 0.3, "adm_full": 0.0,
    "nuc_instability": 0.0, "signal_wk": 1.0, "exit_failures": 1.0, "mu_hi": 0.2, "mu_lo": 0.4,
    "conc_scale": 0.3, "G_window": 3.0, "fail_wk": 2.0, "nw_wk": 8.0, "live_s": 0.2,
    "live_a": 0.6, "engaged_x": 0.3, "consult_scale": 0.4, "irritant_scale": 0.2,
    "up_ci": 0.5, "up_K": 1.5, "up_rel": 0.05, "b_A": 4.0, "acc_base": 0.95, "acc_K": 2.0,
    "p_hum": 1.0, "term_slope": 3.0, "ci_sev_mu": 9.0, "ci_sev_sd": 9.0, "neg_step": 1.0,
}  # fmt: skip
#: Not read by the kernel: the last share of the start law is what the others leave, and the value
#: of a statistical life belongs to the composite loss.
NOT_OF_THE_KERNEL = {"R0_2", "vsl_musd"}
OFTEN = range(30, 520, 60)  # inaugurations


def busy_arms() -> list[Arm]:
    status_quo = ref.POLICIES["P0"]
    free = (levers("P12", travel_ban=0.0, eow=1.0, exlev=0.7, rights=1.0), cadence("P2"))
    return [
        arm("P11", label="rule"),
        replace(arm("P12", label="free", surge=1), stages=[status_quo, free, free]),
        arm("P1", label="press", exit_review=1),
        arm("P6", "P7", "up", scale_up=1, exit_review=1),
        arm("P4", label="belief", belief=1),
    ]


def is_read(plan: Design, world: Beliefs, changed_plan: Design, changed: Beliefs) -> bool:
    """True if the change shows: in a few replicates, or else in many."""
    return any(
        not np.array_equal(
            run(plan, world, n, first=first), run(changed_plan, changed, n, first=first)
        )
        for first, n in ((0, 2), (2, 8), (10, 80))
    )


def test_every_scalar_is_read() -> None:
    """Power of all comparisons: changing any one scalar of a belief changes some outcome."""
    plan, base = design(busy_arms(), inaugurations=OFTEN), beliefs(**BUSY)
    idle = set()
    for name, place in Scalar.__members__.items():
        par = base.par.copy()
        par[:, place] = SET.get(name, 0.6 * par[0, place] + (0.0 if par[0, place] else 0.1))
        if not is_read(plan, base, plan, Beliefs(par, base.ch)):
            idle.add(name)
    assert NOT_OF_THE_KERNEL == idle


def test_every_column_is_read() -> None:
    """Changing any one column of the channel table changes some outcome."""
    plan, base = design(busy_arms(), inaugurations=OFTEN), beliefs(**BUSY)
    flags = ("O0", "capture_tie", "surge", "relief", "contact_counts", "conc_any", "conc_contact")
    for name, place in Column.__members__.items():
        ch = base.ch.copy()
        ch[:, :, place] = 0.7 * ch[:, :, place] + 0.1
        if name in flags:
            ch[:, :, place] = 1.0 - base.ch[:, :, place]
        assert is_read(plan, base, plan, Beliefs(base.par, ch)), name


def test_every_lever_is_read() -> None:
    """Changing any one lever of every policy changes some outcome of some policy."""
    plan, base = design(busy_arms(), inaugurations=OFTEN), beliefs(**BUSY)
    for name, place in Lever.__members__.items():
        lever = plan.lever.copy()
        lever[:, :, place] = 0.8 * lever[:, :, place] + 0.1
        if name in ("eow", "rights", "travel_ban", "conc_exempt"):
            lever[:, :, place] = 1.0 - plan.lever[:, :, place]
        if name == "susp":
            lever[:, :, place] = 3.0
        assert is_read(plan, base, replace(plan, lever=lever), base), name
