"""What waits for a person: the blocks of my work, the office's desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker import clock
from tracker.models import Assignment, AssignmentRole, Report, Situation, Task, UnitMember, db
from tracker.queries.ledger import worst_first
from tracker.queries.lights import is_light
from tracker.queries.rows import TaskRow, task_rows
from tracker.queries.visibility import visible_to
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.permissions import Person

SOON = timedelta(days=7)
MOST_TASKS = 300


@dataclass
class Work:
    """The tasks of a person's units, each in exactly one block, worst first."""

    returned: list[TaskRow] = field(default_factory=list)
    overdue: list[TaskRow] = field(default_factory=list)
    week: list[TaskRow] = field(default_factory=list)
    to_update: list[TaskRow] = field(default_factory=list)
    submitted: list[TaskRow] = field(default_factory=list)
    others: list[TaskRow] = field(default_factory=list)


@dataclass(frozen=True)
class OwnWord:
    """What the person's own units said last of a task."""

    at: datetime
    situation: Situation


def work_of(person: Person, today: date) -> Work:
    """Returned, overdue, due within seven days, not yet reported this week, waiting at the office, and the rest."""
    query = sa.select(Task.id).where(visible_to(person), Task.state != State.SUSPENDED)
    wanted = db.session.scalars(query.order_by(*worst_first(today)).limit(MOST_TASKS)).all()
    words = own_words(person, wanted)
    work = Work()
    for task in task_rows(wanted):
        _block(work, task, today, words.get(task.id)).append(task)
    return work


def own_words(person: Person, task_ids: Sequence[int]) -> dict[int, OwnWord]:
    """What the person's own units said last of each task: what another unit said does not do their part."""
    newest = (
        sa.select(sa.func.max(Report.id))
        .where(Report.task_id.in_(task_ids), Report.unit_id.in_(person.units), Report.withdrawn_at.is_(None))
        .group_by(Report.task_id)
    )
    query = sa.select(Report.task_id, Report.at, Report.situation).where(Report.id.in_(newest))
    return {task_id: OwnWord(at, situation) for task_id, at, situation in db.session.execute(query)}


def _block(work: Work, task: TaskRow, today: date, own: OwnWord | None) -> list[TaskRow]:
    if task.state is State.SUBMITTED:
        return work.submitted
    if task.state is State.CLOSED or task.needs_redate:
        return work.others
    if task.returned_at and (own is None or own.at <= task.returned_at):
        return work.returned
    if own and own.situation is Situation.DONE:
        return work.others  # the own part is done; others are still to say so
    if task.light(today) is Light.OVERDUE:
        return work.overdue
    if (task.due_on or task.period_ends_on or date.max) <= today + SOON:
        return work.week
    monday = clock.at_office(today - timedelta(days=today.weekday()), 0)
    if (own is None or own.at < monday) and task.light(today) in {Light.SOON, Light.NORMAL}:
        return work.to_update
    return work.others


def waiting(person: Person) -> list[TaskRow]:
    """What waits for verification by the office, oldest first."""
    query = sa.select(Task.id).where(visible_to(person), Task.state == State.SUBMITTED)
    return task_rows(db.session.scalars(query.order_by(Task.submitted_on, Task.id).limit(MOST_TASKS)).all())


def latest_submissions(task_ids: list[int]) -> dict[int, Report]:
    """The report that said done, by task."""
    newest = (
        sa.select(sa.func.max(Report.id))
        .where(Report.task_id.in_(task_ids), Report.situation == Situation.DONE, Report.withdrawn_at.is_(None))
        .group_by(Report.task_id)
    )
    query = (
        sa.select(Report)
        .where(Report.id.in_(newest))
        .options(joinedload(Report.unit), joinedload(Report.account), selectinload(Report.evidence))
    )
    return {report.task_id: report for report in db.session.scalars(query)}


def partly_done(person: Person) -> list[TaskRow]:
    """Open tasks without a lead of which some unit has said done since the last return: the office may close them."""
    since_return = sa.or_(Task.returned_at.is_(None), Report.at > Task.returned_at)
    said_done = sa.exists().where(
        Report.task_id == Task.id,
        Report.situation == Situation.DONE,
        Report.withdrawn_at.is_(None),
        since_return,
        Report.unit_id.in_(_speaking(AssignmentRole.RESPONSIBLE)),
    )
    led = sa.exists().where(Assignment.task_id == Task.id, Assignment.role == AssignmentRole.LEAD)
    query = sa.select(Task.id).where(visible_to(person), Task.state == State.IN_PROGRESS, ~led, said_done)
    return task_rows(db.session.scalars(query.order_by(Task.due_on, Task.id).limit(MOST_TASKS)).all())


def _speaking(role: AssignmentRole) -> sa.Select[int]:
    """The units that speak for a role of the task in question: its units, and the members of collective ones."""
    units = sa.select(Assignment.unit_id).where(Assignment.task_id == Task.id, Assignment.role == role).correlate(Task)
    members = sa.select(UnitMember.member_id).where(UnitMember.collective_id.in_(units))
    return sa.union(units, members)  # type: ignore[return-value]


def to_redate(person: Person, today: date) -> int:
    """How many tasks wait for a confirmed deadline."""
    query = sa.select(sa.func.count()).select_from(Task).where(visible_to(person), is_light(Light.REDATE, today))
    return db.session.scalar(query) or 0
