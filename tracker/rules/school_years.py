"""School years: each begins on 1 September and is called by the year in which it begins."""

from __future__ import annotations

from datetime import date

FIRST_MONTH = 9
FIRST_YEAR = 2000  # the first of which numbers are kept


def school_year_of(day: date) -> int:
    """The school year that a day belongs to."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def first_day(year: int) -> date:
    """The day on which a school year begins. Raises ValueError outside the calendar."""
    return date(year, FIRST_MONTH, 1)
