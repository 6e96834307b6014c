"""How many futures a decision needs: the noise of a difference between two policies, by estimator.

A difference is of decision grade when its standard error is a tenth of it. The differences are
those in the chances of war and of nuclear use between full engagement and the status quo. Futures of both policies are played
on the same luck; each estimator is also tried as if the two had met luck of their own, which is all
that an implementation without keyed draws can offer.

Where beliefs are drawn, sixteen pairs share a draw, as the lanes of the kernel have it: one pair a
draw would need fewer pairs, and sixteen times as long for each. The last row is that of further
futures (`assess --sharpen`): draws moved to where risk is high, with exact weights, in independent
scrambles, whose spread is the noise; in runs about as large as decision grade takes. The first run,
which finds the direction, is not counted: it is played for other reasons.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

import openchannel as oc
from openchannel.analysis.sharpening import GRADE, stake_slope
from openchannel.ensemble import sample_beliefs
from openchannel.ensemble.design import belief_points
from openchannel.ensemble.scrambles import SCRAMBLES, by_scramble, scrambled_beliefs
from openchannel.kernel.keys import Out
from openchannel.kernel.records import LANES
from openchannel.model import (
    Beliefs,
    central_beliefs,
    pack_design,
    simulate_replicates,
    world_beliefs,
)

PAIR = ("P0", "P7")
Estimators = dict[str, tuple[str, ...]]
#: What is asked about, and how its chance in each future may be estimated.
OUTCOMES: dict[str, Estimators] = {
    asked: {
        "counted": (what,),
        "Rao-Blackwell sums": (f"rb_{what}",),
        "Rao-Blackwell sums with control variates": (f"rb_{what}", f"cv_{what}"),
    }
    for asked, what in {"war": "war", "nuclear use": "nuc"}.items()
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


def sampled(n_draws: int) -> np.ndarray:
    """The same over drawn beliefs: float64[draw, replicate, policy, Out]."""
    case = oc.load("korea-reference")
    return _over(case, sample_beliefs(case, n_draws, 1), 1)


def _over(case, sample, seed: int) -> np.ndarray:
    view = world_beliefs(case, case.worlds[-1], sample.beliefs)
    design = pack_design(case, PAIR)
    return np.stack(
        [
            simulate_replicates(
                design, Beliefs(view.par[[k]], view.ch[[k]]), seed, k * LANES, LANES
            )[:, 0]
            for k in range(sample.n_draws)
        ]
    )


def sharpened(
    first: np.ndarray, estimators: Estimators, n_draws: int, runs: int
) -> tuple[np.ndarray, float]:
    """Means of scrambles, float64[run, scramble], and pairs of futures in each.

    The direction of the tilt is that of wars in a first run, whose draws share nothing with these.
    """
    case = oc.load("korea-reference")
    scores = special.ndtri(belief_points(case, len(first), 1))
    before = sharp(first, OUTCOMES["war"])
    squares = ((before[..., 1] - before[..., 0]) ** 2).mean(axis=1)
    slope = stake_slope(scores, squares[:, None])
    found = []
    for seed in range(2, 2 + runs):
        drawn = scrambled_beliefs(case, n_draws, seed, slope)
        chance = sharp(_over(case, drawn.sample, seed), estimators)
        gap = (chance[..., 1] - chance[..., 0]).mean(axis=1)
        found.append(by_scramble(drawn.weights * gap))
    return np.array(found), n_draws / SCRAMBLES * LANES


def sharp(out: np.ndarray, estimators: Estimators) -> np.ndarray:
    """The sharpest estimate of each future's chance."""
    return sum(out[..., Out[part]] for part in list(estimators.values())[-1])


def drawn_pairs(
    first: np.ndarray, asked: str = "war", n_draws: int = 128, runs: int = 32
) -> dict[str, float]:
    """Pairs until decision grade where beliefs are drawn, by estimator."""
    estimators = OUTCOMES[asked]
    values = {name: sum(first[..., Out[p]] for p in parts) for name, parts in estimators.items()}
    gaps = {name: (x[..., 1] - x[..., 0]).mean(axis=1) for name, x in values.items()}
    found, pairs = sharpened(first, estimators, n_draws, runs)
    target = (GRADE * float(found.mean())) ** 2
    needed = {name: LANES * float(gap.var(ddof=1)) / target for name, gap in gaps.items()}
    spread = float(found.var(axis=1, ddof=1).mean())
    return needed | {"the same, in draws as of `--sharpen`": pairs * spread / target}


def noise(out: np.ndarray, asked: str = "war") -> dict[str, Noise]:
    """Pairs needed, by estimator; the difference is that of the last, the sharpest."""
    values = {
        name: sum(out[..., Out[part]] for part in parts) for name, parts in OUTCOMES[asked].items()
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
