"""What a person may see, as SQL: the same facts as ``rules/permissions.py``."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from tracker.models import Assignment, Plan, PlanState, Task
from tracker.rules.permissions import Can, Person, Role, Scope, may

COUNTY_DIGITS = 6  # nothing lies below a county
AFTER_DIGITS = ":"  # the character after 9: the end of the range of codes with a prefix


def within_region(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], region: str
) -> sa.ColumnElement[bool]:
    """Codes at or below a region, as a range that an index serves; the empty code is the whole country."""
    if not region:
        return sa.true()
    if len(region) >= COUNTY_DIGITS:
        return column == region
    return sa.and_(column >= region, column < region + AFTER_DIGITS)


def within_regions(column: InstrumentedAttribute[str], regions: Collection[str]) -> sa.ColumnElement[bool]:
    """Codes at or below any of some regions; the many counties of a country are one list, not one condition each."""
    counties = [region for region in regions if len(region) >= COUNTY_DIGITS]
    wider = [within_region(column, region) for region in regions if len(region) < COUNTY_DIGITS]
    return sa.or_(column.in_(counties), *wider)


def visible_to(person: Person) -> sa.ColumnElement[bool]:
    """The tasks that a person may see in lists."""
    if not may(person, Can.SEE_TASK):
        return sa.false()
    condition = within_region(Task.region_code, person.region)
    if person.role is Role.UNIT_STAFF:
        parts = sa.select(Assignment.task_id).where(Assignment.unit_id.in_(person.units))
        drafts = sa.select(Plan.id).where(Plan.state == PlanState.DRAFT)
        condition = sa.and_(condition, Task.id.in_(parts), Task.plan_id.not_in(drafts))
    return condition


def in_open_plan() -> sa.ColumnElement[bool]:
    """The tasks of plans that are not closed: a closed one is read only, so that its tasks wait for nobody."""
    return Task.plan_id.in_(sa.select(Plan.id).where(Plan.state != PlanState.CLOSED))


def in_active_plan() -> sa.ColumnElement[bool]:
    """The tasks of plans that run: a draft asks nothing of a unit yet."""
    return Task.plan_id.in_(sa.select(Plan.id).where(Plan.state == PlanState.ACTIVE))


def scope_of(task: Task) -> Scope:
    """Where a task belongs; who may submit the whole is decided by its parts (``rules/parts.py``)."""
    units = frozenset(each.unit_id for each in task.assignments)
    return Scope(task.region_code, units, is_draft=task.plan.state is PlanState.DRAFT)
