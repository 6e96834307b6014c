"""Closed forms of ties, receptivity and agreements (E2.4, E2.8, E2.9)."""

from __future__ import annotations

import math
import random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from . import politics, ties
from . import reference_values as ref
from .draws import weekly
from .philox import uniforms
from .record import Inputs, begin_future, begin_week, put_in_force


def inputs(u: Any, columns: dict[str, list[float]] = ref.COLUMNS, **changes: float) -> Inputs:
    par, ch = SimpleNamespace(**{**ref.PARAMETERS, **changes}), SimpleNamespace(**columns)
    rules = SimpleNamespace(**ref.RULES["P7"])
    return Inputs(par, ch, ref.SLOTS, ref.stages("P7"), rules, ref.CALENDAR, u)


def receptivity_after(R: int, u: float) -> int:
    inp = inputs(lambda *_: u, b_off=0.0)
    f, w = begin_future(inp), begin_week(inp, 0)
    put_in_force(inp, f, w)
    f.st.R, f.st.theta = R, 0.0
    ties.receptivity(inp, f, w)
    return int(f.st.R)


def test_receptivity_rates_and_their_long_run_law() -> None:
    """E2.8: one uniform, up in its lower part, down above it; (.6316, .2211, .1474) in the end."""
    edges = {(0, 0.35): (1, 0), (1, 0.6): (2, 0), (1, 0.6 + 1.0): (0, 1), (2, 0.9): (1, 2)}
    for (R, rate), (below, above) in edges.items():
        assert below == receptivity_after(R, rate / 52 - 1e-9)
        assert above == receptivity_after(R, rate / 52 + 1e-9)
    weights = np.cumprod([1.0, 0.35 / 1.0, 0.6 / 0.9])
    assert [0.6316, 0.2211, 0.1474] == pytest.approx(list(weights / weights.sum()), abs=0.6e-4)


@pytest.mark.parametrize(
    ("channel", "per_year", "plain", "with_turnover"),
    [("INT", 6, 0.6118, 0.5301), ("GOT", 6, 0.5118, 0.4310), ("NYC", 24, 0.6381, 0.5958),
     ("UNC", 150, 0.6360, 0.6100), ("DEF", 4, 0.4110, 0.3139)],
)  # fmt: skip
def test_steady_tie(channel: str, per_year: float, plain: float, with_turnover: float) -> None:
    """E2.4: the printed means follow from the formula, and the tie step keeps to them."""
    c = ref.CHANNELS.index(channel)
    column = {name: values[c] for name, values in ref.COLUMNS.items()}
    k, rho = math.exp(-column["g"] * per_year / 52), 2 ** (-1 / column["HL"])
    for turnover, printed in ((0.0, plain), (1.0, with_turnover)):
        p = weekly(turnover * column["lam_D"])
        f = 1 - p * (1 - column["iota_D"])
        assert printed == pytest.approx(f * (1 - k) / (1 - f * rho * k), abs=0.6e-4)
        got = mean_tie(c, per_year, turnover)
        assert printed == pytest.approx(got, abs=0.04)


def mean_tie(c: int, per_year: float, turnover: float, weeks: int = 12000) -> float:
    """Mean tie of one open channel over a long time, R = 2, no inst, none of our own turnover."""
    one = {name: [values[c]] for name, values in ref.COLUMNS.items()}
    one |= {"lam_U": [0.0], "lam_D": [turnover * one["lam_D"][0]]}
    generator = random.Random(c)
    inp = inputs(lambda *_: generator.random(), one)
    inp = Inputs(inp.p, inp.ch, [0], inp.stages, inp.rules, inp.calendar, inp.u)
    f = begin_future(inp)
    f.st.R, f.O, f.s, total = 2, [1], [0.5], 0.0
    for t in range(weeks):
        w = begin_week(inp, t)
        w.levers, w.cadence = SimpleNamespace(inst=0.0), [per_year]
        ties.contacts(inp, f, w)
        total += f.s[0]
    return total / weeks


def test_agreement_lifetimes() -> None:
    """E2.9: exponential with mean 1 / h_A; a Weibull shape keeps the hazard at its age of one."""
    inp = inputs(uniforms(1, 0))
    f, w = begin_future(inp), begin_week(inp, 0)
    f.st.ag, f.st.theta, w.S = 1, 0.0, 0.0
    rate = politics._collapse_rate(inp, f, w)
    assert pytest.approx(rate) == 0.26
    assert pytest.approx((1 - weekly(rate)) ** 208, abs=0.6e-3) == 0.353
    inp.p.h_A_shape = 0.7
    f.st.ag_age = 51
    assert pytest.approx(politics._collapse_rate(inp, f, w)) == 0.26 * 0.7 * 0.26**-0.3
