"""Building projects with their sums, line by line, as a reader asks for them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from tracker.models import Project, ProjectCategory, ProjectNode, ProjectSchool, Task, TaskKind, db
from tracker.queries.ledger import Filters, conditions_of
from tracker.queries.lights import has_light, light_column
from tracker.queries.project_facts import project_facts
from tracker.queries.visibility import in_active_plan, visible_to
from tracker.rules.lifecycle import State
from tracker.rules.lights import COUNTED, Light
from tracker.rules.permissions import Person
from tracker.rules.project_facts import ProjectFacts
from tracker.rules.project_lines import ProjectLines, Together, lines_of, together
from tracker.rules.schedules import NodesAsked, asked_days

PAGE_SIZE = 400
# So many projects are read for the sums over the list; whoever sees more is asked to choose a region.
MOST_TOGETHER = 4000
MOST_TOWNS = 40


@dataclass(frozen=True)
class ProjectFilters:
    """What a reader asks of the projects; ``node`` asks of the nodes."""

    plan: str | None = None
    region: str | None = None
    category: ProjectCategory | None = None
    light: Light | None = None
    town: str | None = None
    node: NodesAsked | None = None


@dataclass
class Amount:
    """The sum of what the plans state: how many projects state it, how many do not; never a zero for silence."""

    value: Decimal = Decimal(0)
    stated: int = 0
    missing: int = 0

    def add(self, value: Decimal | int | None, stated: int, projects: int) -> None:
        """Add the sum of a group of projects, of which ``stated`` have the figure."""
        self.value += Decimal(value or 0)
        self.stated += stated
        self.missing += projects - stated


@dataclass
class Sums:
    """The sums of a category, or of all where ``category`` is None; money in yuan, areas in m², land in 亩."""

    category: ProjectCategory | None
    projects: int = 0
    budget: Amount = field(default_factory=Amount)
    seats: Amount = field(default_factory=Amount)
    land: Amount = field(default_factory=Amount)
    floor_area: Amount = field(default_factory=Amount)
    sports_area: Amount = field(default_factory=Amount)


@dataclass(frozen=True)
class ProjectPage:
    """A page of projects, worst first, with the counts by light and the towns to choose from.

    ``together`` is what the whole list comes to, None where it is too long to be read.
    """

    lines: ProjectLines
    together: Together | None
    lights: dict[Light, int]
    towns: list[str]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def counted(self) -> int:
        """Projects in the six groups; suspended ones stand apart."""
        return sum(self.lights.get(light, 0) for light in COUNTED)


def project_page(person: Person, filters: ProjectFilters, today: date, number: int) -> ProjectPage:
    """A page of the projects that a person may see; a number past the end gives the last page."""
    towns, lights = _towns_and_lights(person, filters, today)
    total = lights.get(filters.light, 0) if filters.light else sum(lights.values())
    number = min(max(1, number), max(1, -(-total // PAGE_SIZE)))
    rows, whole = _rows(project_conditions(person, filters, today), today, number, total)
    return ProjectPage(lines_of(rows, today), whole, lights, towns, total, number)


def sums_of(person: Person, filters: ProjectFilters, today: date) -> list[Sums]:
    """The sums of each category in its order, then of all; one row where there is but one category.

    Suspended projects are in none of them.
    """
    seats = _seats_by_task()
    figures = (Project.budget_yuan, seats.c.seats, Project.land_mu, Project.floor_area_m2, Project.sports_area_m2)
    columns = [column for figure in figures for column in (sa.func.sum(figure), sa.func.count(figure))]
    query = sa.select(Project.category, sa.func.count(), *columns).join(Task, Task.id == Project.task_id)
    query = query.outerjoin(seats, seats.c.task_id == Project.task_id).where(
        *project_conditions(person, filters, today), _runs()
    )
    found: dict[ProjectCategory, Sums] = {}
    whole = Sums(None)
    for category, projects, *values in db.session.execute(query.group_by(Project.category)):
        found[category] = Sums(category)
        for sums in (found[category], whole):
            _add(sums, projects, values)
    rows = [found[category] for category in ProjectCategory if category in found]
    return [*rows, whole] if len(rows) != 1 else rows


def project_conditions(person: Person, filters: ProjectFilters, today: date) -> list[sa.ColumnElement[bool]]:
    """What the filters ask of the tasks and figures of projects, of those that a person may see."""
    wider = Filters(plan=filters.plan, region=filters.region, kind=TaskKind.PROJECT, category=filters.category)
    conditions = [visible_to(person), *conditions_of(wider, today)]
    if filters.light:
        conditions.append(has_light([filters.light], today))
    if filters.town:
        conditions.append(Project.town == filters.town)
    if filters.node:
        conditions += [in_active_plan(), *has_node(filters.node, today)]
    return conditions


def node_counts(person: Person, filters: ProjectFilters, today: date) -> dict[NodesAsked, int]:
    """How many open nodes a list of projects holds that are due this month, and how many that were missed."""
    asked = {each: sa.and_(_in_work(each), _is_open(each, today)) for each in NodesAsked}
    query = sa.select(*(sa.func.count().filter(which) for which in asked.values())).select_from(ProjectNode)
    query = query.join(Task, Task.id == ProjectNode.task_id).join(Project, Project.task_id == Task.id)
    conditions = [*project_conditions(person, filters, today), in_active_plan(), ProjectNode.done_on.is_(None)]
    row = db.session.execute(query.where(*conditions)).one()
    return dict(zip(asked, row, strict=True))


def has_node(asked: NodesAsked, today: date) -> list[sa.ColumnElement[bool]]:
    """Projects in work with an open node of some days, as ``rules/schedules.nodes_asked`` says it."""
    return [_in_work(asked), Task.id.in_(sa.select(ProjectNode.task_id).where(_is_open(asked, today)))]


def _is_open(asked: NodesAsked, today: date) -> sa.ColumnElement[bool]:
    return sa.and_(ProjectNode.done_on.is_(None), ProjectNode.planned_on.between(*asked_days(asked, today)))


def _in_work(asked: NodesAsked) -> sa.ColumnElement[bool]:
    """Projects that are neither closed nor suspended; what waits at the office has missed nothing."""
    is_running = sa.or_(Task.light_fixed.is_(None), Task.light_fixed == Light.REDATE)
    return sa.and_(is_running, Task.state != State.SUBMITTED) if asked is NodesAsked.MISSED else is_running


def _runs() -> sa.ColumnElement[bool]:
    """Projects that are not suspended."""
    return Task.light_fixed.is_distinct_from(Light.SUSPENDED)


def _towns_and_lights(person: Person, filters: ProjectFilters, today: date) -> tuple[list[str], dict[Light, int]]:
    """The towns of all projects in the reach, and the counts by light of those that the other filters leave."""
    every = replace(filters, light=None, town=None)
    light = light_column(today).label("light")
    query = sa.select(Project.town, light, sa.func.count()).join(Task, Task.id == Project.task_id)
    towns: set[str] = set()
    lights: dict[Light, int] = defaultdict(int)
    for town, name, count in db.session.execute(
        query.where(*project_conditions(person, every, today)).group_by(Project.town, light)
    ):
        towns |= {town} if town else set()
        if filters.town in (None, town):
            lights[Light(name)] += count
    return (sorted(towns) if len(towns) <= MOST_TOWNS else []), dict(lights)


def _rows(
    conditions: list[sa.ColumnElement[bool]], today: date, number: int, total: int
) -> tuple[list[ProjectFacts], Together | None]:
    """The projects of a page and what all of them come to; a list that is too long is read no farther than its page."""
    first = (number - 1) * PAGE_SIZE
    if total <= MOST_TOGETHER:
        every = project_facts(conditions, today)
        return every[first : first + PAGE_SIZE], together(every, today)
    return project_facts(conditions, today, most=PAGE_SIZE, skip=first), None


def _seats_by_task() -> sa.Subquery:
    query = sa.select(ProjectSchool.task_id, sa.func.sum(ProjectSchool.seats).label("seats"))
    return query.group_by(ProjectSchool.task_id).subquery()


def _add(sums: Sums, projects: int, values: list[Decimal | int | None]) -> None:
    """Add a category's row: sums and counts alternate, in the order of the amounts."""
    sums.projects += projects
    amounts = (sums.budget, sums.seats, sums.land, sums.floor_area, sums.sports_area)
    for amount, value, stated in zip(amounts, values[::2], values[1::2], strict=True):
        amount.add(value, int(stated or 0), projects)
