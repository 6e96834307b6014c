"""What history says: models of the record, compared, checked and cached by its fingerprint.

Owns the order of the work, the cache and the values that faces read. The page belongs to
`report.pages.history`, the files to `history.files`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.domain import DAYS_A_YEAR
from openchannel.errors import UserError
from openchannel.extras import BAYES
from openchannel.usecases.days import FIRST_DAY, noted_day
from openchannel.usecases.evidence.record import no_record, sound_record
from openchannel.usecases.history.icb import NO_STORE, UNREAD, icb_values
from openchannel.usecases.plain import plain_values
from openchannel.usecases.runs.files import FILES
from openchannel.usecases.settings import DEFAULT_CHAIN_DRAWS, MOST_SEED, bound_problems

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.evidence import Record
    from openchannel.report import Brief

__all__ = [
    "FILE",
    "HistoryFindings",
    "check_history",
    "history",
    "kept_history",
]

#: The file of the findings in a folder.
FILE = FILES["history"]
_CHAINS = 4
_AFTER_MODELS = 3  # steps: the simulator, weeks around contacts, parameters of grade A


@dataclass(frozen=True, slots=True)
class HistoryFindings:
    """Everything that was found, as values that JSON can hold, for one case on one day.

    data : see docs/reference/history-file.md
    as_of : the day the age of the evidence is told for
    icb : severity of crises by the list in the user's store, read anew each time
    """

    case: Case
    data: Mapping[str, Any]
    as_of: dt.date
    icb: Mapping[str, Any] = field(default_factory=lambda: {"state": NO_STORE})

    @property
    def settings(self) -> dict[str, int]:
        """What `history` was asked to find this: draws of each chain, and the seed."""
        return {"draws": int(self.data["draws"]) // _CHAINS, "seed": int(self.data["seed"])}

    @property
    def passes(self) -> bool:
        """Whether every sampler's chains agree and are long enough."""
        return bool(self.data["passes"])

    @property
    def age(self) -> dict[str, Any]:
        """How old the evidence is, and how far the rate could move by what it has not seen."""
        from openchannel.calibration.history.age import evidence_age

        return evidence_age(self.data["evidence"], self.as_of)

    def as_dict(self) -> dict[str, Any]:
        """The same with the age, for programs."""
        return dict(plain_values({**self.data, "icb": self.icb, "age": self.age}))

    def page(self, *, is_short: bool = False) -> Brief:
        """The findings on one page, with charts; the short form is for a screen."""
        from openchannel.report.pages.history import history_page

        return history_page(self.case, self.as_dict(), is_short=is_short)


def history(
    case: Case | str | Path,
    *,
    draws: int = DEFAULT_CHAIN_DRAWS,
    seed: int = 1,
    as_of: str | dt.date | None = None,
    fresh: bool = False,
    store: str | Path | None = None,
    scales: str | Path | None = None,
    say: Callable[[str], None] | None = None,
) -> HistoryFindings:
    """Fit, compare and check the models of a case's record, or read them where that was done.

    Parameters
    ----------
    draws : int
        Draws of each of the four chains, 50 or more; fewer than the default may fail the checks.
    as_of : str or date
        The day to tell the age of the evidence for; today if not given.
    fresh : bool
        Compute anew even where a result is cached.
    store : str or Path
        The file of the store that may hold ICB's list of crises; that of the user if not given.
    scales : str or Path
        A table to use in place of the built-in `scales.csv`.
    say : callable
        Told what is being done.

    Returns
    -------
    HistoryFindings
        `data` as in docs/reference/history-file.md: models of weekly counts, ratios before and
        after contacts, spells and severities, each with its interval; `passes` says whether every
        sampler may be believed. Methods and sources: docs/explanation/what-history-says.md.

    Raises
    ------
    UserError
        The case has problems or no record; sizes out of bounds; the part `bayes` is missing; the
        store is locked or damaged, or the table of scales has problems.
    """
    from openchannel.domain import Case as CaseType
    from openchannel.usecases.cases import load

    problems = bound_problems(("--draws", draws, 50, 100_000), ("--seed", seed, 0, MOST_SEED))
    today = dt.date.today()
    day = noted_day("--as-of", as_of, problems, FIRST_DAY, today, at_end=True) or today
    if problems:
        raise UserError(problems)
    loaded = case if isinstance(case, CaseType) else load(case)
    if not loaded.evidence_folder:
        raise UserError(no_record(loaded.folder or loaded.id))
    tell = say or (lambda _: None)
    with sound_record(loaded.evidence_folder) as record:
        _check_record(loaded, record)
        icb = icb_values(record, store, scales)
        path = _cache_path(loaded, record, draws, seed)
        data = None if fresh else _cached(path)
        if data is None:
            BAYES.check()
            data = _found(loaded, record, draws, seed, tell)
            _keep(path, data)
        else:
            tell(f"nothing has changed since this was computed; read from {path}")
    return HistoryFindings(loaded, data, day, icb)


def check_history(case: str | Path) -> None:
    """Raise `UserError` where a case has no record to ask, or the part `bayes` is not installed."""
    from openchannel.usecases.cases import load

    loaded = load(case)
    if not loaded.evidence_folder:
        raise UserError(no_record(loaded.folder or loaded.id))
    with sound_record(loaded.evidence_folder) as record:
        _check_record(loaded, record)
    BAYES.check()


def kept_history(
    case: Case, folders: Iterable[Path] = (), store: str | Path | None = None
) -> HistoryFindings | None:
    """What was found before about the record as it is now: in the first of the folders that holds
    it, else in the cache for the usual settings.

    None where nobody asked yet, or the record or the program has changed since. A store that cannot
    be read now is passed over, and the findings say so.
    """
    if not case.evidence_folder:
        return None
    with sound_record(case.evidence_folder) as record:
        in_folders = (_cached(folder / FILE) for folder in folders)
        data = next((f for f in in_folders if f is not None and _is_about(f, case, record)), None)
        if data is None:
            data = _cached(_cache_path(case, record, DEFAULT_CHAIN_DRAWS, 1))
        if data is None:
            return None
        try:
            icb = icb_values(record, store)
        except UserError:
            icb = {"state": UNREAD}
    return HistoryFindings(case, data, dt.date.today(), icb)


def _is_about(data: Mapping[str, Any], case: Case, record: Record) -> bool:
    """Whether a result is of this case and record, by sources that say what these would."""
    evidence = data.get("evidence")
    same = isinstance(evidence, dict) and evidence.get("fingerprint") == record.fingerprint
    same &= data.get("case_fingerprint") == case.fingerprint
    return same and data.get("code") == _sources()


def _check_record(case: Case, record: Record) -> None:
    """Four years of events at least, and a contact, or there is nothing to fit."""
    from openchannel.calibration.history.data import START
    from openchannel.errors import Problem

    years = (record.end - START).days / DAYS_A_YEAR if record.end else 0.0
    if years >= 14.0:
        return
    raise UserError(
        Problem(
            file=str(case.evidence_folder),
            field="provocations",
            wrong=f"the record of provocations reaches {max(0.0, years):.0f} years beyond {START}",
            allowed="a record that reaches at least to 2004, so that something can be told apart",
            mend="add events, or ask a case with a longer record, such as korea",
        )
    )


# --- the cache --------------------------------------------------------------------------------


def _cache_path(case: Case, record: Record, draws: int, seed: int) -> Path:
    from openchannel.kernel.cache import cache_folder

    parts = [record.fingerprint, case.fingerprint, _sources(), str(draws), str(seed)]
    for library in ("nutpie", "arviz", "numpy", "scipy"):
        with suppress(PackageNotFoundError):
            parts.append(f"{library} {version(library)}")
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
    return cache_folder().parent / "history" / f"{digest}.json"


def _sources() -> str:
    """Digest of the sources that decide the numbers; words on a page do not."""
    root = Path(__file__).parents[2]
    files = [Path(__file__).with_name("work.py")]
    for folder in ("calibration", "evidence", "ensemble", "kernel", "model"):
        files += sorted((root / folder).rglob("*.py"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _cached(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _keep(path: Path, data: Mapping[str, Any]) -> None:
    """Keep a result; a disk that refuses costs only time."""
    from openchannel.ensemble.store import write_json

    try:
        write_json(path, data)
    except OSError:
        return


# --- the work ---------------------------------------------------------------------------------


def _found(
    case: Case, record: Record, draws: int, seed: int, tell: Callable[[str], None]
) -> dict[str, Any]:
    from openchannel.calibration.history.data import CODINGS, TIERS, read
    from openchannel.calibration.history.models import models_of
    from openchannel.calibration.history.severity import crisis_severity
    from openchannel.calibration.history.spells import agreement_lives, channel_spells
    from openchannel.usecases.history.work import (
        evidence_values,
        measured_values,
        model_values,
        study_values,
    )

    codings = [(name, read(record, name)) for name in CODINGS]
    main = codings[0][1]
    tell = _numbered(tell, sum(len(models_of(main, tier)) for tier in TIERS) + _AFTER_MODELS)
    models = model_values(case, record, main, draws, seed, tell)
    tell("weeks before and after contacts...")
    study = study_values(codings, draws, seed)
    tell("parameters of grade A...")
    measured = measured_values(case, codings, draws, seed)
    fits = _fits([*models["models"], *study["studies"], measured])
    data = {
        "schema_version": 1,
        "case": case.id,
        "case_fingerprint": case.fingerprint,
        "evidence": evidence_values(record, main),
        "code": _sources(),
        "seed": seed,
        "draws": _CHAINS * draws,
        "passes": fits["passed"] == fits["n"],
        "fits": fits,
        **models,
        **study,
        **measured,
        "spells": [_survival(s) for s in channel_spells(record)],
        "agreements": [_survival(s) for s in agreement_lives(record)],
        "crises": [_plain(c) for c in crisis_severity(record)],
    }
    return dict(plain_values(data))


def _fits(fitted: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many fits there are, those to the weeks before an origin too, and how they fared."""
    told = [d["diagnostics"] for f in fitted for d in (f, *f.get("log_scores", ()))]
    return {
        "n": len(told),
        "passed": sum(d["passes"] for d in told),
        "second_attempts": sum(d["attempts"] > 1 for d in told),
    }


def _numbered(tell: Callable[[str], None], total: int) -> Callable[[str], None]:
    """Lines of work in progress, each with how many there will be."""
    numbers = count(1)

    def say(line: str) -> None:
        tell(f"step {next(numbers)} of {total}: {line}")

    return say


def _survival(found: Any) -> dict[str, Any]:
    values = _plain(found)
    return {
        k: v.tolist() if k in ("times", "share", "low", "high") else v for k, v in values.items()
    }


def _plain(found: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(found)
