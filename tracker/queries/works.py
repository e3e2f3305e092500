"""What the plans build and which national indicators they serve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.models import (
    NATIONAL,
    Contribution,
    Framework,
    Indicator,
    Project,
    ProjectCategory,
    ProjectSchool,
    Task,
    TaskKind,
    db,
)
from tracker.queries.coverage import Conditions
from tracker.queries.lights import has_light
from tracker.rules.lights import Light


@dataclass(frozen=True)
class ServedIndicator:
    """A national indicator with its titles and how many tasks serve it."""

    code: str
    title: str
    title_en: str | None
    tasks: int


@dataclass(frozen=True)
class Works:
    """The building projects of one category; money in whole yuan, None where no plan names it."""

    category: ProjectCategory | None
    count: int
    overdue: int
    budget_yuan: int | None
    seats: int | None


def works_of(where: Conditions, today: date) -> list[Works]:
    """The building projects by category, most money first; suspended ones stand apart."""
    seats = (
        sa.select(ProjectSchool.task_id, sa.func.sum(ProjectSchool.seats).label("seats"))
        .group_by(ProjectSchool.task_id)
        .subquery()
    )
    query = (
        sa.select(
            Project.category,
            sa.func.count(),
            sa.func.sum(sa.case((has_light([Light.OVERDUE], today), 1), else_=0)),
            sa.func.sum(Project.budget_yuan),
            sa.func.sum(seats.c.seats),
        )
        .select_from(Task)
        .outerjoin(Project, Project.task_id == Task.id)
        .outerjoin(seats, seats.c.task_id == Task.id)
        .where(*where, Task.kind == TaskKind.PROJECT, Task.light_fixed.is_distinct_from(Light.SUSPENDED))
        .group_by(Project.category)
    )
    found = [
        Works(category, count, int(overdue), _whole(budget), _whole(seats_planned))
        for category, count, overdue, budget, seats_planned in db.session.execute(query)
    ]
    return sorted(found, key=lambda each: (-(each.budget_yuan or 0), each.category or ""))


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def indicators_served(where: Conditions) -> list[ServedIndicator]:
    """The national indicators in their order, and how many tasks serve them."""
    tasks = sa.select(Task.id).where(*where, Task.light_fixed.is_distinct_from(Light.SUSPENDED))
    serving = sa.and_(Contribution.indicator_id == Indicator.id, Contribution.task_id.in_(tasks))
    query = (
        sa.select(Indicator.code, Indicator.title, Indicator.title_en, sa.func.count(Contribution.id))
        .join(Framework)
        .outerjoin(Contribution, serving)
        .where(Framework.code == NATIONAL)
        .group_by(Indicator.id, Indicator.code, Indicator.title, Indicator.title_en, Indicator.position)
        .order_by(Indicator.position)
    )
    return [ServedIndicator(*row) for row in db.session.execute(query)]
