"""The server's side of sketching: asks to the warm process, answers back to whoever asked.

The process is started at the first ask, or before, and again if it dies; asks that were under way
are put to the new one once. An ask ends when its reader leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any

from openchannel.usecases.doctor import COMPILING, simulator_is_compiled
from openchannel.web.kept import KeptCharts

__all__ = ["LONGEST_WAIT", "MOST_ASKS", "Sketching"]

#: Asks that may be under way at once; a page has one.
MOST_ASKS = 64
#: Seconds without an answer after which an ask is given up; compiling takes most of them.
LONGEST_WAIT = 900.0
_PATIENCE = 5.0
_LOADING = "The simulator is being loaded, which takes some seconds\N{HORIZONTAL ELLIPSIS}"
_BUSY = "Too many answers are being worked on at once; close a page, then ask again."
_SILENT = "No answer came for a long time, so none is waited for any more; ask again."
_DIED = "The process that sketches ended twice on this; a run of its own says more."


@dataclass(slots=True)
class _Waiting:
    """One reader's ask: where answers go, and whether it was put a second time."""

    ask: Mapping[str, Any]
    loop: asyncio.AbstractEventLoop
    answers: asyncio.Queue[dict[str, Any]]
    is_second_try: bool = False

    def tell(self, told: dict[str, Any]) -> None:
        with contextlib.suppress(RuntimeError):  # the reader's loop is closed: nobody reads
            self.loop.call_soon_threadsafe(self.answers.put_nowait, told)


class Sketching:
    """Asks and answers of one server, and the charts of the latest answers."""

    def __init__(self, case: str, patience: float = LONGEST_WAIT) -> None:
        self.case = case
        self.kept = KeptCharts()
        self._patience = patience
        self._ids = itertools.count(1)
        self._waiting: dict[int, _Waiting] = {}
        self._lock = threading.RLock()
        self._process: subprocess.Popen[str] | None = None
        self._is_ready = False
        self._is_closed = False

    def warm(self) -> None:
        """Start the process, if it does not run, so that the first ask finds it warm."""
        with self._lock:
            if self._process is None and not self._is_closed:
                self._start()

    async def answers(self, ask: Mapping[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        """Answers to one ask as they come, each sharper; ends with the last, or with why not."""
        waiting = _Waiting(ask, asyncio.get_running_loop(), asyncio.Queue())
        ask_id = self._take_up(waiting)
        if ask_id is None:
            yield {"failed": _BUSY, "last": True}
            return
        try:
            # A reader may leave at any `yield`: each stands outside the lock and inside the `try`.
            if not self._is_ready:
                compiling = f"{COMPILING}\N{HORIZONTAL ELLIPSIS}"
                yield {"note": _LOADING if simulator_is_compiled() else compiling}
            while True:
                told = await self._next(waiting)
                yield told
                if told["last"]:
                    return
        finally:
            self._drop(ask_id)

    def _take_up(self, waiting: _Waiting) -> int | None:
        """Put a reader's ask to the process; its number, or None where too many are under way."""
        with self._lock:
            if len(self._waiting) >= MOST_ASKS:
                return None
            ask_id = next(self._ids)
            self._waiting[ask_id] = waiting
            self.warm()
            self._put(ask_id, waiting.ask)
            return ask_id

    async def _next(self, waiting: _Waiting) -> dict[str, Any]:
        """The next answer, or the words that none came in time."""
        try:
            return await asyncio.wait_for(waiting.answers.get(), self._patience)
        except TimeoutError:
            return {"failed": _SILENT, "last": True}

    def _drop(self, ask_id: int) -> None:
        """Withdraw an ask whose reader needs no more of it."""
        with self._lock:
            if self._waiting.pop(ask_id, None) is not None:
                self._write({"id": ask_id})

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._is_closed = True
            process = self._process
        if process is None:
            return
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self) -> None:
        process = subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-m", "openchannel.web.sketcher", self.case],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C on the server is passed on by `close` alone
        )
        self._process, self._is_ready = process, False
        threading.Thread(target=self._listen, args=(process,), daemon=True, name="sketches").start()

    def _put(self, ask_id: int, ask: Mapping[str, Any]) -> None:
        self._write({"id": ask_id, "ask": ask})

    def _write(self, line: Mapping[str, Any]) -> None:
        """Tell the process; where it is gone, `_listen` sees that and puts the asks again."""
        if self._process is None or self._process.stdin is None:
            return
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(line) + "\n")
            self._process.stdin.flush()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                told = _answer_in(line)
                if told.get("ready"):
                    self._is_ready = True
                else:
                    self._hand_on(told)
        process.wait()
        if process.stdin is not None:
            with contextlib.suppress(OSError):  # what it was not told any more
                process.stdin.close()
        self._after_death()

    def _hand_on(self, told: dict[str, Any]) -> None:
        with self._lock:
            waiting = self._waiting.get(told.pop("id", 0))
            if waiting is not None:
                waiting.tell(told)

    def _after_death(self) -> None:
        """Put what was under way to a new process, once; what ended two of them is refused."""
        with self._lock:
            self._process = None
            if self._is_closed:
                return
            left = list(self._waiting.items())
            for ask_id, waiting in left:
                if waiting.is_second_try:
                    del self._waiting[ask_id]
                    waiting.tell({"failed": _DIED, "last": True})
            if self._waiting:
                self._start()
            for ask_id, waiting in self._waiting.items():
                waiting.is_second_try = True
                self._put(ask_id, waiting.ask)


def _answer_in(line: str) -> dict[str, Any]:
    """What a line of the process says; empty where it is none of its answers.

    A library that prints a warning must not end the answers of everybody.
    """
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
