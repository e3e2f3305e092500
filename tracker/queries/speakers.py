"""In the name of which of their own units a person may speak of a task."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from tracker.models import Assignment, Task, Unit, UnitMember, db


def own_speakers(task: Task, units: Sequence[Unit]) -> list[Unit]:
    """Those of a person's units that have a part in a task, themselves (a collective too) or as a member of one."""
    with_a_part = {unit.id for each in task.assignments for unit in (each.unit, *each.unit.members)}
    return [unit for unit in units if unit.id in with_a_part]


def own_speakers_by_task(task_ids: Sequence[int], units: Sequence[Unit]) -> dict[int, list[Unit]]:
    """The same for many tasks in one question, and in none where a person has one unit and no choice."""
    if len(units) < 2:
        return {}
    own = [unit.id for unit in units]
    membership = sa.and_(UnitMember.collective_id == Assignment.unit_id, UnitMember.member_id.in_(own))
    query = (
        sa.select(Assignment.task_id, Assignment.unit_id, UnitMember.member_id)
        .outerjoin(UnitMember, membership)
        .where(
            Assignment.task_id.in_(task_ids),
            sa.or_(Assignment.unit_id.in_(own), UnitMember.member_id.is_not(None)),
        )
    )
    found: dict[int, set[int | None]] = {}
    for task_id, unit_id, member_id in db.session.execute(query):
        found.setdefault(task_id, set()).update((unit_id, member_id))
    return {task_id: [unit for unit in units if unit.id in ids] for task_id, ids in found.items()}
