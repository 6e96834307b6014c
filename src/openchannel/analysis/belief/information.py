"""What it would be worth to know: perfect information about all beliefs, one belief, or a module.

Losses hold luck, and the lowest of several noisy means is lower than the mean of the lowest. So no
choice is ever valued on the luck it was made with: choices rest on other draws, or on the other
half of the futures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.choice import choose_on_half, true_losses
from openchannel.analysis.belief.draws import BeliefDraws
from openchannel.analysis.belief.explained import terms_for
from openchannel.analysis.belief.index import Index, undefined
from openchannel.analysis.belief.projection import additive, enough_for, folds, project, spline

__all__ = [
    "Certainty",
    "value_of_certainty",
    "value_of_knowing",
    "value_of_module",
    "value_of_signal",
]

F8 = NDArray[np.float64]
_TERMS = 5


@dataclass(frozen=True, slots=True)
class Certainty:
    """Expected value of perfect information about everything, in units of loss.

    at_least : valued on futures that the choice did not see; on average not above the truth,
        since a choice made from some futures is not perfect. This is the figure to claim.
    corrected : naive, less what half the futures make it larger (split halves); still somewhat
        above the truth where policies are nearly equal. Above zero it claims nothing by itself.
    modelled : mean over what the true losses may be, given data (`choice.TrueLosses`); a second
        opinion on `corrected`, as good as its normal model
    naive : the lowest of the means as they stand, luck and all; above the truth
    """

    at_least: Index
    corrected: Index
    modelled: float
    naive: float


def value_of_certainty(
    draws: BeliefDraws, halves: F8, scale: F8 | None = None, seed: int = 0
) -> Certainty:
    """EVPI: how much lower the loss would be if the policy were chosen knowing every belief.

    Each half of the futures is valued under a choice made from the beliefs and the *other* half.
    Whatever a belief or module is worth by `value_of_knowing` bounds it from below too.

    Parameters
    ----------
    halves : float64[2, draw, policy]
        Conditional means of loss, or of its difference to one baseline (then with a column of
        zeros for the baseline), from two disjoint halves of each draw's futures.
    scale : float64[draw], optional
        Level in proportion to which effects and luck are taken to be of one size. Where they grow
        with it, choices without it are poor, and `at_least` is low.

    References
    ----------
    Raiffa & Schlaifer (1961), Applied Statistical Decision Theory; Smith & Winkler (2006),
    Management Science 52: 311-322, on choices by noisy values. The correction is Quenouille's
    (1956) jackknife with two halves.
    """
    both = halves.mean(axis=0)
    rows = np.arange(draws.n)
    usual = int(np.argmin(both.mean(axis=0)))
    gain = np.zeros(draws.n)
    for half, unseen in ((0, halves[1]), (1, halves[0])):
        choice = choose_on_half(draws, halves, half, scale, seed)
        gain += (unseen[:, usual] - unseen[rows, choice]) / 2.0
    known = true_losses(draws, halves, scale)
    likely = np.mean([losses.min(axis=1).mean() for losses in known.samples(both, seed)])
    lowest = both.min(axis=1)
    by_half = halves.min(axis=2).mean(axis=0)
    return Certainty(
        Index.mean_of("all beliefs", gain),
        Index.mean_of("all beliefs", both[:, usual] - 2.0 * lowest + by_half),
        float(known.given(both)[0].mean(axis=0).min() - likely),
        float((both[:, usual] - lowest).mean()),
    )


def gains(columns: F8, losses: F8, n_splits: int = 4) -> F8:
    """What choosing by a surface of some columns saves in each draw: float64[draw].

    The choice that knows the columns is made from draws of other folds and valued on this one; the
    mean is over a few ways to make folds. The choice that knows nothing is the policy with the
    lowest mean of all draws, luck included: it looks a little too good, so what is saved is on
    average not above the truth, and without anything to know not above zero.
    """
    rows = np.arange(len(losses))
    surface = project(columns)
    usual = losses[:, int(np.argmin(losses.mean(axis=0)))]
    saved = np.zeros(len(losses))
    for seed in range(n_splits):
        predicted = surface.out_of_fold(losses, folds(len(losses), seed))
        saved += usual - losses[rows, np.argmin(predicted, axis=1)]
    return saved / n_splits


def value_of_signal(name: str, columns: F8, losses: F8) -> Index:
    """Value of knowing some columns before choosing: float64[draw, column], one row a draw.

    Undefined (NaN) where there are too few draws for the columns.
    """
    if not enough_for(columns):
        return undefined(name)
    return Index.mean_of(name, gains(columns, losses))


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
        for name, columns in draws.by_module.items()
    )
