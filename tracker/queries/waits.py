"""Which tasks wait for which units."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import Extension, Task, Unit, Wait, db
from tracker.rules.waits import WAITS_IN


@dataclass(frozen=True)
class Pending:
    """What is open on a task between its units and the office: a request for a later deadline, and what it awaits."""

    extension: Extension | None = None
    waits: tuple[Wait, ...] = ()


def open_on(task: Task) -> Pending:
    """The pending request and the open waits of a task in one question."""
    pending = sa.and_(Extension.task_id == Task.id, Extension.decided_at.is_(None))
    query = (
        sa.select(Extension, Wait)
        .select_from(Task)
        .outerjoin(Extension, pending)
        .outerjoin(Wait, sa.and_(Wait.task_id == Task.id, is_open_wait()))
        .where(Task.id == task.id)
        .options(
            *(joinedload(each) for each in (Extension.unit, Extension.account)),
            *(joinedload(each) for each in (Wait.unit, Wait.by_unit)),
        )
    )
    rows = db.session.execute(query.order_by(Wait.since, Wait.id)).all()
    return Pending(rows[0][0], tuple(wait for _, wait in rows if wait))


def is_open_wait() -> sa.ColumnElement[bool]:
    """Waits that nobody has ended, of tasks that are still worked on; in a query that holds both."""
    return sa.and_(Wait.ended_at.is_(None), Task.state.in_(WAITS_IN))


def first_awaited() -> sa.ScalarSelect[str]:
    """The name of the unit for which a task has waited longest, of those it still waits for; in a query of tasks."""
    query = sa.select(Unit.name).join(Wait, Wait.unit_id == Unit.id).where(Wait.task_id == Task.id, is_open_wait())
    return query.correlate(Task).order_by(Wait.id).limit(1).scalar_subquery()


def waits_open(task: Task, unit_id: int | None = None) -> list[Wait]:
    """The waits of a task that nobody has ended, of all units or of one."""
    query = sa.select(Wait).where(Wait.task_id == task.id, Wait.ended_at.is_(None))
    if unit_id is not None:
        query = query.where(Wait.unit_id == unit_id)
    return list(db.session.scalars(query.options(joinedload(Wait.unit)).order_by(Wait.id)))


def is_waiting(for_unit: int | None = None, other_than: int | None = None) -> sa.ColumnElement[bool]:
    """Tasks that wait: for a unit, for any unit but one, or for any at all."""
    waits = sa.select(Wait.task_id).where(Wait.ended_at.is_(None))
    if for_unit is not None:
        waits = waits.where(Wait.unit_id == for_unit)
    if other_than is not None:
        waits = waits.where(Wait.unit_id != other_than)
    return sa.and_(Task.state.in_(WAITS_IN), Task.id.in_(waits))


def units_awaited(task_ids: Collection[int]) -> dict[int, list[int]]:
    """The units for which some tasks wait, by task."""
    query = sa.select(Wait.task_id, Wait.unit_id).join(Task, Task.id == Wait.task_id)
    found: dict[int, list[int]] = {}
    for task_id, unit_id in db.session.execute(query.where(is_open_wait(), Wait.task_id.in_(task_ids))):
        found.setdefault(task_id, []).append(unit_id)
    return found
