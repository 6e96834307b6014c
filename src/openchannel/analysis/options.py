"""What a right to act later is worth: least-squares Monte Carlo, lattices, and closed forms.

A right is exercised where its payoff now is at least what waiting is expected to bring. The rule
is found on one set of futures and valued on another, because a rule valued on the futures that it
was found on looks better than it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.measured import Measured

__all__ = [
    "StoppingRule",
    "find_rule",
    "invest_now_or_wait",
    "lattice_value",
    "perpetual_option",
]

F8 = NDArray[np.float64]
Basis = Callable[[F8], F8]


def quadratic(state: F8) -> F8:
    """One, the state and its square: float64[path, 3]."""
    return np.stack([np.ones_like(state), state, state**2], axis=1)


@dataclass(frozen=True, slots=True)
class StoppingRule:
    """When to exercise, found by regression: a set of coefficients for each date but the last.

    weights : float64[date - 1, term], NaN where too few paths told anything (then one waits)
    """

    weights: F8
    basis: Basis

    def stops(self, state: F8, payoff: F8) -> NDArray[np.int64]:
        """Date at which each path exercises; the last where it never does earlier."""
        n_paths, n_dates = payoff.shape
        when = np.full(n_paths, n_dates - 1)
        for t in reversed(range(n_dates - 1)):
            if np.isnan(self.weights[t]).any():
                continue
            waiting = self.basis(state[:, t]) @ self.weights[t]
            when[(payoff[:, t] > 0.0) & (payoff[:, t] >= waiting)] = t
        return when

    def value(self, state: F8, payoff: F8, discount: float) -> Measured:
        """Mean of what the rule brings, discounted to one step before the first date.

        Parameters
        ----------
        state, payoff : float64[path, date]
        discount : float
            Factor of one step.
        """
        when = self.stops(state, payoff)
        brought = np.maximum(payoff[np.arange(len(payoff)), when], 0.0)
        return Measured.of(brought * discount ** (when + 1.0))


def find_rule(state: F8, payoff: F8, discount: float, basis: Basis = quadratic) -> StoppingRule:
    """The rule by least squares, backward from the last date (Longstaff and Schwartz 2001).

    Only paths whose payoff is positive enter the regression of a date.

    Parameters
    ----------
    state, payoff : float64[path, date]
    discount : float
        Factor of one step.
    """
    n_terms = basis(state[:1, 0]).shape[1]
    weights = np.full((payoff.shape[1] - 1, n_terms), np.nan)
    cash = np.maximum(payoff[:, -1], 0.0)
    for t in reversed(range(payoff.shape[1] - 1)):
        cash = cash * discount
        worth = payoff[:, t] > 0.0
        if worth.sum() < n_terms:
            continue
        terms = basis(state[worth, t])
        weights[t] = np.linalg.lstsq(terms, cash[worth], rcond=None)[0]
        now = worth.copy()
        now[worth] = payoff[worth, t] >= terms @ weights[t]
        cash[now] = payoff[now, t]
    return StoppingRule(weights, basis)


def lattice_value(
    start: float, payoff: Callable[[F8], F8], rate: float, sigma: float, years: float, steps: int
) -> float:
    """A right on a lognormal state, by backward induction on a binomial lattice.

    Parameters
    ----------
    payoff : of float64[node], what exercise brings
    rate, sigma : float
        A year; the state grows at `rate`, so that it is worth itself.
    """
    step = years / steps
    up = math.exp(sigma * math.sqrt(step))
    chance = (math.exp(rate * step) - 1.0 / up) / (up - 1.0 / up)
    factor = math.exp(-rate * step)
    values = np.maximum(payoff(start * up ** np.arange(-steps, steps + 1, 2.0)), 0.0)
    for t in reversed(range(steps)):
        waiting = factor * (chance * values[1:] + (1.0 - chance) * values[:-1])
        values = np.maximum(payoff(start * up ** np.arange(-t, t + 1, 2.0)), waiting)
    return float(values[0])


def perpetual_option(
    value: float, cost: float, rate: float, payout: float, sigma: float
) -> tuple[float, float]:
    """Value of a right without end to pay `cost` for a project, and the value at which to use it.

    The closed form of McDonald and Siegel (1986), for a project worth `value` that follows a
    geometric Brownian motion, with a payout forgone by waiting.
    """
    drift = (rate - payout) / sigma**2
    power = 0.5 - drift + math.sqrt((drift - 0.5) ** 2 + 2.0 * rate / sigma**2)
    trigger = power / (power - 1.0) * cost
    if value >= trigger:
        return value - cost, trigger
    return (trigger - cost) * (value / trigger) ** power, trigger


def invest_now_or_wait(
    price: float, up: float, down: float, chance_up: float, cost: float, rate: float
) -> tuple[float, float]:
    """Value of building now, and of waiting one period to see where the price settles for good.

    The project yields its price each period for ever, beginning at once.
    """
    for_ever = 1.0 / rate
    later = chance_up * up + (1.0 - chance_up) * down
    now = price + later * for_ever - cost
    branches = ((chance_up, up), (1.0 - chance_up, down))
    wait = sum(p * max(0.0, x * (1.0 + for_ever) - cost) for p, x in branches) / (1.0 + rate)
    return now, wait
