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

__all__ = ["MOST_ASKS", "Sketching"]

#: Asks that may be under way at once; a page has one.
MOST_ASKS = 64
_PATIENCE = 5.0
_LOADING = "The simulator is being loaded, which takes some seconds\N{HORIZONTAL ELLIPSIS}"
_BUSY = "Too many answers are being worked on at once; close a page, then ask again."
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
    """Asks and answers of one server."""

    def __init__(self, case: str) -> None:
        self.case = case
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
        with self._lock:
            if len(self._waiting) >= MOST_ASKS:
                yield {"failed": _BUSY, "last": True}
                return
            ask_id = next(self._ids)
            self._waiting[ask_id] = waiting
            self.warm()
            if not self._is_ready:
                yield {
                    "note": _LOADING
                    if simulator_is_compiled()
                    else f"{COMPILING}\N{HORIZONTAL ELLIPSIS}"
                }
            self._put(ask_id, ask)
        try:
            while True:
                told = await waiting.answers.get()
                yield told
                if told["last"]:
                    return
        finally:
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
                told = json.loads(line)
                if told.get("ready"):
                    self._is_ready = True
                    continue
                self._hand_on(told)
        process.wait()
        if process.stdin is not None:
            with contextlib.suppress(OSError):  # what it was not told any more
                process.stdin.close()
        self._after_death()

    def _hand_on(self, told: dict[str, Any]) -> None:
        with self._lock:
            waiting = self._waiting.get(told.pop("id"))
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
