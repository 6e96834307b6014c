"""Futures on a card: what it takes to have one, and one launch of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["card", "run_futures", "why_no_gpu"]

#: Threads of a block; measured between 32 and 256, see docs/explanation/speed-and-scale.md.
_BLOCK = 128
#: Share of the card's free memory for luck and outcomes; the rest is the threads' own memory.
_SHARE_OF_MEMORY = 0.5
_ONE_AT_A_TIME = threading.Lock()


def why_no_gpu() -> str:
    """Why no GPU can be used here, and what to do about it; empty where one can."""
    if find_spec("numba_cuda") is None:
        return "the extra `gpu` is not installed (`pip install 'openchannel[gpu]'`)"
    try:
        from numba import cuda  # noqa: PLC0415 - an extra

        from openchannel.kernel.gpu.twin import simulated  # noqa: PLC0415 - it needs the extra

        if simulated():
            return ""
        if not cuda.is_available():
            return "no CUDA device was found, or no driver for it (see `nvidia-smi`)"
        from numba.cuda.cudadrv import nvvm  # noqa: PLC0415 - the simulator has none

        nvvm.LibDevice()
        nvvm.NVVM()
    except Exception as error:  # noqa: BLE001 - whatever the library says, the run goes on
        return (
            f"CUDA's compiler cannot be used ({type(error).__name__}: {_first_line(error)}); "
            "`pip install 'numba-cuda[cu13]'` brings it, `[cu12]` for an older driver"
        )
    return ""


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), "no more is known")


def card() -> str:
    """Name of the card that computes."""
    from numba import cuda  # noqa: PLC0415 - an extra

    from openchannel.kernel.gpu.twin import simulated  # noqa: PLC0415 - it needs the extra

    if simulated():
        return "CUDA simulator"
    name = cuda.get_current_device().name
    return name.decode() if isinstance(name, bytes) else str(name)


def run_futures(
    seed: int,
    pars: NDArray[Any],
    plans: NDArray[Any],
    calendar: NDArray[np.float64],
    slot: NDArray[np.int64],
    replicate: NDArray[np.int64],
    draw: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Futures of replicates, each under its belief draw, in every world and policy.

    Parameters
    ----------
    pars, plans : records[draw, world], records[draw, world, policy]
        Derived already, by the processor.
    calendar : float64[draw, world, week, 4]
    replicate, draw : int64[replicate]

    Returns
    -------
    float64[replicate, world, policy, Out]
    """
    from numba import cuda  # noqa: PLC0415 - an extra

    from openchannel.kernel.gpu.futures import aligned  # noqa: PLC0415 - it needs the extra
    from openchannel.kernel.keys import Out  # noqa: PLC0415 - beside the others

    shape = (len(replicate), *plans.shape[1:], len(Out))
    outs = np.empty(shape)
    records = pars.view(aligned(pars.dtype)), plans.view(aligned(plans.dtype))
    with _ONE_AT_A_TIME, _uncontracted():
        fixed = [cuda.to_device(array) for array in (*records, calendar, slot)]
        at_once = _replicates_at_once(shape, calendar.shape[2], len(slot))
        for first in range(0, len(replicate), at_once):
            part = slice(first, first + at_once)
            given = [cuda.to_device(array[part]) for array in (replicate, draw)]
            held = cuda.device_array((len(given[0]), *shape[1:]))
            _launch(seed, [*fixed, *given], held)
            outs[part] = held.copy_to_host()
    return outs


def _replicates_at_once(shape: tuple[int, ...], n_weeks: int, n_channels: int) -> int:
    """How many replicates' luck and outcomes may lie in the memory of the card together."""
    from numba import cuda  # noqa: PLC0415 - an extra

    free = min(cuda.current_context().get_memory_info()[0], 2.0**40)
    luck = np.prod(_lots_shape(shape, n_weeks, n_channels)[:2])
    return max(1, int(free * _SHARE_OF_MEMORY / (8 * (luck + np.prod(shape[1:])))))


def _lots_shape(shape: tuple[int, ...], n_weeks: int, n_channels: int) -> tuple[int, int, int]:
    """Blocks of weeks, words and replicates of the luck that is drawn once for all."""
    from openchannel.kernel.gpu.futures import lot_words  # noqa: PLC0415 - it needs the extra

    _, words, weeks = lot_words(n_channels)
    is_shared = shape[1] * shape[2] > 1
    return (-(-n_weeks // weeks), words, shape[0]) if is_shared else (1, 1, 0)


def _launch(seed: int, given: list[Any], outs: Any) -> None:
    """Draw luck and play futures of arrays that lie on the card; does not wait for the end."""
    from numba import cuda  # noqa: PLC0415 - an extra

    from openchannel.kernel.gpu.futures import kernels  # noqa: PLC0415 - it needs the extra

    calendar, slot, replicate = given[2], given[3], given[4]
    lots = cuda.device_array(_lots_shape(outs.shape, calendar.shape[2], len(slot)))
    luck_of, futures = kernels(len(slot))
    blocks, _, n = lots.shape
    if n > 0:
        luck_of[-(-n * blocks // _BLOCK), _BLOCK](np.uint64(seed), slot, replicate, lots)
    threads = outs.shape[0] * outs.shape[1] * outs.shape[2]
    futures[-(-threads // _BLOCK), _BLOCK](np.uint64(seed), *given, lots, outs)


@contextmanager
def _uncontracted() -> Iterator[None]:
    """Compile without fused multiply-add, as the processor's kernel is compiled.

    numba-cuda passes no such option on, so it is added where it hands the code to NVVM.
    """
    from openchannel.kernel.gpu.twin import simulated  # noqa: PLC0415 - it needs the extra

    if simulated():
        yield
        return
    from numba.cuda.cudadrv import nvvm  # noqa: PLC0415 - the simulator has none

    whole = nvvm.compile_ir
    nvvm.compile_ir = partial(whole, fma=False)
    try:
        yield
    finally:
        nvvm.compile_ir = whole
