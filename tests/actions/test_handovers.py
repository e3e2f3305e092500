"""What people do to the batches of a school's seats: what is kept, and what never takes them along."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.actions.test_task_words import seed
from tests.factories import World, make_project, make_school, make_task
from tracker.actions import handovers as acts
from tracker.actions.moves import RuleRefused, StaleTask
from tracker.actions.record import Actor
from tracker.actions.task_words import NO_NEW_NAMES, change_task
from tracker.documents.plan_shape import ProjectSeed, SchoolSeed
from tracker.models import Event, Handover, Project, ProjectCategory, Stage, TaskKind, db
from tracker.queries.accounts import person_of
from tracker.rules.handovers import Planned
from tracker.rules.lifecycle import State

NOW = datetime(2026, 3, 6, 2, tzinfo=UTC)
TODAY, AUGUST = date(2026, 3, 6), date(2026, 8, 20)
SAID = Planned(800, 16, AUGUST, None, None)


def a_project(world: World, **differences: Any) -> Project:
    """A project of 财政局 with 第八中学, 初中 and 高中."""
    values = {"due_on": date(2027, 12, 31), "state": State.IN_PROGRESS} | differences
    school = make_school("第八中学")
    parts = [(school, Stage.JUNIOR, 2000, 40), (school, Stage.SENIOR, 1000, 20)]
    project = make_project(make_task(world.plan, responsible=[world.finance], **values), parts=parts)
    db.session.commit()
    return project


def staff(world: World) -> Actor:
    return Actor(person_of(world.staff))


def a_batch(world: World, project: Project) -> Handover:
    """800 seats of the first part, handed over today."""
    task = project.task
    row = acts.add_handover(staff(world), project, task.version, project.schools[0].id, SAID, NOW)
    acts.hand_over(staff(world), project, task.version, row.id, TODAY, None, NOW)
    db.session.commit()
    return row


def edit(world: World, project: Project, *schools: SchoolSeed) -> None:
    """Let the office say anew which schools the project builds."""
    figures = ProjectSeed(ProjectCategory.NEW, None, None, None, None, None, None, list(schools), [])
    said = seed(kind=TaskKind.PROJECT, project=figures, deadline=project.task.deadline_text)
    change_task(Actor(person_of(world.office)), project.task, project.task.version, said, NO_NEW_NAMES, "改", NOW)
    db.session.commit()


def batches() -> list[tuple[Stage | None, int | None, int, date | None]]:
    """Stage and seats of the part, seats of the batch, and the day on which it was handed over."""
    db.session.expire_all()
    rows = db.session.scalars(sa.select(Handover).order_by(Handover.id))
    return [(each.part.stage, each.part.seats, each.seats, each.handed_on) for each in rows]


def test_a_school_that_stays_keeps_its_batches_whatever_is_said_of_it(app: Flask, world: World) -> None:
    project = a_project(world)
    a_batch(world, project)
    edit(world, project, SchoolSeed("第八中学", Stage.JUNIOR, 2400, 48), SchoolSeed("第八中学", Stage.SENIOR, 600, 12))
    assert batches() == [(Stage.JUNIOR, 2400, 800, TODAY)]
    edit(world, project, SchoolSeed("第八中学", Stage.SENIOR, 600, 12), SchoolSeed("第八中学", None, 2400, 48))
    assert batches() == [(None, 2400, 800, TODAY)]
    edit(world, project, SchoolSeed("第八中学", Stage.PRIMARY, 2400, 48))
    assert batches() == [(Stage.PRIMARY, 2400, 800, TODAY)]


def test_a_school_with_batches_is_not_taken_out(app: Flask, world: World) -> None:
    project = a_project(world)
    make_school("第九中学")
    a_batch(world, project)
    wanted = [[], [SchoolSeed("第九中学", Stage.JUNIOR, 2000, 40)], [SchoolSeed("第八中学", Stage.SENIOR, 600, 12)]]
    for schools in wanted:
        with pytest.raises(RuleRefused, match="part_in_use") as refused:
            edit(world, project, *schools)
        assert refused.value.named == "第八中学"
        db.session.rollback()
    assert batches() == [(Stage.JUNIOR, 2000, 800, TODAY)]


def test_a_school_without_batches_goes_as_it_came(app: Flask, world: World) -> None:
    project = a_project(world)
    a_batch(world, project)
    edit(world, project, SchoolSeed("第八中学", Stage.JUNIOR, 2000, 40))
    assert [each.stage for each in project.schools] == [Stage.JUNIOR]


def test_of_two_who_read_one_version_one_acts(app: Flask, world: World) -> None:
    project = a_project(world)
    acts.add_handover(staff(world), project, 1, project.schools[0].id, SAID, NOW)
    with pytest.raises(StaleTask):
        acts.add_handover(staff(world), project, 1, project.schools[0].id, SAID, NOW)
    assert len(batches()) == 1


def test_the_event_keeps_whose_seats_they_are(app: Flask, world: World) -> None:
    project = a_project(world)
    row = a_batch(world, project)
    acts.remove_handover(staff(world), project, project.task.version, row.id, "合并交付", NOW)
    event = db.session.scalars(sa.select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert ((event.before or {})["seats"], (event.before or {})["handed_on"]) == (800, TODAY.isoformat())
    assert ((event.after or {})["school_name"], (event.after or {})["stage"]) == ("第八中学", "junior")
    assert batches() == []


def test_a_batch_or_school_of_another_project_is_not_found(app: Flask, world: World) -> None:
    project = a_project(world)
    other = make_project(make_task(world.plan, responsible=[world.finance]))
    row = a_batch(world, project)
    for reason, act in (
        ("part_gone", lambda: acts.add_handover(staff(world), other, 1, project.schools[0].id, SAID, NOW)),
        ("handover_gone", lambda: acts.change_handover(staff(world), other, 2, row.id, SAID, NOW)),
    ):
        with pytest.raises(RuleRefused, match=reason):
            act()


def test_a_closed_project_keeps_what_was_handed_over(app: Flask, world: World) -> None:
    project = a_project(world)
    row = a_batch(world, project)
    project.task.state, project.task.closed_on = State.CLOSED, TODAY
    by, version = staff(world), project.task.version
    for act in (
        lambda: acts.add_handover(by, project, version, project.schools[0].id, SAID, NOW),
        lambda: acts.change_handover(by, project, version, row.id, SAID, NOW),
        lambda: acts.hand_over(by, project, version, row.id, None, "登记有误", NOW),
        lambda: acts.remove_handover(by, project, version, row.id, "合并交付", NOW),
    ):
        with pytest.raises(RuleRefused, match="handover_closed"):
            act()


def test_what_people_hand_over_is_no_invention(app: Flask, world: World) -> None:
    project = a_project(world)
    row = Handover(part=project.schools[0], seats=800, invented=True)
    db.session.add(row)
    db.session.flush()
    acts.hand_over(staff(world), project, 1, row.id, TODAY, None, NOW)
    assert not row.invented
