"""Enter days of the calendar and take them out: twice, at once, and what the event keeps."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import COUNTY, OTHER_COUNTY, make_calendar_day
from tracker.actions.calendar import DaysTaken, enter_days, remove_days
from tracker.actions.record import NOBODY
from tracker.models import CalendarDay, Event, db
from tracker.queries.calendar import days_of_region
from tracker.rules.workdays import NamedDay

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
DAY = date(2027, 2, 8)
HOLIDAY, WORKED = NamedDay(DAY, False, "春节"), NamedDay(DAY, True, "补班")


def test_the_same_day_twice_is_one_row_and_one_event(app: Flask) -> None:
    assert enter_days(NOBODY, COUNTY, [HOLIDAY], NOW) == 1
    assert enter_days(NOBODY, COUNTY, [HOLIDAY], NOW) == 0
    assert enter_days(NOBODY, OTHER_COUNTY, [WORKED], NOW) == 1  # another region says its own
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CalendarDay)) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 2


def test_a_day_that_stands_otherwise_stays_until_it_is_to_be_replaced(app: Flask) -> None:
    enter_days(NOBODY, COUNTY, [HOLIDAY], NOW)
    with pytest.raises(DaysTaken) as taken:
        enter_days(NOBODY, COUNTY, [WORKED, NamedDay(date(2027, 2, 9), False, "春节")], NOW)
    assert taken.value.days == [HOLIDAY]
    assert list(days_of_region(COUNTY, [DAY, date(2027, 2, 9)]).values()) == [HOLIDAY]
    assert enter_days(NOBODY, COUNTY, [WORKED], NOW, replace=True) == 1
    assert days_of_region(COUNTY, [DAY]) == {DAY: WORKED}


def test_only_days_of_the_region_itself_are_taken_out(app: Flask) -> None:
    make_calendar_day(DAY, region="36")
    assert remove_days(NOBODY, COUNTY, [DAY], NOW) == 0
    assert remove_days(NOBODY, "36", [DAY, date(2027, 2, 9)], NOW) == 1
    assert remove_days(NOBODY, "36", [DAY], NOW) == 0


def test_two_who_enter_a_day_at_once_make_one_row(app: Flask) -> None:
    together, ends = threading.Barrier(2, timeout=20), []

    def enter(day: NamedDay) -> None:
        with app.app_context():
            together.wait()
            try:
                enter_days(NOBODY, COUNTY, [day], NOW)
                db.session.commit()
                ends.append("entered")
            except DaysTaken as taken:
                db.session.rollback()
                ends.append("taken" if taken.days else "nothing")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=enter, args=[day]) for day in (HOLIDAY, WORKED)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(ends) == ["entered", "taken"]
    assert len(days_of_region(COUNTY, [DAY])) == 1
