"""Choosing without trusting one set of beliefs: criteria that weigh beliefs in different ways.

Every criterion reads a table of expected losses by belief and policy, with a weight for each
belief, and gives one number a policy; lower is better but for shares. What the numbers of a run
say, with errors and ranks, is `choice`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CRITERIA",
    "Criterion",
    "Table",
    "cvar",
    "hurwicz",
    "mean_variance",
    "percentile",
    "regret",
]

F8 = NDArray[np.float64]

_OPTIMISM = 0.5  # Hurwicz: as much weight on the best belief as on the worst
_TAIL = 0.10  # CVaR: the worst tenth of beliefs


@dataclass(frozen=True, slots=True)
class Table:
    """Expected losses by belief and policy.

    loss : float64[belief, policy] ; weight : float64[belief], sum 1
    satisfies : float64[belief, policy], 1 where every ceiling is kept
    regret : float64[belief, policy], what was lost by not choosing the best for each belief
    base : index of the baseline
    """

    loss: F8
    weight: F8
    satisfies: F8
    regret: F8
    base: int = 0


@dataclass(frozen=True, slots=True)
class Criterion:
    """One way of weighing beliefs: its id, its words, and its number for every policy."""

    id: str
    title: str
    meaning: str
    value: Callable[[Table], F8]
    better: Literal["low", "high"] = "low"


def regret(loss: F8, choose: F8 | None = None) -> F8:
    """Loss of each policy above that of the policy that is best for the belief.

    With `choose`, the best is picked on other luck than the loss is read on; regret may then be
    below nought, and its mean does not rise with noise.

    Examples
    --------
    >>> regret(np.array([[3.0, 5.0], [9.0, 2.0]])).tolist()
    [[0.0, 2.0], [7.0, 0.0]]
    """
    best = np.argmin(loss if choose is None else choose, axis=1)
    return np.asarray(loss - np.take_along_axis(loss, best[:, None], axis=1))


def percentile(values: F8, weight: F8, share: float) -> F8:
    """The value that beliefs of this share of the weight do not exceed: float64[policy]."""
    order = np.argsort(values, axis=0, kind="stable")
    below = np.cumsum(weight[order], axis=0)
    at = np.minimum((below < share - 1e-12).sum(axis=0), len(values) - 1)
    return np.asarray(np.take_along_axis(values, np.take_along_axis(order, at[None], 0), 0)[0])


def cvar(values: F8, weight: F8, tail: float = _TAIL) -> F8:
    """Mean over the worst `tail` of the weight; the belief on its edge counts in part.

    Examples
    --------
    >>> cvar(np.array([[1.0], [2.0], [4.0], [9.0]]), np.full(4, 0.25), 0.5).tolist()
    [6.5]
    """
    order = np.argsort(-values, axis=0, kind="stable")
    worst = np.take_along_axis(values, order, axis=0)
    used = weight[order]
    before = np.cumsum(used, axis=0) - used
    counted = np.clip(tail - before, 0.0, used)
    return np.asarray((worst * counted).sum(axis=0) / counted.sum(axis=0))


def hurwicz(values: F8, weight: F8, optimism: float = _OPTIMISM) -> F8:
    """The best and the worst belief mixed; beliefs without weight do not count."""
    held = values[weight > 0]
    return np.asarray(optimism * held.min(axis=0) + (1.0 - optimism) * held.max(axis=0))


def mean_variance(values: F8, weight: F8, scale: float) -> F8:
    """Expected loss plus half its variance over beliefs, in units of `scale`."""
    mean = weight @ values
    variance = weight @ (values - mean) ** 2
    return np.asarray(mean + variance / (2.0 * scale))


def _usual(table: Table) -> float:
    return float(table.weight @ table.loss[:, table.base])


#: Criteria in the order of the matrix.
CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "expected",
        "Expected loss",
        "mean over beliefs, with the weights of the schools of thought",
        lambda t: np.asarray(t.weight @ t.loss),
    ),
    Criterion(
        "maximin",
        "Worst belief",
        "loss under the belief that is worst for the policy",
        lambda t: hurwicz(t.loss, t.weight, 0.0),
    ),
    Criterion(
        "hurwicz",
        "Best and worst",
        "half the loss under the best belief and half that under the worst",
        lambda t: hurwicz(t.loss, t.weight),
    ),
    Criterion(
        "minimax_regret",
        "Largest regret",
        "the most that is lost by not having chosen the best policy for a belief",
        lambda t: hurwicz(t.regret, t.weight, 0.0),
    ),
    Criterion(
        "p90_regret",
        "Regret, 90th percentile",
        "regret that nine tenths of beliefs do not exceed",
        lambda t: percentile(t.regret, t.weight, 0.9),
    ),
    Criterion(
        "satisficing",
        "Keeps every ceiling",
        "share of beliefs under which war, nuclear use and cost stay below their ceilings",
        lambda t: np.asarray(t.weight @ t.satisfies),
        "high",
    ),
    Criterion(
        "cvar",
        "Worst tenth",
        "mean loss over the worst tenth of beliefs",
        lambda t: cvar(t.loss, t.weight),
    ),
    Criterion(
        "mean_variance",
        "Mean and variance",
        "expected loss plus half its variance, in units of the status quo's expected loss",
        lambda t: mean_variance(t.loss, t.weight, _usual(t)),
    ),
)
