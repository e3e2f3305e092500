"""The runs of jobs, and which regions they serve."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.models import CLOCK_ACCEPTED, LATEST, WRONG_CLOCK, Event, Issue, JobRun, Mark, Plan, PlanState, db
from tracker.queries.issue_weeks import newest_weeks
from tracker.queries.visibility import within_region

DIGITS_OF_LEVEL = 2
# Days and weeks are named by digits first, other periods by words: these follow in every order of characters.
AFTER_DAYS = "a"


@dataclass(frozen=True)
class Said:
    """What runs of a job for a period say alike: their result or error, and how many they are."""

    job: str
    period: str
    result: str | None
    error: str | None
    started_at: datetime
    finished_at: datetime | None
    count: int


@dataclass(frozen=True)
class Beginnings:
    """Since when jobs are expected to work, None while no plan is active; the first and last period each ran for."""

    at_work_since: datetime | None
    first: dict[str, str]
    last: dict[str, str]


def newest_instant() -> datetime | None:
    """The latest instant at which anything happened, whatever a wrong clock showed; None where nothing did.

    Where somebody said that the clock is right, events before that are not asked.
    """
    return newest_and(sa.null())[0]


def newest_and(beside: sa.ColumnElement[Any]) -> tuple[datetime | None, Any]:
    """The same, and a value that the page wants besides, in one question."""
    accepted = sa.select(sa.cast(Mark.value, sa.Integer)).where(Mark.name == CLOCK_ACCEPTED).scalar_subquery()
    event = sa.select(sa.func.max(Event.at)).where(Event.id >= sa.func.coalesce(accepted, 0)).scalar_subquery()
    run = sa.select(sa.func.max(JobRun.started_at)).where(JobRun.period != WRONG_CLOCK).scalar_subquery()
    *instants, value = db.session.execute(sa.select(event, run, beside)).one()
    return max((instant for instant in instants if instant), default=None), value


def beginnings(jobs: Sequence[str]) -> Beginnings:
    """Since when and for which periods the jobs work, in one question."""
    ends = [
        sa.select(end(JobRun.period)).where(JobRun.job == job, JobRun.period < AFTER_DAYS).scalar_subquery()
        for end in (sa.func.min, sa.func.max)
        for job in jobs
    ]
    since, *found = db.session.execute(sa.select(_at_work_since(), *ends)).one()
    firsts, lasts = found[: len(jobs)], found[len(jobs) :]
    return Beginnings(since, _known(jobs, firsts), _known(jobs, lasts))


def _known(jobs: Sequence[str], periods: Sequence[str | None]) -> dict[str, str]:
    return {job: period for job, period in zip(jobs, periods, strict=True) if period}


def runs_said(
    together: Collection[str], regional: Collection[str], periods: Collection[str], region: str | None = None
) -> list[Said]:
    """What the runs of jobs say of some periods: those for all together, and of a region those at and below it."""
    query = _said(together, regional, periods, region)
    return [Said(**row) for row in db.session.execute(query).mappings()]


def signs_said(
    together: Collection[str], regional: Collection[str], periods: Collection[str], beside: sa.ScalarSelect[int] | None
) -> tuple[datetime | None, list[Said], int]:
    """Since when the jobs are expected to work, what those for all regions together say, and a count beside.

    All in one question, for a page that has many.
    """
    count = sa.literal(0) if beside is None else beside
    said = _said(together, regional, periods, None).subquery()
    facts = sa.select(_at_work_since().label("since"), count.label("beside")).subquery()
    rows = db.session.execute(sa.select(facts, *said.c).select_from(facts.outerjoin(said, sa.true()))).all()
    return rows[0].since, [Said(*row[2:]) for row in rows if row.job is not None], rows[0].beside


def _at_work_since() -> sa.ScalarSelect[datetime]:
    """The instant of the first event, none while no plan is active."""
    active = sa.exists().where(Plan.state == PlanState.ACTIVE)
    return sa.select(Event.at).where(active).order_by(Event.id).limit(1).scalar_subquery()


def _said(together: Collection[str], regional: Collection[str], periods: Collection[str], region: str | None) -> Any:
    alike = (JobRun.job, JobRun.period, JobRun.result, JobRun.error)
    mine = sa.false() if region is None else within_region(JobRun.region_code, region)
    query = sa.select(
        *alike,
        sa.func.max(JobRun.started_at).label("started_at"),
        sa.func.max(JobRun.finished_at).label("finished_at"),
        sa.func.count().label("count"),
    ).where(
        JobRun.job.in_([*together, *regional]),
        JobRun.period.in_([*periods, LATEST, WRONG_CLOCK]),
        sa.or_(
            sa.and_(JobRun.region_code == "", JobRun.job.in_(together)),
            sa.and_(JobRun.region_code == "", JobRun.period.in_([LATEST, WRONG_CLOCK])),
            sa.and_(JobRun.job.in_(regional), mine),
        ),
    )
    return query.group_by(*alike)


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


def regions_freezing() -> list[str]:
    """The regions whose week is frozen: those with an active plan, and those around them that have issues already."""
    at_work = regions_at_work()
    around = set(regions_around(at_work)) - set(at_work)
    query = sa.select(Issue.region_code).where(Issue.region_code.in_(around)).distinct()
    return sorted({*at_work, *db.session.scalars(query)})


def regions_missing(week_on: date, ended_at: datetime) -> list[str]:
    """The freezing regions whose last issue is of an earlier week, and where a plan ran in that week.

    A plan that was activated after the week ended did not run in it; one that no event activated always ran.
    """
    freezing = regions_freezing()
    newest = newest_weeks(freezing)
    late = sa.exists().where(
        Event.object_type == "plan", Event.object_id == Plan.code, Event.act == "activate_plan", Event.at >= ended_at
    )
    query = sa.select(Plan.region_code).where(Plan.state == PlanState.ACTIVE, ~late).distinct()
    ran = set(regions_around(db.session.scalars(query).all()))
    return [region for region in freezing if region in ran and region in newest and newest[region] < week_on]


def regions_served() -> list[str]:
    """The regions in which a job may find somebody: those with an active plan and every one around them, sorted.

    People of a wider region have units in its counties, and the whole country (an empty code) has people too.
    """
    return regions_around(regions_at_work())


def regions_around(regions: Collection[str]) -> list[str]:
    """Some regions and every one around them, sorted; the whole country is an empty code."""
    return sorted({code[:digits] for code in regions for digits in range(0, len(code) + 1, DIGITS_OF_LEVEL)})
