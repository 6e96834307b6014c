"""The workers of a Dask cluster: on this machine, or wherever its scheduler sends work.

What every piece is computed from goes to each worker once, with a plug-in, so that workers which
join late or start again have it too. A task is a few pieces, about a second of work. A task whose
worker dies is done again elsewhere by the scheduler; its pieces come back once.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

import dask.config
from distributed import (
    CancelledError,
    Client,
    Future,
    KilledWorker,
    LocalCluster,
    WorkerPlugin,
    as_completed,
    get_worker,
)

from openchannel.ensemble.code import makings
from openchannel.ensemble.collect import GroupSums
from openchannel.ensemble.executors.contract import Finished
from openchannel.ensemble.executors.line import Line
from openchannel.ensemble.plan import Piece
from openchannel.ensemble.unbroken import unbroken
from openchannel.ensemble.work import Ensemble
from openchannel.errors import Problem, UserError

__all__ = ["Dask", "connected"]

_ANSWER_SECONDS = 10.0  # for a scheduler to answer, and then for its first worker to be there
_TASK_SECONDS = 1.0  # Dask spends a millisecond or so on a task; half a second is enough
_COUNT_SECONDS = 5.0  # between two looks at how many workers there are
_IN_HAND, _REACH = 2, 6  # tasks a core that may be out, and how far the newest beyond the oldest
_ANY_PORT = "127.0.0.1:0"  # of the dashboard: a second cluster on this machine needs another
# Local workers share the cores with the head. Dask samples the stack of every worker a hundred
# times a second, and looks at the machine twice a second: with three processes that took a twelfth
# of a core for as long as the cluster stood, and takes a twentieth like this.
_QUIET = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.interval": "5s",
}
_LIMIT = "an address such as tcp://head:8786, or local"


@contextmanager
def connected(cluster: str, workers: int | None) -> Iterator[Dask]:
    """An executor on `local` workers, or on those of the scheduler at an address."""
    if cluster == "local":
        with (
            dask.config.set(_QUIET),
            LocalCluster(
                n_workers=workers or os.cpu_count() or 1,
                threads_per_worker=1,
                dashboard_address=_ANY_PORT,
                silence_logs=logging.ERROR,
            ) as local,
            Client(local) as client,
        ):
            client.register_plugin(_Undisturbed(), "openchannel-undisturbed")
            yield Dask(client)
        return
    try:
        client = Client(cluster, timeout=_ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UserError(_unreachable(cluster, error)) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_ANSWER_SECONDS)
        except TimeoutError as error:
            raise UserError(_deserted(cluster)) from error
        yield Dask(client)


class _Undisturbed(WorkerPlugin):
    """Local workers leave Ctrl-C to the process that started them, which stops them in order."""

    def setup(self, worker: Any) -> None:  # noqa: ARG002 - the signature is Dask's
        """Called in the main thread of a worker."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)


class _Workplace(WorkerPlugin):
    """On a worker: the ensemble, unpacked at the first task."""

    def __init__(self, ensemble: Ensemble) -> None:
        self._packed = pickle.dumps(ensemble)
        self._head = makings()
        self._lock: threading.Lock | None = None  # it does not travel

    def setup(self, worker: Any) -> None:  # noqa: ARG002 - the signature is Dask's
        """Called when it has arrived on a worker."""
        self._lock = threading.Lock()

    @cached_property
    def _ensemble(self) -> Ensemble:
        here = makings()
        if here != self._head:
            raise UserError(_foreign(get_worker().address, here, self._head))
        made: Ensemble = pickle.loads(self._packed)  # noqa: S301 - from our own head node
        return made

    def compute(self, pieces: list[Piece]) -> list[GroupSums]:
        """Sums of each piece."""
        assert self._lock is not None
        with self._lock:  # threads of one worker share what the first of them unpacks
            ensemble = self._ensemble
        return [ensemble.compute(piece) for piece in pieces]


def _compute(workplace: str, pieces: list[Piece]) -> tuple[float, list[GroupSums]]:
    """The task: seconds taken, and the sums of each piece."""
    place: Any = get_worker().plugins[workplace]
    begin = time.perf_counter()
    sums = place.compute(pieces)
    return time.perf_counter() - begin, sums


class _Pace:
    """How many pieces make a task of about a second, from the tasks that came back."""

    def __init__(self) -> None:
        self.pieces = 1

    def learn(self, pieces: int, seconds: float) -> None:
        """Move toward what would have taken `_TASK_SECONDS`, at most doubling at a time."""
        wanted = pieces * _TASK_SECONDS / max(seconds, 1e-6)
        self.pieces = max(1, min(round(wanted), 2 * self.pieces))


class Dask:
    """Workers known to a Dask client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._cores = 1
        self._counted = -float("inf")

    def run(self, ensemble: Ensemble, pieces: Iterator[Piece]) -> Generator[Finished]:
        """Every piece once with its sums, as they come."""
        self._refuse_foreign_workers()
        workplace = f"openchannel-{ensemble.plan.fingerprint}"
        self._client.register_plugin(_Workplace(ensemble), workplace)
        out: dict[Future[Any], tuple[int, list[Piece]]] = {}
        try:
            with _lost_scheduler_told():
                yield from self._collect(workplace, Line(pieces), out)
        finally:
            # Nothing is left to put away where the scheduler is gone.
            with suppress(OSError, CancelledError):
                if self._client.status == "running":
                    self._client.cancel(list(out))
                    self._client.unregister_worker_plugin(workplace)

    def _collect(
        self, workplace: str, line: Line, out: dict[Future[Any], tuple[int, list[Piece]]]
    ) -> Generator[Finished]:
        pace, arrivals = _Pace(), as_completed()
        while True:
            cores = self._count_cores()
            while len(out) < _IN_HAND * cores:
                task = line.take(pace.pieces, _REACH * cores)
                if task is None:
                    break
                with unbroken():  # a half-made future of Dask fails when it is freed
                    future = self._client.submit(_compute, workplace, task[1], pure=False)
                    out[future] = task
                    arrivals.add(future)
            if not out:
                return
            future = next(arrivals)
            seconds, sums = self._result(future)
            number, pieces = out.pop(future)
            line.back(number)
            pace.learn(len(pieces), seconds)
            future.release()
            yield from zip(pieces, sums, strict=True)

    def _count_cores(self) -> int:
        """Threads of all workers, looked up now and then: workers come and go."""
        if time.monotonic() - self._counted > _COUNT_SECONDS:
            self._cores = max(1, sum(self._client.nthreads().values()))
            self._counted = time.monotonic()
        return self._cores

    def _refuse_foreign_workers(self) -> None:
        """Numbers of other code or libraries may differ: say so before any work is done."""
        head = makings()
        answers = self._client.run(makings, on_error="return")
        problems = [_foreign(at, here, head) for at, here in answers.items() if here != head]
        if problems:
            raise UserError(problems)

    def _result(self, future: Future[Any]) -> tuple[float, list[GroupSums]]:
        error = future.exception() if future.status == "error" else None
        if isinstance(error, KilledWorker):
            raise UserError(_killed(error)) from error
        if isinstance(error, OSError):  # not to be taken for trouble with the scheduler
            raise UserError(_unwell(error)) from error
        if error is not None:
            self._refuse_foreign_workers()  # one that joined late may not know our task
            raise error
        result: tuple[float, list[GroupSums]] = future.result()
        return result


@contextmanager
def _lost_scheduler_told() -> Iterator[None]:
    try:
        yield
    except (CancelledError, OSError) as error:
        raise UserError(_lost(error)) from error


def _cluster_problem(wrong: str, allowed: str, mend: str) -> Problem:
    return Problem(file="command line", field="--cluster", wrong=wrong, allowed=allowed, mend=mend)


def _unreachable(address: str, error: Exception) -> Problem:
    return _cluster_problem(
        f"no Dask scheduler answers at '{address}' ({str(error).partition(chr(10))[0]})",
        _LIMIT,
        "start one with `dask scheduler`, or correct host and port; mind firewalls between",
    )


def _deserted(address: str) -> Problem:
    return _cluster_problem(
        f"the scheduler at '{address}' has no workers",
        "a scheduler with at least one worker",
        f"start workers with `dask worker {address} --nthreads 1`, or wait until they are there",
    )


def _foreign(at: str, here: object, head: dict[str, str]) -> Problem:
    told = "no openchannel that this one can work with"
    if isinstance(here, dict):
        told = ", ".join(f"{k} {here.get(k)}" for k in head if here.get(k) != head[k])
    elif isinstance(here, BaseException):
        told = f"{told} ({type(here).__name__}: {here})"
    return _cluster_problem(
        f"the worker at {at} has {told}",
        ", ".join(f"{k} {v}" for k, v in head.items()),
        "install the same release and the same locked libraries on every worker, and start it anew",
    )


def _killed(error: KilledWorker) -> Problem:
    return _cluster_problem(
        f"one task brought {error.allowed_failures + 1} workers down",
        "workers that stay up for some seconds; each takes up to 1 GiB of memory",
        "look into the log of a worker (memory, most often), then run again: "
        "what was finished is kept",
    )


def _unwell(error: OSError) -> Problem:
    return _cluster_problem(
        f"a worker cannot work: {error}",
        "workers with a disk and memory of their own to use",
        "mend it there (its log tells more), then run again: what was finished is kept",
    )


def _lost(error: Exception) -> Problem:
    reason = f"{type(error).__name__} {str(error).partition(chr(10))[0]}".strip()
    return _cluster_problem(
        f"the scheduler was lost while the run was under way ({reason})",
        "a scheduler that stays up to the end",
        "start it and its workers again, then give the same command: what was finished is kept",
    )
