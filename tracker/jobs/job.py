"""What a job is: a line of the timetable, done once for all in its period, or region by region.

The contract of a regional job (``RegionalJob``):

- It wakes every minute (cron ``* * * * *``). ``regions(now)`` names the regions whose moment in the present period has
  come, sorted, whether they were served or not; it only asks. A region stays due until its period ends, so that it is
  caught up with, once, when the machine comes back; a period that has passed is not made up.
- ``run(now, regions)`` does the work of exactly these regions in the transaction that claimed them, and returns the
  result of each by its code: tokens ``word`` or ``word=count`` for which views/outbox.py has words. A region where
  nothing was to be done (a rest day, a quiet day) has a result too and is done with.
- It neither commits nor sends, and it may be called again for a region: the rows that it makes have a key of their own
  that says once.
- ``next_at(now, ladder, calendar)`` is the next moment at which the turn of a region with these comes, None for never.
- Where ``run`` raises, the batch is undone and repeated region by region. A region that raises alone keeps the error in
  its own row and is tried again every ten minutes until its period ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracker import clock
from tracker.models import LATEST
from tracker.rules.ladders import Ladder
from tracker.rules.workdays import Calendar

LONGEST_ERROR = 300
BATCH = 100


class Period(StrEnum):
    """How often the work of a job is done: once a day, once a week, or each time it wakes."""

    DAY = "day"
    WEEK = "week"
    EACH_TIME = "each_time"


class JobFailed(Exception):
    """A job could not do its work for a foreseen reason; the message is a stable word that the page explains."""


@dataclass(frozen=True)
class Job:
    """A line of the timetable: when it wakes (cron on the office's clock), how often it has work, what it does."""

    name: str
    cron: str
    period: Period
    run: Callable[[datetime], str]


@dataclass(frozen=True)
class RegionalJob:
    """A line of the timetable whose work is done region by region; the head of this file is its contract.

    ``batch`` regions share a transaction; one that holds a lock for which others wait takes them one by one.
    """

    name: str
    cron: str
    period: Period
    run: Callable[[datetime, Sequence[str]], Mapping[str, str]]
    regions: Callable[[datetime], Sequence[str]]
    next_at: Callable[[datetime, Ladder, Calendar], datetime | None]
    batch: int = BATCH


AnyJob = Job | RegionalJob


@dataclass(frozen=True)
class Outcome:
    """What came of a run: ``result`` of one that worked, ``error`` of one that failed, neither of one done before."""

    period: str
    result: str | None = None
    error: str | None = None


def period_of(job: AnyJob, now: datetime) -> str:
    """The period for which a job runs at an instant: a day or an ISO week of the office calendar."""
    day = clock.office_day(now)
    match job.period:
        case Period.DAY:
            return day.isoformat()
        case Period.WEEK:
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
        case _:
            return LATEST


def error_of(error: Exception) -> str:
    """An error as its row keeps it: the stable word of what was foreseen, else the first line of what was said."""
    if isinstance(error, JobFailed):
        return str(error)
    return f"{type(error).__name__}: {error}".splitlines()[0][:LONGEST_ERROR]
