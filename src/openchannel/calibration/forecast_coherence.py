"""Forecasts of nested events made to agree: what counts less often never gets the larger chance.

Models and half-lives are chosen for each question alone, so an event of severity 4 could be given a
larger chance than one of severity 3, which it is too. Of all laws that agree, the one taken moves
no chance by more than half the worst contradiction; none can move less at its farthest. It is the
isotonic regression under the largest distance, which has a closed form for any order of events
(Stout 2012).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["NOISE", "agreeing"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NOISE = 1e-12
"""Chances nearer than this are the same: sums of a law's many parts differ in their last digits."""


def agreeing(laws: Floats, holds: Flags) -> Floats:
    """Laws of nested counts that agree: of more than `k` events, the wider never has less chance.

    The chance of more than `k` events becomes the middle between the largest said of it or of any
    narrower count and the smallest said of it or of any wider one. Laws that agreed, up to `NOISE`,
    are left to the bit.

    Parameters
    ----------
    laws : float64[n, ..., k]
        Probability of each count 0 to k - 1, of each of n counts.
    holds : bool[n, n]
        `holds[a, b]`: whatever count b counts, count a counts too. Transitive, each holds itself.
    """
    beyond = 1 - np.cumsum(laws, axis=-1)[..., :-1]
    raised = np.stack([beyond[row].max(axis=0) for row in holds])
    lowered = np.stack([beyond[column].min(axis=0) for column in holds.T])
    middle = np.clip((raised + lowered) / 2, 0, 1)
    edges = np.concatenate(
        [np.ones_like(middle[..., :1]), middle, np.zeros_like(middle[..., :1])], axis=-1
    )
    moved = (raised > lowered + NOISE).any(axis=-1, keepdims=True)
    return np.asarray(np.where(moved, -np.diff(edges, axis=-1), laws))
