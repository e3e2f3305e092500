"""经办人: who in a unit handles its part of a task. A person who moves takes no task along."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from tracker.actions.moves import RuleRefused, claim, facts_of, note
from tracker.actions.record import Actor
from tracker.models import Account, Assignment, Task, db
from tracker.queries.handlers import can_handle


def name_handler(
    actor: Actor, task: Task, version: int, part: Assignment, account: Account | None, now: datetime
) -> None:
    """Name who handles a unit's part of a task, or nobody. Raises StaleTask, RuleRefused('not_of_unit')."""
    before = facts_of(task)
    claim(task, version)
    if account and not can_handle(account.id, part.unit_id):
        raise RuleRefused("not_of_unit")
    part.handler_id = account.id if account else None
    note(actor, "name_handler", task, now, before, unit=part.unit.name, handler=account.name if account else None)


def release_tasks(account_id: int, but: Collection[int] = ()) -> int:
    """Take the tasks from a person whom they no longer fit, but those of some units; how many parts that were."""
    theirs = [Assignment.handler_id == account_id, Assignment.unit_id.not_in(but)]
    tasks = sa.select(Assignment.task_id).where(*theirs)
    touched = sa.update(Task).where(Task.id.in_(tasks)).values(version=Task.version + 1)
    db.session.execute(touched.execution_options(synchronize_session="fetch"))
    released = db.session.execute(
        sa.update(Assignment).where(*theirs).values(handler_id=None).execution_options(synchronize_session="fetch")
    )
    return int(released.rowcount)  # type: ignore[attr-defined]
