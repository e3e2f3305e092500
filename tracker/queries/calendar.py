"""Which days are working days where, and what was entered by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from tracker.models import CalendarDay, db
from tracker.rules.workdays import Calendar, Calendars, NamedDay


def calendars(on: date | None = None) -> Calendars:
    """The calendars of all regions, in one question; narrowed to what they say of one day."""
    query = sa.select(CalendarDay)
    return _calendars(query if on is None else query.where(CalendarDay.day == on))


def calendar_of(region: str) -> Calendar:
    """The calendar that holds in a region: what was entered there or above, over the official one."""
    return _calendars(sa.select(CalendarDay).where(_holding_in(region))).of(region)


def days_entered(region: str, year: int) -> dict[str, list[NamedDay]]:
    """What was entered for a year in a region and above it, by region, the nearest first."""
    query = sa.select(CalendarDay).where(
        _holding_in(region), CalendarDay.day >= date(year, 1, 1), CalendarDay.day <= date(year, 12, 31)
    )
    found: dict[str, list[NamedDay]] = {}
    for row in db.session.scalars(query.order_by(sa.func.length(CalendarDay.region_code).desc(), CalendarDay.day)):
        found.setdefault(row.region_code, []).append(_named(row))
    return found


def years_entered(region: str) -> list[int]:
    """The years of which a region itself or one above it entered days."""
    year = sa.extract("year", CalendarDay.day)
    return [int(each) for each in db.session.scalars(sa.select(year).where(_holding_in(region)).distinct())]


def days_of_region(region: str, days: Collection[date]) -> dict[date, NamedDay]:
    """What a region itself entered for certain days."""
    query = sa.select(CalendarDay).where(CalendarDay.region_code == region, CalendarDay.day.in_(days))
    return {row.day: _named(row) for row in db.session.scalars(query)}


def _named(row: CalendarDay) -> NamedDay:
    return NamedDay(row.day, row.is_workday, row.note)


def _calendars(query: sa.Select[CalendarDay]) -> Calendars:
    entered: dict[str, dict[date, bool]] = defaultdict(dict)
    for row in db.session.scalars(query):
        entered[row.region_code][row.day] = row.is_workday
    return Calendars(entered)


def _holding_in(region: str) -> sa.ColumnElement[bool]:
    """The region itself and those around it."""
    return CalendarDay.region_code.in_([region[:digits] for digits in range(len(region) + 1)])
