"""The weeks of a trend: their year, what each closed, and units that have become one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tracker.rules.lights import Light
from tracker.rules.trend_weeks import followed, together, weeks_from, weeks_of, year_of

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("week_on", "year"),
    [(date(2025, 12, 29), 2026), (date(2026, 12, 28), 2026), (date(2027, 1, 4), 2027), (date(2024, 12, 30), 2025)],
)
def test_a_week_belongs_to_the_year_of_most_of_its_days(week_on: date, year: int) -> None:
    assert year_of(week_on) == year


def test_what_a_week_closed_is_what_grew_since_the_issue_before() -> None:
    weeks = weeks_from(MONDAY, MONDAY + timedelta(weeks=3))
    counts = [
        (MONDAY, {"closed": 2, "newly_closed_in_time": 2, "overdue": 1, "due": 4, "in_time": 3}),
        (weeks[1], {"closed": 5, "newly_closed_in_time": 1, "newly_closed_late": 2, "suspended": 9}),
        (weeks[3], {"closed": 4}),
    ]
    first, second, none, last = weeks_of(counts, weeks)
    assert none is None
    assert first
    assert second
    assert last
    assert (first.closed_in_time, first.closed_late, first.percent, first.total) == (None, None, 75, 3)
    assert (second.closed_in_time, second.closed_late, second.percent, second.total) == (1, 2, None, 5)
    assert (last.closed_in_time, last.closed_late) == (0, 0)
    assert first.lights[Light.OVERDUE] == 1
    later = weeks_of(counts, weeks[1:2])
    assert later == [second]


def test_units_that_became_one_are_added_up_and_a_ring_ends() -> None:
    assert together([{"overdue": 1, "due": 2}, {"overdue": 2}]) == {"overdue": 3, "due": 2}
    assert followed(1, {1: 2, 2: 3, 3: None}) == 3
    assert followed(4, {}) == 4
    assert followed(1, {1: 2, 2: 1}) == 1
