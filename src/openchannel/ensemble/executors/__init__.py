"""Who does the work of a run: this thread, threads, the workers of a cluster, or a GPU.

An executor is given the ensemble and the pieces that are wanted, and gives back each piece once
with its sums, in any order. It holds no more than a few pieces at a time, and never begins a piece
far beyond the oldest that is not back yet. Numbers do not depend on which executor it is; on a GPU
their last digits do, so its parts are kept apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from openchannel.ensemble.executors.contract import Executor, Finished
from openchannel.ensemble.executors.gpu import Gpu
from openchannel.ensemble.executors.here import Sequential, Threads
from openchannel.errors import Problem, UserError

__all__ = ["Executor", "Finished", "Gpu", "Sequential", "Threads", "executor"]

_MISSING = Problem(
    file="command line",
    field="--cluster",
    wrong="Dask, which runs work on a cluster, is not installed",
    allowed="nothing (threads of this process), or local and tcp://... with the extra `scale`",
    mend="install it with `pip install 'openchannel[scale]'`, or leave --cluster out",
)


@contextmanager
def executor(
    cluster: str = "", workers: int | None = None, *, gpu: bool = False
) -> Iterator[Executor]:
    """An executor, with what it stands on held open.

    Parameters
    ----------
    cluster : str
        Empty for threads of this process, `local` for worker processes of this machine, or the
        address of a Dask scheduler, such as `tcp://head:8786`.
    workers : int
        Threads or local workers; default one a core. A cluster brings its own.
    gpu : bool
        Futures on the GPU of this machine, which must be usable (`why_no_gpu`).

    Raises
    ------
    UserError
        Dask is not installed, no scheduler answers, it has no workers, or they run other code.
    """
    if gpu:
        yield Gpu(workers)
        return
    if not cluster:
        yield Threads(workers)
        return
    try:
        from openchannel.ensemble.executors.cluster import connected  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise UserError(_MISSING) from error
    with connected(cluster, workers) as dask:
        yield dask
