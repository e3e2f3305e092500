"""The check-up of plans: what their words and projects say against themselves and the standard of their region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from tracker.models import (
    MoneyEntry,
    Plan,
    Project,
    ProjectBuilding,
    ProjectNode,
    ProjectSchool,
    School,
    Task,
    db,
)
from tracker.queries.plan_facts import facts_of_plan
from tracker.queries.standards import standard_in, standard_of
from tracker.queries.visibility import visible_to
from tracker.rules.capacity import Limits, capacity_findings, limits_of
from tracker.rules.checkup import Finding, in_order
from tracker.rules.completion import NodeFacts
from tracker.rules.lights import Light
from tracker.rules.money import MoneyKind
from tracker.rules.permissions import Person, Role
from tracker.rules.plan_checks import plan_findings
from tracker.rules.project_facts import PartFacts, ProjectFacts
from tracker.rules.proposals import PlannedBuilding

Conditions = Sequence[sa.ColumnElement[bool]]
OF_TASK = ("id", "key", "title", "category", "region", "plan_title", "site", "land_mu", "floor_area_m2",
           "sports_area_m2", "budget_yuan", "deadline_text", "due_on", "needs_redate", "closed_on")  # fmt: skip


def checkup_of(plan: Plan, person: Person | None = None) -> list[Finding]:
    """What contradicts itself in a plan; staff of units are told of the projects that they may see alone."""
    conditions = [Task.plan_id == plan.id]
    projects = figures_within([*conditions, visible_to(person)] if person else conditions)
    own = plan.framework
    found: list[Finding] = []
    if projects:
        limits = limits_of(standard_of(own, vetoed=False)) if own else limits_in(plan.region_code)
        found = capacity_findings(projects, limits, _buildings([each.id for each in projects]))
    if person is None or person.role is not Role.UNIT_STAFF:
        facts = facts_of_plan(plan, person)
        found += plan_findings(facts) if facts.tasks else []
    return in_order(found)


def doubts_in(projects: Sequence[ProjectFacts]) -> list[Finding]:
    """What projects of one region say against themselves, one question; nothing where they belong to several.

    What buildings by use say stands in the whole check-up alone.
    """
    regions = {each.region for each in projects}
    return capacity_findings(projects, limits_in(regions.pop())) if len(regions) == 1 else []


def doubts_of(project: Project, others: Sequence[ProjectFacts]) -> list[Finding]:
    """What one project says against itself and others of its plan, given all of its county; one question."""
    task = project.task
    own = {task.id: [PlannedBuilding(each.use, each.floor_area_m2) for each in project.buildings]}
    beside = [each for each in others if each.id == task.id or (each.site and each.site == project.site)]
    return [each for each in capacity_findings(beside, limits_in(task.region_code), own) if task.key in each.keys]


def limits_in(region: str) -> Limits:
    """The bounds that planned schools of a region meet; none before the seeds are loaded."""
    standard = standard_in(region)
    return limits_of(standard) if standard else Limits()


def figures_within(conditions: Conditions) -> list[ProjectFacts]:
    """Projects with what is compared: figures, planned money, the last planned day, schools; one question.

    What was withdrawn is left out.
    """
    money = sa.select(sa.func.sum(MoneyEntry.amount_yuan)).where(
        MoneyEntry.task_id == Task.id, MoneyEntry.kind == MoneyKind.PLANNED, MoneyEntry.withdrawn_at.is_(None)
    )
    last = sa.select(sa.func.max(ProjectNode.planned_on)).where(ProjectNode.task_id == Task.id)
    columns = (
        *(Task.id, Task.key, Task.title, Project.category, Task.region_code, Plan.title, Project.site),
        *(Project.land_mu, Project.floor_area_m2, Project.sports_area_m2, Project.budget_yuan),
        *(Task.deadline_text, Task.due_on, Task.needs_redate, Task.closed_on),
        *(Task.light_fixed, money.correlate(Task).scalar_subquery(), last.correlate(Task).scalar_subquery()),
        *(ProjectSchool.school_id, School.name, ProjectSchool.stage, ProjectSchool.seats, ProjectSchool.classes),
    )
    query = (
        sa.select(*columns)
        .select_from(Project)
        .join(Task, Task.id == Project.task_id)
        .join(Plan, Plan.id == Task.plan_id)
        .outerjoin(ProjectSchool, ProjectSchool.task_id == Project.task_id)
        .outerjoin(School, School.id == ProjectSchool.school_id)
        .where(Task.withdrawn_on.is_(None), *conditions)
        .order_by(Task.id, ProjectSchool.position)
    )
    rows: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for row in db.session.execute(query):
        rows[row[0]].append(row)
    return [_facts(found) for found in rows.values()]


def _facts(rows: Sequence[Sequence[Any]]) -> ProjectFacts:
    """A project from its rows, one for each school."""
    first = rows[0]
    fixed, money, last = first[15:18]
    return ProjectFacts(
        **dict(zip(OF_TASK, first[:15], strict=True)),
        suspended=fixed is Light.SUSPENDED,
        money={MoneyKind.PLANNED: int(money)} if money is not None else {},
        nodes=(NodeFacts("", planned_on=last),) if last else (),
        parts=tuple(PartFacts(*row[18:]) for row in rows if row[18] is not None),
    )


def _buildings(ids: Collection[int]) -> dict[int, list[PlannedBuilding]]:
    query = sa.select(ProjectBuilding.task_id, ProjectBuilding.use, ProjectBuilding.floor_area_m2)
    query = query.where(ProjectBuilding.task_id.in_(ids)).order_by(ProjectBuilding.task_id, ProjectBuilding.position)
    found: dict[int, list[PlannedBuilding]] = defaultdict(list)
    for task_id, use, area in db.session.execute(query):
        found[task_id].append(PlannedBuilding(use, area))
    return found
