"""Which units have said that their part of a task is done."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from tracker import clock
from tracker.models import AssignmentRole, Report, Situation, Task, Unit, db
from tracker.rules.parts import Parts


def parts_of(task: Task) -> Parts:
    """The parts of a task: each unit's latest word since the last return counts."""
    units: dict[AssignmentRole, list[Unit]] = {role: [] for role in AssignmentRole}
    for assignment in task.assignments:
        units[assignment.role].append(assignment.unit)
    return Parts(
        leads=frozenset(_speakers(units[AssignmentRole.LEAD])),
        responsible=frozenset(_speakers(units[AssignmentRole.RESPONSIBLE])),
        done=frozenset(_done(task)),
    )


def _speakers(units: Iterable[Unit]) -> Iterable[int]:
    """A collective unit speaks through its members where they are known."""
    for unit in units:
        yield from (member.id for member in unit.members) if unit.members else (unit.id,)


def _done(task: Task) -> Iterable[int]:
    """Units whose latest report since the last return says done."""
    query = sa.select(Report.unit_id, Report.situation).where(Report.task_id == task.id, Report.unit_id.is_not(None))
    if task.returned_on:
        query = query.where(Report.at >= clock.at_office(task.returned_on, 0))
    latest = {unit_id: situation for unit_id, situation in db.session.execute(query.order_by(Report.id))}
    return (unit_id for unit_id, situation in latest.items() if situation is Situation.DONE and unit_id is not None)
