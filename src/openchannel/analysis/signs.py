"""How likely a sign is under each world and belief draw, and what it might show.

A count of the model's futures is taken as negative binomial with the mean and the variance of each
draw's own futures, and as Poisson where they vary no more than that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import special

from openchannel.analysis.collection import asked_about
from openchannel.analysis.outlook import Outlook
from openchannel.domain import (
    WEEKS_A_YEAR,
    Collection,
    Counted,
    Formula,
    Judged,
    Modelled,
    Sign,
    Succeeded,
)

__all__ = [
    "Seen",
    "answer_likelihood",
    "answers",
    "log_count",
    "log_likelihood",
    "log_share",
    "showings",
    "trials_in",
]

F8 = NDArray[np.float64]
_TINY = 1e-12
_CELLS = 60


@dataclass(frozen=True, slots=True)
class Seen:
    """What a sign has shown, or is supposed to show.

    count : of rows ; trials : rows out of which they are, for a share
    first, weeks : the window in which it was looked for
    """

    count: int
    first: dt.date
    weeks: int
    trials: int = 0


def log_count(n: int, mean: F8, variance: F8) -> F8:
    """Log-chance of a count: negative binomial, or Poisson where the variance is no larger.

    Examples
    --------
    >>> float(np.exp(log_count(2, np.array([1.0]), np.array([1.0])))[0])
    0.18393972058572117
    """
    mean = np.maximum(mean, _TINY)
    surplus = variance - mean
    is_wide = surplus > 1e-9 * mean
    size = mean**2 / np.where(is_wide, surplus, 1.0)
    wide = (
        special.gammaln(n + size)
        - special.gammaln(size)
        - special.gammaln(n + 1.0)
        + size * np.log(size / (size + mean))
        + n * np.log(mean / (size + mean))
    )
    narrow = n * np.log(mean) - mean - special.gammaln(n + 1.0)
    return np.asarray(np.where(is_wide, wide, narrow))


def log_share(n: int, trials: int, chance: F8) -> F8:
    """Log-chance of a number of successes: binomial."""
    p = np.clip(chance, 0.0, 1.0)
    ways = special.gammaln(trials + 1.0) - special.gammaln(n + 1.0)
    ways -= special.gammaln(trials - n + 1.0)
    with np.errstate(divide="ignore"):
        return np.asarray(ways + special.xlogy(n, p) + special.xlog1py(trials - n, -p))


def log_likelihood(sign: Sign, seen: Seen, outlook: Outlook) -> F8:
    """Log-chance of what was seen under each world and draw: float64[world, draw]."""
    match sign.likelihood:
        case Modelled(what, under, recorded):
            law = outlook.moments(what, under, seen.first, seen.weeks)
            # A record that lists a part of the events thins mean and surplus alike.
            mean = recorded * law.mean
            surplus = recorded**2 * (law.variance - law.mean)
            return log_count(seen.count, mean, mean + surplus)
        case Counted(rate, recorded):
            mean = recorded * value_of(rate, outlook) * seen.weeks / WEEKS_A_YEAR
            return log_count(seen.count, mean, mean)
        case Succeeded(chance, _):
            return log_share(seen.count, seen.trials, value_of(chance, outlook))
        case Judged() as judged:
            none = _log_unseen(judged, seen.weeks, outlook)
            return none if seen.count == 0 else np.log(-np.expm1(none))


def _log_unseen(judged: Judged, weeks: int, outlook: Outlook) -> F8:
    """Log-chance that no row is seen: float64[world, draw]; an even hazard over the weeks."""
    place = np.clip(
        (outlook.held(judged.belief) - judged.at[0]) / (judged.at[1] - judged.at[0]), 0.0, 1.0
    )
    low, high = (special.logit(c) for c in judged.chance)
    chance = special.expit(low + place * (high - low))
    return np.asarray(np.log1p(-chance) * weeks / judged.weeks)


def value_of(formula: Formula, outlook: Outlook) -> F8:
    """A formula under each world and draw: float64[world, draw]."""
    stack: list[F8 | float] = []
    for step in formula.steps:
        match step:
            case float():
                stack.append(step)
            case "neg":
                stack.append(-stack.pop())
            case "exp":
                stack.append(np.exp(stack.pop()))
            case "+" | "-" | "*" | "/":
                right, left = stack.pop(), stack.pop()
                stack.append(_SIGNS[step](left, right))
            case _:
                stack.append(outlook.number(step))
    (found,) = stack
    return np.asarray(np.broadcast_to(found, (len(outlook.worlds), outlook.n_draws)))


_SIGNS = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}


def answer_likelihood(question: Collection, value: float, outlook: Outlook) -> F8:
    """Log-chance of an answer to a collection question: float64[world, draw]."""
    quantity = asked_about(question, outlook.held)
    if question.how == "counted":
        mean = np.maximum(quantity * question.size, 0.0)
        return log_count(int(value), mean, mean)
    if question.how == "succeeded":
        return log_share(int(value), int(question.size), quantity)
    return np.asarray(-0.5 * ((value - quantity) / question.size) ** 2)


def trials_in(likelihood: Succeeded, weeks: int) -> int:
    """Trials that so many weeks may bring, at least one."""
    return max(1, round(likelihood.trials * weeks / WEEKS_A_YEAR))


def showings(
    sign: Sign, first: dt.date, weeks: int, outlook: Outlook, trials: int = 0
) -> Iterator[tuple[float, F8]]:
    """Counts that a sign can show within weeks from a day on, each with its log-chance.

    `trials` of a share are those that the weeks may bring, unless given.
    """
    most = None
    if isinstance(sign.likelihood, Succeeded):
        trials = most = trials or trials_in(sign.likelihood, weeks)
    elif isinstance(sign.likelihood, Judged):
        most = 1
    for n in count() if most is None else range(most + 1):
        yield float(n), log_likelihood(sign, Seen(n, first, weeks, trials), outlook)


def answers(question: Collection, outlook: Outlook) -> Iterator[tuple[float, F8]]:
    """Answers that a question can get, each with its log-chance; readings in narrow cells."""
    if question.how != "measured":
        most = int(question.size) if question.how == "succeeded" else None
        for n in count() if most is None else range(most + 1):
            yield float(n), answer_likelihood(question, n, outlook)
        return
    quantity, error = asked_about(question, outlook.held), question.size
    edges = np.linspace(quantity.min() - 4.0 * error, quantity.max() + 4.0 * error, _CELLS + 1)
    for low, high in pairwise(edges):
        below, above = (special.ndtr((e - quantity) / error) for e in (low, high))
        yield (low + high) / 2.0, np.log(np.maximum(above - below, 1e-300))
