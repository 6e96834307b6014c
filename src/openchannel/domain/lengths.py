"""Lengths of time that formulas and sentences share."""

from __future__ import annotations

__all__ = ["DAYS_A_MONTH", "DAYS_A_YEAR", "WEEKS_A_YEAR"]

#: Weeks of the model's year; rates a year are spread over them.
WEEKS_A_YEAR = 52
#: Days of a year and of a month of the calendar, on average.
DAYS_A_YEAR = 365.25
DAYS_A_MONTH = DAYS_A_YEAR / 12.0
