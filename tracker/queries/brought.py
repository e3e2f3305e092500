"""The tasks that bring something to schools, as far as a person may see them."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import Plan, Task, db
from tracker.queries.visibility import visible_to
from tracker.rules.permissions import Person


def tasks_by_key(person: Person, keys: Collection[str]) -> dict[str, Task]:
    """Those of some tasks that a person may see, by key, with their plans; one question."""
    query = (
        sa.select(Task)
        .where(Task.key.in_(keys), visible_to(person))
        .options(joinedload(Task.duty_of), joinedload(Task.plan).load_only(Plan.code, Plan.state))
    )
    return {each.key: each for each in db.session.scalars(query)}
