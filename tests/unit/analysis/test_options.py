"""Rights to act later against printed examples, closed forms and a lattice."""

from __future__ import annotations

import math

import numpy as np
import pytest

from openchannel.analysis.options import (
    find_rule,
    invest_now_or_wait,
    lattice_value,
    perpetual_option,
)

# Longstaff and Schwartz (2001), section 1: prices at three dates, strike 1.10, rate 6 %.
_EIGHT = np.array(
    [
        [1.09, 1.08, 1.34],
        [1.16, 1.26, 1.54],
        [1.22, 1.07, 1.03],
        [0.93, 0.97, 0.92],
        [1.11, 1.56, 1.52],
        [0.76, 0.77, 0.90],
        [0.92, 0.84, 1.01],
        [0.88, 1.22, 1.34],
    ]
)


def test_eight_paths_give_the_printed_values() -> None:
    """American 0.1144 and European 0.0564, to the digits printed."""
    discount = math.exp(-0.06)
    payoff = 1.10 - _EIGHT
    american = find_rule(_EIGHT, payoff, discount).value(_EIGHT, payoff, discount)
    european = np.maximum(payoff[:, -1], 0.0).mean() * discount**3
    assert american.mean == pytest.approx(0.1144, abs=5e-5)
    assert european == pytest.approx(0.0564, abs=5e-5)


def test_a_rule_on_fresh_paths_agrees_with_the_lattice() -> None:
    """An American put (36, strike 40, 6 %, 20 %, one year): 4.478 by finite differences.

    The found rule on fresh paths may lie below by what quadratic regression misses (1 %), and above
    by luck alone: four standard errors, once in 30,000 seeds.
    """
    rng = np.random.default_rng(7)
    n, dates = 20_000, 50
    step = 1.0 / dates
    moves = 0.04 * step + 0.2 * math.sqrt(step) * rng.standard_normal((2, n, dates))
    prices = 36.0 * np.exp(np.cumsum(moves, axis=2))
    payoff = 40.0 - prices
    discount = math.exp(-0.06 * step)
    found = find_rule(prices[0], payoff[0], discount).value(prices[1], payoff[1], discount)
    exact = lattice_value(36.0, lambda s: 40.0 - s, 0.06, 0.2, 1.0, 1000)
    assert exact == pytest.approx(4.486, abs=0.01)
    assert 0.99 * exact - 4 * found.mcse < found.mean < exact + 4 * found.mcse


def test_a_perpetual_right_is_used_at_twice_the_cost() -> None:
    """Rate and payout 4 %, volatility 20 %: power 2, so the trigger is 2 and the value V² / 4."""
    value, trigger = perpetual_option(1.0, 1.0, 0.04, 0.04, 0.2)
    assert trigger == pytest.approx(2.0)
    assert value == pytest.approx(0.25)
    assert perpetual_option(3.0, 1.0, 0.04, 0.04, 0.2)[0] == pytest.approx(2.0)


def test_the_widget_factory_waits() -> None:
    """Dixit and Pindyck, chapter 2: 600 now, 850 / 1.1 a year later."""
    now, wait = invest_now_or_wait(200.0, 300.0, 100.0, 0.5, 1600.0, 0.10)
    assert now == pytest.approx(600.0)
    assert wait == pytest.approx(850.0 / 1.1)
