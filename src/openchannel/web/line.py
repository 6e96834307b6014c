"""The line of runs that wait for the one worker: first come, first served."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections import deque

from openchannel.usecases.shelf.shelf import Shelf

__all__ = ["Line"]

_PATIENCE = 15.0
"""Seconds in which a worker must follow a request to stop, before it is killed."""


class Line:
    """Orders in the order they came, one worked on at a time, each in a process of its own."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._waiting: deque[str] = deque()
        self._news = threading.Condition()
        self._current: tuple[str, subprocess.Popen[bytes]] | None = None
        self._is_closing = False
        self._thread = threading.Thread(target=self._work, daemon=True, name="runs")

    def open(self) -> None:
        """Take up what was under way when the last server ended, and begin."""
        left = [e for e in self.shelf.entries() if e.is_under_way]
        for entry in sorted(left, key=lambda e: (e.state != "running", self._ordered(e.id))):
            self.join(entry.id)
        self._thread.start()

    def _ordered(self, run_id: str) -> int:
        """When a run was ordered, in nanoseconds."""
        return (self.shelf.folder(run_id) / "order.json").stat().st_mtime_ns

    def join(self, run_id: str) -> None:
        """Let a run wait for its turn; a run that waits already keeps its place."""
        with self._news:
            if run_id in self._waiting or (self._current and self._current[0] == run_id):
                return
            entry = self.shelf.entry(run_id)
            self.shelf.mark(run_id, "waiting", entry.progress if entry else None)
            self._waiting.append(run_id)
            self._news.notify()

    def ahead(self, run_id: str) -> int:
        """How many runs come before this one."""
        with self._news:
            if run_id not in self._waiting:
                return 0
            return self._waiting.index(run_id) + (self._current is not None)

    def stop(self, run_id: str) -> None:
        """Take a run out of the line, or stop its worker; what was finished is kept."""
        with self._news:
            current = self._current
            if run_id in self._waiting:
                self._waiting.remove(run_id)
                self.shelf.mark(run_id, "stopped")
        if current is not None and current[0] == run_id:
            _end(current[1])

    def close(self) -> None:
        """Stop the worker; its run is taken up again at the next start."""
        with self._news:
            self._is_closing = True
            current = self._current
            self._news.notify()
        if current is not None:
            _end(current[1])
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        while (process := self._next()) is not None:
            process.wait()
            self._tidy()

    def _next(self) -> subprocess.Popen[bytes] | None:
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._is_closing)
            if self._is_closing:
                return None
            run_id = self._waiting.popleft()
            command = [sys.executable, "-m", "openchannel.web.worker"]
            process = subprocess.Popen(  # noqa: S603  # our own module; the id is checked
                [*command, str(self.shelf.root), run_id],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C on the server is passed on by `close` alone
            )
            self._current = (run_id, process)
            return process

    def _tidy(self) -> None:
        """A run whose worker ended without a word was stopped, unless the server is closing."""
        with self._news:
            assert self._current is not None
            (run_id, process), self._current = self._current, None
            if process.stdin is not None:
                process.stdin.close()
            entry = self.shelf.entry(run_id)
            if entry is not None and entry.is_under_way and not self._is_closing:
                self.shelf.mark(run_id, "stopped", entry.progress)


def _end(process: subprocess.Popen[bytes]) -> None:
    # Not SIGINT: what a script starts in the background ignores that, and so do its children.
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE)
        return
    process.kill()
