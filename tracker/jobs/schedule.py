"""The timetable: every job, when it wakes on the office's clock, and for how long its work is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from tracker import clock
from tracker.jobs import (
    deliver_outbox,
    freeze_week,
    make_up_week,
    notice_overdue,
    open_periods,
    queue_digests,
    queue_leaders_week,
)
from tracker.jobs.job import AnyJob, Job, Outcome, Period, RegionalJob, period_of
from tracker.jobs.regional import due_regions
from tracker.jobs.runner import run_job
from tracker.queries.jobs import is_free
from tracker.rules.ladders import DEFAULT, Ladder
from tracker.rules.workdays import OFFICIAL, Calendar

EACH_MINUTE = "* * * * *"

TIMETABLE: tuple[AnyJob, ...] = (
    Job("notice_overdue", "5 0 * * *", Period.DAY, notice_overdue.run),
    Job("open_periods", "10 0 * * *", Period.DAY, open_periods.run),
    # Before the leaders' mail, which tells of the week that it makes up.
    RegionalJob(
        "make_up_week", EACH_MINUTE, Period.WEEK, make_up_week.run, make_up_week.regions, make_up_week.next_at, batch=1
    ),
    RegionalJob(
        "queue_digests", EACH_MINUTE, Period.DAY, queue_digests.run, queue_digests.regions, queue_digests.next_at
    ),
    RegionalJob(
        "queue_leaders_week",
        EACH_MINUTE,
        Period.WEEK,
        queue_leaders_week.run,
        queue_leaders_week.regions,
        queue_leaders_week.next_at,
    ),
    RegionalJob(
        "freeze_week", EACH_MINUTE, Period.WEEK, freeze_week.run, freeze_week.regions, freeze_week.next_at, batch=1
    ),
    Job("deliver_outbox", EACH_MINUTE, Period.EACH_TIME, deliver_outbox.run),
)


def trigger_of(job: AnyJob) -> CronTrigger:
    """When a job wakes, for APScheduler."""
    return CronTrigger.from_crontab(job.cron, timezone=clock.OFFICE_ZONE)  # type: ignore[no-any-return]


def next_run(job: AnyJob, now: datetime, ladder: Ladder = DEFAULT, calendar: Calendar = OFFICIAL) -> datetime | None:
    """The next instant at which a job has its work to do, by the ladder and calendar of a region, if ever."""
    if isinstance(job, RegionalJob):
        moment = job.next_at(now, ladder, calendar)
        return clock.office_time(moment) if moment else None
    return next_wake(job, now)


def next_wake(job: AnyJob, now: datetime) -> datetime:
    """The next instant at which a job wakes, whether or not it then has work."""
    return trigger_of(job).get_next_fire_time(None, now)  # type: ignore[no-any-return]


def is_missing(job: AnyJob, now: datetime) -> bool:
    """Whether a job should have done its work for the present day or week and has not."""
    if isinstance(job, RegionalJob):
        return bool(due_regions(job, period_of(job, now), now))
    if job.period is Period.EACH_TIME:
        return False
    return due_since(job, now) <= now and is_free(job.name, period_of(job, now), now)


def due_since(job: Job, now: datetime) -> datetime:
    """The instant from which a daily or weekly job is due in the day or week of an instant; it may lie ahead."""
    day = clock.office_day(now)
    first = day if job.period is Period.DAY else day - timedelta(days=day.weekday())
    return next_wake(job, clock.at_office(first, 0))


def catch_up(now: datetime, stopping: Callable[[], bool] = lambda: False) -> list[Outcome]:
    """Run what is missing for the present day and week, each once, inside an application context."""
    return [run_job(job, now, patient=True) for job in TIMETABLE if not stopping() and is_missing(job, now)]
