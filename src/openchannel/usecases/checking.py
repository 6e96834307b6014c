"""Before work begins: is the case sound, can the folder be written, what stands there already.

`check` gives every problem of a case at once, `new` starts one; reading the files belongs to
`openchannel.casefile`, running a case to `assessment`.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from openchannel.domain import Case
from openchannel.errors import CaseError, Problem, UserError

__all__ = [
    "FORMATS",
    "CheckReport",
    "StandingRun",
    "check",
    "check_formats",
    "check_output",
    "check_record",
    "new",
    "standing_run",
]

FORMATS = ("html", "pdf", "docx")
_ASK_FOR_NO_BRIEF = "none"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Every problem of a case, and what it holds where there is none."""

    case: str
    problems: tuple[Problem, ...]
    counts: dict[str, int]

    @property
    def ok(self) -> bool:
        """Whether the case can be assessed as it stands."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        return {
            "case": self.case,
            "ok": self.ok,
            "counts": self.counts,
            "problems": [p.as_dict() for p in self.problems],
        }


def check(case: str | Path, *, own_policy: str | Path | None = None) -> CheckReport:
    """Read every file of a case, its record included, and report all problems.

    A file that holds a policy of one's own is read with it, where one is given.

    Raises
    ------
    UserError
        There is no such case at all.
    """
    from openchannel.casefile import builtin_cases, load_case
    from openchannel.usecases.evidence.record import sound_record

    if str(case) not in builtin_cases() and not _is_folder(case):
        load_case(case)  # raises, naming the cases that there are
    problems: list[Problem] = []
    counts: dict[str, int] = {}
    folder = Path(case).expanduser() / "evidence"
    try:
        loaded = _load(case)
    except CaseError as error:
        problems += error.problems
    else:
        counts = _counts(loaded)
        problems += _wishes(case, loaded)
        problems += _policy_problems(loaded, own_policy)
        folder = Path(loaded.evidence_folder) if loaded.evidence_folder else folder
    if folder.is_dir():
        try:
            with sound_record(folder) as record:
                counts["rows of the record"] = sum(t.rows for t in record.tables())
        except UserError as error:
            problems += error.problems
    return CheckReport(str(case), tuple(problems), counts if not problems else {})


def _wishes(case: str | Path, loaded: Case) -> list[Problem]:
    """Problems of the files that only `believe`, `watch` and `hedge` read."""
    from openchannel.casefile.games import load_games
    from openchannel.casefile.questions import load_questions
    from openchannel.casefile.signs import load_signs
    from openchannel.casefile.values import load_values
    from openchannel.ensemble.design import sample_beliefs
    from openchannel.model.metrics import EXTRAS, METRICS
    from openchannel.usecases.signs.needs import vocabulary

    problems: list[Problem] = []
    drawn = tuple(sample_beliefs(loaded, 1, 0).quantities)
    for read in (
        lambda: load_values(case, tuple(m.id for m in (*METRICS, *EXTRAS))),
        lambda: load_questions(case, drawn),
        lambda: load_signs(case, vocabulary(loaded)),
        lambda: load_games(case, loaded),
    ):
        try:
            read()
        except UserError as error:
            problems += error.problems
    return problems


def _policy_problems(loaded: Case, own_policy: str | Path | None) -> list[Problem]:
    from openchannel.usecases.runs.own_beliefs import with_policy

    try:
        with_policy(loaded, own_policy)
    except UserError as error:
        return list(error.problems)
    return []


def new(name: str | Path) -> Path:
    """A small working case in a new folder, to be edited; raises where it cannot be made."""
    from openchannel.casefile import new_case

    return new_case(name)


def check_formats(text: str) -> tuple[str, ...]:
    """Formats of the brief from `html,pdf,docx`; `none` for no brief.

    Examples
    --------
    >>> check_formats("pdf, html"), check_formats("none")
    (('pdf', 'html'), ())
    """
    wanted = tuple(dict.fromkeys(w for part in text.split(",") if (w := part.strip().lower())))
    if wanted == (_ASK_FOR_NO_BRIEF,):
        return ()
    unknown = [w for w in wanted if w not in FORMATS]
    if unknown or not wanted:
        raise UserError([_unknown_format(w) for w in unknown or [""]])
    return wanted


def check_output(folder: Path) -> None:
    """Make sure that `folder` can be made and written before any long work, leaving no trace.

    Raises
    ------
    UserError
        A file stands there, or in the way, or the folder cannot be written.
    """
    place = folder
    try:
        while not place.exists() and place.parent != place:
            place = place.parent
        if not place.is_dir():
            raise UserError(_bad_output(place, "a file stands where a folder is needed"))
        with tempfile.TemporaryFile(dir=place):
            pass
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) else str(error)
        raise UserError(_bad_output(place, f"the folder cannot be written ({words})")) from error


def check_record(case: Case) -> None:
    """Make sure that the brief will find a sound record, before any long work.

    Raises
    ------
    UserError
        With every problem of the record.
    """
    from openchannel.usecases.evidence.record import sound_record

    if case.evidence_folder and Path(case.evidence_folder).is_dir():
        with sound_record(case.evidence_folder):
            pass


@dataclass(frozen=True, slots=True)
class StandingRun:
    """A finished run that stands in a folder: its manifest, and a digest of its files."""

    manifest: dict[str, Any]
    digest: str


def standing_run(folder: Path) -> StandingRun | None:
    """The finished run in a folder; None where there is none, or none that can be read."""
    digest = hashlib.sha256()
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        for name in ("summary.json", "draws.parquet"):
            digest.update((folder / name).read_bytes())
    except (OSError, ValueError):
        return None
    return StandingRun(manifest, digest.hexdigest()) if isinstance(manifest, dict) else None


def _load(case: str | Path) -> Case:
    from openchannel.usecases.cases import load

    return load(case)


def _is_folder(case: str | Path) -> bool:
    try:
        return Path(case).expanduser().is_dir()
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, a home that does not exist
        return False


def _counts(case: Case) -> dict[str, int]:
    counted: dict[str, Iterable[object]] = {
        "parameters": case.parameters,
        "policies": case.policies,
        "worlds": case.worlds,
        "channels": case.channels,
        "propositions": case.propositions,
        "sources": case.sources,
    }
    return {word: len(list(things)) for word, things in counted.items()}


def _unknown_format(word: str) -> Problem:
    near = get_close_matches(word, FORMATS, n=1, cutoff=0.0) or ["html"]
    return Problem(
        file="command line",
        field="--format",
        wrong=f"'{word}' is not a format of the brief" if word else "no format is given",
        allowed=f"{', '.join(FORMATS)} joined by commas, or none for no brief",
        mend=f"write {near[0]}",
    )


def _bad_output(place: Path, wrong: str) -> Problem:
    return Problem(
        file=str(place),
        field="--output",
        wrong=wrong,
        allowed="a folder that can be written, or the name of a new one in such a folder",
        mend="choose another folder with -o, or change its rights",
    )
