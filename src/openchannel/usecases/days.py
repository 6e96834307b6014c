"""Days that a person gives to a command, within bounds; `evidence.dates` reads them."""

from __future__ import annotations

import datetime as dt

from openchannel.errors import Problem, UserError
from openchannel.evidence.dates import DATE_FORMS, Day, day_given

__all__ = ["FIRST_DAY", "day_asked", "noted_day"]

#: Before it there was no tie, and the age of what is known of ties means nothing.
FIRST_DAY = dt.date(1989, 1, 1)

_EXAMPLE = dt.date(2018, 6, 12)


def day_asked(
    field: str,
    given: Day | None,
    earliest: dt.date = dt.date.min,
    latest: dt.date = dt.date.max,
    *,
    at_end: bool = False,
) -> dt.date | None:
    """The day that a person gives, None where none is given.

    Parameters
    ----------
    field : the option, for messages
    given : a day, a month (`1996-05`) or a year, which must begin within the bounds
    at_end : whether a month or year stands for its last day, or that before `latest`, instead of
        its first

    Raises
    ------
    UserError
        The text is no date, or the day lies out of bounds.

    Examples
    --------
    >>> day_asked("--until", "1996-02", at_end=True)
    datetime.date(1996, 2, 29)
    """
    problems: list[Problem] = []
    found = noted_day(field, given, problems, earliest, latest, at_end=at_end)
    if problems:
        raise UserError(problems)
    return found


def noted_day(
    field: str,
    given: Day | None,
    problems: list[Problem],
    earliest: dt.date = dt.date.min,
    latest: dt.date = dt.date.max,
    *,
    at_end: bool = False,
) -> dt.date | None:
    """The same where several things are read: what is wrong is added to `problems`."""
    if given is None:
        return None
    try:
        found = day_given(given)
    except ValueError as error:
        problems.append(_no_day(field, str(error), earliest, latest))
        return None
    if not earliest <= found.first <= latest:
        problems.append(_no_day(field, f"{given} is out of bounds", earliest, latest))
        return None
    return min(found.last, latest) if at_end else found.first


def _no_day(field: str, wrong: str, earliest: dt.date, latest: dt.date) -> Problem:
    since = f" from {earliest}" if earliest > dt.date.min else ""
    until = f" to {latest}" if latest < dt.date.max else ""
    return Problem(
        file="command line",
        field=field,
        wrong=wrong,
        allowed=f"{DATE_FORMS}{since}{until}",
        mend=f"write, for example, {max(earliest, min(latest, _EXAMPLE))}",
    )
