"""Reporting periods: which stand open already, and what was reported in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.models import Plan, PlanState, Report, ReportingPeriod, Task, db
from tracker.rules.lifecycle import State
from tracker.rules.rhythms import Beat, Period

MOST_SHOWN = 8
ASKED_STATES = (State.NOT_STARTED, State.IN_PROGRESS)


class Due(NamedTuple):
    """A task that is reported by period, with its rhythm and the first days of the periods that stand open."""

    task_id: int
    beat: Beat
    opened: Collection[date]


def tasks_with_rhythm() -> list[Due]:
    """Open tasks of active plans that have a rhythm."""
    columns = (Task.id, Task.rhythm, Task.rhythm_parts, Task.rhythm_from, Task.due_on)
    opened: dict[int, set[date]] = {}
    known = sa.select(ReportingPeriod.task_id, ReportingPeriod.starts_on).join(ReportingPeriod.task).join(Task.plan)
    # Periods that ended before the rhythm began belong to an earlier one.
    for task_id, starts_on in db.session.execute(known.where(*_asked(), ReportingPeriod.ends_on >= Task.rhythm_from)):
        opened.setdefault(task_id, set()).add(starts_on)
    rows = db.session.execute(sa.select(*columns).join(Task.plan).where(*_asked()).order_by(Task.id))
    return [
        Due(task_id, Beat(rhythm, parts, begins_on, due_on), opened.get(task_id, ()))
        for task_id, rhythm, parts, begins_on, due_on in rows
        if rhythm and begins_on
    ]


def first_reports(periods: dict[int, Period]) -> dict[int, int]:
    """The first living report of each task in one period of it, by the task's id."""
    if not periods:
        return {}
    since = min(period.starts_on for period in periods.values())
    query = sa.select(Report.task_id, Report.id, Report.at).where(
        Report.task_id.in_(periods), Report.withdrawn_at.is_(None), Report.at >= clock.at_office(since, 0)
    )
    found: dict[int, int] = {}
    for task_id, report_id, at in db.session.execute(query.order_by(Report.id)):
        starts_on, ends_on = periods[task_id]
        if starts_on <= clock.office_day(at) <= ends_on:
            found.setdefault(task_id, report_id)
    return found


def first_report_in(period: ReportingPeriod) -> int | None:
    """The first living report in a period that stands open."""
    query = sa.select(Report.id).where(
        Report.task_id == period.task_id,
        Report.withdrawn_at.is_(None),
        Report.at >= clock.at_office(period.starts_on, 0),
        Report.at < clock.at_office(period.ends_on + timedelta(days=1), 0),
    )
    return db.session.scalar(query.order_by(Report.id).limit(1))


def last_periods(task: Task, most: int = MOST_SHOWN) -> Sequence[ReportingPeriod]:
    """The latest periods of a task with what was reported in them, newest first; nothing is asked without a rhythm."""
    if task.rhythm is None:
        return ()
    query = sa.select(ReportingPeriod).where(ReportingPeriod.task_id == task.id)
    return db.session.scalars(
        query.options(joinedload(ReportingPeriod.report).joinedload(Report.unit))
        .order_by(ReportingPeriod.starts_on.desc())
        .limit(most)
    ).all()


def _asked() -> list[sa.ColumnElement[bool]]:
    return [
        Plan.state == PlanState.ACTIVE,
        Task.rhythm.is_not(None),
        Task.rhythm_from.is_not(None),
        Task.state.in_(ASKED_STATES),
    ]
