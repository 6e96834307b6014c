"""Run a plan: groups on threads, sums collected, progress told, parts kept."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress

import numpy as np

from openchannel.domain import Case, World
from openchannel.ensemble.checkpoint import Checkpoint
from openchannel.ensemble.collect import Collected, GroupSums
from openchannel.ensemble.design import BeliefSample
from openchannel.ensemble.plan import Group, Plan
from openchannel.ensemble.progress import Progress, Reporter
from openchannel.errors import Interrupted
from openchannel.kernel.keys import Scalar
from openchannel.model import (
    Beliefs,
    Design,
    metric_values,
    simulate_replicates,
    world_beliefs,
)
from openchannel.model.metrics import metric_index

__all__ = ["Ensemble", "run_plan"]

_CHECKPOINT_SECONDS = 10.0


class Ensemble:
    """The arrays that every group of a plan reads: beliefs by draw and world, and the design."""

    def __init__(
        self,
        case: Case,
        plan: Plan,
        design: Design,
        sample: BeliefSample,
        worlds: Sequence[World],
        chunk: int = 32,
    ) -> None:
        """`chunk` replicates go to the kernel at once: it bounds memory and changes no number."""
        self.chunk = chunk
        self.plan = plan
        self.design = design
        self.base = plan.policies.index(plan.baseline)
        self.weights = dict(case.weights)
        views = [world_beliefs(case, world, sample.beliefs) for world in worlds]
        self.par = np.stack([v.par for v in views], axis=1)  # [draw, world, Scalar]
        self.ch = np.stack([v.ch for v in views], axis=1)  # [draw, world, channel, Column]

    def compute(self, group: Group) -> GroupSums:
        """Sums of one group."""
        sums = GroupSums.empty(self.par.shape[1], len(self.plan.policies))
        for first in range(0, group.n, self.chunk):
            self._take(sums, group, group.first + first, min(self.chunk, group.n - first))
        return sums

    def _take(self, sums: GroupSums, group: Group, first: int, n: int) -> None:
        par, ch = self.par[group.draw], self.ch[group.draw]
        out = simulate_replicates(self.design, Beliefs(par, ch), self.plan.seed, first, n)
        vsl = par[:, Scalar.vsl_musd]
        numerator, divisors = metric_values(out, self.weights, vsl)
        luck = numerator[..., metric_index("fatalities_raw")]
        expected = numerator[..., metric_index("fatalities")]
        loss = numerator[..., metric_index("composite_loss")]
        realised = loss + self.weights.get("fatalities", 0.0) * (luck - expected)
        sums.take(out, numerator, divisors, realised, self.base)


def run_plan(
    ensemble: Ensemble,
    *,
    threads: int | None = None,
    checkpoint: Checkpoint | None = None,
    report: Reporter | None = None,
    watch: tuple[str, np.ndarray] | None = None,
) -> Collected:
    """Compute every group of the plan that is not already on disk.

    Parameters
    ----------
    threads : int
        Default: one a core.
    checkpoint : Checkpoint
        Where finished groups are kept; None keeps none.
    report : callable
        Told the progress after every finished group.
    watch : (policy id, float64[world])
        Policy and world weights of the running estimate.

    Raises
    ------
    Interrupted
        On Ctrl-C, after what is finished has been kept.
    """
    plan = ensemble.plan
    groups = plan.groups()
    sizes = np.array([g.n for g in groups], np.int64)
    collected = Collected(sizes, ensemble.par.shape[1], len(plan.policies))
    resumed = checkpoint.restore(collected) if checkpoint else 0
    todo = [g for g in groups if not collected.done[g.index]]
    clock = _Clock(collected, ensemble.base, plan, resumed, report, watch)
    if report:
        clock.tell()
    workers = threads or os.cpu_count() or 1
    last_write = time.monotonic()
    try:
        for group, sums in _in_threads(ensemble, todo, workers):
            collected.add(group.index, sums)
            if checkpoint:
                checkpoint.keep(group.index, sums)
                if time.monotonic() - last_write > _CHECKPOINT_SECONDS:
                    checkpoint.write(collected)
                    last_write = time.monotonic()
            clock.tell()
    except KeyboardInterrupt:
        if checkpoint:
            checkpoint.write(collected)
        done = int(sizes[collected.done].sum())
        raise Interrupted(f"stopped after {done} of {plan.futures} futures a policy") from None
    if checkpoint:
        checkpoint.write(collected)
    return collected


def _in_threads(
    ensemble: Ensemble, groups: list[Group], workers: int
) -> Iterator[tuple[Group, GroupSums]]:
    """Finished groups as they come; a few wait in line, so that an interrupt is prompt."""
    pending: dict[Future[GroupSums], Group] = {}
    waiting = iter(groups)
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            while True:
                with suppress(StopIteration):
                    while len(pending) < 2 * workers:
                        group = next(waiting)
                        pending[pool.submit(ensemble.compute, group)] = group
                if not pending:
                    return
                for future in wait(pending, return_when=FIRST_COMPLETED).done:
                    yield pending.pop(future), future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class _Clock:
    """Keeps the running estimate and tells the reporter."""

    def __init__(
        self,
        collected: Collected,
        base: int,
        plan: Plan,
        resumed: int,
        report: Reporter | None,
        watch: tuple[str, np.ndarray] | None,
    ) -> None:
        self.collected = collected
        self.base = base
        self.plan = plan
        self.report = report
        self.watch = watch
        self.started = time.monotonic()
        self.resumed = int(collected.sizes[collected.done].sum()) if resumed else 0

    def tell(self) -> None:
        if self.report is None:
            return
        estimate, error = self._estimate()
        done = int(self.collected.sizes[self.collected.done].sum())
        seconds = time.monotonic() - self.started
        self.report(Progress(done, self.plan.futures, seconds, self.resumed, estimate, error))

    def _estimate(self) -> tuple[float | None, float | None]:
        done = self.collected.done
        n = int(done.sum())
        if self.watch is None or n < 2 or self.watch[0] not in self.plan.policies:
            return None, None
        x = self.plan.policies.index(self.watch[0])
        war = self.collected.numerator[done][..., metric_index("p_war")]
        sizes = self.collected.sizes[done]
        pooled = (war[:, :, x] - war[:, :, self.base]) @ self.watch[1]
        mean = float(pooled.sum() / sizes.sum())
        residual = (pooled - mean * sizes) / sizes.mean()
        return mean, float(residual.std(ddof=1) / np.sqrt(n))
