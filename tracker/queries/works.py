"""What the plans build and which national indicators they serve."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker.models import (
    NATIONAL,
    Contribution,
    Framework,
    Indicator,
    ProjectCategory,
    Task,
    db,
)
from tracker.queries.building import building_facts
from tracker.queries.coverage import Conditions
from tracker.rules.lights import Light
from tracker.rules.project_facts import ProjectFacts
from tracker.rules.schedules import Invested, NodesAsked, invested, nodes_asked
from tracker.rules.seats import Coming, coming


@dataclass(frozen=True)
class ServedIndicator:
    """A national indicator with its titles and how many tasks serve it."""

    code: str
    title: str
    title_en: str | None
    tasks: int


@dataclass(frozen=True)
class NodesDue:
    """Open nodes that a list asks for, and in how many projects they stand."""

    nodes: int
    projects: int


@dataclass(frozen=True)
class Building:
    """The building projects: by category, their money, the seats of the coming September, the nodes of these days."""

    works: list[Works]
    money: Invested
    seats: Coming
    month: NodesDue
    missed: NodesDue


@dataclass(frozen=True)
class Works:
    """The building projects of one category; money in whole yuan, None where no plan names it."""

    category: ProjectCategory | None
    count: int
    overdue: int
    budget_yuan: int | None
    seats: int | None


def building_of(where: Conditions, today: date) -> Building:
    """What the building projects come to today, in one question."""
    return building_from(building_facts(where, today), today)


def building_from(projects: Sequence[ProjectFacts], today: date) -> Building:
    """What some building projects come to on a day."""
    return Building(
        works=works_of(projects),
        money=invested(projects),
        seats=coming(projects, today),
        month=_nodes_due(projects, NodesAsked.MONTH, today),
        missed=_nodes_due(projects, NodesAsked.MISSED, today),
    )


def works_of(projects: Sequence[ProjectFacts]) -> list[Works]:
    """The building projects by category, most money first; suspended ones stand apart."""
    found: dict[str, list[ProjectFacts]] = defaultdict(list)
    for project in projects:
        if not project.suspended:
            found[project.category].append(project)
    works = [
        Works(
            ProjectCategory(category) if category else None,
            count=len(each),
            overdue=sum(project.light is Light.OVERDUE for project in each),
            budget_yuan=_sum(project.budget_yuan for project in each),
            seats=_sum(project.seats for project in each),
        )
        for category, each in found.items()
    ]
    return sorted(works, key=lambda each: (-(each.budget_yuan or 0), each.category or ""))


def _nodes_due(projects: Sequence[ProjectFacts], asked: NodesAsked, today: date) -> NodesDue:
    counts = [len(nodes_asked(project, asked, today)) for project in projects]
    return NodesDue(sum(counts), sum(count > 0 for count in counts))


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


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
