"""Working days: the official calendar, and what was entered by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tracker.rules.workdays import Calendar, Calendars, Days, festivals, is_announced, is_workday, ranges


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
    assert Calendar().is_workday(day) is works


def test_a_year_without_a_calendar_says_so() -> None:
    assert is_announced(2026)
    assert not is_announced(2035)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2035, 2, 8), False),  # entered as a holiday: a Thursday
        (date(2035, 2, 9), True),  # nothing entered
        (date(2035, 2, 10), True),  # entered as a Saturday on which offices work
        (date(2035, 2, 11), False),  # a Sunday
        (date(2026, 2, 14), False),  # entered over what the package knows
        (date(2026, 2, 17), False),
    ],
)
def test_what_was_entered_comes_before_what_the_package_knows(day: date, works: bool) -> None:
    entered = {date(2035, 2, 8): False, date(2035, 2, 10): True, date(2026, 2, 14): False}
    assert Calendar(entered).is_workday(day) is works


@pytest.mark.parametrize(
    ("entered", "announced"),
    [
        ({}, False),
        ({date(2035, 1, 1): False}, True),
        ({date(2035, 1, 1): False, date(2035, 2, 8): False}, True),
        ({date(2035, 2, 8): False}, False),  # a local day off says nothing of what the country announces
        ({date(2035, 1, 1): True}, False),
        ({date(2034, 1, 1): False}, False),  # of another year
    ],
)
def test_a_year_is_announced_once_its_new_year_was_entered_as_a_day_off(
    entered: dict[date, bool], announced: bool
) -> None:
    assert Calendar(entered).is_announced(2035) is announced


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 10, 31), []),
        (date(2026, 11, 1), [2027]),
        (date(2027, 1, 1), [2027]),
        (date(2027, 11, 1), [2027, 2028]),
    ],
)
def test_a_missing_year_is_said_from_the_november_before(today: date, years: list[int]) -> None:
    unknown = Calendar()
    assert is_announced(2026)
    assert not is_announced(2027), "the package learned a year more: move the years of this test"
    assert unknown.unannounced(today) == years
    assert Calendar({date(2027, 1, 1): False}).unannounced(today) == [year for year in years if year != 2027]


@pytest.mark.parametrize(
    ("day", "following", "before"),
    [
        (date(2026, 3, 6), date(2026, 3, 6), date(2026, 3, 6)),
        (date(2026, 3, 7), date(2026, 3, 9), date(2026, 3, 6)),
        (date(2026, 2, 15), date(2026, 2, 24), date(2026, 2, 14)),  # Spring Festival, and its Saturday before
        (date(2026, 12, 31), date(2026, 12, 31), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 1, 4), date(2026, 12, 31)),  # entered below, then a weekend
    ],
)
def test_the_working_days_around_a_day(day: date, following: date, before: date) -> None:
    calendar = Calendar({date(2027, 1, 1): False})
    assert (calendar.next_workday(day), calendar.last_workday(day)) == (following, before)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 3, 12), date(2026, 3, 9)),
        (date(2026, 3, 15), date(2026, 3, 9)),  # the Sunday belongs to the week before it
        (date(2026, 4, 8), date(2026, 4, 7)),  # Monday the 6th is a holiday
        (date(2026, 2, 18), None),  # a whole week of Spring Festival
        (date(2026, 2, 28), date(2026, 2, 24)),
        (date(2026, 1, 2), date(2025, 12, 29)),  # the week that begins in the year before
    ],
)
def test_the_first_working_day_of_a_week(day: date, first: date | None) -> None:
    assert Calendar().first_workday_of_week(day) == first


def test_a_week_off_with_one_day_worked_begins_on_that_day() -> None:
    week = {date(2026, 3, 9) + timedelta(days=each): False for each in range(7)}
    assert Calendar(week).first_workday_of_week(date(2026, 3, 12)) is None
    week[date(2026, 3, 15)] = True
    assert Calendar(week).first_workday_of_week(date(2026, 3, 12)) == date(2026, 3, 15)


def test_what_a_nearer_region_entered_comes_first() -> None:
    day, other = date(2035, 2, 8), date(2035, 2, 9)
    known = Calendars({"36": {day: False, other: False}, "360732": {day: True}, "3607": {}, "64": {other: True}})
    assert not known.of("360702").is_workday(day)
    assert known.of("360732").is_workday(day)
    assert not known.of("360732").is_workday(other)
    assert known.of("640422").is_workday(other)
    assert known.of("").is_workday(day)


def test_the_holidays_of_a_known_year_are_ranges_with_the_weekends_worked_for_them() -> None:
    by_name = {each.name: each for each in festivals(2026)}
    spring = by_name["春节"]
    assert spring.off == [Days(date(2026, 2, 15), date(2026, 2, 23))]
    assert spring.off[0].count == 9
    assert spring.worked == [date(2026, 2, 14), date(2026, 2, 28)]
    assert [each.off[0].first for each in festivals(2026)] == sorted(each.off[0].first for each in festivals(2026))
    assert festivals(2035) == []


def test_days_in_any_order_become_ranges() -> None:
    days = [date(2026, 3, day) for day in (9, 7, 8, 8, 12)]
    assert ranges(days) == [Days(date(2026, 3, 7), date(2026, 3, 9)), Days(date(2026, 3, 12), date(2026, 3, 12))]
    assert ranges([]) == []
