"""The nodes and entries of projects as lines of a file: to be filled in, or kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.models import MoneyEntry, NodeList, Project, ProjectCategory, ProjectNode, Region, Task, db
from tracker.queries.projects import ProjectFilters, project_conditions
from tracker.queries.visibility import in_open_plan
from tracker.rules.nodes import USUAL_NODES
from tracker.rules.permissions import Person
from tracker.rules.project_rows import MoneyLine, NodeLine


def stored_nodes(person: Person, filters: ProjectFilters, today: date) -> list[NodeLine]:
    """The nodes of all projects that a person sees, project by project in the order of their plans."""
    rows = _node_rows(project_conditions(person, filters, today))
    return [NodeLine(*values) for _region, _category, *values in rows if values[2]]


def stored_money(person: Person, filters: ProjectFilters, today: date) -> list[MoneyLine]:
    """The entries of all projects that a person sees, without those that were withdrawn."""
    entry = (
        MoneyEntry.kind,
        MoneyEntry.amount_yuan,
        MoneyEntry.on,
        MoneyEntry.for_year,
        MoneyEntry.source,
        MoneyEntry.payee,
        MoneyEntry.note,
        MoneyEntry.id,
        MoneyEntry.invented,
    )
    query = (
        sa.select(Task.key, Task.title, *entry)
        .join(Project, Project.task_id == Task.id)
        .join(MoneyEntry, MoneyEntry.task_id == Task.id)
        .where(*project_conditions(person, filters, today), MoneyEntry.withdrawn_at.is_(None))
    )
    order = (Task.plan_id, Task.position, Task.id, MoneyEntry.id)
    return [MoneyLine(*values) for values in db.session.execute(query.order_by(*order))]


def lines_to_fill(person: Person, filters: ProjectFilters, today: date) -> list[NodeLine]:
    """The nodes of the projects that can still change; one without nodes gets the usual list as empty lines."""
    conditions = [*project_conditions(person, filters, today), in_open_plan(), Task.withdrawn_on.is_(None)]
    rows = _node_rows(conditions)
    lists = _lists({region for region, *_ in rows})
    lines = []
    for region, category, *values in rows:
        key, title, name = values[:3]
        usual = () if name else lists.get((region, category), USUAL_NODES)
        lines += [NodeLine(key, title, each) for each in usual] or [NodeLine(*values)]
    return lines


def _lists(regions: Collection[str]) -> dict[tuple[str, ProjectCategory], list[str]]:
    """The lists of nodes that regions have of their own, by category."""
    found = db.session.scalars(sa.select(NodeList).where(NodeList.region_code.in_(regions)))
    return {(each.region_code, each.category): each.names for each in found}


def _node_rows(conditions: list[sa.ColumnElement[bool]]) -> list[Any]:
    """Region and category of each project with the values of a line, once with an empty name where it has no nodes."""
    node = (
        ProjectNode.planned_on,
        ProjectNode.first_planned_on,
        ProjectNode.expected_on,
        ProjectNode.done_on,
        sa.func.coalesce(ProjectNode.invented, sa.false()),
    )
    project = (Task.region_code, Project.category, Task.key, Task.title)
    query = (
        sa.select(*project, sa.func.coalesce(ProjectNode.name, ""), *node)
        .join(Project, Project.task_id == Task.id)
        .outerjoin(ProjectNode, ProjectNode.task_id == Task.id)
        .where(*conditions)
    )
    order = (Task.plan_id, Task.position, Task.id, ProjectNode.position)
    return list(db.session.execute(query.order_by(*order)))


def place_name(region: str) -> str | None:
    """The name of a region, None for the whole country."""
    return db.session.scalar(sa.select(Region.name).where(Region.code == region)) if region else None
