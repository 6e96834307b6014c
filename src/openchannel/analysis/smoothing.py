"""Expected loss as a smooth function of beliefs, with the luck of few replicates taken out.

A draw has a handful of futures, so its mean loss is mostly luck; what depends on beliefs is what
neighbouring draws share. The loss of the baseline is fitted in logarithms, since base risks
multiply, and each policy's gain in proportion to it; both linear in the normal scores of the
beliefs, shrunk by ridge with the penalty that generalised cross-validation picks. The mean gain of
every policy in every world is kept as it was.

A fit made on one half of the draws knows nothing of the luck of the other, which is what guards
choices against the optimiser's curse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["Halves", "Smoother", "normal_scores", "ridge"]

F8 = NDArray[np.float64]

_PENALTIES = np.geomspace(1.0, 1e5, 26)
# A draw in which nearly nothing happened says little of proportions; below this share of the mean
# level it counts as if it had that level.
_LEAST_SHARE = 2e-3


@dataclass(frozen=True, slots=True)
class Halves:
    """Expected losses from two fits that share no luck: float64[world, draw, policy] each.

    choose : from the draws of the other half ; value : from the draws of its own half
    """

    choose: F8
    value: F8


def normal_scores(beliefs: F8) -> F8:
    """Each column by its ranks as a standard normal; a column that does not vary is nought."""
    # Loading scipy.stats takes longer than many a command, so it waits until it is needed.
    from scipy import stats  # noqa: PLC0415

    n = len(beliefs)
    ranks = stats.rankdata(beliefs, axis=0)
    scores = special.ndtri((ranks - 0.5) / n)
    return np.asarray(np.where(np.ptp(beliefs, axis=0) > 0, scores, 0.0))


def ridge(scores: F8, targets: F8, weight: F8) -> F8:
    """Linear fits of several targets with an intercept that is not shrunk.

    Parameters
    ----------
    scores : float64[row, feature] ; targets : float64[row, target]
    weight : float64[row], how often a row counts

    Returns
    -------
    float64[1 + feature, target]
        Intercepts in the first row.
    """
    total = weight.sum()
    centre, level = weight @ scores / total, weight @ targets / total
    x, y = scores - centre, targets - level
    heavy = x * weight[:, None]
    size, turn = np.linalg.eigh(heavy.T @ x)
    size = np.maximum(size, 0.0)
    seen = turn.T @ (heavy.T @ y)
    around = weight @ y**2
    best = np.full(targets.shape[1], np.inf)
    slopes = np.zeros_like(seen)
    for penalty in _PENALTIES:
        held = 1.0 / (size + penalty)
        fitted = held[:, None] * seen
        left = around - (fitted * (2.0 * seen - size[:, None] * fitted)).sum(axis=0)
        score = left / (1.0 - (1.0 + (size * held).sum()) / total) ** 2
        better = score < best
        best[better] = score[better]
        slopes[:, better] = fitted[:, better]
    slopes = turn @ slopes
    return np.concatenate([(level - centre @ slopes)[None], slopes])


class Smoother:
    """Fits of one run, again and again with draws counted differently.

    Parameters
    ----------
    loss : float64[world, draw, policy], mean over the replicates of each draw
    beliefs : float64[world, draw, quantity], as each world holds them
    base : index of the baseline
    """

    def __init__(self, loss: F8, beliefs: F8, base: int) -> None:
        n_worlds, n_draws, _ = loss.shape
        scores = normal_scores(beliefs.reshape(n_worlds * n_draws, -1))
        schools = np.repeat(np.eye(n_worlds), n_draws, axis=0)
        self._features = np.concatenate([schools, scores], axis=1)
        self._base = base
        self._usual = loss[:, :, base]
        self._gain = self._usual[..., None] - loss
        safe = np.maximum(self._usual, max(float(self._usual.mean()) * _LEAST_SHARE, 1e-300))
        targets = np.concatenate([np.log(safe)[..., None], self._gain / safe[..., None]], axis=-1)
        self._targets = targets.reshape(n_worlds * n_draws, -1)

    def fit(self, counts: F8) -> F8:
        """Expected loss of every world, draw and policy: float64[world, draw, policy].

        `counts` float64[draw] says how often the luck of a draw is looked at; 0 for not at all.
        """
        n_worlds, n_draws = self._usual.shape
        share_of = counts / counts.sum()
        used = np.tile(counts > 0, n_worlds)
        found = ridge(self._features[used], self._targets[used], np.tile(counts, n_worlds)[used])
        fitted = (self._features @ found[1:] + found[0]).reshape(n_worlds, n_draws, -1)
        level = np.exp(fitted[..., 0])
        level *= ((self._usual @ share_of) / (level @ share_of))[:, None]
        share = fitted[..., 1:]
        # Each policy's mean gain in a world is what the run says, not what the fit says.
        wanted = np.einsum("wdp,d->wp", self._gain, share_of)
        got = np.einsum("wdp,wd,d->wp", share, level, share_of)
        share = share + ((wanted - got) / (level @ share_of)[:, None])[:, None, :]
        smoothed = level[..., None] * (1.0 - share)
        smoothed[..., self._base] = level
        return np.asarray(smoothed)

    def halves(self, counts: F8) -> Halves:
        """Two fits, each to every other pair of draws, put together so as to share no luck."""
        first = np.arange(len(counts)) // 2 % 2 == 0
        by_first, by_second = self.fit(counts * first), self.fit(counts * ~first)
        own = first[None, :, None]
        return Halves(np.where(own, by_second, by_first), np.where(own, by_first, by_second))
