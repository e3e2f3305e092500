"""Working days of the official calendar: public holidays, and the weekends on which the country works instead.

The State Council announces a year's calendar in the autumn before. A year that the installed package does not know
yet counts Monday to Friday, and ``is_announced`` lets the pages say so.
"""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

SATURDAY = 5


def is_announced(year: int) -> bool:
    """Whether the calendar of a year is known."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def is_workday(day: date) -> bool:
    """Whether offices work on a day."""
    if not is_announced(day.year):
        return day.weekday() < SATURDAY
    return bool(chinese_calendar.is_workday(day))


def last_workday(day: date) -> date:
    """The latest working day up to and including a day."""
    while not is_workday(day):
        day -= timedelta(days=1)
    return day
