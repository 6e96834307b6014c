"""Laws of the outer loop: quantiles, sizes, groups, bins, drawn beliefs and metrics."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from openchannel.casefile import load_case
from openchannel.domain import (
    Case,
    Discrete,
    Law,
    LogNormal,
    LogUniform,
    Pert,
    Uniform,
    flat_name,
)
from openchannel.ensemble import BeliefSample, Plan, make_plan, sample_beliefs
from openchannel.ensemble.bins import LuckBins
from openchannel.ensemble.design import quantile
from openchannel.ensemble.plan import split_futures
from openchannel.kernel.keys import Column, Out, Scalar
from openchannel.model import (
    METRICS,
    Beliefs,
    central_beliefs,
    metric_values,
    pack_design,
    simulate_replicates,
    world_beliefs,
)
from openchannel.model.metrics import EXTRAS

finite = st.floats(-1e3, 1e3)
positive = st.floats(1e-6, 1e6)


@st.composite
def laws(draw: st.DrawFn) -> tuple[Law, float, float]:
    """A law and the ends of its support."""
    kind = draw(st.sampled_from(["pert", "uniform", "loguniform", "lognormal", "discrete"]))
    if kind == "lognormal":
        return LogNormal(draw(positive), draw(st.floats(0.01, 2.0))), 0.0, math.inf
    if kind == "discrete":
        values = sorted(draw(st.lists(finite, min_size=1, max_size=5, unique=True)))
        weights = np.array(draw(st.lists(st.floats(0.05, 1), min_size=5, max_size=5)))
        shares = tuple(weights[: len(values)] / weights[: len(values)].sum())
        return Discrete(tuple(values), shares), values[0], values[-1]
    low, middle, high = sorted(draw(st.lists(positive, min_size=3, max_size=3)))
    if kind == "pert":
        return Pert(low, middle, high), low, high
    if kind == "uniform":
        return Uniform(low, high), low, high
    return LogUniform(low, high), low, high


@settings(max_examples=150, deadline=None)
@given(law=laws(), u=st.lists(st.floats(1e-9, 1 - 1e-9), min_size=2, max_size=8))
def test_quantiles_rise_within_the_support(law: tuple[Law, float, float], u: list[float]) -> None:
    """A larger uniform never gives a smaller number, and no number leaves the support."""
    shape, low, high = law
    x = quantile(shape, np.array(sorted(u)))
    slack = 1e-12 * max(1.0, abs(low), 0.0 if high == math.inf else abs(high))
    assert (np.diff(x) >= -slack).all()
    assert ((x >= low - slack) & (x <= high + slack)).all()
    assert np.isfinite(x).all()


def test_quantiles_are_those_of_their_laws() -> None:
    """Medians, ends and means of each law, against SciPy or by hand."""
    u = (np.arange(4000) + 0.5) / 4000
    pert = quantile(Pert(2.0, 3.0, 8.0), u)
    assert (2.0 + 4 * 3.0 + 8.0) / 6 == pytest.approx(pert.mean(), rel=1e-4)
    assert stats.beta(1 + 4 / 6, 1 + 20 / 6).ppf(0.3) * 6 + 2 == pytest.approx(
        float(quantile(Pert(2.0, 3.0, 8.0), np.array([0.3]))[0]), rel=1e-9
    )
    assert 5.0 == pytest.approx(float(quantile(LogNormal(5.0, 1.0), np.array([0.5]))[0]))
    assert 10.0 == pytest.approx(float(quantile(LogUniform(1.0, 100.0), np.array([0.5]))[0]))
    assert (7.0 == quantile(Pert(7.0, 7.0, 7.0), u)).all()
    drawn = quantile(Discrete((40.0, 55.0, 80.0, 150.0), (0.15, 0.45, 0.2, 0.2)), u)
    shares = [float((drawn == v).mean()) for v in (40.0, 55.0, 80.0, 150.0)]
    assert [0.15, 0.45, 0.2, 0.2] == pytest.approx(shares, abs=1e-3)


# Sizes and groups ------------------------------------------------------------------------------


@settings(deadline=None)
@given(futures=st.integers(1, 10_000_000))
def test_futures_are_split_into_draws_and_replicates(futures: int) -> None:
    """Never fewer than asked for, fewer than one replicate a draw too many; draws a power of 2."""
    draws, replicates = split_futures(futures, ranges=True)
    assert draws & (draws - 1) == 0
    assert futures <= draws * replicates < futures + draws
    assert 1 <= draws <= 2048
    assert (1, futures) == split_futures(futures, ranges=False)


def plan_for(futures: int, *, ranges: bool) -> Plan:
    return make_plan(
        case_fingerprint="", seed=1, futures=futures, policies=("a", "b"), baseline="a",
        worlds=("w",), ranges=ranges, overlay="", horizon_weeks=52,
    )  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(futures=st.integers(1, 40_000), ranges=st.booleans())
def test_groups_partition_the_replicates(futures: int, ranges: bool) -> None:
    """Each global replicate is in exactly one group, of the draw that it belongs to."""
    plan = plan_for(futures, ranges=ranges)
    groups = plan.groups()
    assert list(range(len(groups))) == [g.index for g in groups]
    at = 0
    for group in groups:
        assert at == group.first
        assert group.n >= 1
        assert group.draw == group.first // plan.n_replicates
        assert group.draw == (group.first + group.n - 1) // plan.n_replicates
        at += group.n
    assert plan.futures == at


def test_a_plan_s_fingerprint_tells_plans_apart() -> None:
    """Equal plans have one fingerprint; another size, seed or way of drawing another."""
    assert plan_for(500, ranges=True).fingerprint == plan_for(500, ranges=True).fingerprint
    prints = {plan_for(n, ranges=r).fingerprint for n in (500, 5000) for r in (True, False)}
    assert len(prints) == 4


# Bins of luck ----------------------------------------------------------------------------------


def test_bins_undo_their_centres() -> None:
    """The centre of each bin falls into it, and centres rise."""
    centres = LuckBins.centres()
    assert LuckBins.N == len(centres)
    assert (np.diff(centres) > 0).all()
    assert np.array_equal(np.arange(LuckBins.N), LuckBins.index(centres))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(st.floats(-1e9, 1e9), st.floats(-1e-2, 1e-2), st.just(0.0)),
        min_size=2,
        max_size=30,
    )
)
def test_bins_keep_order_sign_and_size(values: list[float]) -> None:
    """A larger number never lies in a lower bin; a bin's centre is within 6 % of its numbers."""
    x = np.array(sorted(values))
    bins = LuckBins.index(x)
    assert (np.diff(bins) >= 0).all()
    assert ((bins >= 0) & (bins < LuckBins.N)).all()
    centre = LuckBins.centres()[bins]
    inside = (np.abs(x) >= 1e-3) & (np.abs(x) < 1e8)
    assert (np.sign(centre[inside]) == np.sign(x[inside])).all()
    assert centre[inside] == pytest.approx(x[inside], rel=0.0601)
    assert (centre[np.abs(x) < 1e-3] == 0.0).all()


# Drawn beliefs ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("korea")


@pytest.fixture(scope="module")
def sample(case: Case) -> BeliefSample:
    return sample_beliefs(case, 2048, seed=5)


def test_draws_stay_within_bounds(case: Case, sample: BeliefSample) -> None:
    """Every drawn number lies within the bounds of its parameter, in every world."""
    for world in case.worlds:
        view = world_beliefs(case, world, sample.beliefs)
        for key, parameter in case.parameters.items():
            low, high = parameter.bounds
            for element in parameter.elements:
                name = flat_name(key, element)
                if key in Column.__members__:
                    values = view.ch[:, :, Column[key]]
                elif name in Scalar.__members__:
                    values = view.par[:, Scalar[name]]
                else:
                    continue
                assert ((values >= low) & (values <= high)).all(), (world.id, name)
        assert np.isfinite(view.par).all()
        assert np.isfinite(view.ch).all()


def test_values_without_a_range_stay_central(case: Case, sample: BeliefSample) -> None:
    """A parameter that no range and no common factor moves keeps its central value."""
    central = central_beliefs(case)
    for key, parameter in case.parameters.items():
        if parameter.draws or parameter.risk_factor or key in Column.__members__:
            continue
        for element in parameter.elements:
            name = flat_name(key, element)
            if name in Scalar.__members__:
                place = Scalar[name]
                assert (sample.beliefs.par[:, place] == central.par[place]).all(), name


def test_shares_sum_to_one(sample: BeliefSample) -> None:
    """Start law of receptivity and severities stay probability laws in every draw."""
    for names in (("R0_0", "R0_1", "R0_2"), ("p_sev2", "p_sev3", "p_sev4", "p_sev5")):
        shares = sample.beliefs.par[:, [Scalar[n] for n in names]]
        assert shares.sum(axis=1) == pytest.approx(1.0, rel=1e-12)
        assert (shares >= 0).all()


def test_tie_effects_share_a_latent_efficacy(case: Case, sample: BeliefSample) -> None:
    """0.4: rank correlation .5 with omega_tie, of the printed sign; pairs near .26 of rank."""
    helps = {"e_f", "e_KC", "e_w", "q_tie", "gamma_D", "b_off", "b_n", "b_Rel", "b_A", "e_K",
             "c_gain", "e_inst"}  # fmt: skip
    harms = {"l_m", "gamma_L", "gamma_MH", "zeta", "p_dec", "f_F", "xi_TB", "xi_L", "chi"}
    signs = {k: p.tie_effect.sign for k, p in case.parameters.items() if p.tie_effect is not None}
    assert {**dict.fromkeys(helps, 1), **dict.fromkeys(harms, -1)} == signs
    omega = sample.quantities["omega_tie"]
    for key, sign in signs.items():
        (drawn,) = (x for name, x in sample.quantities.items() if name in (key, f"{key}_times"))
        rho = stats.spearmanr(drawn, omega).statistic
        assert 0.5 * sign == pytest.approx(rho, abs=0.05), key
    pair = stats.spearmanr(sample.quantities["e_f"], sample.quantities["zeta"]).statistic
    assert -6 / math.pi * math.asin(0.268 / 2) == pytest.approx(pair, abs=0.06)


def test_other_quantities_are_independent(case: Case, sample: BeliefSample) -> None:
    """Quantities outside the set have no rank correlation with either common factor."""
    effects = {k for k, p in case.parameters.items() if p.tie_effect is not None}
    for name in ("lam0", "W0", "h_A", "q01", "kappa"):
        assert name not in effects
        drawn = next(x for n, x in sample.quantities.items() if n in (name, f"{name}_times"))
        for factor in ("omega_tie", "omega_risk"):
            assert abs(stats.spearmanr(drawn, sample.quantities[factor]).statistic) < 0.06, name


def test_base_risks_rise_and_fall_together(case: Case, sample: BeliefSample) -> None:
    """0.4: omega_risk is lognormal of log-sd .5 and lifts every base risk, then they are clipped."""
    omega = sample.quantities["omega_risk"]
    assert 0.5 == pytest.approx(np.log(omega).std(), abs=0.01)
    assert 1.0 == pytest.approx(float(np.median(omega)), abs=0.01)
    scaled = {flat_name(k, e) for k, p in case.parameters.items() for e in p.risk_factor}
    expected = {"lam_acc", "q_on2", "q_on3", "q_on4", "q_on5", "fb3", "fb4", "lam_FA"}
    assert expected == scaled
    for name in scaled - {"q_on2"}:
        risk = sample.beliefs.par[:, Scalar[name]]
        assert stats.spearmanr(risk, omega).statistic > 0.3, name


def test_samples_repeat_and_differ_by_seed(case: Case) -> None:
    """The same seed gives the same vectors; another seed others; no ranges, one central vector."""
    one, two, other = (sample_beliefs(case, 8, seed) for seed in (1, 1, 2))
    assert one.beliefs.par.tobytes() == two.beliefs.par.tobytes()
    assert one.beliefs.par.tobytes() != other.beliefs.par.tobytes()
    modes = sample_beliefs(case, 8, 1, ranges=False)
    assert (1, {}) == (modes.n_draws, modes.quantities)
    assert np.array_equal(modes.beliefs.par[0], central_beliefs(case).par)


# Metrics ---------------------------------------------------------------------------------------


def test_metrics_are_finite_for_drawn_parameters(case: Case, sample: BeliefSample) -> None:
    """Every metric of every future is a number, for 64 draws in each world and ten policies."""
    plan = pack_design(case, [p.id for p in case.policies][:10])
    for world in case.worlds:
        drawn = Beliefs(sample.beliefs.par[:16], sample.beliefs.ch[:16])
        view = world_beliefs(case, world, drawn)
        out = simulate_replicates(plan, view, 3, 0, 4)
        assert np.isfinite(out).all()
        top, bottom = metric_values(out, case.weights, view.par[:, Scalar.vsl_musd])
        assert top.shape == (4, 16, 10, len(METRICS) + len(EXTRAS))
        assert np.isfinite(top).all()
        assert (bottom >= 0).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1e9), min_size=len(Out), max_size=len(Out)), st.floats(0.1, 100.0))
def test_metrics_of_any_account_are_finite(account: list[float], vsl: float) -> None:
    """No account of non-negative sums, empty or huge, gives anything but numbers."""
    out = np.array(account).reshape(1, 1, 1, -1)
    weights = {"fatalities": 1.0, "programme_cost": 1.0, "arsenal_warheads": 0.5}
    top, bottom = metric_values(out, weights, np.array([vsl]))
    assert np.isfinite(top).all()
    assert np.isfinite(bottom).all()
