"""Quiet days in the database."""

from __future__ import annotations

from datetime import date

from flask import Flask

from tests.factories import COUNTY, make_calendar_day
from tests.visit import counted_queries
from tracker.models import QuietDay, db
from tracker.queries.quiet import SendingDay, is_sending_day, resting_regions, sending_days

FRIDAY = date(2026, 3, 6)


def test_a_quiet_day_silences_its_region_and_what_lies_below_on_that_day_alone(app: Flask) -> None:
    db.session.add(QuietDay(region_code="3607", day=FRIDAY, note="中考"))
    db.session.flush()
    assert is_sending_day("360732", FRIDAY) is SendingDay.QUIET
    assert is_sending_day("36", FRIDAY) is SendingDay.SENDS
    assert is_sending_day("360732", date(2026, 3, 5)) is SendingDay.SENDS
    assert is_sending_day("360732", date(2026, 3, 7)) is SendingDay.REST
    assert resting_regions(FRIDAY) == ["3607"]
    assert resting_regions(date(2026, 3, 5)) == []


def test_many_regions_take_two_questions(app: Flask) -> None:
    with counted_queries() as statements:
        found = sending_days([f"3607{n}" for n in range(10, 60)], FRIDAY)
    assert set(found.values()) == {SendingDay.SENDS}
    assert len(statements) == 2


def test_a_holiday_that_an_administrator_entered_is_a_rest_day_there_alone(app: Flask) -> None:
    make_calendar_day(FRIDAY, region="3607")
    make_calendar_day(date(2026, 3, 7), True, region=COUNTY)
    assert is_sending_day(COUNTY, FRIDAY) is SendingDay.REST
    assert is_sending_day("640422", FRIDAY) is SendingDay.SENDS
    assert is_sending_day(COUNTY, date(2026, 3, 7)) is SendingDay.SENDS
