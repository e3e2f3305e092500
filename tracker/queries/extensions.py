"""Requests for a later deadline: the one that waits on a task, and all that wait for the office."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import Extension, Task, db
from tracker.queries.paging import Page, page_of
from tracker.queries.visibility import in_open_plan, visible_to
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Person

# A deadline can be moved in these states; the request of another task waits until the task is taken up again.
DECIDED_IN = (State.NOT_STARTED, State.IN_PROGRESS, State.SUBMITTED)


def pending_extension(task: Task) -> Extension | None:
    """The request of a task that waits for the office, with who asked."""
    query = sa.select(Extension).where(Extension.task_id == task.id, Extension.decided_at.is_(None))
    return db.session.scalar(query.options(joinedload(Extension.unit), joinedload(Extension.account)))


def extension_sent_as(task: Task, once: str) -> Extension | None:
    """The request that a form with this key has already made."""
    return db.session.scalar(sa.select(Extension).where(Extension.task_id == task.id, Extension.once == once))


def pending_extensions(person: Person, number: int) -> Page[Extension]:
    """A page of the requests that wait for the office, oldest first, with their tasks."""
    query = sa.select(Extension).join(Task, Task.id == Extension.task_id).where(*_waiting(person))
    with_whom = (joinedload(each) for each in (Extension.task, Extension.unit, Extension.account))
    return page_of(query.options(*with_whom).order_by(Extension.at, Extension.id), number)


def extensions_waiting(person: Person) -> int:
    """How many requests wait for the office."""
    query = sa.select(sa.func.count(Extension.id)).join(Task, Task.id == Extension.task_id)
    return db.session.scalar(query.where(*_waiting(person))) or 0


def latest_decisions(task_ids: Collection[int]) -> dict[int, Extension]:
    """The request that was decided last, by task."""
    newest = (
        sa.select(sa.func.max(Extension.id))
        .where(Extension.task_id.in_(task_ids), Extension.decided_at.is_not(None))
        .group_by(Extension.task_id)
    )
    found: Sequence[Extension] = db.session.scalars(sa.select(Extension).where(Extension.id.in_(newest))).all()
    return {each.task_id: each for each in found}


def _waiting(person: Person) -> list[sa.ColumnElement[bool]]:
    """Requests that nobody has decided, of tasks whose deadline may be moved; in a query that holds both."""
    return [Extension.decided_at.is_(None), Task.state.in_(DECIDED_IN), in_open_plan(), visible_to(person)]
