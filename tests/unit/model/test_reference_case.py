"""The case `korea-reference` against the second, independent transcription of the tables."""

from __future__ import annotations

import numpy as np
import pytest
from naive import reference_values as ref

from openchannel.casefile import load_case
from openchannel.domain import Case
from openchannel.kernel.keys import Column, Lever, Rule, Scalar
from openchannel.model import central_beliefs, pack_design, required_names


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("korea-reference")


def test_every_scalar_is_the_printed_one(case: Case) -> None:
    """Parameter by parameter, two readers of the tables agree."""
    par = central_beliefs(case).par
    printed = {**ref.PARAMETERS, "disc": 0.0}  # the E4 run is undiscounted (I, 7)
    apart = {
        name: (printed[name], float(par[place]))
        for name, place in Scalar.__members__.items()
        if printed[name] != pytest.approx(par[place], rel=1e-9)
    }
    assert {} == apart


def test_every_channel_column_is_the_printed_one(case: Case) -> None:
    """Channel by channel and column by column; the order and the slots of channels too."""
    assert list(ref.CHANNELS) == [c.id for c in case.channels]
    assert list(ref.SLOTS) == [c.slot for c in case.channels]
    ch = central_beliefs(case).ch
    for name, place in Column.__members__.items():
        assert ref.COLUMNS[name] == pytest.approx(ch[:, place].tolist(), rel=1e-12), name


@pytest.mark.parametrize("policy", ref.POLICIES)
def test_every_policy_is_the_printed_one(case: Case, policy: str) -> None:
    """Levers, contacts a year and rules of B2 and B3."""
    plan = pack_design(case, [policy])
    levers, cadence = ref.POLICIES[policy]
    packed = dict(zip(Lever.__members__, plan.lever[0, 1].tolist(), strict=True))
    # `rights` is an agenda lever that the tables do not print.
    for name in set(levers) - {"rights"}:
        assert levers[name] == pytest.approx(packed[name]), name
    assert list(cadence) == plan.cadence[0, 1].tolist()
    rules = dict(zip(Rule.__members__, plan.rule[0].tolist(), strict=True))
    assert ref.RULES[policy] == rules


def test_calendar(case: Case) -> None:
    """Inaugurations at weeks 110 and 318 by hand, exercises in the printed weeks, ten years."""
    plan = pack_design(case, ["P0"])
    assert 520 == plan.n_weeks
    assert sorted(ref.CALENDAR.inaugurations) == np.flatnonzero(plan.inauguration).tolist()
    assert sorted(ref.CALENDAR.exercises) == sorted(set(np.flatnonzero(plan.exercise) % 52))


def test_nothing_is_missing(case: Case) -> None:
    """Every name that the kernel asks for has a number in both built-in cases."""
    for found in (case, load_case("korea")):
        beliefs = central_beliefs(found)
        assert np.isfinite(beliefs.par).all()
        assert np.isfinite(beliefs.ch).all()
    names = required_names()
    assert frozenset(Scalar.__members__) == names["scalar"]
    assert frozenset(Column.__members__) == names["column"]
