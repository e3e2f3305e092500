"""Related tasks: same school, same duty, same indicator; only what the reader sees, closest first."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from tests.factories import COUNTY, World, make_plan, make_task
from tests.visit import counted_queries
from tracker.models import (
    Contribution,
    Indicator,
    Project,
    ProjectCategory,
    ProjectSchool,
    School,
    Task,
    TaskKind,
    db,
)
from tracker.queries.accounts import person_of
from tracker.queries.related import MOST_SHOWN, Bond, related_to

DAY = date(2026, 3, 6)


def serve(task: Task, indicator: Indicator) -> None:
    task.contributions.append(Contribution(indicator=indicator, reason="补短板"))


def project(world: World, school: School | None = None, site: str | None = None, **values: Any) -> Task:
    task = make_task(world.plan, lead=[world.housing], kind=TaskKind.PROJECT, **values)
    schools = [ProjectSchool(school=school, position=1)] if school else []
    db.session.add(Project(task=task, category=ProjectCategory.NEW, site=site, schools=schools))
    db.session.flush()
    return task


def bonds(world: World, task: Task, who: str = "office") -> list[tuple[str, Bond]]:
    db.session.flush()
    return [(each.key, each.bond) for each in related_to(person_of(getattr(world, who)), task, DAY)]


def test_the_closest_comes_first_and_each_says_what_binds_it(world: World) -> None:
    first, second = db.session.scalars(sa.select(Indicator).order_by(Indicator.id).limit(2))
    school = School(region_code=COUNTY, name="第八中学")
    task, beside = project(world, school), project(world, school)
    on_site, elsewhere = project(world, site="老城区"), project(world, site="老城区")
    task.duty_of_id = world.shared_task.duty_of_id = first.id
    serve(task, second)
    serve(world.housing_task, second)
    serve(world.task, first)
    assert bonds(world, task) == [
        (beside.key, Bond.SCHOOL),
        (world.shared_task.key, Bond.DUTY),
        (world.housing_task.key, Bond.INDICATOR),
    ]
    assert bonds(world, on_site) == [(elsewhere.key, Bond.SCHOOL)]


def test_only_what_the_reader_sees_of_the_same_plan_that_was_not_withdrawn(world: World) -> None:
    indicator = db.session.scalars(sa.select(Indicator).limit(1)).one()
    other_plan = make_task(make_plan("other"), lead=[world.finance])
    for task in (world.task, world.housing_task, world.shared_task, other_plan):
        serve(task, indicator)
    assert {key for key, _bond in bonds(world, world.task)} == {world.housing_task.key, world.shared_task.key}
    assert bonds(world, world.task, "staff") == [(world.shared_task.key, Bond.INDICATOR)]
    assert bonds(world, world.task, "stranger") == []


def test_at_most_six_in_one_question(world: World) -> None:
    indicator = db.session.scalars(sa.select(Indicator).limit(1)).one()
    for _number in range(MOST_SHOWN + 2):
        serve(make_task(world.plan), indicator)
    serve(world.task, indicator)
    db.session.commit()
    person, task = person_of(world.office), world.task
    assert task.contributions
    with counted_queries() as statements:
        assert len(related_to(person, task, DAY)) == MOST_SHOWN
    assert len(statements) == 1


def test_a_task_that_serves_nothing_asks_nothing(world: World) -> None:
    assert bonds(world, world.task) == []
