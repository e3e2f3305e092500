"""What a person may see, as SQL: the same facts as ``rules/permissions.py``."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from tracker.models import Assignment, AssignmentRole, Task, Unit, UnitMember, db
from tracker.rules.permissions import Can, Person, Role, Scope, may

AFTER_DIGITS = ":"  # the character after 9: the end of the range of codes with a prefix


def within_region(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], region: str
) -> sa.ColumnElement[bool]:
    """Codes at or below a region, as a range that an index serves; the empty code is the whole country."""
    if not region:
        return sa.true()
    if len(region) >= 6:
        return column == region
    return sa.and_(column >= region, column < region + AFTER_DIGITS)


def visible_to(person: Person) -> sa.ColumnElement[bool]:
    """The tasks that a person may see in lists."""
    if not may(person, Can.SEE_TASK):
        return sa.false()
    condition = within_region(Task.region_code, person.region)
    if person.role is Role.UNIT_STAFF:
        parts = sa.select(Assignment.task_id).where(Assignment.unit_id.in_(person.units))
        condition = sa.and_(condition, Task.id.in_(parts))
    return condition


def scope_of(task: Task) -> Scope:
    """Where a task belongs; where leads are named only they submit the whole, else every responsible unit may."""
    by_role: dict[AssignmentRole, set[int]] = {role: set() for role in AssignmentRole}
    for assignment in task.assignments:
        by_role[assignment.role].add(assignment.unit_id)
    submitters = by_role[AssignmentRole.LEAD] or by_role[AssignmentRole.RESPONSIBLE]
    return Scope(task.region_code, frozenset().union(*by_role.values()), frozenset(submitters))


def units_acted_for(unit_ids: list[int]) -> frozenset[int]:
    """The units themselves and the collective units to which they belong."""
    groups = sa.select(UnitMember.collective_id).where(UnitMember.member_id.in_(unit_ids))
    return frozenset(unit_ids) | frozenset(db.session.scalars(groups))


def units_of_region(region: str) -> list[Unit]:
    """All units at or below a region, by name."""
    return list(
        db.session.scalars(
            sa.select(Unit).where(within_region(Unit.region_code, region)).order_by(Unit.region_code, Unit.name)
        )
    )
