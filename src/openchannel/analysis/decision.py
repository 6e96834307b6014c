"""Decisions worked backwards: trees of choices and chances, and what knowing the state is worth.

Small and exact. What a run says about choices under uncertainty stands on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["Chance", "Choice", "Node", "Payoff", "best_branch", "evpi", "value"]


@dataclass(frozen=True, slots=True)
class Payoff:
    """The end of a branch."""

    amount: float


@dataclass(frozen=True, slots=True)
class Chance:
    """Branches with probabilities that sum to one; `gain` is received on the way."""

    branches: Sequence[tuple[float, Node]]
    gain: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """Named options, each with a cost paid at once and what follows; `gain` as for a chance."""

    options: Mapping[str, tuple[float, Node]] = field(default_factory=dict)
    gain: float = 0.0


Node = Payoff | Chance | Choice


def value(node: Node) -> float:
    """Expected value of a tree when every choice is the best one (backward induction).

    Raises
    ------
    ValueError
        Probabilities that do not sum to one, or a choice without options.
    """
    match node:
        case Payoff(amount):
            return amount
        case Chance(branches, gain):
            total = sum(p for p, _ in branches)
            if abs(total - 1.0) > 1e-9:
                raise ValueError(f"probabilities of a chance sum to {total:g}, not to 1")
            return gain + sum(p * value(after) for p, after in branches)
        case Choice(options, gain):
            if not options:
                raise ValueError("a choice needs at least one option")
            return gain + max(value(after) - cost for cost, after in options.values())


def best_branch(choice: Choice) -> str:
    """Name of the option with the highest value; the first of equals."""
    return max(
        choice.options, key=lambda name: value(choice.options[name][1]) - choice.options[name][0]
    )


def evpi(payoffs: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Expected value of perfect information: how much better to choose after the state is known.

    Parameters
    ----------
    payoffs : array_like [state, option]
        Higher is better.
    weights : array_like [state], optional
        Probabilities of the states; default equal.

    Examples
    --------
    >>> evpi([[10, 0], [-6, 0]])
    3.0
    """
    table = np.asarray(payoffs, float)
    share = np.full(len(table), 1.0 / len(table)) if weights is None else np.asarray(weights, float)
    return float(share @ table.max(axis=1) - (share @ table).max())
