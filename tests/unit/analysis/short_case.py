"""The built-in case over one year, so that a test can run many futures."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from openchannel.casefile import load_case
from openchannel.domain import Case


@cache
def one_year() -> Case:
    case = load_case("korea")
    calendar = replace(case.calendar, horizon_weeks=52, inauguration_weeks=(20,))
    return replace(case, calendar=calendar)
