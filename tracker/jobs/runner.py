"""Run one job for one period: claim it, do it, commit, keep what came of it.

The claim is a row that is UNIQUE in job and period and stands in the same transaction as the work. A run that is killed
leaves nothing behind and the next begins from scratch; of two at once one waits for the other and finds it done.
Nothing is run by a clock that cannot be right: its marks would stand in the wrong place of the calendar.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from tracker import clock
from tracker.models import WRONG_CLOCK, JobRun, db
from tracker.models.once import insert_once
from tracker.queries.jobs import newest_instant
from tracker.rules.clocks import is_plausible

LEASE = timedelta(minutes=30)
LONGEST_ERROR = 300
LATEST = "latest"

logger = logging.getLogger(__name__)


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
class Outcome:
    """What came of a run: ``result`` of one that worked, ``error`` of one that failed, neither of one done before."""

    period: str
    result: str | None = None
    error: str | None = None


def period_of(job: Job, now: datetime) -> str:
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


def run_job(job: Job, now: datetime, *, chosen: bool = False) -> Outcome:
    """Run a job inside an application context; commits. A failure is logged and kept in the row, never raised.

    ``chosen``: a person named the moment, which then need not be one that the machine's clock could show.
    """
    try:
        if not chosen and not _is_clock_right(job.name, now):
            return Outcome(WRONG_CLOCK, error=WRONG_CLOCK)
    except sa.exc.SQLAlchemyError as error:
        db.session.rollback()
        logger.exception("job %s cannot judge the clock", job.name)
        return Outcome(WRONG_CLOCK, error=type(error).__name__)
    period = period_of(job, now)
    try:
        if job.period is not Period.EACH_TIME and not _claim(job.name, period, now):
            db.session.rollback()
            return Outcome(period)
        result = job.run(now)
        _keep(job.name, period, now, result=result, error=None, finished_at=now)
        db.session.commit()
    except JobFailed as failure:
        logger.warning("job %s %s: %s", job.name, period, failure)
        return _failed(job.name, period, now, str(failure))
    except Exception as error:
        logger.exception("job %s %s failed", job.name, period)
        return _failed(job.name, period, now, f"{type(error).__name__}: {error}".splitlines()[0][:LONGEST_ERROR])
    # What wakes every minute would fill the log; the mailer says what it sent.
    level = logging.DEBUG if job.period is Period.EACH_TIME else logging.INFO
    logger.log(level, "job %s %s: %s", job.name, period, result)
    return Outcome(period, result=result)


def _is_clock_right(name: str, now: datetime) -> bool:
    """Whether the clock can show ``now``; keeps that it cannot, or forgets that it could not, for the page."""
    newest = newest_instant()
    right = is_plausible(now, newest)
    outdated = sa.delete(JobRun).where(JobRun.period == WRONG_CLOCK)
    db.session.execute(outdated if right else outdated.where(JobRun.job == name))
    if not right:
        logger.error("job %s is refused: the clock shows %s, but %s was before", name, now, newest)
        row = {"job": name, "period": WRONG_CLOCK, "started_at": now, "lease_until": now, "error": WRONG_CLOCK}
        db.session.execute(insert_once(JobRun).values(**row))
    db.session.commit()
    return right


def _claim(name: str, period: str, now: datetime) -> bool:
    """Take a period that nobody has begun, or that somebody left unfinished past the lease."""
    lease = {"started_at": now, "lease_until": now + LEASE}
    row = insert_once(JobRun).values(job=name, period=period, **lease)
    if db.session.execute(row).rowcount == 1:  # type: ignore[attr-defined]
        return True
    left = sa.update(JobRun).where(
        JobRun.job == name, JobRun.period == period, JobRun.finished_at.is_(None), JobRun.lease_until <= now
    )
    taken = db.session.execute(left.values(**lease).execution_options(synchronize_session=False))
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _keep(name: str, period: str, now: datetime, **values: object) -> None:
    """Write what came of a run into its row, which a job without a claim gets here; what was finished stays."""
    row = {"job": name, "period": period, "started_at": now, "lease_until": now}
    db.session.execute(insert_once(JobRun).values(**row))
    db.session.execute(
        sa.update(JobRun)
        .where(
            JobRun.job == name,
            JobRun.period == period,
            sa.or_(JobRun.finished_at.is_(None), JobRun.period == LATEST),
        )
        .values(started_at=now, **values)
        .execution_options(synchronize_session=False)
    )


def _failed(name: str, period: str, now: datetime, error: str) -> Outcome:
    """Undo the work and keep the error; the period is free for the next try at once."""
    db.session.rollback()
    try:
        _keep(name, period, now, error=error, lease_until=now, finished_at=None)
        db.session.commit()
    except sa.exc.SQLAlchemyError:
        db.session.rollback()
        logger.exception("the error of job %s %s cannot be kept", name, period)
    return Outcome(period, error=error)
