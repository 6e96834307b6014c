"""The implementations that `make bench` compares: the same specification, each in its own manner.

    python -m benches.peers NAME FUTURES

runs one of them in this process and prints futures, seconds and peak memory as JSON. All play 520
weeks on the reference values of eleven channels. What starts a pool of workers is not timed: each
peer is met warm, as in a long run.

JAX is left out, and said to be, where it is not installed.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # one core for each process
    os.environ.setdefault(_threads, "1")
sys.path[:0] = [str(Path(__file__).parents[1] / part) for part in ("tests", "benches", "")]

import resource
import time
from dataclasses import dataclass

import numpy as np

POLICY = "P7"
WORKERS = 2
WEEKS = 520
Run = Callable[[int], int]  # plays about so many futures; says how many they were


def arguments(policy: str = POLICY) -> tuple:
    """The reference values, as the twin and the NumPy version take them."""
    from naive import reference_values as ref

    return (
        ref.PARAMETERS, ref.COLUMNS, ref.stages(policy), ref.RULES[policy], ref.CALENDAR, WEEKS
    )  # fmt: skip


def one_future(replicate: int) -> dict[str, float]:
    """A future in plain Python, by the names of its outcomes: what a workbench calls."""
    from plain_futures import simulate_many

    (out,) = simulate_many(*arguments(), 1, replicate)
    return {k: float(v) for k, v in out.items() if isinstance(v, int | float)}


def numpy_chunk(seed: int) -> int:
    """A chunk of futures with NumPy; how many they were."""
    from numpy_futures import CHUNK, simulate_many

    simulate_many(*arguments(), CHUNK, seed)
    return CHUNK


@contextmanager
def plain() -> Iterator[Run]:
    from plain_futures import simulate_many

    yield lambda n: len(simulate_many(*arguments(), n, 1))


@contextmanager
def vectorised() -> Iterator[Run]:
    from numpy_futures import CHUNK

    yield lambda n: sum(numpy_chunk(seed) for seed in range(-(-n // CHUNK)))


@contextmanager
def jitted() -> Iterator[Run]:
    """JAX on one core of the processor; whole chunks, as an array of another length is compiled anew."""
    from jax_futures import CHUNK, simulate_many

    def run(n: int) -> int:
        futures = -(-n // CHUNK) * CHUNK
        simulate_many(*arguments(), futures, 1)
        return futures

    yield run


@contextmanager
def ema() -> Iterator[Run]:
    """EMA Workbench drives the plain model on its own pool of processes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import (
            IntegerParameter,
            Model,
            MultiprocessingEvaluator,
            ScalarOutcome,
        )

        model = Model("openchannel", function=one_future)
        model.uncertainties = [IntegerParameter("replicate", 0, 2**31 - 1)]
        model.outcomes = [ScalarOutcome(name) for name in one_future(1)]
        with MultiprocessingEvaluator(model, n_processes=WORKERS) as evaluator:

            def run(n: int) -> int:
                experiments, _ = evaluator.perform_experiments(scenarios=n)
                return len(experiments)

            yield run


@contextmanager
def dask_of(task: Callable[[int], object], futures_a_task: int) -> Iterator[Run]:
    """A loop of Dask tasks, one a future or one a chunk, gathered at the end."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster) as client,
    ):

        def run(n: int) -> int:
            tasks = range(-(-n // futures_a_task))
            client.gather(client.map(task, tasks, pure=False))
            return len(tasks) * futures_a_task

        yield run


def dask_plain() -> contextmanager:
    return dask_of(one_future, 1)


def dask_numpy() -> contextmanager:
    from numpy_futures import CHUNK

    return dask_of(numpy_chunk, CHUNK)


@contextmanager
def kernel(policies: tuple[str, ...] = (POLICY,), n_worlds: int = 1) -> Iterator[Run]:
    """The compiled kernel by itself, on one core."""
    import openchannel as oc
    from openchannel.model import (
        Beliefs,
        central_beliefs,
        pack_design,
        simulate_replicates,
        world_beliefs,
    )

    case = oc.load("korea-reference")
    design = pack_design(case, policies)
    views = [world_beliefs(case, w, central_beliefs(case)) for w in case.worlds[-n_worlds:]]
    beliefs = Beliefs(np.stack([v.par for v in views]), np.stack([v.ch for v in views]))

    def run(n: int) -> int:
        each = len(policies) * n_worlds
        out = simulate_replicates(design, beliefs, 1, 0, -(-n // each))
        return int(np.prod(out.shape[:3]))

    yield run


def every_policy() -> tuple[str, ...]:
    import openchannel as oc

    return tuple(p.id for p in oc.load("korea-reference").policies if not p.variant)


def kernel_all() -> contextmanager:
    return kernel(every_policy(), 5)


@contextmanager
def assessed(cluster: str, workers: int) -> Iterator[Run]:
    """What `assess` does with all policies and worlds: beliefs sampled, sums and errors kept."""
    import openchannel as oc
    from openchannel.ensemble import Ensemble, executor, make_plan, run_plan, sample_beliefs
    from openchannel.model import pack_design

    case, policies = oc.load("korea-reference"), every_policy()
    worlds = tuple(w.id for w in case.worlds)

    with executor(cluster, workers) as who:

        def run(n: int) -> int:
            each = len(policies) * len(worlds)
            plan = make_plan(
                case_fingerprint="", seed=1, futures=-(-n // each), policies=policies,
                baseline=case.baseline, worlds=worlds, ranges=True, overlay="",
                horizon_weeks=WEEKS,
            )  # fmt: skip
            sample = sample_beliefs(case, plan.n_draws, 1)
            ensemble = Ensemble(case, plan, pack_design(case, policies), sample, case.worlds)
            run_plan(ensemble, executor=who)
            return plan.futures * each

        yield run


@dataclass(frozen=True)
class Peer:
    """One implementation: how to prepare it, futures of one measurement, cores, who pairs luck."""

    title: str
    prepare: Callable[[], contextmanager]
    futures: int
    cores: int = 1
    common_luck: bool = False


PEERS = {
    "plain": Peer("plain Python", plain, 16),
    "ema": Peer("EMA Workbench over plain Python", ema, 48, WORKERS),
    "dask_plain": Peer("Dask loop over plain Python", dask_plain, 48, WORKERS),
    "numpy": Peer("NumPy over futures", vectorised, 8192),
    "jax": Peer("JAX over futures", jitted, 8192),
    "dask_numpy": Peer("Dask loop over NumPy chunks", dask_numpy, 16384, WORKERS),
    "kernel": Peer("kernel, one policy in one world", kernel, 16000, 1, True),
    "kernel_all": Peer("kernel, 17 policies in 5 worlds", kernel_all, 17000, 1, True),
    "threads": Peer(
        "`assess`, threads, 17 policies in 5 worlds",
        lambda: assessed("", WORKERS), 348160, WORKERS, True,
    ),
    "dask": Peer(
        "`assess`, Dask workers, 17 policies in 5 worlds",
        lambda: assessed("local", WORKERS), 348160, WORKERS, True,
    ),
}  # fmt: skip
#: Peers that need a library of their own, which may be absent.
LIBRARIES = {"jax": "jax", "ema": "ema_workbench"}


def missing() -> dict[str, str]:
    """Peers that cannot run here, and the library that each lacks."""
    return {name: lib for name, lib in LIBRARIES.items() if not find_spec(lib)}


#: Half of the last, to see what a second worker adds.
ONE_WORKER = Peer("one Dask worker", lambda: assessed("local", 1), 174080, 2)


def measure(name: str, futures: int) -> dict[str, float]:
    """Futures, seconds and peak memory of one peer, met warm.

    Seconds are of processor time for one core, so that a busy machine does not enter, and of the
    clock for more. Memory adds the largest child once for each worker.
    """
    peer = PEERS.get(name, ONE_WORKER)
    with peer.prepare() as run:
        run(max(WORKERS, min(futures // 8, 4096)))
        clock = time.process_time if peer.cores == 1 else time.perf_counter
        begin = clock()
        done = run(futures)
        seconds = clock() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if peer.cores > 1:
        memory += peer.cores * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"futures": done, "seconds": seconds, "memory_mib": memory / 1024}


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
