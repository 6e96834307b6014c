"""What `watch` is asked: the run, the names that signs may use, days, and suppositions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openchannel.errors import Problem, UserError
from openchannel.usecases.settings import not_one_of

if TYPE_CHECKING:
    from openchannel.casefile.signs import Vocabulary
    from openchannel.domain import Case, Collection, Sign
    from openchannel.usecases.runs.finished_run import Run

__all__ = [
    "Supposed",
    "check_draws",
    "run_of",
    "signs_of",
    "suppositions",
    "vocabulary",
]

_MOST_COUNT = 1000
_SEEN = {"yes": 1, "no": 0}


@dataclass(frozen=True, slots=True)
class Supposed:
    """A sign, or a question, with what it is supposed to show; `trials` of a share."""

    about: Sign | Collection
    value: float
    trials: int = 0


def vocabulary(case: Case) -> Vocabulary:
    """The names that the signs of a case may use."""
    from openchannel.analysis.outlook import COUNTS, number_names
    from openchannel.casefile.signs import Vocabulary
    from openchannel.ensemble.design import sample_beliefs
    from openchannel.evidence import TABLES

    tables = {t.name: {c.name: c.choices for c in t.columns} for t in TABLES}
    channels = [c.id for c in case.channels]
    tables["contacts"] |= {
        "channel_code": tuple(channels),
        "standing": ("contact", "routine", "none"),
    }
    return Vocabulary(
        tables,
        tuple(COUNTS),
        number_names(case),
        tuple(sample_beliefs(case, 1, 0).quantities),
        [p.id for p in case.policies],
        tuple(case.sources),
        case.status_quo,
    )


def signs_of(case: Case, source: str) -> tuple[Sign, ...]:
    """The signs of a case; raises with every problem of their file."""
    from openchannel.casefile.signs import load_signs

    return load_signs(source, vocabulary(case))


def run_of(case: Case, run: Run | str | Path | None) -> Run:
    """The run given, or that in `openchannel-CASE`; raises where it is not one of this case."""
    from openchannel.usecases.belief.needs import check_run
    from openchannel.usecases.runs.finished_run import Run as RunType
    from openchannel.usecases.runs.finished_run import open_run

    finished = run if isinstance(run, RunType) else open_run(run or f"openchannel-{case.id}")
    if finished.case.id != case.id:
        raise UserError(
            Problem(
                file=str(finished.folder or "run"),
                field="RUN",
                wrong=f"the run is of the case {finished.case.id}",
                allowed=f"a finished run of {case.id}",
                mend="name another folder, or the case of this run",
            )
        )
    check_run(finished)
    return finished


def check_draws(run: Run, *, same: bool) -> None:
    """Make sure that a run's beliefs are the same when drawn again, so that they can be weighed."""
    if same and run.manifest["case_fingerprint"] == run.case.fingerprint:
        return
    raise UserError(
        Problem(
            file=str(run.folder or "run"),
            field="RUN",
            wrong="the case or the program has changed since, so its beliefs are no longer drawn "
            "as they were",
            allowed="a run of the case as it stands, by this release",
            mend=f"assess it again: openchannel assess {run.manifest['case_source']} -o FOLDER",
        )
    )


def suppositions(
    given: Sequence[str], signs: Sequence[Sign], questions: Sequence[Collection]
) -> tuple[Supposed, ...]:
    """What is to be supposed, from `ID=VALUE`; raises with everything that is wrong with it."""
    known: dict[str, Sign | Collection] = {q.id: q for q in questions} | {s.id: s for s in signs}
    problems: list[Problem] = []
    found: list[Supposed] = []
    for text in given:
        name, sign, value = (part.strip() for part in text.partition("="))
        if name not in known:
            problems.append(not_one_of("--suppose", name, tuple(known)))
            continue
        supposed = _value(known[name], value) if sign else None
        if supposed is None:
            problems.append(_no_value(text, known[name]))
        else:
            found.append(supposed)
    if problems:
        raise UserError(problems)
    return tuple(found)


def _value(about: Sign | Collection, text: str) -> Supposed | None:
    from openchannel.domain import Collection, Judged, Succeeded

    if isinstance(about, Collection):
        value = _number(text)
        if value is None or (about.how != "measured" and not _is_count(value)):
            return None
        return None if about.how == "succeeded" and value > about.size else Supposed(about, value)
    if isinstance(about.likelihood, Judged):
        seen = _SEEN.get(text.lower(), text)
        return Supposed(about, float(seen)) if seen in (0, 1, "0", "1") else None
    head, stroke, tail = text.partition("/")
    count = _number(head)
    if count is None or not _is_count(count):
        return None
    if not isinstance(about.likelihood, Succeeded):
        return None if stroke else Supposed(about, count)
    trials = _number(tail)
    if trials is None or not _is_count(trials) or not count <= trials or trials < 1:
        return None
    return Supposed(about, count, int(trials))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _is_count(value: float) -> bool:
    return value == int(value) and 0 <= value <= _MOST_COUNT


def _no_value(text: str, about: Sign | Collection) -> Problem:
    from openchannel.domain import Collection, Judged, Succeeded

    allowed, example = f"a whole number up to {_MOST_COUNT}", "3"
    if isinstance(about, Collection):
        if about.how == "measured":
            allowed, example = "a number", "0.4"
        elif about.how == "succeeded":
            allowed, example = f"a whole number up to {about.size:g}", "1"
    elif isinstance(about.likelihood, Judged):
        allowed, example = "yes or no", "yes"
    elif isinstance(about.likelihood, Succeeded):
        allowed, example = "successes out of trials", "2/12"
    return Problem(
        file="command line",
        field="--suppose",
        wrong=f"'{text}' is nothing that {about.id} could show",
        allowed=f"{about.id}=VALUE with {allowed}",
        mend=f"write {about.id}={example}",
    )
