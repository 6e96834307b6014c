"""Many portfolios on common luck: what each brings, pooled and in each school of thought."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.common_luck import CommonLuck, Job, derived_seed, in_worlds, weights_of
from openchannel.analysis.estimates import error_of_mean, influence, ratio_of_sums
from openchannel.analysis.measured import Measured
from openchannel.domain import Case, Policy
from openchannel.ensemble.design import sample_beliefs
from openchannel.kernel.records import LANES
from openchannel.model import Beliefs

__all__ = ["AIMS", "CAPTURE", "COST", "NUCLEAR", "RISK", "WAR", "Keep", "Outcomes", "Trial", "keep"]

F8 = NDArray[np.float64]
Arrays = Mapping[str, NDArray[np.float64] | NDArray[np.int64]]
#: Gives back what was kept under a name, or makes it and keeps it: how a search is gone on with.
Keep = Callable[[str, Callable[[], Arrays]], Arrays]

RISK, COST, CAPTURE = "composite_loss", "programme_cost_usd", "opportunity_capture"
WAR, NUCLEAR = "p_war", "p_nuclear_use"
#: What is sought at once; the sign turns each into something to make small.
AIMS: Mapping[str, float] = {
    RISK: 1.0,
    COST: 1.0,
    "alliance_friction_index": 1.0,
    "political_cost_index": 1.0,
    CAPTURE: -1.0,
}
_METRICS = (*AIMS, WAR, NUCLEAR)


def keep(name: str, make: Callable[[], Arrays]) -> Arrays:
    """Keep nothing: for a search that need not be gone on with."""
    del name
    return make()


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What was measured of some policies on the same futures.

    policies : their ids
    sums : float64[draw, world, policy, metric, 2], above and below the line
    weights : float64[world], sum 1
    """

    policies: tuple[str, ...]
    sums: F8
    weights: F8

    def mean(self, metric: str, policy: str, world: int | None = None) -> float:
        """A metric of one policy, pooled or in one world."""
        return ratio_of_sums(*self._both(metric, policy, world))

    def means(self, metric: str, world: int | None = None) -> F8:
        """The same of every policy: float64[policy]."""
        return np.array([self.mean(metric, p, world) for p in self.policies])

    def level(self, metric: str, policy: str) -> Measured:
        """A metric of one policy, pooled, with its error over the belief draws."""
        both = self._both(metric, policy, None)
        return Measured(ratio_of_sums(*both), _error(influence(*both)))

    def difference(
        self, metric: str, policy: str, rival: str, world: int | None = None
    ) -> Measured:
        """Policy less rival on the same futures."""
        own, other = (self._both(metric, p, world) for p in (policy, rival))
        return Measured(
            ratio_of_sums(*own) - ratio_of_sums(*other),
            _error(influence(*own) - influence(*other)),
        )

    def aims(self) -> F8:
        """Every aim of every policy, each to be made small: float64[policy, aim]."""
        return np.stack([sign * self.means(m) for m, sign in AIMS.items()], axis=-1)

    def worst(self, rival: str) -> F8:
        """Risk above the rival's as a share of it, where it is most: float64[policy]."""
        at = self.policies.index(rival)
        rows = [self.means(RISK, w) for w in range(len(self.weights))]
        return np.asarray(np.max([row / row[at] - 1.0 for row in rows], axis=0))

    def regret(self) -> F8:
        """Largest risk above that of the best policy of a world, as a share: float64[policy]."""
        rows = [self.means(RISK, w) for w in range(len(self.weights))]
        return np.asarray(np.max([row / row.min() - 1.0 for row in rows], axis=0))

    def _both(self, metric: str, policy: str, world: int | None) -> tuple[F8, F8]:
        """Sums of each draw above and below the line, one world or worlds mixed: float64[draw]."""
        part = self.sums[:, :, self.policies.index(policy), _METRICS.index(metric)]
        if world is not None:
            return part[:, world, 0], part[:, world, 1]
        mixed = np.einsum("w,dwk->dk", self.weights, part)
        return mixed[:, 0], mixed[:, 1]


def _error(residual: F8) -> float:
    """Standard error of a mean over belief draws, widened where they are few."""
    return error_of_mean(residual, np.arange(len(residual)))


class Trial:
    """Plays policies, of the case or made up, in every world on luck named by a purpose."""

    def __init__(self, case: Case, seed: int, *, threads: int | None = None) -> None:
        self.case = case
        self.weights = weights_of(case.worlds)
        self._seed = seed
        self._threads = threads
        self._beliefs: dict[tuple[str, int], Beliefs] = {}

    def play(self, policies: Sequence[Policy], purpose: str, futures: int) -> Outcomes:
        """Futures of each policy in each world: `LANES` for each draw of the beliefs."""
        n_draws = max(2, futures // LANES)
        seed = derived_seed(self._seed, "design", purpose)
        held = self._held(purpose, n_draws, seed)
        ids = tuple(p.id for p in policies)
        others = tuple(p for p in self.case.policies if p.id not in ids)
        luck = CommonLuck(
            replace(self.case, policies=(*others, *policies)), ids, _METRICS, threads=self._threads
        )
        jobs = [
            Job(Beliefs(held.par[d], held.ch[d]), seed, d * LANES, LANES) for d in range(n_draws)
        ]
        return Outcomes(ids, np.array(luck.sums(jobs)), self.weights)

    def _held(self, purpose: str, n_draws: int, seed: int) -> Beliefs:
        """Beliefs of every draw in every world; kept, because a search asks for them often."""
        known = self._beliefs.get((purpose, n_draws))
        if known is None:
            sample = sample_beliefs(self.case, n_draws, seed)
            known = in_worlds(self.case, self.case.worlds, sample.beliefs)
            self._beliefs = {(purpose, n_draws): known}
        return known
