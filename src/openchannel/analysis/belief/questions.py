"""What an observation would be worth: a question, its likelihood under the beliefs, its EVSI."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.draws import BeliefDraws
from openchannel.analysis.belief.index import Index, undefined
from openchannel.analysis.belief.information import gains
from openchannel.analysis.belief.projection import additive, enough_for

__all__ = ["Question", "counted", "measured", "succeeded", "value_of_asking"]

F8 = NDArray[np.float64]
Quantity = Callable[[BeliefDraws], F8]
"""A number for each draw: float64[draw]; a belief, or a function of several."""

Likelihood = Callable[[BeliefDraws, np.random.Generator], F8]
"""Data that might be seen, drawn once for each belief draw: float64[draw, datum]."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that can be observed, and how likely each answer is under each belief draw."""

    name: str
    observe: Likelihood


def counted(name: str, rate: Quantity, exposure: float) -> Question:
    """A number of events: Poisson with mean rate times exposure.

    For example the replies on a channel in twelve months: rate a year, exposure 1.
    """

    def observe(draws: BeliefDraws, generator: np.random.Generator) -> F8:
        mean = np.maximum(rate(draws) * exposure, 0.0)
        return np.asarray(generator.poisson(mean)[:, None], np.float64)

    return Question(name, observe)


def succeeded(name: str, chance: Quantity, trials: int) -> Question:
    """A number of successes: binomial.

    For example the messages, out of twelve test calls, that were answered within a day.
    """

    def observe(draws: BeliefDraws, generator: np.random.Generator) -> F8:
        p = np.clip(chance(draws), 0.0, 1.0)
        return np.asarray(generator.binomial(trials, p)[:, None], np.float64)

    return Question(name, observe)


def measured(name: str, quantity: Quantity, error: float) -> Question:
    """A reading of a quantity with a normal error of known standard deviation.

    For example an estimate of a belief by a study with its standard error.
    """

    def observe(draws: BeliefDraws, generator: np.random.Generator) -> F8:
        x = quantity(draws)
        return np.asarray((x + error * generator.standard_normal(len(x)))[:, None])

    return Question(name, observe)


def value_of_asking(
    draws: BeliefDraws,
    losses: F8,
    question: Question,
    *,
    terms: int = 4,
    n_repeats: int = 8,
    seed: int = 0,
) -> Index:
    """EVSI: what choosing after the answer would save, in units of loss; before the cost of asking.

    Data are drawn for each belief draw; losses are regressed on the data, and each choice is
    valued on a draw that the regression did not see. The mean is over `n_repeats` sets of data.

    References
    ----------
    Strong, Oakley, Brennan, Breeze (2015), Medical Decision Making 35: 570-583.
    """
    generator = np.random.default_rng(seed)
    saved = np.zeros(draws.n)
    for _ in range(n_repeats):
        columns = additive(question.observe(draws, generator), terms)
        if not enough_for(columns):
            return undefined(question.name)
        saved += gains(columns, losses) / n_repeats
    return Index.mean_of(question.name, saved)
