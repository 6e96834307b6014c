"""What it would be worth to know: perfect information about all beliefs, one belief, or a module.

Losses hold luck, and the lowest of several noisy means is lower than the mean of the lowest. So no
choice is ever valued on the luck it was made with: choices rest on other draws, or on the other
half of the futures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.draws import BeliefDraws
from openchannel.analysis.belief.explained import terms_for
from openchannel.analysis.belief.index import Index
from openchannel.analysis.belief.projection import additive, project, spline, without_own_mean
from openchannel.analysis.belief.surface import expected_difference
from openchannel.analysis.estimates import ByDraw

__all__ = [
    "Certainty",
    "halves_from_luck",
    "value_of_certainty",
    "value_of_knowing",
    "value_of_module",
    "value_of_signal",
]

F8 = NDArray[np.float64]
_TERMS = 5
_N_DEVIATES = 128


@dataclass(frozen=True, slots=True)
class Certainty:
    """Expected value of perfect information about everything, in units of loss.

    at_least : valued on futures that the choice did not see; on average not above the truth,
        since a choice from a finite number of futures is not perfect
    modelled : expectation over what the true means may be, given data, luck normal; near the truth
        where its model holds
    naive : the lowest of the means as they stand, luck and all; above the truth
    """

    at_least: Index
    modelled: float
    naive: float


def halves_from_luck(losses: F8, luck: F8, seed: int = 0) -> F8:
    """Two stand-ins for independent halves of the futures: float64[half, draw, policy].

    For runs that kept no halves. Noise of the known variance is added to one and taken from the
    other; if luck is normal and independent between policies, the two are independent. True
    halves are better: they need neither.

    References
    ----------
    Neufeld, Dharamshi, Gao, Witten (2024), JMLR 25: data thinning.
    """
    noise = np.random.default_rng(seed).standard_normal(losses.shape) * np.sqrt(luck)
    return np.stack([losses + noise, losses - noise])


def value_of_certainty(
    draws: BeliefDraws, halves: F8, luck: F8 | None = None, seed: int = 0
) -> Certainty:
    """EVPI: how much lower the loss would be if the policy were chosen knowing every belief.

    Parameters
    ----------
    halves : float64[2, draw, policy]
        Conditional means of loss (or of its difference to one baseline) from two disjoint halves
        of each draw's futures.
    luck : float64[draw, policy], optional
        Variance that luck puts on the mean of both halves; default read off the halves.

    References
    ----------
    Raiffa & Schlaifer (1961); Smith & Winkler (2006), Management Science 52: 311-322, on the
    disappointment that follows a choice by noisy values.
    """
    both = halves.mean(axis=0)
    noise = np.broadcast_to(
        ((halves[0] - halves[1]) ** 2 / 4.0).mean(axis=0), both.shape
    ) if luck is None else luck  # fmt: skip
    rows = np.arange(draws.n)
    usual = np.argmin(without_own_mean(both), axis=1)
    expected = np.stack([expected_difference(draws, y) for y in both.T], axis=1)
    gain = np.zeros(draws.n)
    for chosen_on, valued_on in ((halves[0], halves[1]), (halves[1], halves[0])):
        choice = np.argmin(_pulled(chosen_on, 2.0 * noise, expected)[0], axis=1)
        gain += (valued_on[rows, usual] - valued_on[rows, choice]) / 2.0
    middle, spread = _pulled(both, noise, expected)
    deviates = np.random.default_rng(seed).standard_normal((_N_DEVIATES, both.shape[1]))
    low = np.mean([(middle + spread * z).min(axis=1).mean() for z in deviates])
    return Certainty(
        _mean("all beliefs", gain),
        float(middle.mean(axis=0).min() - low),
        float(both.mean(axis=0).min() - both.min(axis=1).mean()),
    )


def _pulled(losses: F8, luck: F8, expected: F8) -> tuple[F8, F8]:
    """Middle and spread of the true means, given data and what the beliefs let expect."""
    middle, spread = np.empty_like(losses), np.empty_like(losses)
    for x in range(losses.shape[1]):
        view = ByDraw(losses[:, x] - expected[:, x], luck[:, x], np.ones(len(losses)))
        rest, spread[:, x] = view.given_data()
        middle[:, x] = expected[:, x] + rest
    return middle, spread


def _mean(name: str, gain: F8) -> Index:
    return Index(name, float(gain.mean()), float(gain.std(ddof=1) / np.sqrt(len(gain))))


def gains(columns: F8, losses: F8) -> F8:
    """What choosing by a surface of some columns saves in each draw: float64[draw].

    Both the choice that knows the columns and the one that knows nothing are made from the other
    draws, and valued on this one. Without anything to know their difference has mean zero.
    """
    rows = np.arange(len(losses))
    usual = np.argmin(without_own_mean(losses), axis=1)
    choice = np.argmin(project(columns).without_own(losses), axis=1)
    return np.asarray(losses[rows, usual] - losses[rows, choice])


def value_of_signal(name: str, columns: F8, losses: F8) -> Index:
    """Value of knowing some columns before choosing: float64[draw, column], one row a draw."""
    return _mean(name, gains(columns, losses))


def value_of_knowing(draws: BeliefDraws, losses: F8, terms: int = _TERMS) -> tuple[Index, ...]:
    """EVPPI of each belief: what knowing it exactly before the choice would save, in units of loss.

    Parameters
    ----------
    losses : float64[draw, policy]
        Conditional means of loss, or of its difference to one baseline (then with a column of
        zeros for the baseline). Their luck needs no correction here.

    References
    ----------
    Strong, Oakley, Brennan (2014), Medical Decision Making 34: 311-326: EVPPI by regression.
    """
    return tuple(
        value_of_signal(name, spline(draws.values[:, i], terms), losses)
        for i, name in enumerate(draws.names)
    )


def value_of_module(draws: BeliefDraws, losses: F8, terms: int | None = None) -> tuple[Index, ...]:
    """EVPPI of each module: all its beliefs known at once, their effects added up."""
    each = terms or terms_for(draws.n, len(draws.names))
    return tuple(
        value_of_signal(name, additive(draws.values[:, list(columns)], each), losses)
        for name, columns in draws.groups.items()
    )
