"""Who may be named 经办人 of a unit's part in a task, and who is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from tracker.models import Account, AccountUnit, Assignment, Task, db
from tracker.rules.permissions import Role


@dataclass(frozen=True)
class Handler:
    """A person of a unit of the task."""

    unit_id: int
    account_id: int
    name: str


def may_be_handlers(task: Task) -> list[Handler]:
    """The people of the task's units who can sign in for them, by unit."""
    units = [each.unit_id for each in task.assignments]
    query = (
        sa.select(AccountUnit.unit_id, Account.id, Account.name)
        .join(Account, Account.id == AccountUnit.account_id)
        .where(AccountUnit.unit_id.in_(units), *_works())
        .order_by(AccountUnit.unit_id, Account.id)
    )
    return [Handler(*row) for row in db.session.execute(query)]


def can_handle(account_id: int, unit_id: int) -> bool:
    """Whether a person works for a unit and can sign in for it."""
    query = sa.select(AccountUnit.account_id).join(Account, Account.id == AccountUnit.account_id)
    query = query.where(AccountUnit.account_id == account_id, AccountUnit.unit_id == unit_id, *_works())
    return db.session.scalar(query) is not None


def handler_names(task: Task) -> dict[int, str]:
    """The names of those who handle a task, by the part."""
    named: Collection[int] = [each.handler_id for each in task.assignments if each.handler_id]
    if not named:
        return {}
    names = dict(db.session.execute(sa.select(Account.id, Account.name).where(Account.id.in_(named))).all())
    return {each.id: names[each.handler_id] for each in task.assignments if each.handler_id in names}


def part_of(task: Task, part_id: int) -> Assignment | None:
    """A part of a task by its id."""
    return next((each for each in task.assignments if each.id == part_id), None)


def _works() -> list[sa.ColumnElement[bool]]:
    return [Account.role == Role.UNIT_STAFF, Account.disabled_at.is_(None)]
