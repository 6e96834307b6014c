"""Runs compared to the last bit, and a reporter that stops them."""

from __future__ import annotations

from openchannel.ensemble import Collected, Progress

ARRAYS = ("numerator", "divisors", "spread", "counts", "bins", "done", "sizes")


def assert_same(a: Collected, b: Collected) -> None:
    for name in ARRAYS:
        assert getattr(a, name).tobytes() == getattr(b, name).tobytes(), name


class Stop:
    """A reporter that interrupts a run once so many futures are done."""

    def __init__(self, after: int) -> None:
        self.after = after

    def __call__(self, progress: Progress) -> None:
        if progress.done >= self.after:
            raise KeyboardInterrupt
