"""Which days are working days where, as the database says it."""

from __future__ import annotations

from datetime import date

from flask import Flask

from tests.factories import COUNTY, OTHER_COUNTY, make_calendar_day
from tests.visit import counted_queries
from tracker.queries.calendar import calendar_of, calendars, days_entered, days_of_region

DAY, NEXT = date(2027, 2, 8), date(2027, 2, 9)


def test_what_a_region_above_entered_holds_below_and_a_nearer_one_comes_first(app: Flask) -> None:
    make_calendar_day(DAY, region="36")
    make_calendar_day(NEXT, region="36")
    make_calendar_day(DAY, True, region=COUNTY)
    assert calendar_of(COUNTY).is_workday(DAY)
    assert not calendar_of(COUNTY).is_workday(NEXT)
    assert not calendar_of("360702").is_workday(DAY)
    assert calendar_of(OTHER_COUNTY).is_workday(DAY)
    assert calendar_of("").is_workday(DAY)


def test_the_calendars_of_all_regions_say_the_same_in_one_question(app: Flask) -> None:
    make_calendar_day(DAY, region="")
    make_calendar_day(DAY, True, region="3607")
    make_calendar_day(NEXT, region=COUNTY)
    with counted_queries() as statements:
        known = calendars()
    assert len(statements) == 1
    for region in ("", "36", "3607", COUNTY, OTHER_COUNTY):
        of_region = calendar_of(region)
        assert [known.of(region).is_workday(day) for day in (DAY, NEXT)] == [
            of_region.is_workday(day) for day in (DAY, NEXT)
        ]
        assert calendars(on=DAY).of(region).is_workday(DAY) == of_region.is_workday(DAY)


def test_a_year_without_a_table_is_worked_monday_to_friday(app: Flask) -> None:
    calendar = calendar_of(COUNTY)
    assert not calendar.is_announced(2027)
    assert calendar.is_workday(date(2027, 1, 1))
    assert not calendar.is_workday(date(2027, 1, 2))


def test_the_days_of_a_year_are_those_of_the_region_and_above(app: Flask) -> None:
    make_calendar_day(NEXT, region="36")
    make_calendar_day(DAY, region=COUNTY)
    make_calendar_day(date(2026, 12, 31), region=COUNTY)
    make_calendar_day(DAY, region=OTHER_COUNTY)
    found = days_entered(COUNTY, 2027)
    assert [(region, [each.day for each in days]) for region, days in found.items()] == [
        (COUNTY, [DAY]),
        ("36", [NEXT]),
    ]
    assert list(days_of_region(COUNTY, [DAY, NEXT])) == [DAY]
