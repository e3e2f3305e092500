"""The timetable: every job, when it wakes on the office's clock, and for how long its work is done."""

from __future__ import annotations

from datetime import datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from tracker import clock
from tracker.jobs import deliver_outbox, freeze_week, notice_overdue, open_periods, queue_digests
from tracker.jobs.runner import Job, Outcome, Period, period_of, run_job
from tracker.queries.jobs import is_free

TIMETABLE = (
    Job("notice_overdue", "5 0 * * *", Period.DAY, notice_overdue.run),
    Job("open_periods", "10 0 * * *", Period.DAY, open_periods.run),
    Job("queue_digests", "0 9 * * *", Period.DAY, queue_digests.run),
    Job("freeze_week", "0 17 * * fri", Period.WEEK, freeze_week.run),
    Job("deliver_outbox", "* * * * *", Period.EACH_TIME, deliver_outbox.run),
)


def trigger_of(job: Job) -> CronTrigger:
    """When a job wakes, for APScheduler."""
    return CronTrigger.from_crontab(job.cron, timezone=clock.OFFICE_ZONE)  # type: ignore[no-any-return]


def next_run(job: Job, now: datetime) -> datetime:
    """The next instant at which a job wakes."""
    return trigger_of(job).get_next_fire_time(None, now)  # type: ignore[no-any-return]


def is_missing(job: Job, now: datetime) -> bool:
    """Whether a job should have done its work for the present day or week and has not."""
    if job.period is Period.EACH_TIME:
        return False
    day = clock.office_day(now)
    first = day if job.period is Period.DAY else day - timedelta(days=day.weekday())
    return next_run(job, clock.at_office(first, 0)) <= now and is_free(job.name, period_of(job, now), now)


def catch_up(now: datetime) -> list[Outcome]:
    """Run what is missing for the present day and week, each once, inside an application context."""
    return [run_job(job, now) for job in TIMETABLE if is_missing(job, now)]
