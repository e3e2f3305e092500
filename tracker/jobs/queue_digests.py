"""Queue one digest per person whom something asks, on working days."""

from __future__ import annotations

from datetime import datetime

from tracker import clock
from tracker.notifications.digest import queue_digests
from tracker.rules.workdays import is_announced, is_workday


def run(now: datetime) -> str:
    """Queue the digests of the day; nothing on a day on which nobody works."""
    day = clock.office_day(now)
    calendar = "" if is_announced(day.year) else " calendar_unknown"
    if not is_workday(day):
        return f"rest_day{calendar}"
    queued, superseded = queue_digests(now)
    return f"digests={queued} superseded={superseded}{calendar}"
