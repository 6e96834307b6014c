"""What the true losses of all policies may be in each draw, when futures are few.

Policies are played on the same luck and many resemble each other, so neither luck nor beliefs move
them independently. Two halves of the futures tell luck from belief: what both halves share is
belief. Both covariances are estimated, and each draw is pulled in accordingly (empirical Bayes).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.draws import BeliefDraws
from openchannel.analysis.belief.projection import folds
from openchannel.analysis.belief.surface import expected_losses

__all__ = ["TrueLosses", "chance_best", "choose_on_half", "true_losses"]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
_N_DEVIATES = 128


@dataclass(frozen=True)
class TrueLosses:
    """What is known of the true losses of each draw before its own futures are seen.

    expected : float64[draw, policy], what its beliefs let expect, from other draws
    belief, luck : float64[policy, policy], covariance of what beliefs add to that, and of the luck
        in the mean of both halves; in proportion to `scale`
    scale : float64[draw]
    """

    expected: F8
    belief: F8
    luck: F8
    scale: F8

    def given(self, losses: F8, halves: int = 2) -> tuple[F8, F8]:
        """Middle float64[draw, policy] of the true losses given means over one half or both.

        And a root float64[policy, policy] of their covariance, in proportion to `scale`.
        """
        luck = self.luck * (2.0 / halves)
        weight = self.belief @ np.linalg.pinv(self.belief + luck, rcond=1e-9, hermitian=True)
        middle = self.expected + (losses - self.expected) @ weight.T
        values, vectors = np.linalg.eigh(_positive(self.belief - weight @ self.belief))
        return np.asarray(middle), np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))

    def samples(self, losses: F8, seed: int = 0) -> Iterator[F8]:
        """Losses that may be true given means over both halves: float64[draw, policy] each.

        Every draw meets the same deviates, so that what differs between draws is not noise.
        """
        middle, root = self.given(losses)
        deviates = np.random.default_rng(seed).standard_normal((_N_DEVIATES, len(root)))
        for z in deviates:
            yield middle + self.scale[:, None] * (root @ z)


def true_losses(draws: BeliefDraws, halves: F8, scale: F8 | None = None) -> TrueLosses:
    """Luck and belief told apart by two halves of the futures.

    Parameters
    ----------
    halves : float64[2, draw, policy], as for `information.value_of_certainty`
    scale : float64[draw], level in proportion to which effects and luck are of one size; default 1
    """
    level = np.ones(draws.n) if scale is None else scale
    relative = halves / level[:, None]
    expected = expected_losses(draws, relative.mean(axis=0))
    belief, luck = _covariances(relative, expected)
    return TrueLosses(expected * level[:, None], belief, luck, level)


def _covariances(halves: F8, expected: F8) -> tuple[F8, F8]:
    """Of what beliefs add to the expected, and of the luck in the mean of both halves."""
    rest, gap = halves.mean(axis=0) - expected, (halves[0] - halves[1]) / 2.0
    luck = gap.T @ gap / len(gap)
    return _positive(rest.T @ rest / len(rest) - luck), luck


def choose_on_half(
    draws: BeliefDraws, halves: F8, half: int, scale: F8 | None = None, seed: int = 0
) -> I8:
    """Best policy of each draw by its beliefs and one half of its futures: int64[draw].

    How much a half is to be trusted is learnt from draws of other folds. Learnt from all, the
    choice would know what luck the other half has in common with this one by accident; with many
    policies that alone makes noise look valuable.
    """
    level = np.ones(draws.n) if scale is None else scale
    relative = halves / level[:, None]
    expected = expected_losses(draws, relative.mean(axis=0))
    fold = folds(draws.n, seed)
    choice = np.empty(draws.n, np.int64)
    for k in range(int(fold.max()) + 1):
        seen, unseen = fold != k, fold == k
        belief, luck = _covariances(relative[:, seen], expected[seen])
        known = TrueLosses(expected[unseen], belief, luck, level[unseen])
        choice[unseen] = np.argmin(known.given(relative[half, unseen], halves=1)[0], axis=1)
    return choice


def _positive(covariance: F8) -> F8:
    """Nearest matrix that a covariance can be: negative eigenvalues are chance, and set to zero."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2.0)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)


def chance_best(draws: BeliefDraws, halves: F8, scale: F8 | None = None, seed: int = 0) -> F8:
    """Chance that each policy has the lowest loss, for each draw: float64[draw, policy].

    Parameters as for `true_losses`. Zeros and ones where the halves agree that there is no luck.
    """
    wins = np.zeros(halves.shape[1:])
    rows = np.arange(draws.n)
    for losses in true_losses(draws, halves, scale).samples(halves.mean(axis=0), seed):
        wins[rows, np.argmin(losses, axis=1)] += 1.0
    return np.asarray(wins / _N_DEVIATES)
