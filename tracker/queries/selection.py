"""Tasks that a person chose in the ledger: ticked one by one, or the whole list of its filters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import Task, db
from tracker.queries.ledger import Filters, listed, worst_first
from tracker.queries.visibility import visible_to
from tracker.rules.permissions import Person


def ids_listed(person: Person, filters: Filters, today: date, most: int | None = None) -> Sequence[int]:
    """The tasks of the whole list, in its order."""
    query = sa.select(Task.id).where(*listed(person, filters, today)).order_by(*worst_first(today))
    return db.session.scalars(query.limit(most)).all()


def ids_of(person: Person, keys: Sequence[str], today: date) -> Sequence[int] | None:
    """The tasks with these keys, in the order of the list; None where the person may not see every one of them."""
    query = sa.select(Task.id).where(visible_to(person), Task.key.in_(keys)).order_by(*worst_first(today))
    found = db.session.scalars(query).all()
    return found if len(found) == len(set(keys)) else None


def chosen_tasks(person: Person, keys: Sequence[str]) -> dict[str, Task] | None:
    """The tasks with these keys, to act on; None where the person may not see every one of them."""
    query = sa.select(Task).where(visible_to(person), Task.key.in_(keys)).options(joinedload(Task.plan))
    found = {task.key: task for task in db.session.scalars(query)}
    return found if len(found) == len(set(keys)) else None
