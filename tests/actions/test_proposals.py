"""Proposals of what tasks bring: stored once, in line with the figures, never against a decision."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_school
from tracker.actions.proposals import propose_for, propose_for_plan
from tracker.models import (
    Addition,
    Contribution,
    Event,
    Indicator,
    LinkState,
    Origin,
    Plan,
    Project,
    ProjectCategory,
    ProjectSchool,
    Stage,
    Task,
    db,
)

NOW = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)


def built(task: Task, **figures: object) -> Project:
    """The figures of a project that builds for 第三中学."""
    school = make_school("第三中学")
    part = ProjectSchool(school=school, position=1, stage=Stage.JUNIOR, seats=400, classes=8)
    project = Project(task=task, category=ProjectCategory.NEW, schools=[part], **figures)
    db.session.add(project)
    db.session.flush()
    return project


def additions() -> dict[str, Addition]:
    """Every addition by its figure."""
    db.session.expire_all()
    return {row.figure: row for row in db.session.scalars(sa.select(Addition))}


def test_the_figures_of_a_project_are_proposed_once(app: Flask, world: World) -> None:
    built(world.task, sports_area_m2=Decimal(900))
    assert propose_for([world.task.id]) == 4
    assert propose_for([world.task.id]) == 0
    found = additions()
    assert {code: row.amount for code, row in found.items()} == {
        "seats": 400,
        "classes": 8,
        "multimedia_rooms": 8,
        "sports_ground_m2": 900,
    }
    assert {(row.state, row.origin) for row in found.values()} == {(LinkState.PROPOSED, Origin.PROJECT)}
    assert found["seats"].stage is Stage.JUNIOR


def test_other_figures_change_what_nobody_has_decided(app: Flask, world: World) -> None:
    project = built(world.task, sports_area_m2=Decimal(900), floor_area_m2=Decimal(5000))
    propose_for([world.task.id])
    found = additions()
    found["seats"].state = LinkState.CONFIRMED
    found["multimedia_rooms"].state = LinkState.DISMISSED
    found["teaching_area_m2"].origin, found["teaching_area_m2"].amount = Origin.HAND, Decimal(3000)
    project.schools[0].seats, project.schools[0].classes = 500, 10
    project.sports_area_m2 = None
    db.session.flush()
    assert propose_for([world.task.id]) == 0
    found = additions()
    assert {code: row.amount for code, row in found.items()} == {
        "seats": 400,
        "classes": 10,
        "multimedia_rooms": 8,
        "teaching_area_m2": 3000,
    }
    db.session.delete(project)
    db.session.flush()
    assert propose_for([world.task.id]) == 0
    assert set(additions()) == {"seats", "multimedia_rooms", "teaching_area_m2"}


def test_words_link_a_task_that_has_no_link_and_no_reason(app: Flask, world: World) -> None:
    db.session.execute(sa.update(Indicator).values(words=[]))
    db.session.execute(sa.update(Indicator).where(Indicator.code == "R5").values(words=["运动场", "操场"]))
    world.task.title = "改造第三中学运动场"
    world.housing_task.title, world.housing_task.no_indicator_reason = "改造操场", "只是维修"
    db.session.flush()
    ids = [world.task.id, world.housing_task.id, world.shared_task.id]
    assert propose_for(ids) == 1
    assert propose_for(ids) == 0
    [row] = db.session.scalars(sa.select(Contribution))
    assert (row.task_id, row.indicator.code, row.state) == (world.task.id, "R5", LinkState.PROPOSED)
    assert row.reason == "措施中提到“运动场”"


def test_a_plan_that_stands_already_gets_what_is_missing_with_one_event(app: Flask, world: World) -> None:
    db.session.execute(sa.update(Indicator).values(words=[]))
    built(world.task)
    assert propose_for_plan(world.plan, NOW) == 3
    assert propose_for_plan(world.plan, NOW) == 0
    [event] = db.session.scalars(sa.select(Event).where(Event.act == "propose_links"))
    assert (event.object_id, event.after) == (world.plan.code, {"count": 3})


@pytest.mark.parametrize("code", ["akqi-2022", "fushun-2020", "urumqi-2022", "xiji-2022", "xingguo-2023"])
def test_every_task_of_the_five_plans_has_a_link_or_a_reason_for_none(plans_app: Flask, code: str) -> None:
    plan = db.session.scalars(sa.select(Plan).where(Plan.code == code)).one()
    tasks = db.session.scalars(sa.select(Task).where(Task.plan_id == plan.id)).all()
    assert tasks
    assert [task.key for task in tasks if not task.contributions and not task.no_indicator_reason] == []
    assert all(each.reason for task in tasks for each in task.contributions)
    assert propose_for_plan(plan, NOW) == 0


def test_the_projects_of_a_plan_bring_additions_from_the_start(plans_app: Flask) -> None:
    rows = db.session.scalars(sa.select(Addition)).all()
    seats = sum(row.amount or 0 for row in rows if row.figure == "seats")
    assert seats == 21600
    assert {row.state for row in rows} == {LinkState.PROPOSED}
    assert all(row.reason for row in rows)
    assert any(row.amount is None for row in rows)
