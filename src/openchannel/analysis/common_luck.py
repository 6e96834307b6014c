"""Many sets of beliefs on one stretch of luck: the runs that switches, searches and swaps need.

Owns the running of short jobs and the means they leave. What the sets of beliefs are, and what
their differences mean, belongs to those who ask: `contributions`, `redteam`, `disagreement`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from openchannel.domain import Case, World
from openchannel.kernel.keys import Scalar
from openchannel.kernel.records import LANES
from openchannel.model import Beliefs, metric_values, pack_design, simulate_replicates
from openchannel.model import world_beliefs as hold
from openchannel.model.metrics import EXTRAS, METRICS, divisor_of, metric_index

__all__ = ["CommonLuck", "Job", "derived_seed", "each_of", "groups_of", "in_worlds", "weights_of"]

F8 = NDArray[np.float64]
Told = Callable[[int, int], None]
Asked = TypeVar("Asked")
Found = TypeVar("Found")

# Futures in memory at once, all worlds and policies of a chunk together: about 5 MB of sums.
_FUTURES_A_CHUNK = 8192
_FEWEST_GROUPS = 8
_PLAIN = frozenset(m.id for m in (*METRICS, *EXTRAS) if m.is_plain)


@dataclass(frozen=True, slots=True)
class Job:
    """Consecutive replicates of several sets of beliefs, all on the same luck.

    beliefs : par float64[world, Scalar], ch float64[world, channel, Column]
    first, n : global index of the first replicate, and how many
    """

    beliefs: Beliefs
    seed: int
    first: int
    n: int


def derived_seed(seed: int, *purpose: object) -> int:
    """A seed for one purpose of a run: the same for the same words, unrelated for others.

    Examples
    --------
    >>> derived_seed(1, "search") == derived_seed(1, "search") != derived_seed(1, "re-test")
    True
    """
    words = "\0".join(str(p) for p in (seed, *purpose))
    # Seven bytes: below 2^63 on any platform, where seeds of the kernel end.
    return int.from_bytes(blake2b(words.encode(), digest_size=7).digest(), "big")


def in_worlds(case: Case, worlds: Iterable[World], beliefs: Beliefs) -> Beliefs:
    """What each world makes of beliefs: par float64[..., world, Scalar], ch likewise."""
    views = [hold(case, world, beliefs) for world in worlds]
    return Beliefs(
        np.stack([v.par for v in views], axis=-2), np.stack([v.ch for v in views], axis=-3)
    )


def groups_of(replicates: int, most: int) -> tuple[int, int]:
    """Groups of luck for an error, and the replicates of each, for at least so many in all.

    A group fills the simulator's lanes, which are played anyway, unless fewer than eight were left.
    """
    groups = min(most, max(_FEWEST_GROUPS, replicates // LANES))
    return groups, -(-replicates // groups)


def weights_of(worlds: Iterable[World]) -> F8:
    """Weights of worlds as shares of one: float64[world]."""
    weights = np.array([w.weight for w in worlds])
    return np.asarray(weights / weights.sum())


def each_of(
    jobs: Sequence[Asked],
    work: Callable[[Asked], Found],
    threads: int | None,
    told: Told | None = None,
) -> list[Found]:
    """What work makes of each job, in their order; `told` how many are done, and of how many."""
    done: list[Found] = []
    pool = ThreadPoolExecutor(max_workers=threads or os.cpu_count() or 1)
    try:
        for result in pool.map(work, jobs):
            done.append(result)
            if told is not None:
                told(len(done), len(jobs))
    finally:
        # An interrupt must not wait for jobs that have not begun.
        pool.shutdown(wait=True, cancel_futures=True)
    return done


class CommonLuck:
    """Runs jobs for some policies of a case, on threads; results do not depend on how many."""

    def __init__(
        self,
        case: Case,
        policies: Sequence[str],
        metrics: Sequence[str],
        *,
        overlay: str = "",
        threads: int | None = None,
    ) -> None:
        """`means` needs metrics that are plain means over futures; `sums` takes any."""
        laid = next((o for o in case.overlays if o.id == overlay), None)
        self.policies = tuple(policies)
        self.metrics = tuple(metrics)
        self._design = pack_design(case, self.policies, laid)
        self._weights = dict(case.weights)
        self._columns = [metric_index(m) for m in self.metrics]
        self._divisors = [divisor_of(m) for m in self.metrics]
        self._threads = threads

    def means(self, jobs: Sequence[Job], told: Told | None = None) -> list[F8]:
        """Mean of each metric over the replicates of each job, in the order of the jobs.

        Returns
        -------
        list of float64[world, policy, metric]
        """
        assert _PLAIN.issuperset(self.metrics), "a ratio of sums has no mean by future"
        found = self.sums(jobs, told)
        return [np.asarray(s[..., 0] / job.n) for s, job in zip(found, jobs, strict=True)]

    def sums(self, jobs: Sequence[Job], told: Told | None = None) -> list[F8]:
        """Sums over the replicates of each job, above and below the line of each metric.

        Returns
        -------
        list of float64[world, policy, metric, 2]
        """
        return each_of(jobs, self._sum, self._threads, told)

    def _sum(self, job: Job) -> F8:
        beliefs, back = _distinct(job.beliefs)
        n_worlds = len(beliefs.par)
        total = np.zeros((n_worlds, len(self.policies), len(self.metrics), 2))
        at_once = max(1, _FUTURES_A_CHUNK // (LANES * len(self.policies)))
        for start in range(0, n_worlds, at_once):
            part = slice(start, start + at_once)
            self._add(total[part], Beliefs(beliefs.par[part], beliefs.ch[part]), job)
        return np.asarray(total[back])

    def _add(self, total: F8, beliefs: Beliefs, job: Job) -> None:
        """Add the metrics of all replicates: total float64[world, policy, metric, 2]."""
        lanes = _FUTURES_A_CHUNK // (LANES * len(beliefs.par) * len(self.policies))
        step = LANES * max(1, lanes)
        for first in range(0, job.n, step):
            n = min(step, job.n - first)
            out = simulate_replicates(self._design, beliefs, job.seed, job.first + first, n)
            top, bottom = metric_values(out, self._weights, beliefs.par[:, Scalar.vsl_musd])
            pairs = np.stack((top[..., self._columns], bottom[..., self._divisors]), axis=-1)
            for one in pairs:  # one by one, so that chunks change no bit
                total += one


def _distinct(beliefs: Beliefs) -> tuple[Beliefs, NDArray[np.int64]]:
    """The different sets of beliefs, and for each set given its place among them.

    Equal beliefs on equal luck give equal futures, so they are run once.
    """
    place: dict[bytes, int] = {}
    kept: list[int] = []
    back = []
    for i, (par, ch) in enumerate(zip(beliefs.par, beliefs.ch, strict=True)):
        key = par.tobytes() + ch.tobytes()
        if key not in place:
            place[key] = len(kept)
            kept.append(i)
        back.append(place[key])
    return Beliefs(beliefs.par[kept], beliefs.ch[kept]), np.array(back, np.int64)
