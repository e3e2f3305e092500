"""What people do to the nodes of a project: what is kept, what it does to the light and to the forecast."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.actions.test_task_words import seed
from tests.factories import World, make_money, make_project, make_school, make_task
from tracker.actions import nodes as acts
from tracker.actions.expectations import expect
from tracker.actions.money import MoneySaid, add_entry
from tracker.actions.moves import RuleRefused, StaleTask
from tracker.actions.plan_states import remove_tasks
from tracker.actions.record import Actor
from tracker.actions.task_words import NO_NEW_NAMES, change_task
from tracker.actions.tasks import KeptFile
from tracker.models import (
    Addition,
    Event,
    Handover,
    LinkState,
    MoneyEntry,
    Origin,
    PlanState,
    Project,
    ProjectNode,
    ProjectSchool,
    Task,
    db,
)
from tracker.queries.accounts import person_of
from tracker.queries.gains import ahead_of
from tracker.queries.nodes import nodes_of
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light, LightRule
from tracker.rules.money import MoneyKind
from tracker.rules.nodes import PlannedNode, read_nodes

NOW = datetime(2026, 3, 6, 2, tzinfo=UTC)
TODAY = date(2026, 3, 6)
APRIL, JUNE, AUGUST = date(2026, 4, 30), date(2026, 6, 30), date(2026, 8, 31)
THREE = [{"name": "开工", "planned_on": APRIL}, {"name": "封顶", "planned_on": JUNE}, {"name": "投用"}]


def a_project(world: World, nodes: list[dict[str, object]] | None = None, **differences: object) -> Project:
    values = {"due_on": date(2027, 12, 31), "state": State.IN_PROGRESS} | differences
    project = make_project(make_task(world.plan, responsible=[world.finance], **values), nodes=nodes)
    db.session.commit()
    return project


def staff(world: World) -> Actor:
    return Actor(person_of(world.staff))


def rows(project: Project) -> list[tuple[str, date | None, date | None]]:
    """The nodes as they are stored: name, planned now, planned first."""
    db.session.flush()
    return [(node.name, node.planned_on, node.first_planned_on) for node in nodes_of(project.task_id)]


def number(project: Project, name: str) -> int:
    return next(node.id for node in nodes_of(project.task_id) if node.name == name)


def last_event() -> Event:
    db.session.flush()
    return db.session.scalars(sa.select(Event).order_by(Event.id.desc()).limit(1)).one()


def test_a_list_is_planned_and_lights_the_task_when_its_day_has_passed(app: Flask, world: World) -> None:
    project = a_project(world)
    listing = read_nodes("立项 2026年2月\n开工 2026-04-30\n投用")
    assert acts.plan_nodes(staff(world), project, 1, listing.nodes, "", NOW) == 3
    passed = date(2026, 2, 28)
    assert rows(project) == [("立项", passed, passed), ("开工", APRIL, APRIL), ("投用", None, None)]
    task = project.task
    assert (task.version, task.node_due_on) == (2, passed)
    assert (task.light(TODAY), task.rule(TODAY)) == (Light.SOON, LightRule.NODE_MISSED)
    acts.finish_node(staff(world), project, 2, number(project, "立项"), passed, "", (), NOW)
    assert (task.node_due_on, task.light(TODAY)) == (APRIL, Light.NORMAL)
    assert task.light(APRIL + timedelta(days=1)) is Light.SOON
    acts.undo_finish(staff(world), project, 3, number(project, "立项"), "填错", NOW)
    assert (task.node_due_on, task.light(TODAY)) == (passed, Light.SOON)


def test_a_list_puts_nodes_into_another_order_and_keeps_what_they_have(app: Flask, world: World) -> None:
    project = a_project(world, THREE)
    before = number(project, "封顶")
    listing = [PlannedNode("封顶"), PlannedNode("验收", AUGUST), PlannedNode("开工", APRIL), PlannedNode("投用")]
    acts.plan_nodes(staff(world), project, 1, listing, "", NOW)
    assert [name for name, *_ in rows(project)] == ["封顶", "验收", "开工", "投用"]
    assert rows(project)[0] == ("封顶", JUNE, JUNE)
    assert number(project, "封顶") == before
    event = last_event()
    assert event.act == "plan_nodes"
    assert (event.before or {})["nodes"][0] == "开工 2026-04-30"
    assert (event.after or {})["nodes"][1] == "验收 2026-08-31"


def test_another_day_in_a_list_is_a_move_and_needs_its_reason(app: Flask, world: World) -> None:
    project = a_project(world, THREE)
    listing = [PlannedNode("开工", JUNE), PlannedNode("封顶"), PlannedNode("投用", AUGUST)]
    with pytest.raises(RuleRefused, match="node_reason_missing"):
        acts.plan_nodes(staff(world), project, 1, listing, "", NOW)
    db.session.rollback()
    acts.plan_nodes(staff(world), project, 1, listing, "征地延后", NOW)
    assert rows(project) == [("开工", JUNE, APRIL), ("封顶", JUNE, JUNE), ("投用", AUGUST, AUGUST)]
    [kept] = nodes_of(project.task_id)[0].moves
    assert (kept.old_on, kept.new_on, kept.reason, kept.account_id) == (APRIL, JUNE, "征地延后", world.staff.id)


def test_no_node_is_lost_by_a_list(app: Flask, world: World) -> None:
    project = a_project(world, THREE)
    for listing, reason in (([PlannedNode("开工")], "nodes_left_out"), ([], "nodes_empty")):
        with pytest.raises(RuleRefused, match=reason):
            acts.plan_nodes(staff(world), project, 1, listing, "", NOW)
        db.session.rollback()
    assert len(rows(project)) == 3


def test_a_moved_day_keeps_the_first_one_and_every_move(app: Flask, world: World) -> None:
    project = a_project(world, THREE)
    node_id = number(project, "开工")
    acts.move_node(staff(world), project, 1, node_id, JUNE, "征地延后", NOW)
    acts.move_node(staff(world), project, 2, node_id, AUGUST, "招标流标", NOW)
    assert rows(project)[0] == ("开工", AUGUST, APRIL)
    assert [(move.old_on, move.new_on, move.reason) for move in nodes_of(project.task_id)[0].moves] == [
        (APRIL, JUNE, "征地延后"),
        (JUNE, AUGUST, "招标流标"),
    ]
    event = last_event()
    assert (event.before or {})["planned_on"] == JUNE.isoformat()
    said = event.after or {}
    assert (said["node"], said["reason"]) == ("开工", "招标流标")


def test_later_nodes_move_by_as_many_days(app: Flask, world: World) -> None:
    done = {"name": "备案", "planned_on": JUNE, "done_on": TODAY}
    project = a_project(world, [THREE[0], done, THREE[1], THREE[2]])
    moved = acts.move_node(
        staff(world), project, 1, number(project, "开工"), APRIL + timedelta(days=10), "雨季", NOW, following=True
    )
    assert moved == 2
    assert rows(project) == [
        ("开工", APRIL + timedelta(days=10), APRIL),
        ("备案", JUNE, JUNE),
        ("封顶", JUNE + timedelta(days=10), JUNE),
        ("投用", None, None),
    ]
    assert project.task.node_due_on == APRIL + timedelta(days=10)
    assert last_event().after["moved"] == ["封顶 2026-06-30 → 2026-07-10"]  # type: ignore[index]


def test_no_day_is_moved_beyond_what_a_plan_can_mean(app: Flask, world: World) -> None:
    project = a_project(
        world, [{"name": "开工", "planned_on": APRIL}, {"name": "投用", "planned_on": date(2100, 12, 1)}]
    )
    with pytest.raises(RuleRefused, match="node_too_far"):
        acts.move_node(staff(world), project, 1, number(project, "开工"), AUGUST, "雨季", NOW, following=True)


def test_what_is_expected_of_the_last_node_is_expected_of_the_task(app: Flask, world: World) -> None:
    project = a_project(world, THREE)
    acts.expect_node(staff(world), project, 1, number(project, "开工"), JUNE, "征地延后", NOW)
    assert project.task.expected_on is None
    acts.expect_node(staff(world), project, 2, number(project, "投用"), AUGUST, "", NOW)
    assert project.task.expected_on == AUGUST
    expect(staff(world), project.task, 3, date(2026, 9, 30), "消防验收", NOW)
    assert nodes_of(project.task_id)[-1].expected_on == date(2026, 9, 30)
    acts.expect_node(staff(world), project, 4, number(project, "投用"), None, "", NOW)
    assert project.task.expected_on is None
    expect(staff(world), project.task, 5, None, "再议", NOW)
    assert nodes_of(project.task_id)[0].expected_on == JUNE


def test_a_new_last_node_takes_over_what_is_expected(app: Flask, world: World) -> None:
    project = a_project(world, expected_on=AUGUST)
    acts.plan_nodes(staff(world), project, 1, [PlannedNode("开工"), PlannedNode("投用")], "", NOW)
    assert [node.expected_on for node in nodes_of(project.task_id)] == [None, AUGUST]
    acts.add_node(staff(world), project, 2, PlannedNode("移交"), number(project, "投用"), NOW)
    assert nodes_of(project.task_id)[-1].expected_on == AUGUST == project.task.expected_on


def test_a_node_that_is_open_again_expects_what_was_said_of_the_task_meanwhile(app: Flask, world: World) -> None:
    project = a_project(world, [{"name": "投用", "expected_on": AUGUST}], expected_on=AUGUST)
    last, december = number(project, "投用"), date(2026, 12, 1)
    acts.finish_node(staff(world), project, 1, last, TODAY, "", (), NOW)
    expect(staff(world), project.task, 2, december, "整改", NOW)
    acts.undo_finish(staff(world), project, 3, last, "填错", NOW)
    assert nodes_of(project.task_id)[-1].expected_on == december == project.task.expected_on
    event = last_event()
    assert ((event.before or {})["expected_on"], (event.after or {})["expected_on"]) == ("2026-08-31", "2026-12-01")
    acts.finish_node(staff(world), project, 4, last, TODAY, "", (), NOW)
    expect(staff(world), project.task, 5, None, "再议", NOW)
    acts.undo_finish(staff(world), project, 6, last, "填错", NOW)
    assert nodes_of(project.task_id)[-1].expected_on is None is project.task.expected_on


def test_the_forecast_of_a_task_outlives_its_last_node(app: Flask, world: World) -> None:
    nodes = [{"name": "封顶", "expected_on": JUNE}, {"name": "投用", "expected_on": AUGUST}]
    for act in (
        lambda of: acts.remove_node(staff(world), of, 1, number(of, "投用"), NOW),
        lambda of: acts.plan_nodes(staff(world), of, 1, [PlannedNode("投用"), PlannedNode("封顶")], "", NOW),
    ):
        project = a_project(world, nodes, expected_on=AUGUST)
        act(project)
        assert nodes_of(project.task_id)[-1].expected_on == AUGUST == project.task.expected_on
        event = last_event()
        assert ((event.before or {})["expected_on"], (event.after or {})["expected_on"]) == ("2026-06-30", "2026-08-31")


def test_a_late_last_node_needs_its_reason_on_the_page_of_the_task_too(app: Flask, world: World) -> None:
    project = a_project(world, [{"name": "投用", "planned_on": JUNE}])
    with pytest.raises(RuleRefused, match="node_late_reason"):
        expect(staff(world), project.task, 1, AUGUST, "", NOW)
    db.session.rollback()
    expect(staff(world), project.task, 1, AUGUST, "雨季", NOW)
    assert nodes_of(project.task_id)[-1].expected_on == AUGUST


def test_what_people_say_of_a_node_is_no_invention(app: Flask, world: World) -> None:
    project = a_project(world, [each | {"invented": True} for each in THREE] + [{"name": "移交", "invented": True}])
    acts.move_node(staff(world), project, 1, number(project, "开工"), JUNE, "雨季", NOW)
    acts.expect_node(staff(world), project, 2, number(project, "封顶"), JUNE, "", NOW)
    acts.finish_node(staff(world), project, 3, number(project, "投用"), TODAY, "", (), NOW)
    assert [each.invented for each in nodes_of(project.task_id)] == [False, False, False, True]
    expect(staff(world), project.task, 4, AUGUST, "按进度推算", NOW)
    assert not nodes_of(project.task_id)[-1].invented


def test_the_forecast_of_indicators_sees_what_is_expected_of_the_last_node(app: Flask, world: World) -> None:
    project = a_project(world, THREE)
    db.session.add(
        Addition(
            task=project.task,
            figure="rotated_teachers",
            amount=5,
            reason="新校",
            origin=Origin.HAND,
            state=LinkState.CONFIRMED,
            once="a",
        )
    )
    acts.expect_node(staff(world), project, 1, number(project, "投用"), AUGUST, "", NOW)
    db.session.flush()
    [gain] = ahead_of(project.task.region_code, TODAY).gains
    assert gain.task.expected_on == AUGUST


def test_the_first_node_done_begins_the_task(app: Flask, world: World) -> None:
    project = a_project(world, THREE, state=State.NOT_STARTED)
    file = KeptFile("开工令.pdf", "application/pdf", 9, "a" * 64)
    acts.finish_node(staff(world), project, 1, number(project, "开工"), TODAY, "已进场", [file], NOW)
    node = nodes_of(project.task_id)[0]
    assert (node.done_on, node.note, [each.name for each in node.files]) == (TODAY, "已进场", ["开工令.pdf"])
    assert project.task.state is State.IN_PROGRESS
    event = last_event()
    assert event.after is not None
    assert (event.after["node"], event.after["text"], event.after["files"]) == ("开工", "已进场", ["开工令.pdf"])
    acts.undo_finish(staff(world), project, 2, node.id, "日期填错", NOW)
    node = nodes_of(project.task_id)[0]
    assert (node.done_on, node.note, len(node.files)) == (None, None, 1)


def test_a_node_is_added_renamed_and_taken_away(app: Flask, world: World) -> None:
    project = a_project(world, THREE)
    acts.add_node(staff(world), project, 1, PlannedNode("消防验收", AUGUST), number(project, "封顶"), NOW)
    acts.add_node(staff(world), project, 2, PlannedNode("立项", TODAY), None, NOW)
    assert [name for name, *_ in rows(project)] == ["立项", "开工", "封顶", "消防验收", "投用"]
    assert project.task.node_due_on == TODAY
    acts.rename_node(staff(world), project, 3, number(project, "消防验收"), "消防专项验收", NOW)
    assert acts.remove_node(staff(world), project, 4, number(project, "立项"), NOW) == "立项"
    assert [name for name, *_ in rows(project)] == ["开工", "封顶", "消防专项验收", "投用"]
    assert [node.position for node in nodes_of(project.task_id)] == [1, 2, 3, 4]
    assert project.task.node_due_on == APRIL


Act = Callable[[Actor, Project], object]


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda by, of: acts.add_node(by, of, 1, PlannedNode("封顶"), None, NOW), "node_twice"),
        (lambda by, of: acts.rename_node(by, of, 1, number(of, "开工"), "封顶", NOW), "node_twice"),
        (lambda by, of: acts.remove_node(by, of, 1, number(of, "备案"), NOW), "node_in_use"),
        (lambda by, of: acts.move_node(by, of, 1, number(of, "备案"), AUGUST, "雨季", NOW), "node_done"),
        (lambda by, of: acts.finish_node(by, of, 1, number(of, "备案"), TODAY, "", (), NOW), "node_done"),
        (lambda by, of: acts.undo_finish(by, of, 1, number(of, "开工"), "填错", NOW), "node_not_done"),
        (lambda by, of: acts.rename_node(by, of, 1, 2**31 - 1, "完工", NOW), "node_gone"),
        (lambda by, of: acts.expect_node(by, of, 1, number(of, "开工"), AUGUST, "", NOW), "node_late_reason"),
    ],
)
def test_what_cannot_be_is_refused(app: Flask, world: World, act: Act, reason: str) -> None:
    project = a_project(world, [*THREE, {"name": "备案", "done_on": TODAY}])
    with pytest.raises(RuleRefused, match=reason):
        act(staff(world), project)


def test_a_node_of_another_project_is_not_found(app: Flask, world: World) -> None:
    project, other = a_project(world, THREE), a_project(world, THREE)
    with pytest.raises(RuleRefused, match="node_gone"):
        acts.rename_node(staff(world), project, 1, number(other, "开工"), "完工", NOW)


def test_a_suspended_project_keeps_its_nodes_as_they_are(app: Flask, world: World) -> None:
    project = a_project(world, THREE, state=State.SUSPENDED)
    for reason, act in (
        ("node_suspended", lambda: acts.plan_nodes(staff(world), project, 1, [PlannedNode("立项")], "", NOW)),
        ("not_expected", lambda: acts.expect_node(staff(world), project, 1, 1, AUGUST, "", NOW)),
    ):
        with pytest.raises(RuleRefused, match=reason):
            act()


@pytest.mark.parametrize(
    "act",
    [
        lambda by, of: acts.plan_nodes(by, of, 1, [PlannedNode("立项")], "", NOW),
        lambda by, of: acts.add_node(by, of, 1, PlannedNode("移交"), None, NOW),
        lambda by, of: acts.rename_node(by, of, 1, number(of, "开工"), "动工", NOW),
        lambda by, of: acts.remove_node(by, of, 1, number(of, "投用"), NOW),
        lambda by, of: acts.move_node(by, of, 1, number(of, "开工"), AUGUST, "雨季", NOW),
        lambda by, of: acts.finish_node(by, of, 1, number(of, "开工"), TODAY, "", (), NOW),
        lambda by, of: acts.undo_finish(by, of, 1, number(of, "备案"), "填错", NOW),
    ],
)
def test_a_closed_project_keeps_what_was_accepted(app: Flask, world: World, act: Act) -> None:
    project = a_project(world, [*THREE, {"name": "备案", "done_on": TODAY}], state=State.CLOSED, closed_on=TODAY)
    with pytest.raises(RuleRefused, match="node_closed"):
        act(staff(world), project)
    assert project.task.version == 1


def test_of_two_who_read_one_version_one_acts(app: Flask, world: World) -> None:
    project = a_project(world, THREE)
    node_id = number(project, "开工")
    acts.finish_node(staff(world), project, 1, node_id, TODAY, "", (), NOW)
    with pytest.raises(StaleTask):
        acts.finish_node(staff(world), project, 1, node_id, TODAY, "", (), NOW)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProjectNode)) == 3


def test_a_task_with_nodes_stays_a_project(app: Flask, world: World) -> None:
    project = a_project(world, THREE)
    author, said = Actor(person_of(world.office)), seed(deadline=project.task.deadline_text)
    with pytest.raises(RuleRefused, match="project_in_use"):
        change_task(author, project.task, 1, said, NO_NEW_NAMES, "改类", NOW)
    db.session.rollback()
    assert len(rows(project)) == 3
    bare = a_project(world)
    change_task(author, bare.task, 1, seed(deadline=bare.task.deadline_text), NO_NEW_NAMES, "改类", NOW)
    assert db.session.get(Project, bare.task_id) is None


def test_a_project_of_which_people_have_said_anything_stays_one(app: Flask, world: World) -> None:
    author = Actor(person_of(world.office))
    batch = a_project(world)
    batch.schools.append(ProjectSchool(school=make_school(), position=1, handovers=[Handover(seats=800)]))
    facts: dict[str, Any] = {"owner": "城投", "contractor": "一建", "contract_yuan": 1, "first_site": "东门外"}
    projects = [batch] + [a_project(world) for _fact in facts]
    for project, (name, value) in zip(projects[1:], facts.items(), strict=True):
        setattr(project, name, value)
    db.session.commit()
    for project in projects:
        said = seed(deadline=project.task.deadline_text)
        with pytest.raises(RuleRefused, match="project_in_use"):
            change_task(author, project.task, 1, said, NO_NEW_NAMES, "改类", NOW)
        db.session.rollback()


def test_a_draft_does_not_go_with_what_people_have_said_of_its_projects(app: Flask, world: World) -> None:
    project = a_project(world)
    make_money(project, MoneyKind.PLANNED, 50_000)
    bare = a_project(world)
    world.plan.state = PlanState.DRAFT
    db.session.commit()
    with pytest.raises(RuleRefused, match="task_in_use"):
        remove_tasks([bare.task, project.task])
    db.session.rollback()
    assert db.session.scalar(sa.select(MoneyEntry.amount_yuan)) == 50_000
    remove_tasks([bare.task])
    assert list(db.session.scalars(sa.select(Project.task_id))) == [project.task_id]


def test_money_that_is_being_added_is_waited_for_before_its_project_goes(app: Flask, world: World) -> None:
    author, by, task_id = Actor(person_of(world.office)), staff(world), a_project(world).task_id

    def change() -> str:
        with app.app_context():
            task = db.session.get_one(Task, task_id)
            try:
                change_task(author, task, 1, seed(deadline=task.deadline_text), NO_NEW_NAMES, "改类", NOW)
                db.session.commit()
            except RuleRefused as refused:
                db.session.rollback()
                return refused.reason
            return "saved"

    db.session.remove()
    project = db.session.get_one(Project, task_id)
    add_entry(by, project, MoneySaid(MoneyKind.PLANNED, 50_000, None, 2026, None, None, None, "once"), NOW)
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(change)
        time.sleep(0.5)
        db.session.commit()
        assert told.result() == "project_in_use"
    assert db.session.scalar(sa.select(MoneyEntry.amount_yuan)) == 50_000


def test_nothing_is_added_to_what_is_no_project_any_more(app: Flask, world: World) -> None:
    project, said = a_project(world), MoneySaid(MoneyKind.PLANNED, 50_000, None, 2026, None, None, None, "once")
    db.session.refresh(project)  # as a request has read it before another one takes it away
    db.session.execute(sa.delete(Project).execution_options(synchronize_session=False))
    with pytest.raises(RuleRefused, match="project_gone"):
        add_entry(staff(world), project, said, NOW)
