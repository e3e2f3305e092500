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
    """The same for many tasks in two questions, and in none where a person has one unit and no choice."""
    if len(units) < 2:
        return {}
    own = {unit.id: unit for unit in units}
    memberships = sa.select(UnitMember.collective_id, UnitMember.member_id).where(UnitMember.member_id.in_(own))
    spoken_for: dict[int, set[int]] = {unit_id: {unit_id} for unit_id in own}
    for collective_id, member_id in db.session.execute(memberships):
        spoken_for.setdefault(collective_id, set()).add(member_id)
    query = sa.select(Assignment.task_id, Assignment.unit_id).where(
        Assignment.task_id.in_(task_ids), Assignment.unit_id.in_(spoken_for)
    )
    found: dict[int, set[int]] = {}
    for task_id, unit_id in db.session.execute(query):
        found.setdefault(task_id, set()).update(spoken_for[unit_id])
    return {task_id: [unit for unit in units if unit.id in ids] for task_id, ids in found.items()}
