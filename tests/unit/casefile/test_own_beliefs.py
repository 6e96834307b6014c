"""One's own beliefs: what a statement means as a law, what is refused, and what the case becomes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from openchannel.casefile import load_case
from openchannel.casefile.own_beliefs import OwnBeliefs, parse_own, read_own
from openchannel.casefile.own_case import OWN_WORLD, apply_own
from openchannel.casefile.own_laws import Exactly, Quantiles, Spread, centre, law_of, rescaled
from openchannel.domain import Case, Discrete, LogNormal, LogUniform, Pert, Uniform
from openchannel.ensemble.design import quantile, sample_beliefs
from openchannel.errors import UserError
from openchannel.kernel.keys import Column
from openchannel.model import world_beliefs
from openchannel.model.pack import get, place


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("korea")


# --- laws -----------------------------------------------------------------------------------

FAMILIES = [
    Pert(0.0, 0.1, 1.0),
    Pert(-1.0, 0.9, 1.0),
    Uniform(0.0, 3.0),
    LogUniform(0.1, 10.0),
    LogNormal(1.0, 0.5),
    Discrete((1.0, 5.0), (0.5, 0.5)),
]


@pytest.mark.parametrize("family", FAMILIES)
def test_lo_to_hi_are_the_5_and_95_per_cent_points(family):
    """In every family of laws, to nine digits."""
    law = law_of(Spread(0.2, 0.7), family)
    assert quantile(law, np.array([0.05, 0.95])) == pytest.approx([0.2, 0.7], rel=1e-9)


@pytest.mark.parametrize("family", FAMILIES[:5])
def test_a_range_keeps_the_family_of_the_case(family):
    """A PERT stays a PERT, a law of ratios one of ratios."""
    assert type(law_of(Spread(0.2, 0.7), family)) is type(family)


def test_a_pert_keeps_the_share_of_its_width_at_which_the_mode_lies():
    """The shape is that of the case, moved and stretched."""
    law = law_of(Spread(0.2, 0.7), Pert(0.0, 0.1, 1.0))
    assert isinstance(law, Pert)
    assert (law.mode - law.low) / (law.high - law.low) == pytest.approx(0.1)


def test_quantiles_are_met_and_never_fall():
    """Within a step of the table, three in a thousand; the curve between them rises."""
    stated = Quantiles((0.05, 0.1, 0.5, 0.9), (0.1, 0.15, 0.2, 0.8))
    law = law_of(stated, Uniform(0, 1))
    met = quantile(law, np.array(stated.probabilities))
    assert met == pytest.approx(stated.values, abs=0.003)
    assert (np.diff(quantile(law, np.linspace(0.001, 0.999, 999))) >= 0).all()


def test_quantiles_of_a_normal_law_give_it_back():
    """Two quantiles of a normal law make a straight line in normal scores, tails and all."""
    law = law_of(Quantiles((0.16, 0.84), (-0.99446, 0.99446)), Uniform(0, 1))
    u = np.array([0.01, 0.25, 0.5, 0.75, 0.99])
    assert quantile(law, u) == pytest.approx([-2.326, -0.674, 0, 0.674, 2.326], abs=0.02)


def test_probabilities_nought_and_one_are_limits():
    """No draw lies beyond them, however rare."""
    law = law_of(Quantiles((0.0, 0.1, 0.9, 1.0), (0.0, 0.1, 0.9, 1.0)), Uniform(0, 1))
    assert (quantile(law, np.array([1e-6, 1 - 1e-6])) == [0.0, 1.0]).all()


@pytest.mark.parametrize("law", [*FAMILIES[:5], law_of(Quantiles((0.1, 0.9), (1, 2)), FAMILIES[0])])
def test_a_law_moves_with_its_number(law):
    """Three times the number has three times every quantile."""
    u = np.linspace(0.01, 0.99, 9)
    assert quantile(rescaled(law, times=3.0), u) == pytest.approx(3.0 * quantile(law, u))


def test_the_centre_of_a_number_held_is_the_number():
    """`modes` then holds just that."""
    assert centre(law_of(Exactly(0.3), Pert(0, 0.5, 1))) == 0.3


# --- the case as its writer sees it -----------------------------------------------------------

HAWK = """
title: A hawk's beliefs
case: korea
beliefs:
  gamma_D: -0.1 to 0.1
  e_f: 0.1
  lam0: {quantiles: {0.1: 0.15, 0.5: 0.2, 0.9: 0.35}}
  q01: 0.05 to 0.2
  rho: {times: 0.4 to 0.9}
  iota_D: {plus: -0.2 to 0}
  fb: {of: [4], times: 0.5 to 2}
  lam_acc: 0.02 to 0.04
  lam_FA: 0.01 to 3
  lam_cut:
    - {of: [UNC], set: 0.01 to 0.05}
    - {of: [NYC, THP], times: 0.5 to 2}
modules: {crisis: W2, tension: W2}
"""


@pytest.fixture(scope="module")
def own(case: Case) -> OwnBeliefs:
    return parse_own(HAWK, case)


@pytest.fixture(scope="module")
def drawn(case: Case, own: OwnBeliefs):
    believed = apply_own(case, own)
    sample = sample_beliefs(believed, 2048, 1)
    view = world_beliefs(believed, believed.worlds[0], sample.beliefs)

    def values(key: str, element: str = "") -> np.ndarray:
        where = place(believed, key, element)
        assert where is not None
        return get(view, where)

    return values, sample.quantities


@pytest.mark.parametrize(
    ("key", "element", "low", "high"),
    [
        ("gamma_D", "", -0.1, 0.1),
        ("q01", "", 0.05, 0.2),
        ("rho", "INT", 0.65 * 0.4, 0.65 * 0.9),
        ("iota_D", "SEN", 0.4 - 0.2, 0.4),
        ("fb", "4", 0.06, 0.24),
        ("lam_acc", "", 0.02, 0.04),
        ("lam_FA", "", 0.01, 3.0),
        ("lam_cut", "UNC", 0.01, 0.05),
        ("lam_cut", "NYC", 0.04, 0.16),
    ],
)
def test_what_is_drawn_has_the_stated_range(drawn, key: str, element: str, low: float, high: float):
    """Also where base risks share a common factor, whose part the law leaves to it."""
    values, _ = drawn
    assert np.quantile(values(key, element), [0.05, 0.95]) == pytest.approx([low, high], rel=0.03)


def test_numbers_and_quantiles_are_held_as_stated(drawn):
    """A number is the same in every draw; quantiles are those of the draws."""
    values, _ = drawn
    assert set(values("e_f")) == {0.1}
    assert np.quantile(values("lam0"), [0.1, 0.5, 0.9]) == pytest.approx(
        [0.15, 0.2, 0.35], rel=0.01
    )


def test_a_school_speaks_in_its_module_and_own_beliefs_come_first(drawn):
    """W2 holds zeta .4 and e_f .1 in the crisis module; p_trade belongs to another."""
    values, _ = drawn
    assert set(values("zeta")) == {0.4}
    assert set(values("gamma_L")) == {0.25}
    assert values("gamma_D").std() > 0.01
    assert len(set(values("p_trade"))) > 1000


def test_dependence_is_kept(drawn):
    """gamma_D still follows the common efficacy; lam_FA the common factor, which is narrower."""
    values, quantities = drawn
    omega = quantities["omega_tie"]
    assert np.corrcoef(omega, values("gamma_D"))[0, 1] > 0.4
    risk = np.log(quantities["omega_risk"])
    assert np.corrcoef(risk, np.log(values("lam_FA")))[0, 1] == pytest.approx(0.5 / 1.734, abs=0.05)
    assert abs(np.corrcoef(risk, values("lam_acc"))[0, 1]) < 0.05


def test_elements_that_are_not_named_stay_as_the_case_has_them(case: Case, drawn):
    """`lam_cut` is stated for three channels; the summits keep their range."""
    values, _ = drawn
    before = sample_beliefs(case, 2048, 1).beliefs
    where = place(case, "lam_cut", "SUM")
    assert where is not None
    points = [0.05, 0.5, 0.95]
    assert np.quantile(values("lam_cut", "SUM"), points) == pytest.approx(
        np.quantile(get(before, where), points), rel=0.02
    )


def test_the_case_has_one_world_and_a_fingerprint_of_its_own(case: Case, own: OwnBeliefs):
    """The same text gives the same fingerprint from any file; another text another."""
    believed = apply_own(case, own)
    assert [w.id for w in believed.worlds] == [OWN_WORLD]
    assert believed.worlds[0].title == "A hawk's beliefs"
    assert believed.fingerprint not in ("", case.fingerprint)
    again = apply_own(case, parse_own(own.text, case, "elsewhere.yaml"))
    assert again.fingerprint == believed.fingerprint
    assert apply_own(case, parse_own(HAWK + "note: x\n", case)).fingerprint != believed.fingerprint


def test_central_values_are_the_centres_of_what_is_stated(case: Case, own: OwnBeliefs):
    """`--beliefs modes` under one's own beliefs."""
    parameters = apply_own(case, own).parameters
    assert parameters["e_f"].value == 0.1
    assert parameters["q01"].value == pytest.approx(0.1)
    assert parameters["lam0"].value == pytest.approx(0.2, rel=1e-3)
    assert parameters["fb"]["4"] == pytest.approx(0.12)
    assert parameters["fb"]["3"] == case.parameters["fb"]["3"]


def test_no_belief_changes_no_draw(case: Case):
    """An empty statement is the case itself, draw by draw."""
    believed = apply_own(case, parse_own("title: None\n", case))
    one, two = (sample_beliefs(c, 32, 1).beliefs for c in (case, believed))
    assert np.array_equal(one.par, two.par)
    assert np.array_equal(one.ch, two.ch)


@pytest.mark.parametrize("world", ["W1", "W2", "W3", "W4", "W5"])
@pytest.mark.parametrize("ranges", [True, False])
def test_a_school_chosen_for_every_module_is_that_school(case: Case, world: str, ranges: bool):
    """Draw by draw, with what W3 puts at its null and what W4 multiplies.

    W4 halves `rho` after its bounds have cut a few draws, own beliefs before.
    """
    modules = {p.module: world for p in case.parameters.values()}
    believed = apply_own(case, parse_own(json.dumps({"modules": modules}) + "\n", case))
    drawn = sample_beliefs(case, 32, 1, ranges=ranges).beliefs
    theirs = world_beliefs(case, case.world(world), drawn)
    mine = sample_beliefs(believed, 32, 1, ranges=ranges).beliefs
    assert believed.worlds[0].overrides == ()
    assert mine.par == pytest.approx(theirs.par, rel=1e-12)
    if world == "W4":
        cut = 0.5 * case.parameters["rho"].bounds[1]
        mine.ch[..., Column.rho] = np.minimum(mine.ch[..., Column.rho], cut)
    assert mine.ch == pytest.approx(theirs.ch, rel=1e-12)


def test_a_belief_of_ones_own_is_marked_as_a_judgement(case: Case, own: OwnBeliefs):
    """Whatever grade the case's number has; what the case says of it is kept."""
    before, after = case.parameters["lam0"], apply_own(case, own).parameters["lam0"]
    assert (before.grade, after.grade) == ("A", "C")
    assert after.reasoning.startswith("A hawk's beliefs: stated in a file")
    assert before.reasoning in after.reasoning
    assert apply_own(case, own).parameters["vsl_musd"] == case.parameters["vsl_musd"]


def test_a_school_holds_its_own_module_alone(case: Case):
    """W3 chosen for crises puts the ties' effects on crises at their nulls, and no others."""
    believed = apply_own(case, parse_own("modules: {crisis: W3}\n", case))
    changed = {k for k, p in believed.parameters.items() if p != case.parameters[k]}
    assert changed == {"e_f", "zeta", "e_K", "e_KC"}


# --- mistakes ---------------------------------------------------------------------------------

MISTAKES = {
    "beliefs: {gama_D: 0.1}": ("1:11", "no parameter `gama_D`", "gamma_D"),
    "beliefs: {fb3: 0.1}": ("1:11", "one element of the parameter `fb`", "of: [3]"),
    "beliefs: {e_f: 0.4 to 0.1}": ("1:16", "does not rise", "0.1 to 0.4"),
    "beliefs: {e_f: 0.4 to 0.4}": ("1:16", "does not rise", "0.4"),
    "beliefs: {e_f: 1.4}": ("1:16", "1.4 is out of bounds", "0 to 1"),
    "beliefs: {e_f: a lot}": ("1:16", "`a lot`", "`lo to hi`"),
    "beliefs: {e_f: {quantiles: {0.1: 0.5, 0.9: 0.2}}}": ("1:16", "do not rise", "order"),
    "beliefs: {e_f: {quantiles: {0.1: 0.5, 1: 0.6}}}": ("1:16", "fewer than two", "0.9"),
    "beliefs: {e_f: {quantiles: {x: 0.5, 0.5: 0.6}}}": ("1:16", "no probability", "0 to 1"),
    "beliefs: {e_f: {set: {at: 1, low: 0}}}": ("1:22", "more than one", "0.1 to 0.4"),
    "beliefs: {q01: 0 to 1}": ("1:16", "no ratio", "above 0"),
    "beliefs: {q01: {times: 1 to 1e300}}": ("1:24", "wider than", "nearer"),
    "beliefs: {lam_cut: 0.1 to 0.2}": ("1:20", "elements that differ", "times"),
    "beliefs: {rho: {of: [XYZ], times: 2}}": ("1:22", "no element `XYZ`", "SUM"),
    "beliefs: {rho: {times: -1}}": ("1:24", "-1 is out of bounds", "multiplier"),
    "beliefs: {rho: {of: [INT], set: 0.3, times: 2}}": ("1:16", "set, times", "exactly one"),
    "beliefs: {rho: [{of: [INT], set: 0.3}, {times: 2}]}": ("1:40", "two beliefs", "`of`"),
    "beliefs: {p_sev: {of: [2], set: 0.3}}": ("1:18", "shares", "openchannel new"),
    "modules: {crises: W2}": ("1:11", "no module `crises`", "crisis"),
    "modules: {crisis: W9}": ("1:19", "no world `W9`", "W1"),
    "case: japan": ("1:7", "about the case `japan`", "korea"),
    "believes: {e_f: 1}": ("1:1", "no field `believes`", "beliefs"),
    "beliefs: {e_f: 0.1, e_f: 0.2}": ("1:21", "repeated", "once"),
}  # fmt: skip


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_told_with_its_place_and_its_cure(case: Case, text: str):
    """One problem each: line and column, what is wrong, and what would be right."""
    where, wrong, help_ = MISTAKES[text]
    with pytest.raises(UserError) as caught:
        parse_own(text + "\n", case, "mine.yaml")
    (problem,) = caught.value.problems
    assert problem.where == f"mine.yaml:{where}"
    assert wrong in problem.wrong
    assert help_ in f"{problem.allowed} {problem.mend}"


def test_all_mistakes_are_told_at_once(case: Case):
    """Of shape and of meaning together, in the order of the file."""
    text = "beliefs:\n  gama_D: 1\n  e_f: a lot\n  zeta: 9\nmodules: {crises: W2}\nx: 1\n"
    with pytest.raises(UserError) as caught:
        parse_own(text, case, "mine.yaml")
    assert [p.line for p in caught.value.problems] == [2, 3, 4, 5, 6]


def test_a_file_that_is_not_there_is_a_problem(case: Case, tmp_path: Path):
    """Of the user's, to be mended, and no traceback."""
    with pytest.raises(UserError, match="does not exist"):
        read_own(tmp_path / "nothing.yaml", case)


def test_a_file_is_read_like_its_text(case: Case, tmp_path: Path, own: OwnBeliefs):
    """What a manifest keeps is enough to read the beliefs again."""
    (tmp_path / "hawk.yaml").write_text(HAWK, encoding="utf-8")
    read = read_own(tmp_path / "hawk.yaml", case)
    assert (read.beliefs, read.fingerprint) == (own.beliefs, own.fingerprint)
