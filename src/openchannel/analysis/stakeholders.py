"""What follows for people who want different things: value sets over the outcomes of a run.

An outcome counts as the policy's mean minus the baseline's, turned so that more is better, as a
share of the way from the worst to the best of the policies compared. A score is the weighted sum;
the baseline's is nought.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.draws import Draws
from openchannel.analysis.thresholds import CLEAR
from openchannel.domain import ValueSet
from openchannel.model.metrics import EXTRAS, METRICS

__all__ = ["Judged", "Views", "agreement", "judge_by_values", "metrics_of", "standardised"]

F8 = NDArray[np.float64]
_RESAMPLES = 200
_BETTER = {m.id: m.better for m in (*METRICS, *EXTRAS)}


@dataclass(frozen=True, slots=True)
class Judged:
    """One value set in one view.

    score, error : float64[policy], the baseline at nought
    first : float64[policy], share of resamples of the draws in which it scores highest
    held_out : policies that score highest on the even and on the odd draws
    """

    values: ValueSet
    score: F8
    error: F8
    first: F8
    held_out: tuple[str, str]

    @property
    def best(self) -> int:
        """Place of the policy that scores highest."""
        return int(np.argmax(self.score))

    @property
    def signs(self) -> NDArray[np.int64]:
        """1 where a policy is measurably above the baseline, -1 below, 0 where not told."""
        sure = np.abs(self.score) >= CLEAR * self.error
        return np.asarray(np.where(sure, np.sign(self.score), 0.0), np.int64)


Views = Mapping[str, tuple[Judged, ...]]


def metrics_of(sets: Sequence[ValueSet]) -> tuple[str, ...]:
    """Every outcome that a set gives a weight, once."""
    return tuple(dict.fromkeys(m for s in sets for m, w in s.weights.items() if w > 0))


def judge_by_values(draws: Draws, sets: Sequence[ValueSet], seed: int) -> Views:
    """Scores of every set, pooled (`""`) and by world, with resampled errors."""
    n = draws.n_draws
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1.0 / n), size=_RESAMPLES)
    even = np.arange(n) % 2 == 0
    weighed = np.concatenate([np.ones((1, n)), [even, ~even], counts]).astype(np.float64)
    names = metrics_of(sets)
    means = {m: _means(draws.metrics[m], weighed) for m in names}  # [resample, world, policy]
    views = {}
    for name in ("", *draws.worlds):
        mix = draws.weights if not name else np.eye(len(draws.worlds))[draws.worlds.index(name)]
        parts = {m: standardised(np.einsum("rwp,w->rp", v, mix), m, draws.base)
                 for m, v in means.items()}  # fmt: skip
        views[name] = tuple(_judged(draws, s, parts) for s in sets)
    return views


def _means(values: F8, counts: F8) -> F8:
    """Means over draws for each row of counts, undefined draws left out: [row, world, policy]."""
    defined = np.isfinite(values)
    total = np.einsum("rn,wnp->rwp", counts, np.where(defined, values, 0.0))
    number = np.einsum("rn,wnp->rwp", counts, defined.astype(np.float64))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(number > 0, total / number, np.nan))


def standardised(means: F8, metric: str, base: int) -> F8:
    """Shares of the way from the worst to the best policy: float64[row, policy], base at nought.

    The way is that of the first row, so that resamples are measured with one stick.

    Examples
    --------
    >>> standardised(np.array([[10.0, 5.0, 20.0]]), "p_war", 0).round(3).tolist()
    [[0.0, 0.333, -0.667]]
    """
    way = float(np.nanmax(means[0]) - np.nanmin(means[0])) if np.isfinite(means[0]).any() else 0.0
    if way <= 0.0:
        return np.zeros_like(means)
    sign = 1.0 if _BETTER[metric] == "high" else -1.0
    share = sign * (means - means[:, [base]]) / way
    return np.asarray(np.nan_to_num(share, nan=0.0))


def _judged(draws: Draws, values: ValueSet, parts: Mapping[str, F8]) -> Judged:
    scores = sum(
        (w * parts[m] for m, w in values.weights.items() if w > 0),
        np.zeros_like(next(iter(parts.values()))),
    )
    whole, halves, drawn = scores[0], scores[1:3], scores[3:]
    best = np.argmax(drawn, axis=1)
    first = np.bincount(best, minlength=len(whole)) / len(drawn)
    picked = tuple(draws.policies[int(np.argmax(h))] for h in halves)
    return Judged(values, whole, drawn.std(axis=0, ddof=1), first, (picked[0], picked[1]))


def agreement(judged: Sequence[Judged]) -> tuple[list[int], list[int], list[int]]:
    """Places of policies: above the baseline by every set, below by every set, and disputed.

    All measurably; a policy that some set cannot tell from the baseline may be in none.
    """
    signs = np.array([j.signs for j in judged])
    above = np.flatnonzero((signs > 0).all(axis=0)).tolist()
    below = np.flatnonzero((signs < 0).all(axis=0)).tolist()
    split = np.flatnonzero((signs > 0).any(axis=0) & (signs < 0).any(axis=0)).tolist()
    return above, below, split
