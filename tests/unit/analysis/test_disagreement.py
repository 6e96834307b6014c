"""Two sides' beliefs: which differ, and what must hold of the shares they carry."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from openchannel.analysis.contributions import METRICS, LedgerPlan
from openchannel.analysis.disagreement import measure_disagreement
from openchannel.analysis.opinions import Opinion, differences
from openchannel.casefile.own_beliefs import parse_own
from openchannel.casefile.own_case import apply_own
from openchannel.domain import Case, Override, World
from openchannel.kernel.keys import Scalar

from .short_case import one_year

PLAN = LedgerPlan(8, 2, 2, ranges=True)


@pytest.fixture(scope="module")
def case() -> Case:
    return one_year()


def default(case: Case) -> Opinion:
    return Opinion(case, (case.world("W5"),), ranges=True)


def own(case: Case, text: str) -> Opinion:
    believed = apply_own(case, parse_own(text, case))
    return Opinion(believed, believed.worlds, ranges=True)


def test_a_side_agrees_with_itself(case: Case):
    """Also with one who states nothing."""
    assert differences(default(case), default(case), 1) == ()
    assert differences(default(case), own(case, "title: The same\n"), 1) == ()


def test_the_only_difference_carries_the_whole_disagreement(case: Case):
    """First, last and average are then one and the same, to the bit."""
    found = measure_disagreement(default(case), own(case, "beliefs: {gamma_D: -0.1}\n"), PLAN, 3)
    assert [d.parameter.key for d in found.differences] == ["gamma_D"]
    for metric in METRICS:
        step = found.steps[metric]["gamma_D"]
        assert step.first == step.last == step.shapley == found.total[metric]
        assert found.modules[metric] == {"tension": found.total[metric]}
        assert not step.depends_on_order
    assert found.total["p_war"].mean != 0.0


SEVERAL = """
beliefs:
  e_f: 0 to 0.1
  h_H: 1 to 2
  lam_cut: {of: [UNC], set: 0.1}
  persist_scale: 0.5
  g_press: 0
  rho: {times: 0.5 to 0.8}
modules: {downside: W2}
"""


def test_only_what_differs_is_swapped_and_the_shares_add_up(case: Case):
    """A belief equal to the default is no difference, nor are other elements of a parameter."""
    found = measure_disagreement(default(case), own(case, SEVERAL), PLAN, 3, threads=2)
    keys = [d.parameter.key for d in found.differences]
    assert keys == ["e_f", "f_F", "h_H", "lam_cut", "p_dec", "persist_scale", "rho"]
    by_key = {d.parameter.key: d for d in found.differences}
    assert list(by_key["lam_cut"].mine) == ["UNC"]
    assert by_key["p_dec"].yours[""] == (0.02, 0.02, 0.02)
    assert len(by_key["rho"].mine) == 11
    for metric in METRICS:
        shares = [s.shapley.mean for s in found.steps[metric].values()]
        assert sum(shares) == pytest.approx(found.total[metric].mean, rel=1e-9, abs=1e-12)
        modules = [m.mean for m in found.modules[metric].values()]
        assert sum(modules) == pytest.approx(found.total[metric].mean, rel=1e-9, abs=1e-12)
        gap = found.yours[metric].mean - found.mine[metric].mean
        assert gap == pytest.approx(found.total[metric].mean, rel=1e-9, abs=1e-12)


def test_a_new_range_shifts_no_other_coordinate(case: Case):
    """`persist_scale` has no range in the case; the other side's draws of the rest stay put."""
    assert case.parameters["persist_scale"].draws == ()
    found = differences(default(case), own(case, "beliefs: {persist_scale: 0.2 to 0.9}\n"), 1)
    assert [d.parameter.key for d in found] == ["persist_scale"]


def test_the_reverse_comparison_has_the_opposite_sign(case: Case):
    """From the second side to the first, on the same luck."""
    there = own(case, "beliefs: {gamma_D: -0.1, e_f: 0}\n")
    one = measure_disagreement(default(case), there, PLAN, 3)
    back = measure_disagreement(there, default(case), PLAN, 3)
    for key in ("gamma_D", "e_f"):
        here, reverse = (x.steps["p_war"][key].shapley.mean for x in (one, back))
        assert here == pytest.approx(-reverse, rel=1e-9)


def test_several_worlds_are_a_mixture_by_weight(case: Case):
    """Of 64 draws, three quarters hold what the world of weight .75 holds."""
    worlds = (
        World("a", "", "", 0.75, (Override("e_f", (), "set", 0.11),)),
        World("b", "", "", 0.25, (Override("e_f", (), "set", 0.22),)),
    )
    drawn = Opinion(case, worlds, ranges=True).draw(64, 5).par[:, Scalar.e_f]
    assert abs((drawn == 0.11).sum() - 48) <= 1
    assert set(drawn.tolist()) == {0.11, 0.22}


def test_central_values_are_one_vector_whatever_the_draws(case: Case):
    """So that they pair with any number of the other side's."""
    side = replace(default(case), ranges=False)
    drawn = side.draw(4, 1)
    assert np.array_equal(drawn.par, np.repeat(drawn.par[:1], 4, axis=0))
