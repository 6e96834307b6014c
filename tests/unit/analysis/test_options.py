"""Rights to act later against printed examples, closed forms and a lattice."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from openchannel.analysis.options import (
    WAIT,
    Rights,
    backward_induction,
    find_by_least_squares,
    find_on_cells,
    follow,
)

F8 = NDArray[np.float64]

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


def _quadratic(state: F8) -> F8:
    return np.stack([np.ones(len(state)), state[:, 0], state[:, 0] ** 2], axis=1)


def _put(prices: F8, strike: float, discount: float) -> Rights:
    """The right to sell at the strike, worth its payoff discounted to before the first date."""
    payoff = strike - prices
    when = discount ** (np.arange(prices.shape[1]) + 1.0)
    n = len(prices)
    return Rights(prices[..., None], (payoff * when)[None], np.zeros(n), payoff > 0.0, np.ones(n))


def _tree(
    payoff: F8, rate: float, payout: float, sigma: float, years: float
) -> tuple[list[F8], F8, F8]:
    """A binomial lattice for `backward_induction`; payoff is float64[price] by log-price node."""
    steps = (len(payoff) - 1) // 2
    step = years / steps
    up = math.exp(sigma * math.sqrt(step))
    p = (math.exp((rate - payout) * step) - 1 / up) / (up - 1 / up)
    n = len(payoff)
    move = np.zeros((n, n))
    move[np.arange(n - 1), np.arange(1, n)] = p
    move[np.arange(1, n), np.arange(n - 1)] = 1 - p
    move *= math.exp(-rate * step)
    return [move] * steps, np.zeros((steps + 1, n)), np.tile(payoff, (1, steps + 1, 1))


def _nodes(start: float, sigma: float, years: float, steps: int) -> F8:
    return start * np.exp(sigma * math.sqrt(years / steps) * np.arange(-steps, steps + 1))


def test_eight_paths_give_the_printed_values() -> None:
    """American 0.1144 and European 0.0564, to the digits printed."""
    discount = math.exp(-0.06)
    right = _put(_EIGHT, 1.10, discount)
    american = follow(find_by_least_squares(right, _quadratic), right).brought.mean()
    at_end = replace(right, is_open=right.is_open & (np.arange(3) == 2))
    held = follow(find_by_least_squares(at_end, _quadratic), at_end)
    assert set(held.date) == {2, 3}, "used at the last date or never"
    european = held.brought.mean()
    assert american == pytest.approx(0.1144, abs=5e-5)
    assert european == pytest.approx(0.0564, abs=5e-5)


def test_a_put_by_least_squares_on_fresh_paths_agrees_with_the_lattice() -> None:
    """Price 36, strike 40, 6 %, 20 %, a year: 4.478 by the finite differences of the paper.

    The found rule on fresh paths may lie below by what quadratic regression misses (1 %), and above
    by luck alone: four standard errors, once in 30,000 seeds. The rule on cells, whose chances are
    counted, may miss 2 %, and what the lattice expects of itself is as near.
    """
    nodes = _nodes(36.0, 0.2, 1.0, 400)
    values, _ = backward_induction(*_tree(40.0 - nodes, 0.06, 0.0, 0.2, 1.0))
    exact = values[0, 400]
    assert exact == pytest.approx(4.486, abs=0.01)

    rng = np.random.default_rng(7)
    n, dates = 20_000, 50
    moves = 0.04 / dates + 0.2 / math.sqrt(dates) * rng.standard_normal((2, n, dates))
    prices = 36.0 * np.exp(np.cumsum(moves, axis=2))
    old, new = (_put(p, 40.0, math.exp(-0.06 / dates)) for p in prices)
    brought = follow(find_by_least_squares(old, _quadratic), new).brought
    error = brought.std(ddof=1) / math.sqrt(n)
    assert 0.99 * exact - 4 * error < brought.mean() < exact + 4 * error

    everywhere = [
        Rights(r.state, r.brings, r.never, np.ones_like(r.is_open), r.weight) for r in (old, new)
    ]
    edges = np.linspace(28.0, 42.0, 40)
    lattice = find_on_cells(everywhere[0], lambda s: np.digitize(s[:, 0], edges), 41)
    on_cells = follow(lattice, everywhere[1]).brought
    assert 0.98 * exact - 4 * error < on_cells.mean() < exact + 4 * error
    assert lattice.value == pytest.approx(exact, rel=0.02)


def test_a_perpetual_right_is_used_at_twice_the_cost() -> None:
    """Rate and payout 4 %, volatility 20 %: the closed form of McDonald and Siegel (1986).

    The power is 2, so the right is used at twice the cost and is worth V²/4 before: 0.25 at V = 1.
    The lattice ends after 150 years, which costs less than 1 %.
    """
    rate = payout = 0.04
    sigma = 0.2
    drift = (rate - payout) / sigma**2
    power = 0.5 - drift + math.sqrt((drift - 0.5) ** 2 + 2 * rate / sigma**2)
    trigger = power / (power - 1)
    assert trigger == pytest.approx(2.0)
    nodes = _nodes(1.0, sigma, 150.0, 600)
    values, gains = backward_induction(*_tree(nodes - 1.0, rate, payout, sigma, 150.0))
    assert values[0, 600] == pytest.approx((trigger - 1.0) / trigger**power, rel=0.01)
    used = nodes[(gains[0, 0] > -1e-12) & (nodes < 10.0)].min()
    assert used == pytest.approx(trigger, rel=0.06), "one node is 10 % from the next"


def test_the_widget_factory_waits() -> None:
    """Dixit and Pindyck, chapter 2: 600 if built now, 850 / 1.1 a year later; so it waits.

    Both solvers on the two futures there are: the price rises or falls for good.
    """
    price = np.array([[200.0, 300.0], [200.0, 100.0]])
    now = 200.0 + 200.0 / 0.1 - 1600.0
    later = (price[:, 1] * 11.0 - 1600.0) / 1.1
    right = Rights(
        price[..., None],
        np.stack([np.full(2, now), later], axis=1)[None],
        np.zeros(2),
        np.ones((2, 2), np.bool_),
        np.ones(2),
    )

    def line(state: F8) -> F8:
        return np.stack([np.ones(len(state)), state[:, 0]], axis=1)

    assert now == pytest.approx(600.0)
    for rule in (
        find_by_least_squares(right, line),
        find_on_cells(right, lambda s: np.digitize(s[:, 0], [150.0, 250.0]), 3),
    ):
        done = follow(rule, right)
        assert done.option.tolist() == [0, WAIT]
        assert done.date.tolist() == [1, 2]
        assert done.brought.mean() == pytest.approx(850.0 / 1.1)


def _period(capture: float) -> float:
    """Expected gain of a period of the toy: shocks with probability 0.2, worth 100."""
    return 0.2 * capture * 100.0


@pytest.mark.parametrize(("cost", "now", "piloted"), [(4.0, 10.0, 7.5), (12.0, 2.0, 4.5)])
def test_the_option_to_stop_flips_the_ranking(cost: float, now: float, piloted: float) -> None:
    """E2.12: build now, or pilot for 1 and build for the second period only if ties are useful.

    Cells: the start, then useful and useless ties; never to build brings 4.
    """
    full, bare, pilot = _period(0.6), _period(0.1), _period(0.25)
    never = -1e9
    settled = np.array([[-1.0 + (pilot + bare) / 2.0, 0.0, 0.0], [0.0, bare, bare]])
    brings = np.array([[[full + bare - cost, never, never], [never, full - cost, bare - cost]]])
    learns = np.array([[0.0, 0.5, 0.5], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    values, gains = backward_induction([learns], settled, brings)
    assert brings[0, 0, 0] == pytest.approx(now)
    assert brings[0, 0, 0] - gains[0, 0, 0] == pytest.approx(piloted)
    assert values[0, 0] == pytest.approx(max(now, piloted))
    assert 2.0 * bare == pytest.approx(4.0)


def test_of_several_options_the_best_is_used_and_closed_ones_never() -> None:
    """Two options and a weight; where the rights are closed, nothing is done whatever it brings."""
    state = np.array([[[0.0]], [[1.0]], [[0.0]], [[1.0]]])
    brings = np.array([[[3.0], [-1.0], [9.0], [-1.0]], [[1.0], [2.0], [9.0], [2.0]]])
    is_open = np.array([[True], [True], [False], [True]])
    right = Rights(state, brings, np.full(4, 0.5), is_open, np.array([1.0, 2.0, 1.0, 1.0]))
    rule = find_on_cells(right, lambda s: s[:, 0].astype(np.int64), 2)
    done = follow(rule, right)
    assert done.option.tolist() == [0, 1, WAIT, 1]
    assert done.brought.tolist() == [3.0, 2.0, 0.5, 2.0]
    assert rule.value == pytest.approx((3.0 + 2 * 2.0 + 0.5 + 2.0) / 5.0)
