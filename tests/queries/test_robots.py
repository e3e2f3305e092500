"""Robots in the routing: one more recipient of an asked unit, in use only where the installation allows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_account, make_robot, make_task, make_unit
from tracker import clock
from tracker.models import MailState, OutboxMail, RobotKind, Unit, UnitKind, db
from tracker.notifications.digest import queue_digests, recompose
from tracker.notifications.returned import queue_returned
from tracker.notifications.returned import recompose as recompose_returned
from tracker.queries.outbox import has_newer
from tracker.queries.routing import people_of, recipients_of
from tracker.queries.units import units_without_contact
from tracker.queries.urges import preview
from tracker.rules.permissions import Role

DAY = date(2026, 3, 6)
NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
MORNING = clock.at_office(DAY, 9)
WECOM, DINGTALK, FEISHU = RobotKind


def allow(app: Flask, *kinds: RobotKind) -> None:
    """Let the installation use these services."""
    app.extensions["settings"] = replace(app.extensions["settings"], robots=frozenset(kinds))


def reached(task_id: int) -> list[str]:
    """Who is told of a task."""
    return [each.address for each in recipients_of(task_id)]


def digests() -> list[OutboxMail]:
    """The digests as they stand."""
    return list(db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)))


def test_robots_are_off_until_the_installation_allows_them(app: Flask, world: World) -> None:
    unit = make_unit("教育局", mailbox="jyj@example.test")
    robots = {kind: make_robot(unit, kind) for kind in RobotKind}
    task = make_task(world.plan, lead=[unit], due_on=DAY)
    assert reached(task.id) == ["jyj@example.test"]
    allow(app, WECOM, FEISHU)
    assert reached(task.id) == ["jyj@example.test", f"robot-{robots[WECOM].id}", f"robot-{robots[FEISHU].id}"]
    robots[WECOM].disabled_at = NOW
    assert reached(task.id) == ["jyj@example.test", f"robot-{robots[FEISHU].id}"]


def test_a_unit_with_a_robot_and_nobody_else_is_told_and_stays_on_the_list(app: Flask, world: World) -> None:
    allow(app, WECOM)
    unit = make_unit("教育局")
    robot = make_robot(unit)
    task = make_task(world.plan, lead=[unit], due_on=DAY)
    (recipient,) = recipients_of(task.id)
    assert (recipient.robot_id, recipient.account_id, recipient.name) == (robot.id, None, "教育局")
    assert unit.name in [each.name for each in units_without_contact(unit.region_code, 60)]
    assert [each.name for each in preview([task.id], NOW).units] == ["教育局"]


def test_the_robot_of_a_member_is_told_for_its_collective_and_not_for_others(app: Flask, world: World) -> None:
    allow(app, WECOM)
    member, other = make_unit("一镇"), make_unit("二镇")
    robot = make_robot(member)
    make_robot(world.education)
    everybody = make_unit("各乡镇", kind=UnitKind.COLLECTIVE, members=[member, other])
    task = make_task(world.plan, lead=[everybody], cooperating=[world.education], due_on=DAY)
    assert reached(task.id) == [f"robot-{robot.id}"]
    assert [each.robot_id for each in people_of(task.id, member.id)] == [robot.id]


def test_a_robot_gets_one_digest_a_day_with_all_tasks_and_a_newer_one_replaces_it(app: Flask, world: World) -> None:
    allow(app, WECOM, DINGTALK)
    unit = make_unit("教育局")
    make_robot(unit)
    make_robot(unit, DINGTALK)
    for _number in range(3):
        make_task(world.plan, lead=[unit], due_on=DAY)
    assert queue_digests(MORNING)[0] == 2
    assert queue_digests(MORNING)[0] == 0
    first, second = digests()
    assert (len(first.items), len(second.items)) == (3, 3)
    assert first.robot_id != second.robot_id
    assert first.region_code == unit.region_code
    assert recompose([first], MORNING)[first.id] is not None
    make_task(world.plan, lead=[unit], due_on=DAY)
    queue_digests(MORNING.replace(day=9))
    db.session.expire_all()
    assert [mail.state for mail in digests()] == [MailState.SUPERSEDED] * 2 + [MailState.QUEUED] * 2
    assert [has_newer(mail) for mail in digests()] == [True, True, False, False]


def test_a_step_told_to_a_robot_is_not_told_again(app: Flask, world: World) -> None:
    allow(app, WECOM)
    unit = make_unit("教育局")
    make_robot(unit)
    make_task(world.plan, lead=[unit], due_on=DAY)
    queue_digests(MORNING)
    db.session.execute(sa.update(OutboxMail).values(state=MailState.SENT))
    assert queue_digests(clock.at_office(DAY, 17))[0] == 0
    make_account(Role.UNIT_STAFF, units=[unit])
    queue_digests(clock.at_office(DAY, 17))
    assert [mail.robot_id is None for mail in digests()] == [False, True]


def test_what_happens_at_once_is_told_to_the_robot_once_and_greets_the_unit(app: Flask, world: World) -> None:
    allow(app, WECOM)
    robot = make_robot(world.finance)
    queue_returned(world.task, "请补充<at user_id=all>凭证", NOW)
    mail = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.robot_id == robot.id)).one()
    assert mail.text.startswith("财政局：\n")
    assert "请补充＜at user_id=all＞凭证" in mail.text
    assert mail.html == ""
    assert recompose_returned(mail, NOW) is not None
    robot.disabled_at = NOW
    assert recompose_returned(mail, NOW) is None


def test_asking_for_robots_is_one_question_and_none_while_they_are_off(app: Flask, world: World) -> None:
    unit: Unit = make_unit("教育局")
    make_robot(unit)
    tasks = [make_task(world.plan, lead=[unit], due_on=DAY) for _number in range(5)]
    db.session.commit()
    asked: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda _c, _cur, said, *_more: asked.append(said))
    recipients_of(tasks[0].id)
    assert not [said for said in asked if "robots" in said]
    allow(app, WECOM)
    recipients_of(tasks[0].id)
    assert len([said for said in asked if "robots" in said]) == 1
