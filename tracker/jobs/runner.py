"""Run one job for one period: claim it, do it, commit, keep what came of it.

Nothing is run by a clock that cannot be right: its marks would stand in the wrong place of the calendar.
"""

from __future__ import annotations

import logging
from datetime import datetime

import sqlalchemy as sa

from tracker.jobs.claims import claim, keep
from tracker.jobs.job import AnyJob, Job, JobFailed, Outcome, Period, RegionalJob, error_of, period_of
from tracker.jobs.regional import run_regions
from tracker.models import LATEST, WRONG_CLOCK, JobRun, db
from tracker.models.once import insert_once
from tracker.queries.jobs import newest_instant
from tracker.rules.clocks import is_plausible

logger = logging.getLogger(__name__)


def run_job(job: AnyJob, now: datetime, *, chosen: bool = False, patient: bool = False) -> Outcome:
    """Run a job inside an application context; commits. A failure is logged and kept in the row, never raised.

    ``chosen``: a person named the moment, which then need not be one that the machine's clock could show. ``patient``:
    regions that failed a short while ago are left alone.
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
        if isinstance(job, RegionalJob):
            return run_regions(job, period, now, patient=patient)
        return _run(job, period, now)
    except JobFailed as failure:
        logger.warning("job %s %s: %s", job.name, period, failure)
        return _failed(job, period, now, failure)
    except Exception as error:
        logger.exception("job %s %s failed", job.name, period)
        return _failed(job, period, now, error)


def _run(job: Job, period: str, now: datetime) -> Outcome:
    """Do the work of a job for all regions together, if nobody has. Raises what the job raises."""
    if job.period is not Period.EACH_TIME and not claim(job.name, period, now):
        db.session.rollback()
        return Outcome(period)
    result = job.run(now)
    keep(job.name, period, now, result=result, error=None, finished_at=now)
    db.session.commit()
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


def _failed(job: AnyJob, period: str, now: datetime, error: Exception) -> Outcome:
    """Undo the work and keep the error; the period is free for the next try at once."""
    db.session.rollback()
    words = error_of(error)
    try:
        if isinstance(job, RegionalJob):
            # It could not ask which regions are due, which is no matter of one period; when all was well, stays.
            keep(job.name, LATEST, now, error=words)
        else:
            keep(job.name, period, now, error=words, lease_until=now, finished_at=None)
        db.session.commit()
    except sa.exc.SQLAlchemyError:
        db.session.rollback()
        logger.exception("the error of job %s %s cannot be kept", job.name, period)
    return Outcome(period, error=words)
