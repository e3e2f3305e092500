"""Projects: sums that agree with the document, and what the figures say against themselves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import COUNTY, World, make_account, make_task
from tracker.models import (
    Project,
    ProjectCategory,
    ProjectNode,
    ProjectSchool,
    School,
    Stage,
    TaskKind,
    Unit,
    db,
)
from tracker.queries.accounts import person_of
from tracker.queries.ledger import Filters, ledger_page
from tracker.queries.project_facts import project_facts
from tracker.queries.projects import (
    ProjectFilters,
    ProjectPage,
    Sums,
    node_counts,
    project_page,
    sums_of,
)
from tracker.queries.visibility import visible_to
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.permissions import Person, Role
from tracker.rules.project_facts import ProjectFacts
from tracker.rules.schedules import NodesAsked, nodes_asked

TODAY = date(2026, 3, 6)
LEADER = Person(1, Role.LEADER, COUNTY)
ALL = ProjectFilters()


def make_project(world: World, *, school: str = "", seats: int | None = None, **figures: object) -> Project:
    """A project of the small plan, for one school where ``school`` names it."""
    task = make_task(world.plan, lead=[world.housing], kind=TaskKind.PROJECT, due_on=figures.pop("due_on", None))
    project = Project(task=task, **({"category": ProjectCategory.NEW} | figures))
    if school:
        row = School(region_code=COUNTY, name=school)
        project.schools.append(ProjectSchool(position=1, school=row, stage=Stage.PRIMARY, seats=seats))
    db.session.add(project)
    db.session.flush()
    return project


def rows_of(page: ProjectPage) -> list[ProjectFacts]:
    """The projects of a page in its order."""
    return [line.project for line in [*page.lines.running, *page.lines.suspended]]


def by_category(rows: list[Sums]) -> dict[ProjectCategory | None, Sums]:
    """The sums by category, all of them under None."""
    return {row.category: row for row in rows}


def test_the_sums_of_xingguo_agree_with_the_document(plans_app: Flask) -> None:
    sums = by_category(sums_of(LEADER, ALL, TODAY))
    whole, new = sums[None], sums[ProjectCategory.NEW]
    assert (whole.projects, whole.budget.value, whole.seats.value) == (40, 1_287_587_000, 21_600)
    assert (new.projects, new.budget.value, new.seats.value) == (11, 960_400_000, 21_600)
    assert (new.seats.stated, new.seats.missing) == (10, 1)
    assert (whole.budget.stated, whole.budget.missing) == (39, 1)
    assert [row.projects for row in sums_of(LEADER, ALL, TODAY)] == [11, 13, 14, 2, 40]
    assert sum(row.budget.value for category, row in sums.items() if category) == whole.budget.value


def test_what_no_plan_states_has_no_sum(plans_app: Flask) -> None:
    sums = by_category(sums_of(LEADER, ALL, TODAY))
    assert sums[ProjectCategory.UPGRADE].seats.stated == 0
    assert sums[ProjectCategory.INFORMATIZATION].floor_area.stated == 0
    assert sums[ProjectCategory.EXPANSION].sports_area.stated == 4


@pytest.mark.parametrize("category", [None, *ProjectCategory])
def test_the_count_of_a_sum_equals_the_ledgers_list(plans_app: Flask, category: ProjectCategory | None) -> None:
    count = by_category(sums_of(LEADER, ALL, TODAY))[category].projects
    assert ledger_page(LEADER, Filters(kind=TaskKind.PROJECT, category=category), TODAY, 1).total == count


def test_both_schools_of_one_project_are_read(plans_app: Flask) -> None:
    first = next(each for each in rows_of(project_page(LEADER, ALL, TODAY, 1)) if each.key == "xingguo-2023-a1-01")
    assert [(part.school, part.seats, part.classes) for part in first.parts] == [
        ("第八中学", 2000, 40),
        ("第八小学", 2000, 45),
    ]


def test_projects_come_worst_first_and_filters_narrow_them(plans_app: Flask) -> None:
    page = project_page(LEADER, ALL, TODAY, 1)
    assert page.total == page.counted == 40
    lights = [project.light for project in rows_of(page)]
    assert lights == sorted(lights, key=[Light.OVERDUE, Light.SOON, Light.REDATE, Light.NORMAL, Light.NOT_DUE].index)
    late = project_page(LEADER, ProjectFilters(light=Light.OVERDUE), TODAY, 1)
    assert late.total == len(rows_of(late)) == page.lights[Light.OVERDUE]
    assert late.lights == page.lights
    town = project_page(LEADER, ProjectFilters(town="潋江镇"), TODAY, 1)
    assert {project.title for project in rows_of(town)} == {
        "第九中学建设项目",
        "第十一中学建设项目",
        "第十二小学建设项目",
    }
    assert town.towns == page.towns == sorted({"良村镇", "均村乡", "梅窖镇", "潋江镇"})
    assert sum(town.lights.values()) == 3
    assert project_page(LEADER, ProjectFilters(town="没有的镇"), TODAY, 1).total == 0


def test_a_unit_sees_its_own_projects_and_a_stranger_none(plans_app: Flask) -> None:
    company = db.session.scalars(sa.select(Unit).where(Unit.name == "城投公司")).one()
    staff = person_of(make_account(Role.UNIT_STAFF, units=[company]))
    own = project_page(staff, ALL, TODAY, 1).total
    assert 0 < own < 40
    assert sums_of(staff, ALL, TODAY)[-1].projects == own
    stranger = Person(2, Role.LEADER, "640422")
    assert project_page(stranger, ALL, TODAY, 1).total == 0
    assert sums_of(stranger, ALL, TODAY)[-1].projects == 0


def test_a_fraction_survives_the_sum(world: World) -> None:
    make_project(world, land_mu=Decimal("70.26"), budget_yuan=6_891_200)
    make_project(world, land_mu=Decimal("0.04"))
    (sums,) = sums_of(LEADER, ALL, TODAY)
    assert (round(sums.land.value, 2), sums.budget.value, sums.budget.missing) == (Decimal("70.30"), 6_891_200, 1)


def test_what_is_suspended_is_in_no_sum(world: World) -> None:
    project = make_project(world, school="甲小学", seats=900, budget_yuan=1_000_000, due_on=date(2026, 8, 31))
    make_project(world, school="乙小学", seats=450, budget_yuan=2_000_000, due_on=date(2026, 8, 31))
    project.task.state = State.SUSPENDED
    project.task.keep_light_dates()
    db.session.flush()
    (sums,) = sums_of(LEADER, ALL, TODAY)
    assert (sums.projects, sums.seats.value, sums.budget.value) == (1, 450, 2_000_000)
    page = project_page(LEADER, ALL, TODAY, 1)
    assert (len(page.lines.running), len(page.lines.suspended)) == (1, 1)
    assert page.together
    assert (page.together.projects, page.together.seats.seats) == (1, 450)


@pytest.mark.parametrize("asked", NodesAsked)
def test_sql_finds_the_projects_whose_nodes_the_rule_counts(world: World, asked: NodesAsked) -> None:
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 5), TODAY, date(2026, 3, 31), date(2026, 4, 1), None]
    for day in days:
        silent = [(None, state) for state in (State.SUSPENDED, State.CLOSED, State.SUBMITTED)]
        for done_on, state in [(None, None), (TODAY, None), *silent]:
            project = make_project(world)
            project.nodes.append(
                ProjectNode(position=1, name="开工", planned_on=day, first_planned_on=day, done_on=done_on)
            )
            if state:
                project.task.state = state
                project.task.closed_on = TODAY if state is State.CLOSED else None
                project.task.submitted_on = TODAY if state is State.SUBMITTED else None
                project.task.keep_light_dates()
    db.session.flush()
    every = project_facts([visible_to(LEADER)], TODAY)
    by_rule = {project.key for project in every if nodes_asked(project, asked, TODAY)}
    found = project_page(LEADER, ProjectFilters(node=asked), TODAY, 1)
    assert {project.key for project in rows_of(found)} == by_rule
    assert len(by_rule) == node_counts(LEADER, ALL, TODAY)[asked] == {NodesAsked.MISSED: 3, NodesAsked.MONTH: 8}[asked]
