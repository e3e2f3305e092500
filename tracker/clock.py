"""What time it is: the only place that asks the machine.

The office calendar is Asia/Shanghai wherever the server stands: a day of the plan begins at 00:00 there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, in UTC. ``TRACKER_FAKE_NOW`` stops it for browser tests, never in production."""
    fake = os.environ.get("TRACKER_FAKE_NOW")
    if fake:
        return as_instant(fake)
    return datetime.now(UTC)


def going_on_from(instant: datetime) -> Callable[[], datetime]:
    """Tell the time from an instant on, however far from the present it lies: it goes on as the clocks do.

    Of the clock on the wall and the one of the machine that counts which went further: the first may be set back, the
    second stands still while the machine is suspended.
    """
    wall, machine = now(), monotonic()
    return lambda: instant + max(now() - wall, timedelta(seconds=monotonic() - machine))


def today() -> date:
    """The present day of the office calendar."""
    return office_day(now())


def office_day(instant: datetime) -> date:
    """The day of the office calendar on which an aware instant falls."""
    return instant.astimezone(OFFICE_ZONE).date()


def office_time(instant: datetime) -> datetime:
    """An aware instant on the office's wall clock."""
    return instant.astimezone(OFFICE_ZONE)


def at_office(day: date, hour: int, minute: int = 0) -> datetime:
    """The UTC instant at which the office's clock shows this hour of this day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=OFFICE_ZONE).astimezone(UTC)


def as_instant(text: str) -> datetime:
    """Read an ISO date or time; without an offset it is meant on the office's clock. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=OFFICE_ZONE)
    return moment.astimezone(UTC)
