"""What one thread of a GPU does: one future, from the first week to the horizon.

Threads that stand side by side run consecutive replicates under one policy, so that they read the
same numbers of the belief and the plan at once, and differ in luck alone. State, scratch, account
and luck of a future lie in the thread's own memory, which a GPU interleaves by thread.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from openchannel.kernel.gpu.twin import cuda, load, simulated

__all__ = ["aligned", "kernels", "lot_words"]

#: Registers of a thread. The code is long and waits for itself: more threads at once hide more.
_REGISTERS = 64


def aligned(dtype: Any) -> np.dtype[Any]:
    """The same record, said to begin where a number may begin, so that it is not read by bytes."""
    fields = np.dtype(dtype).fields or {}
    return np.dtype([(name, kind) for name, (kind, *_) in fields.items()], align=True)


@cache
def kernels(n_channels: int) -> tuple[Any, Any]:
    """Two kernels of CUDA for cases with so many channels: luck, and futures.

    Luck is drawn once for all policies and worlds where there are several: `lots` is float64[block
    of weeks, word, replicate], laid out so that neighbours in it are read by neighbouring threads.
    Without it (no replicates) each future draws its own, the same. Compiled at the first use.
    """
    return _luck(n_channels), _futures(n_channels)


def _luck(n_channels: int) -> Any:
    records, batch, record = load("records"), load("batch"), _record()
    set_key, draw_luck, weeks_at_once = batch.set_key, batch.draw_luck, records.CHUNK
    lot, n_lot = _memory(records.luck_dtype(n_channels))
    head = lot_words(n_channels)[0]

    @_kernel
    def luck_of(seed, slot, replicate, lots):
        """Draw the luck of a replicate for a block of weeks."""
        k = cuda.grid(1)
        n = replicate.shape[0]
        if k >= n * lots.shape[0]:
            return
        r, block = k % n, k // n
        held = cuda.local.array(n_lot, "f8")
        luck = record(held.view(lot), 0)
        for c in range(slot.shape[0]):
            luck.slot[c] = slot[c]
        set_key(luck, seed, replicate[r])
        draw_luck(luck, block * weeks_at_once)
        for i in range(head, n_lot):
            lots[block, i - head, r] = held[i]

    return luck_of


def _futures(n_channels: int) -> Any:
    records, record, play = load("records"), _record(), _play(n_channels)
    (future, n_future), (account, n_account), (week, n_week), (lot, n_lot) = (
        _memory(dtype)
        for dtype in (
            records.future_dtype(n_channels), records.OUT, records.WEEK,
            records.luck_dtype(n_channels),
        )
    )  # fmt: skip

    @_kernel
    def futures(seed, pars, plans, calendar, slot, replicate, draw, lots, outs):
        """Play one future.

        pars : records[draw, world] ; plans : records[draw, world, policy]
        calendar : float64[draw, world, week, 4] ; slot : int64[channel]
        replicate, draw : int64[replicate], where draw counts from 0 in the arrays above
        outs : float64[replicate, world, policy, Out]
        """
        n, n_worlds, n_policies = outs.shape[:3]
        k = cuda.grid(1)
        if k >= n * n_worlds * n_policies:
            return
        r, arm = k % n, k // n
        w, x = arm // n_policies, arm % n_policies
        d = draw[r]
        state, total = cuda.local.array(n_future, "f8"), cuda.local.array(n_account, "f8")
        held, scratch = cuda.local.array(n_lot, "f8"), cuda.local.array(n_week, "f8")
        for i in range(n_future):
            state[i] = 0.0
        for i in range(n_account):
            total[i] = 0.0
        luck = record(held.view(lot), 0)
        for c in range(slot.shape[0]):
            luck.slot[c] = slot[c]
        play(
            record(pars, (d, w)), record(plans, (d, w, x)), record(state.view(future), 0),
            record(scratch.view(week), 0), record(total.view(account), 0), luck,
            calendar[d, w], seed, replicate[r], held, lots, r,
        )  # fmt: skip
        for i in range(n_account):
            outs[r, w, x, i] = total[i]

    return futures


def _play(n_channels: int) -> Any:
    """From start to horizon; `held` is the memory of `luck`, `r` its place in `lots`."""
    batch, weeks_at_once = load("batch"), load("records").CHUNK
    set_key, start, draw_luck = batch.set_key, batch.start, batch.draw_luck
    advance, close = batch.advance, batch.close
    head = lot_words(n_channels)[0]

    @cuda.jit(device=True)
    def play(par, plan, f, wk, out, luck, calendar, seed, replicate, held, lots, r):
        set_key(luck, seed, replicate)
        start(par, f, luck, 1)
        n_weeks = calendar.shape[0]
        for begin in range(0, n_weeks, weeks_at_once):
            if lots.shape[2] > 0:
                luck.first_week = begin
                for i in range(head, held.shape[0]):
                    held[i] = lots[begin // weeks_at_once, i - head, r]
            else:
                draw_luck(luck, begin)
            until = min(begin + weeks_at_once, n_weeks)
            advance(par, plan, f, wk, out, luck, calendar, begin, until)
        close(par, f, out)

    return play


def _kernel(function: Any) -> Any:
    """Compile an entry point; the simulator knows no registers."""
    return cuda.jit(function) if simulated() else cuda.jit(max_registers=_REGISTERS)(function)


@cache
def lot_words(n_channels: int) -> tuple[int, int, int]:
    """Words of a luck record before its uniforms, its uniforms, and the weeks they are for."""
    records = load("records")
    dtype = records.luck_dtype(n_channels)
    head = dtype.fields["receptivity"][1] // 8
    return head, dtype.itemsize // 8 - head, records.CHUNK


def _memory(dtype: np.dtype[Any]) -> tuple[Any, int]:
    """A record, and the 8-byte words of a thread's own memory that it takes."""
    return aligned(dtype), dtype.itemsize // 8


def _record() -> Any:
    """How a record is taken out of an array of them."""
    if simulated():
        return _Record

    @cuda.jit(device=True)
    def record(array, at):
        return array[at]

    return record


class _Record:
    """A row of a structured array in the simulator, read by field and never by method of NumPy."""

    def __init__(self, array: Any, at: Any) -> None:
        raw = array if isinstance(array, np.ndarray) else array._item._ary  # noqa: SLF001
        object.__setattr__(self, "_row", raw[at])

    def __getattr__(self, name: str) -> Any:
        return self._row[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self._row[name] = value
