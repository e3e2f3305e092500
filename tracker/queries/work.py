"""What waits for a person: the blocks of my work, the office's desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker import clock
from tracker.models import Report, Situation, Task, db
from tracker.queries.ledger import for_rows, worst_first
from tracker.queries.lights import light_column
from tracker.queries.visibility import visible_to
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.permissions import Person

SOON = timedelta(days=7)
MOST_TASKS = 300


@dataclass
class Work:
    """The tasks of a person's units, each in exactly one block, worst first."""

    returned: list[Task] = field(default_factory=list)
    overdue: list[Task] = field(default_factory=list)
    week: list[Task] = field(default_factory=list)
    to_update: list[Task] = field(default_factory=list)
    submitted: list[Task] = field(default_factory=list)
    others: list[Task] = field(default_factory=list)


def work_of(person: Person, today: date) -> Work:
    """Returned, overdue, due within seven days, not yet reported this week, waiting at the office, and the rest."""
    query = sa.select(Task).where(visible_to(person), Task.state != State.SUSPENDED).options(*for_rows())
    work = Work()
    monday = clock.at_office(today - timedelta(days=today.weekday()), 0)
    for task in db.session.scalars(query.order_by(*worst_first(today)).limit(MOST_TASKS)):
        reported = task.last_reported_at is not None and task.last_reported_at >= monday
        _block(work, task, today, reported).append(task)
    return work


def _block(work: Work, task: Task, today: date, reported: bool) -> list[Task]:
    if task.state is State.SUBMITTED:
        return work.submitted
    if task.state is State.CLOSED or task.needs_redate:
        return work.others
    if task.returned_at and not reported_since_return(task):
        return work.returned
    if task.light(today) is Light.OVERDUE:
        return work.overdue
    if task.due_on and task.due_on <= today + SOON:
        return work.week
    if not reported and task.light(today) in {Light.SOON, Light.NORMAL}:
        return work.to_update
    return work.others


def reported_since_return(task: Task) -> bool:
    """Whether a unit has spoken after the office returned the task."""
    return (
        task.returned_at is not None and task.last_reported_at is not None and task.last_reported_at > task.returned_at
    )


def waiting(person: Person) -> Sequence[Task]:
    """What waits for verification by the office, oldest first."""
    query = sa.select(Task).where(visible_to(person), Task.state == State.SUBMITTED).options(*for_rows())
    return db.session.scalars(query.order_by(Task.submitted_on, Task.id).limit(MOST_TASKS)).all()


def latest_submissions(task_ids: list[int]) -> dict[int, Report]:
    """The report that said done, by task."""
    newest = (
        sa.select(sa.func.max(Report.id))
        .where(Report.task_id.in_(task_ids), Report.situation == Situation.DONE)
        .group_by(Report.task_id)
    )
    query = (
        sa.select(Report)
        .where(Report.id.in_(newest))
        .options(joinedload(Report.unit), joinedload(Report.account), selectinload(Report.evidence))
    )
    return {report.task_id: report for report in db.session.scalars(query)}


def partly_done(person: Person) -> list[Task]:
    """Open tasks without a lead of which some responsible unit has said done since: the office may close them."""
    said = sa.select(Report.task_id).where(Report.situation == Situation.DONE)
    query = (
        sa.select(Task)
        .where(visible_to(person), Task.state == State.IN_PROGRESS, Task.id.in_(said))
        .options(*for_rows())
    )
    return list(db.session.scalars(query.limit(MOST_TASKS)))


def to_redate(person: Person, today: date) -> int:
    """How many tasks wait for a confirmed deadline."""
    query = (
        sa.select(sa.func.count())
        .select_from(Task)
        .where(visible_to(person), light_column(today) == Light.REDATE.value)
    )
    return db.session.scalar(query) or 0
