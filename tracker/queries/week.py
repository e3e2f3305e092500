"""The open tasks of a person's units, for one table that says the week of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.models import Assignment, Task, Unit, db
from tracker.queries.ledger import worst_first
from tracker.queries.paging import Page, page_of
from tracker.queries.rows import TaskRow, task_rows
from tracker.queries.visibility import in_active_plan, visible_to
from tracker.queries.work import OPEN
from tracker.rules.permissions import Person

WEEK_SIZE = 60


def open_tasks(person: Person, today: date, number: int) -> Page[TaskRow]:
    """A page of the open tasks of a person's units in plans that run, worst first."""
    query = sa.select(Task.id).where(visible_to(person), Task.state.in_(OPEN), in_active_plan())
    page = page_of(query.order_by(*worst_first(today)), number, WEEK_SIZE)
    return Page(task_rows(page.rows), page.total, page.number, page.size)


def tasks_to_report(person: Person, keys: Sequence[str]) -> list[Task]:
    """Those of some tasks that a person may see, with what a report asks of them."""
    query = sa.select(Task).where(Task.key.in_(keys), visible_to(person))
    units = selectinload(Task.assignments).joinedload(Assignment.unit).selectinload(Unit.members)
    return list(db.session.scalars(query.options(joinedload(Task.plan), units)))
