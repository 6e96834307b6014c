"""Work of other libraries that an interrupt must not break in two."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["unbroken"]


@contextmanager
def unbroken() -> Iterator[None]:
    """Ctrl-C, and a stop by SIGTERM where that is handled, wait for the end of the block.

    For short steps of compiled code that swallows an interrupt and goes on with what is half made.
    Signals come to the main thread alone: in others there is nothing to wait for.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with _held(signal.SIGTERM), _held(signal.SIGINT):
        yield


@contextmanager
def _held(number: signal.Signals) -> Iterator[None]:
    handler = signal.getsignal(number)
    if not callable(handler):
        yield
        return
    came: list[int] = []
    signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(number, handler)
        if came:
            signal.raise_signal(number)
