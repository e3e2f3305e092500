"""The runs of jobs, and which regions they serve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from tracker.models import WRONG_CLOCK, Event, JobRun, Plan, PlanState, db

DIGITS_OF_LEVEL = 2


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


def runs_of(job: str, period: str) -> Sequence[JobRun]:
    """The runs of a job for a period in all regions, in their order."""
    query = sa.select(JobRun).where(JobRun.job == job, JobRun.period == period).order_by(JobRun.region_code)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def is_free(job: str, period: str, now: datetime) -> bool:
    """Whether nobody has finished a period or is at work on it."""
    return all(run.finished_at is None and run.lease_until <= now for run in runs_of(job, period))


def regions_at_work() -> Sequence[str]:
    """The regions that have an active plan."""
    query = sa.select(Plan.region_code).where(Plan.state == PlanState.ACTIVE).distinct()
    return db.session.scalars(query.order_by(Plan.region_code)).all()


def regions_served() -> list[str]:
    """The regions in which a job may find somebody: those with an active plan and every one around them, sorted.

    People of a wider region have units in its counties, and the whole country (an empty code) has people too.
    """
    at_work = regions_at_work()
    return sorted({code[:digits] for code in at_work for digits in range(0, len(code) + 1, DIGITS_OF_LEVEL)})
