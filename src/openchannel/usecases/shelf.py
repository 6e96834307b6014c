"""Runs kept side by side in one folder: ordered, watched, named, stopped, gone on with, deleted.

Each run has a folder of its own with what `assess` writes, and beside that `order.json` (what was
asked for), `state.json` (how far it is) and `problems.json` (why it failed). A folder that
`assess -o` made is on the shelf too; it has no order and counts as done.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.casefile import builtin_cases
from openchannel.ensemble.store import write_json
from openchannel.errors import Problem, UserError
from openchannel.usecases.settings import bound_problems, not_one_of

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.ensemble.progress import Progress
    from openchannel.usecases.assessment import Run
    from openchannel.usecases.own_beliefs import OwnBeliefs, OwnPolicy

__all__ = ["MOST_FUTURES", "Entry", "Order", "Shelf", "fulfil"]

#: A run of the web app is no longer than this; longer ones belong on the command line.
MOST_FUTURES = 262_144
_LONGEST_NAME = 80
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_UNDER_WAY = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a run; `own` and `own_policy` are texts of files."""

    name: str
    case: str = "korea"
    futures: int = 2048
    seed: int = 1
    policies: tuple[str, ...] = ()
    beliefs: str = "ranges"
    overlay: str = ""
    own: str = ""
    own_policy: str = ""
    baseline: str = ""

    def check(self) -> None:
        """Raise `UserError` with everything that is wrong, before any work is done."""
        problems = bound_problems(("futures", self.futures, 2, MOST_FUTURES))
        if not self.name.strip() or len(self.name) > _LONGEST_NAME or not self.name.isprintable():
            problems.append(_bad_name(self.name))
        if self.case not in builtin_cases():
            problems.append(not_one_of("case", self.case, builtin_cases()))
        if problems:
            raise UserError(problems)
        self.loaded()

    def loaded(self) -> tuple[Case, OwnBeliefs | None, OwnPolicy | None]:
        """The case, one's own beliefs and policy, checked together with the settings."""
        from openchannel.casefile.own_beliefs import parse_own
        from openchannel.casefile.own_policy import parse_policy
        from openchannel.usecases.assessment import Settings, check_settings, load
        from openchannel.usecases.own_beliefs import with_own, with_policy

        case = load(self.case)
        own = parse_own(self.own, case, "own beliefs") if self.own.strip() else None
        written = self.own_policy.strip()
        policy = parse_policy(self.own_policy, case, "own policy") if written else None
        widened, _ = with_policy(case, policy)
        believed, held = with_own(widened, own)
        check_settings(
            believed,
            Settings(
                self.futures,
                self.seed,
                self.policies,
                self.beliefs,
                self.overlay,
                baseline=self.baseline,
            ),
        )
        return case, held, policy


@dataclass(frozen=True, slots=True)
class Entry:
    """One run on the shelf.

    state : `waiting`, `running`, `done`, `stopped` or `failed`
    progress : the last `Progress` told, as a mapping; empty before the first
    """

    id: str
    name: str
    state: str
    progress: dict[str, Any] = field(default_factory=dict)
    problems: tuple[dict[str, Any], ...] = ()
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def is_under_way(self) -> bool:
        """Whether a worker has it or will have it."""
        return self.state in _UNDER_WAY


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder that holds the runs."""

    root: Path

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

    def add(self, order: Order) -> str:
        """Put a checked order on the shelf, to wait; its id."""
        order.check()
        words = re.sub(r"[^a-z0-9]+", "-", order.name.lower()).strip("-")[:40] or "run"
        run_id = f"{words}-{secrets.token_hex(3)}"
        write_json(self.root / run_id / "order.json", asdict(order))
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

    def delete(self, run_id: str) -> None:
        """Remove a run and all its files; one that is under way stays."""
        entry, place = self.entry(run_id), self._place(run_id)
        if entry is not None and place is not None and not entry.is_under_way:
            shutil.rmtree(place)

    def run(self, run_id: str) -> Run:
        """A finished run; raises `UserError` where it is not whole and sound."""
        from openchannel.usecases.assessment import open_run

        return open_run(self._place(run_id) or self.root / "absent")

    def _place(self, run_id: str) -> Path | None:
        if not _ID.fullmatch(run_id):
            return None
        place = self.root / run_id
        return place if _is_run(place) else None

    def _entry(self, place: Path) -> Entry:
        order, manifest = _read(place / "order.json"), _read(place / "manifest.json")
        if not order:
            return Entry(place.name, place.name, "done", manifest=manifest)
        state = _read(place / "state.json")
        problems = _read(place / "problems.json").get("problems", ())
        return Entry(
            place.name,
            str(order.get("name", place.name)),
            str(state.get("state", "waiting")),
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
    from openchannel.usecases.assessment import assess, discard_parts
    from openchannel.usecases.brief import write_brief

    folder = shelf.root / run_id
    try:
        given = _read(folder / "order.json")
        order = Order(**{**given, "policies": tuple(given["policies"])})
        case, own, policy = order.loaded()
        shelf.mark(run_id, "running")
        run = assess(
            case,
            futures=order.futures,
            seed=order.seed,
            policies=order.policies,
            beliefs=order.beliefs,
            overlay=order.overlay,
            own=own,
            own_policy=policy,
            baseline=order.baseline,
            folder=folder,
            report=lambda p: shelf.mark(run_id, "running", _told(p)),
            keep_parts=True,
        )
        write_brief(run, folder, ("html",))
        discard_parts(folder)
    except UserError as error:
        shelf.fail(run_id, error.problems)
        raise
    made = shelf.entry(run_id)
    shelf.mark(run_id, "done", made.progress if made else None)


def _told(progress: Progress) -> dict[str, Any]:
    return {**asdict(progress), "seconds_left": progress.seconds_left}


def _is_run(place: Path) -> bool:
    if not _ID.fullmatch(place.name) or place.is_symlink():
        return False
    return any((place / name).is_file() for name in ("order.json", "manifest.json"))


def _read(path: Path) -> dict[str, Any]:
    """A JSON file as a mapping; empty where it is absent or cannot be read."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _bad_name(name: str) -> Problem:
    return Problem(
        file="order",
        field="name",
        wrong=f"{name[:_LONGEST_NAME]!r} is no name for a run",
        allowed=f"1 to {_LONGEST_NAME} printable characters",
        mend="give the run a short name",
    )
