"""How the jobs stand: whether they are late, and for the page what each did last, does next and missed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker import clock
from tracker.jobs.job import AnyJob, Job, Period, RegionalJob, period_of
from tracker.jobs.schedule import TIMETABLE, due_since, next_run
from tracker.models import LATEST, WRONG_CLOCK
from tracker.queries.jobs import Said, beginnings, runs_said, signs_said
from tracker.queries.ladders import ladders
from tracker.queries.quiet import sending_calendar
from tracker.rules.timetable import (
    LATE_AFTER,
    Missed,
    day_period,
    days_back,
    is_late,
    is_silent,
    missed,
    sum_of,
    week_period,
)
from tracker.rules.workdays import Calendar

TOGETHER = [job.name for job in TIMETABLE if not isinstance(job, RegionalJob)]
REGIONAL = [job.name for job in TIMETABLE if isinstance(job, RegionalJob)]
NAMES = [*TOGETHER, *REGIONAL]
NAMES_IN_ORDER = [job.name for job in TIMETABLE]
EACH_MINUTE = [job.name for job in TIMETABLE if isinstance(job, RegionalJob) or job.period is Period.EACH_TIME]


@dataclass(frozen=True)
class Health:
    """Whether the jobs do their work: which of them are late, when one last did, and whether the clock is wrong."""

    late: tuple[str, ...] = ()
    last_at: datetime | None = None
    has_wrong_clock: bool = False

    @property
    def is_well(self) -> bool:
        """Whether nothing is late and the clock can be right."""
        return not self.late and not self.has_wrong_clock


@dataclass(frozen=True)
class Standing:
    """A job as its page shows it. ``failed_regions`` counts those that failed in the last period."""

    job: AnyJob
    ran_at: datetime | None
    result: str
    error: str | None
    failed_regions: int
    next_at: datetime | None
    missed: Sequence[Missed]


@dataclass(frozen=True)
class Standings:
    """Every job as it stands, and whether they do their work together."""

    jobs: Sequence[Standing]
    health: Health


def health(now: datetime) -> Health:
    """Whether the jobs do their work, in one question."""
    return health_and(None, now)[0]


def health_and(count: sa.ScalarSelect[int] | None, now: datetime) -> tuple[Health, int]:
    """The same, and a count that the page wants besides, in one question."""
    since, said, counted = signs_said(TOGETHER, REGIONAL, {period_of(job, now) for job in TIMETABLE}, count)
    return _health(said, since, now), counted


def standings(now: datetime, region: str, calendar: Calendar) -> Standings:
    """Every job as it stands at and below a region, in the same number of questions however many regions there are.

    ``calendar`` is the region's own; its quiet days are asked here.
    """
    days, ladder = days_back(clock.office_day(now)), ladders().of(region)
    sending = sending_calendar(region, calendar, clock.office_day(now))
    begun = beginnings(NAMES)
    periods = {*map(day_period, days), *map(week_period, days), *begun.last.values()}
    said = runs_said(TOGETHER, REGIONAL, periods, region)
    jobs = []
    for job in TIMETABLE:
        theirs = [each for each in said if each.job == job.name]
        finished = {each.period for each in theirs if each.finished_at}
        wanted = expected(job, begun.first.get(job.name), days, calendar, finished)
        next_at = next_run(job, now, ladder, sending)
        # What was switched off was not missed.
        jobs.append(_standing(job, theirs, missed(wanted, finished) if next_at else [], next_at))
    return Standings(jobs, _health(said, begun.at_work_since, now))


def expected(
    job: AnyJob, first: str | None, days: Sequence[date], calendar: Calendar, finished: Collection[str]
) -> list[str]:
    """The periods since its first for which a job should have run by now, oldest first; the present one once it did.

    What goes region by region is for people: a day on which they do not work is not missed.
    """
    if first is None or job.period is Period.EACH_TIME:
        return []
    if job.period is Period.WEEK:
        periods = list(dict.fromkeys(map(week_period, days)))
    else:
        periods = [day_period(day) for day in days if isinstance(job, Job) or calendar.is_workday(day)]
    present = week_period(days[-1]) if job.period is Period.WEEK else day_period(days[-1])
    return [each for each in periods if each >= first and (each != present or each in finished)]


def _health(said: Sequence[Said], since: datetime | None, now: datetime) -> Health:
    """Whether the jobs do their work; nothing is expected before a plan runs, nor in the first hours."""
    wrong = any(each.period == WRONG_CLOCK for each in said)
    if since is None or now - since < LATE_AFTER:
        return Health(has_wrong_clock=wrong)
    runs = {(each.job, each.period): each for each in said if each.job in TOGETHER or each.period == LATEST}
    late = tuple(job.name for job in TIMETABLE if _is_late(job, runs, now))
    if all(_is_silent(name, runs, now) for name in EACH_MINUTE):
        # Nothing wakes at all: that matters, not whose period is over.
        late = tuple(NAMES_IN_ORDER)
    signs = [each.started_at for each in runs.values() if each.period == LATEST or each.finished_at]
    return Health(late, max(signs, default=None), wrong)


def _is_late(job: AnyJob, runs: dict[tuple[str, str], Said], now: datetime) -> bool:
    """Whether a job is late, by its sign of life where it wakes every minute, else by its present period."""
    if isinstance(job, Job) and job.period is not Period.EACH_TIME:
        run = runs.get((job.name, period_of(job, now)))
        return is_late(due_since(job, now), bool(run and run.finished_at), now)
    latest = runs.get((job.name, LATEST))
    if latest is None or _is_silent(job.name, runs, now):
        return True
    # A server that takes no mail is no fault of the job; a region that cannot be served is.
    is_failing = isinstance(job, RegionalJob) and latest.error is not None
    return is_failing and (latest.finished_at is None or is_late(latest.finished_at, False, now))


def _is_silent(name: str, runs: dict[tuple[str, str], Said], now: datetime) -> bool:
    """Whether a job that wakes every minute has given no sign of life for too long."""
    latest = runs.get((name, LATEST))
    return is_silent(latest.started_at if latest else None, now)


def _standing(job: AnyJob, said: Sequence[Said], missing: Sequence[Missed], next_at: datetime | None) -> Standing:
    """What the runs of the latest period of a job say together; while the clock is wrong, that it is."""
    refused = [each for each in said if each.period == WRONG_CLOCK]
    is_sign = {LATEST, WRONG_CLOCK} if job.period is not Period.EACH_TIME else {WRONG_CLOCK}
    last = max((each.period for each in said if each.period not in is_sign), default=None)
    told = refused or [each for each in said if each.period == last]
    failed = [each for each in told if each.error and each.finished_at is None]
    return Standing(
        job=job,
        ran_at=max((each.started_at for each in told), default=None),
        result=sum_of(each.result for each in told for _ in range(each.count) if each.result),
        error=failed[0].error if failed else None,
        failed_regions=0 if refused or isinstance(job, Job) else sum(each.count for each in failed),
        next_at=next_at,
        missed=missing,
    )
