"""Queue the leaders' mail about the week: on its first working day, or on a later one where that was missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tracker import clock
from tracker.notifications.leaders_week import queue_leaders_week
from tracker.queries.jobs import regions_served
from tracker.queries.ladders import ladders
from tracker.queries.leaders import regions_with_leaders
from tracker.queries.quiet import sending_days
from tracker.rules.ladders import Ladder
from tracker.rules.quiet import FARTHEST_QUIET, SendingDay
from tracker.rules.workdays import Calendar

# Quiet days reach no farther than that, and no holiday after them is longer than a month.
WEEKS_AHEAD = FARTHEST_QUIET.days // 7 + 4


def regions(now: datetime) -> Sequence[str]:
    """The regions with leaders whose hour has come on a day of sending; a week without one is passed over."""
    hour, by, served = clock.office_time(now).time(), ladders(), set(regions_served())
    asked = {region: by.of(region).leaders_at for region in regions_with_leaders() if region in served}
    due = [region for region, at in asked.items() if at is not None and at <= hour]
    days = sending_days(due, clock.office_day(now))
    return [region for region in due if days[region] is SendingDay.SENDS]


def run(now: datetime, regions: Sequence[str]) -> dict[str, str]:
    """Queue the mails of the week for the leaders of each region."""
    queued = queue_leaders_week(now, regions)
    return {region: f"leaders={queued.get(region, 0)}" for region in regions}


def next_at(now: datetime, ladder: Ladder, calendar: Calendar) -> datetime | None:
    """The hour of a region on the first day of sending of the coming week; None where the mail is switched off."""
    hour = ladder.leaders_at
    for week in range(WEEKS_AHEAD if hour else 0):
        first = calendar.first_workday_of_week(clock.office_day(now) + timedelta(weeks=week))
        if first and hour and now < (moment := clock.at_office(first, hour.hour, hour.minute)):
            return moment
    return None
