"""Working days of the official calendar."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.workdays import is_announced, is_workday


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 3, 6), True),  # a Friday
        (date(2026, 3, 7), False),  # a Saturday
        (date(2026, 2, 17), False),  # Spring Festival, a Tuesday
        (date(2026, 2, 14), True),  # a Saturday worked for Spring Festival
        (date(2026, 10, 1), False),  # National Day
        (date(2035, 1, 1), True),  # not announced: a Monday
        (date(2035, 1, 6), False),  # not announced: a Saturday
    ],
)
def test_offices_work_by_the_official_calendar_or_monday_to_friday(day: date, works: bool) -> None:
    assert is_workday(day) is works


def test_a_year_without_a_calendar_says_so() -> None:
    assert is_announced(2026)
    assert not is_announced(2035)
