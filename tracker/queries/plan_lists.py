"""Plans and their tasks as the office edits them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.models import Assignment, Contribution, Plan, PlanState, Report, Task, db
from tracker.queries.visibility import within_region

ORDER = (PlanState.DRAFT, PlanState.ACTIVE, PlanState.CLOSED)


@dataclass(frozen=True)
class PlanLine:
    """A plan with the number of its tasks and of those that still need something."""

    plan: Plan
    tasks: int
    without_unit: int
    to_redate: int
    without_indicator: int


@dataclass(frozen=True)
class Extent:
    """How much a plan sets in motion: tasks, units, tasks whose deadline waits for the office, reports so far."""

    tasks: int
    units: int
    to_redate: int
    reports: int


def plan_lines(region: str) -> list[PlanLine]:
    """The plans at or below a region, drafts first, with their counts in one question. Withdrawn tasks need nothing."""
    needs = Task.withdrawn_on.is_(None)
    unnamed = ~sa.exists().where(Assignment.task_id == Task.id)
    loose = sa.and_(~sa.exists().where(Contribution.task_id == Task.id), Task.no_indicator_reason.is_(None))
    counts = (
        sa.select(
            Task.plan_id,
            sa.func.count().label("tasks"),
            *(
                sa.func.sum(sa.case((sa.and_(needs, condition), 1), else_=0)).label(name)
                for name, condition in (("unnamed", unnamed), ("redate", Task.needs_redate), ("loose", loose))
            ),
        )
        .group_by(Task.plan_id)
        .subquery()
    )
    query = (
        sa.select(Plan, counts.c.tasks, counts.c.unnamed, counts.c.redate, counts.c.loose)
        .outerjoin(counts, counts.c.plan_id == Plan.id)
        .where(within_region(Plan.region_code, region))
        .options(joinedload(Plan.region))
        .order_by(Plan.region_code, Plan.code)
    )
    lines = [PlanLine(plan, *(int(count or 0) for count in found)) for plan, *found in db.session.execute(query)]
    return sorted(lines, key=lambda line: ORDER.index(line.plan.state))


def extent_of(plan: Plan) -> Extent:
    """What activating or removing a plan concerns, in one question."""
    of_plan = Task.plan_id == plan.id
    units = sa.select(sa.func.count(sa.distinct(Assignment.unit_id))).join(Task).where(of_plan).scalar_subquery()
    reports = sa.select(sa.func.count()).select_from(Report).join(Task).where(of_plan).scalar_subquery()
    redate = sa.func.sum(sa.case((Task.needs_redate, 1), else_=0))
    counted = sa.select(sa.func.count(), redate, units, reports).select_from(Task).where(of_plan)
    tasks, to_redate, in_part, said = (int(count or 0) for count in db.session.execute(counted).one())
    return Extent(tasks, in_part, to_redate, said)


def tasks_of(plan: Plan) -> list[Task]:
    """The tasks of a plan in the order of the document, with their units."""
    query = sa.select(Task).where(Task.plan_id == plan.id).order_by(Task.position)
    return list(db.session.scalars(query.options(selectinload(Task.assignments).joinedload(Assignment.unit))))


def codes_like(start: str) -> set[str]:
    """The codes of plans that begin alike."""
    return set(db.session.scalars(sa.select(Plan.code).where(Plan.code.startswith(start, autoescape=True))))
