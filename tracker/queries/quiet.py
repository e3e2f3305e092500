"""On which days reminders are sent where: working days of the calendar that are no quiet days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from tracker.models import QuietDay, db
from tracker.queries.calendar import calendars
from tracker.rules.quiet import SendingDay, sending_day


def is_sending_day(region: str, day: date) -> SendingDay:
    """Whether digests and the leaders' mail are sent in a region on a day, and why not."""
    return sending_days([region], day)[region]


def sending_days(regions: Collection[str], day: date) -> dict[str, SendingDay]:
    """The same for several regions, in two questions."""
    quiet, known = resting_regions(day), calendars(on=day)
    return {region: sending_day(region, known.of(region).is_workday(day), quiet) for region in regions}


def resting_regions(day: date) -> list[str]:
    """The regions that have a quiet day on a day; nothing is reminded at or below them."""
    return list(db.session.scalars(sa.select(QuietDay.region_code).where(QuietDay.day == day)))
