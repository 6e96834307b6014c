"""Policies by criteria by schools of thought: numbers with errors, ranks, and how firm they are.

Errors and the firmness of ranks come from resamples of the belief draws. What is chosen on one
half of the draws is valued on the other, whose luck had no part in the choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.draws import Draws
from openchannel.analysis.robust import CRITERIA, Criterion, Table, regret
from openchannel.analysis.smoothing import Smoother

__all__ = ["CEILINGS", "Choice", "HeldOut", "Scores", "choose", "concordance"]

F8 = NDArray[np.float64]

#: Ceilings that a satisfying policy keeps under a belief: chance of war, of nuclear use, cost.
CEILINGS: Mapping[str, float] = {
    "p_war": 0.08,
    "p_nuclear_use": 0.02,
    "programme_cost_usd": 4e8,
}
_RESAMPLES = 60
_LOSS = "composite_loss"
#: Outcomes in which luck is smoothed away; the others are nearly certain for a belief.
_SMOOTHED = frozenset({"p_war", "p_nuclear_use"})


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What was best on one half of the draws, and what it was worth on the other.

    chosen : policies best on the even and on the odd draws
    versus, error : value on the other half minus the baseline's, both halves averaged
    """

    chosen: tuple[str, str]
    versus: float
    error: float


@dataclass(frozen=True, slots=True)
class Scores:
    """One criterion in one view.

    value, versus, error : float64[policy]; `versus` is minus the baseline's, `error` its own
    rank : int64[policy], 1 is best ; first : float64[policy], share of resamples in which it is
    """

    criterion: Criterion
    value: F8
    versus: F8
    error: F8
    rank: NDArray[np.int64]
    first: F8
    held_out: HeldOut


@dataclass(frozen=True, slots=True)
class Choice:
    """All criteria, pooled (`""`) and by world.

    concordance : Kendall's W of the ranks over criteria, 1 where all agree
    """

    policies: tuple[str, ...]
    baseline: str
    views: Mapping[str, tuple[Scores, ...]]
    concordance: Mapping[str, float]


def choose(draws: Draws, seed: int, ceilings: Mapping[str, float] = CEILINGS) -> Choice:
    """Every criterion in every view; see the module for what the errors hold."""
    run = _Run(draws, ceilings)
    n = draws.n_draws
    plain = np.ones(n)
    counts = np.random.default_rng(seed).multinomial(n, plain / n, size=_RESAMPLES)
    names = ("", *draws.worlds)
    mixes = [draws.weights, *np.eye(len(draws.worlds))]
    value = run.values(mixes, plain)
    drawn = np.array([run.values(mixes, c.astype(np.float64)) for c in counts])
    even = np.arange(n) % 2 == 0
    parts = np.array([run.values(mixes, p.astype(np.float64)) for p in (even, ~even)])
    views = {
        name: tuple(
            _scores(draws, c, value[v, k], drawn[:, v, k], parts[:, v, k])
            for k, c in enumerate(CRITERIA)
        )
        for v, name in enumerate(names)
    }
    ranks = {name: np.array([s.rank for s in view]) for name, view in views.items()}
    agreed = {name: concordance(r) for name, r in ranks.items()}
    return Choice(draws.policies, draws.baseline, views, agreed)


def concordance(ranks: NDArray[np.int64]) -> float:
    """Kendall's W of ranks int64[judge, thing] without ties.

    Examples
    --------
    >>> concordance(np.array([[1, 2, 3], [1, 2, 3]])), concordance(np.array([[1, 2], [2, 1]]))
    (1.0, 0.0)
    """
    judges, things = ranks.shape
    total = ranks.sum(axis=0)
    spread = float(((total - total.mean()) ** 2).sum())
    return float(12.0 * spread / (judges**2 * (things**3 - things)))


class _Run:
    """Criteria of one run with its draws counted differently."""

    def __init__(self, draws: Draws, ceilings: Mapping[str, float]) -> None:
        self.base = draws.base
        self._loss = Smoother(draws.metrics[_LOSS], draws.beliefs, draws.base)
        plain = np.ones(draws.n_draws)
        kept = np.ones(draws.metrics[_LOSS].shape, bool)
        for metric, most in ceilings.items():
            level = draws.metrics[metric]
            if metric in _SMOOTHED:
                level = Smoother(level, draws.beliefs, draws.base).fit(plain)
            kept &= level <= most
        self._satisfies = kept.astype(np.float64)

    def values(self, mixes: Sequence[F8], counts: F8) -> F8:
        """Every criterion in every mix of worlds: float64[mix, criterion, policy].

        Losses are fitted to the draws that count; where a policy is chosen for a belief, the
        choice is by a fit that has not seen the luck on which it is valued.
        """
        loss = self._loss.fit(counts)
        halves = self._loss.halves(counts)
        used = counts > 0
        found = []
        for mix in mixes:
            held = mix > 0

            def rows(of: F8, held: NDArray[np.bool_] = held) -> F8:
                return np.asarray(of[held][:, used].reshape(-1, of.shape[2]))

            weight = (mix[held][:, None] * (counts[used] / counts.sum())[None]).ravel()
            table = Table(
                rows(loss), weight, rows(self._satisfies),
                regret(rows(halves.value), rows(halves.choose)), self.base,
            )  # fmt: skip
            found.append([c.value(table) for c in CRITERIA])
        return np.array(found)


def _scores(draws: Draws, criterion: Criterion, value: F8, drawn: F8, parts: F8) -> Scores:
    base = draws.base
    sign = 1.0 if criterion.better == "low" else -1.0
    rank = np.empty(len(value), np.int64)
    rank[np.argsort(sign * value, kind="stable")] = np.arange(1, len(value) + 1)
    first = np.bincount(np.argmin(sign * drawn, axis=1), minlength=len(value)) / len(drawn)
    error = (drawn - drawn[:, [base]]).std(axis=0, ddof=1)
    best = [int(np.argmin(sign * p)) for p in parts]
    other = [parts[1 - i][b] - parts[1 - i][base] for i, b in enumerate(best)]
    held_out = HeldOut(
        (draws.policies[best[0]], draws.policies[best[1]]),
        float(np.mean(other)),
        # Each half has half of the draws, and the two are averaged: the error of the whole.
        float(error[best].max()),
    )
    return Scores(criterion, value, value - value[base], error, rank, first, held_out)
