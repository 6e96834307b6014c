"""Runs kept side by side in one folder: ordered, watched, named, stopped, gone on with, deleted.

Each run has a folder of its own with what `assess`, `design`, `hedge` or `calibrate --history`
writes, and beside that
`order.json` (what was asked for), `name.json` (if it was renamed), `state.json` (how far it is) and
`problems.json` (why it failed). A folder that one of these commands made is on the shelf too; it
has no order and counts as done. A further question about a run (`believe`, `ledger`, `redteam`) is
an order with a folder of its own as well; what it finds is written into that of the run.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.casefile import builtin_cases
from openchannel.ensemble.store import write_json
from openchannel.errors import Problem, UserError
from openchannel.usecases.json_text import read_mapping
from openchannel.usecases.runs.files import FILES
from openchannel.usecases.runs.reproduction import Agreement, agreement
from openchannel.usecases.shelf.further_orders import FURTHER
from openchannel.usecases.shelf.orders import (
    MOST_FUTURES,
    AnyOrder,
    Order,
    as_data,
    check_name,
    order_problems,
    read_order,
)

if TYPE_CHECKING:
    from openchannel.usecases.runs.finished_run import Run

__all__ = ["MOST_FUTURES", "PARTS", "Entry", "Order", "Shelf", "fulfil"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_UNDER_WAY = ("waiting", "running")
#: The file of a finished run by its kind; a further question has none in its own folder.
PARTS = {kind: FILES[kind] for kind in ("assess", "design", "hedge", "history")}


@dataclass(frozen=True, slots=True)
class Entry:
    """One run on the shelf.

    state : `waiting`, `running`, `done`, `stopped` or `failed`
    kind : `assess`, `design`, `hedge`, `history`, or a further question about a run
    parts : which of the first four its folder holds, finished
    progress : the last progress told, as a mapping; empty before the first
    """

    id: str
    name: str
    state: str
    kind: str = "assess"
    parts: tuple[str, ...] = ()
    progress: dict[str, Any] = field(default_factory=dict)
    problems: tuple[dict[str, Any], ...] = ()
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def is_under_way(self) -> bool:
        """Whether a worker has it or will have it."""
        return self.state in _UNDER_WAY

    @property
    def about(self) -> str:
        """The run that this is a further question about; empty where it is a run of its own."""
        return str(self.manifest["of"]) if self.kind in FURTHER else ""

    @property
    def is_beside_its_run(self) -> bool:
        """Whether this was a question whose answer now stands with the run that it was about."""
        return self.state == "done" and self.kind in FURTHER


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder that holds the runs, and the case that orders may be about besides built-in ones.

    `case` is a name or a folder that the person who started the server chose.
    """

    root: Path
    case: str = "korea"

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases that an order may be about."""
        return tuple(dict.fromkeys((self.case, *builtin_cases())))

    def entries(self) -> list[Entry]:
        """Every run, the youngest first."""
        if not self.root.is_dir():
            return []
        places = [p for p in self.root.iterdir() if _is_run(p)]
        places.sort(key=lambda p: ((p / "order.json").exists(), p.stat().st_mtime), reverse=True)
        return [self._entry(p) for p in places]

    def entry(self, run_id: str) -> Entry | None:
        """One run; None where no run has this id."""
        place = self._place(run_id)
        return None if place is None else self._entry(place)

    def add(self, order: AnyOrder) -> str:
        """Put a checked order on the shelf, to wait; its id."""
        if problems := order_problems(order, self.cases):
            raise UserError(problems)
        order.check()
        words = re.sub(r"[^a-z0-9]+", "-", order.name.lower()).strip("-")[:40] or "run"
        run_id = f"{words}-{secrets.token_hex(3)}"
        write_json(self.root / run_id / "order.json", as_data(order))
        self.mark(run_id, "waiting")
        return run_id

    def mark(self, run_id: str, state: str, progress: Mapping[str, Any] | None = None) -> None:
        """Write down how far a run is."""
        write_json(
            self.root / run_id / "state.json", {"state": state, "progress": dict(progress or {})}
        )

    def fail(self, run_id: str, problems: Sequence[Problem]) -> None:
        """Write down why a run could not be made."""
        told = {"problems": [p.as_dict() for p in problems]}
        write_json(self.root / run_id / "problems.json", told)
        self.mark(run_id, "failed")

    def rename(self, run_id: str, name: str) -> None:
        """Give a run another name; raises `UserError` where it is no name."""
        if problems := check_name(name):
            raise UserError(problems)
        if (place := self._place(run_id)) is not None:
            write_json(place / "name.json", {"name": name.strip()})

    def folder(self, run_id: str) -> Path:
        """Where the files of a run lie."""
        return self._place(run_id) or self.root / "absent"

    def delete(self, run_id: str) -> bool:
        """Remove a run, all its files and the questions about it; nothing while one is under way.

        A question that ends after its run is gone would write what it found into a folder anew.
        """
        going = [e for e in self.entries() if run_id in (e.id, e.about)]
        if any(e.is_under_way for e in going):
            return False
        for entry in going:
            shutil.rmtree(self.folder(entry.id))
        return True

    def run(self, run_id: str) -> Run:
        """A finished run; raises `UserError` where it is not whole and sound."""
        from openchannel.usecases.runs.finished_run import open_run

        return open_run(self.folder(run_id))

    def part(self, run_id: str, kind: str) -> dict[str, Any]:
        """What a finished run says in the file of one of its parts; empty where it has none."""
        return read_mapping(self.folder(run_id) / PARTS[kind])

    def match(self, run_id: str) -> Agreement | None:
        """Whether a run made from a file gave the bytes promised; None where nothing was."""
        folder = self.folder(run_id)
        expects = read_mapping(folder / "order.json").get("expects")
        return agreement(expects, read_mapping(folder / "manifest.json")) if expects else None

    def _place(self, run_id: str) -> Path | None:
        if not _ID.fullmatch(run_id):
            return None
        place = self.root / run_id
        return place if _is_run(place) else None

    def _entry(self, place: Path) -> Entry:
        order, manifest = read_mapping(place / "order.json"), read_mapping(place / "manifest.json")
        parts = tuple(kind for kind, name in PARTS.items() if (place / name).is_file())
        name = str(read_mapping(place / "name.json").get("name") or order.get("name") or place.name)
        if not order:
            kind = parts[0] if parts else Order.KIND
            made = manifest or read_mapping(place / PARTS[kind])
            return Entry(place.name, name, "done", kind, parts, manifest=made)
        state = read_mapping(place / "state.json")
        problems = read_mapping(place / "problems.json").get("problems", ())
        return Entry(
            place.name,
            name,
            str(state.get("state", "waiting")),
            str(order.get("kind", Order.KIND)),
            parts,
            dict(state.get("progress") or {}),
            tuple(problems),
            manifest or order,
        )


def fulfil(shelf: Shelf, run_id: str) -> None:
    """Make the run that was ordered, from where a stopped one left off, and write its page.

    Raises
    ------
    UserError
        With every problem of the order, also written down on the shelf.
    Interrupted
        On Ctrl-C; what was finished is kept.
    """
    folder = shelf.root / run_id
    try:
        order = read_order(read_mapping(folder / "order.json"))
        order.check()
        shelf.mark(run_id, "running")
        order.fulfil(folder, lambda progress: shelf.mark(run_id, "running", progress))
    except UserError as error:
        shelf.fail(run_id, error.problems)
        raise
    made = shelf.entry(run_id)
    shelf.mark(run_id, "done", made.progress if made else None)


def _is_run(place: Path) -> bool:
    if not _ID.fullmatch(place.name) or place.is_symlink():
        return False
    return any((place / name).is_file() for name in ("order.json", *PARTS.values()))
