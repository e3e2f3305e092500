"""Reports that may be taken back, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from tracker.models import Event, Plan, PlanState, Report, Situation, Task, db
from tracker.rules.permissions import Person
from tracker.rules.reports import UNDO_STATES, UNDO_TIME, is_in_undo_time

# The acts that move the state of a task by another way than a report: what was said before them stands.
MOVES = ("verify", "close_in_part", "return", "reopen", "suspend", "resume", "withdraw", "restore")


def undoable(person: Person, now: datetime) -> Report | None:
    """The newest own report, with its task, that may still be taken back."""
    query = (
        sa.select(Report)
        .join(Report.task)
        .join(Plan, Plan.id == Task.plan_id)
        .where(
            Report.account_id == person.id,
            Report.withdrawn_at.is_(None),
            Report.at.between(now - UNDO_TIME, now),
            Task.state.in_(UNDO_STATES),
            sa.or_(Task.returned_at.is_(None), Task.returned_at < Report.at),
            Plan.state != PlanState.CLOSED,
        )
        .options(contains_eager(Report.task))
    )
    return db.session.scalars(query.order_by(Report.id.desc()).limit(1)).first()


def undoable_of(reports: Sequence[Report], person: Person, now: datetime) -> Report | None:
    """The same among the reports of one task, newest first, which are at hand already."""
    own = (each for each in reports if each.account_id == person.id and is_undoable(each, now))
    return next(own, None)


def is_undoable(report: Report, now: datetime) -> bool:
    """Whether its author may still take a report back, as far as its own task's row tells."""
    task = report.task
    return (
        report.withdrawn_at is None
        and is_in_undo_time(report.at, now)
        and task.state in UNDO_STATES
        and task.plan.state is not PlanState.CLOSED
        and (task.returned_at is None or task.returned_at < report.at)
    )


def has_said_done(reports: Sequence[Report], person: Person) -> bool:
    """Whether a person has said done in the task of these reports since its last return: somebody else closes it."""
    return any(
        each.account_id == person.id
        and each.situation is Situation.DONE
        and each.withdrawn_at is None
        and (each.task.returned_at is None or each.at > each.task.returned_at)
        for each in reports
    )


def was_moved_since(task: Task, at: datetime) -> bool:
    """Whether an act other than a report has moved the task since an instant."""
    query = sa.select(Event.id).where(
        Event.object_type == "task", Event.object_id == task.key, Event.act.in_(MOVES), Event.allowed, Event.at >= at
    )
    return db.session.scalar(query.limit(1)) is not None


def all_reports(task: Task) -> Sequence[Report]:
    """Every report of a task, newest first, withdrawn ones too."""
    return db.session.scalars(sa.select(Report).where(Report.task_id == task.id).order_by(Report.id.desc())).all()


def report_of(task: Task, report_id: int) -> Report | None:
    """A report of this task, None where the id is another task's or nobody's."""
    return db.session.scalar(sa.select(Report).where(Report.task_id == task.id, Report.id == report_id))
