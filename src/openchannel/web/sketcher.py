"""A warm process that sketches: the case and the simulator are loaded once, asks come line by line.

`python -m openchannel.web.sketcher CASE`. Lines of JSON on standard input ask (`{"id", "ask"}`) and
withdraw (`{"id"}` alone); lines on standard output answer, each ask at every size until the last.
The ask with the fewest futures goes first, so a new one is answered at once, and nobody's long
sketch keeps another waiting. It ends when its standard input does.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openchannel.ensemble import Threads
from openchannel.errors import UserError
from openchannel.usecases.cases import load
from openchannel.usecases.sketches.ask import Ask, answer_ask, read_ask
from openchannel.usecases.sketches.sketch import FIRST, Sketch, Sketches, sizes

if TYPE_CHECKING:
    from openchannel.domain import Case

__all__ = ["main"]

_SIZES = tuple(sizes())


@dataclass(slots=True)
class _Asked:
    """One ask under way: how far it is."""

    id: int
    ask: Ask
    step: int = 0


@dataclass(slots=True)
class _Desk:
    """Asks under way, and lines that came meanwhile."""

    case: Case
    sketches: Sketches
    lines: queue.SimpleQueue[str | None] = field(default_factory=queue.SimpleQueue)
    asked: dict[int, _Asked] = field(default_factory=dict)

    def work(self) -> None:
        """Answer until standard input ends."""
        while self._take_in():
            first = min(self.asked.values(), key=lambda a: (a.step, a.id))
            try:
                self._answer(first)
            except UserError as error:
                self._end(first.id, problems=[p.as_dict() for p in error.problems])
            except Exception as error:  # noqa: BLE001 - one ask must not end the others
                self._end(first.id, failed=f"{type(error).__name__}: {error}")

    def _take_in(self) -> bool:
        """Read what came; wait where nothing is asked. False at the end."""
        while not self.asked or not self.lines.empty():
            line = self.lines.get()
            if line is None:
                return False
            given = json.loads(line)
            if "ask" in given:
                self._begin(given["id"], given["ask"])
            else:
                self.asked.pop(given["id"], None)
        return True

    def _begin(self, ask_id: int, given: Mapping[str, Any]) -> None:
        try:
            self.asked[ask_id] = _Asked(ask_id, read_ask(self.case, given))
        except UserError as error:
            self._end(ask_id, problems=[p.as_dict() for p in error.problems])

    def _answer(self, asked: _Asked) -> None:
        size = _SIZES[asked.step]
        told = answer_ask(asked.ask, size, self.sketches, lambda: not self.lines.empty())
        if told is None:
            return  # somebody else is waiting; what was played is kept
        asked.step += 1
        is_last = asked.step == len(_SIZES)
        _say({"id": asked.id, "answer": told, "last": is_last})
        if is_last:
            del self.asked[asked.id]

    def _end(self, ask_id: int, **why: Any) -> None:
        self.asked.pop(ask_id, None)
        _say({"id": ask_id, **why, "last": True})


def main(case_name: str) -> None:
    """Sketch until standard input ends."""
    case = load(case_name)
    desk = _Desk(case, Sketches(case, Threads()))
    threading.Thread(target=_read, args=(desk.lines,), daemon=True).start()
    desk.sketches.grow(Sketch(case.focal, beliefs=case.worlds[0].id), FIRST)  # loads the simulator
    _say({"ready": True})
    desk.work()


def _read(lines: queue.SimpleQueue[str | None]) -> None:
    for line in sys.stdin:
        lines.put(line)
    lines.put(None)


def _say(told: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
