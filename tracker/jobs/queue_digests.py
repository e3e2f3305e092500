"""Queue one digest per person whom something asks, in each region when its hour has come on a day of sending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tracker import clock
from tracker.notifications.digest import queue_digests
from tracker.queries.calendar import calendars
from tracker.queries.jobs import regions_served
from tracker.queries.ladders import ladders
from tracker.queries.outbox import queued_in
from tracker.queries.quiet import sending_days
from tracker.queries.reminders import DIGEST
from tracker.rules.ladders import Ladder
from tracker.rules.quiet import SendingDay
from tracker.rules.workdays import Calendar, is_announced

CALENDAR_UNKNOWN = "calendar_unknown"


def regions(now: datetime) -> Sequence[str]:
    """The regions whose hour of sending has come today."""
    by, hour = ladders(), clock.office_time(now).time()
    return [region for region in regions_served() if by.of(region).sends_at <= hour]


def run(now: datetime, regions: Sequence[str]) -> dict[str, str]:
    """Queue the digests of the day; nothing where nobody works or a region asked for silence."""
    day = clock.office_day(now)
    days = sending_days(regions, day)
    sending = [region for region in regions if days[region] is SendingDay.SENDS]
    if sending:
        queue_digests(now, sending)
    queued = queued_in(sending, DIGEST, now)
    said = {region: f"digests={queued.get(region, 0)}" for region in sending}
    unknown = regions_without_calendar(regions, day.year)
    return {
        region: said.get(region, days[region].value) + (f" {CALENDAR_UNKNOWN}" if region in unknown else "")
        for region in regions
    }


def next_at(now: datetime, ladder: Ladder, calendar: Calendar) -> datetime:
    """The next moment at which the hour of a region strikes on a day of sending, as its calendar says."""
    hour, day = ladder.sends_at, clock.office_day(now)
    today = clock.at_office(day, hour.hour, hour.minute)
    if now < today and calendar.is_workday(day):
        return today
    return clock.at_office(calendar.next_workday(day + timedelta(days=1)), hour.hour, hour.minute)


def regions_without_calendar(regions: Sequence[str], year: int) -> set[str]:
    """The regions that know no holidays of a year, officially or by hand."""
    if is_announced(year):
        return set()
    known = calendars()
    return {region for region in regions if not known.of(region).is_announced(year)}
