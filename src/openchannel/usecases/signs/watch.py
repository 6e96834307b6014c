"""`watch`: what changed since a run, what the signs say, and whether the answer would change.

Owns the settings, the order of the work and the files; `signs.work` weighs the beliefs and
`report.pages.watch` says it. Nothing is run again but short futures that give signs their chances.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import UserError
from openchannel.usecases.settings import MOST_SEED, bound_problems

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.report import Brief
    from openchannel.usecases.runs.finished_run import Run

__all__ = ["DEFAULT_WEEKS", "FILE", "Watch", "watch", "write_watch"]

#: Weeks ahead for which signs are foreseen and supposed.
DEFAULT_WEEKS = 52
FILE = "watch.json"
_MOST_WEEKS = 260
_EARLIEST = dt.date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Watch:
    """What was found; `data` is as in watch.json."""

    case: Case
    data: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """In values that JSON can hold."""
        return self.data

    def page(self) -> Brief:
        """All of it on one page."""
        from openchannel.report.pages.watch import watch_page

        return watch_page(self.case, self.data)


def watch(
    case: Case | str | Path,
    run: Run | str | Path | None = None,
    *,
    policy: str = "",
    since: str | dt.date | None = None,
    until: str | dt.date | None = None,
    suppose: Sequence[str] = (),
    weeks: int = DEFAULT_WEEKS,
    store: str | Path | None = None,
    as_of: str | dt.date | None = None,
    seed: int = 1,
    threads: int | None = None,
    say: Callable[[str], None] | None = None,
) -> Watch:
    """Say what changed since a run, and move its beliefs by the signs seen since, by Bayes' rule.

    Parameters
    ----------
    run : a finished run or its folder; without it the one in `openchannel-CASE`
    policy : id; default the policy that the case is about
    since : first day of which rows count; without it the day after those that the run has read
    until : the day up to which record and ledger are complete; without it the record's end
    suppose : what-ifs, each `SIGN=VALUE` or `QUESTION=VALUE`
    weeks : ahead, for which signs are foreseen and supposed
    store : of the user's ledger, whose contacts and events count too
    as_of : the day on which the age of the evidence is told; today if not given

    Returns
    -------
    Watch
        `data` as in docs/reference/watch-file.md: what is new, how old the rest is, how far each
        sign moves which belief, and the gain of the policy before and after, with errors. Signs
        and their likelihoods: docs/explanation/what-signs-can-say.md.

    Raises
    ------
    UserError
        A case without a record, faulty signs, a run that cannot be used, days or values that mean
        nothing.
    """
    from openchannel.domain import Case as CaseType
    from openchannel.usecases.belief.needs import policy_of
    from openchannel.usecases.cases import load
    from openchannel.usecases.days import noted_day
    from openchannel.usecases.signs.needs import run_of
    from openchannel.usecases.signs.work import Asked, Work

    tell = say or (lambda _: None)
    loaded = case if isinstance(case, CaseType) else load(case)
    problems = bound_problems(("--weeks", weeks, 1, _MOST_WEEKS), ("--seed", seed, 0, MOST_SEED))
    today = dt.date.today()
    day = noted_day("--as-of", as_of, problems, _EARLIEST, today, at_end=True) or today
    first = noted_day("--since", since, problems, _EARLIEST, day)
    last = noted_day("--until", until, problems, _EARLIEST, day, at_end=True)
    if problems:
        raise UserError(problems)
    finished = run_of(loaded, run)
    asked = Asked(
        policy_of(finished, policy),
        first,
        last,
        tuple(suppose),
        weeks,
        store,
        day,
        seed,
    )
    return Watch(finished.case, Work(finished, asked, threads, tell).data())


def write_watch(
    found: Watch, folder: str | Path, formats: Sequence[str] = ("html", "pdf")
) -> list[Path]:
    """Write the page and `watch.json`."""
    from openchannel.usecases.plain import write_data
    from openchannel.usecases.runs.brief import write_page

    place = Path(folder)
    pages = write_page(found.page(), place, "watch", formats)
    return [*pages, write_data(place / FILE, found.data)]
