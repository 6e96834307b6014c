"""How many futures a decision needs: the noise of a difference between two policies, by estimator.

A difference is of decision grade when its standard error is a tenth of it. The difference is that
in the chance of war between full engagement and the status quo. Futures of both policies are played
on the same luck; each estimator is also tried as if the two had met luck of their own, which is all
that an implementation without keyed draws can offer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import openchannel as oc
from openchannel.ensemble import sample_beliefs
from openchannel.kernel.keys import Out
from openchannel.model import (
    Beliefs,
    central_beliefs,
    pack_design,
    simulate_replicates,
    world_beliefs,
)

PAIR = ("P0", "P7")
GRADE = 0.1
ESTIMATORS = {
    "counted wars": ("war",),
    "Rao-Blackwell sums": ("rb_war",),
    "Rao-Blackwell sums with control variates": ("rb_war", "cv_war"),
}


@dataclass(frozen=True)
class Noise:
    """Pairs of futures until the standard error is a tenth of the difference."""

    paired: float
    apart: float


def central(n: int) -> np.ndarray:
    """Futures of the pair at central values, default world: float64[n, policy, Out]."""
    case = oc.load("korea-reference")
    view = world_beliefs(case, case.worlds[-1], central_beliefs(case))
    beliefs = Beliefs(view.par[None], view.ch[None])
    return simulate_replicates(pack_design(case, PAIR), beliefs, 1, 0, n)[:, 0]


def sampled(n: int) -> np.ndarray:
    """The same with a belief draw for each future: beliefs are in the noise then."""
    case = oc.load("korea-reference")
    draws = sample_beliefs(case, n, 1).beliefs
    view = world_beliefs(case, case.worlds[-1], draws)
    design = pack_design(case, PAIR)
    return np.concatenate(
        [
            simulate_replicates(design, Beliefs(view.par[[k]], view.ch[[k]]), 1, k, 1)[:, 0]
            for k in range(n)
        ]
    )


def noise(out: np.ndarray) -> dict[str, Noise]:
    """Pairs needed, by estimator; the difference is that of the last, the sharpest."""
    values = {
        name: sum(out[..., Out[part]] for part in parts) for name, parts in ESTIMATORS.items()
    }
    sharpest = list(values.values())[-1]
    effect = float((sharpest[:, 1] - sharpest[:, 0]).mean())
    target = (GRADE * effect) ** 2
    return {
        name: Noise(
            float((x[:, 1] - x[:, 0]).var(ddof=1) / target),
            float(x.var(axis=0, ddof=1).sum() / target),
        )
        for name, x in values.items()
    }
