"""The runs of jobs, and which regions they serve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from tracker.models import WRONG_CLOCK, Event, JobRun, Plan, PlanState, db


def newest_instant() -> datetime | None:
    """The latest instant at which anything happened, whatever a wrong clock showed; None where nothing did."""
    event = db.session.scalar(sa.select(sa.func.max(Event.at)))
    run = db.session.scalar(sa.select(sa.func.max(JobRun.started_at)).where(JobRun.period != WRONG_CLOCK))
    return max((instant for instant in (event, run) if instant), default=None)


def last_runs() -> dict[str, JobRun]:
    """The latest run of every job; while the clock is wrong, the refusal."""
    latest = sa.select(JobRun.job, sa.func.max(JobRun.started_at).label("at")).group_by(JobRun.job).subquery()
    query = sa.select(JobRun).join(latest, sa.and_(JobRun.job == latest.c.job, JobRun.started_at == latest.c.at))
    runs = {run.job: run for run in db.session.scalars(query.order_by(JobRun.id))}
    refused = db.session.scalars(sa.select(JobRun).where(JobRun.period == WRONG_CLOCK))
    return runs | {run.job: run for run in refused}


def job_run(job: str, period: str) -> JobRun | None:
    """The run of a job for a period."""
    return db.session.scalar(sa.select(JobRun).where(JobRun.job == job, JobRun.period == period))


def is_free(job: str, period: str, now: datetime) -> bool:
    """Whether nobody has finished a period or is at work on it."""
    run = job_run(job, period)
    return run is None or (run.finished_at is None and run.lease_until <= now)


def regions_at_work() -> Sequence[str]:
    """The regions that have an active plan."""
    query = sa.select(Plan.region_code).where(Plan.state == PlanState.ACTIVE).distinct()
    return db.session.scalars(query.order_by(Plan.region_code)).all()
