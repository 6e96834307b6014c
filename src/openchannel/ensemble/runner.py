"""Run a plan: pieces computed by an executor, sums collected, progress told, parts kept."""

from __future__ import annotations

import time
from contextlib import closing, suppress

import numpy as np

from openchannel.ensemble.assembly import Assembly
from openchannel.ensemble.checkpoint import Checkpoint
from openchannel.ensemble.collect import Collected
from openchannel.ensemble.executors import Executor, Threads
from openchannel.ensemble.plan import Plan
from openchannel.ensemble.progress import Progress, Reporter
from openchannel.ensemble.work import Ensemble
from openchannel.errors import Interrupted
from openchannel.model.metrics import metric_index

__all__ = ["run_plan"]

_CHECKPOINT_SECONDS = 10.0


def run_plan(
    ensemble: Ensemble,
    *,
    threads: int | None = None,
    executor: Executor | None = None,
    checkpoint: Checkpoint | None = None,
    report: Reporter | None = None,
    watch: tuple[str, np.ndarray] | None = None,
) -> Collected:
    """Compute every piece of the plan that is not already on disk.

    Parameters
    ----------
    threads : int
        Threads of this process, where no executor is given. Default: one a core.
    executor : Executor
        Who computes; changes no number.
    checkpoint : Checkpoint
        Where finished work is kept; None keeps none.
    report : callable
        Told the progress after every finished piece.
    watch : (policy id, float64[world])
        Policy and world weights of the running estimate.

    Raises
    ------
    Interrupted
        On Ctrl-C, after what is finished has been kept.
    """
    plan = ensemble.plan
    sizes = np.array([g.n for g in plan.groups()], np.int64)
    assembly = Assembly(plan, Collected(sizes, ensemble.n_worlds, len(plan.policies)))
    damaged = checkpoint.restore(assembly) if checkpoint else 0
    clock = _Clock(assembly, plan, damaged, report, watch)
    if report:
        clock.tell()
    try:
        _work(ensemble, executor or Threads(threads), assembly, checkpoint, clock)
    except KeyboardInterrupt:
        if checkpoint:
            checkpoint.write(assembly)
        done = f"{assembly.futures} of {plan.futures}"
        raise Interrupted(f"stopped after {done} futures a policy") from None
    except Exception:
        # Whatever went wrong, what is finished need not be done again.
        with suppress(OSError):
            if checkpoint:
                checkpoint.write(assembly)
        raise
    if checkpoint:
        checkpoint.write(assembly)
    return assembly.collected


def _work(
    ensemble: Ensemble,
    executor: Executor,
    assembly: Assembly,
    checkpoint: Checkpoint | None,
    clock: _Clock,
) -> None:
    last_write = time.monotonic()
    with closing(executor.run(ensemble, assembly.waiting())) as finished:
        for piece, sums in finished:
            whole = assembly.put(piece, sums)
            if checkpoint:
                if whole is not None:
                    checkpoint.keep(piece.group, whole)
                if checkpoint.is_due or time.monotonic() - last_write > _CHECKPOINT_SECONDS:
                    checkpoint.write(assembly)
                    last_write = time.monotonic()
            clock.tell()


class _Clock:
    """Keeps the running estimate and tells the reporter."""

    def __init__(
        self,
        assembly: Assembly,
        plan: Plan,
        damaged: int,
        report: Reporter | None,
        watch: tuple[str, np.ndarray] | None,
    ) -> None:
        self.assembly = assembly
        self.collected = assembly.collected
        self.plan = plan
        self.damaged = damaged
        self.report = report
        self.watch = watch
        self.started = time.monotonic()
        self.resumed = assembly.futures

    def tell(self) -> None:
        if self.report is None:
            return
        estimate, error = self._estimate()
        seconds = time.monotonic() - self.started
        self.report(
            Progress(
                self.assembly.futures, self.plan.futures, seconds, self.resumed, estimate, error,
                self.damaged,
            )
        )  # fmt: skip

    def _estimate(self) -> tuple[float | None, float | None]:
        done = self.collected.done
        n = int(done.sum())
        if self.watch is None or n < 2 or self.watch[0] not in self.plan.policies:
            return None, None
        x = self.plan.policies.index(self.watch[0])
        base = self.plan.policies.index(self.plan.baseline)
        # Two columns of all groups so far, after every piece: no others are copied.
        war = self.collected.numerator[:, :, :, metric_index("p_war")]
        sizes = self.collected.sizes[done]
        pooled = (war[:, :, x][done] - war[:, :, base][done]) @ self.watch[1]
        mean = float(pooled.sum() / sizes.sum())
        residual = (pooled - mean * sizes) / sizes.mean()
        return mean, float(residual.std(ddof=1) / np.sqrt(n))
