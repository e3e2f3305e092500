"""Freeze the week on Friday evening: the numbered overview of every region with an active plan or issues of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tracker import clock
from tracker.actions.issues import freeze_week
from tracker.queries.jobs import regions_freezing
from tracker.rules.ladders import Ladder
from tracker.rules.workdays import Calendar

FRIDAY = 4
HOUR = 17


def regions(now: datetime) -> Sequence[str]:
    """The regions at work, and those around them with issues of their own, from Friday evening until the week ends."""
    return regions_freezing() if now >= moment(now) else []


def run(now: datetime, regions: Sequence[str]) -> dict[str, str]:
    """Issue the week's overview where it does not stand yet."""
    return {region: f"issues={int(freeze_week(region, now) is not None)}" for region in regions}


def next_at(now: datetime, _ladder: Ladder, _calendar: Calendar) -> datetime:
    """The coming Friday evening."""
    coming = moment(now)
    return coming if now < coming else moment(now + timedelta(days=7))


def moment(now: datetime) -> datetime:
    """The moment at which the week of an instant is frozen."""
    day = clock.office_day(now)
    return clock.at_office(day + timedelta(days=FRIDAY - day.weekday()), HOUR)
