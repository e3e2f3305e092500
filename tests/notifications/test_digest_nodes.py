"""The nodes of projects in the daily digest: on their own few days, never daily, in no mail of their own."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask

from tests.factories import World, make_project, make_task
from tests.notifications.test_digest import FRIDAY, days_with_a_new_digest, digests, morning
from tracker.models import MailState, Project, Task, db
from tracker.notifications.digest import queue_digests, recompose
from tracker.rules.nodes import next_due

FAR = date(2027, 9, 1)


def building(world: World, planned_on: date, due_on: date = FAR) -> Project:
    """A project of 财政局 with one open node."""
    task = make_task(world.plan, lead=[world.finance], title="第九小学", due_on=due_on)
    return make_project(task, nodes=[{"name": "招标", "planned_on": planned_on}, {"name": "投用"}])


def test_a_node_is_named_before_its_day_after_it_and_every_week(world: World) -> None:
    # A Wednesday: a week before, a day after and then each week are working days.
    building(world, date(2026, 5, 27))
    assert days_with_a_new_digest(world, Task(due_on=date(2026, 5, 27)), 20) == [-7, 1, 8, 15]


def test_a_step_on_a_weekend_is_told_on_monday(world: World) -> None:
    # A Friday: the day after is a Saturday.
    building(world, date(2026, 5, 29))
    assert days_with_a_new_digest(world, Task(due_on=date(2026, 5, 29)), 12) == [-7, 3, 10]


def test_the_digest_names_the_node_with_its_page(world: World) -> None:
    project = building(world, FRIDAY - timedelta(days=1))
    queue_digests(morning())
    [mail] = digests(world.staff)
    assert mail.subject.startswith("【督办】1个项目节点逾期｜财政局")
    assert "已过1天  第九小学：招标（计划3月5日）" in mail.text
    assert f"看节点：http://localhost/projects/{project.task.key}#nodes" in mail.text
    assert "招标" in mail.html
    assert "项任务请您处理" not in mail.text


def test_nodes_stand_in_the_one_digest_of_the_day(world: World) -> None:
    building(world, FRIDAY + timedelta(days=7))
    make_task(world.plan, lead=[world.finance], title="逾期任务", due_on=FRIDAY - timedelta(days=1))
    queue_digests(morning())
    queue_digests(morning())
    [mail] = digests(world.staff)
    assert mail.subject.startswith("【督办】1项逾期、1个项目节点7日内到期｜")
    assert len(mail.items) == 2


def test_a_project_that_asks_itself_is_not_named_twice(world: World) -> None:
    building(world, FRIDAY - timedelta(days=1), due_on=FRIDAY)
    queue_digests(morning())
    [mail] = digests(world.staff)
    assert "项目节点" not in mail.text
    assert len(mail.items) == 1


def test_a_node_that_was_done_meanwhile_is_not_sent(app: Flask, world: World) -> None:
    project = building(world, FRIDAY - timedelta(days=1))
    queue_digests(morning())
    [mail] = digests(world.staff)
    assert mail.state is MailState.QUEUED
    letter = recompose([mail], morning())[mail.id]
    assert letter is not None
    assert letter.text == mail.text
    project.nodes[0].done_on = FRIDAY
    project.task.node_due_on = next_due((each.planned_on, each.done_on) for each in project.nodes)
    db.session.flush()
    assert recompose([mail], morning())[mail.id] is None
    assert [item.step_on for item in digests(world.staff)[0].items] == [None]


def test_suspended_projects_and_others_units_hear_nothing(world: World) -> None:
    project = building(world, FRIDAY - timedelta(days=1))
    project.task.withdrawn_on = None
    project.task.state = "suspended"  # type: ignore[assignment]
    project.task.keep_light_dates()
    queue_digests(morning())
    assert digests(world.staff) == []
    assert digests(world.housing_staff) == []
