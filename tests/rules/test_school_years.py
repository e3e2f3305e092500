"""School years begin on 1 September."""

from datetime import date

import pytest

from tracker.rules.school_years import first_day, school_year_of


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 8, 31), 2025), (date(2026, 9, 1), 2026), (date(2027, 1, 1), 2026)]
)
def test_a_day_belongs_to_the_school_year_that_began_last(day: date, year: int) -> None:
    assert school_year_of(day) == year
    assert first_day(year) <= day
