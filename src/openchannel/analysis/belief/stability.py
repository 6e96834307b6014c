"""Whether a box would be found again: boxes sought on random halves, judged on the other halves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.boxes import Box, Peeling
from openchannel.analysis.belief.discovery import discover, reset
from openchannel.analysis.belief.draws import BeliefDraws

__all__ = ["LimitStability", "Stability", "stability"]

F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LimitStability:
    """One end of a term of a box under resampling.

    upper : whether it is the upper end
    found : share of the halves whose box limits the belief at the same end
    low, high : 10 and 90 % points of the limit over those halves; NaN where none has it
    """

    name: str
    upper: bool
    found: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Stability:
    """How a box fares when it is sought again.

    limits : one a finite end of the box
    others : beliefs that the box does not name, with the share of halves that name them
    coverage, density : of boxes of the same beliefs whose limits are set on one half, measured on
        the other; with their spread over halves
    """

    limits: tuple[LimitStability, ...]
    others: tuple[tuple[str, float], ...]
    coverage: float
    coverage_spread: float
    density: float
    density_spread: float


def stability(
    draws: BeliefDraws,
    chance: F8,
    box: Box,
    manner: Peeling | None = None,
    *,
    left: NDArray[np.bool_] | None = None,
    n_halves: int = 10,
    seed: int = 0,
) -> Stability:
    """Seek the box again on random halves of the draws, and measure it on the half left out.

    What is measured on the other half owes nothing to the search, so it is what a reader should
    expect of the box; the figures on the draws it was sought in are too good.

    left : bool[draw], the draws that the box was sought among (`Discovery.left`); default all.
        Coverage is of the losing beliefs of all draws.
    """
    if left is not None:
        part = float(chance[left].sum()) / max(float(chance.sum()), 1e-300)
        found = stability(draws.take(left), chance[left], box, manner, n_halves=n_halves, seed=seed)
        return replace(
            found,
            coverage=found.coverage * part,
            coverage_spread=found.coverage_spread * part,
        )
    generator = np.random.default_rng(seed)
    easier = _for_halves(draws, manner or Peeling())
    again: list[Box] = []
    score: list[tuple[float, float]] = []
    for _ in range(max(1, n_halves // 2)):
        shuffled = generator.permutation(draws.n)
        halves = shuffled[: draws.n // 2], shuffled[draws.n // 2 :]
        for rows, others in (halves, halves[::-1]):
            half = draws.take(rows)
            again.append(discover(half, chance[rows], easier).box)
            same = reset(half, chance[rows], box, manner)
            score.append(_measure(same, draws.take(others), chance[others]))
    coverage, density = np.array(score).T
    limits = tuple(
        _limit(t.name, upper, again)
        for t in box.limits
        for upper in (False, True)
        if np.isfinite(t.high if upper else t.low)
    )
    named = {t.name for t in box.limits}
    counts: dict[str, int] = {}
    for one in again:
        for t in one.limits:
            if t.name not in named:
                counts[t.name] = counts.get(t.name, 0) + 1
    others_named = sorted(((k, v / len(again)) for k, v in counts.items()), key=lambda p: -p[1])
    return Stability(
        limits,
        tuple(others_named),
        float(coverage.mean()),
        float(coverage.std(ddof=1)),
        float(np.nanmean(density)),
        float(np.nanstd(density, ddof=1)),
    )


def _for_halves(draws: BeliefDraws, manner: Peeling) -> Peeling:
    """The same search with a bar that is as hard for half the draws as the given one for all.

    The logarithm of a quasi-p grows with the draws, so half of them can pass its square root.
    """
    d = max(1, int((~draws.held).sum()))
    return replace(manner, quasi_p=d * float(np.sqrt(manner.quasi_p / d)))


def _measure(box: Box, draws: BeliefDraws, chance: F8) -> tuple[float, float]:
    inside = box.holds(draws)
    k = float(chance[inside].sum())
    return k / max(float(chance.sum()), 1e-300), k / inside.sum() if inside.any() else 0.0


def _limit(name: str, upper: bool, again: list[Box]) -> LimitStability:
    ends = [
        end
        for box in again
        for t in box.limits
        if t.name == name and np.isfinite(end := t.high if upper else t.low)
    ]
    if not ends:
        return LimitStability(name, upper, 0.0, float("nan"), float("nan"))
    first, last = np.quantile(ends, [0.1, 0.9])
    return LimitStability(name, upper, len(ends) / len(again), float(first), float(last))
