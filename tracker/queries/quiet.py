"""On which days reminders are sent where: working days of the calendar that are no quiet days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from tracker.models import QuietDay, db
from tracker.queries.calendar import calendars
from tracker.rules.quiet import SendingDay, sending_day
from tracker.rules.workdays import Calendar


def is_sending_day(region: str, day: date) -> SendingDay:
    """Whether digests and the leaders' mail are sent in a region on a day, and why not."""
    return sending_days([region], day)[region]


def sending_days(regions: Collection[str], day: date) -> dict[str, SendingDay]:
    """The same for several regions, in two questions."""
    quiet, known = resting_regions(day), calendars(on=day)
    return {region: sending_day(region, known.of(region).is_workday(day), quiet) for region in regions}


def sending_calendar(region: str, calendar: Calendar, today: date) -> Calendar:
    """A region's calendar of which its quiet days from today on are days off: the days on which reminders are sent."""
    around = [region[:digits] for digits in range(len(region) + 1)]
    query = sa.select(QuietDay.day).where(QuietDay.region_code.in_(around), QuietDay.day >= today)
    return calendar.resting_on(db.session.scalars(query))


def resting_regions(day: date) -> list[str]:
    """The regions that have a quiet day on a day; nothing is reminded at or below them."""
    return list(db.session.scalars(sa.select(QuietDay.region_code).where(QuietDay.day == day)))
